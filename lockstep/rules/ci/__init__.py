"""Did every gated workflow succeed for this very commit? Evidence: Checks, which is what GitHub shows of its runs.

A gated workflow passes when a run of it, started by a push of the commit to the branch, has succeeded in its newest attempt. All else has
its rule,
and one rule alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level
from lockstep.workflow.commit_runs import Checks, Run, Watched

NAMES = (
    "gated_workflow_unknown",
    "nothing_gated",
    "run_cancelled",
    "run_contradicted",
    "run_failed",
    "run_inconclusive",
    "run_missing",
    "run_repeated",
    "run_skipped",
    "run_state_unknown",
    "run_unapproved",
    "run_unfinished",
    "runs_not_visible",
)


def refused(checks: Checks, *states: str) -> Iterator[tuple[Watched, Run]]:
    """Give the workflows that did not pass and whose run is in one of the states."""
    for one in checks.workflows:
        run = one.decisive
        if one.passed is None and run is not None and run.state in states:
            yield one, run


def finding(
    one: Watched,
    run: Run | None,
    *,
    rule: str,
    level: Level,
    message: str,
    help: str,  # noqa: A002 - the field's name
    confidence: Confidence = Confidence.CERTAIN,
) -> Finding:
    """Make a finding about a workflow; the run's address stands behind its message."""
    where = f": {run.url}" if run is not None and run.url else ""
    return Finding(rule=rule, level=level, place=one.gated.place, message=message + where, help=help, symbol=one.gated.name, confidence=confidence)


def named(one: Watched, run: Run) -> str:
    """Name a run for people: `ci.yml #12`, with the attempt where there were several."""
    return f"{one.gated.name} #{run.number}" + (f", attempt {run.attempt}," if run.attempt > 1 else "")
