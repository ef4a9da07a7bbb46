"""What was found once is found no more, and a slice of `python -m tests.fuzz` finds nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz import harness, targets
from tests.fuzz.seeds import corpus
from tests.fuzz.targets import TARGETS


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "SCRATCH", [tmp_path])
    monkeypatch.setattr(targets, "_SHAPES", [])


@pytest.mark.parametrize(("target", "files"), [pytest.param(target, files, id=name) for name, target, files in corpus()])
def test_what_was_found_once(target: str, files: dict[str, bytes]) -> None:
    assert harness.attempt(target, files)[1] == ""


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_spoilt_is_answered(target: str) -> None:
    told = harness.run(0, iter(range(25)), (target,))
    assert told.wrong == {}
    assert sum(told.ends.values()) == 25


def test_the_same_seed_gives_the_same_input() -> None:
    for target in TARGETS.values():
        assert target.make(Random("1 2")) == target.make(Random("1 2"))


def test_a_traceback_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(_files: object) -> None:
        raise KeyError("x")

    monkeypatch.setitem(TARGETS, "check", targets.Target(TARGETS["check"].make, stumbles))
    assert harness.run(0, iter(range(1)), ("check",)).ends == {("check", "traceback"): 1}
