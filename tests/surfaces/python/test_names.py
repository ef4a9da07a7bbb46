from __future__ import annotations

from lockstep.surface import ItemKind, Stability
from tests.surfaces.python.reading import items, surface


def stable(files: dict[str, str]) -> set[str]:
    return {path for path, item in surface(files).items.items() if item.stability is Stability.STABLE}


def test_a_reexported_class_stands_at_both_paths_with_its_members() -> None:
    found = surface({"pkg/__init__.py": "from ._core import Rank\n", "pkg/_core.py": "class Rank:\n    def search(self, k: int = 1) -> str: ...\n"}).items
    assert found["pkg.Rank.search"].origin == "pkg._core.Rank.search"
    assert found["pkg.Rank.search"].stability is Stability.STABLE
    assert found["pkg._core.Rank.search"].stability is Stability.HIDDEN


def test_a_function_hides_the_module_of_its_name() -> None:
    found = surface({"pkg/__init__.py": "from .search import search\n", "pkg/search.py": "def search(k: int): ...\nclass Hit: ...\n"}).items
    assert found["pkg.search"].kind is ItemKind.FUNCTION
    assert "pkg.search.Hit" in found


def test_all_decides_where_there_is_one() -> None:
    assert stable({"pkg/__init__.py": "__all__ = ['a']\na = 1\nb = 2\n"}) == {"pkg", "pkg.a"}


def test_all_is_read_in_every_spelling() -> None:
    files = {
        "pkg/__init__.py": """
            from . import sub
            from .sub import *
            __all__ = ["a"] + sub.__all__
            __all__ += ["b", *("c",)]
            __all__.extend(["d"])
            __all__.append("e")
            a = b = c = d = e = f = 1
        """,
        "pkg/sub.py": "__all__ = ('x',)\nx = y = 1\n",
    }
    assert stable(files) == {"pkg", "pkg.sub", "pkg.sub.x", *(f"pkg.{name}" for name in "abcdex")}


def test_an_inherited_member_is_listed_below_the_child() -> None:
    found = items("class A:\n    def f(self): ...\nclass B(A):\n    def g(self): ...\n")
    assert found["B.f"].origin == "pkg.A.f"
    assert "inherited" in found["B.f"].traits


def test_a_circle_of_imports_ends() -> None:
    found = surface({"pkg/__init__.py": "from .a import x\n", "pkg/a.py": "from .b import x\n", "pkg/b.py": "from .a import x\n"}).items
    assert "unresolved" in found["pkg.x"].traits


def test_a_broken_file_is_blind_and_the_others_are_read() -> None:
    found = surface({"pkg/__init__.py": "def f(): ...\n", "pkg/bad.py": "x = 1\ndef broken(:\n", "pkg/old.py": "print 'x'\n"})
    assert [(one.symbol, one.place.line, one.why.partition(":")[0]) for one in found.blind] == [
        ("pkg.bad", 2, "it is not valid Python"),
        ("pkg.old", 1, "it is written for Python 2"),
    ]
    assert "pkg.f" in found.items


def test_what_a_program_binds_when_it_is_run_is_no_name_of_its_module() -> None:
    assert stable({"pkg/__init__.py": "a = 1\nif __name__ == '__main__':\n    b = 1\nelse:\n    c = 1\n"}) == {"pkg", "pkg.a", "pkg.c"}


def test_what_all_leaves_out_is_hidden_and_a_version_is_not() -> None:
    found = surface({"pkg/__init__.py": "__all__ = []\nfrom .a import x, __version__\nfrom other import y\n", "pkg/a.py": "x = 1\n__version__ = '1'\n"}).items
    assert found["pkg.x"].stability is Stability.HIDDEN
    assert found["pkg.__version__"].stability is Stability.STABLE
    assert found["pkg.__version__"].value is None
    assert "pkg.y" not in found


def test_a_name_that_is_deleted_is_gone() -> None:
    assert stable({"pkg/__init__.py": "from ._v import get\n__version__ = get()\ndel get\na = 1\n", "pkg/_v.py": "def get(): ...\n"}) == {
        "pkg",
        "pkg.__version__",
        "pkg.a",
    }


def test_a_class_that_a_class_is_set_to_use_is_a_plain_attribute() -> None:
    found = items("class Hit:\n    def f(self): ...\nclass A:\n    hit_class = Hit\n")
    assert found["A.hit_class"].annotation == "builtins.type[pkg.Hit]"
    assert "A.hit_class.f" not in found
