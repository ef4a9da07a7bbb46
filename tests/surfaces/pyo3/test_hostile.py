"""What is wrong, endless or missing: told with its place, in bounded time, never a traceback and never silence."""

from __future__ import annotations

import time

import pytest

from lockstep.errors import RepositoryError
from lockstep.surfaces.pyo3 import native_modules
from lockstep.tree import MemoryTree
from tests.surfaces.pyo3.reading import cargo, read, shown
from tests.surfaces.pyo3.test_native import USE, function

ENDLESS = {
    "expressions that nest": function("let x = " + "(" * 5000 + "m" + ")" * 5000 + ";"),
    "functions that call each other": function(
        "f(m);", "fn f(m: &Bound<PyModule>) { g(m); g(m); } fn g(m: &Bound<PyModule>) { f(m); m.add_class::<A>(); } #[pyclass] struct A;"
    ),
    "helpers that double": function("f0(m);", "".join(f"fn f{i}(m: &Bound<PyModule>) {{ f{i + 1}(m); f{i + 1}(m); }}" for i in range(30))),
    "a macro that doubles in the body": function("b!(m);", "macro_rules! b { ($($x:tt)*) => { b!($($x)*); b!($($x)*); } }"),
    "aliases that go on": function("m.add_class::<T0>()?;", "".join(f"type T{i} = T{i + 1};" for i in range(3000))),
    "a module that adds itself": function("m.add_submodule(m)?; m.add_wrapped(wrap_pymodule!(native))?; m.add_class::<Gone>()?;"),
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_cut_and_told(source: str) -> None:
    start = time.perf_counter()
    module = read(source)
    assert time.perf_counter() - start < 10
    assert module.blind


def test_thousands_of_blocks_and_variants_take_their_time_once() -> None:
    blocks = "".join(f"#[pymethods] impl A {{ fn f{i}(&self) {{}} }}" for i in range(1500))
    variants = ",".join(f"V{i}" for i in range(1500))
    start = time.perf_counter()
    lines = shown(read(function("m.add_class::<A>()?; m.add_class::<E>()?;", f"#[pyclass] struct A; {blocks} #[pyclass] enum E {{ {variants} }}")))
    assert time.perf_counter() - start < 5
    assert {"A.f1499() -> None", "E.V1499: E = None"} <= set(lines)


def test_a_file_that_is_wrong_is_blind_and_the_rest_is_read() -> None:
    files = {
        "src/lib.rs": function("m.add_class::<good::Good>()?; m.add_class::<bad::Bad>()?;", "mod good; mod bad;"),
        "src/good.rs": USE + "#[pyclass] pub struct Good;",
        "src/bad.rs": USE + "#[pyclass] pub struct { ) Bad",
    }
    lines = shown(read(files))
    assert "class Good()" in lines
    assert "? . src/bad.rs:2" in lines


class Undecoded(MemoryTree):
    """A tree with a file that is not UTF-8."""

    def read(self, path: str) -> str:
        if path == "src/latin.rs":
            raise RepositoryError("not UTF-8", path=path)
        return super().read(path)


def test_a_file_that_is_not_utf_8_is_blind() -> None:
    files = {"Cargo.toml": cargo(), "src/lib.rs": function("m.add_class::<latin::A>()?;", "mod latin;"), "src/latin.rs": ""}
    (module,) = native_modules(Undecoded(files), "Cargo.toml")
    assert ("src/latin.rs", "not UTF-8") in {(one.place.path, one.why) for one in module.blind}


@pytest.mark.parametrize(
    "files",
    [
        {"Cargo.toml": cargo()},
        {"Cargo.toml": "[package\n"},
        {"Cargo.toml": cargo(), "src/lib.rs": "// a crate that links PyO3 and shows no module"},
        {"Cargo.toml": cargo(), "src/lib.rs": "elsewhere::make_module!(pymodule native);"},
    ],
)
def test_a_crate_without_a_module_to_be_seen_says_so(files: dict[str, str]) -> None:
    (module,) = native_modules(MemoryTree(files), "Cargo.toml", name="native")
    assert module.blind
    assert not module.members


def test_a_crate_that_has_nothing_to_do_with_python_gives_nothing() -> None:
    files = {"Cargo.toml": '[package]\nname = "x"\nversion = "1.0.0"\n', "src/lib.rs": "pub fn f() {}"}
    assert native_modules(MemoryTree(files), "Cargo.toml") == ()
