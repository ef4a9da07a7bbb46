"""Cargo features: what one turns on in the end, and how a manifest asks for it.

Source: https://doc.rust-lang.org/cargo/reference/features.html#dependency-features
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.surface import Item
from lockstep.versions.version import Version


def enabled(items: Mapping[str, Item], name: str) -> frozenset[str]:
    """Give all that a feature turns on, other features among it, itself left out; nothing where there is no such feature."""
    found: set[str] = set()
    pending = [name]
    seen = {name}
    while pending:
        item = items.get(f"features.{pending.pop()}")
        for entry in item.bases if item is not None else ():
            found.add(entry)
            alias, slash, _ = entry.partition("/")
            if slash and not alias.endswith("?"):
                found.add(f"dep:{alias}")
            following = alias if slash else entry
            if following not in seen and f"features.{following}" in items:
                seen.add(following)
                pending.append(following)
    return frozenset(found - {name})


def dropped(old: Mapping[str, Item], new: Mapping[str, Item], name: str) -> tuple[str, ...]:
    """Give the entries that a feature has no more and that nothing else in it turns on; none that vanished from the crate altogether."""
    if f"features.{name}" not in old:
        return ()
    still = enabled(new, name)
    return tuple(entry for entry in old[f"features.{name}"].bases if entry not in still and _is_there(entry, new))


def dependency_line(package: str, version: Version, feature: str) -> str:
    """Write the line of a manifest that asks for a feature of a crate."""
    return f'{package} = {{ version = "{version}", features = ["{feature}"] }}'


def _is_there(entry: str, items: Mapping[str, Item]) -> bool:
    """Say whether an entry could still be written: a feature that was removed is missed as such."""
    return "/" in entry or entry.startswith("dep:") or f"features.{entry}" in items
