"""Damaged sources: whatever is cut out, put in or repeated, an answer comes back, and soon."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples, soon
from tests.surfaces.pyo3.reading import read, shown
from tests.surfaces.pyo3.test_native import function

SOURCE = function(
    """m.add_class::<A>()?; m.add_function(wrap_pyfunction!(f, m)?)?; fill(m)?; for (n, v) in [("ONE", 1)] { m.add(n, v)?; } class!(P);
    m.getattr("A")?.setattr("x", 1)?; ["a"].iter().for_each(|n| { m.add(*n, 1); }); let child = PyModule::new(m.py(), "child")?; m.add_submodule(&child)?;""",
    """use inner::{self, *}; mod inner { pub use super::*; #[pyclass] pub enum C { Unit {}, Pair(i32), Named { w: f64 } } }
    #[pyclass(name = "Thing", extends = Base, get_all)] struct A { x: Vec<u8>, y: (i32, &'static str) } #[pyclass(subclass)] struct Base;
    #[pymethods] impl A { #[new] #[pyo3(signature = (x, /, *args, y = None, **kw))] fn new(x: i32) -> Self {}
    #[getter] fn z(&self) -> Option<Self> {} fn __add__(&self, o: &A) -> A {} }
    #[pyfunction] fn f(a: HashMap<String, Vec<f64>>, r#type: Option<u8>) -> PyResult<()> {}
    fn fill(m: &Bound<PyModule>) -> PyResult<()> { m.add_class::<C>() }
    macro_rules! class { ($($n:ident),* $(,)?) => { $(#[pyclass] struct $n;)* } } class!(P, Q); paste::paste! { #[pyclass] struct [<Q x:upper>]; }
    create_exception!(native, Error, PyValueError); #[cfg(any(unix, not(feature = "x")))] type Alias = inner::C;""",
)
PIECES = (
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "'",
    '"',
    'r#"',
    "/*",
    "::",
    "$",
    "$(",
    ")*",
    "#",
    "#[cfg(",
    "macro_rules!",
    "paste!{[<>]}",
    "use *;",
    "&",
    "|",
    "\0",
    "é",
    "_",
)
edit = st.tuples(st.integers(0, len(SOURCE)), st.integers(0, 12), st.sampled_from(("", *PIECES)))


@given(st.lists(edit, min_size=1, max_size=6))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_source_is_answered(edits: list[tuple[int, int, str]]) -> None:
    text = SOURCE
    for start, length, new in edits:
        text = text[:start] + new + text[start + length :]
    with soon(20):
        shown(read(text))
