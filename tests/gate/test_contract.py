"""A part of `python -m tests.gate`, where its npm packages are installed: the stand-in answers as GitHub describes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gate.matrix import cases
from tests.gate.trials import Contract, breaches, contract, hold, pulls, refusals, releases, settings

PACKAGES = Path(sys.prefix) / "prism"
SAMPLE = ("success", "success again", "cancelled", "in_progress", "only pull_request", "disabled_manually", "101 runs, the oldest is good")

pytestmark = pytest.mark.skipif(not (PACKAGES / "node_modules/.bin/prism").exists(), reason="`python -m tests.gate` installs what this needs")


@pytest.fixture(scope="module")
def held() -> Iterator[Contract]:
    with contract(PACKAGES) as one:
        yield one


def test_questions_and_answers_are_github_s(held: Contract) -> None:
    assert [said for case in cases() if case.name in SAMPLE for said in [hold(held, case)] if said] == []


def test_what_is_not_github_s_is_refused(held: Contract) -> None:
    assert [said for _, said in (*refusals(held), *breaches(held), *releases(held), *settings(held), *pulls(held)) if said] == []
