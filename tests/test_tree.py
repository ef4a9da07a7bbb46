"""Trees in memory: files found by glob, and edits written into a text."""

from __future__ import annotations

import re
import time
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.errors import RepositoryError, WriteError
from lockstep.model import Ecosystem, Edit, Package, Role, Site
from lockstep.tree import Globs, Listing, MemoryTree, Overlay, Tree, glob, splice
from lockstep.versions.version import Spelling
from tests.conftest import examples, soon

laws = settings(derandomize=True, max_examples=examples(100), deadline=None)
PACKAGE = Package(name="spam", ecosystem=Ecosystem.CARGO, root="", manifest="Cargo.toml", version=None)


def edit(text: str, start: int, length: int, new: str, path: str = "a.toml") -> Edit:
    site = Site(
        path=path,
        key="package.version",
        start=start,
        text=text[start : start + length],
        line=text.count("\n", 0, start) + 1,
        column=start - (text.rfind("\n", 0, start) + 1) + 1,
        role=Role.OWN,
        spelling=Spelling.SEMVER,
        package=PACKAGE,
    )
    return Edit(site=site, new=new)


# ---- globs


@pytest.mark.parametrize(
    ("pattern", "matches", "misses"),
    [
        ("Cargo.toml", "Cargo.toml", "a/Cargo.toml xCargo.toml Cargo.tomlx Cargoxtoml"),
        ("*.toml", "a.toml .toml", "a/b.toml a.tom"),
        ("**/Cargo.toml", "Cargo.toml a/Cargo.toml a/b/Cargo.toml", "aCargo.toml a/xCargo.toml"),
        ("crates/*", "crates/a", "crates crates/a/b xcrates/a"),
        ("crates/**", "crates/a crates/a/b", "crates cratesx/a"),
        ("crates/**/Cargo.toml", "crates/Cargo.toml crates/a/b/Cargo.toml", "Cargo.toml crates/xCargo.toml"),
        ("**", "a a/b a/b/c.txt", ""),
        ("***", "a a/b", ""),
        ("**/**/**/a", "a b/a b/c/a", "b/c ab"),
        ("a**b", "ab axb a/x/b", "a/x/c"),
        ("a?c", "abc", "ac a/c abbc"),
        ("[abc].toml", "a.toml c.toml", "d.toml ab.toml /.toml"),
        ("[!a].toml", "b.toml", "a.toml /.toml"),
        ("[^a].toml", "b.toml", "a.toml /.toml"),
        ("[a-c]x", "bx", "dx -x"),
        ("[]a]x", "]x ax", "x"),
        ("[-a]x", "-x ax", "bx"),
        ("a[.-0]b", "a.b a0b", "a/b a1b"),
        ("[a", "[a", "a"),
        ("a]", "a]", "a"),
        ("{a,b}/x", "a/x b/x", "c/x {a,b}/x"),
        ("{a/x,b}.toml", "a/x.toml b.toml", "x.toml"),
        ("{a,{b,c}d}", "a bd cd", "b c"),
        ("{a", "{a", "a"),
        ("a}", "a}", "a"),
        ("a,b", "a,b", "a b"),
        ("{a,{b}", "{a,{b}", "a b"),
        ("[z-a]", "[z-a]", "z a"),
        ("a+(b)|c$^.\\d", "a+(b)|c$^.\\d", "aab"),
    ],
)
def test_globs(pattern: str, matches: str, misses: str) -> None:
    for path in matches.split():
        assert glob(pattern).fullmatch(path), path
    for path in misses.split():
        assert not glob(pattern).fullmatch(path), path


@laws
@given(st.text(st.sampled_from("ab*?[]!^-.&|~{},\\"), max_size=8), st.text(st.sampled_from("ab-.[]&|~"), max_size=4))
def test_every_pattern_compiles(pattern: str, path: str) -> None:
    assert isinstance(glob(pattern), re.Pattern)
    if not any(char in pattern for char in "[]{}\\"):
        assert bool(glob(pattern).fullmatch(path)) is fnmatchcase(path, pattern)


def matches(pattern: str, path: str) -> bool:
    """Say what a glob of a, b, /, *, ? means, one character after the other: slow, and plain to see."""
    if not pattern:
        return not path
    if pattern.startswith("**"):
        slashed = pattern.startswith("**/")
        return any(matches(pattern[3 if slashed else 2 :], path[at:]) for at in range(len(path) + 1) if not slashed or not at or path[at - 1] == "/")
    if pattern[0] == "*":
        return any(matches(pattern[1:], path[at:]) for at in range(len(path) + 1) if "/" not in path[:at])
    return bool(path) and (path[0] == pattern[0] or (pattern[0] == "?" and path[0] != "/")) and matches(pattern[1:], path[1:])


