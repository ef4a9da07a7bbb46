"""What PyO3 makes of Rust, case by case; the compiled wheels of `tests.surfaces.truth` are what it is held against."""

from __future__ import annotations

from tests.surfaces.pyo3.reading import cargo, read, shown

USE = "use pyo3::prelude::*;\n"
COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")


def _equal_alone(cls: str) -> list[str]:
    """Give the comparisons of a class that knows of equality alone."""
    return [f"{cls}.{name}(value, /){'' if name in {'__eq__', '__ne__'} else ' -> types.NotImplementedType'}" for name in COMPARISONS]


def function(body: str, rest: str = "") -> str:
    """Give a crate whose module is filled by a function."""
    return f"{USE}#[pymodule]\nfn native(m: &Bound<'_, PyModule>) -> PyResult<()> {{\n{body}\nOk(()) }}\n{rest}"


def test_the_module_form() -> None:
    source = """
        #[pymodule] mod native {
            use super::*;
            #[pymodule_export] use super::{A, f as g};
            #[pyfunction] fn h() {}
            #[pyclass] struct B;
            struct Plain;
            fn plain() {}
            #[pymodule_export] const LIMIT: usize = 1_000;
            const HIDDEN: usize = 1;
            #[pymodule] mod inner { #[pymodule_export] use super::super::A; }
            #[pymodule_init] fn init(m: &Bound<PyModule>) -> PyResult<()> { m.add("x", 1) }
        }
        #[pyclass] struct A; #[pyfunction] fn f(a: i64) -> bool { true }
    """
    assert shown(read(USE + source)) == [
        "class A()",
        "f(a: int) -> bool",  # what is exported keeps its own name
        "h() -> None",
        "class B()",
        "LIMIT: int = 1000",
        "module inner",
        "class inner.A()",
        "x: int = 1",
    ]


def test_a_module_is_exported_that_bears_the_name_of_its_file() -> None:
    files = {"src/lib.rs": f"{USE}mod spam;\n#[pymodule] mod native {{ use super::*; #[pymodule_export] use spam::spam; }}"}
    files["src/spam.rs"] = f"{USE}#[pymodule] pub mod spam {{ #[pyo3::pyfunction] fn f() {{}} }}"
    assert shown(read(files)) == ["module spam", "spam.f() -> None"]


def test_pyo3_is_linked_from_wherever_it_comes() -> None:
    for dependency in ('{ path = "pyo3" }', '{ git = "https://example.com/pyo3" }'):
        files = {"Cargo.toml": cargo().replace('"0.25"', dependency), "src/lib.rs": f"{USE}#[pyclass(eq, eq_int)] #[derive(PartialEq)] enum E {{ A }}\n"}
        files |= {"pyo3/Cargo.toml": '[package]\nname = "pyo3"\nversion = "0.20.0"\n', "pyo3/src/lib.rs": "pub struct Py; not_to_be_expanded!();"}
        assert [one for one in shown(read(files)) if "module" not in one] == ["? . src/lib.rs:0"], dependency
        files["src/lib.rs"] = function("m.add_function(wrap_pyfunction!(f, m)?)?;", "#[pyfunction] fn f(a: i32, b: Option<i32>) {}")
        assert shown(read(files)) == ["f(a: int, b: int | None = None) -> None" if "path" in dependency else "f(a: int, b: int | None) -> None"], dependency


