"""Everything that GitHub can say about the runs of a commit, and what the gate makes of it: run against the stand-in directly, and through prism."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lockstep.workflow.commit_runs import CONCLUSIONS, UNFINISHED
from tests.gate.standin import Hub

Build = Callable[[Hub, str], object]
ELSEWHERE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True)
class Case:
    """A state of GitHub, and the rules that must be found (without their notes and warnings: the gate passes)."""

    name: str
    build: Build
    rules: tuple[str, ...]
    code: int
    args: tuple[str, ...] = ()
    says: str = ""


RULE = {
    "failure": "run-failed",
    "timed_out": "run-failed",
    "startup_failure": "run-failed",
    "cancelled": "run-cancelled",
    "skipped": "run-skipped",
    "neutral": "run-inconclusive",
    "stale": "run-inconclusive",
    "action_required": "run-unapproved",
    "waiting": "run-unapproved",
    "queued": "run-unfinished",
    "in_progress": "run-unfinished",
    "requested": "run-unfinished",
    "pending": "run-unfinished",
}
SAYS = {
    "failure": "ci.yml #1 failed",
    "timed_out": "ran out of time",
    "startup_failure": "could not start",
    "cancelled": "was cancelled",
    "skipped": "skipped all its jobs",
    "neutral": "neutral",
    "stale": "stale",
    "action_required": "needs an approval",
    "waiting": "waits for a rule of its environment",
    "queued": "no runner has taken it",
    "in_progress": "is in progress",
    "requested": "not queued yet",
    "pending": "concurrency group",
}


def started(*states: str, attempt: int = 1, **more: str) -> Build:
    return lambda hub, sha: hub.run(
        "ci.yml", more.get("sha", sha), *states, branch=more.get("branch", "main"), event=more.get("event", "push"), attempt=attempt
    )


def both(*builds: Build) -> Build:
    return lambda hub, sha: [build(hub, sha) for build in builds]


def many(before: int, state: str, after: int = 0) -> Build:
    """Give a success with failures before it and, newer ones, after it."""

    def build(hub: Hub, sha: str) -> None:
        for number in range(before + 1 + after):
            hub.run("ci.yml", sha, state if number == before else "completed/failure")

    return build


def is_disabled(state: str) -> Build:
    return lambda hub, _: hub.workflows.update({"ci.yml": state})


def moved(hub: Hub, sha: str) -> None:
    hub.default_branch = "trunk"
    hub.run("ci.yml", sha, "completed/success", branch="main")


def cases() -> Iterator[Case]:
    yield Case("success", started("completed/success"), (), 0, says="is green on main: ci.yml")
    for state in (*UNFINISHED, *(one for one in CONCLUSIONS if one != "success")):
        word = state if state in UNFINISHED else f"completed/{state}"
        yield Case(state, started(word), (RULE[state],), 1, says=SAYS[state])
        # the newest attempt decides: the one before may have succeeded
        yield Case(f"{state} again", started(word, attempt=2), (RULE[state],), 1, says="attempt 2")
    yield Case("success again", started("completed/success", attempt=3), ("run-repeated",), 0, says="succeeded in attempt 3")
    yield Case("unknown status", started("paused"), ("run-state-unknown",), 3, says="'paused'")
    yield Case("unknown conclusion", started("completed/wonderful"), ("run-state-unknown",), 3, says="'wonderful'")
    yield Case("completed without a conclusion", started("completed"), ("run-state-unknown",), 3)
    yield Case("success that is not completed", started("in_progress/success"), ("run-unfinished",), 1)

    yield Case("absent", lambda *_: None, ("run-missing",), 1, says="did not run for a push")
    for kind in ("pull_request", "workflow_dispatch", "schedule", "merge_group"):
        yield Case(f"only {kind}", started("completed/success", event=kind), ("run-missing",), 1, says=f"only for {kind} on main")
    yield Case("another branch", started("completed/success", branch="topic"), ("run-missing",), 1, says="only for push on topic")
    yield Case("the tag", started("completed/success", branch="v1.0.0"), ("run-missing",), 1, says="only for push on v1.0.0")
    yield Case("another commit", started("completed/success", sha=ELSEWHERE), ("run-missing",), 1)
    yield Case("another default branch", moved, ("nothing-gated",), 1)
    for state in ("disabled_manually", "disabled_inactivity", "disabled_fork", "deleted"):
        yield Case(state, is_disabled(state), ("run-missing",), 1, says=state.replace("_", " "))

    good, bad = started("completed/success"), started("completed/failure")
    yield Case("failed, then pushed again", both(bad, good), (), 0)
    yield Case("succeeded, then failed", both(good, bad), ("run-contradicted",), 0, says="#2 after it ended as failure")
    yield Case("succeeded, then going on", both(good, started("queued")), ("run-contradicted",), 0, says="#2 after it is queued")
    yield Case("failed, and going on", both(started("in_progress"), bad), ("run-unfinished",), 1)

    for total in (99, 100, 101, 200, 201, 999):
        yield Case(f"{total} runs, the oldest is good", many(0, "completed/success", total - 1), ("run-contradicted",), 0)
        yield Case(f"{total} runs, none is good", many(total - 1, "completed/failure"), ("run-failed",), 1)
    yield Case("1000 runs, none is good", many(999, "completed/failure"), ("run-failed",), 1)
    yield Case("1001 runs, and the good one is not seen", many(0, "completed/success", 1000), ("runs-not-visible",), 3, says="more than 1000")
