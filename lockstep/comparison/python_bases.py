"""What became of the bases of classes: which are gone, and whether that is certain.

Source: https://docs.python.org/3/library/abc.html#abc.ABCMeta for what a class fits without descending from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lockstep.comparison.python_items import is_refused
from lockstep.comparison.python_stdlib import HOOKS, MEMBERLESS, RUNTIME_CLASSES, expanded, has_known_members, has_known_methods, is_given
from lockstep.surface import Item, Stability, Surface, Trait


class PythonBases:
    """The bases of classes in two surfaces of one package."""

    def __init__(self, base: Surface, head: Surface) -> None:
        self._base = base
        self._head = head

    def is_known(self, base: str, *, methods: bool = False) -> bool:
        """Say whether the names that a base gives are known, or those of its methods."""
        return base in self._head.items or has_known_members(base) or (methods and has_known_methods(base))

    def lost(self, old: Item, new: Item) -> Iterator[tuple[str, bool]]:
        """Give every public base that a class no longer has, the nearest first, and whether that is certain."""
        if not old.ancestors or (set(old.ancestors) - set(new.ancestors)) == set():
            return
        left = {_origin(self._head, name) for name in expanded(new.ancestors)}
        stranger = any(not self.is_known(base) and base not in old.ancestors for base in new.ancestors)
        for name in expanded(old.ancestors):
            if (
                name in MEMBERLESS | set(RUNTIME_CLASSES)
                or left & {name, _origin(self._head, name), _origin(self._base, name)}
                or self._is_private(name)
                or self._is_met(new, name)
            ):
                continue  # that a base can be named no more is told of its name
            yield name, not (stranger and name not in self._base.items) and not self._overrides_instance_check(name)

    def is_lost_by_ancestor(self, base: str, old: Item, new: Item) -> bool:
        """Say whether a public class between the two lost the base too, and so reports it."""
        for name in new.ancestors:
            before, after = self._base.items.get(name), self._head.items.get(name)
            if before is None or after is None or before.stability is Stability.HIDDEN or name not in old.ancestors:
                continue
            if base in {lost for lost, _ in self.lost(before, after)}:
                return True
        return False

    def _is_met(self, cls: Item, base: str) -> bool:
        """Say whether the objects of a class are those of a base from which it does not descend, for what it can do."""
        return base in HOOKS and all(self._can(cls, name) for name in HOOKS[base])

    def _can(self, cls: Item, name: str) -> bool:
        if name == "__hash__" and Trait.UNHASHABLE in cls.traits:
            return False
        member = self._head.items.get(f"{cls.path}.{name}")
        return is_given(cls, name) if member is None else not is_refused(member) and member.value != "None"

    def _overrides_instance_check(self, name: str) -> bool:
        """Say whether the metaclass of a class decides what its objects are: `isinstance` may hold without a base."""
        there = self._head.items.get(name)
        checks = (f"{there.metaclass}.{check}" for check in ("__instancecheck__", "__subclasscheck__")) if there is not None and there.metaclass else ()
        return any(one in self._head.items for one in checks)

    def _is_private(self, name: str) -> bool:
        item = self._base.items.get(name)
        if item is None:
            return any(part.startswith("_") for part in name.split(".")[1:]) and name.partition(".")[0] in self._packages
        return item.stability is Stability.HIDDEN

    @cached_property
    def _packages(self) -> set[str]:
        return {path.partition(".")[0] for path in self._base.items}


def _origin(surface: Surface, name: str) -> str:
    item = surface.items.get(name)
    return (item.origin or item.path) if item is not None else name