def test_the_function_form_and_its_helpers() -> None:
    body = """
        m.add_class::<A>()?;
        m.add_function(wrap_pyfunction!(f, m)?)?;
        m.add_wrapped(wrap_pyfunction!(sub::g))?;
        m.add("__version__", env!("CARGO_PKG_VERSION"))?;
        let child = PyModule::new(m.py(), "native.child")?;
        child.add_class::<A>()?;
        m.add_submodule(&child)?;
        m.add_wrapped(wrap_pymodule!(other))?;
        register(m)?;
        Other::register(m)?;
        fill::<A>(m)?;
        into_submodule(m, tall, "tall")?;
        m.add("Alias", m.py().get_type::<A>())?;
        m.add("Error", m.py().get_type::<pyo3::exceptions::PyValueError>())?;
        m.add_everything()?;
    """
    rest = """
        #[pyclass] struct A; #[pyfunction] fn f() {} mod sub { #[pyo3::pyfunction] pub fn g() {} }
        #[pymodule] fn other(m: &Bound<PyModule>) -> PyResult<()> { m.add(KEY, true)?; Ok(()) } const KEY: &str = "key";
        fn register(m: &Bound<PyModule>) -> PyResult<()> { m.add_function(wrap_pyfunction!(late, m)?) }
        #[pyfunction] #[pyo3(name = "renamed")] fn late() {}
        struct Other; impl Other { fn register(m: &Bound<PyModule>) -> PyResult<()> { m.add("assoc", "x") } }
        fn fill<T: PyClass>(m: &Bound<PyModule>) -> PyResult<()> { m.add_class::<T>() }
        fn into_submodule<F>(m: &Bound<PyModule>, make: F, name: &str) -> PyResult<()> where F: FnOnce(&Bound<PyModule>) -> PyResult<()> {
            let new = PyModule::new(m.py(), name)?; make(&new)?; m.add_submodule(&new)
        }
        #[pymodule] fn tall(m: &Bound<PyModule>) -> PyResult<()> { m.add("height", 1) }
        trait Ext { fn add_everything(&self) -> PyResult<()>; }
        impl Ext for Bound<'_, PyModule> { fn add_everything(&self) -> PyResult<()> { self.add("everything", 1.5) } }
    """
    assert shown(read(function(body, rest))) == [
        "class A()",
        "f() -> None",
        "g() -> None",
        '__version__: str = env!("CARGO_PKG_VERSION")',
        "module child",
        "class child.A()",
        "module other",
        "other.key: bool = True",
        "renamed() -> None",
        "assoc: str = 'x'",
        "module tall",
        "tall.height: int = 1",
        "class Alias()",
        "Error: type[builtins.ValueError] = None",
        "everything: float = 1.5",
    ]


def test_loops_closures_and_macros_that_add() -> None:
    body = """
        for (name, value) in [("ONE", 1), ("TWO", 2)] { m.add(name, value)?; }
        ["three", "four"].iter().try_for_each(|name| m.add(*name, 0))?;
        let add = |name: &str| m.add(name, "x"); add("five")?;
        macro_rules! add { ($($t:ty),*) => { $(m.add_class::<$t>()?;)* } } add!(M1, M2);
        m.add(concat!("si", "x"), stringify!(six))?;
    """
    assert shown(read(function(body, "#[pyclass] struct M1; #[pyclass] struct M2;"))) == [
        "ONE: int = 1",
        "TWO: int = 2",
        "three: int = 0",
        "four: int = 0",
        "five: str = 'x'",
        "class M1()",
        "class M2()",
        "six: str = 'six'",
    ]


def test_a_struct_that_holds_the_module() -> None:
    body = 'Adder { m }.add::<A>()?; Adder::new(m).add::<B>()?; let a = Adder { m: &m }; a.m.add("x", 1)?; a.unheard_of()?;'
    rest = """
        #[pyclass] struct A; #[pyclass] struct B; struct Adder<'a> { m: &'a Bound<'a, PyModule> }
        impl<'a> Adder<'a> { fn new(m: &'a Bound<'a, PyModule>) -> Self { Self { m } } fn add<T: PyClass>(&self) -> PyResult<()> { self.m.add_class::<T>() } }
    """
    assert shown(read(function(body, rest))) == ["class A()", "class B()", "x: int = 1", "? . src/lib.rs:4"]


def test_the_module_is_followed_through_values() -> None:
    body = """
        let v = vec![m]; v[0].add("x", 1)?; let t = (m, 1); t.0.add("y", 1)?; Some(m).map(|q| q.add("z", 1)); (|q: &Bound<PyModule>| q.add("w", 1))(m)?;
        for f in [a, b] { f(m)?; } <A as Reg>::register(m)?;
        let c = match 1 { 1 => m, _ => m }; c.add("of_match", 1)?; let d = if true { m } else { m }; d.add("of_if", 1)?;
        v[n].add("unknown", 1)?;
    """
    rest = """
        fn a(m: &Bound<PyModule>) -> PyResult<()> { m.add("a", 1) } fn b(m: &Bound<PyModule>) -> PyResult<()> { m.add("b", 1) }
        #[pyclass] struct A; trait Reg { fn register(m: &Bound<PyModule>) -> PyResult<()>; }
        impl Reg for A { fn register(m: &Bound<PyModule>) -> PyResult<()> { m.add_class::<Self>() } }
    """
    names = ["x", "y", "z", "w", "a", "b", "A", "of_match", "of_if"]
    module = read(function(body, rest))
    assert list(module.members) == names
    assert [one.place.line for one in module.blind] == [8]


