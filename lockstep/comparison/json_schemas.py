"""Two JSON schemas of one document: which keys both have, and which types one takes that the other refuses.

Source: https://json-schema.org/draft/2020-12/json-schema-core#section-4.2.1 and .../json-schema-validation#section-6.1.1
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lockstep.surface import Item, ItemKind

TYPES = ("null", "boolean", "object", "array", "integer", "number", "string")


def keys(pairs: Iterable[tuple[Item, Item]], direction: str) -> Iterator[tuple[Item, Item]]:
    """Give the keys of documents that users write (`in`) or that are written for them (`out`), before and after."""
    return ((old, new) for old, new in pairs if new.kind is ItemKind.KEY and direction in new.traits)


def object_of(path: str) -> str:
    """Give the path of the object that a key is in, whether it stands alone or in a list."""
    return path.rpartition(".")[0].removesuffix("[]")


def refused(before: str | None, after: str | None) -> tuple[str, ...]:
    """Give the types of the first list (names between blanks, `any` for all) that the second leaves out; every integer is a number."""
    old, new = _all(before), _all(after)
    return tuple(one for one in TYPES if one in old and one not in new and not (one == "integer" and "number" in old))


def _all(types: str | None) -> frozenset[str]:
    named = frozenset((types or "any").split())
    if "any" in named:
        return frozenset(TYPES)
    return named | {"integer"} if "number" in named else named
