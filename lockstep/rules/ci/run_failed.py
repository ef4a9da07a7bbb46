"""A gated workflow failed for this commit.

## What it does
A gated workflow has no successful run for a push of this commit, and its newest attempt ended as `failure`, `timed_out` or `startup_failure`.

## Why
What failed would be released. A run that never started a job (`startup_failure`) tested nothing.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-failed: ci.yml #12 failed: https://github.com/spam/spam/actions/runs/5
  help: mend it, push, and tag the commit that is green; after a hiccup: gh run rerun 5 --failed
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
    "failure": ("failed", "mend it, push, and tag the commit that is green; after a hiccup: gh run rerun {} --failed"),
    "timed_out": ("ran out of time", "run it again, or give it more time with timeout-minutes: gh run rerun {} --failed"),
    "startup_failure": ("could not start: GitHub refused the workflow file", "open the run, mend the workflow file, push, and tag that commit"),
}
"""What happened, and the next step with the id of the run."""


def check(checks: Checks) -> Iterator[Finding]:
    """Look for failures."""
    for one, run in refused(checks, *_WHAT):
        what, hint = _WHAT[run.state]
        yield finding(one, run, rule="run-failed", level=LEVEL, message=f"{named(one, run)} {what}", help=hint.format(run.id))
