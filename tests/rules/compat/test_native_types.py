"""What Rust takes is converted when the function is called: a type that no old value fits breaks programs."""

from __future__ import annotations

import pytest

from lockstep.model import Level
from lockstep.policy.semver import Impact
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import LEVELS, Comparison
from lockstep.versions.version import Version
from tests.rules.compat.measure import surface
from tests.rules.compat.test_stub_disagrees import CRATE, PROJECT

RUST = "use pyo3::prelude::*;\n#[pyfunction] fn cook(eggs: TYPE) {}\n#[pymodule] mod _native { #[pymodule_export] use super::cook; }\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("i32", "String", [(LEVELS[Impact.BREAKING], True)]),
        ("Vec<i32>", "std::collections::HashMap<String, i32>", [(LEVELS[Impact.TYPING], False)]),  # a sequence of its own may be a mapping too
        ("String", "i32", [(LEVELS[Impact.BREAKING], True)]),
        ("f64", "i32", [(LEVELS[Impact.TYPING], False)]),
        ("Option<i32>", "Option<String>", [(LEVELS[Impact.TYPING], False)]),  # None still fits
        ("i32", "f64", []),
    ],
)
def test_types_that_rust_enforces(before: str, after: str, expected: list[tuple[Level, bool]]) -> None:
    files = {"pyproject.toml": PROJECT, "Cargo.toml": CRATE, "python/spam/__init__.py": "from ._native import cook\n"}
    base, head = (surface(files | {"src/lib.rs": RUST.replace("TYPE", one)}) for one in (before, after))
    found = judge_surfaces(Comparison(base=base, head=head, version=Version.read("1.2.3")))
    assert {(one.level, one.witness is not None) for one in found if one.rule == "parameter-type-narrowed"} == set(expected)


SPEC = "#[pyclass] struct Spec {}\n#[pymodule] mod _native { #[pymodule_export] use super::{cook, Spec}; }\n"


@pytest.mark.parametrize("stub", [None, "class Spec: ...\ndef cook(eggs: dict[str, object]) -> None: ...\n"])
def test_a_dictionary_of_other_values_breaks_whatever_a_stub_says(stub: str | None) -> None:
    files = {"pyproject.toml": PROJECT, "Cargo.toml": CRATE, "python/spam/__init__.py": "from ._native import cook, Spec\n"}
    files |= {"python/spam/_native.pyi": stub} if stub else {}
    rust = RUST.partition("#[pymodule]")[0] + SPEC
    types = ("std::collections::HashMap<String, Bound<'_, pyo3::types::PyDict>>", "std::collections::HashMap<String, Py<Spec>>")
    base, head = (surface(files | {"src/lib.rs": rust.replace("TYPE", one)}) for one in types)
    found = [one for one in judge_surfaces(Comparison(base=base, head=head, version=Version.read("1.2.3"))) if one.rule == "parameter-type-narrowed"]
    assert {(one.symbol, one.level) for one in found} == {("spam.cook", Level.ERROR)}
    assert '{"key": {"key": 1}}' in str(found[0].witness)
