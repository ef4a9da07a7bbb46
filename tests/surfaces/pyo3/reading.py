"""What is read from a small crate, as lines that a test can hold against what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lockstep.surface import Blind, ParameterKind, Signature
from lockstep.surfaces.pyo3 import native_modules
from lockstep.surfaces.pyo3.model import Binding, NativeClass, NativeFunction, NativeMember, NativeModule, NativeValue
from lockstep.tree import MemoryTree


def cargo(pyo3: str = "0.25", **extra: str) -> str:
    features = "".join(f"{name} = {value}\n" for name, value in extra.items())
    return f'[package]\nname = "native"\nversion = "1.0.0"\nedition = "2021"\n[lib]\nname = "native"\n[dependencies]\npyo3 = "{pyo3}"\n[features]\n{features}'


def read(source: str | Mapping[str, str], *, pyo3: str = "0.25", name: str | None = None, **features: str) -> NativeModule:
    files = {"src/lib.rs": source} if isinstance(source, str) else dict(source)
    tree = MemoryTree({"Cargo.toml": cargo(pyo3, **features), ".github/workflows/release.yml": "run: maturin publish\n", **files})
    (module,) = native_modules(tree, "Cargo.toml", name=name)
    return module


def shown(module: NativeModule) -> list[str]:
    return [*_members(module.members, ""), *(f"? {one.symbol or '.'} {one.place.path}:{one.place.line or 0}" for one in _blind(module))]


def _blind(module: NativeModule) -> Iterator[Blind]:
    yield from module.blind
    for name, member in module.members.items():
        if isinstance(member, NativeModule):
            yield from (replace(one, symbol=f"{name}.{one.symbol}".rstrip(".")) for one in _blind(member))


def _members(members: Mapping[str, NativeMember], prefix: str) -> Iterator[str]:
    for name, member in members.items():
        path = f"{prefix}{name}"
        condition = f" if {member.condition}" if member.condition else ""
        match member:
            case NativeFunction():
                kind = {Binding.CLASSMETHOD: "classmethod ", Binding.STATICMETHOD: "static "}.get(member.binding, "")
                kind = "async " + kind if member.asynchronous else kind
                yield f"{kind}{path}{signature(member.call)}{condition}"
            case NativeValue(field=True):
                yield f"{'field' if member.settable else 'getter'} {path}: {member.annotation}{condition}"
            case NativeValue():
                yield f"{path}: {member.annotation or '?'} = {member.value}{condition}"
            case NativeClass():
                yield f"class {path}({', '.join(member.bases)}){condition}"
                yield from _members(member.members, f"{path}.")
            case NativeModule():
                yield f"module {path}{condition}"
                yield from _members(member.members, f"{path}.")


def signature(call: Signature | None) -> str:
    if call is None:
        return "(?)"
    out: list[str] = []
    before: ParameterKind | None = None
    for one in call.parameters:
        if before is ParameterKind.POSITIONAL and one.kind is not before:
            out.append("/")
        if one.kind is ParameterKind.KEYWORD and before not in (ParameterKind.KEYWORD, ParameterKind.VAR_POSITIONAL):
            out.append("*")
        stars = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}.get(one.kind, "")
        annotation = f": {one.annotation}" if one.annotation else ""
        default = f" = {one.default}" if one.default is not None else ""
        out.append(f"{stars}{one.name}{annotation}{default}")
        before = one.kind
    if before is ParameterKind.POSITIONAL:
        out.append("/")
    return f"({', '.join(out)})" + (f" -> {call.returns}" if call.returns else "")
