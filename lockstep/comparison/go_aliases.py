"""What a Go name stands for, where it only repeats another one of the same module: `type T = other.T`, `const C = other.C`.

Source: https://go.dev/ref/spec#Alias_declarations; moving a type this way keeps importers compiling: https://go.dev/talks/2016/refactor.article
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.pattern import pattern
from lockstep.surface import Item, ItemKind

DEEPEST = 4
"""Aliases of aliases that are followed."""

_REFERENCE = pattern(r"\*?(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)")


def resolved(item: Item, items: Mapping[str, Item]) -> Item | None:
    """Give the item that a name stands for, itself where it is no alias; None where it stands for what another module has."""
    for _ in range(DEEPEST):
        written = item.annotation if item.kind is ItemKind.TYPE_ALIAS else item.value if item.kind is ItemKind.CONSTANT else None
        if written is None or (item.kind is ItemKind.TYPE_ALIAS and not written.startswith("= ")):
            return item
        found = _REFERENCE.fullmatch(written.removeprefix("= "))
        if found is None:
            return item
        target = _named(found["name"], item.path.rpartition(".")[0], items)
        if target is None:
            return None
        item = target
    return item


def _named(name: str, package: str, items: Mapping[str, Item]) -> Item | None:
    """Look a name up: `Name` in its own package, `other.Name` in the one package of the module whose path ends so."""
    if "." not in name:
        return items.get(f"{package}.{name}")
    found = [item for path, item in items.items() if path == name or path.endswith(f"/{name}")]
    return found[0] if len(found) == 1 else None