@given(st.lists(st.sampled_from(["a", "b", "/", "*", "?", "/**/", "**", "a*", "*b"]), max_size=7), st.text("ab/", max_size=9))
@settings(derandomize=True, max_examples=examples(1000), deadline=None)
def test_a_glob_means_what_its_parts_mean(parts: list[str], path: str) -> None:
    pattern = re.sub(r"\*{3,}", "**", "".join(parts))
    pattern = re.sub(r"(?<=[^/*])\*\*/", "**a/", pattern)  # `a**/` is two wildcards to us, a folder to the plain reading
    assert bool(glob(pattern).fullmatch(path)) is matches(pattern, path)


@given(st.lists(st.sampled_from(["a", "b", "{a,b}", "{ab,,a}", "{a*,{b,ab}}", "*", "[{]", "}", ","]), max_size=5), st.text("ab{,}", max_size=7))
@settings(derandomize=True, max_examples=examples(300), deadline=None)
def test_braces_are_what_they_stand_for(parts: list[str], path: str) -> None:
    written = [""]
    for part in parts:
        options = {"{a,b}": ["a", "b"], "{ab,,a}": ["ab", "", "a"], "{a*,{b,ab}}": ["a*", "b", "ab"]}.get(part, [part])
        written = [before + option for before in written for option in options]
    assert bool(glob("".join(parts)).fullmatch(path)) is any(glob(one).fullmatch(path) for one in written)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 8 + "b", "a" * 4000),
        ("**/" + "*a" * 7 + "b", "a" * 4000),
        ("**a" * 8 + "b", "a" * 4000),
        ("**/a/" * 8 + "b", "a/" * 2000),
        ("{*a,*aa}" * 6 + "b", "a" * 1000),
        ("{a,aa}" * 40, "a" * 60),
        ("{a}" * 4000, "a" * 4000),
        ("{" * 4000 + "}" * 4000, "a"),
        ("[" * 4000, "["),
    ],
    ids=lambda one: one[:12],
)
def test_no_glob_takes_for_ever(pattern: str, path: str) -> None:
    started = time.process_time()
    assert not glob(pattern).fullmatch(path) or len(pattern) > 2000
    assert time.process_time() - started < 2


@laws
@given(
    st.text(st.sampled_from("ab./"), min_size=1, max_size=5),
    st.lists(st.sampled_from(["*.a", "a?", "**/b", "[ab]*", "{a,b}.b", "a", "a*", "a*b", "*", "{a*,*b}/a", "a/{b,a*}", "**/a*", "{a", "}*"]), max_size=4),
)
def test_many_globs_match_what_any_of_them_does(path: str, patterns: list[str]) -> None:
    assert Globs(patterns).fullmatch(path) is any(glob(pattern).fullmatch(path) for pattern in patterns)


def test_a_name_may_hold_a_line_break() -> None:
    assert glob("a*/**").fullmatch("a\nb/c\nd")
    assert not glob("a").fullmatch("a\n")


def test_repeated_stars_cost_nothing() -> None:
    with soon(5):
        assert not glob("**/" * 30 + "x").fullmatch("a/" * 200 + "y")
        assert not glob("*" * 200 + "x").fullmatch("a" * 2000)


FILES = ("Cargo.toml", "a/Cargo.toml", "a/b/Cargo.toml", "app/[id]/package.toml", "app/i/package.toml", "src/lib.rs", "b/x}.toml")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("**", tuple(sorted(FILES))),
        ("Cargo.toml", ("Cargo.toml",)),
        ("nothing", ()),
        ("**/Cargo.toml", ("Cargo.toml", "a/Cargo.toml", "a/b/Cargo.toml")),
        ("*/Cargo.toml", ("a/Cargo.toml",)),
        ("a/**", ("a/Cargo.toml", "a/b/Cargo.toml")),
        ("{a/Cargo,src/lib}.toml", ("a/Cargo.toml",)),
        ("b/{x,y}}.toml", ("b/x}.toml",)),
        ("app/[id]/package.toml", ("app/[id]/package.toml",)),
        ("app/[i]/package.toml", ("app/i/package.toml",)),
        ("**/*.rs", ("src/lib.rs",)),
        ("**/nothing.rs", ()),
    ],
)
def test_a_listing_finds(pattern: str, found: tuple[str, ...]) -> None:
    listing = Listing(FILES)
    assert listing.match(pattern) == found
    assert listing.match(pattern) == found  # remembered
    assert "a/Cargo.toml" in listing
    assert "a" not in listing