def test_functions_inside_of_the_module_function() -> None:
    source = """
        #[pymodule] fn native(py: Python<'_>, m: &PyModule) -> PyResult<()> {
            #[pyfn(m)] #[pyo3(name = "axpy")] fn axpy_py<'py>(py: Python<'py>, a: f64) -> f64 { a }
            Ok(())
        }
    """
    assert shown(read(USE + source, pyo3="0.20")) == ["axpy(a: float) -> float"]


def test_what_is_set_on_a_class() -> None:
    body = """
        m.add_class::<A>()?; m.add_class::<B>()?;
        m.getattr("A")?.setattr("late", 1)?;
        m.py().get_type::<B>().setattr("later", 2)?;
    """
    assert shown(read(function(body, "#[pyclass] struct A; #[pyclass] struct B;"))) == [
        "class A()",
        "A.late: ? = None",
        "class B()",
        "? B.later src/lib.rs:7",
    ]


def test_exceptions() -> None:
    body = 'm.add("MyError", m.py().get_type::<MyError>())?; m.add("Child", m.py().get_type::<Child>())?;'
    rest = "pyo3::create_exception!(native, MyError, pyo3::exceptions::PyValueError); create_exception!(native, Child, MyError);"
    module = read(function(body, rest))
    assert shown(module) == ["class MyError(builtins.ValueError)", "class Child(MyError)"]


def test_signatures() -> None:
    rest = """
        #[pyfunction] #[pyo3(signature = (x, /, y = 1_000u32, *args, z = None, **kw))]
        fn a(x: &str, y: u32, args: &Bound<PyTuple>, z: Option<String>, kw: Option<&Bound<PyDict>>) -> PyResult<Vec<f64>> {}
        #[pyfunction] #[pyo3(signature = (*, flag = true, scale = -1.5, name = "x", mode = Mode::Fast, items = vec![1, 2]))]
        fn b(flag: bool, scale: f64, name: &str, mode: Mode, items: Vec<i32>) {}
        #[pyfunction] fn c(py: Python<'_>, x: Option<i64>) -> Option<i64> {}
        #[pyfunction] async fn d(#[pyo3(cancel_handle)] handle: CancelHandle, x: u8) -> PyResult<()> {}
        #[pyfunction(pass_module)] fn e(module: &Bound<PyModule>, r#type: String) {}
        #[pyfunction] #[pyo3(text_signature = "(hidden)")]
        fn f(mut x: HashMap<String, Vec<u8>>, #[pyo3(from_py_with = p)] y: (i32, &[u8])) -> (PathBuf, Vec<u8>) {}
        #[pyfunction] fn g(a: Bound<'_, PyAny>, b: Py<PyBytes>, c: PyReadonlyArray2<f32>, d: Cow<'_, str>, e: HashSet<char>) -> PyResult<Bound<'_, PyList>> {}
        #[pyfunction(signature = (a, b = 0x1F))] fn h(a: PathBuf, b: u64) -> Result<impl IntoPyObject, Error> {}
        #[pyfunction] fn i(a: Ids, b: Wrapper) {} type Ids = Vec<i64>; #[derive(FromPyObject)] struct Wrapper(Vec<String>);
    """
    module = read(function("".join(f"m.add_function(wrap_pyfunction!({name}, m)?)?;" for name in "abcdefghi"), rest))
    assert shown(module) == [
        "a(x: str, /, y: int = 1000, *args, z: str | None = None, **kw) -> list[float]",
        "b(*, flag: bool = True, scale: float = -1.5, name: str = 'x', mode = Mode::Fast, items: collections.abc.Sequence[int] = vec![1, 2]) -> None",
        "c(x: int | None) -> int | None",
        "async d(x: int) -> None",
        "e(type: str) -> None",
        "f(x: dict[str, bytes | collections.abc.Sequence[int]], y: tuple[int, bytes]) -> tuple[pathlib.Path, bytes]",
        "g(a: typing.Any, b: bytes, c: numpy.ndarray, d: str, e: set[str]) -> list",
        "h(a: str | os.PathLike[str], b: int = 31)",
        "i(a: collections.abc.Sequence[int], b: collections.abc.Sequence[str]) -> None",
    ]
    assert getattr(module.members["f"], "text_signature", None) == "(hidden)"


