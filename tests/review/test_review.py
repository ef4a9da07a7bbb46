"""What a step may hold, and the verdict of a review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lockstep.model import Ecosystem, Package, Place, Requires
from lockstep.policy.semver import Step, holds, step_between
from lockstep.review.review import Moment, Verdict, review
from lockstep.surface import Blind, Item, ItemKind, Surface
from lockstep.versions.version import Version

PATCH, MINOR, MAJOR = Requires.PATCH, Requires.MINOR, Requires.MAJOR


@pytest.mark.parametrize(
    ("old", "new", "step", "most"),
    [
        ("0.4.0", "0.4.0", Step.NONE, PATCH),
        ("0.4.0", "0.4.1", Step.PATCH, PATCH),
        ("0.4.9", "0.5.0", Step.MINOR, MINOR),
        ("0.5.0", "1.0.0", Step.MAJOR, MAJOR),
        ("1.4.0", "1.4.1", Step.PATCH, PATCH),
        ("1.4.0", "1.5.0", Step.MINOR, MINOR),
        ("1.4.0", "2.0.0", Step.MAJOR, MAJOR),
        ("1.4.0", "1.3.0", Step.NONE, PATCH),
        ("1.4.0", "1.5.0-rc.1", Step.PRE, MINOR),
        ("1.4.0", "2.0.0-rc.1", Step.PRE, MAJOR),
        ("2.0.0-rc.1", "2.0.0-rc.2", Step.PRE, MAJOR),
        ("2.0.0-rc.1", "2.0.0", Step.PRE, MAJOR),
        ("1.4", "1.4.0", Step.NONE, PATCH),
    ],
)
def test_what_a_step_may_hold(old: str, new: str, step: Step, most: Requires) -> None:
    before, after = Version.read(old) if old.count(".") > 1 else Version(release=(1, 4)), Version.read(new)
    assert step_between(before, after) is step
    assert [holds(before, after, one) for one in (PATCH, MINOR, MAJOR)] == [True, most is not PATCH, most is MAJOR]


def moment(version: str, *names: str, blind: int = 0, publish: bool | None = None) -> Moment:
    place = Place(path="spam.py", line=1)
    items = {name: Item(path=name, kind=ItemKind.FUNCTION, place=place, origin=name, signature=f"def {name}()") for name in names}
    unseen = tuple(Blind(symbol="spam", place=replace(place, line=number), why="a macro") for number in range(blind))
    known = Version.read(version)
    package = Package(name="spam", ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=known, publish=publish)
    surface = Surface(surface="python", package="spam", items=items, blind=unseen)
    return Moment(ref=version, sha=None, version=known, packages=(package,), surfaces=(surface,))


def test_nothing_changed() -> None:
    found = review(moment("0.4.0", "spam", "spam.a"), moment("0.4.1", "spam", "spam.a"))
    assert (found.level, found.step, found.verdict, found.findings) == (None, Step.PATCH, Verdict.OK, ())


@pytest.mark.parametrize(("old", "new", "level"), [("0.4.0", "0.4.1", PATCH), ("1.4.0", "1.4.1", MINOR)])
def test_something_is_new(old: str, new: str, level: Requires) -> None:
    found = review(moment(old, "spam"), moment(new, "spam", "spam.a"))
    assert found.level is level
    assert found.verdict is (Verdict.OK if level is PATCH else Verdict.TOO_SMALL)


def test_what_could_not_be_seen_is_no_proof() -> None:
    old, patch, minor = moment("0.4.0", "spam", blind=1), moment("0.4.1", "spam", blind=2), moment("0.5.0", "spam", blind=2)
    assert review(old, patch).verdict is Verdict.UNPROVEN
    assert review(old, minor).verdict is Verdict.OK
    assert review(old, patch, unchanged={("python", "spam")}).verdict is Verdict.OK
    (row,) = review(old, patch).rows
    assert len(row.blind) == 2


def test_what_a_package_with_the_same_sources_hides_nowhere_is_hidden_in_no_other() -> None:
    """A crate that offers the names of another one again has its blind spots too: what the one proves by its sources counts in both."""

    def two(version: str, *more: str) -> Moment:
        one = moment(version, "spam", *more, blind=1)
        return replace(one, surfaces=(*one.surfaces, replace(one.surfaces[0], package="inner", items={})))

    old, new = two("0.4.0"), two("0.4.1", "spam.a")
    assert review(old, new).verdict is Verdict.UNPROVEN
    assert review(old, new, unchanged={("python", "inner")}).verdict is Verdict.OK
    other = replace(new, surfaces=(replace(new.surfaces[0], blind=(Blind(symbol="spam", place=Place(path="b.py", line=1), why="a macro"),)), new.surfaces[1]))
    assert review(old, other, unchanged={("python", "inner")}).verdict is Verdict.UNPROVEN, "another place is another matter"


def test_what_is_blind_and_the_same_at_both_moments_hides_nothing() -> None:
    def with_spots(version: str, *basis: str, line: int = 1) -> Moment:
        one = moment(version, "spam")
        spots = tuple(Blind(symbol="spam", place=Place(path="spam.py", line=line + number), why="a loop", basis=each) for number, each in enumerate(basis))
        return replace(one, surfaces=(replace(one.surfaces[0], blind=spots),))

    old = with_spots("0.4.0", "a", "b")
    same = review(old, with_spots("0.4.1", "b", "a", line=7))
    assert (same.verdict, [(len(row.blind), len(row.open)) for row in same.rows]) == (Verdict.OK, [(2, 0)])
    for other in (("a", "c"), ("a",), ("a", "b", "b"), ("a", "")):
        found = review(old, with_spots("0.4.1", *other))
        assert found.verdict is Verdict.UNPROVEN
        assert found.rows[0].open
    assert len(review(old, with_spots("0.4.1", "c", "d")).rows[0].open) == 2  # one place that changed is one
    assert review(with_spots("0.4.0", ""), with_spots("0.4.1", "")).verdict is Verdict.UNPROVEN
    cut = replace(old.surfaces[0].blind[0], cut=True)
    assert cut.cause is None


def test_a_package_that_was_not_there_breaks_nobody() -> None:
    empty = replace(moment("0.4.0"), surfaces=(), packages=())
    found = review(empty, moment("0.4.1", "spam", "spam.a", blind=1))
    assert found.verdict is Verdict.OK
    assert [row.added for row in found.rows] == [2]


def test_a_private_package_promises_nothing() -> None:
    assert review(moment("1.0.0", "spam", "spam.a", publish=False), moment("1.0.1", "spam", publish=False)).rows == ()


def test_what_a_crate_offers_again_is_told_where_it_is_defined() -> None:
    def crates(*names: str) -> Moment:
        place = Place(path="inner/src/lib.rs", line=3)
        surfaces = tuple(
            Surface(
                surface="rust",
                package=crate,
                items={f"{crate}::{name}": Item(path=f"{crate}::{name}", kind=ItemKind.FUNCTION, place=place, origin=f"inner::{name}") for name in names},
            )
            for crate in ("outer", "inner")
        )
        known = Version.read("0.4.0")
        packages = tuple(Package(name=name, ecosystem=Ecosystem.CARGO, root=name, manifest=f"{name}/Cargo.toml", version=known) for name in ("outer", "inner"))
        return Moment(ref="x", sha=None, version=known, packages=packages, surfaces=surfaces)

    found = review(crates("a", "b"), crates("a"))
    assert [(one.package, one.symbol) for one in found.findings] == [("inner", "inner::b")]
    assert [row.verdict for row in found.rows] == [Verdict.TOO_SMALL, Verdict.TOO_SMALL]