@laws
@given(
    st.lists(st.sampled_from(["a", "b", "a/b", "a/c", "a/b/c", "b/c", "c"]), unique=True),
    st.sampled_from(["**", "*", "**/c", "a/**", "a/*", "*/c", "**/*", "{a,b}/c", "[ab]"]),
)
def test_a_listing_finds_what_the_glob_matches(files: list[str], pattern: str) -> None:
    assert Listing(files).match(pattern) == tuple(sorted(file for file in files if glob(pattern).fullmatch(file)))


# ---- trees


def test_a_tree_in_memory() -> None:
    tree: Tree = MemoryTree({"b": "two\r\n", "a": "\ufeffone"}, name="v1.0.0")
    assert tree.name == "v1.0.0"
    assert tree.paths() == ("a", "b")
    assert (tree.read("a"), tree.read("b")) == ("\ufeffone", "two\r\n")
    assert tree.has("a")
    assert not tree.has("c")
    with pytest.raises(RepositoryError, match="there is no such file") as caught:
        tree.read("c")
    assert caught.value.path == "c"


def test_a_tree_is_what_it_was() -> None:
    files = {"a": "one"}
    tree = MemoryTree(files)
    files["a"], files["b"] = "two", "three"
    assert tree.read("a") == "one"
    assert not tree.has("b")


def test_an_overlay_is_the_tree_after_the_plan() -> None:
    text = 'version = "1.0.0"\r\n'
    tree = MemoryTree({"a.toml": text, "b.toml": text, "c.toml": "c"})
    overlay: Tree = Overlay(tree, [edit(text, 11, 5, "1.1.0"), edit(text, 11, 5, "2.0.0", "b.toml")])
    assert overlay.name == "memory with the plan applied"
    assert overlay.read("a.toml") == 'version = "1.1.0"\r\n'
    assert overlay.read("b.toml") == 'version = "2.0.0"\r\n'
    assert overlay.read("c.toml") == "c"
    assert overlay.paths("*.toml") == tree.paths("*.toml")
    assert overlay.has("c.toml")
    assert not overlay.has("d.toml")
    assert tree.read("a.toml") == text
    assert Overlay(tree, []).texts == {}
    with pytest.raises(RepositoryError):
        Overlay(tree, [edit(text, 11, 5, "1.1.0", "d.toml")])


# ---- splicing


def test_splices_only_the_spans() -> None:
    text = "\ufeffä = 1\r\nb = 2\nc = 3"
    assert splice(text, [edit(text, 5, 1, "10"), edit(text, len(text) - 1, 1, "")]) == "\ufeffä = 10\r\nb = 2\nc = "
    assert splice(text, []) == text
    assert splice("ab", [edit("ab", 0, 1, "x"), edit("ab", 1, 1, "y")]) == "xy"


def test_refuses_a_text_that_changed() -> None:
    with pytest.raises(WriteError, match=r"'1\.0\.1' stands where '1\.0\.0' stood") as caught:
        splice('\nversion = "1.0.1"', [edit('\nversion = "1.0.0"', 12, 5, "1.1.0")])
    assert (caught.value.path, caught.value.line, caught.value.column) == ("a.toml", 2, 12)
    assert caught.value.help
    with pytest.raises(WriteError, match="'' stands where"):
        splice("", [edit("1.0.0", 0, 5, "1.1.0")])


def test_refuses_edits_that_overlap() -> None:
    text = "1.0.0"
    for second in (edit(text, 0, 5, "3"), edit(text, 4, 1, "3")):
        with pytest.raises(WriteError, match=r"two edits overlap at package\.version"):
            splice(text, [edit(text, 0, 5, "2"), second])


@laws
@given(st.lists(st.tuples(st.text(max_size=4), st.text(min_size=1, max_size=3), st.text(max_size=3)), max_size=6), st.randoms(use_true_random=False))
def test_splicing_changes_the_spans_and_nothing_else(parts: list[tuple[str, str, str]], random: object) -> None:
    text = "".join(before + old for before, old, _ in parts)
    edits, at = [], 0
    for before, old, new in parts:
        edits.append(edit(text, at + len(before), len(old), new))
        at += len(before) + len(old)
    random.shuffle(edits)  # type: ignore[attr-defined]  # hypothesis does not type what it draws
    assert splice(text, edits) == "".join(before + new for before, _, new in parts)
    assert splice(text, [edit(text, one.site.start, len(one.site.text), one.site.text) for one in edits]) == text
