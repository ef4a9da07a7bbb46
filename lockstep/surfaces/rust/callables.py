"""Functions and methods: how they are called, as parameters without names."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.surface import Parameter, ParameterKind, RustFact, Signature
from lockstep.surfaces.rust.spelling import renamed, spelled
from lockstep.surfaces.rust_source.conditions import Build
from lockstep.surfaces.rust_source.items import content, members

if TYPE_CHECKING:
    from tree_sitter import Node

RECEIVER = "self"
"""The name of the parameter that is the receiver; the others have none."""

_SHORT = {"Self": "self", "&Self": "&self", "&mut Self": "&mut self"}


def call(node: Node, build: Build, names: Mapping[str, str]) -> tuple[Signature, tuple[Node | None, ...]]:
    """Read parameters and result, and where their types are written, without the receiver's; `names` are what generic parameters are called here.

    A function without a result has nothing in its place.
    """
    parameters = node.child_by_field_name("parameters")
    return _call(node, build if "cfg" in content(parameters) else None, tuple(names.items()))


@lru_cache(maxsize=65_536)
def _call(node: Node, build: Build | None, named: tuple[tuple[str, str], ...]) -> tuple[Signature, tuple[Node | None, ...]]:
    """Read a call, once for all crates that give the function to their users; no `build` where all have the same."""
    names = dict(named)
    found: list[Parameter] = []
    types: list[Node | None] = []
    for one, attributes in members(node.child_by_field_name("parameters"), build or Build()):
        if attributes.condition is not None:
            continue
        match one.type:
            case "self_parameter":
                found.append(_parameter(RECEIVER, spelled(content(one)).removeprefix("mut ")))
                continue
            case "variadic_parameter":
                found.append(Parameter(name="", kind=ParameterKind.VAR_POSITIONAL, annotation="..."))
                types.append(None)
                continue
            case "parameter":
                written_type, pattern = one.child_by_field_name("type"), one.child_by_field_name("pattern")
            case _:  # a type alone, in a trait of the edition of 2015
                written_type, pattern = one, None
        kind = renamed(spelled(content(written_type)), names)
        if pattern is not None and content(pattern).split()[-1:] == ["self"]:
            found.append(_parameter(RECEIVER, _SHORT.get(kind, f"self: {kind}")))
        else:
            found.append(_parameter("", kind))
            types.append(written_type)
    result = node.child_by_field_name("return_type")
    returns = renamed(spelled(content(result)), names) if result is not None else "()"
    return Signature(parameters=tuple(found), returns=returns), (*types, result)


def _parameter(name: str, annotation: str) -> Parameter:
    return Parameter(name=name, kind=ParameterKind.POSITIONAL, annotation=annotation)


@lru_cache(maxsize=65_536)
def facts(node: Node) -> frozenset[str]:
    """Give what its modifiers say."""
    held = next((child for child in node.children[:4] if child.type == "function_modifiers"), None)
    found: set[str] = set()
    for child in held.children if held is not None else ():
        match child.type:
            case "unsafe":
                found.add(RustFact.UNSAFE)
            case "const":
                found.add(RustFact.CONST)
            case "async":
                found.add(RustFact.ASYNC)
            case "extern_modifier":
                found.add(_abi(child))
            case _:
                pass
    return frozenset(found)


def _abi(modifier: Node) -> str:
    return f"{RustFact.ABI} {content(modifier).removeprefix('extern').strip().strip(chr(34)) or 'C'}"


def imported(node: Node, block: Node) -> set[str]:
    """Give what an `extern` block says of an import: it is used in `unsafe` alone, unless it is called `safe`, a word that the grammar does not know.

    Source: https://doc.rust-lang.org/reference/items/external-blocks.html#functions
    """
    modifier = next(child for child in block.children if child.type == "extern_modifier")
    safe = any(child.is_error and content(child) == "safe" for child in node.children[:4])
    return {_abi(modifier)} if safe else {_abi(modifier), RustFact.UNSAFE}


def written(name: str, generics: str, said: Signature, modifiers: AbstractSet[str]) -> str:
    """Write a signature for readers."""
    words = [word.value for word in (RustFact.CONST, RustFact.ASYNC, RustFact.UNSAFE) if word in modifiers]
    words += [f'extern "{one.partition(" ")[2]}"' for one in sorted(modifiers) if one.startswith(f"{RustFact.ABI} ")]
    inside = ", ".join(one.annotation or "" for one in said.parameters)
    result = f" -> {said.returns}" if said.returns not in (None, "()") else ""
    return " ".join([*words, f"fn {name}{generics}({inside}){result}"])
