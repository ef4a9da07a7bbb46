"""What a stub adds to what runs: types, overloads, names that are made when they are asked for.

A type checker reads the stub alone; Python reads the module alone. Where both say something, what exists and how it is called is the
module's word, the types are the stub's. Rust decides what a native module has, unless a part of it could not be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lockstep.dataclass import replace
from lockstep.surface import Blind, Item, ItemKind, Parameter, Signature, Stability, Trait
from lockstep.surfaces.python.annotations import short
from lockstep.surfaces.python.declaration_lines import attribute_line, for_readers, function_line

_SAID_BY_STUBS = {Trait.DEPRECATED, Trait.FINAL, Trait.PROTOCOL, Trait.RUNTIME_CHECKABLE}
_VARIABLES = {ItemKind.ATTRIBUTE, ItemKind.PROPERTY}


class Stubs:
    """Joins `items` of what runs and `typed` of what type checkers read; `native` are the modules that Rust makes, `made` those that make names."""

    def __init__(self, items: Mapping[str, Item], typed: Mapping[str, Item], blind: Sequence[Blind], native: frozenset[str], made: frozenset[str]) -> None:
        self._items = items
        self._typed = {path: item for path, item in typed.items() if _from_stub(item)}
        self._blind = blind
        self._native = native
        self._made = made

    def joined(self) -> dict[str, Item]:
        """Give what there is, with the types of stubs."""
        found: dict[str, Item] = {}
        for path, item in self._items.items():
            other = self._typed.get(path)
            if other is None or _from_stub(item):
                found[path] = item
            elif Trait.UNRESOLVED in item.traits and self._may_be_there(other):
                found[path] = replace(other, stability=item.stability)
            else:
                found[path] = _joined(item, other)
        for path, other in self._typed.items():
            if path in found:
                continue
            if not self._is_native(path, other):
                made = _module(other.origin, self._made) is not None or self._is_below_a_stub(path, found)
                found[path] = other if made else replace(other, traits=other.traits | {Trait.TYPING_ONLY})
            elif self._may_be_there(other):
                found[path] = other
        return found

    def of_native(self) -> dict[str, Item]:
        """Give what stubs say of native modules and classes, at the paths where they say it; what a module's stub gives on is said there, too."""
        return {
            path: item for path, item in self._typed.items() if (item.origin == path and self._is_native(path, item)) or _module(path, self._native) is not None
        }

    def blind(self, joined: Mapping[str, Item]) -> tuple[Blind, ...]:
        """Give what is still not seen: a name that a stub tells is, and so is a module of which nothing was seen but what stubs tell.

        Where reading stopped, no stub helps: what would have been read is more than what is known.
        """
        told = {item.origin for path, item in self._items.items() if Trait.UNRESOLVED in item.traits and Trait.UNRESOLVED not in joined[path].traits}
        missed = {item.origin for item in joined.values() if Trait.UNRESOLVED in item.traits and item.stability is Stability.STABLE}
        return tuple(one for one in self._blind if one.cut or not self._is_told(one.symbol, told, missed))

    def _is_told(self, symbol: str, told: set[str], missed: set[str]) -> bool:
        known = self._items.get(symbol)
        named = known is not None and Trait.NATIVE not in known.traits and (Trait.UNRESOLVED in known.traits or known.kind is ItemKind.MODULE)
        if named and symbol in self._typed:
            return True
        below = f"{symbol}."
        if any(path.startswith(below) for path in self._items):
            return False
        return any(path.startswith(below) for path in told) and not any(path.startswith(below) for path in missed)

    def _is_native(self, path: str, item: Item) -> bool:
        if _module(item.origin, self._native) is not None:
            return True
        return any(Trait.NATIVE in known.traits for one in (path, path.rpartition(".")[0]) if (known := self._items.get(one)) is not None)

    def _may_be_there(self, item: Item) -> bool:
        """Say whether Rust may have what a stub says and could not be seen to have it; what no Rust is known for is the stub's word."""
        if not self._is_native(item.path, item):
            return True
        return any(item.origin == one.symbol or item.origin.startswith(f"{one.symbol}.") for one in self._blind)

    @staticmethod
    def _is_below_a_stub(path: str, found: Mapping[str, Item]) -> bool:
        """Say whether a name stands below one that only a stub tells."""
        return (above := found.get(path.rpartition(".")[0])) is not None and _from_stub(above) and Trait.TYPING_ONLY not in above.traits


def _from_stub(item: Item) -> bool:
    return item.place.path.endswith(".pyi")


def _module(path: str, modules: frozenset[str]) -> str | None:
    """Give which of the modules a path lies in."""
    while path:
        if path in modules:
            return path
        path = path.rpartition(".")[0]
    return None


def _joined(item: Item, stub: Item) -> Item:
    traits = item.traits | (stub.traits & _SAID_BY_STUBS)
    if item.kind is ItemKind.FUNCTION and stub.kind is ItemKind.FUNCTION:
        call = _call(item.call, stub.call)
        written = function_line(item.name, for_readers(call), asynchronous=Trait.ASYNC in traits)
        types = _types(item.call) if Trait.NATIVE in item.traits else ()
        return replace(item, call=call, overloads=stub.overloads, type_parameters=stub.type_parameters, types=types, signature=written, traits=traits)
    if item.kind is ItemKind.CLASS and stub.kind is ItemKind.CLASS:
        own = item.bases or Trait.NATIVE not in item.traits  # what a class of Python descends from stands in its source, also where that is nothing
        return replace(
            item,
            call=_call(item.call, stub.call) if item.call else None,
            types=_types(item.call) if Trait.NATIVE in item.traits else (),
            bases=item.bases if own else stub.bases,
            ancestors=item.ancestors if own else stub.ancestors,
            type_parameters=stub.type_parameters or item.type_parameters,
            signature=item.signature if own else stub.signature,
            traits=traits,
        )
    if item.kind in _VARIABLES and stub.kind in _VARIABLES:
        annotation = stub.annotation or item.annotation
        word = "property " if item.kind is ItemKind.PROPERTY else ""
        shown = short(annotation) if annotation and Trait.INFERRED not in item.traits | stub.traits else None
        if stub.annotation and Trait.INFERRED not in stub.traits:
            traits -= {Trait.INFERRED}
        return replace(item, annotation=annotation, signature=attribute_line(item.name, shown, item.value, word=word), traits=traits)
    if item.kind is ItemKind.ATTRIBUTE and item.annotation is None and item.call is None:
        return replace(stub, place=item.place, traits=stub.traits | traits, stability=item.stability)  # f = _make(): the stub knows what it is
    return item


def _types(call: Signature | None) -> tuple[str, ...]:
    """Give what Rust takes, for the stub may say something else."""
    return tuple(f"{one.name}: {one.annotation}" for one in call.parameters if one.annotation) if call is not None else ()


def _call(call: Signature | None, stub: Signature | None) -> Signature | None:
    """Give the module's parameters with the stub's types."""
    if call is None or stub is None:
        return call or stub
    types = {one.name: one.annotation for one in stub.parameters}
    parameters = tuple(
        Parameter(name=one.name, kind=one.kind, default=one.default, annotation=types.get(one.name) or one.annotation) for one in call.parameters
    )
    return Signature(parameters=parameters, returns=stub.returns or call.returns)
