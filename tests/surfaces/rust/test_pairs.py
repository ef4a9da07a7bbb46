"""Rust crates: each pair of fixtures/compat/rust gives the findings of its labels and no other; every rule has its pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from lockstep import rules
from lockstep.registry import members
from tests.surfaces.pairs import compare, lines, pair, pairs

READERS = ("rust",)


@pytest.mark.parametrize("path", pairs("rust"), ids=lambda path: path.stem)
def test_a_pair_gives_its_labels(path: Path) -> None:
    one = pair(path)
    assert sorted(lines(compare(one, *READERS))) == list(one.wanted)


@pytest.mark.parametrize("path", pairs("rust"), ids=lambda path: path.stem)
def test_what_did_not_change_gives_nothing(path: Path) -> None:
    one = pair(path)
    assert not compare(type(one)(name=one.name, before=one.after, after=one.after, wanted=()), *READERS)


def test_every_rule_has_a_pair() -> None:
    room = rules.room("compat")
    known = {module.__name__.rpartition(".")[2].replace("_", "-") for module in members(room.__name__, room.NAMES) if module.SURFACES == ("rust",)}
    assert known - {line.partition(" | ")[0] for path in pairs("rust") for line in pair(path).wanted} == set()
