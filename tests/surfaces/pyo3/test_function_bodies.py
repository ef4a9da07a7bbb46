"""A body that says nothing to Python is not parsed; whoever calls its function reads it all the same, or says that it could not."""

from __future__ import annotations

import pytest

from lockstep.surfaces.pyo3.function_bodies import LEFT_OUT, Engine
from lockstep.surfaces.rust_source.items import Text, content, parse
from lockstep.tree import MemoryTree
from tests.surfaces.pyo3.reading import read, shown

USE = "use pyo3::prelude::*;\n"
MODULE = f"{USE}mod engine; #[pymodule] fn native(m: &Bound<'_, PyModule>) -> PyResult<()> {{ m.add_class::<C>()?; %s Ok(()) }}\n#[pyclass] struct C;\n"


def made(statement: str, engine: str) -> list[str]:
    return shown(read({"src/lib.rs": MODULE % statement, "src/engine.rs": engine}))


def test_what_the_engine_gives_is_known() -> None:
    engine = 'pub fn version() -> &\'static str { "1.2" }\npub fn unused() { loop { if 1 << 2 > 3 { break } } }\n'
    assert made('m.add("VERSION", engine::version())?;', engine) == ["class C()", "VERSION: str = engine::version()"]


def test_who_passes_the_module_on_is_followed() -> None:
    engine = "type M<'a> = pyo3::Bound<'a, pyo3::types::Module>;\npub fn fill(m: &M) { more(m) }\npub fn more(m: &M) { m.add(\"x\", 1); }\n"
    assert made("engine::fill(m);", engine) == ["class C()", "x: int = 1"]


def test_what_a_macro_is_given_is_told_when_its_body_is_not_there() -> None:
    engine = (
        'macro_rules! same { ($($all:tt)*) => { $($all)* } }\ntype M<\'a> = u8;\nsame! { pub fn fill(m: &M) { more(m) } }\nfn more(m: &M) { m.add("x", 1); }\n'
    )
    assert made("engine::fill(m);", engine) == ["class C()", "? . src/engine.rs:3"]


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("engine::fill((m, 1));", "pub fn fill(held: (&M, u8)) { more(held.0) }"),
        ("engine::fill(&[m]);", "pub fn fill(held: &[&M]) { for one in held { more(one) } }"),
        ("engine::fill(&engine::Holder { m });", "pub fn fill(held: &Holder) { more(held.m) }"),
        ("engine::Holder { m }.fill();", "impl Holder<'_> { pub fn fill(&self) { more(self.m) } }"),
    ],
)
def test_a_module_inside_of_what_is_passed_is_told_too(call: str, given: str) -> None:
    engine = (
        "macro_rules! same { ($($all:tt)*) => { $($all)* } }\ntype M<'a> = u8;\npub struct Holder<'a> { pub m: &'a M<'a> }\n"
        f'same! {{ {given} }}\nfn more(m: &M) {{ m.add("x", 1); }}\n'
    )
    assert made(call, engine) == ["class C()", "? . src/engine.rs:4"]


def test_two_functions_of_one_name_on_one_line_are_told() -> None:
    engine = "type M<'a> = u8;\n#[cfg(unix)] pub fn fill(m: &M) { one(m) } #[cfg(windows)] pub fn fill(m: &M) { two(m) }\nfn one(m: &M) {}\n"
    assert made("engine::fill(m);", engine) == ["class C()", "? . src/engine.rs:2"]


def test_lines_stay_and_what_speaks_to_python_stays_whole() -> None:
    source = (
        "fn a() {\n  work();\n}\n\n#[pyfunction]\nfn b() {\n  m.add_class::<C>();\n}\nfn c(m: &PyModule) { more(m) }\n#[cfg(test)] mod tests {\n fn t() {}\n}\n"
    )
    engine = Engine(MemoryTree({"src/lib.rs": source}))
    text = engine.read("src/lib.rs")
    assert text.count("\n") == source.count("\n")
    assert text.startswith(f"fn a() {{{LEFT_OUT}\n\n}}\n\n#[pyfunction]\nfn b() {{\n  m.add_class::<C>();\n}}\nfn c(m: &PyModule) {{ more(m) }}\n")
    function = parse(text).root.named_children[0]
    whole = engine.whole(function, Text(path="src/lib.rs"))
    assert whole is not None
    assert content(whole) == "fn a() {\n  work();\n}"
    assert engine.whole(function, Text(path="src/lib.rs", line=3)) is None
