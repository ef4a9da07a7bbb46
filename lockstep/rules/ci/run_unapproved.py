"""A gated workflow waits for somebody's approval.

## What it does
A gated workflow has no successful run for a push of this commit, and one waits: for the review of an environment (`waiting`), or for an
approval without which it does not go on (`action_required`).

## Why
Time alone does not end it. A test that deploys needs its reviewer before the release, not after.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-unapproved: ci.yml #12 waits for a review of its environment: https://github.com/spam/spam/actions/runs/5
  help: review the deployment on the page of the run
```

## Source
[Reviewing deployments](https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/review-deployments)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding, named, refused
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"

_WHAT = {
    "waiting": ("waits for a rule of its environment, such as a review or a timer", "review the deployment on the page of the run, or wait: --wait"),
    "action_required": ("needs an approval before it goes on", "approve the run on its page, then ask again"),
}
"""What it waits for, and the next step."""


def check(checks: Checks) -> Iterator[Finding]:
    """Look for runs that wait for a person."""
    for one, run in refused(checks, *_WHAT):
        what, hint = _WHAT[run.state]
        yield finding(one, run, rule="run-unapproved", level=LEVEL, message=f"{named(one, run)} {what}", help=hint)
