"""TOML with places: tomllib decides what it means, the scan finds where it stands."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Iterator

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.errors import ManifestError
from lockstep.text.toml import DEEPEST, LARGEST, Document, Key, Lines, strings
from tests.conftest import examples

laws = settings(derandomize=True, max_examples=examples(50), deadline=None)
DELIMITERS = ('"""', "'''", '"', "'")

# ---- documents of every kind

bare = st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True)
inside = st.text(st.sampled_from("ab.#=[]{},'\" \tä\U0001f600\\"), max_size=8)
scalars = st.sampled_from([
    *("0", "-17", "1_000", "0xdead_BEEF", "0o17", "0b1", "3.14", "-1e-5", "inf", "-inf", "nan", "true", "false"),
    *("1979-05-27", "07:32:00.5", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "1979-05-27T00:32:00-07:00"),
])  # fmt: skip
basic = st.one_of(
    inside.map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(['""', r'"\"\\"', r'"\u00e9\U0001F600\t"', '"# no comment"', '"a = [1, {"']),
)
literal = inside.map(lambda text: f"'{text.replace(chr(39), '')}'")
breaks = st.sampled_from(["", "\n", "\n\n", " \n# no comment\n", "[table]\n", "k = 1\n"])
long_basic = st.builds(
    lambda first, text, middle, quotes: f'"""{first}{text}{middle}{quotes}"""',
    breaks,
    inside.map(lambda text: text.replace("\\", r"\\").replace('"""', '""\\"').rstrip('"')),
    st.sampled_from(["", "\\\n   ", '""', r"\"", '"" "', r"\\", "\n"]).map(lambda text: text + "."),
    st.sampled_from(["", '"', '""']),
)
long_literal = st.builds(
    lambda first, text, quotes: f"'''{first}{text.replace(chr(39) * 3, chr(39))}.{quotes}'''", breaks, inside, st.sampled_from(["", "'", "''"])
)
texts = st.one_of(basic, literal, long_basic, long_literal)
blank = st.sampled_from(["", " ", "\t", "  "])
gap = st.sampled_from(["", " ", "\n", " # , ] }\n", "\n\n\t", "# \"\"\" '''\n "])


@st.composite
def key_parts(draw: st.DrawFn, number: int) -> str:
    """Write a dotted key that no other number writes."""
    quoted = st.sampled_from(["q.r", "[x]", "a # b", "ä", "=", ""])
    parts = [draw(bare)] if draw(st.booleans()) else [f"'{draw(quoted)}'"]
    parts = [f"n{number}", *(parts if draw(st.booleans()) else [])]
    if draw(st.integers(0, 3)) == 0:
        parts[0] = draw(st.sampled_from([f'"n{number}"', f"'n {number}'", f'"n\\u002e{number}"', f'"n\\"{number}"']))
    return draw(st.sampled_from([".", " . ", "\t.", ". "])).join(parts)


@st.composite
def arrays(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(values, max_size=3))
    text = "".join(draw(gap) + item + draw(gap) + "," for item in items)
    return "[" + (text if draw(st.booleans()) else text.removesuffix(",")) + draw(gap) + "]"


@st.composite
def inline_tables(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    pairs = [draw(blank) + draw(key_parts(number)) + draw(blank) + "=" + draw(blank) + draw(values) + draw(blank) for number in range(draw(st.integers(0, 3)))]
    return "{" + ",".join(pairs) + "}"


values = st.recursive(st.one_of(texts, scalars), lambda inner: st.one_of(arrays(inner), inline_tables(inner)), max_leaves=4)
comment = st.sampled_from(["", "", " # a = 'b'", "\t#", "# [x]"])


@st.composite
def pairs(draw: st.DrawFn) -> str:
    count = draw(st.integers(0, 3))
    lines = [
        draw(blank) + draw(key_parts(number)) + draw(blank) + "=" + draw(blank) + draw(values) + draw(blank) + draw(comment) + "\n" for number in range(count)
    ]
    return "".join(line + draw(st.sampled_from(["", "\n", "# ]\n"])) for line in lines)


@st.composite
def documents(draw: st.DrawFn) -> str:
    text = draw(pairs())
    for number in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from([f"t{number}", f'"t.{number}"', f"tool . t{number}", f"deep.t{number}.'x y'"]))
        if draw(st.booleans()):
            text += f"{draw(blank)}[{draw(blank)}{name}{draw(blank)}]{draw(comment)}\n" + draw(pairs())
            continue
        for _ in range(draw(st.integers(1, 3))):
            text += f"[[{draw(blank)}{name} ]]\n" + draw(pairs())
            below = draw(st.sampled_from(["", f"[{name}.sub]\n", f"[[{name}.more]]\n", f"[[{name}.more]]\nx = 1\n[[ {name}.more ]]\n[{name}.more.y]\n"]))
            text += below + draw(pairs()) if below else ""
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return draw(st.sampled_from(["", "\ufeff"])) + text


