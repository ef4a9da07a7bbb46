"""The law of the verdict, over every pair of fixtures/compat: the last line and the exit code follow from what is shown, and nothing that decides is hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lockstep.config.reading import load
from lockstep.model import Ecosystem, Finding, Level, Package, Place, Requires
from lockstep.policy.semver import holds
from lockstep.project.project import discover
from lockstep.reports import Format, writer
from lockstep.reports.report import ReportOptions
from lockstep.reports.review_brief import LONGEST, MOST_KINDS, MOST_NAMED, SCREEN
from lockstep.reports.review_text import MOST_LISTED, MOST_SHOWN
from lockstep.reports.style import Painter
from lockstep.review.review import Ending, Moment, Review, Row, Verdict, review
from lockstep.surface import Item, ItemKind, Stability, Surface
from lockstep.surfaces import readers
from lockstep.tree import MemoryTree
from lockstep.versions.bump import Bump, bumped
from lockstep.versions.version import Version
from tests.reports.samples import finding
from tests.reports.samples import review as sample
from tests.reports.samples import row as sample_row
from tests.surfaces.pairs import FIXTURES, pair

FAMILIES = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())
WORDS = {Verdict.OK: "ok", Verdict.TOO_SMALL: "too small", Verdict.UNPROVEN: "unproven"}


def moment(tree: MemoryTree, version: Version | None) -> Moment:
    packages = discover(tree, load(tree)).packages
    stated = next((package.version for package in packages if package.version is not None), Version.read("1.0.0"))
    if version is not None:
        packages = tuple(replace(package, version=version) for package in packages)
    surfaces = tuple(one for reader in readers() for one in reader.read(tree, packages))
    return Moment(ref="a", sha="0" * 40, version=version or stated, packages=packages, surfaces=surfaces)


def reviews(base: Moment, head: Moment) -> Iterator[Review]:
    """Give the reviews of no step and of each step, strictly too, and of a push."""
    assert base.version is not None
    for version in (base.version, *(bumped(base.version, Bump(step)) for step in ("patch", "minor", "major"))):
        packages = tuple(replace(package, version=version) for package in head.packages)
        moved = replace(head, version=version, packages=packages)
        found = review(base, moved)
        yield found
        yield review(base, moved, strict=True)
        yield replace(found, pushed=True)


def written(one: Review, *, verbose: bool = False, quiet: bool = False) -> str:
    return writer(Format.TEXT).review(one, ReportOptions(paint=Painter(), verbose=verbose, quiet=quiet))


def is_shown(one: Finding, text: str) -> bool:
    heads = (f"{one.requires or one.level} {one.rule}", f"{one.level} {one.rule}")
    if is_brief(text):
        return any(head in text for head in heads) and one.message[: LONGEST - 4] in text
    return any(f"{head} {one.message}" in text for head in heads)


def is_brief(text: str) -> bool:
    return "\n-v lists every change" in text


def decides(one: Finding, row: Row) -> bool:
    return one.level is Level.ERROR and one.requires is not None and not holds(*row.versions, one.requires)


def check(one: Review, text: str) -> None:
    """Hold one report against the review, and the review against its own rows."""
    said = text.rstrip("\n").split("\n")
    word = "version" if one.faults and one.verdict is Verdict.OK else WORDS[one.verdict]
    last = next(number for number, line in enumerate(said) if line.startswith(f"{word}: "))
    above, tail = "\n".join(said[:last]), said[last + 1 :]
    assert bool(one.faults) is any(line.startswith(("refused:", "refused too:")) for line in tail)
    assert (one.ending is Ending.REFUSED) is (bool(one.faults) or (one.verdict is Verdict.TOO_SMALL and one.is_too_small))
    assert (one.ending is Ending.OK and one.verdict is not Verdict.OK) is any(line.startswith("not refused: ") for line in tail)
    for rule in {fault.rule for fault in one.faults}:
        assert any(is_shown(fault, above) for fault in one.faults if fault.rule == rule), rule
    if "no surface changed" in said[last]:
        assert not any(row.added or row.removed or row.changed for row in one.rows)
        assert not any(found.requires for found in one.findings)
    for row in one.rows:
        mine = list(one.findings_of(row))
        if row.verdict is Verdict.TOO_SMALL:
            by_rule = is_brief(above) and any(decides(found, row) and f"{found.requires} {found.rule}" in above for found in mine)
            assert row.elsewhere or by_rule or any(decides(found, row) and is_shown(found, above) for found in mine), row
        elif row.verdict is Verdict.UNPROVEN:
            assert any((f": {gap.why[: LONGEST - 4]}" if is_brief(above) else f"not analysed {gap.symbol}: {gap.why}") in above for gap in row.open), row
        else:
            assert not any(decides(found, row) for found in mine)


def check_whole(one: Review, text: str, base: Moment, head: Moment) -> None:
    """Where all is wanted, each name that is counted is named, or lies in one that is."""
    before, after = ({(each.surface, each.package): each.items for each in moment_.surfaces} for moment_ in (base, head))
    for row in one.rows:
        key = (row.surface, row.package)
        if key not in before or key not in after or any(found.rule in ("package-renamed", "package-unpublished") for found in one.findings):
            continue  # what is compared has other names
        said = {(found.symbol or "").rpartition(" ")[2] for found in one.findings if found.surface == row.surface}
        gone = [path for path, item in before[key].items() if path not in after[key] and item.stability is not Stability.HIDDEN]
        assert len(gone) == row.removed
        for path in gone:
            parts = re.split(r"(::|\.)", path.rpartition(" ")[2])
            assert path in row.unnamed or row.elsewhere or any("".join(parts[:number]) in said for number in range(1, len(parts) + 1)), path
        assert all(name in text for name in row.unnamed)
        assert all(is_shown(found, text) or f"new {found.symbol}" in text for found in one.findings_of(row))


def check_document(one: Review) -> None:
    document = json.loads(writer(Format.JSON).review(one, ReportOptions(paint=Painter())))
    assert document["verdict"] == one.conclusion
    assert bool(document["refused"]) is (document["ending"] == "refused")
    assert (document["verdict"] == "ok") is (one.verdict is Verdict.OK and document["ending"] == "ok")
    counts = [(row["added"], row["removed"], row["changed"], row["verdict"]) for row in document["surfaces"]]
    assert counts == [(row.added, row.removed, row.changed, one.conclusion_of(row)) for row in one.rows]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_verdict_follows_from_what_is_shown(family: str) -> None:
    for path in sorted((FIXTURES / family).glob("*.txtar")):
        two = pair(path)
        base, head = moment(two.before, None), moment(two.after, None)
        for one in reviews(base, head):
            for options in ({}, {"verbose": True}, {"quiet": True}):
                check(one, written(one, **options))
            check_whole(one, written(one, verbose=True), base, head)
            check_document(one)


def test_a_tail_hides_nothing_that_decides() -> None:
    many = [finding(number, Level.ERROR, rule=f"rule-{number % 3}", requires=Requires.MAJOR) for number in range(3 * MOST_SHOWN)]
    fault = finding(999, rule="stub-disagrees", requires=None)
    one = sample(*many, fault, rows=(sample_row(verdict=Verdict.TOO_SMALL),), verdict=Verdict.TOO_SMALL)
    text = written(one)
    assert is_shown(fault, text)
    assert all(f"major rule-{number} " in text for number in range(3))
    assert all(f"major rule-{number}  {MOST_SHOWN} in spam" in text for number in range(3))
    assert text.count(f"and {MOST_SHOWN - 1 - MOST_NAMED} more") == 3


def test_a_long_review_fits_a_screen_and_counts_all_that_it_leaves_out() -> None:
    kinds = MOST_KINDS + 5
    many = [finding(number, Level.NOTE, rule=f"rule-{number % kinds}", requires=Requires.MAJOR) for number in range(20 * kinds)]
    text = written(sample(*many))
    lines = text.splitlines()
    assert len(lines) <= SCREEN + 15
    shown = [int(found) for found in re.findall(r"^major rule-\d+  (\d+) in spam$", text, re.MULTILINE)]
    ((rest, kinds_left),) = re.findall(r"^and (\d+) other changes?: (.*)$", text, re.MULTILINE)
    assert (len(shown), len(kinds_left.split(", "))) == (MOST_KINDS, 5)
    assert sum(shown) + int(rest) == len(many) == sum(shown) + sum(int(found) for found in re.findall(r"(\d+) major", kinds_left))
    assert "-v lists every change" in text
    whole = written(sample(*many), verbose=True)
    assert all(found.message in whole for found in many)
    assert "-v lists" not in whole


def test_a_short_review_is_whole() -> None:
    few = [finding(number, rule="rule-1", requires=Requires.MAJOR) for number in range(MOST_NAMED)]
    text = written(sample(*few))
    assert all(found.message in text for found in few)
    assert not is_brief(text)


def test_names_that_no_finding_is_about_are_named() -> None:
    one = sample(rows=(replace(sample_row(), added=0, changed=0, removed=20, unnamed=tuple(f"spam.n{number:02}" for number in range(20))),))
    assert "added or removed, without a rule for it: spam.n00, " in written(one)
    assert f"and {20 - MOST_LISTED} more" in written(one)
    assert "spam.n19" in written(one, verbose=True)


def test_what_another_package_moved_for_is_no_silence() -> None:
    versions = (Version.read("0.9.0"), Version.read("1.0.0"))
    one = replace(sample(finding(level=Level.NOTE), rows=(replace(sample_row(), versions=versions),)), level=None)
    assert "no surface changed" not in written(one)
    assert "ok: nothing changed that has the main version, and spam 0.9.0 -> 1.0.0 may hold what changed there" in written(one)


def test_a_step_is_called_too_small_whose_it_is() -> None:
    own = (Version.read("4.8.10"), Version.read("4.8.11"))
    small = replace(sample_row("other", verdict=Verdict.TOO_SMALL), versions=own, level=Requires.MAJOR)
    breaking = finding(package="other", requires=Requires.MAJOR)
    text = written(sample(breaking, rows=(sample_row(), small), verdict=Verdict.TOO_SMALL))
    assert "too small: other 4.8.10 -> 4.8.11 requires a major release; lockstep bump major --group other\n" in text


def test_what_decides_is_shown_though_a_sibling_tells_the_same_and_may_hold_it() -> None:
    def crates(outer: str, *names: str, inner: str) -> Moment:
        def crate(name: str) -> Surface:
            place = Place(path="inner/src/lib.rs", line=3)
            paths = [f"{name}::{each}" for each in names]
            return Surface(
                surface="rust", package=name, items={path: Item(path=path, kind=ItemKind.FUNCTION, place=place, origin=f"inner{path[5:]}") for path in paths}
            )

        versions = {"outer": Version.read(outer), "inner": Version.read(inner)}
        packages = tuple(
            Package(name=name, ecosystem=Ecosystem.CARGO, root=name, manifest=f"{name}/Cargo.toml", version=version) for name, version in versions.items()
        )
        return Moment(ref="x", sha=None, version=versions["outer"], packages=packages, surfaces=(crate("outer"), crate("inner")))

    one = review(crates("0.4.0", "a", "b", inner="0.4.0"), crates("0.4.1", "a", inner="0.5.0"))
    assert one.verdict is Verdict.TOO_SMALL
    check(one, written(one))
    assert [(found.package, found.level) for found in one.findings] == [("outer", Level.ERROR), ("inner", Level.NOTE)]
    both = review(crates("0.4.0", "a", "b", inner="0.4.0"), crates("0.4.1", "a", inner="0.4.1"))
    assert [row.elsewhere for row in both.rows] == [(("inner", 1),), ()]
    assert "reported where it is defined: 1 in rust inner" in written(both)
    assert "rust outer" not in next((line for line in written(both).splitlines() if line.startswith("unchanged: ")), "")
