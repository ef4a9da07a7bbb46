"""What a place that could not be followed depends on: where all of that is the same, nothing hides there; where it is not known, it is no proof."""

from __future__ import annotations

import pytest

from lockstep.surface import Blind
from tests.surfaces.python.reading import surface

SET = "class C: ...\nfor n in names(): setattr(C, n, value)\n"
HEAD = "from pkg.a import names\nfrom pkg.b import value\n"
BASE = {
    "pkg/__init__.py": f"{HEAD}{SET}def other(): return 1\n",
    "pkg/a.py": "import os\nLIST = ('x', _more)\ndef names():\n    return [deep(n) for n in LIST]\ndef deep(n): return n\n",
    "pkg/b.py": "from .c import value\n",
    "pkg/c.py": "value = 1\nfree = 2\n",
}


def spots(files: dict[str, str]) -> list[Blind]:
    return [one for one in surface(files).blind if one.symbol == "pkg.C"]


def basis(files: dict[str, str]) -> str:
    (one,) = spots(files)
    return one.basis


def changed(path: str, old: str, new: str) -> dict[str, str]:
    assert old in BASE[path]
    return {**BASE, path: BASE[path].replace(old, new)}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("pkg/__init__.py", "return 1", "return 2"),
        ("pkg/__init__.py", HEAD, f"{HEAD}import json\n"),
        ("pkg/c.py", "free = 2", "free = 3"),
        ("pkg/a.py", "def names():", "def names():\n    '''Give names.'''"),
        ("pkg/a.py", "import os\n", "import os\n\n\n"),
    ],
)
def test_what_it_does_not_depend_on_may_change(path: str, old: str, new: str) -> None:
    assert basis(BASE)
    assert spots(changed(path, old, new))[0].cause == spots(BASE)[0].cause


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("pkg/__init__.py", "class C: ...", "class C:\n    def m(self): ..."),
        ("pkg/__init__.py", "names(): s", "names()[1:]: s"),
        ("pkg/__init__.py", SET, f"{SET}C.more(2)\n"),
        ("pkg/a.py", "('x'", "('y'"),
        ("pkg/a.py", "return n\n", "return n + 'x'\n"),
        ("pkg/a.py", "def deep", "@wrapped\ndef deep"),
        ("pkg/a.py", "import os\n", "from os import _more\n"),
        ("pkg/b.py", "from .c import value", "value = 3"),
        ("pkg/c.py", "value = 1", "value = 2"),
        ("pkg/c.py", "value = 1", "value = 1\nif free: value = 2"),
    ],
)
def test_what_it_depends_on_makes_it_another(path: str, old: str, new: str) -> None:
    made = basis(changed(path, old, new))
    assert made
    assert made != basis(BASE)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("pkg/a.py", "return n\n", "return open('names.txt').read()\n"),
        ("pkg/a.py", "return n\n", "return importlib.import_module(n)\n"),
        ("pkg/a.py", "return n\n", "return sys.modules[n]\n"),
        ("pkg/a.py", "return n\n", "return C.__subclasses__()\n"),
        ("pkg/a.py", "import os\n", "from ._generated import _more\n"),
        ("pkg/a.py", "LIST = ('x', _more)\n", "LIST = []\ndef register(n): LIST.append(n)\n"),
        ("pkg/b.py", "from .c import value", "from .nowhere import value"),
    ],
)
def test_what_is_looked_for_by_no_name_is_not_known(path: str, old: str, new: str) -> None:
    (one,) = spots(changed(path, old, new))
    assert (one.basis, one.cause) == ("", None)


def test_all_names_of_a_module_that_is_asked_for_them_count() -> None:
    files = {"pkg/__init__.py": "from . import a\nclass C: ...\nfor n in dir(a): setattr(C, n, getattr(a, n))\n", "pkg/a.py": "x = 1\n"}
    assert basis(files)
    assert basis(files) != basis({**files, "pkg/a.py": "x = 1\ny = 2\n"})


def test_what_is_only_named_counts_as_others_see_it() -> None:
    def with_made(text: str) -> str:
        (one,) = surface({"pkg/__init__.py": f"{text}class C: ...\nfor _ in x: C.made = made\n"}).blind
        return one.basis

    made = with_made("def made(a): return 1\n")
    assert made
    assert made == with_made("def made(a): return 2\n")
    assert made != with_made("def made(a, b): return 1\n")


def test_a_private_module_that_nobody_imports_hides_nothing() -> None:
    files = {"pkg/__init__.py": "", "pkg/_script.py": "import sys\nsys.exit(1)\n"}
    assert surface(files).blind == ()
    assert surface({**files, "pkg/__init__.py": "from ._script import sys\n"}).blind
    assert len(surface({**files, "pkg/__init__.py": "def __getattr__(n): return g(n)\n"}).blind) == 2


WARNED = """
import warnings
class C:
    def m(self): return 1
def made(f):
    def wrapper(*args):
        warnings.warn("left in 2.0", stacklevel=2)
        raise ValueError("none in 2.0")
    return wrapper
for n in ("a", "b"):
    setattr(C, n, made(n))
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("left in 2.0", "left in 3.0", True),
        ("none in 2.0", "none in 3.0", True),
        ("return 1", "return 2", True),  # to set an attribute runs no method
        ("ValueError", "TypeError", False),
        ("stacklevel=2", "stacklevel=3", False),
        ("return wrapper", "return f", False),
    ],
)
def test_what_a_message_says_and_a_class_does_is_nothing_that_is_set_on_it(old: str, new: str, same: bool) -> None:  # noqa: FBT001
    assert old in WARNED
    before, after = (surface({"pkg/__init__.py": text}).blind for text in (WARNED, WARNED.replace(old, new)))
    assert len(before) == 2
    assert all(one.basis for one in before)
    assert ([one.cause for one in before] == [one.cause for one in after]) is same


def test_a_place_that_a_stub_leaves_alone_is_told_once() -> None:
    files = {"pkg/__init__.py": SET, "pkg/a.py": "def f(): ...\n", "pkg/a.pyi": "def f() -> int: ...\n"}
    assert len(spots(files)) == 1


def test_code_in_a_text_depends_on_the_names_in_it() -> None:
    def of(size: str) -> Blind:
        (one,) = surface({"pkg/__init__.py": f"{size}\nother = 1\nif x:\n    exec('egg = size')\n"}).blind
        return one

    assert of("size = 1").basis
    assert of("size = 1").basis == of("size = 1\nmore = 2").basis
    assert of("size = 1").basis != of("size = 2").basis
