"""What is said of each kind of thing: the line that a reader sees, types in full, traits."""

from __future__ import annotations

import sys

import pytest

from lockstep.surface import Item, ItemKind, ParameterKind, Trait
from tests.surfaces.python.reading import items, surface


def call(item: Item) -> list[str]:
    """Write how something is called: name, kind, default."""
    assert item.call is not None
    marks = {ParameterKind.POSITIONAL: "/", ParameterKind.KEYWORD: "*", ParameterKind.VAR_POSITIONAL: "*args", ParameterKind.VAR_KEYWORD: "**kwargs"}
    return [f"{one.name}{marks.get(one.kind, '')}" + (f"={one.default}" if one.default is not None else "") for one in item.call.parameters]


# ---- types


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("Optional[int]", "builtins.int | None"),
        ("Union[None, int, str, int]", "builtins.int | builtins.str | None"),
        ("'Optional[Hit]'", "pkg.Hit | None"),
        ("List['Hit']", "builtins.list[pkg.Hit]"),
        ("t.Dict[str, t.Any]", "builtins.dict[builtins.str, typing.Any]"),
        ("Sequence[int]", "collections.abc.Sequence[builtins.int]"),
        ("abc.Sequence[int]", "collections.abc.Sequence[builtins.int]"),
        ("te.Self", "typing.Self"),
        ("Callable[[int, 'Hit'], None]", "collections.abc.Callable[[builtins.int, pkg.Hit], None]"),
        ("Callable[..., int]", "collections.abc.Callable[..., builtins.int]"),
        ("Literal['a', 'Hit', 1]", "typing.Literal['a', 'Hit', 1]"),
        ("Annotated[int, 'metres']", "builtins.int"),
        ("tuple[int, ...]", "builtins.tuple[builtins.int, ...]"),
        ("np.ndarray", "numpy.ndarray"),
        ("Names", "builtins.list[builtins.str]"),
        ("Maybe", "builtins.list[builtins.str] | None"),
        ("Json", "pkg.Json"),
        ("Id", "pkg.Id"),
        ("T", "T"),
        ("Hit.Kind", "pkg.Hit.Kind"),
    ],
)
def test_a_type_is_written_in_full_and_one_way(written: str, resolved: str) -> None:
    head = """
        import collections.abc as abc
        import typing as t
        import typing_extensions as te
        from typing import Annotated, Callable, List, Literal, NewType, Optional, Sequence, TypeAlias, TypeVar, Union
        import numpy as np
        T = TypeVar("T")
        Names: TypeAlias = "List[str]"
        Maybe = Optional[Names]
        Json = Union[str, List["Json"]]
        Id = NewType("Id", int)
        class Hit:
            class Kind: ...
    """
    found = surface({"pkg/__init__.py": f"{head}\n        def f(x: {written}): ...\n"}).items["pkg.f"].call
    assert found is not None
    assert found.parameters[0].annotation == resolved


def test_a_class_is_named_by_its_public_name_wherever_it_is_defined() -> None:
    files = {"pkg/__init__.py": "from ._a import Hit, f\n", "pkg/_a.py": "class Hit: ...\ndef f() -> Hit: ...\n"}
    found = surface(files).items["pkg.f"].call
    assert found is not None
    assert found.returns == "pkg.Hit"


def test_a_name_of_a_class_that_is_no_type_is_passed_over() -> None:
    found = items("from datetime import date\nclass A:\n    date: date | None = None\n    def list(self) -> list[int]: ...\n")
    assert found["A.date"].annotation == "datetime.date | None"
    assert found["A.list"].call is not None
    assert found["A.list"].call.returns == "builtins.list[builtins.int]"


def test_the_line_for_readers_has_short_names_and_aliases_as_they_stand() -> None:
    text = "import numpy as np\nfrom typing import Optional\nPath = Optional[str]\n"
    text += "def search(query: np.ndarray, /, k: int = 10, *, path: Path = None) -> 'list[int]': ...\n"
    assert items(text)["search"].signature == "def search(query: ndarray, /, k: int = 10, *, path: Path = None) -> list[int]"
    assert items("class A(Exception): ...\n")["A"].signature == "class A(Exception)"
    assert items("LIMIT: int = 3\n")["LIMIT"].signature == "LIMIT: int = 3"