def test_what_old_versions_add_by_themselves() -> None:
    source = function(
        "m.add_function(wrap_pyfunction!(f, m)?)?; m.add_class::<E>()?;",
        "#[pyfunction] fn f(a: Option<u8>, b: u8, c: Option<u8>, d: Option<u8>) {} #[pyclass] enum E { A }",
    )
    old, new = read(source, pyo3="0.23"), read(source, pyo3="0.24")
    assert shown(old)[0] == "f(a: int | None, b: int, c: int | None = None, d: int | None = None) -> None"
    assert shown(new)[0] == "f(a: int | None, b: int, c: int | None, d: int | None) -> None"
    assert {"E.__eq__(value, /)", "E.__hash__: None = None"} <= set(shown(old)) - set(shown(new))


def test_the_protocols_of_old_versions() -> None:
    rest = """
        #[pyclass(gc)] struct A; #[pyproto] impl PyObjectProtocol for A { fn __repr__(&self) -> String {} }
        #[pymethods] impl A { #[call] fn run(&self, x: u8) {} #[args(y = "1", kw = "**")] fn f(&self, x: u8, y: u8, kw: Option<&PyDict>) {} }
    """
    assert shown(read(function("m.add_class::<A>()?;", rest), pyo3="0.15"))[1:] == [
        "A.__repr__() -> str",
        "A.__call__(x: int) -> None",
        "A.f(x: int, y: int = 1, **kw) -> None",
    ]


def test_the_lock_says_which_version_it_is_and_a_stale_one_does_not() -> None:
    source = function("m.add_function(wrap_pyfunction!(f, m)?)?;", "#[pyfunction] fn f(a: Option<u8>) {}")
    locked = {"src/lib.rs": source, "Cargo.lock": '[[package]]\nname = "pyo3"\nversion = "0.22.6"\n'}
    assert shown(read(locked, pyo3=">=0.20")) == ["f(a: int | None = None) -> None"]
    assert shown(read(locked, pyo3="0.25")) == ["f(a: int | None) -> None"]


def test_a_class_and_its_blocks() -> None:
    rest = """
        #[pyclass(name = "Thing", extends = Base, subclass, frozen, get_all, eq, hash, str, module = "native.x", rename_all = "camelCase")]
        struct A { one_field: i32, #[pyo3(name = "second")] two: String }
        #[pyclass(subclass)] struct Base { #[pyo3(get, set)] x: u8, hidden: u8 }
        #[pymethods] impl A {
            #[new] #[pyo3(signature = (x, *, y = None))] fn new(x: i32, y: Option<Self>) -> PyResult<Self> {}
            #[getter] fn get_size(&self) -> usize {} #[setter] fn set_size(&mut self, value: usize) {}
            #[getter(other)] fn anything(&self) -> Py<Base> {}
            #[staticmethod] fn make() -> Self {}
            #[classmethod] fn from_x(cls: &Bound<PyType>, x: u8) -> Self {}
            #[classattr] const LIMIT: u8 = 3;
            #[classattr] fn kind() -> &'static str {}
            #[classattr] fn Inner(py: Python<'_>) -> Bound<'_, PyType> { py.get_type::<Base>() }
            #[pyo3(name = "run")] fn py_run(slf: PyRef<'_, Self>, py: Python<'_>, n: u8) {}
        }
        #[pymethods] impl A { fn second_block(&self) {} }
        impl A { fn not_for_python(&self) {} }
    """
    module = read(function("m.add_class::<A>()?;", rest))
    assert shown(module) == [
        "class Thing(Base)",
        "getter Thing.oneField: int",
        "getter Thing.second: str",
        *_equal_alone("Thing"),
        "Thing.__hash__()",
        "Thing.__str__()",
        "static Thing.__new__(x: int, *, y: Thing | None = None) -> Thing",
        "field Thing.size: int",
        "getter Thing.other: Base",
        "static Thing.make() -> Thing",
        "classmethod Thing.from_x(x: int) -> Thing",
        "Thing.LIMIT: int = 3",
        "Thing.kind: str = None",
        "class Thing.Inner()",
        "field Thing.Inner.x: int",
        "Thing.run(n: int) -> None",
        "Thing.second_block() -> None",
    ]
    thing = module.members["Thing"]
    assert (getattr(thing, "final", None), getattr(thing, "frozen", None), getattr(thing, "module", None)) == (False, True, "native.x")


