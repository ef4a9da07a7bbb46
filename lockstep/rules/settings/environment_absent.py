"""An environment that a release deploys to does not exist.

## What it does
Every environment that a job names which publishes, or makes the release public, is among those of the repository. A name that is computed cannot be told.

## Why
GitHub makes an environment of that name when the job runs, without reviewers and without rules: the job publishes unasked. A renamed environment ends so.

## Example
```
.github/workflows/release.yml:24:18 environment-absent: publish deploys to crates-io, and there is no such environment; there are pypi
  help: make it at https://github.com/spam/eggs/settings/environments, with reviewers and the release tags
```

## Source
[Deployments and environments](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments):
"Running a workflow that references an environment that does not exist will create an environment with the referenced name."
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.wording import first_few
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look for each environment."""
    known = audit.settings.environments
    yield from audit.environments_unseen("environment-absent", "whether the environments exist: {}")
    if isinstance(known, Unseen):
        return
    there = first_few([one.name for one in known], 5) or "none"
    for one in audit.used:
        if not one.name:
            unseen = Unseen(what="", why="its name is computed", help="write the name down, or make it one of a matrix")
            yield audit.not_visible("environment-absent", f"which environment {one.job.id} deploys to", unseen, one.place)
        elif one.environment is None:
            message = f"{one.job.id} deploys to {one.name}, and there is no such environment; there {'is' if len(known) < 2 else 'are'} {there}"
            hint = f"make it at {audit.settings.url}/settings/environments, with reviewers and the release tags"
            yield audit.finding("environment-absent", LEVEL, message, hint, one.place, one.name)
