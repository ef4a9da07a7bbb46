"""Stubs and native modules take their place beside what Python reads."""

from __future__ import annotations

from lockstep.surface import Item, ItemKind, Stability, Surface, Trait
from tests.surfaces.python.reading import surface

MANIFEST = """
    [build-system]
    requires = ["maturin>=1"]
    build-backend = "maturin"
    [project]
    name = "pkg"
    version = "1.0"
    [tool.maturin]
    module-name = "pkg._native"
    python-source = "python"
"""
CARGO = '[package]\nname = "pkg"\nversion = "1.0.0"\nedition = "2021"\n[lib]\nname = "_native"\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.25"\n'
RUST = """
    use pyo3::prelude::*;

    #[pyclass]
    pub struct Index { #[pyo3(get, set)] k: usize }

    #[pymethods]
    impl Index {
        #[new]
        fn new(k: usize) -> Self { Index { k } }
        #[pyo3(signature = (query, limit = 10))]
        fn search(&self, query: &str, limit: usize) -> Vec<String> { vec![] }
        fn again(&self) -> Index { Index { k: 1 } }
    }

    #[pyfunction]
    fn version() -> String { String::new() }

    #[pymodule]
    fn _native(m: &Bound<'_, PyModule>) -> PyResult<()> {
        m.add_class::<Index>()?;
        m.add_function(wrap_pyfunction!(version, m)?)?;
        Ok(())
    }
"""


def mixed(init: str, stub: str | None = None, rust: str = RUST) -> Surface:
    files = {"Cargo.toml": CARGO, "src/lib.rs": rust, "python/pkg/__init__.py": init}
    if stub is not None:
        files["python/pkg/_native.pyi"] = stub
    return surface(files, manifest=MANIFEST)


def returns(item: Item) -> str | None:
    assert item.call is not None
    return item.call.returns


def test_a_name_of_a_native_module_is_found_through_its_import() -> None:
    found = mixed("from ._native import Index\n").items
    assert found["pkg.Index"].kind is ItemKind.CLASS
    assert found["pkg.Index"].stability is Stability.STABLE
    assert found["pkg.Index"].place.path == "src/lib.rs"
    assert found["pkg._native.Index"].stability is Stability.HIDDEN
    assert found["pkg.Index.search"].signature == "def search(query: str, limit: int = 10) -> list[str]"
    assert found["pkg.Index.k"].traits == {Trait.NATIVE, Trait.SETTABLE}
    assert Trait.NATIVE in found["pkg.Index.search"].traits


def test_a_native_type_is_written_with_its_public_name() -> None:
    assert returns(mixed("from ._native import Index\n").items["pkg.Index.again"]) == "pkg.Index"


def test_a_python_class_may_descend_from_a_native_one() -> None:
    found = mixed("from ._native import Index\nclass Own(Index):\n    def more(self): ...\n").items
    assert found["pkg.Own.search"].origin == "pkg._native.Index.search"
    assert [one.name for one in found["pkg.Own"].call.parameters] == ["k"] if found["pkg.Own"].call else False


def test_a_stub_gives_types_and_rust_says_what_there_is() -> None:
    stub = "class Index:\n    k: int\n    def __new__(cls, k: int) -> Index: ...\n    def gone(self): ...\n"
    stub += "    def search(self, query: str, limit: int = ...) -> tuple[str, ...]: ...\n"
    found = mixed("from ._native import Index, version\n", stub)
    assert returns(found.items["pkg.Index.search"]) == "builtins.tuple[builtins.str, ...]"
    assert found.items["pkg.Index.search"].signature == "def search(query: str, limit: int = 10) -> tuple[str, ...]"
    assert "pkg.Index.gone" not in found.items
    assert "pkg.version" in found.items
    assert set(found.stubs) == {"pkg._native", *(f"pkg._native.Index{name}" for name in ("", ".k", ".__new__", ".search", ".gone"))}


def test_what_rust_hides_a_stub_may_tell() -> None:
    rust = RUST.replace("Ok(())", "unknown_crate::fill(m)?;\n        Ok(())")
    found = mixed("from ._native import Index, hidden\n", "class Index: ...\ndef hidden(a: int) -> int: ...\n", rust)
    assert found.blind
    assert found.items["pkg.hidden"].signature == "def hidden(a: int) -> int"


def test_a_name_that_is_nowhere_is_blind() -> None:
    found = mixed("from ._native import Missing\n")
    assert found.items["pkg.Missing"].traits == {Trait.UNRESOLVED}
    assert [one.symbol for one in found.blind] == ["pkg.Missing"]


