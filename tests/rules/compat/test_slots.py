"""A slot of a native class that only tells Python to ask elsewhere is no promise."""

from __future__ import annotations

from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.versions.version import Version
from tests.rules.compat.measure import surface

PROJECT = '[build-system]\nrequires = ["maturin>=1"]\nbuild-backend = "maturin"\n[project]\nname = "spam"\nversion = "1.2.3"\n'
CRATE = '[package]\nname = "spam"\nversion = "1.2.3"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.23"\n'
RUST = """\
use pyo3::prelude::*;

#[pyclass]
#[derive(PartialEq, PartialOrd)]
struct Egg {}

#[pymethods]
impl Egg {
    // methods
}

#[pymodule]
fn spam(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<Egg>()
}
"""
EQUAL = RUST.replace("// methods", "fn __eq__(&self, other: &Egg) -> bool { true }")
ORDERED = RUST.replace("// methods", "fn __eq__(&self, other: &Egg) -> bool { true }\n    fn __lt__(&self, other: &Egg) -> bool { true }")


def spam(rust: str) -> Surface:
    return surface({"pyproject.toml": PROJECT, "Cargo.toml": CRATE, "src/lib.rs": rust})


def said(before: str, after: str) -> list[tuple[str, str | None]]:
    found = judge_surfaces(Comparison(base=spam(before), head=spam(after), version=Version.read("1.2.3")))
    return [(one.rule, one.symbol) for one in found]


def test_comparisons_that_never_worked_are_not_missed() -> None:
    assert [one for one in said(EQUAL, RUST) if one[0] == "name-removed"] == []


def test_a_comparison_that_comes_is_new_and_one_that_goes_is_gone() -> None:
    assert said(EQUAL, ORDERED) == [("name-added", "spam.Egg.__lt__")]
    assert said(ORDERED, EQUAL) == [("name-removed", "spam.Egg.__lt__")]


def test_a_derived_order_that_goes_is_gone() -> None:
    derived = RUST.replace("#[pyclass]", "#[pyclass(eq, ord)]")
    gone = said(derived, derived.replace("eq, ord", "eq"))
    assert gone == [("name-removed", f"spam.Egg.__{sign}__") for sign in ("lt", "le", "gt", "ge")]


def test_the_other_side_of_an_operator_is_not_missed_with_it() -> None:
    added = RUST.replace("// methods", "fn __add__(&self, other: &Egg) -> u32 { 1 }")
    assert said(added, RUST) == [("name-removed", "spam.Egg.__add__")]
