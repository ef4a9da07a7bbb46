"""A gated workflow did not run for a push of this commit.

## What it does
A workflow that runs for every push, or that the configuration or `--workflow` names, has no run that a push of this very commit to the
branch started. Runs for pull requests, schedules, other branches or tags do not count.

## Why
The merge commit is what is released, and a pull request's run tested another commit. GitHub starts workflows for the head of a push alone:
a commit within a push has none.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-missing: ci.yml did not run for a push of 4b825dc642cb to main
  help: tag the head of main, or push the commit alone; a message with [skip ci] starts nothing
```

## Source
[Events that trigger workflows:
push](https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#push), [Skipping workflow
runs](https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding
from lockstep.workflow.commit_runs import Checks, Watched

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for workflows without a run."""
    for one in checks.workflows:
        if one.missing:
            message = f"{one.gated.name} did not run for a push of {checks.sha[:12]} to {checks.branch}{_instead(one)}"
            yield finding(one, None, rule="run-missing", level=LEVEL, message=message, help=_next(one, checks.branch))


def _instead(one: Watched) -> str:
    """Say what there is in its place."""
    if one.disabled:
        return f": it is {one.state.replace('_', ' ')}"
    kinds = list(dict.fromkeys(f"{run.event} on {run.branch}" if run.branch else run.event for run in one.others))
    return f", only for {', '.join(kinds[:3])}{', and more' if len(kinds) > 3 else ''}" if kinds else ""


def _next(one: Watched, branch: str) -> str:
    match one.state:
        case "disabled_manually" | "disabled_inactivity" | "disabled_fork":
            return f"gh workflow enable {one.gated.name}, then push to {branch}"
        case _ if any(run.event == "workflow_dispatch" and run.branch == branch for run in one.others):
            return f"a run that was started by hand does not count: push the commit to {branch}, alone or as the last of a push"
        case _:
            return f"tag the head of a push to {branch}, or just after the push --wait for it; a message with [skip ci] starts nothing"
