"""Whatever stops at a limit says so: each limit, lowered until a small source reaches it, also beside a stub that seems to tell all."""

from __future__ import annotations

import json
from collections import OrderedDict
from importlib import import_module

import pytest

from lockstep.config.reading import load
from lockstep.project.project import discover
from lockstep.surface import Blind
from lockstep.surfaces import read
from lockstep.surfaces.python import source
from lockstep.surfaces.rust import surface_cache
from lockstep.tree import MemoryTree

WHEEL = """\
[build-system]
requires = ["maturin>=1"]
build-backend = "maturin"
[project]
name = "larch"
version = "1.0.0"
[tool.maturin]
module-name = "larch.native"
python-source = "python"
"""
CRATE = '[package]\nname = "larch"\nversion = "1.0.0"\nedition = "2021"\n[lib]\nname = "native"\n[dependencies]\npyo3 = "0.25"\ninner = { path = "inner" }\n'
INNER = '[package]\nname = "inner"\nversion = "1.0.0"\nedition = "2021"\n'
RUST = """\
use pyo3::prelude::*;
mod deep { pub mod deeper { pub use self::deepest::*; pub mod deepest { #[pyo3::pyclass] pub struct Leaf; } } }
pub mod open { pub mod wide { pub mod far { pub struct Leaf; } } }
type Alias = deep::deeper::Leaf;
macro_rules! add { ($m:ident, $name:ident) => { $m.add_class::<$name>()?; }; }
fn fill(m: &Bound<'_, PyModule>) -> PyResult<()> { fill_more(m) }
fn fill_more(m: &Bound<'_, PyModule>) -> PyResult<()> { add!(m, Alias); Ok(()) }
#[pymodule]
fn native(m: &Bound<'_, PyModule>) -> PyResult<()> { fill(m)?; Ok(()) }
"""
STUB = "class Leaf: ...\n"
NATIVE = {
    "pyproject.toml": WHEEL,
    "Cargo.toml": CRATE,
    "src/lib.rs": RUST,
    "inner/Cargo.toml": INNER,
    "inner/src/lib.rs": "",
    "python/larch/__init__.py": "from .native import Leaf\n",
    "python/larch/native.pyi": STUB,
}
LINE = "class A: ...\nclass B(A): ...\nclass C(B): ...\n"
PYTHON = {"pyproject.toml": '[project]\nname = "larch"\nversion = "1.0.0"\n', "larch/__init__.py": LINE, "larch/__init__.pyi": LINE}
LISTED = PYTHON | {"larch/__init__.py": "names = ['f', 'g']\n__all__ = names\n\n\ndef f(): ...\n\n\ndef g(): ...\n"}
NESTED = {"properties": {"a": {"properties": {"b": {"properties": {"c": {"type": "string"}}}}}}}
SCHEMA = {"lockstep.toml": '[[declared]]\npath = "a.json"\nkind = "json-schema"\n', "a.json": json.dumps(NESTED)}

LIMITS = {
    "python.listing.MOST_NAMES": (2, PYTHON),
    "python.budget.LARGEST": (20, PYTHON),
    "python.budget.MOST_SIGNS_OF_A_MODULE": (3, PYTHON),
    "python.budget.MOST_SIGNS": (3, PYTHON),
    "python.budget.MOST_KEPT": (-1, PYTHON),
    "python.exports.MOST_STEPS": (0, LISTED),
    "python.classes.LONGEST_LINE": (1, PYTHON),
    "pyo3.evaluator.MOST_STEPS": (2, NATIVE),
    "pyo3.evaluator.DEEPEST_EXPRESSION": (2, NATIVE),
    "pyo3.evaluator.DEEPEST": (0, NATIVE),
    "pyo3.macro_calls.DEEPEST": (-1, NATIVE),
    "rust_source.crates.MOST_CRATES": (0, NATIVE),
    "rust_source.budget.MOST_FILES": (0, NATIVE),
    "rust_source.budget.LARGEST": (40, NATIVE),
    "rust_source.budget.MOST_SIGNS_OF_A_FILE": (20, NATIVE),
    "rust_source.budget.MOST_SIGNS": (20, NATIVE),
    "rust.MOST_NAMES": (1, NATIVE),
    "rust_source.name_resolution.DEEPEST": (0, NATIVE),
    "rust_source.name_resolution.MOST_REACHED": (1, NATIVE),
    "rust_source.macro_resolution.MOST_EXPANSIONS": (0, NATIVE),
    "rust_source.macro_resolution.MOST_TOKENS": (-1, NATIVE),
    "rust.paths.MOST_PATHS": (1, NATIVE),
    "rust.paths.DEEPEST": (1, NATIVE),
    "declared.schemas.MOST_STEPS": (1, SCHEMA),
    "declared.schemas.DEEPEST": (1, SCHEMA),
}


def blind(files: dict[str, str]) -> list[Blind]:
    tree = MemoryTree(files)
    packages = discover(tree, load(tree)).packages if "pyproject.toml" in files else ()
    return [one for surface in read(tree, packages, load(tree)) for one in surface.blind]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_reached_is_told(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, name = limit.rpartition(".")
    value, files = LIMITS[limit]
    before = blind(files)
    assert not [one for one in before if one.cut]
    monkeypatch.setattr(import_module(f"lockstep.surfaces.{module}"), name, value)
    monkeypatch.setattr(surface_cache, "_KEPT", OrderedDict())
    source.module.cache_clear()
    assert [one for one in blind(files) if one not in before]
