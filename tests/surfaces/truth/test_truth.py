"""The yardstick itself: what it shows of a module, and what it counts."""

from __future__ import annotations

import types
import zipfile
from pathlib import Path

from lockstep.surfaces.pyo3.model import NativeModule
from tests.surfaces.pyo3.reading import read
from tests.surfaces.pyo3.test_native import function
from tests.surfaces.truth import introspection
from tests.surfaces.truth.__main__ import Row, libraries, line
from tests.surfaces.truth.comparing import Score, compare
from tests.surfaces.truth.fetching import unpack


class Thing:
    limit = 3

    def __init__(self, x: int, *, y: int | None = None) -> None: ...

    @property
    def size(self) -> int:
        return 0

    @staticmethod
    def make(n: int = 1) -> None: ...


def compiled() -> dict[str, object]:
    module = types.ModuleType("native")
    vars(module).update(Thing=Thing, LIMIT=1, inner=types.ModuleType("inner"), me=module, ValueError=ValueError)
    found: dict[str, object] = introspection.module(module, {})
    return found


def test_a_module_is_shown_with_all_below_it() -> None:
    shown = compiled()["members"]
    assert isinstance(shown, dict)
    assert {name: one["kind"] for name, one in shown.items()} == {"Thing": "class", "LIMIT": "value", "inner": "module", "me": "module", "ValueError": "value"}
    assert shown["me"]["members"] == {}
    assert {name: one["kind"] for name, one in shown["Thing"]["members"].items()} == {
        "limit": "value",
        "__init__": "function",
        "size": "property",
        "make": "function",
    }
    assert shown["Thing"]["members"]["make"]["parameters"] == [["n", "positional_or_keyword", "1"]]


def score(module: NativeModule) -> Score:
    found = Score()
    shown = {
        "members": {
            "A": {
                "kind": "class",
                "members": {
                    "__new__": {"kind": "function", "parameters": [["x", "positional_or_keyword", None], ["y", "keyword_only", "None"]]},
                    "f": {"kind": "function", "parameters": [["n", "positional_or_keyword", "..."]]},
                    "g": {"kind": "function", "parameters": []},
                    "lost": {"kind": "value"},
                },
            },
            "gone": {"kind": "function", "parameters": []},
        }
    }
    compare(shown, module, found)
    return found


SOURCE = """
    #[pyclass] struct A; #[pymethods] impl A {
        #[new] #[pyo3(signature = (x, *, y = None))] fn new(x: u8, y: Option<u8>) -> Self {}
        #[pyo3(signature = (n = LIMIT))] fn f(&self, n: u8) {}
        fn g(&self, more: u8) {}
        fn invented(&self) {}
    }
"""


def test_every_disagreement_is_counted_once() -> None:
    found = score(read(function("m.add_class::<A>()?;", SOURCE)))
    assert (found.found, found.names, found.equal, found.compared) == (3, 5, 2, 3)
    assert found.missing == found.silent == ["A.lost", "gone"]
    assert found.false == ["A.invented"]
    assert [one.partition(":")[0] for one in found.different] == ["A.g"]


def test_a_miss_below_a_blind_spot_is_not_silent() -> None:
    found = score(read(function("m.add_class::<A>()?; m.add_function(wrap_pyfunction!(gone, m)?)?;", SOURCE)))
    assert found.missing == ["A.lost", "gone"]
    assert found.silent == ["A.lost"]


def test_the_libraries_of_a_wheel_have_dotted_names(tmp_path: Path) -> None:
    wheel = tmp_path / "p.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        for name in ("p/__init__.py", "p/_native.abi3.so", "p/sub/other.cpython-311-x86_64-linux-gnu.so", "p.libs/libssl.so"):
            file.writestr(name, "")
    unpack(wheel, tmp_path / "out")
    assert set(libraries(tmp_path / "out")) == {"p._native", "p.sub.other"}


def test_a_row_says_why_there_is_nothing() -> None:
    assert line(Row("x", note="no wheel")).endswith("no wheel")
