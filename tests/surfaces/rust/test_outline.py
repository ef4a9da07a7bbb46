"""An outline keeps every line, and all that a user of a crate can see."""

from __future__ import annotations

import re
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.surfaces.rust_source import outline as outlines
from lockstep.surfaces.rust_source.outline import outline
from tests.surfaces.pairs import pair, pairs

CASES = {
    "fn a<'a>(x: &'a str) -> char { let b = '{'; b }": "fn a<'a>(x: &'a str) -> char {}",
    'fn a() { "}"; r#"}"#; b\'}\'; } fn b();': "fn a() {} fn b();",
    "/* { /* } */ fn x() { */ fn a() {}": "  fn a() {}",
    "fn a() { /* } */ } // }": "fn a() {}  ",
    "fn a(x: [u8; { 1 + 1 }]) { 1 }": "fn a(x: [u8; { 1 + 1 }]) {}",
    "type F = fn(u8) -> u8; trait T { fn a(); fn b() { 1 } }": "type F = fn(u8) -> u8; trait T { fn a(); fn b() {} }",
    "#[cfg(test)]\nmod tests { fn a() { 1 } }\nfn b() { 2 }": "#[cfg(test)]\nmod tests {}\nfn b() {}",
    "macro_rules! m { (fn $n:ident $b:block) => { fn $n() { $b } } }": "macro_rules! m { (fn $n:ident $b:block) => { fn $n() { $b } } }",
    'const X: &str = "fn a() {"; fn b() { 1 }': 'const X: &str = "fn a() {"; fn b() {}',
    "fn a() { open": "fn a() {}",
}


@pytest.mark.parametrize("text", CASES)
def test_what_is_left(text: str) -> None:
    assert outline(text) == CASES[text]


@given(st.text(alphabet="{}()[]/*\"'\\\n fn#r!a;", max_size=60))
def test_every_line_keeps_its_number(text: str) -> None:
    assert outline(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("path", pairs("rust"), ids=lambda path: path.stem)
def test_an_outline_of_an_outline_is_itself(path: Path) -> None:
    one = pair(path)
    for name in one.after.paths("**/*.rs"):
        text = outline(one.after.read(name))
        assert outline(text) == text


@pytest.mark.parametrize("piece", ['r#"', "fn a ", '"', "/*", "'", "fn a(", 'r##"#', "{", "fn a{"])
def test_a_text_is_read_once(piece: str) -> None:
    started = process_time()
    outline(piece * (300_000 // len(piece)))
    assert process_time() - started < 10


PIECES = [
    '"',
    "'",
    "{",
    "}",
    "/",
    "/*",
    "*/",
    "//",
    "\n",
    'r"',
    'r#"',
    '"#',
    'br"',
    "\\",
    "a",
    "fn f(){",
    "b",
    "r",
    'cr##"',
    "'a'",
    "'\\''",
    "#",
    "(",
    ";",
    "1r",
    "é",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_a_body_is_taken_in_one_go_as_it_is_piece_by_piece(pieces: list[str]) -> None:
    text = "fn q() {" + "".join(pieces)
    whole = outline(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "_MUCH", re.compile(""))
        assert outline(text) == whole
