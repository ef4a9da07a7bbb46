"""A good release workflow has no finding; each of the faults in `mutations.py` is found by its rule, and by no other."""

from __future__ import annotations

import pytest

from lockstep.rules import rules
from tests.conftest import FIXTURES, FULL
from tests.workflow.mutating import MUTATIONS, RELEASE
from tests.workflow.mutations import Outcome, judged, repository, run

FILES = repository(FIXTURES / "workflows" / "release")


FIRST = {one.rule: number for number, one in reversed([*enumerate(MUTATIONS)])}
TRIED = [one for number, one in enumerate(MUTATIONS) if FULL or number % 4 == 0 or FIRST[one.rule] == number]
"""Each rule is broken at least once."""


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, ...]:
    return tuple(run(FILES, RELEASE, TRIED))


def test_the_good_workflow_has_no_finding() -> None:
    assert judged(FILES, RELEASE) == []


@pytest.mark.parametrize("number", range(len(TRIED)), ids=lambda number: f"{TRIED[number].rule}:{TRIED[number].name}".replace(" ", "-"))
def test_a_fault_is_found_by_its_rule_and_by_no_other(number: int, outcomes: tuple[Outcome, ...]) -> None:
    one = outcomes[number]
    assert not one.misfit
    assert one.rules == {one.mutation.rule}


@pytest.mark.parametrize("number", range(len(TRIED)), ids=lambda number: TRIED[number].name.replace(" ", "-"))
def test_no_single_fault_lowers_what_a_hardened_workflow_is_held_to(number: int, outcomes: tuple[Outcome, ...]) -> None:
    audit = outcomes[number].audit
    assert audit is not None
    assert audit.workflow is None or not audit.sound or audit.hardened or not audit.deeds


def test_every_rule_that_can_be_broken_here_is_broken() -> None:
    elsewhere = {"secrets-inherited", "workflow-unclassified", "zizmor-finding", "zizmor-blind"}
    assert {one.rule for one in TRIED} == {one.rule for one in MUTATIONS} == {rule.id for rule in rules("workflow")} - elsewhere
