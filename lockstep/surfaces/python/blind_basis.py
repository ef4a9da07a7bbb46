"""Places in Python that could not be followed, each with a digest of what it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from lockstep.dataclass import replace
from lockstep.surface import Blind
from lockstep.surfaces.python.dependencies import Dependencies
from lockstep.surfaces.python.exports import Exports
from lockstep.surfaces.python.import_effects import ENDS
from lockstep.surfaces.python.symbol_table import SymbolTable
from lockstep.tree import Tree

if TYPE_CHECKING:
    import griffe

MOST_PLACES = 500
"""Places of one package whose dependencies are followed."""


def with_basis(blind: Iterable[Blind], tree: Tree, symbols: SymbolTable) -> tuple[Blind, ...]:
    """Say of each place what it depends on, as far as that is known. Places in private modules that nothing else imports are left out."""
    paths = {name: loaded.path for name, loaded in symbols.modules.items() if not loaded.native and loaded.path}
    names = {path: name for name, path in paths.items()}
    importers = _Importers(symbols)
    known = Dependencies(tree, paths, importers.has)
    found: list[Blind] = []
    for number, one in enumerate(blind):
        if (module := names.get(one.place.path)) and not one.cut and importers.is_nobodys(module):
            continue
        if one.why in ENDS:
            found.append(replace(one, basis=one.why))  # whatever it depends on, nobody can import it
        elif number < MOST_PLACES and one.place.line is not None and not (one.basis or one.cut) and (module := names.get(one.place.path)):
            below = one.symbol.removeprefix(module).removeprefix(".") if f"{one.symbol}.".startswith(f"{module}.") else one.symbol.rpartition(".")[2]
            found.append(replace(one, basis=known.digest(module, one.place.line, below.partition(".")[0])))
        else:
            found.append(one)
    return tuple(found)


class _Importers:
    """Which names of modules other modules import."""

    def __init__(self, symbols: SymbolTable) -> None:
        self._symbols = symbols
        self._asked: Mapping[str, set[str]] | None = None

    def has(self, module: str, name: str) -> bool:
        """Say whether a module other than its own imports a name."""
        return bool(self._found().get(f"{module}.{name}", set()) - {module})

    def is_nobodys(self, module: str) -> bool:
        """Say whether a module lies in a private package or is private itself, and nothing outside of that imports from it: it gives nobody a name."""
        parts = module.split(".")
        first = next((number for number, part in enumerate(parts) if part.startswith("_") and not part.endswith("__")), None)
        if first is None:
            return False
        private = ".".join(parts[: first + 1])

        def is_within(path: str) -> bool:
            return path == private or path.startswith(f"{private}.")

        if any(not is_within(name) and _may_give(loaded.exports, parts[first]) for name, loaded in self._symbols.modules.items()):
            return False
        return not any(is_within(target) and not all(map(is_within, importing)) for target, importing in self._found().items())

    def _found(self) -> Mapping[str, set[str]]:
        """Give for each name that is imported the modules that import it."""
        if self._asked is None:
            found: dict[str, set[str]] = {}
            for importing, loaded in self._symbols.modules.items():
                for member in loaded.module.members.values():
                    if member.is_alias:
                        found.setdefault(cast("griffe.Alias", member).target_path, set()).add(importing)
            self._asked = found
        return self._asked


def _may_give(said: Exports, private: str) -> bool:
    """Say whether a module may give names of a private one when it is asked for them."""
    return said.dynamic is not None and (said.lazy_names is None or any(private in (origin or "") for origin in said.lazy_names.values()))
