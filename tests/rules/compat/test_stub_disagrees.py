"""A stub is held against the Rust that it describes."""

from __future__ import annotations

import pytest

from lockstep.model import Finding, Level
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.versions.version import Version
from tests.rules.compat.measure import surface

PROJECT = """\
[build-system]
requires = ["maturin>=1"]
build-backend = "maturin"

[project]
name = "spam"
version = "1.2.3"

[tool.maturin]
module-name = "spam._native"
python-source = "python"
"""
CRATE = """\
[package]
name = "spam"
version = "1.2.3"
edition = "2021"

[lib]
name = "_native"
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.23"
"""
RUST = """\
use pyo3::prelude::*;

#[pyclass(get_all)]
struct Egg {
    weight: u32,
}

#[pymethods]
impl Egg {
    #[new]
    fn new(weight: u32) -> Self {
        Egg { weight }
    }

    #[pyo3(signature = (minutes, *, salt=None))]
    fn boil(&self, minutes: u32, salt: Option<u32>) -> u32 {
        minutes
    }

    fn __len__(&self) -> usize {
        1
    }
}

#[pyfunction]
fn cook(eggs: u32) -> u32 {
    eggs
}

#[pymodule]
fn _native(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<Egg>()?;
    m.add_function(wrap_pyfunction!(cook, m)?)?;
    Ok(())
}
"""
STUB = """\
from typing import Protocol, TypeVar

_T = TypeVar("_T")

class Cooks(Protocol):
    def boil(self, minutes: int) -> int: ...

class Egg:
    def __new__(cls, weight: int) -> Egg: ...
    def __len__(self) -> int: ...
    @property
    def weight(self) -> int: ...
    def boil(self, minutes: int, *, salt: int | None = None) -> int: ...

def cook(eggs: int) -> int: ...
"""


def project(stub: str, rust: str = RUST) -> Surface:
    return surface(
        {
            "pyproject.toml": PROJECT,
            "Cargo.toml": CRATE,
            "src/lib.rs": rust,
            "python/spam/__init__.py": "from ._native import Egg, cook\n",
            "python/spam/_native.pyi": stub,
        }
    )


def judged(base: Surface, head: Surface) -> list[Finding]:
    found = judge_surfaces(Comparison(base=base, head=head, version=Version.read("1.2.3")))
    return [one for one in found if one.rule == "stub-disagrees"]


def said(stub: str, rust: str = RUST) -> list[tuple[str | None, str]]:
    found = judged(project(STUB), project(stub, rust))
    assert {one.level for one in found} <= {Level.ERROR}
    return [(one.symbol, one.message) for one in found]


def test_a_true_stub_is_true() -> None:
    assert said(STUB) == []


@pytest.mark.parametrize(
    ("old", "new", "symbol", "message"),
    [
        ("def cook(eggs: int)", "def cook(meat: int)", "cook", "takes (meat) in the stub, and (eggs) in Rust"),
        ("def cook(eggs: int)", "def cook(eggs: int, /)", "cook", "takes (eggs, /) in the stub, and (eggs) in Rust"),
        ("def cook(eggs: int)", "def cook(eggs: int = 1)", "cook", "takes (eggs=...) in the stub, and (eggs) in Rust"),
        ("*, salt: int | None = None", "salt: int | None = None", "Egg.boil", "in the stub"),
        ("def __new__(cls, weight: int)", "def __new__(cls, mass: int)", "Egg.__new__", "takes (mass) in the stub"),
        ("    @property\n    def weight(self)", "    def weight(self)", "Egg.weight", "is a function in the stub"),
        ("def cook(eggs: int) -> int: ...", "", "cook", "the Rust has spam._native.cook, and the stub does not"),
        ("def cook(eggs: int)", "def serve() -> int: ...\ndef cook(eggs: int)", "serve", "the stub has spam._native.serve, and the Rust does not"),
        ("    def __len__(self)", "    def __iter__(self) -> int: ...\n    def __len__(self)", "Egg.__iter__", "the stub has"),
    ],
    ids=["name", "positional-only", "default", "keyword-only", "constructor", "kind", "missing", "too-much", "operator"],
)
def test_a_stub_that_is_wrong_is_told(old: str, new: str, symbol: str, message: str) -> None:
    assert STUB.count(old) == 1
    found = said(STUB.replace(old, new))
    assert [name for name, _ in found] == [f"spam._native.{symbol}"]
    assert message in found[0][1]


