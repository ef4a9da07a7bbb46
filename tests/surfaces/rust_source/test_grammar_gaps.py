import shutil
import subprocess
from pathlib import Path

import pytest

from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.grammar_gaps import reworded
from lockstep.surfaces.rust_source.items import content, declarations, parse

GAPS = {
    "a negative argument": "pub struct Ranged<const A: i32, const B: i32>;\npub type Year = Ranged<-9_999, 9_999>;\npub fn f(_: Ranged<-1, -2>) {}",
    "a keyword of some places": "pub const default: u32 = 0;\npub mod auto {}\npub fn union() {}",
    "a bound of the unit": "pub trait A {}\nimpl A for () {}\npub fn f()\nwhere\n    (): A,\n{\n}",
    "a plus at the end": "pub trait A:\n    Send +\n    Sync +\n{\n    const Z: u8;\n}",
    "a lifetime before a trait": "pub type F<'a> = Box<dyn 'a + Fn(Vec<u8>) -> Option<f64>>;\n"
    "pub fn f<'a>(x: &'a u8) -> Box<dyn 'a\n    + Send> {\n    Box::new(x)\n}",
    "tokens of no expression": "macro_rules! T {\n    [~] => { 1 };\n    [$] => { 2 };\n    (~~ ~~) => { 3 };\n}\n"
    'pub const A: u8 = T![~];\npub const B: &str = "~";',
    "no parameters in their brackets": "pub struct S<>;\nimpl<> S\n<\n> {}\npub fn f(_: for<> fn(S<>) -> u8) -> bool { Vec::<u8>::new().is_empty() }\n"
    "pub trait T {}\nimpl<> T for S<> {}",
    "a spaced macro": "macro_rules ! m { ($ n : ident , $ ($ rest : tt) *) => { pub fn $ n () {} } ; }\nm!(f,);",
}


@pytest.mark.parametrize("gap", GAPS)
def test_what_the_grammar_does_not_know_is_read(gap: str) -> None:
    assert parse(GAPS[gap]).faults == ()


@pytest.mark.parametrize("gap", GAPS)
def test_every_line_stays_where_it_is(gap: str) -> None:
    assert reworded(GAPS[gap]).count("\n") == GAPS[gap].count("\n")


@pytest.mark.skipif(shutil.which("rustc") is None, reason="needs rustc")
@pytest.mark.parametrize("gap", GAPS)
def test_rustc_reads_both_in_the_same_way(gap: str, tmp_path: Path) -> None:
    for name, text in (("as_written", GAPS[gap]), ("reworded", reworded(GAPS[gap]))):
        source = tmp_path / f"{name}.rs"
        source.write_text("#![allow(warnings)]\n" + text, encoding="utf-8")
        command = ["rustc", "--edition=2021", "--crate-type=lib", "--emit=metadata", "--out-dir", str(tmp_path), str(source)]
        assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""


def test_an_auto_trait_of_nightly_is_a_trait() -> None:
    parsed = parse("#![feature(auto_traits)]\npub unsafe auto trait Ungil {}\nimpl !Ungil for u8 {}")
    assert parsed.faults == ()
    assert [one.name for one in declarations(parsed.root, Build()) if one.name] == ["Ungil"]


def test_names_are_those_that_were_written() -> None:
    assert [one.name for one in declarations(parse(GAPS["a keyword of some places"]).root, Build())] == ["default", "auto", "union"]


def test_arguments_keep_their_values() -> None:
    alias = next(one for one in declarations(parse(GAPS["a negative argument"]).root, Build()) if one.name == "Year")
    assert "-9_999" in content(alias.node)


@pytest.mark.parametrize(
    "aside",
    [
        "// $ x, <-1, 2>\n",
        "/* <-1, 2> */",
        'const A: &str = "<-1, 2> \\" $ x";',
        'const A: &str = r#"<-1, 2> "$ x"#;',
        "const A: [char; 2] = ['<', '\"']; // $ x",
    ],
)
def test_texts_and_comments_are_left_alone(aside: str) -> None:
    assert reworded(aside) == aside


def test_what_is_no_rust_stays_a_fault() -> None:
    assert parse("pub fn f( -> { $ }").faults
    assert parse("macro_rules! m { (] => {} }").faults


def test_what_never_ends_is_looked_at_once() -> None:
    """Of a text twice as long twice as much is read: what has no end is not looked for from each place again."""
    for one in ("dyn 'a + x ", 'r##" ', "/* ", '" '):
        text = f"pub type T = {one * 40_000}"
        assert len(reworded(text)) >= len(text) - 40_000 * len("'a + ")