# ---- classes


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("class A:\n    def __init__(self, a, *, b=1): ...", ["a", "b*=1"]),
        ("class A:\n    def __new__(cls, a): ...", ["a"]),
        ("class A: ...", []),
        ("class B:\n    def __init__(self, a): ...\nclass A(B): ...", ["a"]),
        ("class M(type):\n    def __call__(cls, z): ...\nclass A(metaclass=M):\n    def __init__(self, a): ...", ["z"]),
        ("@dataclass\nclass A:\n    a: int\n    b: int = 1\n    c: ClassVar[int] = 2\n    d: list = field(default_factory=list)", ["a", "b=1", "d=list()"]),
        ("@dataclass\nclass A:\n    a: InitVar[int]\n    _: KW_ONLY\n    b: int\n    c: int = field(init=False)", ["a", "b*"]),
        ("@dataclass\nclass B:\n    a: int\n    b: int = 1\n@dataclass(kw_only=True)\nclass A(B):\n    a: str\n    c: int", ["b=1", "a*", "c*"]),
        ("@dataclass(init=False)\nclass A:\n    a: int", []),
        ("class A(NamedTuple):\n    a: int\n    b: str = ''", ["a", "b=''"]),
        ("A = namedtuple('A', 'a b', defaults=[1])", ["a", "b=1"]),
        ("A = NamedTuple('A', [('a', int), ('b', str)])", ["a", "b"]),
        ("class A(TypedDict, total=False):\n    a: Required[int]\n    b: str", ["a*", "b*=..."]),
        ("A = TypedDict('A', {'a': int}, total=True)", ["a*"]),
        ("@attrs.define\nclass A:\n    a: int\n    b: int = attrs.field(default=3, kw_only=True)", ["a", "b*=3"]),
    ],
)
def test_how_a_class_is_made(text: str, made: list[str]) -> None:
    head = "import attrs\nfrom collections import namedtuple\nfrom dataclasses import KW_ONLY, InitVar, dataclass, field\n"
    head += "from typing import ClassVar, NamedTuple, Required, TypedDict\n"
    assert call(items(head + text)["A"]) == made


def test_a_class_below_what_is_not_known_may_be_made_in_any_way() -> None:
    assert items("from other import B\nclass A(B): ...\n")["A"].call is None


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        ("class A(Enum):\n    X = 1", {Trait.ENUM}, {Trait.ABSTRACT}),
        ("class A(ABC):\n    @abstractmethod\n    def f(self): ...", {Trait.ABC, Trait.ABSTRACT}, {Trait.PROTOCOL}),
        ("class B(ABC):\n    @abstractmethod\n    def f(self): ...\nclass A(B):\n    def f(self): ...", {Trait.ABC}, {Trait.ABSTRACT}),
        ("class A(Protocol): ...", {Trait.PROTOCOL}, {Trait.DATACLASS}),
        ("@final\nclass A: ...", {Trait.FINAL}, {Trait.SLOTS}),
        ("class A:\n    __slots__ = ('a',)", {Trait.SLOTS}, set()),
        ("class B: ...\nclass A(B):\n    __slots__ = ()", set(), {Trait.SLOTS}),
        ("@dataclass(frozen=True, order=True)\nclass A:\n    a: int", {Trait.DATACLASS, Trait.FROZEN, Trait.ORDERED, Trait.EQUATED}, {Trait.UNHASHABLE}),
        ("@dataclass\nclass A:\n    a: int", {Trait.UNHASHABLE, Trait.EQUATED}, {Trait.ORDERED, Trait.FROZEN}),
        ("class A:\n    def __eq__(self, o): ...", {Trait.UNHASHABLE}, set()),
        ("class A:\n    def __eq__(self, o): ...\n    def __hash__(self): ...", {Trait.EQUATED}, {Trait.UNHASHABLE}),
        ("class A:\n    def __getattr__(self, name): ...", {Trait.DYNAMIC}, set()),
        ("@deprecated('no')\nclass A: ...", {Trait.DEPRECATED}, set()),
    ],
)
def test_the_traits_of_a_class(text: str, there: set[Trait], not_there: set[Trait]) -> None:
    head = "from abc import ABC, abstractmethod\nfrom dataclasses import dataclass\nfrom enum import Enum\n"
    head += "from typing import Protocol, final\nfrom typing_extensions import deprecated\n"
    found = items(head + text)["A"].traits
    assert there <= found
    assert not not_there & found


def test_what_a_class_descends_from() -> None:
    found = items("from typing import Generic, TypeVar\nT = TypeVar('T', bound=int)\nclass A(ValueError): ...\nclass B(A, Generic[T]): ...\n")
    assert found["B"].bases == ("pkg.A", "typing.Generic")
    assert found["B"].ancestors == ("pkg.A", "builtins.ValueError", "builtins.Exception", "builtins.BaseException", "typing.Generic")
    assert [(one.name, one.bound) for one in found["B"].type_parameters] == [("T", "builtins.int")]


# ---- members