def test_the_slots_behind_special_methods() -> None:
    rest = """#[pyclass] struct A; #[pymethods] impl A {
        fn __len__(&self) -> usize {} fn __getitem__(&self, i: isize) -> PyResult<String> {} fn __add__(&self, other: &A) -> A {}
        fn __setitem__(&mut self, i: usize, v: u8) {} fn __getattr__(&self, name: &str) {} fn __call__(&self, x: u8) {}
        fn __pow__(&self, o: u8, m: Option<u8>) {}
        fn __richcmp__(&self, other: &A, op: CompareOp) -> bool {} fn __traverse__(&self, v: PyVisit) {} fn __enter__(slf: Py<Self>) -> Py<Self> {}
    }"""
    assert shown(read(function("m.add_class::<A>()?;", rest)))[1:] == [
        "A.__len__() -> int",
        "A.__getitem__(key: int, /) -> str",
        "A.__add__(value: A, /) -> A",
        "A.__radd__(value, /) -> types.NotImplementedType",
        "A.__setitem__(key: int, value: int, /) -> None",
        "A.__delitem__(key, /)",
        "A.__getattribute__(name: str, /) -> None",
        "A.__call__(x: int) -> None",
        "A.__pow__(value: int, mod: int | None = None, /) -> None",
        "A.__rpow__(value, mod = None, /) -> types.NotImplementedType",
        *(f"A.{name}(value, /) -> bool" for name in COMPARISONS),
        "A.__enter__() -> A",
        "A.__hash__: None = None",
    ]


def test_enums() -> None:
    rest = """
        #[pyclass(eq, eq_int)] enum S { A, #[pyo3(name = "BEE")] B = 4 }
        #[pyclass] enum C { Unit {}, Pair(i32, String), #[pyo3(constructor = (w, h = 1))] Named { w: f64, h: f64 } }
    """
    assert shown(read(function("m.add_class::<S>()?; m.add_class::<C>()?;", rest))) == [
        "class S()",
        "S.A: S = None",
        "S.BEE: S = 4",
        "S.__repr__()",
        "S.__int__()",
        *_equal_alone("S"),
        "S.__hash__: None = None",
        "class C()",
        "class C.Unit(C)",
        "static C.Unit.__new__() -> C",
        "C.Unit.__match_args__: tuple = ()",
        "class C.Pair(C)",
        "getter C.Pair._0: int",
        "getter C.Pair._1: str",
        "static C.Pair.__new__(_0: int, _1: str) -> C",
        "C.Pair.__match_args__: tuple = ('_0', '_1')",
        "C.Pair.__len__()",
        "C.Pair.__getitem__(key, /)",
        "class C.Named(C)",
        "getter C.Named.w: float",
        "getter C.Named.h: float",
        "static C.Named.__new__(w: float, h: float = 1) -> C",
        "C.Named.__match_args__: tuple = ('w', 'h')",
    ]


def test_macros_that_make_classes() -> None:
    rest = """
        macro_rules! class { ($n:ident, $($f:ident: $t:ty = $py:literal),*) => {
            #[pyclass] pub struct $n; #[pymethods] impl $n { $( #[pyo3(name = $py)] fn $f(&self, x: $t) -> $t { x } )* }
        } }
        class!(P, a: i32 = "first", b: String = "second");
        paste::paste! { #[pyclass] pub struct Q; #[pymethods] impl Q { fn [<get_ x>](&self) {} } }
    """
    assert shown(read(function("m.add_class::<P>()?; m.add_class::<Q>()?;", rest))) == [
        "class P()",
        "P.first(x: int) -> int",
        "P.second(x: str) -> str",
        "class Q()",
        "Q.get_x() -> None",
    ]


