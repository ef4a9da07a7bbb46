"""What a stub adds to what runs: types, overloads, names that are made when they are asked for.

A type checker reads the stub alone; Python reads the module alone. Where both say something, what exists and how it is called is the
module's word, the types are the stub's. Rust decides what a native module has, unless a part of it could not be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lockstep.surface import Blind, Item, ItemKind, Parameter, Signature, Trait
from lockstep.surfaces.python.annotations import short
from lockstep.surfaces.python.lines import attribute_line, function_line

_SAID_BY_STUBS = {Trait.DEPRECATED, Trait.FINAL, Trait.PROTOCOL, Trait.RUNTIME_CHECKABLE}
_VARIABLES = {ItemKind.ATTRIBUTE, ItemKind.PROPERTY}


def with_stubs(items: Mapping[str, Item], typed: Mapping[str, Item], blind: Sequence[Blind], native: frozenset[str], open_: frozenset[str]) -> dict[str, Item]:
    """Join the items of what runs and those of what type checkers read.

    `native` are the modules that Rust makes, `open_` those that make names when they are asked for.
    """
    unseen = tuple(one.symbol for one in blind)
    found: dict[str, Item] = {}
    for path, item in items.items():
        other = typed.get(path)
        if other is None or not _from_stub(other) or _from_stub(item):
            found[path] = item
        elif Trait.UNRESOLVED in item.traits and _may_be_there(other, native, unseen):
            found[path] = replace(other, stability=item.stability)
        else:
            found[path] = _joined(item, other)
    for path, other in typed.items():
        if path in items or not _from_stub(other):
            continue
        module = _module(other.origin, native)
        if module is None:
            made = _module(other.origin, open_) is not None
            found[path] = other if made else replace(other, traits=other.traits | {Trait.TYPING_ONLY})
        elif _may_be_there(other, native, unseen):
            found[path] = other
    return found


def stub_items(typed: Mapping[str, Item], native: frozenset[str]) -> dict[str, Item]:
    """Give what stubs say of native modules, at the paths where they are defined."""
    return {path: item for path, item in typed.items() if item.origin == path and _from_stub(item) and _module(path, native) is not None}


def _from_stub(item: Item) -> bool:
    return item.place.path.endswith(".pyi")


def _module(path: str, modules: frozenset[str]) -> str | None:
    """Give which of the modules a path lies in."""
    while path:
        if path in modules:
            return path
        path = path.rpartition(".")[0]
    return None


def _may_be_there(item: Item, native: frozenset[str], unseen: Sequence[str]) -> bool:
    """Say whether Rust may have what a stub says and could not be seen to have it; what no Rust is known for is the stub's word."""
    if _module(item.origin, native) is None:
        return True
    return any(item.origin == symbol or item.origin.startswith(f"{symbol}.") for symbol in unseen)


def _joined(item: Item, stub: Item) -> Item:
    traits = item.traits | (stub.traits & _SAID_BY_STUBS)
    if item.kind is ItemKind.FUNCTION and stub.kind is ItemKind.FUNCTION:
        call = _call(item.call, stub.call)
        written = function_line(item.name, _for_readers(call), asynchronous=Trait.ASYNC in traits)
        return replace(item, call=call, overloads=stub.overloads, type_parameters=stub.type_parameters, signature=written, traits=traits)
    if item.kind is ItemKind.CLASS and stub.kind is ItemKind.CLASS:
        return replace(
            item,
            call=_call(item.call, stub.call) if item.call else None,
            bases=item.bases or stub.bases,
            ancestors=item.ancestors or stub.ancestors,
            type_parameters=stub.type_parameters or item.type_parameters,
            signature=item.signature if item.bases else stub.signature,
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


def _call(call: Signature | None, stub: Signature | None) -> Signature | None:
    """Give the module's parameters with the stub's types."""
    if call is None or stub is None:
        return call or stub
    types = {one.name: one.annotation for one in stub.parameters}
    parameters = tuple(
        Parameter(name=one.name, kind=one.kind, default=one.default, annotation=types.get(one.name) or one.annotation) for one in call.parameters
    )
    return Signature(parameters=parameters, returns=stub.returns or call.returns)


def _for_readers(call: Signature | None) -> Signature | None:
    if call is None:
        return None
    parameters = tuple(replace(one, annotation=short(one.annotation) if one.annotation else None) for one in call.parameters)
    return Signature(parameters=parameters, returns=short(call.returns) if call.returns else None)
