"""Expressions that are nested deeper than Python's own recursion goes, wherever an expression may stand: read, or a blind spot."""

from __future__ import annotations

import pytest

from lockstep.config import Config
from lockstep.model import Ecosystem, Package
from lockstep.surfaces import Part, read_part
from lockstep.tree import MemoryTree

DEPTH = 900
EXPRESSIONS = {
    "signs": "-" * DEPTH + "1",
    "denials": "not " * DEPTH + "a",
    "a sum": "['f'] + " * DEPTH + "['g']",
    "a name": "a" + ".a" * DEPTH,
    "calls": "a" + "()" * DEPTH,
    "subscripts": "a" + "[a]" * DEPTH,
    "brackets": "[" * 90 + "]" * 90,
    "a type": "list[" * 90 + "int" + "]" * 90,
    "conditions": "1 if a else " * DEPTH + "1",
    "functions": "lambda: " * DEPTH + "1",
    "a union": "int | " * DEPTH + "None",
    "a union in quotes": repr("int | " * DEPTH + "None"),
    "a long name in quotes": repr("a" + ".a" * DEPTH),
}
PLACES = {
    "a value": "x = {0}\n",
    "an annotation": "x: {0}\ndef f(a: {0} = {0}) -> {0}: ...\n",
    "a class": "@({0})\nclass A({0}, metaclass={0}): ...\n",
    "a member": "from enum import Enum\nclass E(Enum):\n    A = {0}\n",
    "an alias": "from typing import TypeAlias, TypeVar\nA: TypeAlias = {0}\nT = TypeVar('T', bound={0})\ndef f(a: A, b: T): ...\n",
    "a field": "from dataclasses import dataclass, field\n@dataclass\nclass C:\n    a: {0} = {0}\n    b: int = field(default={0})\n",
    "exports": "__all__ = {0}\n__all__ += {0}\n",
    "a condition": "import sys\nif {0}:\n    x = 1\nif sys.version_info >= {0}:\n    y = 1\n",
    "a statement": "{0}\nwith {0} as a: ...\nfor b in {0}:\n    globals()[b] = {0}\n",
    "a method": "class A:\n    __slots__ = {0}\n    p = property({0})\n    def __init__(self):\n        self.a: {0} = {0}\n",
    "a lazy name": "def __getattr__(name):\n    if {0}:\n        return {0}\n    raise AttributeError\n",
    "newer syntax": "type A = {0}\ndef f[T: {0}](): ...\n",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_nests_is_read_or_told(expression: str, place: str) -> None:
    package = Package(name="pkg", ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=None)
    tree = MemoryTree({"pyproject.toml": '[project]\nname = "pkg"\nversion = "1"\n', "pkg/__init__.py": PLACES[place].format(EXPRESSIONS[expression])})
    [found] = read_part(tree, Part(reader="python", packages=(package,)), Config())
    assert found.items or found.blind