def test_what_cannot_be_seen_is_told_with_its_line() -> None:
    body = """m.add_class::<Gone>()?;
        m.add_function(wrap_pyfunction!(gone, m)?)?;
        m.add(name(), 1)?;
        unknown!(m);
        elsewhere::fill(m)?;
        m.add("Maybe", make()?)?;
        m.odd()?;
        m.add_class::<A>()?;
        m.add_class::<Made>()?;"""
    rest = """#[pyclass] struct A;
        outside!(A);
        #[outside_attribute] #[pymethods] impl A { fn f(&self) {} }
        #[magic] struct Made;
        #[pymethods] impl Nobody { fn f(&self) {} }"""
    assert [line for line in shown(read(function(body, rest))) if line.startswith("?")] == [
        "? . src/lib.rs:4",
        "? gone src/lib.rs:5",
        "? . src/lib.rs:6",
        "? . src/lib.rs:7",
        "? . src/lib.rs:8",
        "? Maybe src/lib.rs:9",
        "? . src/lib.rs:10",
        "? Made src/lib.rs:12",
        "? . src/lib.rs:18",
        "? A src/lib.rs:15",
        "? A src/lib.rs:16",
    ]


def test_conditions() -> None:
    body = """
        m.add_class::<A>()?;
        #[cfg(windows)] m.add("w", 1)?;
        #[cfg(feature = "on")] m.add("on", 1)?;
        #[cfg(feature = "off")] m.add("off", 1)?;
        #[cfg(maybe)] m.add("maybe", 1)?;
        if cfg!(feature = "on") { m.add("yes", 1)?; } else { m.add("no", 1)?; }
        if debug() { m.add("sometimes", 1)?; }
    """
    rest = """
        #[pyclass] struct A; #[cfg(maybe)] #[pymethods] impl A { fn f(&self) {} } #[cfg(not(feature = "on"))] #[pymethods] impl A { fn g(&self) {} }
    """
    files = {"src/lib.rs": function(body, rest), "build.rs": 'fn main() { println!("cargo:rustc-cfg=maybe"); }'}
    assert shown(read(files, default='["on"]', on="[]", off="[]")) == [
        "class A()",
        "A.f() -> None if maybe",
        "on: int = 1",
        "maybe: int = 1 if maybe",
        "yes: int = 1",
        "sometimes: int = 1 if debug()",
    ]


def test_a_feature_that_nothing_turns_on_is_told_where_no_release_is_in_sight() -> None:
    files = {"src/lib.rs": function('m.add_class::<A>()?;\n#[cfg(feature = "off")]\nm.add("off", 1)?;', '#[pyclass] enum A { X,\n#[cfg(feature = "off")]\nY }')}
    assert [line for line in shown(read(files, off="[]")) if line.startswith("?")] == []
    hidden = read({**files, ".github/workflows/release.yml": ""}, off="[]")
    assert [line for line in shown(hidden) if line.startswith("?")] == ["? . src/lib.rs:6", "? A src/lib.rs:10"]


def test_the_task_of_a_release_turns_features_on() -> None:
    files = {
        "src/lib.rs": function('#[cfg(feature = "extra")] m.add("extra", 1)?;'),
        ".github/workflows/release.yml": "uses: PyO3/maturin-action # to PyPI\n  args: --release --out dist --features extra,pyo3/abi3\n",
    }
    assert shown(read(files, extra="[]")) == ["extra: int = 1"]
    tested = {**files, ".github/workflows/release.yml": "run: maturin develop --features extra # pypi\n"}
    assert shown(read(tested, extra="[]")) == []


def test_the_module_is_the_one_that_the_build_names() -> None:
    source = (
        USE
        + "#[pymodule] fn other(m: &Bound<PyModule>) -> PyResult<()> { Ok(()) }"
        + '#[pymodule] #[pyo3(name = "native")] fn it(m: &Bound<PyModule>) -> PyResult<()> { Ok(()) }'
    )
    assert read(source).name == "native"
    assert read(source, name="other").name == "other"


def test_a_function_of_another_crate_that_is_known_adds_one_submodule() -> None:
    module = read(function('pyo3_object_store::register_store_module(m.py(), m, "native", "store")?; m.add("x", 1)?;'))
    assert shown(module) == ["module store", "x: int = 1", "? store src/lib.rs:4"]