def test_types_and_what_only_types_need_are_not_held_against_it() -> None:
    assert said(STUB.replace("-> int: ...\n\nclass Egg", "-> str: ...\n\nclass Egg")) == []


def test_what_a_macro_hides_is_not_held_against_the_stub() -> None:
    hidden = RUST.replace("    m.add_class::<Egg>()?;", "    register_everything!(m);\n    m.add_class::<Egg>()?;")
    assert said(STUB.replace("def cook(eggs: int)", "def serve() -> int: ...\ndef cook(eggs: int)"), hidden) == []


def test_what_disagreed_before_is_one_warning_that_asks_for_nothing() -> None:
    wrong = project(STUB.replace("def cook(eggs: int)", "def serve() -> int: ...\ndef cook(meat: int)"))
    (found,) = judged(wrong, wrong)
    assert (found.level, found.requires, found.symbol) == (Level.WARNING, None, None)
    assert found.message == "the stub disagrees with the Rust as it did before: cook, serve"
    assert str(found.place) == "python/spam/_native.pyi"


def test_of_many_that_disagreed_before_some_are_named() -> None:
    wrong = project(STUB + "".join(f"\ndef f{index}() -> int: ...\n" for index in range(9)))
    (found,) = judged(wrong, wrong)
    assert found.message == "the stub disagrees with the Rust as it did before: f0, f1, f2 and 6 more"


def test_what_disagrees_anew_is_told_beside_it() -> None:
    wrong = STUB.replace("def cook(eggs: int)", "def cook(meat: int)")
    worse = wrong.replace("def __new__(cls, weight: int)", "def __new__(cls, mass: int)")
    assert [one.symbol for one in judged(project(wrong), project(worse))] == [None, "spam._native.Egg.__new__"]


HEIR_STUB = """\
class Egg:
    pass

class Burnt(Exception):
    args: tuple[str, ...]
    def add_note(self, note: str, /) -> None: ...
    def with_traceback(self, tb: object, /) -> Burnt: ...
    def __reduce__(self) -> tuple[object, ...]: ...

class Missing(OSError):
    errno: int
    strerror: str
    colour: str

class Shelf(dict[str, int]):
    def items(self) -> object: ...
    def spill(self) -> None: ...

class Foreign(Exception):
    def whatever(self) -> None: ...
"""
HEIR_RUST = """\
use pyo3::prelude::*;
use pyo3::{create_exception, exceptions::{PyException, PyOSError}, types::PyDict};

create_exception!(_native, Burnt, PyException);

#[pyclass(extends = PyOSError)]
struct Missing {}

#[pyclass(extends = PyDict)]
struct Shelf {}

#[pyclass(extends = other_crate::Elsewhere)]
struct Foreign {}

#[pyclass]
struct Egg {}

#[pymodule]
fn _native(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("Burnt", m.py().get_type::<Burnt>())?;
    m.add_class::<Missing>()?;
    m.add_class::<Shelf>()?;
    m.add_class::<Foreign>()?;
    m.add_class::<Egg>()?;
    Ok(())
}
"""


def test_what_a_base_gives_need_not_stand_in_the_rust() -> None:
    assert [name for name, _ in said(HEIR_STUB, HEIR_RUST)] == ["spam._native.Missing.colour", "spam._native.Shelf.spill"]


