"""Code that ends a module's function early, takes names away again, or does to the module what cannot be read."""

from __future__ import annotations

import pytest

from tests.surfaces.pyo3.reading import read, shown
from tests.surfaces.pyo3.test_native import function

F = "#[pyfunction] fn f() {}\n#[pyfunction] fn g() {}"
ADD = "m.add_function(wrap_pyfunction!(f, m)?)?;"
MORE = "m.add_function(wrap_pyfunction!(g, m)?)?;"
BOTH = ["f() -> None", "g() -> None"]


def names(body: str) -> list[str]:
    return [line.partition(" src")[0] if line.startswith("?") else line for line in shown(read(function(body, F)))]


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        ("return Ok(());", ["f() -> None"]),
        ("if true { return Ok(()); }", ["f() -> None"]),
        ("if false { return Ok(()); }", BOTH),
        ("if x { return Ok(()); }", ["f() -> None", "g() -> None if not(x)"]),
        ("if x { return Ok(()); } else { return Ok(()); }", ["f() -> None"]),
        ("if x { y() } else { return Ok(()); }", ["f() -> None", "g() -> None if x"]),
        ("if x { return Err(e()); }", BOTH),
        ("let Some(y) = x else { return Ok(()); };", ["f() -> None", "g() -> None if let Some(y)"]),
        ("match x { 1 => return Ok(()), _ => {} }", ["f() -> None", "g() -> None if match x"]),
        ("{ { return Ok(()); } }", ["f() -> None"]),
        ("let c = || { return 1; }; c();", BOTH),
        ("return Err(e());", ["f() -> None", "? ."]),
        ("panic!();", ["f() -> None", "? ."]),
        ("if x { panic!(); }", BOTH),
        ('m.delattr("f")?;', ["g() -> None"]),
        ('m.dict().del_item("f")?;', ["g() -> None"]),
        ('if x { m.delattr("f")?; }', [*BOTH, "? f"]),
        ("m.delattr(x)?;", [*BOTH, "? ."]),
        ("m.dict().update(x)?;", [*BOTH, "? ."]),
        ('m.call_method1("__delattr__", ("f",))?;', [*BOTH, "? ."]),
        ('m.py().run(c"del f", None, Some(&d))?;', [*BOTH, "? ."]),
        ('py.eval(c"f", None, None)?;', [*BOTH, "? ."]),
    ],
)
def test_code_between_two_functions(middle: str, expected: list[str]) -> None:
    assert names(f"{ADD}\n{middle}\n{MORE}") == expected


def test_a_branch_that_is_never_taken_adds_nothing() -> None:
    assert names(f"if false {{ {ADD} }} else {{ {MORE} }}") == ["g() -> None"]
    assert names(f"if true {{ {ADD} }}") == ["f() -> None"]


def test_a_condition_that_ends_a_helper_ends_there() -> None:
    helper = f"{F}\nfn fill(m: &Bound<PyModule>) -> PyResult<()> {{ return Ok(()); }}"
    assert shown(read(function(f"fill(m)?; {ADD}", helper))) == ["f() -> None"]


def test_a_macro_that_is_not_known_may_change_a_function() -> None:
    quiet = "#[inline] #[must_use] #[tracing::instrument] #[allow(dead_code)]"
    assert shown(read(function(ADD, f"{quiet}\n{F}"))) == ["f() -> None"]
    assert shown(read(function(ADD, f"#[wraps::renamed]\n{F}")))[1].startswith("? f ")


FILL = f"{F}\nfn fill(m: &Bound<'_, PyModule>) -> PyResult<()> {{ {MORE} Ok(()) }}"
HELPERS = f"{FILL}\nfn run<C: Fn()>(c: C) {{ c() }}\nmod engine {{ pub fn go() -> impl Fn(&M) {{ more }} }}"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f"let c = || {{ {MORE} }}; c();", BOTH),
        (f"run(|| {{ {MORE} }});", BOTH),
        (f"std::iter::once(1).for_each(|_| {{ {MORE} }});", BOTH),
        ("(fill)(m)?;", BOTH),
        (f"let c = || {{ {MORE} }};", ["f() -> None", "? ."]),
        (f"elsewhere::run(|| {{ {MORE} }});", ["f() -> None", "? ."]),
        (f"thing.each(move || {{ {MORE} }});", ["f() -> None", "? ."]),
        (f"let all: Vec<Box<dyn Fn()>> = vec![]; all.push(Box::new(|| {{ {MORE} }}));", ["f() -> None", "? ."]),
        (f"let held = Holder {{ f: Box::new(|| {{ {MORE} }}) }}; (held.f)();", ["f() -> None", "? ."]),
        (f"return elsewhere::apply(|| {{ {MORE} }});", ["f() -> None", "? ."]),
        ('elsewhere::run(|| m.delattr("f"));', ["f() -> None", "? ."]),
        ("let x = y.map_err(|error| told(m.name(), error))?;", ["f() -> None"]),
        ("elsewhere::run(|| m.clone());", ["f() -> None"]),
        ("engine::go()(m)?;", ["f() -> None", "? ."]),
        ("(engine::TABLE[0])(m)?;", ["f() -> None", "? ."]),
        ('include!("more.rs");', ["f() -> None", "? ."]),
        ('{ include!(concat!(env!("OUT_DIR"), "/more.rs")); }', ["f() -> None", "? ."]),
    ],
)
def test_what_may_fill_the_module_and_is_not_followed_is_told(statement: str, expected: list[str]) -> None:
    found = shown(read(function(f"{ADD}\n{statement}", HELPERS)))
    assert [line.partition(" src")[0] if line.startswith("?") else line for line in found] == expected


@pytest.mark.parametrize("given", ['"more.rs"', 'concat!(env!("OUT_DIR"), "/more.rs")'])
def test_a_file_that_a_module_includes_and_that_is_not_there_is_told(given: str) -> None:
    source = f"use pyo3::prelude::*;\n#[pymodule] mod native {{ #[pymodule_export] use super::f; include!({given}); }}\n#[pyfunction] fn f() {{}}\n"
    assert shown(read({"src/lib.rs": source})) == ["f() -> None", "? . src/lib.rs:2"]
