"""Whatever stands in the files: an answer in bounded time, and an account of what could not be read."""

from __future__ import annotations

import time

import pytest

from lockstep.errors import RepositoryError
from lockstep.model import Ecosystem, Package
from lockstep.surface import Surface
from lockstep.surfaces import python
from lockstep.surfaces.python import budget
from lockstep.tree import MemoryTree
from tests.surfaces.python.reading import surface


class Damaged(MemoryTree):
    """A tree with one file that is not UTF-8."""

    def read(self, path: str) -> str:
        if path.endswith("bad.py"):
            raise RepositoryError("not UTF-8: byte 0xff", path=path, line=3)
        return super().read(path)


def test_a_file_that_is_not_utf_8_is_blind() -> None:
    tree = Damaged({"pyproject.toml": '[project]\nname = "pkg"\n', "pkg/__init__.py": "def f(): ...\n", "pkg/bad.py": ""})
    [found] = python.read(tree, [Package(name="pkg", ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=None)])
    assert "pkg.f" in found.items
    assert [(one.symbol, one.place.line, one.why) for one in found.blind] == [("pkg.bad", 3, "not UTF-8: byte 0xff")]


CLASSES = 40
HOSTILE = {
    "aliases of aliases": "A0 = list[int]\n" + "".join(f"A{i} = tuple[A{i - 1}, A{i - 1}, A{i - 1}]\n" for i in range(1, 60)) + "def f(x: A59): ...\n",
    "aliases in a circle": "from typing import TypeAlias\n"
    + "".join(f"A{i}: TypeAlias = 'tuple[{', '.join(f'A{j}' for j in range(CLASSES))}]'\n" for i in range(CLASSES))
    + "def f(x: A3): ...\n",
    "brackets": "x = " + "(" * 150 + "1" + ")" * 150 + "\ny: " + "list[" * 90 + "int" + "]" * 90 + "\n",
    "a long sum": "y = " + " + ".join(["1"] * 20_000) + "\n",
    "minus signs": "x = " + "-" * 2000 + "1\n",
    "a long name": "x = a" + ".a" * 1800 + "\n",
    "a long union": "X = " + "int | " * 900 + "None\n",
    "a decorator of signs": "@(" + "-" * 900 + "1)\ndef f(): ...\n",
    "newer syntax in brackets": "type A = " + "(1 < " * 250 + "2" + ")" * 250 + "\n",
    "a class of itself": "class A(B): ...\nclass B(A): ...\nclass C(C):\n    D = C\n",
    "bases twice": "class A0: ...\nclass B0: ...\n"
    + "".join(f"class A{i}(A{i - 1}, B{i - 1}): ...\nclass B{i}(A{i - 1}, B{i - 1}): ...\n" for i in range(1, 25)),
    "classes in classes": "".join("    " * i + f"class A{i}:\n" for i in range(60)) + "    " * 60 + "x = 1\n",
    "a null byte": "x = 1\0\n",
    "a name of itself": "a = b\nb = a\nfrom . import c as d\nfrom . import d as c\nimport pkg as e\n",
    "all of itself": "__all__ = __all__ + __all__\n__all__ += __all__\n",
    "all of twice itself": "a0 = ['f']\n" + "".join(f"a{i} = a{i - 1} + a{i - 1}\n" for i in range(1, 60)) + "__all__ = a59\ndef f(): ...\n",
    "all of itself, many times": "a = ['f', 'g']\n__all__ = a\n" + "__all__ += [*a, *a]\n" * 20_000 + "__all__.append('h')\n" * 100,
    "newer syntax that is none": "type X[T = list[T]\ndef f[(a): ...\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_one_file_takes_bounded_time(name: str) -> None:
    assert _quick({"pkg/__init__.py": HOSTILE[name]}).package == "pkg"


@pytest.mark.parametrize("count", [150, 600, 1200, 5000])
def test_a_chain_of_conditions_is_read_or_told(count: int) -> None:
    chain = "import os\nif os.name: ...\n" + "".join(f"elif os.name == '{i}':\n    v{i} = {i}\n" for i in range(count))
    found = surface({"pkg/__init__.py": chain})
    assert "pkg.v149" in found.items or [one.why for one in found.blind] == ["it is nested too deeply"]
    assert bool(found.blind) == (count > 150)


def test_modules_that_import_all_of_each_other() -> None:
    files = {f"pkg/m{i}.py": "".join(f"from pkg.m{j} import *\n" for j in range(30) if j != i) + f"v{i} = 1\n" for i in range(30)}
    assert "pkg.m0.v29" in _quick({"pkg/__init__.py": "", **files}).items


def test_a_generated_stub() -> None:
    method = "    def m{j}(self, a: int, b: Optional[str] = ..., *, c: 'C{i}' = ...) -> list[C{i}]: ...\n"
    text = "from typing import Optional\n" + "".join(f"class C{i}:\n" + "".join(method.format(i=i, j=j) for j in range(9)) for i in range(100))
    assert len(_quick({"pkg/__init__.py": "", "pkg/__init__.pyi": text}).items) == 1001


def test_what_is_too_large_is_told_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_SIGNS_OF_A_MODULE", 300_000)
    found = surface({"pkg/__init__.py": "", "pkg/data.py": "x = [" + "1," * 300_001 + "]\n", "pkg/words.py": "x = '''" + "word " * 300_000 + "'''\n"})
    assert "pkg.words.x" in found.items
    [told] = found.blind
    assert (told.symbol, told.place.path, told.cut) == ("pkg.data", "pkg/data.py", True)
    assert "0.3 million lines, commas, brackets and operators, at most 0.3 million; divide it" in told.why


@pytest.mark.parametrize("quote", ["'", '"', '"""', "'''"])
def test_an_f_string_of_very_many_fields_is_told(quote: str) -> None:
    few, many = (f"x = f{quote}{'{a}' * count}{quote}\n" for count in (20_000, 20_001))
    assert "pkg.m.x" in surface({"pkg/__init__.py": "", "pkg/m.py": few}).items
    found = surface({"pkg/__init__.py": "", "pkg/m.py": many})
    assert [(one.symbol, one.why, one.cut) for one in found.blind] == [("pkg.m", "an f-string has more than 20000 fields; divide it", True)]
    assert not surface({"pkg/__init__.py": "", "pkg/m.py": "x = [" + "{'a': 1}, " * 30_000 + "f'{a}']\n"}).blind


def test_a_package_that_is_too_large_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST_KEPT", 30)
    body = "def f(a, b, c, d):\n    x = (1, 2, 3, 4)\n" * 2
    found = surface({"pkg/__init__.py": "", **{f"pkg/m{i}.py": body for i in range(9)}})
    assert "pkg.m1.f" in found.items
    assert "pkg.m8.f" not in found.items
    [told] = found.blind
    assert told.cut
    assert told.symbol == "pkg"
    assert "the package is too large" in told.why


def _quick(files: dict[str, str]) -> Surface:
    """Read a surface in far less time than a bomb would take; seconds, for a machine that does other things too."""
    start = time.perf_counter()
    found = surface(files)
    assert time.perf_counter() - start < 20
    return found
