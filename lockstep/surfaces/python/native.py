"""Native modules take their place among griffe's objects, so that `from ._native import X` finds X."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from lockstep.dataclass import replace
from lockstep.surface import Blind, Trait
from lockstep.surfaces.pyo3.model import Binding, NativeClass, NativeFunction, NativeMember, NativeModule, NativeValue
from lockstep.surfaces.python.exports import Exports
from lockstep.surfaces.python.recorder import Fact
from lockstep.surfaces.python.symbol_table import File, LoadedModule, SymbolTable

if TYPE_CHECKING:
    import griffe


def add_native(symbols: SymbolTable, name: str, native: NativeModule) -> None:
    """Take a native module under its dotted name, with what could not be seen of it."""
    import griffe  # noqa: PLC0415 - heavy

    if "" in name.split("."):
        symbols.blind.append(Blind(symbol=name.strip("."), place=native.place, why=f"{name!r} is not the name of a module"))
        return
    above, _, last = name.rpartition(".")
    module = griffe.Module(last, filepath=cast("Any", File(f"{last}.so")), parent=symbols.namespace(above) if above else None)
    symbols.put(name, LoadedModule(module, native.place.path, Exports(), stub=False, native=True))
    symbols.note(module, Fact(place=native.place, line=native.place.line, condition=native.condition, traits=frozenset({Trait.NATIVE})))
    symbols.blind += [replace(blind, symbol=f"{name}.{blind.symbol}" if blind.symbol else name) for blind in native.blind]
    _fill(symbols, module, native.members)
    _inherit(symbols, module, native.members)
    for key, member in native.members.items():
        if isinstance(member, NativeModule):
            outer = f"{above}.{key}"
            if above and _gives_on(symbols, above, name, key) and _is_free(symbols, outer, f"{name}.{key}"):
                alias = module.members[key] = griffe.Alias(key, outer, parent=module)
                symbols.note(alias, Fact(place=member.place, explicit=True))
                add_native(symbols, outer, member)
            else:
                add_native(symbols, f"{name}.{key}", member)


def _gives_on(symbols: SymbolTable, package: str, native: str, name: str) -> bool:
    """Say whether a package gives on a submodule of a native module that lies in it, under the same name."""
    found = symbols.modules.get(package)
    members = found.module.members.values() if found is not None and not found.stub else ()
    aliases = [cast("griffe.Alias", one) for one in members if one.is_alias]
    return any((one.name.endswith("/*") and one.target_path == native) or (one.name == name and one.target_path == f"{native}.{name}") for one in aliases)


def _is_free(symbols: SymbolTable, outer: str, inner: str) -> bool:
    """Say whether a submodule is known by its name in the package: no Python stands there, and no stub where Rust has it."""
    known = symbols.modules.get(outer)
    return (known is None or known.stub) and inner not in symbols.modules


def _fill(symbols: SymbolTable, scope: griffe.Module | griffe.Class, members: Mapping[str, NativeMember]) -> None:
    for name, member in members.items():
        thing = None if isinstance(member, NativeModule) else _thing(symbols, name, member)
        if thing is not None:
            thing.parent = scope
            scope.members[name] = thing
        if isinstance(member, NativeClass):
            _fill(symbols, cast("griffe.Class", thing), _below(member, name))


def _below(member: NativeClass, name: str) -> Mapping[str, NativeMember]:
    """Give the members of a class; those of an enum descend from it under the name that it has here."""
    if name == member.name:
        return member.members
    bases = (member.name,)
    return {key: replace(one, bases=(name,)) if isinstance(one, NativeClass) and one.bases == bases else one for key, one in member.members.items()}


def _inherit(symbols: SymbolTable, scope: griffe.Module, members: Mapping[str, NativeMember]) -> None:
    """Give classes what they have from bases that Python does not find beside them: of a helper's class that no module offers, the methods are still there.

    Constructors are not passed on.
    """
    for name, member in members.items():
        base = member.base if isinstance(member, NativeClass) else None
        while base is not None:
            cls = cast("griffe.Class", scope.members[name])
            if not all(isinstance(one, str) for one in symbols.bases(cls)):
                break
            _fill(symbols, cls, {key: one for key, one in base.members.items() if key not in cls.members and key != "__new__"})
            symbols.fact(cls).bases = base.bases
            base = base.base


def _thing(symbols: SymbolTable, name: str, member: NativeFunction | NativeValue | NativeClass) -> griffe.Class | griffe.Function | griffe.Attribute:
    import griffe  # noqa: PLC0415 - heavy

    traits = {Trait.NATIVE} | ({Trait.DEPRECATED} if member.deprecated is not None else set())
    fact = Fact(place=member.place, line=member.place.line, condition=member.condition, deprecation=member.deprecated or "")
    thing: griffe.Class | griffe.Function | griffe.Attribute
    match member:
        case NativeClass(final=final, frozen=frozen):
            thing = griffe.Class(name)
            traits |= ({Trait.FINAL} if final else set()) | ({Trait.FROZEN} if frozen else set())
            fact.bases = member.bases
            maker = member.members.get("__new__")
            fact.call = maker.call if isinstance(maker, NativeFunction) else None
        case NativeFunction(binding=binding, asynchronous=asynchronous):
            thing = griffe.Function(name)
            traits |= {Trait.ASYNC} if asynchronous else set()
            if binding in (Binding.CLASSMETHOD, Binding.STATICMETHOD):
                thing.labels.add(binding.value)
            fact.call = member.call
        case NativeValue(field=field, settable=settable):
            thing = griffe.Attribute(name)
            thing.labels |= {"property"} if field else set()
            traits |= {Trait.SETTABLE} if settable else set()
            fact.annotation, fact.value = member.annotation, member.value
    fact.traits = frozenset(traits)
    symbols.note(thing, fact)
    return thing
