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
    from collections.abc import Mapping

    import griffe

    from lockstep.surfaces.python.symbol_table import Name


def expand_wildcards(symbols: SymbolTable, exports: ExportTable) -> None:
    """Replace every wildcard import by the names that it brings; to be called when all modules are read."""
    for name in symbols.modules:  # try: from pkg import speedups / except ImportError: speedups = None, of which griffe drops the first
        above, _, last = name.rpartition(".")
        found = symbols.modules[above].module.members.get(last) if above in symbols.modules else None
        if found is not None and not found.is_alias and found.is_attribute and is_nothing(symbols.fact(found).node):
            del symbols.modules[above].module.members[last]
    expansion = _Expansion(symbols, exports)
    for name in list(symbols.modules):
        expansion.expand(name)


class _Expansion:
    """The modules whose wildcard imports are replaced, or are being replaced, and the names that each brings to who imports all of it."""

    def __init__(self, symbols: SymbolTable, exports: ExportTable) -> None:
        self._symbols, self._exports = symbols, exports
        self._done: set[str] = set()
        self._names: dict[str, list[str]] = {}

    def expand(self, name: str) -> None:
        """Replace the wildcard imports of a module, and before them those of what it imports."""
        if name in self._done:
            return
        self._done.add(name)
        module = self._symbols.modules[name].module
        if not any("/" in member for member in module.members):
            return
        members: dict[str, Name | _Brought] = {}
        lines: dict[str, int] = {}
        for key, member in module.members.items():
            line = self._symbols.fact(member).line or 0
            if "/" in key:
                self._bring(name, cast("griffe.Alias", member), members, lines)
            elif key not in members or lines[key] < line:
                members.pop(key, None)
                members[key], lines[key] = member, line
        made = {key: one.alias(self._symbols, key, module) if isinstance(one, _Brought) else one for key, one in members.items()}
        module.members.clear()
        module.members.update(made)
        self._names.pop(name, None)

    def _bring(self, name: str, alias: griffe.Alias, members: dict[str, Name | _Brought], lines: dict[str, int]) -> None:
        """Add what one wildcard import brings; what is bound again is made once, when all are known."""
        symbols = self._symbols
        source = symbols.modules[alias.target_path].module if alias.target_path in symbols.modules else symbols.find(alias.target_path)
        fact = symbols.fact(alias)
        if isinstance(source, str) or source is None or not source.is_module:
            if symbols.modules[name].exports.names is None:  # what it gives on is in its `__all__` otherwise
                why = f"what `from {alias.target_path} import *` brings is not known"
                symbols.blind.append(Blind(symbol=name, place=Place(path=symbols.modules[name].path, line=fact.line), why=why))
            return
        path, line = source.path, fact.line or 0
        self.expand(path)
        if path not in self._names:
            self._names[path] = self._exports.wildcard_names(path)
        loaded, listed = symbols.modules[path], self._exports.exported(path) is not None
        given, private = (_Brought(path, source.members, fact, promised=promised) for promised in (True, False))
        for brought in self._names[path]:
            if lines.get(brought, 0) > line:
                continue
            origin = source.members.get(brought)
            is_alias = origin is not None and origin.is_alias
            if (cast("griffe.Alias", origin).target_path == f"{name}.{brought}") if is_alias else path == name:
                continue  # it comes home
            members.pop(brought, None)
            members[brought] = private if is_alias and not listed and _is_for_itself(symbols, origin, loaded) else given
            lines[brought] = line


class _Brought:
    """What a wildcard import binds: from which module, which bound these members then, and whether the importing one promises it."""

    __slots__ = ("_fact", "_members", "_path", "_promised")

    def __init__(self, path: str, members: Mapping[str, Name], fact: Fact, *, promised: bool) -> None:
        self._path, self._members, self._fact, self._promised = path, members, fact, promised

    def alias(self, symbols: SymbolTable, name: str, module: griffe.Module) -> griffe.Alias:
        """Make the import of one name."""
        origin = self._members.get(name)
        target = cast("griffe.Alias", origin).target_path if origin is not None and origin.is_alias else f"{self._path}.{name}"
        return _import(symbols, name, target, module, self._fact, promised=self._promised)


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
