"""GitHub says something about a run that lockstep does not know.

## What it does
A gated workflow has no successful run for a push of this commit, and one is in a state that GitHub's documentation does not name, or is
completed without a conclusion.

## Why
What is not understood is no success. It is no failure either: the gate is unproven (exit code 3).

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 warning run-state-unknown: ci.yml #12 is 'paused', which lockstep does not know: https://github.com/spam/spam/actions/runs/5
  help: look at the run; a newer lockstep may know the word
```

## Source
[Workflow runs](https://docs.github.com/en/rest/actions/workflow-runs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level
from lockstep.rules.ci import finding, named, refused
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for words that are not known."""
    for one, run in refused(checks, "unknown"):
        said = f"completed as {run.conclusion!r}" if run.status == "completed" else repr(run.status)
        yield finding(
            one,
            run,
            rule="run-state-unknown",
            level=LEVEL,
            message=f"{named(one, run)} is {said}, which lockstep does not know",
            help="look at the run, and ask again; a newer lockstep may know the word",
            confidence=Confidence.BLIND,
        )
