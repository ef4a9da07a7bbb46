"""A gated workflow ended without a verdict for this commit.

## What it does
A gated workflow has no successful run for a push of this commit, and its newest attempt ended as `neutral` or `stale`.

## Why
Neither is a success: `neutral` says that the checks decided nothing, `stale` that GitHub gave up a run that was not finished in two weeks.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-inconclusive: ci.yml #12 ended as neutral: https://github.com/spam/spam/actions/runs/5
  help: run it again until it succeeds: gh run rerun 5
```

## Source
[Check statuses and
conclusions](https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks#check-statuses-and-conclusions)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding, named, refused
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"

_WHAT = {
    "neutral": ("ended as neutral, which is no success", "let it succeed or fail, then run it again: gh run rerun {}"),
    "stale": ("is stale: GitHub gave it up unfinished", "start it anew: push the commit that is to be released once more, or gh run rerun {}"),
}
"""What happened, and the next step with the id of the run."""


def check(checks: Checks) -> Iterator[Finding]:
    """Look for runs without a verdict."""
    for one, run in refused(checks, *_WHAT):
        what, hint = _WHAT[run.state]
        yield finding(one, run, rule="run-inconclusive", level=LEVEL, message=f"{named(one, run)} {what}", help=hint.format(run.id))
