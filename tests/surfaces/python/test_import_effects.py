"""What a module's code does to names beside defining them: found, or told as blind."""

from __future__ import annotations

import pytest

from lockstep.surface import ItemKind, Trait
from tests.surfaces.python.reading import items, surface

F = "def f(a): ...\n"
C = "class C:\n    def m(self): ...\n    def n(self): ...\n"


def blind(text: str) -> list[tuple[str, int | None]]:
    return [(one.symbol, one.place.line) for one in surface({"pkg/__init__.py": text}).blind]


def test_what_is_deleted_of_a_thing_leaves_the_thing() -> None:
    found = items(f"{C}TABLE = {{'x': 1}}\na = b = c = 1\ndel C.m, TABLE['x']\ndel (a, [b])\n")
    assert {"C", "C.n", "TABLE", "c"} <= set(found)
    assert not {"C.m", "a", "b"} & set(found)


@pytest.mark.parametrize(
    "again",
    [
        "for f in (1, 2): ...",
        "for _, (f, *g) in (): ...",
        "with open('x') as f: ...",
        "(f := 3)",
        "x = [f := 1]",
        "match x:\n    case {'a': f}: ...",
        "if (f := x): ...",
    ],
)
def test_a_name_that_is_bound_again_is_no_function(again: str) -> None:
    assert items(F + again)["f"].kind is ItemKind.ATTRIBUTE


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("try:\n    x\nexcept E as f:\n    pass", "pkg.f"),
        ("if x:\n    for f in y: ...", "pkg.f"),
        ("globals().pop('f')", "pkg.f"),
        ("del globals()['f']", "pkg.f"),
        ("vars()['f'] = 1", "pkg.f"),
        ("globals().update(x)", "pkg"),
        ("globals()[x] = 1", "pkg"),
        ("exec(x)", "pkg"),
        ("y = eval(x)", "pkg"),
        ("exec(x, globals())", "pkg"),
        ("exec('def f(:')", "pkg"),
        ("if x:\n    exec('def f(): ...')", "pkg.f"),
        ("def g():\n    global f\n    f = 1\ng()", "pkg.f"),
        ("raise ImportError", "pkg"),
        ("assert False", "pkg"),
        ("import sys\nsys.exit(1)", "pkg"),
        (f"{C}C.m = g()", "pkg.C.m"),
        (f"{C}setattr(C, x, 1)", "pkg.C"),
        (f"{C}if x:\n    del C.m", "pkg.C.m"),
    ],
)
def test_what_cannot_be_told_is_blind(code: str, symbol: str) -> None:
    assert [one for one, _ in blind(f"{F}{code}\n")] == [symbol]


TEXTS = ("exec(x, {})", "exec(x, names, names)", "y = eval('x + 1')", "try:\n    exec('async def _(): ...')\nexcept SyntaxError:\n    pass")


@pytest.mark.parametrize(
    "code", ["if x:\n    raise E", "try:\n    x\nexcept E:\n    raise", "def g(): raise E", "x = {}\nx.update(y)", "for i in y: ...", *TEXTS]
)
def test_what_is_ordinary_is_not_blind(code: str) -> None:
    assert blind(f"{F}{code}\n") == []


def test_what_is_set_on_a_class_is_its_member() -> None:
    found = items(f"{C}def g(self, k): ...\nC.m = None\nsetattr(C, 'n', g)\nC.o = 1\n")
    assert found["C.m"].kind is ItemKind.ATTRIBUTE
    assert found["C.n"].signature == "def n(k)"
    assert found["C.o"].value == "1"
    assert items(f"{C}C.m = C.made(1)\n")["C.m"].kind is ItemKind.FUNCTION  # and blind
    assert items(f"{C}C.p = C.made(1)\n")["C.p"].value == "C.made(1)"
    static = items(f"{C}def g(k): ...\nC.m = staticmethod(g)\n")["C.m"]
    assert (static.signature, "staticmethod" in static.traits) == ("def m(k)", True)
    assert "C.n" not in items(f"{C}delattr(C, 'n')\n")
    assert "C.m" not in items(f"{C}    del m\n")


def test_constant_conditions_are_decided() -> None:
    found = items("if False:\n    def f(): ...\nelse:\n    def g(): ...\nif 0:\n    h = 1\nif True:\n    i = 1\n")
    assert {"f", "h"}.isdisjoint(found)
    assert found["g"].condition is found["i"].condition is None


def test_what_stands_behind_an_import_that_may_fail_has_a_condition() -> None:
    assert items("try:\n    import nosuch\n    def f(): ...\nexcept ImportError:\n    pass\n")["f"].condition == "try import nosuch"
    assert items("try:\n    import nosuch\n    def f(): ...\nexcept ImportError:\n    raise\n")["f"].condition is None
    assert items("try:\n    import nosuch\n    A = 1\nexcept ImportError:\n    A = 2\n")["A"].condition is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return lambda: None", True),
        ("fn()", True),
        ("def inner(b): ...\n    return inner", True),
        ("return fn", False),
        ("def inner(*args, **kwargs): ...\n    return inner", False),
        ("@wraps(fn)\n    def inner(b): ...\n    return inner", False),
        ("return cache(fn)", False),
    ],
)
def test_a_decorator_that_puts_another_function_in_its_place_is_told(body: str, told: bool) -> None:  # noqa: FBT001 - a case
    assert [one for one, _ in blind(f"def deco(fn):\n    {body}\n@deco\n{F}")] == ["pkg.f"] * told


@pytest.mark.parametrize(
    "code",
    [
        "C.k = C()",
        "C._k = g()",
        "class D:\n    k: int\nD.k = g()",
        "for name in ('j', 'k'): setattr(C, name, 1)",
        "for name, value in [('j', 1), ('k', None)]: setattr(C, name, value)",
    ],
)
def test_what_is_set_on_a_class_is_seen(code: str) -> None:
    assert blind(f"{C}{code}\n") == []


def test_a_loop_over_literals_binds_what_it_says() -> None:
    found = items(f"{C}for name in ('j', 'k'):\n    setattr(C, name, 1)\n    globals()[name] = 2\n    if x: ...\n")
    assert {"C.j", "C.k", "j", "k"} <= set(found)
    assert found["C.k"].value == "1"


@pytest.mark.parametrize(
    "loop",
    [
        "for n in ('m', 'n'):\n    n = g(n)\n    setattr(C, n, 1)",
        "for n in ('m', 'n'):\n    setattr(C, n, 1)\n    break",
        "for n in ('m', *x): setattr(C, n, 1)",
        "for n in x: setattr(C, n, 1)",
        f"for n in ({'x, ' * 200}):\n    for k in ({'x, ' * 200}): setattr(C, n, k)",
    ],
)
def test_a_loop_that_is_not_all_literals_is_blind(loop: str) -> None:
    assert {one for one, _ in blind(f"{C}{loop}\n")} == {"pkg.C"}


@pytest.mark.parametrize("code", ["del C.__slots__", "delattr(C, '__slots__')", "C.__slots__ = g()"])
def test_slots_that_are_deleted_afterwards_are_slots(code: str) -> None:
    found = surface({"pkg/__init__.py": f"class C:\n    __slots__ = ('a',)\n{code}\n"})
    assert Trait.SLOTS in found.items["pkg.C"].traits
    assert found.blind == ()


def test_code_that_is_written_out_in_a_text_stands_in_the_place_of_its_call() -> None:
    found = items("exec('def f(a): ...\\nclass C:\\n    x = 1')\n")
    assert found["f"].signature == "def f(a)"
    assert found["C.x"].value == "1"
