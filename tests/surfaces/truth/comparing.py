"""How a native module as it was read agrees with the compiled one."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from lockstep.surface import Signature
from lockstep.surfaces.pyo3.model import NativeClass, NativeFunction, NativeMember, NativeModule, NativeValue

QUIET = {"__new__"}
"""A class without a constructor shows none, or one that refuses: it is compared by its signature alone."""


@dataclass
class Score:
    """What agrees and what does not; a miss is `silent` when no blind spot accounts for it."""

    found: int = 0
    names: int = 0
    equal: int = 0
    compared: int = 0
    missing: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def compare(compiled: Mapping[str, Any], module: NativeModule, score: Score) -> None:
    """Compare a module and all below it."""
    _members(compiled, module.members, "", _blind(module, ""), score)


def _blind(module: NativeModule, prefix: str) -> tuple[str, ...]:
    """Give the symbols that are blind, as paths from the top."""
    own = tuple(f"{prefix}{one.symbol}".strip(".") for one in module.blind)
    inner = (_blind(one, f"{prefix}{name}.") for name, one in module.members.items() if isinstance(one, NativeModule))
    return tuple(symbol for found in (own, *inner) for symbol in found)


def _members(compiled: Mapping[str, Any], members: Mapping[str, NativeMember], prefix: str, blind: tuple[str, ...], score: Score) -> None:
    for name, one in compiled["members"].items():
        path = f"{prefix}{name}"
        member = members.get(name)
        if name in QUIET:
            if isinstance(member, NativeFunction):
                _signature(one, member, path, score)
            continue
        score.names += 1
        if member is None or not _alike(one, member):
            score.missing.append(path if member is None else f"{path} (is a {one['kind']})")
            if not any(not symbol or path == symbol or path.startswith(f"{symbol}.") for symbol in blind):
                score.silent.append(path)
            continue
        score.found += 1
        if isinstance(member, NativeFunction):
            _signature(one, member, path, score)
        elif isinstance(member, NativeClass | NativeModule) and "members" in one:
            _members(one, member.members, f"{path}.", blind, score)
    for name, member in members.items():
        hidden = name in QUIET or name in ("__dict__", "__weakref__", "__doc__", "__all__")
        if name not in compiled["members"] and not hidden:
            score.false.append(f"{prefix}{name}" + (f" (if {member.condition})" if member.condition else ""))


def _alike(one: Mapping[str, Any], member: NativeMember) -> bool:
    match one["kind"]:
        case "class":
            return isinstance(member, NativeClass)
        case "module":
            return isinstance(member, NativeModule)
        case "function":
            return isinstance(member, NativeFunction) or (isinstance(member, NativeValue) and member.annotation == "typing.Any")
        case "property":
            return isinstance(member, NativeValue) and member.field
    return isinstance(member, NativeValue) and not member.field


def _signature(one: Mapping[str, Any], member: NativeFunction, path: str, score: Score) -> None:
    compiled = one.get("parameters")
    if compiled is None or member.text_signature is not None or member.slot:
        return
    score.compared += 1
    call = member.call
    if call is not None and len(call.parameters) == len(compiled) and all(map(_same, compiled, _written(call))):
        score.equal += 1
    else:
        score.different.append(f"{path}: compiled {compiled}, read {_written(call) if call else None}")


def _written(call: Signature) -> list[list[str | None]]:
    kinds = {"positional": "positional_only", "keyword": "keyword_only"}
    return [[one.name, kinds.get(one.kind.value, one.kind.value), one.default] for one in call.parameters]


def _same(compiled: list[str | None], written: list[str | None]) -> bool:
    if compiled[:2] != written[:2] or (compiled[2] is None) != (written[2] is None):
        return False
    try:
        return compiled[2] in (None, "...", written[2]) or ast.literal_eval(str(compiled[2])) == ast.literal_eval(str(written[2]))
    except (ValueError, SyntaxError):
        return False
