"""What is known of the classes of a package, as two of its surfaces have them."""

from __future__ import annotations

from lockstep.comparison.python_annotations import parse
from lockstep.comparison.python_assignability import MOST_STEPS, Hierarchy
from lockstep.comparison.python_items import parent
from lockstep.comparison.python_stdlib import expanded, is_standard, standard_ancestors
from lockstep.comparison.python_types import union
from lockstep.surface import Item, ItemKind, Surface, Trait


class PackageClasses:
    """The classes of one package; of a class that both surfaces have, the newer one counts."""

    def __init__(self, base: Surface, head: Surface) -> None:
        self._base = base
        self._head = head
        self._steps = iter(range(MOST_STEPS))

    def seen_from(self, item: Item) -> Hierarchy:
        """Give what is known of classes, seen from an item: `Self` is its class, type variables are its own and its class's."""
        owner = self._head.items.get(parent(item.path))
        own = (owner.path, *owner.ancestors) if owner is not None and owner.kind is ItemKind.CLASS else ()

        def ancestors(name: str) -> tuple[str, ...] | None:
            return own if name == "typing.Self" and own else self._ancestors(name)

        variables = {one.name.lstrip("*"): one for scope in (owner, item) if scope is not None for one in scope.type_parameters}
        bounds = {
            name: parse(one.bound) if one.bound else union(parse(part) for part in one.constraints) if one.constraints else parse("builtins.object")
            for name, one in variables.items()
        }
        return Hierarchy(ancestors=ancestors, is_protocol=self._is_protocol, bounds=bounds, steps=self._steps)

    def _ancestors(self, name: str) -> tuple[str, ...] | None:
        for surface in (self._head, self._base):
            item = surface.items.get(name)
            if item is None:
                continue
            if item.kind is ItemKind.CLASS:
                if Trait.TYPEDDICT in item.traits:  # when it runs it is a dict, to type checkers it is none
                    return (*item.ancestors, *standard_ancestors("typing.TypedDict"))
                return expanded(item.ancestors or item.bases)
            if item.value is not None and "NewType(" in item.value:
                return self._newtype(item)
        return None

    def _newtype(self, item: Item) -> tuple[str, ...] | None:
        base = (item.value or "").rpartition(",")[2].strip().rstrip(")").strip()
        for full in (f"{parent(item.origin or item.path)}.{base}", f"builtins.{base}"):
            if is_standard(full):
                return (full, *standard_ancestors(full))
            if (line := self._ancestors(full) if full != item.path else None) is not None:
                return (full, *line)
        return None

    def _is_protocol(self, name: str) -> bool:
        item = self._head.items.get(name) or self._base.items.get(name)
        return item is not None and Trait.PROTOCOL in item.traits
