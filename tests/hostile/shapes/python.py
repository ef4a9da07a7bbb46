"""One Python module that is large in some way."""

from __future__ import annotations

from tests.hostile.shapes import SURFACE, Files, Shape, module_of, nested, one, step, times


def _parameters(count: int, name: str) -> Files:
    return module_of(f"def f({', '.join(f'{name}{number}' for number in range(count))}): ...\n")


def _waivers(count: int) -> Files:
    table = times(count, lambda n: f'[[waivers]]\nrule = "name-removed"\nsymbol = "spam.f{n}"\nreason = "old"\n')
    return {**module_of(times(count, lambda n: f"def f{n}(): ...\n")), "lockstep.toml": table}


def _overloads(count: int) -> Files:
    return module_of("from typing import overload\n" + times(count, lambda n: f"@overload\ndef f(a: T{n}) -> T{n}: ...\n") + "def f(a): ...\n")


def _long_union(count: int, last: str) -> Files:
    return module_of(f"def f(a: {' | '.join(f'C{n}' for n in range(count))} | {last}): ...\n")


SHAPES: dict[str, Shape] = {
    "assignments in a module": one(lambda n: module_of(times(n, lambda i: f"v{i} = {i}\n")), SURFACE, 300, 4000),
    "assignments under a condition": one(
        lambda n: module_of("import os\nif os.name:\n    a = 0\nelse:\n" + times(n, lambda i: f"    v{i} = {i}\n")), SURFACE, 300, 4000
    ),
    "conditions in a row": one(lambda n: module_of("import os\n" + times(n, lambda i: f"if os.name == '{i}':\n    v = {i}\n")), SURFACE, 100, 2000),
    "conditions in a chain": one(
        lambda n: module_of("import os\nif os.name: ...\n" + times(n, lambda i: f"elif os.name == '{i}':\n    v = {i}\n")), SURFACE, 20, 100
    ),
    "attempts in a row": one(lambda n: module_of(times(n, lambda i: f"try:\n    import a{i} as m\nexcept ImportError:\n    m = None\n")), SURFACE, 100, 2000),
    "one name again and again": one(lambda n: module_of("def f(): ...\n" * n), SURFACE, 200, 4000),
    "deletions": one(lambda n: module_of(times(n, lambda i: f"v{i} = 1\ndel v{i}\n")), SURFACE, 200, 4000),
    "classes in a chain": one(lambda n: module_of("class C0: ...\n" + times(n, lambda i: f"class C{i + 1}(C{i}): ...\n")), SURFACE, 40, 500),
    "classes in a chain, with members": one(
        lambda n: module_of("class C0: ...\n" + times(n, lambda i: f"class C{i + 1}(C{i}):\n    def m{i}(self): ...\n")), SURFACE, 20, 200, square=True
    ),
    "classes with all bases": one(
        lambda n: module_of(
            times(n, lambda i: f"class B{i}:\n    a{i} = 1\n") + times(n, lambda i: f"class C{i}({', '.join(f'B{j}' for j in range(n))}): ...\n")
        ),
        SURFACE,
        10,
        32,
        square=True,
    ),
    "classes in diamonds": one(
        lambda n: module_of("class A0: ...\nclass B0: ...\n" + times(n, lambda i: f"class A{i + 1}(A{i}, B{i}): ...\nclass B{i + 1}(A{i}, B{i}): ...\n")),
        SURFACE,
        20,
        100,
    ),
    "classes in classes": one(lambda n: module_of(times(n, lambda i: "    " * i + f"class A{i}:\n") + "    " * n + "x = 1\n"), SURFACE, 10, 12, square=True),
    "methods of a class": one(lambda n: module_of("class C:\n" + times(n, lambda i: f"    def m{i}(self, a: int) -> None: ...\n")), SURFACE, 200, 4000),
    "attributes that methods set": one(
        lambda n: module_of("class C:\n    def __init__(self):\n" + times(n, lambda i: f"        self.a{i} = {i}\n")), SURFACE, 200, 4000
    ),
    "properties with setters": one(
        lambda n: module_of("class C:\n" + times(n, lambda i: f"    @property\n    def p{i}(self): ...\n    @p{i}.setter\n    def p{i}(self, v): ...\n")),
        SURFACE,
        100,
        2000,
    ),
    "fields of a dataclass": one(
        lambda n: module_of("from dataclasses import dataclass\n@dataclass\nclass C:\n" + times(n, lambda i: f"    f{i}: int = {i}\n")), SURFACE, 200, 2000
    ),
    "dataclasses in a chain": one(
        lambda n: module_of(
            "from dataclasses import dataclass\n@dataclass\nclass C0: ...\n" + times(n, lambda i: f"@dataclass\nclass C{i + 1}(C{i}):\n    f{i}: int = 0\n")
        ),
        SURFACE,
        20,
        100,
        square=True,
    ),
    "members of an enum": one(lambda n: module_of("from enum import Enum\nclass E(Enum):\n" + times(n, lambda i: f"    M{i} = {i}\n")), SURFACE, 200, 4000),
    "overloads of a function": one(_overloads, SURFACE, 100, 1000),
    "decorators of a function": one(lambda n: module_of(times(n, lambda i: f"@d{i}\n") + "def f(): ...\n"), SURFACE, 200, 4000),
    "calls that decorate in turn": one(
        lambda n: module_of("def d0(f): return f\n" + times(n, lambda i: f"@d{i}\ndef d{i + 1}(f): return f\n")), SURFACE, 100, 1000
    ),
    "functions in functions": one(lambda n: module_of(times(n, lambda i: " " * i + f"def f{i}():\n") + " " * n + "pass\n"), SURFACE, 20, 12, square=True),
    "parameters of a function": one(lambda n: _parameters(n, "a"), SURFACE, 200, 1000),
    "names in a list of exports": one(
        lambda n: module_of("__all__ = []\n" + times(n, lambda i: f"__all__ += ['f{i}']\ndef f{i}(): ...\n")), SURFACE, 300, 4000
    ),
    "one list of exports": one(
        lambda n: module_of(f"__all__ = [{', '.join(repr(f'f{i}') for i in range(n))}]\n" + times(n, lambda i: f"def f{i}(): ...\n")), SURFACE, 300, 4000
    ),
    "exports that are twice the last": one(
        lambda n: module_of("a0 = ['f']\n" + times(n, lambda i: f"a{i + 1} = a{i} + a{i}\n") + f"__all__ = a{n}\ndef f(): ...\n"), SURFACE, 20, 200
    ),
    "exports that are one more than the last": one(
        lambda n: module_of("a0 = []\n" + times(n, lambda i: f"a{i + 1} = a{i} + ['f{i}']\ndef f{i}(): ...\n") + f"__all__ = a{n}\n"),
        SURFACE,
        20,
        200,
    ),
    "aliases in a chain": one(lambda n: module_of("def a0(): ...\n" + times(n, lambda i: f"a{i + 1} = a{i}\n")), SURFACE, 100, 1000),
    "aliases of one class": one(
        lambda n: module_of("class A:\n" + times(n, lambda i: f"    def m{i}(self): ...\n") + times(n, lambda i: f"A{i} = A\n")), SURFACE, 20, 64, square=True
    ),
    "types that are twice the last": one(
        lambda n: module_of("A0 = list[int]\n" + times(n, lambda i: f"A{i + 1} = tuple[A{i}, A{i}]\n") + f"def f(x: A{n}): ...\n"), SURFACE, 20, 200
    ),
    "types in a type": one(lambda n: module_of("x: " + nested(n, "list[", "int", "]") + "\n"), SURFACE, 10, 24),
    "a type in quotes": one(lambda n: module_of(f"x: '{' | '.join(f'C{i}' for i in range(n))}'\n"), SURFACE, 100, 4000),
    "members of a union": one(lambda n: module_of(f"x: {' | '.join(f'C{i}' for i in range(n))}\n"), SURFACE, 100, 1000),
    "values of a Literal": one(lambda n: module_of(f"from typing import Literal\nx: Literal[{', '.join(map(str, range(n)))}]\n"), SURFACE, 300, 8000),
    "type variables": one(
        lambda n: module_of("from typing import TypeVar\n" + times(n, lambda i: f"T{i} = TypeVar('T{i}')\ndef f{i}(a: T{i}) -> T{i}: ...\n")),
        SURFACE,
        100,
        2000,
    ),
    "elements of a list": one(lambda n: module_of(f"x = [{', '.join(map(str, range(n)))}]\n"), SURFACE, 300, 50_000),
    "entries of a dictionary": one(lambda n: module_of(f"x = {{{', '.join(f'{i}: {i}' for i in range(n))}}}\n"), SURFACE, 300, 30_000),
    "characters of a literal": one(lambda n: module_of(f"x = '{'a' * n}'\n"), SURFACE, 0, 1_000_000),
    "digits of a number": one(lambda n: module_of(f"x = {'1' * n}\n"), SURFACE, 0, 20_000),
    "a hexadecimal number": one(lambda n: module_of(f"x = 0x{'1' * n}\n"), SURFACE, 0, 200_000),
    "a power": one(lambda n: module_of(f"x = {'9' * n} ** {'9' * n}\ny = 1 << {'9' * n}\nz = 'a' * {'9' * n}\n"), SURFACE, 0, 2),
    "parts of a literal": one(lambda n: module_of("x = (" + "'a' " * n + ")\n"), SURFACE, 300, 50_000),
    "parts of an f-string": one(lambda n: module_of("a = 1\nx = f'" + "{a}" * n + "'\n"), SURFACE, 300, 20_000),
    "terms of a sum": one(lambda n: module_of("x = " + "1 + " * n + "1\n"), SURFACE, 100, 200),
    "comparisons in a chain": one(lambda n: module_of("x = " + "1 < " * n + "1\n"), SURFACE, 300, 20_000),
    "attributes in a chain": one(lambda n: module_of("x = a" + ".a" * n + "\n"), SURFACE, 100, 100),
    "calls in a chain": one(lambda n: module_of("x = a" + "()" * n + "\n"), SURFACE, 100, 100),
    "brackets of Python": one(lambda n: module_of("x = " + nested(n, "(", "", ")") + "\n"), SURFACE, 500, 4000),
    "lambdas in lambdas": one(lambda n: module_of("x = " + "lambda: " * n + "1\n"), SURFACE, 100, 1000),
    "conditions in an expression": one(lambda n: module_of("x = " + "1 if a else " * n + "1\n"), SURFACE, 100, 100),
    "minus signs": one(lambda n: module_of("x = " + "-" * n + "1\n"), SURFACE, 100, 1000),
    "lone surrogates": one(lambda n: module_of("x = '" + "\\ud800" * n + "'\n__all__ = ['\\ud800', 'f']\ndef f(): ...\n"), SURFACE, 0, 50_000),
    "blank lines": one(lambda n: module_of("\n" * n + "x = 1\n"), SURFACE, 0, 500_000),
    "comments of Python": one(lambda n: module_of("# a\n" * n + "x = 1\n"), SURFACE, 0, 200_000),
    "characters of a name": one(lambda n: module_of(f"{'a' * n} = 1\n"), SURFACE, 0, 500_000),
    "lines of a docstring": one(lambda n: module_of('def f():\n    """A.\n\n' + "    Args:\n        a: b\n" * n + '    """\n'), SURFACE, 0, 50_000),
    "loops that make names": one(lambda n: module_of("for name in (" + times(n, lambda i: f"'a{i}', ") + "):\n    globals()[name] = 1\n"), SURFACE, 200, 4000),
    "loops in loops": one(
        lambda n: module_of("for a in range(9):\n    for b in range(9):\n        for c in 'ab':\n            globals()[f'x{a}{b}{c}'] = 1\n" * n),
        SURFACE,
        10,
        100,
    ),
    "updates of globals": one(lambda n: module_of("globals().update({" + times(n, lambda i: f"'a{i}': 1, ") + "})\n"), SURFACE, 200, 4000),
    "versions that are asked for": one(
        lambda n: module_of("import sys\n" + times(n, lambda i: f"if sys.version_info >= (3, {i}):\n    v{i} = 1\n")), SURFACE, 100, 2000
    ),
    "newer syntax": one(lambda n: module_of(times(n, lambda i: f"type A{i}[T = int] = list[T]\ndef f{i}[T](a: T) -> T: ...\n")), SURFACE, 100, 2000),
    "parameters that have other names": step(lambda n: _parameters(n, "a"), lambda n: _parameters(n, "b"), 300, 1000),
    "parameters that are gone": step(lambda n: _parameters(n, "a"), lambda _: _parameters(1, "b"), 300, 1000),
    "parameters that moved": step(
        lambda n: module_of(f"def f({', '.join(f'a{i}' for i in range(n))}): ...\n"),
        lambda n: module_of(f"def f({', '.join(f'a{i}' for i in reversed(range(n)))}): ...\n"),
        100,
        500,
    ),
    "names that are gone, each accepted": step(_waivers, lambda n: {**_waivers(n), "spam/__init__.py": ""}, 60, 500),
    "names that are gone": step(lambda n: module_of(times(n, lambda i: f"def f{i}(): ...\n")), lambda _: module_of(""), 100, 2000),
    "names that are renamed": step(
        lambda n: module_of(times(n, lambda i: f"def f{i}(a: int, b: str): ...\n")),
        lambda n: module_of(times(n, lambda i: f"def g{i}(a: int, b: str): ...\n")),
        100,
        1000,
    ),
    "functions that take more": step(
        lambda n: module_of(times(n, lambda i: f"def f{i}(): ...\n")), lambda n: module_of(times(n, lambda i: f"def f{i}(a): ...\n")), 100, 1000
    ),
    "overloads that are gone": step(_overloads, lambda _: module_of("def f(a): ...\n"), 50, 500),
    "overloads of other types": step(_overloads, lambda n: module_of(_overloads(n)["spam/__init__.py"].replace("-> T", "-> U")), 50, 500),
    "overloads that none takes over": step(
        lambda n: module_of(times(n, lambda i: f"class C{i}: ...\nclass D{i}: ...\n") + _overloads(n)["spam/__init__.py"].replace("T", "C")),
        lambda n: module_of(times(n, lambda i: f"class C{i}: ...\nclass D{i}: ...\n") + _overloads(n)["spam/__init__.py"].replace("T", "D")),
        100,
        500,
    ),
    "attributes of other types": step(
        lambda n: module_of(times(n, lambda i: f"v{i}: int = 0\n")), lambda n: module_of(times(n, lambda i: f"v{i}: str = ''\n")), 100, 1000
    ),
    "unions that differ": step(lambda n: _long_union(n, "X"), lambda n: _long_union(n, "Y"), 50, 500),
    "unions of lists that differ": step(
        lambda n: module_of(f"def f(a: {' | '.join(f'list[C{i}]' for i in range(n))}): ...\n"),
        lambda n: module_of(f"def f(a: {' | '.join(f'list[D{i}]' for i in range(n))}): ...\n"),
        50,
        250,
    ),
    "classes that lose a base": step(
        lambda n: module_of("class B: ...\n" + times(n, lambda i: f"class C{i}(B): ...\n")),
        lambda n: module_of("class B: ...\n" + times(n, lambda i: f"class C{i}: ...\n")),
        50,
        500,
    ),
}
