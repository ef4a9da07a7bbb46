"""Where users meet the things of a library: every public path to them, through modules, re-exports, globs and aliases.

Source: https://doc.rust-lang.org/reference/visibility-and-privacy.html and .../items/use-declarations.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.model import Place
from lockstep.surfaces.rust_source.attributes import Attributes, deprecation
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import Associated, Foreign, Item, Module, Resolved, Space, Use
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import Token

MOST_PATHS = 100_000
"""Paths of one library that are followed."""
MOST_VISITS = 8
"""Paths under which the inside of one module is listed, the shortest first."""
DEEPEST = 16
"""Segments of the longest path."""


class Kin(StrEnum):
    """Which names can stand beside each other."""

    TYPE = "type"
    VALUE = "value"
    MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that a name certainly means, for the library compiles, and that is not found: a macro of another crate made it."""

    path: tuple[str, ...]


Thing: TypeAlias = Item | Module | Associated | Foreign | Unknown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One name that a module offers."""

    thing: Thing
    place: Place
    hidden: bool = False
    deprecated: str | None = None
    condition: str | None = None
    varies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """One public path to a thing."""

    path: tuple[str, ...]
    kin: Kin
    entry: Entry
    hidden: bool
    condition: str | None


def is_hidden(attributes: Attributes) -> bool:
    """Say whether it is `#[doc(hidden)]`, so that nobody is promised it; what is deprecated too was promised, and is put out of sight."""
    return not attributes.has("deprecated") and any(
        isinstance(one, Token) and one.text == "hidden" for each in attributes.named("doc") for one in each.arguments
    )


class Paths:
    """Every public path of a library; `things` gives those of each thing, the one to name it by first."""

    def __init__(self, program: Program, root: Module) -> None:
        self._program = program
        self._own: dict[Module, dict[tuple[Kin, str], Entry]] = {}
        self._globs: dict[Module, list[tuple[Use, Resolved | None, bool]]] = {}
        self._offered: dict[Module, dict[tuple[Kin, str], Entry]] = {}
        self._children: dict[tuple[Module, str], list[Module]] = {}
        for module in program.modules:
            self._add_child(module)
        self._children_known = len(program.modules)
        self._root = root
        self.foreign_globs: list[tuple[tuple[str, ...], Foreign, Place]] = []
        self.visited: dict[Module, int] = {}
        self.cut: str = ""
        self.all: list[Path] = list(self._walk(root))

    def things(self) -> dict[Thing, list[Path]]:
        """Give the paths of each thing: one that is not hidden first, then the shortest."""
        found: dict[Thing, list[Path]] = {}
        for one in self.all:
            found.setdefault(one.entry.thing, []).append(one)
        for thing, paths in found.items():
            name = thing.name if isinstance(thing, Item | Associated) else ""
            paths.sort(key=lambda one: (one.hidden, one.condition is not None, len(one.path), bool(name) and one.path[-1] != name, one.path))
        return found

    def _add_child(self, module: Module) -> None:
        if module.parent is not None:
            self._children.setdefault((module.parent, module.path[-1]), []).append(module)

    def _walk(self, root: Module) -> Iterator[Path]:
        name = root.library.name
        pending: deque[tuple[tuple[str, ...], Module, bool, str | None, tuple[Module, ...]]] = deque([((name,), root, False, None, (root,))])
        count = 0
        while pending:
            path, module, hidden, condition, above = pending.popleft()
            self.visited[module] = self.visited.get(module, 0) + 1
            for (kin, name), entry in self.offered(module, path).items():
                count += 1
                if count > MOST_PATHS:
                    self.cut = f"more than {MOST_PATHS} paths; the rest is not read"
                    return
                one = Path(path=(*path, name), kin=kin, entry=entry, hidden=hidden or entry.hidden, condition=joined(condition, entry.condition))
                yield one
                target = entry.thing
                if isinstance(target, Module) and target not in above and self.visited.get(target, 0) < MOST_VISITS:
                    if len(path) >= DEEPEST:
                        self.cut = f"modules nest more than {DEEPEST} deep" if target not in self.visited else self.cut
                        continue
                    pending.append((one.path, target, one.hidden, one.condition, (*above, target)))
            if module is root:
                yield from self._exported_macros(root)

    # ---- one module

    def offered(self, module: Module, path: tuple[str, ...]) -> dict[tuple[Kin, str], Entry]:
        """Give what a module offers: its own names, then those that its globs bring."""
        known = self._offered.get(module)
        if known is not None:
            return known
        own = self.own(module)
        found = dict(own)
        reached: dict[Module, tuple[bool, str | None]] = {module: (False, None)}
        pending = deque([module])
        edges: dict[Module, list[Module]] = {}
        brought: dict[tuple[Kin, str], list[tuple[Module, Entry]]] = {}
        while pending:
            current = pending.popleft()
            hidden, condition = reached[current]
            for use, target, is_out_of_sight in self._globs_of(current):
                if isinstance(target, Module):
                    edges.setdefault(current, []).append(target)
                    if target in reached:
                        continue
                inner_hidden = hidden or is_out_of_sight
                inner_condition = joined(condition, use.attributes.condition)
                match target:
                    case Module():
                        reached[target] = (inner_hidden, inner_condition)
                        pending.append(target)
                        for key, one in self.own(target).items():
                            entry = replace(one, hidden=one.hidden or inner_hidden, condition=joined(inner_condition, one.condition))
                            found.setdefault(key, entry)
                            brought.setdefault(key, []).append((target, entry))
                    case Item(kind=Kind.ENUM):
                        for variant in variants(target):
                            entry = Entry(thing=Associated(target, variant), place=use.place, hidden=inner_hidden, condition=inner_condition)
                            found.setdefault((Kin.TYPE, variant), entry)
                    case Foreign():
                        self.foreign_globs.append((path, target, use.place))
                    case _:
                        pass
        declaring = _declaring(edges)
        offered = {
            key: first if key in own else self._passed_on(key, brought.get(key), module, edges, declaring.get(key[1], ()), first)
            for key, first in found.items()
        }
        self._offered[module] = {key: entry for key, entry in offered.items() if entry is not None}
        return self._offered[module]

    def _passed_on(
        self,
        key: tuple[Kin, str],
        sources: list[tuple[Module, Entry]] | None,
        module: Module,
        edges: Mapping[Module, list[Module]],
        declaring: Sequence[Module],
        first: Entry,
    ) -> Entry | None:
        """Give the entry that globs bring to a module, past all modules on the way that hide its name; None where none comes through.

        `declaring` are the modules with globs that have the name: the one that it comes from hides it from nobody.
        """
        if self._is_shadowed(module, *key):
            return None
        if sources is None or not any(self._is_shadowed(one, *key) for one in declaring if one is not sources[0][0]):
            return first
        open_, pending = {module}, [module]
        while pending:
            fresh = [one for one in edges.get(pending.pop(), ()) if one not in open_]
            open_.update(fresh)
            pending += [one for one in fresh if not self._is_shadowed(one, *key)]
        return next((entry for source, entry in sources if source in open_), None)

    def _is_shadowed(self, module: Module, kin: Kin, name: str) -> bool:
        """Say whether a declaration or an import of a module, private ones too, certainly hides what a glob brings under its name.

        Source: https://doc.rust-lang.org/reference/names/name-resolution.html
        """
        if kin is Kin.MACRO:
            return False
        own = module.spaces[Space.VALUES if kin is Kin.VALUE else Space.TYPES].get(name)
        if own is not None:
            return own.condition is None
        uses = (use for use in module.named.get(name, ()) if not use.exported and use.attributes.condition is None)
        return any(kin is each and isinstance(thing, Item | Module) for use in uses for each, thing in self._imported(use, module))

    def _globs_of(self, module: Module) -> list[tuple[Use, Resolved | None, bool]]:
        """Give the public globs of a module, with what each means and whether it is hidden; asked by all who import from it."""
        if module not in self._globs:
            uses = [use for use in module.globs if use.exported]
            self._globs[module] = [(use, self._program.names.imported(use, module), is_hidden(use.attributes)) for use in uses]
        return self._globs[module]

    def own(self, module: Module) -> dict[tuple[Kin, str], Entry]:
        """Give what a module declares in public or re-exports by name."""
        known = self._own.get(module)
        if known is not None:
            return known
        found: dict[tuple[Kin, str], list[Entry]] = {}
        for item in module.items:
            if item.exported:
                for key, entry in self._declared(item):
                    found.setdefault(key, []).append(entry)
        for use in module.uses:
            if use.exported and use.name not in ("*", "_"):
                for kin, thing in self._imported(use, module):
                    entry = Entry(
                        thing=thing,
                        place=use.place,
                        hidden=is_hidden(use.attributes) or (isinstance(thing, Item) and is_hidden(thing.attributes)),
                        deprecated=deprecation(use.attributes),
                        condition=joined(module.condition, use.attributes.condition, thing.condition if isinstance(thing, Item) else None),
                    )
                    found.setdefault((kin, use.name), []).append(entry)
        self._own[module] = {key: _one(entries) for key, entries in found.items()}
        return self._own[module]

    def _declared(self, item: Item) -> Iterator[tuple[tuple[Kin, str], Entry]]:
        hidden, deprecated = is_hidden(item.attributes), deprecation(item.attributes)
        match item.kind:
            case Kind.MODULE:
                for module in self._modules(item):
                    yield (
                        (Kin.TYPE, item.name),
                        Entry(thing=module, place=item.place, hidden=hidden, deprecated=deprecated, condition=item.condition),
                    )
            case Kind.ALIAS:
                target = self.stands_for(item)
                yield (Kin.TYPE, item.name), Entry(thing=target or item, place=item.place, hidden=hidden, deprecated=deprecated, condition=item.condition)
            case _:
                kin = Kin.VALUE if item.kind in (Kind.FUNCTION, Kind.CONSTANT) else Kin.TYPE
                yield (kin, item.name), Entry(thing=item, place=item.place, hidden=hidden, deprecated=deprecated, condition=item.condition)

    def _modules(self, item: Item) -> Iterator[Module]:
        if self._children_known < len(self._program.modules):
            for module in self._program.modules[self._children_known :]:
                self._add_child(module)
            self._children_known = len(self._program.modules)
        return (one for one in self._children.get((item.module, item.name), ()) if one.item is item)

    def stands_for(self, item: Item, depth: int = 0) -> Item | None:
        """Give the type of the repository that an alias is another name for, with the same parameters."""
        target = self._program.names.alias(item)
        if not isinstance(target, Item) or not _passes_on(item, target) or depth > DEEPEST:
            return None
        if target.kind is Kind.ALIAS:
            return self.stands_for(target, depth + 1)
        return target if target.kind in (Kind.STRUCT, Kind.ENUM, Kind.UNION) else None

    def _imported(self, use: Use, module: Module) -> Iterator[tuple[Kin, Thing]]:
        found: list[tuple[Kin, Thing]] = []
        for kin, space in ((Kin.TYPE, Space.TYPES), (Kin.VALUE, Space.VALUES)):
            thing = self._program.names.imported(use, module, space)
            if isinstance(thing, Item) and thing.kind is Kind.ALIAS:
                thing = self.stands_for(thing) or thing
            if thing is not None and not any(thing == other for _, other in found):
                found.append((kin, thing))
        if len(found) > 1:  # `mod go; pub use go::go;`: who re-exports that name gets the function, for nobody can pass a private module on
            found = [one for one in found if not _is_private(one[1])] or found
        if not found or isinstance(found[0][1], Foreign):
            macro = self._macro(use, module)
            if macro is not None:
                found = [(Kin.MACRO, macro)]
        if not found:
            found.append((Kin.TYPE, Unknown(use.path)))
        return iter(found)

    def _macro(self, use: Use, module: Module) -> Item | None:
        definition = self._program.macros.definition(module, use.path)
        if definition is None:
            return None
        home = definition[1]
        return next((one for one in reversed(home.macro_items) if one.name == use.path[-1]), None)

    def _exported_macros(self, root: Module) -> Iterator[Path]:
        """Give the macros with `#[macro_export]`: they stand at the root, wherever they are written."""
        found: dict[str, list[Entry]] = {}
        for module in self._program.modules:
            if module.library is root.library:
                for item in module.macro_items:
                    if item.attributes.has("macro_export"):
                        entry = Entry(thing=item, place=item.place, hidden=is_hidden(item.attributes), condition=item.condition)
                        found.setdefault(item.name, []).append(entry)
        for name, entries in found.items():
            entry = _one(entries)
            yield Path(path=(root.library.name, name), kin=Kin.MACRO, entry=entry, hidden=entry.hidden, condition=entry.condition)


def _declaring(modules: Iterable[Module]) -> dict[str, list[Module]]:
    """Give the modules that declare or import each name."""
    found: dict[str, list[Module]] = {}
    for one in modules:
        for name in {*one.spaces[Space.TYPES], *one.spaces[Space.VALUES], *one.named}:
            found.setdefault(name, []).append(one)
    return found


def _is_private(thing: Thing) -> bool:
    """Say whether a thing is declared for its own crate alone: error[E0364], error[E0365] of rustc."""
    declared = thing.item if isinstance(thing, Module) else thing
    return isinstance(declared, Item) and not declared.exported and declared.condition is None


def _passes_on(alias: Item, target: Item) -> bool:
    """Say whether an alias has the parameters of its target, and gives them all, in order."""
    parameters = alias.node.child_by_field_name("type_parameters")
    written = alias.node.child_by_field_name("type")
    arguments = written.child_by_field_name("type_arguments") if written is not None else None
    own = "".join(content(parameters).split())
    return own == "".join(content(arguments).split()) and (target.node.child_by_field_name("type_parameters") is not None) == bool(own)


def _one(entries: list[Entry]) -> Entry:
    """Choose among definitions of one name: one that always exists, or the first, under the conditions of all."""
    if len(entries) == 1:
        return entries[0]
    always = next((one for one in entries if one.condition is None), None)
    if always is not None:
        return replace(always, varies=True)
    conditions = list(dict.fromkeys(one.condition for one in entries if one.condition))
    whole = any(f"not({one})" in conditions for one in conditions)
    condition = None if whole else conditions[0] if len(conditions) == 1 else f"any({', '.join(conditions)})"
    return replace(entries[0], varies=True, condition=condition)


def variants(item: Item) -> Iterator[str]:
    """Give the names of an enum's variants."""
    body = item.node.child_by_field_name("body")
    return (content(one.child_by_field_name("name")) for one in (body.named_children if body is not None else ()) if one.type == "enum_variant")