def test_a_compiled_module_without_source_is_blind_unless_a_stub_tells() -> None:
    files = {
        "pkg/__init__.py": "from ._speed import fast\n",
        "setup.py": "setup(name='pkg', packages=['pkg'], ext_modules=[Extension('pkg._speed', ['a.c'])])\n",
    }
    manifest = '[build-system]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "pkg"\nversion = "1.0"\n'
    assert [one.symbol for one in surface(files, manifest=manifest).blind] == ["pkg._speed"]
    told = surface(files | {"pkg/_speed.pyi": "def fast(a: int) -> int: ...\n"}, manifest=manifest)
    assert not told.blind
    assert told.items["pkg.fast"].signature == "def fast(a: int) -> int"


def test_a_stub_beside_a_module() -> None:
    files = {
        "pkg/__init__.py": "def f(a, b=1): ...\ng = make()\nclass A:\n    def m(self, x): ...\n",
        "pkg/__init__.pyi": "from typing import overload\ndef f(a: int, b: str = ...) -> int: ...\ndef g(q: int) -> None: ...\n"
        "class A:\n    @overload\n    def m(self, x: int) -> int: ...\n    @overload\n    def m(self, x: str) -> str: ...\ndef made() -> int: ...\n",
    }
    found = surface(files).items
    assert found["pkg.f"].signature == "def f(a: int, b: str = 1) -> int"
    assert found["pkg.f"].place.path == "pkg/__init__.py"
    assert found["pkg.g"].kind is ItemKind.FUNCTION
    assert [one.returns for one in found["pkg.A.m"].overloads] == ["builtins.int", "builtins.str"]
    assert Trait.TYPING_ONLY in found["pkg.made"].traits


def test_a_package_goes_before_a_module_and_the_clash_is_told() -> None:
    found = surface({"pkg/__init__.py": "", "pkg/x.pyi": "def a(): ...\n", "pkg/x/__init__.pyi": "def b(): ...\n"})
    assert "pkg.x.b" in found.items
    assert "pkg.x.a" not in found.items
    assert [one.why for one in found.blind] == ["pkg/x.pyi is the same module; what it says is not read"]


# ---- names that are made when they are asked for


def test_names_that_a_module_makes() -> None:
    text = """
        _LAZY = {"Hit": "pkg.core", "other": ".core"}
        def __getattr__(name):
            if name == "old":
                return 1
            if name in _LAZY:
                return getattr(import_module(_LAZY[name]), name)
            raise AttributeError(name)
    """
    found = surface({"pkg/__init__.py": text, "pkg/core.py": "class Hit:\n    def f(self): ...\ndef other(): ...\n"})
    assert not found.blind
    assert found.items["pkg.Hit.f"].origin == "pkg.core.Hit.f"
    assert found.items["pkg.other"].kind is ItemKind.FUNCTION
    assert "pkg.old" in found.items
    assert Trait.DYNAMIC not in found.items["pkg"].traits


def test_a_deprecated_name_leads_to_what_is_left_of_it() -> None:
    text = """
        def _old(a): ...
        def __getattr__(name):
            if name in {"old"}:
                return globals()[f"_{name}"]
            if name == "Hit":
                from .core import _Hit
                return _Hit
            if name == "gone":
                raise AttributeError("use old")
            if name == "made":
                return make()
            raise AttributeError(name)
    """
    found = surface({"pkg/__init__.py": text, "pkg/core.py": "class _Hit:\n    def f(self): ...\n"})
    assert found.items["pkg.old"].origin == "pkg._old"
    assert found.items["pkg.old"].stability is Stability.STABLE
    assert found.items["pkg.Hit.f"].origin == "pkg.core._Hit.f"
    assert found.items["pkg.made"].traits == {Trait.DYNAMIC}
    assert "pkg.gone" not in found.items
    assert not found.blind


def test_a_module_that_may_make_any_name_says_so() -> None:
    found = surface({"pkg/__init__.py": "def __getattr__(name):\n    return load(name)\n"})
    assert Trait.DYNAMIC in found.items["pkg"].traits
    assert [(one.symbol, one.place.line) for one in found.blind] == [("pkg", 1)]


def test_a_lazy_loader() -> None:
    text = "import lazy_loader as lazy\n__getattr__, __dir__, __all__ = lazy.attach(__name__, submodules=['sub'], submod_attrs={'core': ['Hit']})\n"
    found = surface({"pkg/__init__.py": text, "pkg/core.py": "class Hit: ...\n", "pkg/sub.py": ""}).items
    assert found["pkg.Hit"].origin == "pkg.core.Hit"


def test_a_wildcard_of_another_package_is_blind_unless_all_says_what_is_given_on() -> None:
    assert [one.why for one in surface({"pkg/__init__.py": "from other import *\n"}).blind] == ["what `from other import *` brings is not known"]
    assert not surface({"pkg/__init__.py": "from other import *\n__all__ = ['a']\na = 1\n"}).blind


def test_a_computed_all_is_blind() -> None:
    found = surface({"pkg/__init__.py": "__all__ = [name for name in dir() if name[0] != '_']\ndef f(): ...\n"})
    assert [one.why for one in found.blind] == ["its `__all__` is computed"]
    assert found.items["pkg.f"].stability is Stability.STABLE


