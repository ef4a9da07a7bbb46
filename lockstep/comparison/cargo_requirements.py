"""The requirements of a crate on others, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lockstep.errors import VersionError
from lockstep.surface import Item
from lockstep.versions.ranges import Range, cargo, disjoint


def requirements(pairs: Iterable[tuple[Item, Item]]) -> Iterator[tuple[Item, Item, Range, Range]]:
    """Give each requirement on one crate of somebody else's, before and after, with the versions that both admit; not in a manifest that Cargo refuses."""
    for old, new in pairs:
        if "cargo" not in new.traits or "sibling" in new.traits or old.origin != new.origin or old.value is None or new.value is None:
            continue
        try:
            before, after = cargo(old.value), cargo(new.value)
        except VersionError:
            continue
        yield old, new, before, after


def is_other_major(new: Item, before: Range, after: Range) -> bool:
    """Say whether a library asks for versions of which none satisfied it before: its users may have types of both."""
    return "library" in new.traits and disjoint(before, after)
