"""How the answer of a stronger witness and ours become one."""

from __future__ import annotations

import pytest

from lockstep.comparison import second_opinion as of
from lockstep.comparison.second_opinion import LintResult
from lockstep.config.reading import load
from lockstep.model import Finding, Place, Requires
from lockstep.project.project import discover
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.surfaces import rust
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version

MANIFEST = '[package]\nname = "a"\nversion = "{}"\nedition = "2021"\n[features]\nx = []\n'


def judged(before: str, after: str, *said: LintResult, version: str = "1.2.0", why: str = "", whole: bool = True) -> list[Finding]:
    surfaces: list[Surface] = []
    for source in (before, after):
        tree = MemoryTree({"Cargo.toml": MANIFEST.format(version), "src/lib.rs": source})
        surfaces += rust.read(tree, discover(tree, load(tree)).packages)
    opinion = of.SecondOpinion(package="a", place=Place(path="Cargo.toml"), lints=said, why=why, whole=whole)
    return judge_surfaces(Comparison(base=surfaces[0], head=surfaces[1], version=Version.read(version), opinion=opinion))


def says(lint: str, text: str, *, line: int = 1, before: bool = False, step: Requires = Requires.MAJOR) -> LintResult:
    return LintResult(lint=lint, title="it is so", text=text, requires=step, place=Place(path="src/lib.rs", line=line), before=before)


def short(findings: list[Finding]) -> list[tuple[str, str | None, str | None, str | None, str]]:
    return [(one.rule, one.symbol, one.lint, one.requires, one.confidence.value) for one in findings]


def test_what_both_say_is_said_once() -> None:
    found = judged("pub fn f() {}", "", says("function_missing", "function a::f", before=True))
    assert short(found) == [("rust-item-removed", "a::f", "function_missing", "major", "certain")]


def test_what_was_for_review_is_certain_where_it_says_so() -> None:
    found = judged("pub fn f() -> u8 { 1 }", "pub fn f() -> u16 { 1 }", says("function_return_changed", "a::f"))
    assert short(found) == [("rust-type-changed", "a::f", "function_return_changed", "major", "certain")]


def test_what_it_looks_for_and_does_not_find_is_for_review() -> None:
    (found,) = judged("pub fn f() {}", "")
    assert short([found]) == [("rust-item-removed", "a::f", None, "patch", "review")]
    assert "cargo-semver-checks, which built both, does not find it" in found.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pub type T = u8;", ""),  # no lint of it is about aliases
        ("pub fn f() -> u8 { 1 }", "pub fn f() {}"),  # of results it looks at some only
        ('#[cfg(feature = "x")] pub fn f() {}', ""),  # it may not have built this
        ("#[cfg(unix)] pub fn f() {} #[cfg(windows)] pub fn f() {}", ""),
        ("#[derive(Clone)] pub struct S;", "pub struct S;"),
    ],
)
def test_its_silence_about_what_it_does_not_look_for_says_nothing(before: str, after: str) -> None:
    (found,) = judged(before, after)
    assert (found.requires, found.lint) == (Requires.MAJOR, None)
    assert "built both" not in found.message


@pytest.mark.parametrize("more", [{"why": "cannot build a v1.2.0"}, {"whole": False}])
def test_without_an_answer_ours_stands(more: dict[str, object]) -> None:
    found = judged("pub fn f() {}", "", **more)  # type: ignore[arg-type]
    assert short(found) == [("rust-item-removed", "a::f", None, "major", "certain")]


def test_a_type_that_it_speaks_of_is_not_contradicted_in_its_parts() -> None:
    found = judged(
        "pub struct S { pub x: u8 }", "#[non_exhaustive] pub struct S { pub x: u8, pub y: u8 }", says("struct_marked_non_exhaustive", "struct S", line=1)
    )
    assert short(found) == [
        ("rust-field-added", "a::S.y", None, "major", "certain"),
        ("rust-non-exhaustive-added", "a::S", "struct_marked_non_exhaustive", "major", "certain"),
    ]


def test_another_fault_of_the_same_item_is_its_own_finding() -> None:
    found = judged("pub struct S { pub x: u8 }", "pub struct S { pub x: u8, pub y: u8 }", says("auto_trait_impl_removed", "type S is no longer Send"))
    assert ("semver-check-failed", "a::S", "auto_trait_impl_removed", "major", "certain") in short(found)
    assert len(found) == 2


@pytest.mark.parametrize(("version", "major", "minor"), [("1.2.0", "major", "minor"), ("0.2.0", "minor", "patch"), ("0.0.2", "patch", "patch")])
def test_its_steps_are_those_of_the_version(version: str, major: str, minor: str) -> None:
    both = "pub struct S;\npub fn f() {}"
    found = judged(
        both, both, says("auto_trait_impl_removed", "type S is no longer Send"), says("x_added", "a::f", line=2, step=Requires.MINOR), version=version
    )
    assert [(one.symbol, one.requires) for one in found] == [("a::S", major), ("a::f", minor)]


def test_what_is_not_promised_may_break_whoever_says_so() -> None:
    source = "#[doc(hidden)] pub struct S;"
    (found,) = judged(source, source, says("auto_trait_impl_removed", "type S is no longer Send"))
    assert (found.level.value, found.requires) == ("note", "patch")


def test_what_we_cannot_see_has_the_name_that_it_gives() -> None:
    found = judged("", "", says("struct_missing", "struct a::made::Thing", line=7, before=True), says("x", "type Held is no longer Send", line=9))
    assert [(one.symbol, str(one.place)) for one in found] == [("a::made::Thing", "src/lib.rs:7"), ("Held", "src/lib.rs:9")]
    (nowhere,) = judged("", "", LintResult(lint="x", title="y", text="type Held", requires=Requires.MAJOR))
    assert str(nowhere.place) == "Cargo.toml"
