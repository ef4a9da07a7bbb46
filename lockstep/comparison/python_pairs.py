"""Which Python item of one surface is which of another: one thing under several paths is one, what is inherited belongs to its base.

Source: https://docs.python.org/3/reference/datamodel.html for what a class has without saying so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lockstep.comparison.call_results import Outcome, changed_outcomes
from lockstep.comparison.constants import enum_values, is_constant, keys
from lockstep.comparison.python_annotations import parse
from lockstep.comparison.python_assignability import Hierarchy
from lockstep.comparison.python_bases import PythonBases
from lockstep.comparison.python_hierarchy import PackageClasses
from lockstep.comparison.python_imports import kept_by_imports
from lockstep.comparison.python_items import CONSTRUCTORS, IMPLICIT_METHODS, field_names, is_given_all, is_operator_method, is_refused, parent
from lockstep.comparison.python_stdlib import expanded, is_given
from lockstep.comparison.python_type_variables import replaced
from lockstep.comparison.python_types import Type
from lockstep.comparison.signatures import Change, Changes, Fault, compare, positional_only
from lockstep.dataclass import dataclass, replace
from lockstep.surface import Blind, Item, ItemKind, ParameterKind, Signature, Stability, Surface, Trait

MOST_ALIASES = 50
"""Changed aliases that are looked for in other types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A name that was there. `doubt` says why it may still be given, None where it is certainly gone."""

    item: Item
    doubt: str | None = None


class PythonPairs:
    """Two surfaces of one package, name by name. What nobody was promised is left out."""

    def __init__(self, base: Surface, head: Surface) -> None:
        self.base = base
        self._kept = kept_by_imports(base, head)
        self.head = replace(head, items={**head.items, **self._kept}) if self._kept else head
        self._known_classes = PackageClasses(base, self.head)

    def members(self, cls: Item, *, base: bool = False) -> list[Item]:
        """Give the members of a class, in their order, as they are; with `base`, as they were."""
        return (self._members_base if base else self._members_head).get(cls.path, [])

    @cached_property
    def _members_base(self) -> dict[str, list[Item]]:
        return _by_parent(self.base)

    @cached_property
    def _members_head(self) -> dict[str, list[Item]]:
        return _by_parent(self.head)

    def unseen_above(self, path: str) -> Blind | None:
        """Give what could not be seen of the newer moment, if the name may be in it."""
        while path:
            if path in self._unseen:
                return self._unseen[path]
            path = parent(path)
        return None

    @cached_property
    def _unseen(self) -> dict[str, Blind]:
        return {one.symbol: one for one in reversed(self.head.blind)}

    # ---- what stayed

    @cached_property
    def pairs(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is there at both moments and is not the same, wherever it stands."""
        return tuple((old, new) for old, new in self.matched if old != (new if old.place == new.place else replace(new, place=old.place)))

    @cached_property
    def matched(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is there at both moments, each thing once: at its own class rather than at a child, at its shortest path."""
        chosen: dict[tuple[str, str], tuple[Item, Item]] = {}
        for path, old in self.base.items.items():
            new = self.head.items.get(path)
            if new is None or old.stability is Stability.HIDDEN or new.stability is Stability.HIDDEN or self._is_lost(old, new):
                continue
            key = (old.origin or path, new.origin or path)
            if key not in chosen or _rank(old) < _rank(chosen[key][0]):
                chosen[key] = (old, new)
        return tuple(chosen.values())

    @cached_property
    def classes(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is a class at both moments and is not the same; its members are not looked at."""
        return tuple((old, new) for old, new in self.pairs if old.kind is new.kind is ItemKind.CLASS)

    def classes_with(self, trait: Trait) -> Iterator[tuple[Item, Item]]:
        """Give the classes that have a trait at both moments, whether they changed or only their members."""
        return ((old, new) for old, new in self._all_classes if trait in old.traits and trait in new.traits)

    @cached_property
    def enums(self) -> tuple[tuple[Item, Item, dict[str, str], dict[str, str]], ...]:
        """Give the enumerations with their members and the values of these, before and after."""
        found = self.classes_with(Trait.ENUM)
        return tuple((old, new, enum_values(self.members(old, base=True)), enum_values(self.members(new))) for old, new in found)

    @cached_property
    def typed_dicts(self) -> tuple[tuple[Item, Item, dict[str, bool], dict[str, bool]], ...]:
        """Give the TypedDicts with their keys and whether these are required, before and after."""
        return tuple((old, new, keys(self.members(old, base=True)), keys(self.members(new))) for old, new in self.classes_with(Trait.TYPEDDICT))

    @cached_property
    def _all_classes(self) -> tuple[tuple[Item, Item], ...]:
        return tuple((old, new) for old, new in self.matched if old.kind is new.kind is ItemKind.CLASS)

    @cached_property
    def attributes(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is a variable or a property at both moments."""
        kinds = {ItemKind.ATTRIBUTE, ItemKind.PROPERTY}
        return tuple((old, new) for old, new in self.pairs if old.kind in kinds and new.kind in kinds)

    @cached_property
    def constants(self) -> tuple[tuple[Item, Item, str, str], ...]:
        """Give the constants with their values, before and after."""
        return tuple(
            (old, new, self.value_of(self.base, old, old.value), self.value_of(self.head, new, new.value))
            for old, new in self.attributes
            if is_constant(old) and is_constant(new) and old.value is not None and new.value is not None
        )

    @cached_property
    def methods(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is a function or method at both moments."""
        return tuple((old, new) for old, new in self.pairs if old.kind is new.kind is ItemKind.FUNCTION and not is_refused(old))

    @cached_property
    def result_changes(self) -> tuple[tuple[Item, Item, Outcome, Outcome], ...]:
        """Give every function whose callers must do another thing with what they get, with what a call gave and gives."""
        return tuple((old, new, *outcomes) for old, new in self.methods if (outcomes := changed_outcomes(old, new)) is not None)

    @cached_property
    def calls(self) -> tuple[tuple[Item, Item, Changes], ...]:
        """Give what is called otherwise than before."""
        found: list[tuple[Item, Item, Changes]] = []
        said: set[tuple[str, Signature, Signature]] = set()
        for old, new in self.pairs:
            if old.call is None or new.call is None or not self._is_called(old, new):
                continue
            before, after = old.call, new.call
            if is_operator_method(old):
                before, after = positional_only(before), positional_only(after)
            if before.parameters == after.parameters:
                continue
            if old.kind is ItemKind.CLASS:
                said.add((old.path, before, after))
                if any((ancestor, before, after) in said or self._changes_alike(ancestor, before, after) for ancestor in new.ancestors):
                    continue
            changes = compare(before, after)
            if is_given_all(old):
                given = {Fault.MADE_REQUIRED}
                if any(one.kind is ParameterKind.VAR_POSITIONAL for one in before.parameters):
                    given |= {Fault.VARIADIC_REMOVED, Fault.ADDED_REQUIRED}  # __exit__(self, *args): as many as the operator gives
                changes = replace(changes, changes=tuple(one for one in changes.changes if one.fault not in given))
            found.append((old, new, changes))
        return tuple(found)

    def parameter_changes(self, fault: Fault) -> Iterator[tuple[Item, Item, Change]]:
        """Give every parameter to which `fault` happened, with the function or class that it belongs to, before and after."""
        return ((old, new, change) for old, new, changes in self.calls for change in changes.changes if change.fault is fault)

    def _changes_alike(self, ancestor: str, before: Signature, after: Signature) -> bool:
        """Say whether a base is made anew in the same way: it has its own finding."""
        old, new = self.base.items.get(ancestor), self.head.items.get(ancestor)
        return (
            old is not None
            and new is not None
            and old.stability is not Stability.HIDDEN
            and old.call is not None
            and new.call is not None
            and (old.call.parameters, new.call.parameters) == (before.parameters, after.parameters)
        )

    def _is_called(self, old: Item, new: Item) -> bool:
        if {old.kind, new.kind} - {ItemKind.FUNCTION, ItemKind.CLASS} or (old.kind is ItemKind.CLASS and new.kind is not ItemKind.CLASS):
            return False
        if old.kind is ItemKind.CLASS:
            if Trait.NAMEDTUPLE in old.traits | new.traits and field_names(old) != field_names(new):
                return False  # its fields are judged as those of a tuple
            return not (old.traits | new.traits) & {Trait.TYPEDDICT, Trait.PROTOCOL, Trait.ENUM}
        if old.name in CONSTRUCTORS:
            owner, there = self.base.items.get(parent(old.path)), self.head.items.get(parent(old.path))
            return owner is not None and there is not None and (owner.call is None or there.call is None)
        return True

    # ---- what was removed

    @cached_property
    def removed(self) -> tuple[Removal, ...]:
        """Give what is no longer there, each thing once; below what is gone itself, nothing."""
        lost = {path for path, old in self.base.items.items() if self._is_lost(old, self.head.items.get(path))}
        chosen: dict[str, Removal] = {}
        for path in lost:
            old = self.base.items[path]
            if old.stability is Stability.HIDDEN or not self._is_reported(old, lost):
                continue
            key = old.origin or path
            if key not in chosen or _rank(old) < _rank(chosen[key].item):
                chosen[key] = Removal(item=old, doubt=self._doubt(old))
        order = {path: place for place, path in enumerate(self.base.items)}
        return tuple(sorted(chosen.values(), key=lambda one: order[one.item.path]))

    @staticmethod
    def _is_lost(old: Item, new: Item | None) -> bool:
        if new is None:
            return True
        if Trait.UNRESOLVED in new.traits and Trait.UNRESOLVED not in old.traits:
            return True
        if new.kind is ItemKind.FUNCTION and is_refused(new) and not is_refused(old) and new.name not in {"__eq__", "__ne__"}:
            return True  # objects are equal to themselves, whatever refuses
        return Trait.TYPING_ONLY in new.traits and Trait.TYPING_ONLY not in old.traits

    def _is_reported(self, old: Item, lost: set[str]) -> bool:
        above = parent(old.path)
        if above in lost or old.name in CONSTRUCTORS | IMPLICIT_METHODS or is_refused(old):
            return False
        owner, there = self.base.items.get(above), self.head.items.get(above)
        if owner is None or owner.kind is not ItemKind.CLASS:
            return True
        if there is None or there.kind is not ItemKind.CLASS or (there.stability is Stability.HIDDEN) is not (owner.stability is Stability.HIDDEN):
            return False
        if Trait.INHERITED in old.traits and self._is_public_base(parent(old.origin), owner) and not self._descends(there, parent(old.origin)):
            return False  # the lost base says it
        return not is_given(there, old.name)

    def _is_public_base(self, origin: str, owner: Item) -> bool:
        return any(
            one.stability is not Stability.HIDDEN and (one.origin or one.path) == origin
            for name in owner.ancestors
            if (one := self.base.items.get(name)) is not None
        )

    def _descends(self, cls: Item, origin: str) -> bool:
        return any((one.origin or one.path) == origin for name in cls.ancestors if (one := self.head.items.get(name)) is not None)

    def _doubt(self, old: Item) -> str | None:
        owner = self.head.items.get(parent(old.path))
        if owner is not None and Trait.DYNAMIC in owner.traits:
            return f"{owner.path} makes names when they are asked for"
        there = self.head.items.get(old.path)
        target = parent(there.origin) if there is not None and Trait.UNRESOLVED in there.traits else ""
        if target in self.head.items or target in self.base.items:
            return None  # the module that it comes from is there to be read, or went too
        if (blind := self.unseen_above(old.path)) is not None:
            return f"{blind.place.path} could not be read: {blind.why}"
        if owner is not None and owner.kind is ItemKind.CLASS:
            for base in expanded(owner.ancestors):
                if not self.bases.is_known(base, methods=old.kind is ItemKind.FUNCTION):
                    return f"{base}, a base of {owner.path}, may have it"
        return None

    @cached_property
    def bases(self) -> PythonBases:
        """What became of the bases of classes."""
        return PythonBases(self.base, self.head)

    @cached_property
    def imported(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is still there by an import alone, each thing once, with what it is now."""
        chosen: dict[str, tuple[Item, Item]] = {}
        for path, new in self._kept.items():
            old = self.base.items[path]
            if parent(path) in self._kept or new.stability is Stability.HIDDEN:
                continue
            if old.origin not in chosen or _rank(old) < _rank(chosen[old.origin][0]):
                chosen[old.origin] = (old, new)
        return tuple(sorted(chosen.values(), key=lambda pair: pair[0].path))

    @cached_property
    def unlisted(self) -> tuple[tuple[Item, Item], ...]:
        """Give what is still there and no longer public: made private by `__all__`."""
        lost = {path for path, old in self.base.items.items() if (new := self.head.items.get(path)) is not None and _is_withdrawn(old, new)}
        chosen: dict[str, tuple[Item, Item]] = {}
        for path in lost:
            old, new = self.base.items[path], self.head.items[path]
            if parent(path) not in lost and (old.origin not in chosen or _rank(old) < _rank(chosen[old.origin][0])):
                chosen[old.origin] = (old, new)
        return tuple(sorted(chosen.values(), key=lambda pair: pair[0].path))

    # ---- what was added

    @cached_property
    def added(self) -> tuple[Item, ...]:
        """Give what is new and public, each thing once; below what is new itself, nothing."""
        new = {path for path, item in self.head.items.items() if item.stability is not Stability.HIDDEN and self._is_new(path, item)}
        chosen: dict[str, Item] = {}
        for path in new:
            item = self.head.items[path]
            owner = self.head.items.get(parent(path))
            if (
                parent(path) in new
                or item.name in CONSTRUCTORS | IMPLICIT_METHODS
                or (owner is not None and owner.kind is ItemKind.CLASS and is_given(owner, item.name) and not is_refused(self.base.items.get(path)))
            ):
                continue
            key = item.origin or path
            if key not in chosen or _rank(item) < _rank(chosen[key]):
                chosen[key] = item
        order = {path: place for place, path in enumerate(self.head.items)}
        return tuple(sorted(chosen.values(), key=lambda one: order[one.path]))

    def _is_new(self, path: str, item: Item) -> bool:
        old = self.base.items.get(path)
        if old is None or old.stability is Stability.HIDDEN:
            return Trait.UNRESOLVED not in item.traits and not is_refused(item)
        if is_refused(old) and item.kind is ItemKind.FUNCTION:
            return not is_refused(item)
        return Trait.UNRESOLVED in old.traits and Trait.UNRESOLVED not in item.traits

    # ---- types

    def have_one_author(self, old: Item, new: Item) -> bool:
        """Say whether the types of an item have one author: what Rust takes and what a stub that is new says of it are not the same promise."""
        if Trait.NATIVE not in old.traits | new.traits:
            return True
        return (old.origin in self.base.stubs) is (new.origin in self.head.stubs)

    def differ_in_aliases_only(self, before: str | None, after: str | None) -> bool:
        """Say whether two types differ only in public aliases that have findings of their own."""
        if before is None or after is None or not self._changed_aliases:
            return False
        old, new = parse(before), parse(after)
        for was, now in self._changed_aliases:
            if replaced(old, was, now) == new:
                return True
        for was, now in self._changed_aliases:
            old = replaced(old, was, now)
        return old == new

    @cached_property
    def _changed_aliases(self) -> tuple[tuple[Type, Type], ...]:
        aliases = [
            (parse(old.annotation), parse(new.annotation))
            for old, new in self.pairs
            if old.kind is new.kind is ItemKind.TYPE_ALIAS and old.annotation and new.annotation and old.annotation != new.annotation
        ]
        return tuple(aliases[:MOST_ALIASES])

    def hierarchy(self, item: Item) -> Hierarchy:
        """Give what is known of classes, seen from an item."""
        return self._known_classes.seen_from(item)

    def value_of(self, surface: Surface, item: Item, text: str) -> str:
        """Give what a default or constant says; the name of a constant beside it is read."""
        if not text.isidentifier():
            return text
        scope = parent(item.origin or item.path)
        while scope:
            named = surface.items.get(f"{scope}.{text}")
            if named is not None and named.value is not None:
                return named.value
            scope = parent(scope)
        return text


def _by_parent(surface: Surface) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for path, item in surface.items.items():
        found.setdefault(parent(path), []).append(item)
    return found


def _rank(item: Item) -> tuple[bool, int, int, str]:
    return Trait.INHERITED in item.traits, item.path.count("."), len(item.path), item.path


def _is_withdrawn(old: Item, new: Item) -> bool:
    return old.stability is not Stability.HIDDEN and new.stability is Stability.HIDDEN
