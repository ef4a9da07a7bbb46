"""What the code that fills a module works with, as far as it matters here: modules, classes, functions, texts and lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass, field, replace
from lockstep.model import Place
from lockstep.surface import Blind
from lockstep.surfaces.pyo3.model import NativeClass, NativeMember, NativeModule
from lockstep.surfaces.rust_source.items import Text, content
from lockstep.surfaces.rust_source.module_tree import Item, Module
from lockstep.surfaces.rust_source.tokens import names, trees
from lockstep.surfaces.rust_source.types import RustType

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(slots=True, eq=False)
class Draft:
    """A module while it is filled."""

    name: str
    place: Place
    members: dict[str, NativeMember | Draft] = field(default_factory=dict)
    blind: list[Blind] = field(default_factory=list)
    condition: str | None = None

    def native(self, above: frozenset[int] = frozenset()) -> NativeModule:
        """Give the module as it is now; one that contains itself ends there."""
        inner = above | {id(self)}
        found: dict[str, NativeMember] = {}
        for name, member in self.members.items():
            if not isinstance(member, Draft):
                found[name] = member
            elif id(member) not in inner:
                found[name] = replace(member.native(inner), name=name)
        return NativeModule(name=self.name, place=self.place, members=found, blind=tuple(dict.fromkeys(self.blind)), condition=self.condition)

    def miss(self, place: Place, why: str, symbol: str = "", *, cut: bool = False) -> None:
        """Note that names may be missing here; `cut` says that reading stopped at a limit."""
        self.blind.append(Blind(symbol=symbol, place=place, why=why, cut=cut))


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the repository."""

    item: Item


@dataclass(frozen=True, slots=True)
class ExternalClass:
    """A class from elsewhere, by the name that PyO3 gives it."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class RustFunction:
    """A Rust function."""

    item: Item
    arguments: tuple[RustType, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Wrapped:
    """`wrap_pyfunction!(f)` or `wrap_pymodule!(m)`."""

    item: Item | Module


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A closure, with what it sees."""

    node: Node
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A class, a function or a constant as it hangs in a module."""

    owner: Draft
    name: str

    @property
    def native(self) -> NativeMember | Draft | None:
        """What hangs there now."""
        return self.owner.members.get(self.name)

    def put(self, member: NativeMember) -> None:
        """Add a member to the class, there alone; what is set on a function is no name of it."""
        if isinstance(native := self.native, NativeClass):
            self.owner.members[self.name] = replace(native, members={**native.members, member.name: member})


@dataclass(frozen=True, slots=True)
class String:
    """A text."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """An array, a tuple or a list of values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Struct:
    """A struct that holds values, modules perhaps; `type` is how the code writes its name."""

    type: tuple[str, ...]
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Code:
    """Any other value: its Rust text and, when it is known, its type."""

    text: str = ""
    type: str | None = None


Value: TypeAlias = Draft | Member | Class | ExternalClass | RustFunction | Wrapped | Closure | String | Series | Struct | Code
UNKNOWN = Code()


@dataclass(slots=True, eq=False)
class Scope:
    """What the code of one function sees."""

    module: Module
    text: Text
    variables: dict[str, Value] = field(default_factory=dict)
    types: dict[str, RustType | Item] = field(default_factory=dict)
    own: Item | None = None
    depth: int = 0
    condition: str | None = None
    ended: Ended | None = None
    """How the function ended before the code that is read now."""
    rest: str | None = None
    """What must hold for the function not to have ended: an earlier `return` stands under a condition."""


class Ended(StrEnum):
    """How a function ends before its last line."""

    RETURNED = "returned"
    FAILED = "failed"  # `return Err(...)`, `panic!`: there is no module then


TRANSPARENT = {
    "as_ref", "bind", "clone", "borrow", "borrow_mut", "as_borrowed", "to_owned", "into_any", "unbind", "into_py", "as_any", "unwrap", "expect",
    "as_gil_ref", "clone_ref", "into_bound", "into_ref", "as_mut", "to_object", "into_pyobject", "into_pyobject_or_pyerr", "into_py_any",
    "as_unbound", "downcast", "cast", "into", "dict", "iter", "into_iter", "iter_mut", "as_slice", "to_vec", "as_str", "to_string", "as_module",
    "ok", "transpose", "downcast_into", "cast_into", "copied", "cloned", "by_ref", "map_err", "with_context", "context", "__dict__",
    "into_boxed_slice", "detach", "as_bound", "into_inner", "deref", "leak",
}  # fmt: skip
"""Methods that give, for what matters here, what they are called on."""


def part(receiver: Value, name: str, arguments: Sequence[Value]) -> Value | None:
    """Give the part of a text or a list that a method takes: `name.split('.').last()`."""
    match receiver, name, arguments:
        case String(text=said), "split" | "rsplit", [String(text=separator) | Code(text=separator)] if separator.strip("'"):
            parts = said.split(separator.strip("'"))
            return Series(tuple(String(one) for one in (parts if name == "split" else parts[::-1])))
        case Series(values=values), "enumerate", []:
            return Series(tuple(Series((Code(str(index), "int"), one)) for index, one in enumerate(values)))
        case Series(values=values), "chain", [Series(values=others)]:
            return Series((*values, *others))
        case Series(values=(*_, last)), "last" | "next_back", []:
            return last
        case Series(values=(first, *_)), "first" | "next", []:
            return first
    return None


def holds_module(value: Value) -> bool:
    """Say whether a value is a module or a list with one."""
    return next(modules_in(value), None) is not None


def captured(closure: Closure) -> dict[str, Draft]:
    """Give the modules that the body of a closure names, by the names that it has for them."""
    words = set(names(trees(content(closure.node.child_by_field_name("body")))))
    return {name: value for name, value in closure.scope.variables.items() if name in words and isinstance(value, Draft)}


def miss(values: Iterable[Value], place: Place, why: str, *, cut: bool = False) -> None:
    """Tell the modules that values are or hold of something that is not read."""
    for value in values:
        for draft in modules_in(value):
            draft.miss(place, why, cut=cut)


def modules_in(value: Value) -> Iterator[Draft]:
    """Give the modules that a value is or holds."""
    if isinstance(value, Draft):
        yield value
    elif isinstance(value, Series):
        for one in value.values:
            yield from modules_in(one)
    elif isinstance(value, Struct):
        for one in value.fields.values():
            yield from modules_in(one)
