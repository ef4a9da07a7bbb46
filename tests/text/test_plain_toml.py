"""The plain TOML of manifests: what is read in one pass is what tomllib gives, and stands where the scan of any TOML finds it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.text import plain_toml, toml
from tests.conftest import examples
from tests.text.test_toml import CARGO, documents

FIXTURES = Path(__file__).parents[2] / "fixtures"
laws = settings(derandomize=True, max_examples=examples(300), deadline=None)


def agrees(text: str) -> bool:
    """Say whether a text was read; if it was, hold it against tomllib and the scan."""
    found = plain_toml.read(text)
    if found is None:
        return False
    data, places = found
    assert repr(data) == repr(tomllib.loads(text))  # its order, and 1 is not True
    assert places == toml.scan(text, 0)
    return True


# ---- documents of few names, so that tables meet

names = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(".".join)
values = st.sampled_from([
    *('"x"', "''", "'y'", "true", "-1", "0", "[]", '["x", "y"]', "[1, false,]", '[\n  "x", # one\n]', '{ a = "x" }', '{ a = "x", b = true }'),
    '"""\nx"y\n"""',
    *('{ a = [ "]", "x" ], b = 3 }', '[{ a = "x" }, { a = "y" }]', '{ a = ["x",\n "y"] }'),
    *("1_0", "1.5", "1979-05-27", '"\\n"', "[[1], [2]]", "{}", "{ a.b = 1 }", '{ "a" = 1 }', "'''x'''", "{ a = 1, a = 2 }", "01", "[1,,2]", "+1"),
    *('{ a = "x", }', "2.0"),
])  # fmt: skip
end = st.sampled_from(["\n", "\n\n", " # why\n", "\t\n", "\r\n", "# x\r\n"])
statement = st.one_of(
    names.map("[{}]".format),
    names.map("[[{}]]".format),
    st.builds("{} = {}".format, names, values),
    st.builds("{}={}".format, names, values),
    st.sampled_from(
        ["[target.'cfg(x = \"y.z\")'.a]", '[a."b c"]', "[ a ]", '"a" = 1', "# [a]", "  a = 1", '[""]', "a = ", "= 1", "a.b.c", "]", "\0", "a\r= 1"]
    ),
)
plain = st.lists(st.builds("{}{}".format, statement, end), max_size=9).map("".join)


@laws
@given(plain)
def test_what_is_read_is_what_tomllib_gives(text: str) -> None:
    agrees(text)
    agrees(text.rstrip())


@laws
@given(documents())
def test_of_any_document(text: str) -> None:
    agrees(text)


@laws
@given(plain, st.data())
def test_a_broken_document_is_left_to_tomli(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    agrees(
        text[:at] + data.draw(st.sampled_from(["", '"', "'", "[", "]", "{", "}", ",", "=", ".", "#", "\n", "\r", "\\", "\0", "k", '"""'])) + text[at + cut :]
    )


def test_nearly_all_manifests_are_read() -> None:
    read = {
        path: agrees(path.read_bytes().decode())
        for name in ("Cargo.toml", "pyproject.toml")
        for path in sorted(FIXTURES.rglob(name))
        if is_toml(path.read_bytes())
    }
    assert len(read) > 100
    assert sum(read.values()) > 0.95 * len(read), [path for path, was in read.items() if not was]


def is_toml(data: bytes) -> bool:
    try:
        tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        'a = "x"',
        "[a.b]\nc = 1\n[a]\nd = 2\n",
        "[[a]]\n[a.b]\n[[a]]\n[a.b]\n",
        "[a]\nb.c = 1\nb.d = 2\n",
        "[target.'cfg(unix)'.dependencies]\nnix = { version = \"0.27\", default-features = false }\n",
        '[tool.ruff]\nline-length = 88\nselect = [\n    "ALL", # all\n]\n',
    ],
)
def test_is_read(text: str) -> None:
    assert agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        CARGO,  # a text of several lines between single quotes
        "[a]\n[a]\n",
        "a = 1\na = 2\n",
        "a = 1\n[a]\n",
        "[a]\nb = 1\n[a.b]\n",
        "a = []\n[[a]]\n",
        "[a.b]\n[[a]]\n",
        "[[a]]\n[a]\n",
        "a = {b = 1}\n[a.c]\n",
        "[a]\nb.c = 1\n[a.b]\n",
        "[a.b]\n[a]\nb.c = 1\n",
        "a = 1 b = 2\n",
        'a = "x" "y"\n',
        "a = 1\r",
        'a = "\x7f"\n',
        "# \0\n",
        "a = ['x' 'y']\n",
        "a." * 21 + "b = 1\n",
        "[" + "a." * 21 + "b]\n",
    ],
)
def test_is_left_to_tomli(text: str) -> None:
    assert plain_toml.read(text) is None
