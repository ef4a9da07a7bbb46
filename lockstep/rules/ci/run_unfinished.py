"""A gated workflow is not finished for this commit.

## What it does
A gated workflow has no successful run for a push of this commit, and one goes on: `queued`, `requested`, `pending` or `in_progress`. A run
that succeeded before and is being run again counts as unfinished: the newest attempt decides.

## Why
Nothing is known yet. A release must not be faster than its tests.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-unfinished: ci.yml #12 is in progress: https://github.com/spam/spam/actions/runs/5
  help: wait for it: --wait 1800
```

## Source
[Workflow runs](https://docs.github.com/en/rest/actions/workflow-runs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding, named, refused
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"

_WHAT = {
    "in_progress": ("is in progress{}", "wait for it: --wait 1800"),
    "queued": ("is queued{}: no runner has taken it yet", "wait for it: --wait 1800; a self-hosted runner may be offline"),
    "requested": ("is requested{}, and not queued yet", "wait for it: --wait 1800"),
    "pending": ("is pending{}: another run of its concurrency group goes first", "wait for it: --wait 1800, or cancel the other one"),
}
"""How it goes on ({} is " again" for a run that is repeated), and the next step."""


def check(checks: Checks) -> Iterator[Finding]:
    """Look for runs that go on."""
    for one, run in refused(checks, *_WHAT):
        what, hint = _WHAT[run.state]
        again = " again" if run.attempt > 1 else ""
        waited = f" after {checks.waited:.0f} s" if checks.waited >= 1 else ""
        message = f"{named(one, run)} {what.format(again)}{waited}"
        yield finding(one, run, rule="run-unfinished", level=LEVEL, message=message, help=hint.format(run.id))
