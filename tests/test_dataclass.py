"""A slotted dataclass that is made fast is the one that the standard library makes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from lockstep import dataclass


def made(by: Callable[..., Any], **options: bool) -> type[Any]:
    @by(frozen=True, slots=True, **options)
    class Egg:
        """An egg."""

        size: int
        name: str = "brown"
        notes: list[str] = field(default_factory=list, compare=False)
        hidden: int = field(default=3, repr=False)

        def heavy(self) -> bool:
            return self.size > 5

    Egg.__qualname__ = "Egg"
    return Egg


both = pytest.mark.parametrize("options", [{}, {"kw_only": True}, {"eq": False}, {"kw_only": True, "eq": False}], ids=str)


@both
def test_it_is_made_alike(options: dict[str, bool]) -> None:
    ours, theirs = made(dataclass.dataclass, **options), made(dataclasses.dataclass, **options)
    parameters = [[(one.name, one.kind, one.default is one.empty) for one in inspect.signature(cls).parameters.values()] for cls in (ours, theirs)]
    assert parameters[0] == parameters[1]
    assert ours.__slots__ == theirs.__slots__
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__doc__ == "An egg."
    assert [one.name for one in dataclasses.fields(ours)] == [one.name for one in dataclasses.fields(theirs)]


@both
def test_it_behaves_alike(options: dict[str, bool]) -> None:
    for cls in (made(dataclass.dataclass, **options), made(dataclasses.dataclass, **options)):
        one, same, other = cls(size=6), cls(size=6, notes=["fresh"]), cls(size=6, name="white")
        assert repr(one) == "Egg(size=6, name='brown', notes=[])"
        assert one.heavy()
        assert not hasattr(one, "__dict__")
        assert one.notes is not cls(size=6).notes
        assert (one == same, hash(one) == hash(same)) == (options.get("eq", True), options.get("eq", True))
        assert one != other
        assert one != "Egg"
        assert dataclasses.replace(one, name="white").name == "white"
        assert copy.copy(same).notes == ["fresh"]
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.size = 7
        with pytest.raises(dataclasses.FrozenInstanceError):
            del one.size
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):  # the standard library's slotted class says TypeError
            one.weight = 7
        with pytest.raises(TypeError):
            cls()
        with pytest.raises(TypeError):
            cls(size=1, colour="red")


@dataclass.dataclass(frozen=True, slots=True)
class Kept:
    value: int


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(3))) == Kept(3)
    match Kept(4):
        case Kept(value):
            assert value == 4


@dataclass.dataclass(slots=True, kw_only=True)
class Nest:
    eggs: list[str] = dataclass.field(default_factory=list)
    full: bool = dataclass.field(default=False, repr=False, compare=False)


def test_what_is_not_frozen_can_be_written_to() -> None:
    nest = Nest()
    nest.eggs.append("brown")
    nest.full = True
    assert nest == Nest(eggs=["brown"])
    assert repr(nest) == "Nest(eggs=['brown'])"
    assert dataclass.replace(nest, eggs=[]).full
    assert [one.name for one in dataclasses.fields(nest)] == ["eggs", "full"]
    with pytest.raises(TypeError, match="unhashable"):
        hash(nest)
    with pytest.raises(AttributeError):
        nest.weight = 3  # type: ignore[attr-defined]


def test_the_standard_library_knows_all_of_it_when_it_asks() -> None:
    @dataclass.dataclass(frozen=True, slots=True)
    class Fresh:
        name: str
        notes: list[str] = dataclass.field(default_factory=list, repr=False)

    assert dataclasses.is_dataclass(Fresh)
    first, second = dataclasses.fields(Fresh)
    assert (first.name, first.default, second.default_factory, second.repr) == ("name", dataclasses.MISSING, list, False)
    assert Fresh.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert dataclasses.asdict(Fresh("a")) == {"name": "a", "notes": []}
    assert dataclasses.replace(Fresh("a"), name="b") == dataclass.replace(Fresh("a"), name="b") == Fresh("b")

    @dataclasses.dataclass(frozen=True, slots=True)
    class Below(Fresh):
        more: int = 3

    assert Below("a") == Below("a", [], 3)
    assert repr(Below("a")).endswith("Below(name='a', more=3)")


def test_what_is_not_slotted_is_made_by_the_standard_library() -> None:
    @dataclass.dataclass
    class Pan:
        size: int = 3

    pan = Pan()
    pan.size = 4
    assert pan == Pan(4)
