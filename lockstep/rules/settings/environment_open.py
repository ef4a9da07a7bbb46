"""An environment admits branches from which the release is not started.

## What it does
An environment admits selected branches and tags: of a workflow that tags alone start, tags and no branch.

## Why
Whoever can push a branch changes the workflow there, or adds one, and deploys from it with the environment's secrets and its identity at the registries: what
was reviewed on the default branch does not count.

## Example
```
.github/workflows/release.yml:24:18 environment-open: any branch or tag may deploy to pypi, and tags alone start release.yml
  help: selected branches and tags, with the tags of releases alone, at https://github.com/spam/eggs/settings/environments
```

## Source
[Deployment branches and tags](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.wording import first_few
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import Environment, Refs, SettingsAudit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look for branches among what each environment admits."""
    yield from audit.environments_unseen("environment-open", "whether branches may deploy to {}")
    for one in audit.each:
        if one.environment is None:
            continue
        if isinstance(one.environment.patterns, Unseen):
            yield audit.not_visible("environment-open", f"whether branches may deploy to {one.name}", one.environment.patterns, one.place)
        elif (admitted := _branches(one.environment)) and (one.environment.refs is Refs.ALL or not audit.by_branch(one.audit)):
            name = one.audit.path.rpartition("/")[2]
            alone = "" if audit.by_branch(one.audit) else f", and tags alone start {name}"
            message = f"{admitted} may deploy to {one.name}{alone}"
            which = "the tags of releases" if audit.release_tags(one.audit) else "the default branch"
            hint = f"selected branches and tags, with {which} alone, at {audit.settings.url}/settings/environments"
            yield audit.finding("environment-open", LEVEL, message, hint, one.place, one.name)


def _branches(environment: Environment) -> str:
    """Name the branches that are admitted beside tags; protected branches alone admit no tag, which is told by another rule."""
    if environment.refs is Refs.ALL:
        return "any branch or tag"
    patterns = () if isinstance(environment.patterns, Unseen) else environment.patterns
    tags = [one for one in patterns if one.tags]
    branches = [one.name for one in patterns if not one.tags]
    return f"branch {first_few(branches, 3)}" if branches and tags else ""
