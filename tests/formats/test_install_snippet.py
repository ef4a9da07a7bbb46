"""An install line is found where it stands, in whatever text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.formats import install_snippet
from lockstep.model import Ecosystem
from lockstep.tree import Globs

WORDS = (
    "spam",
    "spam-x",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    '"',
    "'",
    "=",
    "==",
    ">=",
    "~=",
    "@",
    "^",
    "0",
    "1.2.3",
    "1.2-rc.1",
    "[extra, more]",
    "{",
    "}",
    "`",
    "//!",
)
COMMANDS = (
    "`",
    "//!",
    "version",
    "cargo add",
    "cargo install",
    "cargo binstall",
    "--version",
    "npm i",
    "npx",
    "@scope/",
    "npm:",
    "cargo ",
    "#",
    "é",
    "\u2028",
    "\x0b",
)
texts = st.lists(st.sampled_from((*WORDS, *COMMANDS)), max_size=30).map("".join)


@pytest.mark.parametrize(("token", "shape", "ecosystem"), install_snippet._SHAPES)  # noqa: SLF001 - the law of the shapes
@given(text=texts)
def test_to_look_at_the_lines_that_hold_the_token_misses_nothing(token: re.Pattern[str], shape: re.Pattern[str], ecosystem: Ecosystem, text: str) -> None:  # noqa: ARG001
    assert [one.span() for one in install_snippet._in_lines(token, shape, text)] == [one.span() for one in shape.finditer(text)]  # noqa: SLF001


@pytest.mark.parametrize("path", ["README.md", "README", "docs/any.md", "docs/guide/install.md", "docs/en/getting-started.mdx", "docs/a/b/quickstart.rst"])
def test_looks_where_installing_is_told(path: str) -> None:
    assert Globs(install_snippet.FILES).fullmatch(path)


@pytest.mark.parametrize("path", ["docs/guide/any.md", "guide/install.md", "docs/install.toml"])
def test_looks_nowhere_else(path: str) -> None:
    assert not Globs(install_snippet.FILES).fullmatch(path)
