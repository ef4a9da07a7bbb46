"""TOML 1.1: what cargo reads of it is read, with its places, and where it begins is known."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.config import Config
from lockstep.errors import ManifestError
from lockstep.model import Level
from lockstep.plans.bump import plan_bump
from lockstep.project.project import discover
from lockstep.rules import judge
from lockstep.text import newer_toml
from lockstep.text.toml import Document
from lockstep.tree import MemoryTree, Overlay
from lockstep.versions.bump import Bump, bumped
from tests.conftest import examples

laws = settings(derandomize=True, max_examples=examples(200), deadline=None)

# ---- documents with marks where lines may end

GAP, TAIL = "\u00a7", "\u00b6"
"""Where an inline table may go on in another line, and where a comma may follow its last pair."""
leaves = st.sampled_from(['"1.0"', "'{,}'", '"a # b"', "true", "-17", "1.5", "1979-05-27", '"\\n"', '["x",\n "y"]', '"""\n}"""', "[ # why\n]", "{}"])
tables = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(
        lambda items: "{" + ",".join(f"{GAP} k{number}.a = {item}{GAP}" for number, item in enumerate(items)) + TAIL + GAP + "}"
    ),
    max_leaves=5,
)
marked = st.lists(tables, min_size=1, max_size=3).map(lambda items: "[t]\n" + "".join(f"v{number} = {item} # }}\n" for number, item in enumerate(items)))


def leaf_texts(document: Document, value: object, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], str]:
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        return {key: text for name, each in inner for key, text in leaf_texts(document, each, (*path, name)).items()}
    span = document.span(*path)
    assert span is not None
    return {path: document.text[span.start : span.end]}


@laws
@given(marked, st.data())
def test_a_table_of_several_lines_says_what_it_says_in_one(text: str, data: st.DataObject) -> None:
    newer = text
    while GAP in newer:
        newer = newer.replace(GAP, data.draw(st.sampled_from(["", " ", "\n", "\r\n\t", " # } , 'x'\n", '\n\n# "\n'])), 1)
    while TAIL in newer:
        newer = newer.replace(TAIL, data.draw(st.sampled_from(["", ",", " ,"])), 1)
    old = Document("a.toml", text.replace(GAP, "").replace(TAIL, ""))
    new = Document("a.toml", newer)
    assert new.data == old.data
    assert leaf_texts(new, new.data) == leaf_texts(old, old.data)
    assert old.newer is None
    older = newer_toml.rewritten(newer)
    assert (new.newer is None) is (older is None)


@pytest.mark.parametrize(
    ("text", "value", "newer"),
    [
        ('x = "a\\eb"', "a\x1bb", 7),
        ('x = "\\x41\\\\x41"', "A\\x41", 6),
        ('x = """\\e\\x41"""', "\x1bA", 8),
        ("x = '\\x41\\e'", "\\x41\\e", None),
        ('"\\x78" = 1', 1, 2),
        ("x = {a =\n 1}", {"a": 1}, 8),
        ("x = {a\n = 1}", {"a": 1}, 6),
        ("x = {\n a.b = 1,\n a.c = 2,\n}", {"a": {"b": 1, "c": 2}}, 5),
        ("x = {\n}", {}, 5),
        ("x = {a = 1, }", {"a": 1}, 10),
        ('x = [{\n a = "]",\n}]', [{"a": "]"}], 6),
        ("x = [\n {a = 1},\n]", [{"a": 1}], None),
    ],
)
def test_reads_what_cargo_reads(text: str, value: object, newer: int | None) -> None:
    """As cargo 1.95 reads them, and one that is TOML 1.0."""
    document = Document("a.toml", text + "\n")
    assert document.data == {"x": value}
    assert document.newer == newer
    assert document.span("x") is not None


@pytest.mark.parametrize("text", ["07:32", "1979-05-27 07:32Z", "1979-05-27T07:32", "1979-05-27T07:32-07:00"])
def test_reads_times_without_seconds(text: str) -> None:
    document = Document("a.toml", f"x = {text}\ny = 1\n")
    assert "07:32:00" in str(document.data["x"])
    span = document.span("x")
    assert span is not None
    assert document.text[span.start : span.end] == text
    assert document.newer is not None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = {a .\n b = 1}", (1, 9)),
        ("x = {a\n .b = 1}", (1, 7)),
        ("x = {a = 1,, b = 2}", (1, 12)),
        ("x = {, a = 1}", (1, 6)),
        ("x = {,}", (1, 6)),
        ("x = {\n a = 1\n b = 2\n}", (3, 2)),
        ("x = {\n a = 1979-05-27\n07:32:00 }", (3, 1)),
        ("x = {\n a = 1,\n a = 2,\n}", (3, 7)),
        ('x = "\\x8"', (1, 8)),
        ("x = 07:32.5", (1, 6)),
        ("x = {\r a = 1}", (1, 6)),
        ("x = {\n a = 1,\n}\ny = = 2", (4, 5)),
        ('x = "\\x41\\e"\ny = "\\q"', (2, 8)),
        ("x = {\n a = [1,\n}", (1, 6)),
    ],
)
def test_refuses_what_cargo_refuses(text: str, place: tuple[int, int]) -> None:
    """As cargo 1.95 does; the place is one of the text as it stands."""
    with pytest.raises(ManifestError) as caught:
        Document("a.toml", text + "\n")
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "text", ['"""' * 100_000, "x = {" * 100_000, "x = {\n" * 50_000, 'x = "' + "\\e" * 100_000, "x = { a = 1,\n}\n" + "[" * 100_000, "'''\n''" * 90_000]
)
def test_a_bomb_ends_quickly(text: str) -> None:
    began = time.process_time()
    newer_toml.rewritten(text)
    assert time.process_time() - began < 2


# ---- manifests

CARGO = """\
[package]
name = "spam"
version = "0.1.0"

[dependencies]
eggs = { # ours
  path = "eggs",
  version = "0.1.0",
  features = [
    "a",
  ],
}
"""
EGGS = '[package]\nname = "eggs"\nversion = "0.1.0"\n'
WHEEL = '[project]\nname = "spam"\nversion = "0.1.0"\nrequires-python = "{}"\n\n[project.urls]\na = "b"\n\n[tool.x]\ny = {{\n z = 1,\n}}\n'


def test_a_bump_moves_a_requirement_within_several_lines() -> None:
    tree = MemoryTree({"Cargo.toml": CARGO, "eggs/Cargo.toml": EGGS})
    project = discover(tree, Config())
    assert judge(project) == []
    (group,) = project.groups
    assert group.version is not None
    result = Overlay(tree, plan_bump(project, group, bumped(group.version, Bump.MINOR)).edits)
    assert result.read("Cargo.toml") == CARGO.replace("0.1.0", "0.2.0")


@pytest.mark.parametrize(("pythons", "told"), [(">=3.10", True), (">=3.15", False), ("~=3.15.1, <4", False), ("<3.15", True)])
def test_a_wheel_that_older_pythons_cannot_build(pythons: str, *, told: bool) -> None:
    found = judge(discover(MemoryTree({"pyproject.toml": WHEEL.format(pythons)}), Config()))
    assert [(one.rule, one.level, str(one.place)) for one in found] == [("toml-too-new", Level.WARNING, "pyproject.toml:10:6")] * told