WITH_SUBMODULE = """
    use pyo3::prelude::*;

    #[pyclass]
    pub struct Egg { weight: usize }

    #[pymethods]
    impl Egg {
        fn __eq__(&self, other: &Egg) -> bool { true }
    }

    #[pyfunction]
    fn cook() -> usize { 1 }

    #[pymodule]
    fn _native(m: &Bound<'_, PyModule>) -> PyResult<()> {
        m.add("__version__", "1.0")?;
        m.add("_made", 1)?;
        m.add_function(wrap_pyfunction!(cook, m)?)?;
        let eggs = PyModule::new(m.py(), "eggs")?;
        eggs.add_class::<Egg>()?;
        m.add_submodule(&eggs)?;
        Ok(())
    }
"""
AS_MATURIN = "from . import _native\nfrom ._native import *\nif hasattr(_native, '__all__'):\n    __all__ = _native.__all__\n"
"""What maturin writes for a native module without Python of its own."""


def test_what_is_added_to_a_native_module_is_in_its_all() -> None:
    found = mixed(AS_MATURIN, rust=WITH_SUBMODULE).items
    assert {name: found[f"pkg.{name}"].stability for name in ("cook", "eggs", "__version__", "_made")} == {
        "cook": Stability.STABLE,
        "eggs": Stability.STABLE,
        "__version__": Stability.STABLE,
        "_made": Stability.HIDDEN,
    }


def test_a_submodule_that_a_package_gives_on_is_known_by_its_name_there() -> None:
    found = mixed(AS_MATURIN, rust=WITH_SUBMODULE).items
    assert found["pkg.eggs"].kind is ItemKind.MODULE
    assert found["pkg.eggs.Egg"].origin == "pkg.eggs.Egg"
    assert found["pkg._native.eggs.Egg"].origin == "pkg.eggs.Egg"


def test_the_stub_of_a_submodule_that_a_package_gives_on_does_not_hide_what_rust_has() -> None:
    stub = "from typing import Any\nclass Egg:\n    def weigh(self) -> int: ...\ndef __getattr__(name: str) -> Any: ...\n"
    files = {"Cargo.toml": CARGO, "src/lib.rs": WITH_SUBMODULE, "python/pkg/__init__.py": AS_MATURIN, "python/pkg/eggs.pyi": stub}
    found = surface(files, manifest=MANIFEST)
    assert "pkg.eggs.Egg.__lt__" in found.items
    assert "pkg.eggs.Egg.weigh" not in found.items
    assert "pkg.eggs.Egg.weigh" in found.stubs
    assert Trait.DYNAMIC not in found.items["pkg.eggs"].traits


def test_python_beside_a_native_submodule_of_the_same_name_is_read() -> None:
    files = {"Cargo.toml": CARGO, "src/lib.rs": WITH_SUBMODULE, "python/pkg/__init__.py": "", "python/pkg/eggs.py": "class Egg: ...\n"}
    found = surface(files, manifest=MANIFEST).items
    assert Trait.NATIVE not in found["pkg.eggs.Egg"].traits
    assert found["pkg._native.eggs.Egg"].origin == "pkg._native.eggs.Egg"


def test_where_the_source_of_a_native_module_is_nowhere_a_complete_stub_does_not_help() -> None:
    stub = "class Index: ...\n"
    files = {"python/pkg/__init__.py": "from ._native import Index\n", "python/pkg/_native.pyi": stub}
    for crate in ({"Cargo.toml": CARGO}, {}):
        found = surface(files | crate, manifest=MANIFEST)
        assert [(one.symbol, one.cut) for one in found.blind] == [("pkg._native", True)]
        assert "pkg.Index" in found.items


def test_what_a_stub_imports_for_itself_is_not_brought_by_a_wildcard() -> None:
    files = {
        "pkg/__init__.py": "from .more import *\n",
        "pkg/__init__.pyi": "from .more import *\n",
        "pkg/more.py": "__all__ = ['f']\ndef f(a): ...\n",
        "pkg/more.pyi": "from typing import Any, Sequence as Sequence\ndef f(a: Any) -> Any: ...\n",
    }
    assert {"pkg.f", "pkg.Sequence"} <= set(surface(files).items)
    assert "pkg.Any" not in surface(files).items


def test_a_native_class_that_compares_and_has_no_hash_is_not_hashable() -> None:
    rust = RUST.replace("#[pyclass]", "#[pyclass(eq)]")
    assert Trait.UNHASHABLE in mixed("from ._native import Index\n", None, rust).items["pkg.Index"].traits
    assert Trait.UNHASHABLE not in mixed("from ._native import Index\n", None, rust.replace("(eq)", "(eq, frozen, hash)")).items["pkg.Index"].traits