@pytest.mark.parametrize(
    ("text", "kind", "traits"),
    [
        ("    async def x(self): ...", ItemKind.FUNCTION, {Trait.ASYNC}),
        ("    @staticmethod\n    def x(): ...", ItemKind.FUNCTION, {Trait.STATICMETHOD}),
        ("    @classmethod\n    def x(cls): ...", ItemKind.FUNCTION, {Trait.CLASSMETHOD}),
        ("    def x(self):\n        yield 1", ItemKind.FUNCTION, {Trait.GENERATOR}),
        ("    def x(self):\n        return [(yield_) for yield_ in ()]", ItemKind.FUNCTION, set()),
        ("    @contextmanager\n    def x(self):\n        yield", ItemKind.FUNCTION, {Trait.CONTEXTMANAGER, Trait.GENERATOR}),
        ("    @property\n    def x(self): ...", ItemKind.PROPERTY, set()),
        (
            "    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...\n    @x.deleter\n    def x(self): ...",
            ItemKind.PROPERTY,
            {"settable", "deletable"},
        ),
        ("    @cached_property\n    def x(self): ...", ItemKind.PROPERTY, {Trait.CACHED, Trait.SETTABLE, Trait.DELETABLE}),
        ("    def __init__(self):\n        self.x = 1", ItemKind.ATTRIBUTE, {Trait.INSTANCE, Trait.INFERRED}),
        ("    x: Final = 1", ItemKind.ATTRIBUTE, {Trait.FINAL, Trait.INFERRED}),
        ("    x: int", ItemKind.ATTRIBUTE, {Trait.INSTANCE}),
        ("    x: ClassVar[int] = 1", ItemKind.ATTRIBUTE, {Trait.CLASSVAR}),
        ("    @deprecated('no')\n    def x(self): ...", ItemKind.FUNCTION, {Trait.DEPRECATED}),
    ],
)
def test_the_members_of_a_class(text: str, kind: ItemKind, traits: set[str]) -> None:
    head = "from contextlib import contextmanager\nfrom functools import cached_property\n"
    head += "from typing import ClassVar, Final\nfrom warnings import deprecated\nclass A:\n"
    found = items(head + text)["A.x"]
    assert found.kind is kind
    assert found.traits - {Trait.INHERITED, "property"} == traits


def test_a_property_is_not_lost_to_what_the_constructor_sets() -> None:
    found = items("class A:\n    @property\n    def x(self): ...\n    @x.setter\n    def x(self, v): ...\n    def __init__(self):\n        self.x = 1\n")
    assert found["A.x"].kind is ItemKind.PROPERTY


def test_an_operator_that_is_another_method_is_that_method() -> None:
    found = items("class A:\n    def __add__(self, other: int): ...\n    __radd__ = __add__\n")
    assert found["A.__radd__"].origin == "pkg.A.__add__"
    assert call(found["A.__radd__"]) == ["other"]


def test_an_old_name_of_a_class_is_that_class() -> None:
    found = items("class New:\n    def f(self): ...\nOld = New\n")
    assert found["Old.f"].origin == "pkg.New.f"


def test_overloads() -> None:
    text = "from typing import overload\n@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a): ...\n"
    found = items(text)["f"]
    assert [one.returns for one in found.overloads] == ["builtins.int", "builtins.str"]
    assert call(found) == ["a"]


# ---- conditions


@pytest.mark.parametrize(
    ("text", "signature", "condition"),
    [
        ("import sys\nif sys.platform == 'win32':\n    def x(a): ...\n", "def x(a)", "sys.platform == 'win32'"),
        ("import sys\nif sys.platform == 'win32':\n    def x(a): ...\nelse:\n    def x(b): ...\n", "def x(a)", None),
        ("try:\n    from fast import x\nexcept ImportError:\n    def x(b): ...\n", None, None),
        ("x = None\nif y:\n    def x(a): ...\n", "def x(a)", "y"),
        ("def x(a): ...\ndef x(b): ...\n", "def x(b)", None),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    def x(a: int): ...\nelse:\n    x = make()\n", "def x(a: int)", None),
    ],
)
def test_a_name_under_a_condition(text: str, signature: str | None, condition: str | None) -> None:
    found = items("__all__ = ['x']\n" + text)["x"]
    assert signature is None or found.signature == signature
    assert found.condition == condition
    assert Trait.TYPING_ONLY not in found.traits


def test_a_name_for_type_checkers_alone() -> None:
    assert Trait.TYPING_ONLY in items("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    Text = str | bytes\n")["Text"].traits


# ---- newer syntax


@pytest.mark.parametrize("text", ["class A[T: int]:\n    def f[S](self, x: T, y: S) -> 'T': ...\n"])
def test_type_parameters_in_brackets(text: str) -> None:
    found = items(text)
    assert [(one.name, one.bound) for one in found["A"].type_parameters] == [("T", "builtins.int")]
    assert found["A.f"].call is not None
    assert [one.annotation for one in found["A.f"].call.parameters] == ["T", "S"]
    assert found["A.f"].call.returns == "T"


def test_a_type_statement_is_an_alias() -> None:
    found = items("type Pair[T] = tuple[T, T]\ndef f(x: Pair): ...\n")
    assert found["Pair"].kind is ItemKind.TYPE_ALIAS
    assert found["Pair"].annotation == "builtins.tuple[T, T]"


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="it is this Python's own syntax")
def test_what_is_new_inside_of_functions_goes_with_their_bodies() -> None:
    found = items("def f(a):\n    try:\n        pass\n    except A, B:\n        return f'{x['a']}'\nclass C:\n    def g(self): ...\n")
    assert found["f"].signature == "def f(a)"
    assert found["C.g"].place.line == 7
