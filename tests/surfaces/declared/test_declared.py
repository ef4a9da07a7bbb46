"""Declared promises: each pair of fixtures/compat/declared gives the findings of its labels and no other."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from lockstep.surfaces import declared
from lockstep.tree import MemoryTree
from tests.surfaces.pairs import compare, lines, pair, pairs

READERS = ("declared",)


@pytest.mark.parametrize("path", pairs("declared"), ids=lambda path: path.stem)
def test_a_pair_gives_its_labels(path: Path) -> None:
    one = pair(path)
    assert sorted(lines(compare(one, *READERS))) == list(one.wanted)


def test_references_that_branch_without_end_are_blind_in_bounded_time() -> None:
    every = [{"$ref": f"#/$defs/d{other}"} for other in range(12)]
    bomb = {"$defs": {f"d{number}": {"anyOf": every, "properties": {"x": {"anyOf": every}}} for number in range(12)}, "$ref": "#/$defs/d0"}
    tree = MemoryTree({"lockstep.toml": '[[declared]]\npath = "bomb.json"\nkind = "json-schema"\n', "bomb.json": json.dumps(bomb)})
    start = time.process_time()
    (found,) = declared.read(tree, ())
    assert time.process_time() - start < 3
    assert [one.symbol for one in found.blind] == ["bomb.json"]


def test_what_cannot_be_read_or_is_not_there_is_blind_with_its_place() -> None:
    entries = [
        '[[declared]]\npath = "broken.json"\nkind = "json-schema"\n',
        '[[declared]]\npath = "gone.json"\n',
        '[[declared]]\npath = "a.txt"\nkind = "constant"\npattern = "x = {value};"\n',
    ]
    (found,) = declared.read(MemoryTree({"lockstep.toml": "".join(entries), "broken.json": "{\n  x", "a.txt": "y"}), ())
    assert [(one.symbol, str(one.place)) for one in found.blind] == [("broken.json", "broken.json:2"), ("gone.json", "lockstep.toml:4"), ("a.txt", "a.txt:1")]


def test_a_tree_without_declarations_has_no_such_surface() -> None:
    assert declared.read(MemoryTree({"a.json": "{}"}), ()) == ()
