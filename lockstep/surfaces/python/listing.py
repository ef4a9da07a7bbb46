"""Which names does a package have, and who may rely on them? At the paths that users write, and at those where they are defined.

A module's `__all__` decides what is public in it. Without one, what is defined there under a public name is, and of what is imported only
`from x import Y as Y`, a wildcard import, and what the `__init__` of a package takes from its own package. What has a private name, or stands
below a private module, is hidden.

Source: https://typing.python.org/en/latest/spec/distributing.html#library-interface-public-and-private-symbols
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from lockstep.dataclass import dataclass
from lockstep.model import Place
from lockstep.surface import Blind, Stability
from lockstep.surfaces.python.classes import Classes
from lockstep.surfaces.python.export_table import ExportTable
from lockstep.surfaces.python.symbol_table import LoadedModule, SymbolTable

if TYPE_CHECKING:
    import griffe

    from lockstep.surfaces.python.symbol_table import Name, Thing

MOST_NAMES = 30_000
"""Names of one package; what is above it is blind."""

SHOWN = {"__version__", "__version_info__"}
"""The special names of a module that users read."""

_UNLISTED = {"__all__", "__getattr__", "__dir__", "__path__", "__file__"}
_UNLISTED_IN_CLASSES = {"__slots__", "__module__", "__qualname__", "__doc__", "__match_args__", "__annotations__"}


@dataclass(slots=True, kw_only=True)
class Listed:
    """A name that there is. `thing` is None where it leads out of our packages or nowhere: `target` is the path that it leads to."""

    path: str
    thing: Thing | None
    target: str
    stability: Stability
    via: Name
    """The name that leads to the thing."""
    inherited: bool = False
    guarded: bool = False
    on_class: bool = False
    """The metaclass has it: the class gives it, and its objects do not."""


class Listing:
    """Lists the names of a symbol table."""

    def __init__(self, symbols: SymbolTable, exports: ExportTable, classes: Classes) -> None:
        self._symbols = symbols
        self._exports = exports
        self._classes = classes
        self.blind: list[Blind] = []

    def names(self) -> dict[str, Listed]:
        """Give every name by its path, in the order of definition."""
        found: dict[str, Listed] = {}
        for one in self._modules():
            if len(found) >= MOST_NAMES:
                why = f"the package has more than {MOST_NAMES} names"
                self.blind.append(Blind(symbol=one.path.partition(".")[0], place=Place(path=self._symbols.file(one.via)), why=why, cut=True))
                break
            known = found.get(one.path)
            if known is None or self._hides(one, known):
                found[one.path] = one
        return found

    @staticmethod
    def _hides(one: Listed, known: Listed) -> bool:
        """Say whether a name of a package hides its submodule of the same name."""
        return known.thing is not None and known.thing.is_module and one.thing is not None and not one.thing.is_module

    def _modules(self) -> Iterator[Listed]:
        for name, loaded in self._symbols.modules.items():
            stability = Stability.HIDDEN if any(is_private(part) for part in name.split(".")) else Stability.STABLE
            if loaded.path:
                yield Listed(path=name, thing=loaded.module, target=name, stability=stability, via=loaded.module)
            yield from self._members(name, loaded, name, stability, ())

    def _members(self, prefix: str, loaded: LoadedModule, module: str, above: Stability, stack: tuple[str, ...]) -> Iterator[Listed]:
        """Give the members of a module below a path that leads to it."""
        exported, listed = self._exports.exported_set(module), self._exports.exported(module)
        for name, member in list(loaded.module.members.items()):
            if (own := self._stability(name, member, loaded, exported)) is not None:
                guarded = self._symbols.fact(member).guarded and not self._exports.is_lazy(module, name)
                stability = Stability.HIDDEN if Stability.HIDDEN in (own, above) else own
                yield from self._name(f"{prefix}.{name}", member, stability, stack, guarded=guarded)
        made = self._exports.lazy_names(module)
        for name in dict.fromkeys([*(listed or ()), *made]):
            if name not in loaded.module.members and f"{module}.{name}" not in self._symbols.modules:
                stability = Stability.HIDDEN if is_private(name) else above
                yield from self._made(f"{prefix}.{name}", made.get(name) or f"{module}.{name}", loaded, stability, stack)

    def imported(self) -> Iterator[Listed]:
        """Give the public names that public modules bind by an import and do not give on; an `__all__` withholds them from a wildcard import."""
        for module, loaded in self._symbols.modules.items():
            if any(is_private(part) for part in module.split(".")):
                continue
            exported = self._exports.exported_set(module)
            stability = Stability.STABLE if exported is None else Stability.HIDDEN
            for name, member in loaded.module.members.items():
                fact = self._symbols.fact(member)
                if not member.is_alias or fact.guarded or is_private(name) or is_special(name) or self._stability(name, member, loaded, exported) is not None:
                    continue
                thing, target = self._symbols.follow(member), cast("griffe.Alias", member).target_path
                if thing is None and self._symbols.owns(target):
                    continue  # it fails
                if thing is not None and not isinstance(thing, str):
                    target = self._symbols.follow_assignment(thing).path
                yield Listed(path=f"{module}.{name}", thing=None, target=thing if isinstance(thing, str) else target, stability=stability, via=member)

    def _stability(self, name: str, member: Name, loaded: LoadedModule, exported: frozenset[str] | None) -> Stability | None:
        """Say how stable a member of a module is, None when it is none of its names."""
        if name in _UNLISTED:
            return None
        if exported is not None and name in exported:
            return Stability.STABLE
        if member.is_alias:
            if not self._symbols.is_given_on(cast("griffe.Alias", member), loaded):
                return None
            if exported is not None and name not in SHOWN:
                return Stability.HIDDEN
        elif cast("Thing", member).is_module:
            return None  # it comes as a module
        elif exported is not None and name not in SHOWN:
            return Stability.HIDDEN
        hidden = name not in SHOWN if is_special(name) else is_private(name)
        return Stability.HIDDEN if hidden else Stability.STABLE

    def _name(self, path: str, member: Name, stability: Stability, stack: tuple[str, ...], *, guarded: bool = False) -> Iterator[Listed]:
        """Give a member of a module and what is below it."""
        thing = self._symbols.follow(member)
        if thing is None or isinstance(thing, str):
            target = cast("griffe.Alias", member).target_path
            yield Listed(path=path, thing=None, target=thing or target, stability=stability, via=member, guarded=guarded)
            return
        thing = self._symbols.follow_assignment(thing)
        yield Listed(path=path, thing=thing, target=thing.path, stability=stability, via=member, guarded=guarded)
        if thing.path in stack:
            return
        if thing.is_class:
            yield from self._class(path, cast("griffe.Class", thing), stability, (*stack, thing.path), guarded=guarded)
        elif thing.is_module and thing.path != path and thing.path in self._symbols.modules:
            yield from self._members(path, self._symbols.modules[thing.path], thing.path, stability, (*stack, thing.path))

    def _made(self, path: str, target: str, loaded: LoadedModule, stability: Stability, stack: tuple[str, ...]) -> Iterator[Listed]:
        """Give a name that a module makes when it is asked, or that its `__all__` promises and nothing binds."""
        found = self._symbols.find(target) if target != path else None
        if found is None or isinstance(found, str):
            yield Listed(path=path, thing=None, target=found or target, stability=stability, via=loaded.module)
            return
        yield Listed(path=path, thing=found, target=found.path, stability=stability, via=loaded.module)
        if found.is_class and found.path not in stack:
            yield from self._class(path, cast("griffe.Class", found), stability, (*stack, found.path), guarded=False)

    def _class(self, path: str, cls: griffe.Class, above: Stability, stack: tuple[str, ...], *, guarded: bool, borrowed: bool = False) -> Iterator[Listed]:
        """Give the members of a class and what is below them.

        A class in the body of its own base (a variant of a PyO3 enum) has the methods of that base, and none of the classes beside it. In a class that is
        `borrowed`, one that a base has and a child gives on, what is borrowed again is only named: nobody writes longer paths, and there are endless ones.
        """
        taken: set[str] = set(_UNLISTED_IN_CLASSES)
        for owner in self._classes.own_line(cls):
            for name, member in owner.members.items():
                if name in taken:
                    continue
                taken.add(name)
                fact = self._symbols.fact(member)
                private = is_private(name)
                if (private and (fact.instance or owner is not cls)) or (member.is_alias and isinstance(fact.node, ast.Import | ast.ImportFrom)):
                    continue
                found = self._symbols.follow(member)
                if found is None or isinstance(found, str):
                    continue
                thing = self._symbols.follow_assignment(found)
                inherited, typing = owner is not cls, guarded or fact.guarded
                if inherited and thing.is_class and cls.path.startswith(f"{owner.path}."):
                    continue
                stability = Stability.HIDDEN if private else above
                yield Listed(path=f"{path}.{name}", thing=thing, target=thing.path, stability=stability, via=member, inherited=inherited, guarded=typing)
                if thing.is_class and thing.path not in stack and not (borrowed and inherited):
                    below = (*stack, thing.path)
                    yield from self._class(f"{path}.{name}", cast("griffe.Class", thing), stability, below, guarded=guarded, borrowed=borrowed or inherited)
        yield from self._of_metaclass(path, cls, above, taken, guarded=guarded)

    def _of_metaclass(self, path: str, cls: griffe.Class, above: Stability, taken: set[str], *, guarded: bool) -> Iterator[Listed]:
        """Give what the metaclass has, which can be read from the class: https://docs.python.org/3/howto/descriptor.html#invocation-from-a-class."""
        found = self._classes.own_metaclass(cls)
        for owner in self._classes.own_line(found) if found is not None else ():
            for name, member in owner.members.items():
                if name in taken or is_private(name) or is_special(name) or member.is_alias or self._symbols.fact(member).instance:
                    continue
                taken.add(name)
                thing = cast("Thing", member)
                inherited = not self._classes.names_metaclass(cls)
                typing = guarded or self._symbols.fact(member).guarded
                yield Listed(
                    path=f"{path}.{name}", thing=thing, target=thing.path, stability=above, via=member, inherited=inherited, guarded=typing, on_class=True
                )


def is_special(name: str) -> bool:
    """Say whether a name has two underscores on either side."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def is_private(name: str) -> bool:
    """Say whether a name starts with an underscore and is no special one."""
    return name.startswith("_") and not is_special(name)
