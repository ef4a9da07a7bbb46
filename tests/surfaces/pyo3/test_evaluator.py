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