def leaves(value: object, path: Key = ()) -> Iterator[tuple[Key, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def decodes(text: str, start: int, end: int, value: object) -> bool:
    if not isinstance(value, str):
        return repr(tomllib.loads(f"k = {text[start:end]}")["k"]) == repr(value)
    delimiters = [mark for mark in DELIMITERS if text[:start].endswith(mark) and text[end:].startswith(mark)]
    return any(tomllib.loads(f"k = {mark}{text[start:end]}{mark}")["k"] == value for mark in delimiters[:1])


@given(documents())
def test_every_leaf_has_its_place(text: str) -> None:
    document = Document("a.toml", text)
    assert document.data == tomllib.loads(text.removeprefix("\ufeff")) or "nan" in text
    seen = set()
    for path, value in leaves(document.data):
        span = document.span(*path)
        assert span is not None, path
        assert decodes(text, span.start, span.end, value), (path, value, text[span.start : span.end])
        assert span.key <= span.start
        seen.add(span.start)
    assert len(seen) == len(list(leaves(document.data)))  # no two values stand in one place


@laws
@given(documents(), st.data())
def test_a_broken_document_is_refused_or_read_never_worse(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    broken = (
        text[:at] + data.draw(st.sampled_from(["", '"', "'", "[", "]", "{", "}", ",", "=", ".", "#", "\n", "\r", "\\", "\0", "k", '"""'])) + text[at + cut :]
    )
    try:
        document = Document("a.toml", broken)
    except ManifestError as error:
        place = (error.path, (error.line or 0) >= 1, (error.column or 0) >= 1, bool(error.help))
        assert place == ("a.toml", True, True, True)
        return
    assert all(document.span(*path) for path, _ in leaves(document.data))


CARGO = """\
# A manifest with everything in it.
[package]
name = "spam"   # the name
version.workspace = true
description = '''
[not-a-table]
version = "0.0.0"
'''
authors = ["A <a@example.org>", 'B "b"']

[dependencies]
core = { path = "../core", version = "0.4.0", features = ["a", "b"] }
"quoted.name" = { version = '=0.4.0' }
log = "0.4"

[target.'cfg(unix)'.dependencies]
nix = { version = "0.27", default-features = false }

[dependencies.serde]
version = "1.0"

[[bin]]
name = "one"
[[bin]]
name = "two"
path = "src/two.rs"

[workspace]
members = [
    "a", # the first
    "b",
]
[workspace.package]
version = "0.4.0"
"""
PYTHON = '''\
[build-system]
requires = ["maturin>=1.7,<2"]

[project]
name = "spam"
version = "0.4.0"
description = """\\
    Long, and it says version = "0.0.0" \\
    in it."""
dependencies = ["ham==0.4.0; python_version > '3.8'", "eggs[all]>=0.4,<0.5"]

[project.optional-dependencies]
"all.things" = ["more~=0.4.0"]

[tool.maturin]
features = ["pyo3/extension-module"]
[tool.poetry.group.dev.dependencies]
ham = { path = "../ham", version = "^0.4.0" }
'''


@pytest.mark.parametrize("text", [CARGO, PYTHON], ids=["Cargo.toml", "pyproject.toml"])
def test_tomlkit_sees_every_text_in_the_same_place(text: str) -> None:
    document = Document("a.toml", text)
    found = [(path, value) for path, value in leaves(document.data) if isinstance(value, str)]
    assert len(found) >= 10
    for path, _ in found:
        span = document.span(*path)
        assert span is not None
        other = tomlkit.parse(text)
        holder = other
        for key in path[:-1]:
            holder = holder[key]  # type: ignore[index]
        holder[path[-1]] = "MARKER"  # type: ignore[index]
        opened = max(len(mark) for mark in DELIMITERS if text[: span.start].endswith(mark))
        assert tomlkit.dumps(other).index('"MARKER"') == span.start - opened, path


@pytest.mark.parametrize(
    ("key", "content", "starts"),
    [
        (("package", "name"), "spam", 'name = "spam"'),
        (("package", "version", "workspace"), "true", "version.workspace"),
        (("package", "version"), "version.workspace ", "version.workspace"),
        (("package", "authors", 1), 'B "b"', "'B"),
        (("dependencies", "core", "version"), "0.4.0", 'version = "0.4.0", features'),
        (("dependencies", "core"), '{ path = "../core", version = "0.4.0", features = ["a", "b"] }', "core ="),
        (("dependencies", "core", "features"), '["a", "b"]', "features"),
        (("dependencies", "quoted.name", "version"), "=0.4.0", "version = '="),
        (("target", "cfg(unix)", "dependencies", "nix", "default-features"), "false", "default-features"),
        (("dependencies", "serde"), "[dependencies.serde]", "[dependencies.serde]"),
        (("dependencies", "serde", "version"), "1.0", 'version = "1.0"'),
        (("bin", 0, "name"), "one", 'name = "one"'),
        (("bin", 1), "[[bin]]", '[[bin]]\nname = "two"'),
        (("bin", 1, "path"), "src/two.rs", "path = "),
        (("workspace", "members", 1), "b", '"b",'),
        (("workspace", "package", "version"), "0.4.0", 'version = "0.4.0"\n'),
    ],
)
def test_finds(key: Key, content: str, starts: str) -> None:
    for text in (CARGO, "\ufeff" + CARGO, CARGO.replace("\n", "\r\n")):
        span = Document("Cargo.toml", text).span(*key)
        assert span is not None
        assert text[span.start : span.end] == content
        assert text[span.key :].startswith(starts.replace("\n", "\r\n" if "\r" in text else "\n"))


def test_finds_nothing_where_nothing_is() -> None:
    document = Document("Cargo.toml", CARGO)
    for key in (("nothing",), ("package", "nothing"), ("bin", 2), ("bin", 0, "path"), ("package", "authors", 2), ()):
        assert document.span(*key) is None
    assert Document("a.toml", "").span("a") is None


def test_gives_tables_and_texts() -> None:
    document = Document("Cargo.toml", CARGO)
    assert document.table("dependencies", "serde") == {"version": "1.0"}
    assert document.table("package", "name") == {}
    assert document.table("package", "nothing", "more") == {}
    assert document.string("package", "name") == "spam"
    assert document.string("bin", 1, "name") == "two"
    for key in (("bin", 2, "name"), ("bin", "name"), ("package", "version"), ("package", "version", "workspace"), ("package", 0), ("package", "name", "more")):
        assert document.string(*key) is None
    assert strings(["a", 1, "b"]) == ("a", "b")
    assert strings("ab") == ()


def test_counts_lines_and_characters() -> None:
    lines = Lines("a\nbä\U0001f600c\r\n\n")
    assert [lines.at(offset) for offset in (0, 1, 2, 5, 8, 9)] == [(1, 1), (1, 2), (2, 1), (2, 4), (3, 1), (4, 1)]
    assert Document("a.toml", "a = 1\nb = 2").at(6) == (2, 1)


# ---- what is not TOML


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("version = \n", 1, 11, "invalid value"),
        ("a = 1\nversion = 1.2.3\n", 2, 14, "after a statement"),
        ("a = 1\n\nversion: 1\n", 3, 8, "expected '=' after a key in a key/value pair"),
        ("[a]\nb = 1\n[a]\n", 3, 3, "cannot declare a twice"),
        ("[tool.a]\n[tool.a]\n", 2, 8, "cannot declare tool.a twice"),
        ("a = 1\na = 2\n", 2, 6, "cannot overwrite a value"),
        ("a = {b = 1}\n[a]\n", 2, 3, "cannot"),
        ('a = "b\n', 1, 7, "illegal character '\\n'"),
        ("\ufeffa = 1\nb = \n", 2, 5, "invalid value"),
        ("a = 1\r\nb = \r\n", 2, 5, "invalid value"),
        ("a = 1\rb = 2", 1, 6, "expected newline"),
        ("[a\n", 1, 3, "expected ']'"),
        ("a = [1,\n2\n\n", 2, 2, "unclosed array"),
        ("a = '''b\n", 1, 9, "expected \"'''\""),
        ("a = {b = 1", 1, 11, "unclosed inline table"),
        ("a = 1\n= 2\n", 2, 1, "invalid statement"),
        ("a = 2026-02-30\n", 1, 5, "invalid date or datetime"),
        ('a = "\\q"\n', 1, 8, "unescaped '\\' in a string"),
        ("a = 1 # \0\n", 1, 9, "character '\\x00'"),
        ("a = 1\nb = " + "1" * 5000, 2, 5, "a number without end"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_says_where_and_what(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ManifestError) as caught:
        Document("sub/Cargo.toml", text)
    error = caught.value
    assert (error.path, error.line, error.column) == ("sub/Cargo.toml", line, column)
    assert message in error.message
    assert "(at" not in error.message
    assert error.help


def test_names_conflict_markers() -> None:
    text = 'a = 1\n<<<<<<< HEAD\nversion = "1"\n||||||| base\nversion = "0"\n=======\nversion = "2"\n>>>>>>> branch\n'
    for one in (text, text.replace("\n", "\r\n")):
        with pytest.raises(ManifestError, match=r"merge conflict markers \(lines 2, 4, 6, 8\)") as caught:
            Document("Cargo.toml", one)
        assert (caught.value.line, caught.value.column) == (2, 1)
    with pytest.raises(ManifestError, match=r"lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, \.\.\.\)"):
        Document("Cargo.toml", "=======\n" * 100)
    assert Document("Cargo.toml", f"a = '''\n{text}'''\n").string("a") == text


BOMBS = {
    "100,000 brackets": ("a = 1\nb = " + "[" * 100_000, "nested too deeply", (2, 5)),
    "100,000 brackets and their ends": ("a = " + "[" * 100_000 + "]" * 100_000, "nested too deeply", (1, 5)),
    "100,000 braces": ("a = " + "{a = " * 100_000, "nested too deeply", (1, 5)),
    "100,000 headers' brackets": ("[" * 100_000, "invalid", (1, 3)),
    "1,000,000 keys": ("".join(f"k{number}=1\n" for number in range(1_000_000)), "larger than 8 MB", None),
    "1,000,000 dots": ("a = 1\n" + "a." * 1_000_000 + "a = 1", "a key of more than 100 parts", (2, 1)),
    "20,000 dots of a key that is plain": ("[a]\n" + "a." * 20_000 + "b = 1\n", "a key of more than 100 parts", (2, 1)),
    "20,000 dots of a header that is plain": ("[" + "a." * 20_000 + "b]\n", "a key of more than 100 parts", (1, 2)),
    "1,000,000 dots in a header": ("[" + "a ." * 1_000_000 + "a]", "a key of more than 100 parts", (1, 2)),
    "1,000,000 quoted dots": ("'' . \"b\"." * 500_000 + "a = 1", "a key of more than 100 parts", (1, 1)),
    "200,000 lines of 30 dots": (("a." * 30 + "a = 1\n") * 200_000, "larger than 8 MB", None),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_quickly(bomb: str) -> None:
    text, message, place = BOMBS[bomb]
    begin = time.process_time()
    with pytest.raises(ManifestError) as caught:
        Document("a.toml", text)
    assert time.process_time() - begin < 2
    assert message in caught.value.message
    assert place is None or (caught.value.line, caught.value.column) == place
    assert caught.value.help


def test_what_is_large_and_no_bomb_is_read() -> None:
    dots = ". " * 1000
    deep = "[" * 50 + "]" * 50
    text = f"a = '{dots}'\nb = '{'.' * 1000}'\n{'.'.join('c' * DEEPEST)} = {deep}\n" + "".join(f"k{number} = 'x'\n" for number in range(20_000))
    assert len(text) < LARGEST
    document = Document("a.toml", text)
    span = document.span("k19999")
    assert span is not None
    assert document.at(span.key) == (20_003, 1)
    assert document.span("b") is not None


def test_nesting_that_tomllib_reads_is_scanned_from_any_depth() -> None:
    document = Document("a.toml", "a = " + "[" * 300 + "]" * 300)
    path: Key = ("a", *(0,) * 299)

    def deeper(levels: int) -> bool:
        if levels:
            return deeper(levels - 1)
        try:
            return document.span(*path) is not None
        except ManifestError as error:
            return "nested too deeply" in error.message

    assert deeper(0)
    assert Document("a.toml", document.text).span(*path) is not None
    document = Document("a.toml", document.text)
    assert deeper(600)
