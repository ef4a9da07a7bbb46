"""Wildcard imports, each replaced by the names that it brings.

A name of another distribution that a module without `__all__` imports for itself is brought too, and nobody is promised it.

Source: https://docs.python.org/3/reference/simple_stmts.html#the-import-statement;
https://typing.python.org/en/latest/spec/distributing.html#import-conventions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lockstep.model import Place
from lockstep.surface import Blind
from lockstep.surfaces.python.export_table import ExportTable
from lockstep.surfaces.python.recorder import Fact, is_nothing
from lockstep.surfaces.python.symbol_table import LoadedModule, SymbolTable

if TYPE_CHECKING:
    import griffe

    from lockstep.surfaces.python.symbol_table import Name


def expand_wildcards(symbols: SymbolTable, exports: ExportTable) -> None:
    """Replace every wildcard import by the names that it brings; to be called when all modules are read."""
    for name in symbols.modules:  # try: from pkg import speedups / except ImportError: speedups = None, of which griffe drops the first
        above, _, last = name.rpartition(".")
        found = symbols.modules[above].module.members.get(last) if above in symbols.modules else None
        if found is not None and not found.is_alias and found.is_attribute and is_nothing(symbols.fact(found).node):
            del symbols.modules[above].module.members[last]
    done: set[str] = set()
    for name in list(symbols.modules):
        _expand(name, done, symbols, exports)


def _expand(name: str, done: set[str], symbols: SymbolTable, exports: ExportTable) -> None:
    if name in done:
        return
    done.add(name)
    module = symbols.modules[name].module
    if not any("/" in member for member in module.members):
        return
    members: dict[str, Name] = {}
    for key, member in module.members.items():
        if "/" not in key:
            if (known := members.get(key)) is None or (symbols.fact(known).line or 0) < (symbols.fact(member).line or 0):
                members.pop(key, None)
                members[key] = member
            continue
        alias = cast("griffe.Alias", member)
        source = symbols.modules[alias.target_path].module if alias.target_path in symbols.modules else symbols.find(alias.target_path)
        if isinstance(source, str) or source is None or not source.is_module:
            if symbols.modules[name].exports.names is not None:
                continue  # what it gives on is in its `__all__`
            symbols.blind.append(
                Blind(
                    symbol=name,
                    place=Place(path=symbols.modules[name].path, line=symbols.fact(alias).line),
                    why=f"what `from {alias.target_path} import *` brings is not known",
                )
            )
            continue
        _expand(source.path, done, symbols, exports)
        for brought in exports.wildcard_names(source.path):
            line = symbols.fact(alias).line
            if (known := members.get(brought)) is not None and (symbols.fact(known).line or 0) > (line or 0):
                continue
            origin = source.members.get(brought)
            target = cast("griffe.Alias", origin).target_path if origin is not None and origin.is_alias else f"{source.path}.{brought}"
            if target == f"{name}.{brought}":
                continue  # it comes home
            members.pop(brought, None)
            promised = exports.exported(source.path) is not None or not _is_for_itself(symbols, origin, symbols.modules[source.path])
            members[brought] = _import(symbols, brought, target, module, symbols.fact(alias), promised=promised)
    module.members.clear()
    module.members.update(members)


def _is_for_itself(symbols: SymbolTable, origin: Name | None, loaded: LoadedModule) -> bool:
    """Say whether a module imports a name of others for itself alone."""
    if origin is None or not origin.is_alias or symbols.is_given_on(cast("griffe.Alias", origin), loaded):
        return False
    return isinstance(symbols.follow(origin), str)


def _import(symbols: SymbolTable, name: str, target: str, module: griffe.Module, fact: Fact, *, promised: bool) -> griffe.Alias:
    import griffe  # noqa: PLC0415 - heavy

    alias = griffe.Alias(name, target, lineno=fact.line, parent=module)
    symbols.note(alias, Fact(node=fact.node, line=fact.line, condition=fact.condition, guarded=fact.guarded, explicit=promised))
    return alias
