"""Whatever runs there are: the gate passes when one of them is what it asks for, and never else."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.app.gate import outcome
from lockstep.evidence.gated_workflows import GatedWorkflows
from lockstep.evidence.workflow_runs import Question, _round
from lockstep.model import Outcome, Place
from lockstep.rules import judge_checks
from lockstep.workflow.commit_runs import CONCLUSIONS, UNFINISHED, Gated
from tests.gate.standin import Hub, Run, answer

SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
STATES = st.sampled_from([*UNFINISHED, *(f"completed/{one}" for one in CONCLUSIONS), *["completed/success"] * 9, "completed", "odd", "completed/odd"])
RUNS = st.tuples(
    st.sampled_from([SHA, SHA, SHA, "f" * 40]),
    STATES,
    st.sampled_from(["main", "main", "main", "topic", None]),
    st.sampled_from(["push", "push", "push", "pull_request", "workflow_dispatch"]),
    st.integers(1, 3),
)


class Direct:
    """Asks the stand-in without a network."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def get(self, _what: str, path: str, query: dict[str, Any] | None = None) -> object:
        return answer(self.hub, path, {name: str(value) for name, value in (query or {}).items()}, "")[1]


def asked(hub: Hub, *, due: bool = True) -> Outcome:
    gated = Gated(name="ci.yml", place=Place(path=".github/workflows/ci.yml"), due=due)
    other = Gated(name="docs.yml", place=Place(path=".github/workflows/docs.yml"))
    question = Question(repository=hub.name, sha=SHA, branch="", choose=lambda _: GatedWorkflows(gated=(gated,) if due else (gated, other)))
    return outcome(judge_checks(asyncio.run(_round(Direct(hub), question, None))))  # type: ignore[arg-type]


def counts(one: Run) -> bool:
    return (one.sha, one.branch, one.event) == (SHA, "main", "push")


@settings(deadline=None)
@given(st.lists(RUNS, max_size=8), st.booleans())
def test_it_passes_if_and_only_if_a_run_is_what_is_asked_for(made: list[tuple[str, str, str | None, str, int]], filters: bool) -> None:  # noqa: FBT001
    hub = Hub(workflows={"ci.yml": "active"}, filters=filters)
    for sha, state, branch, event, attempt in made:
        hub.run("ci.yml", sha, state, branch=branch, event=event, attempt=attempt)
    good = any(counts(one) and one.newest.states == ["completed/success"] for one in hub.runs)
    assert (asked(hub) is Outcome.PASS) is good


@settings(deadline=None)
@given(st.lists(RUNS, max_size=8))
def test_what_need_not_run_passes_without_a_run_too(made: list[tuple[str, str, str | None, str, int]]) -> None:
    hub = Hub(workflows={"ci.yml": "active", "docs.yml": "active"})
    hub.run("docs.yml", SHA, "completed/success")
    for sha, state, branch, event, attempt in made:
        hub.run("ci.yml", sha, state, branch=branch, event=event, attempt=attempt)
    mine = [one for one in hub.runs if one.workflow == "ci.yml" and counts(one)]
    assert (asked(hub, due=False) is Outcome.PASS) is (not mine or any(one.newest.states == ["completed/success"] for one in mine))
