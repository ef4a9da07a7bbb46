"""What became of packages: each pair of fixtures/compat/packages gives the findings of its labels and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lockstep.config.reading import load
from lockstep.project.project import discover
from lockstep.registry import members
from lockstep.review.notes_owed import owed
from lockstep.review.review import Moment, Review, review
from lockstep.rules import room, rules
from lockstep.surfaces import readers
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version
from tests.surfaces.pairs import FIXTURES, lines, pair, pairs

PAIRS = pairs("packages")


def moment(tree: MemoryTree) -> Moment:
    packages = discover(tree, load(tree)).packages
    surfaces = tuple(one for reader in readers() for one in reader.read(tree, packages))
    return Moment(ref="x", sha=None, version=next((one.version for one in packages), Version.read("0.4.0")), packages=packages, surfaces=surfaces)


def compared(path: Path) -> Review:
    one = pair(path)
    return review(moment(one.before), moment(one.after))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_pair_gives_its_labels(path: Path) -> None:
    assert sorted(lines(list(compared(path).findings))) == list(pair(path).wanted)


def test_every_rule_has_a_pair() -> None:
    wanted = {rule for path in PAIRS for rule in re.findall(r"^want: (\S+)", path.read_text(), re.MULTILINE)}
    assert {one.id for one in rules("package")} <= wanted


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_the_row_that_tells_it_is_there(path: Path) -> None:
    found = compared(path)
    assert {(one.surface, one.package) for one in found.findings} <= {(row.surface, row.package) for row in found.rows}


def test_a_package_that_is_published_no_more_owes_one_note() -> None:
    (path,) = (one for one in PAIRS if one.stem == "made-private")
    (change,) = owed(compared(path))
    assert (change.symbol, change.rule) == ("b", "package-unpublished")
    assert change.why


def test_every_rule_about_a_surface_has_a_pair() -> None:
    """Those about Python have theirs in another shape, which `tests/rules/compat` holds them to."""
    wanted = {rule for path in FIXTURES.glob("*/*.txtar") for rule in re.findall(r"^want: (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)}
    compat = room("compat")
    asked = {one.__name__.rpartition(".")[2].replace("_", "-") for one in members(compat.__name__, compat.NAMES) if set(one.SURFACES) - {"python"}}
    assert asked <= wanted