@pytest.mark.parametrize(
    ("stub", "rust"),
    [
        (("def cook(eggs: int) -> int: ...", "from collections.abc import Callable\ncook: Callable[[int], int]"), ("", "")),
        (("def cook(eggs: int)", "def cook(from_: int)"), ("cook(eggs: u32)", "cook(from: u32)")),
        (
            ("def cook(eggs: int)", "def cook(*, b: int, a: int)"),
            ("#[pyfunction]\nfn cook(eggs: u32)", "#[pyfunction(signature = (*, a, b))]\nfn cook(a: u32, b: u32)"),
        ),
        (
            ("def cook(eggs: int)", "def cook(*, salt: int = ...)"),
            ("#[pyfunction]\nfn cook(eggs: u32)", "#[pyfunction(signature = (**options))]\nfn cook(options: Option<&Bound<'_, PyDict>>)"),
        ),
        (("    def __len__(self)", "    def __buffer__(self, flags: int) -> memoryview: ...\n    def __len__(self)"), ("", "")),
        (
            ("def cook(eggs: int)", "def fry(eggs: int) -> int: ...\ndef cook(eggs: int)"),
            ("#[pymodule]", '#[cfg(feature = "cuda")]\n#[pyfunction]\nfn fry(eggs: u32) {}\n\n#[pymodule]'),
        ),
    ],
    ids=["variable", "keyword", "order-of-keywords", "kwargs", "made-by-python", "feature-of-another-wheel"],
)
def test_what_is_not_certain_is_not_told(stub: tuple[str, str], rust: tuple[str, str]) -> None:
    changed = RUST.replace(*rust) if rust[0] else RUST
    if "cuda" in rust[1]:
        changed = changed.replace("    Ok(())", '    #[cfg(feature = "cuda")]\n    m.add_function(wrap_pyfunction!(fry, m)?)?;\n    Ok(())')
    assert STUB.count(stub[0]) == 1
    head = surface(
        {
            "pyproject.toml": PROJECT,
            "Cargo.toml": CRATE + "\n[features]\ncuda = []\n",
            ".github/workflows/release.yml": "jobs:\n  wheel:\n    steps:\n      - run: maturin publish\n",
            "src/lib.rs": changed,
            "python/spam/__init__.py": "from ._native import Egg, cook\n",
            "python/spam/_native.pyi": STUB.replace(*stub),
        }
    )
    assert judged(project(STUB), head) == []


def test_what_a_stub_gives_on_is_in_it() -> None:
    files = {
        "pyproject.toml": PROJECT,
        "Cargo.toml": CRATE,
        "src/lib.rs": RUST,
        "python/spam/__init__.py": "from ._native import Egg, cook\n",
        "python/spam/_native/__init__.pyi": STUB.replace(
            "def cook(eggs: int) -> int: ...", "from spam._native._cook import cook as cook, only_types as only_types"
        ),
        "python/spam/_native/_cook.pyi": "def cook(eggs: int) -> int: ...\ndef only_types() -> int: ...\n",
    }
    assert judged(project(STUB), surface(files)) == []
    wrong = files | {"python/spam/_native/_cook.pyi": "def cook(meat: int) -> int: ...\ndef only_types() -> int: ...\n"}
    assert [one.symbol for one in judged(project(STUB), surface(wrong))] == ["spam._native.cook"]


def test_a_constructor_that_makes_its_base_too_is_the_constructor_of_its_class() -> None:
    rust = RUST.replace("#[pyclass(get_all)]\nstruct Egg", "#[pyclass(subclass)]\nstruct Base {}\n\n#[pyclass(get_all, extends = Base)]\nstruct Egg")
    rust = rust.replace("fn new(weight: u32) -> Self {\n        Egg { weight }", "fn new(weight: u32) -> (Self, Base) {\n        (Egg { weight }, Base {})")
    assert "(Self, Base)" in rust
    assert said(STUB, rust) == []
    assert said(STUB.replace("def __new__(cls, weight: int) -> Egg", "def __init__(self, weight: int) -> None"), rust) == []
