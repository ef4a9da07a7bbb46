"""Extension modules of PyO3 that are large in some way."""

from __future__ import annotations

from tests.hostile.shapes import SURFACE, Files, Shape, one, step, times

CARGO = '[package]\nname = "native"\nversion = "1.0.0"\nedition = "2021"\n[lib]\nname = "native"\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.25"\n'
WHEEL = '[build-system]\nrequires = ["maturin>=1,<2"]\nbuild-backend = "maturin"\n[project]\nname = "native"\nversion = "1.0.0"\n'


def _native(body: str, rest: str = "", manifest: str = "") -> Files:
    module = f"#[pymodule]\nfn native(m: &Bound<'_, PyModule>) -> PyResult<()> {{\n{body}Ok(())\n}}\n"
    return {"Cargo.toml": CARGO + manifest, "pyproject.toml": WHEEL, "src/lib.rs": f"use pyo3::prelude::*;\n{rest}{module}"}


def _functions(count: int, parameters: str = "") -> Files:
    return _native(
        times(count, lambda n: f"m.add_function(wrap_pyfunction!(f{n}, m)?)?;\n"), times(count, lambda n: f"#[pyfunction]\nfn f{n}({parameters}) {{}}\n")
    )


def _classes(count: int) -> Files:
    methods = times(count, lambda n: f"fn f{n}(&self) {{}} ")
    return _native(
        times(count, lambda n: f"m.add_class::<C{n}>()?;\n"),
        times(count, lambda n: f"#[pyclass]\nstruct C{n};\n#[pymethods]\nimpl C{n} {{ {methods} }}\n"),
    )


def _extends(count: int) -> Files:
    chain = times(count, lambda n: f"#[pyclass(subclass, extends = C{n})]\nstruct C{n + 1};\n#[pymethods]\nimpl C{n + 1} {{ fn f{n}(&self) {{}} }}\n")
    return _native(times(count, lambda n: f"m.add_class::<C{n}>()?;\n"), "#[pyclass(subclass)]\nstruct C0;\n" + chain)


def _submodules(count: int) -> Files:
    lines = times(count, lambda n: f'let m{n + 1} = PyModule::new(m.py(), "m{n + 1}")?;\nm{n or ""}.add_submodule(&m{n + 1})?;\n')
    return _native(lines + "m1.add_function(wrap_pyfunction!(f, m)?)?;\n", "#[pyfunction]\nfn f() {}\n")


def _declared(count: int) -> Files:
    inner = "#[pyfunction]\nfn f() {}\n"
    for n in range(count):
        inner = f"#[pymodule]\nmod m{n} {{ use super::*; {inner} }}\n"
    return {"Cargo.toml": CARGO, "pyproject.toml": WHEEL, "src/lib.rs": f"use pyo3::prelude::*;\n#[pymodule]\nmod native {{ {inner} }}\n"}


SHAPES: dict[str, Shape] = {
    "functions of PyO3": one(_functions, SURFACE, 50, 500),
    "classes with methods": one(_classes, SURFACE, 8, 16, square=True),
    "classes that extend the last": one(_extends, SURFACE, 20, 100),
    "submodules in submodules": one(_submodules, SURFACE, 20, 100),
    "modules in modules of PyO3": one(_declared, SURFACE, 10, 20),
    "blocks of methods": one(
        lambda n: _native("m.add_class::<A>()?;\n", "#[pyclass] struct A;\n" + times(n, lambda i: f"#[pymethods] impl A {{ fn f{i}(&self) {{}} }}\n")),
        SURFACE,
        50,
        500,
    ),
    "variants of a pyclass": one(
        lambda n: _native("m.add_class::<E>()?;\n", "#[pyclass] enum E { " + times(n, lambda i: f"V{i}, ") + "}\n"), SURFACE, 100, 1000
    ),
    "helpers that call the next": one(
        lambda n: _native(
            "h0(m)?;\n",
            times(n, lambda i: f"fn h{i}(m: &Bound<PyModule>) -> PyResult<()> {{ h{i + 1}(m) }}\n")
            + f"fn h{n}(m: &Bound<PyModule>) -> PyResult<()> {{ Ok(()) }}\n",
        ),
        SURFACE,
        10,
        100,
    ),
    "helpers that call the next twice": one(
        lambda n: _native(
            "h0(m);\n", times(n, lambda i: f"fn h{i}(m: &Bound<PyModule>) {{ h{i + 1}(m); h{i + 1}(m); }}\n") + f"fn h{n}(m: &Bound<PyModule>) {{}}\n"
        ),
        SURFACE,
        8,
        16,
    ),
    "additions to a module": one(lambda n: _native(times(n, lambda i: f'm.add("a{i}", {i})?;\n')), SURFACE, 100, 1000),
    "branches of a module": one(lambda n: _native(times(n, lambda i: f'if cfg!(feature = "f{i}") {{ m.add("a{i}", 1)?; }}\n')), SURFACE, 50, 500),
    "variables in a chain": one(lambda n: _native('let a0 = "a";\n' + times(n, lambda i: f"let a{i + 1} = a{i};\n") + f"m.add(a{n}, 1)?;\n"), SURFACE, 20, 250),
    "signatures of functions": one(
        lambda n: _native(
            "m.add_function(wrap_pyfunction!(f, m)?)?;\n",
            f"#[pyfunction]\n#[pyo3(signature = ({', '.join(f'a{i} = None' for i in range(n))}))]\n"
            f"fn f({', '.join(f'a{i}: Option<u8>' for i in range(n))}) {{}}\n",
        ),
        SURFACE,
        50,
        500,
    ),
    "functions of PyO3 that take more": step(_functions, lambda n: _functions(n, "a: u8"), 50, 250),
}
