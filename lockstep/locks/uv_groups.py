"""Dependency groups as uv reads them: with the groups that they include, and for the Pythons that `[tool.uv.dependency-groups]` gives them.

Source: https://docs.astral.sh/uv/reference/settings/#dependency-groups; uv's crates/uv-distribution/src/metadata/dependency_groups.rs,
`FlatDependencyGroups`.
"""

from __future__ import annotations

from lockstep.locks.markers import normalized
from lockstep.locks.requires_python import marker_of
from lockstep.locks.uv_manifest import specifiers
from lockstep.text.toml import Table


def group_requirements(groups: Table, settings: Table, wanted: str, seen: tuple[str, ...] = ()) -> list[str]:
    """Give a group's requirements with those of the groups that it includes, each under the Pythons of every group on the way to it."""
    found: list[str] = []
    for item in _items(groups, wanted, seen):
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict) and isinstance(inner := item.get("include-group"), str):
            found += group_requirements(groups, settings, normalized(inner), (*seen, wanted))
    under = marker_of(",".join(_own_pythons(settings, wanted)))
    return [_under(item, under) for item in found] if under else found


def group_pythons(groups: Table, settings: Table, wanted: str, seen: tuple[str, ...] = ()) -> frozenset[str]:
    """Give what a group and those that it includes say of Python, as specifiers that compare."""
    found = {one for text in _own_pythons(settings, wanted) for one in specifiers(text)}
    for item in _items(groups, wanted, seen):
        if isinstance(item, dict) and isinstance(inner := item.get("include-group"), str):
            found |= group_pythons(groups, settings, normalized(inner), (*seen, wanted))
    return frozenset(found)


def _items(groups: Table, wanted: str, seen: tuple[str, ...]) -> list[object]:
    """Give what a group lists; nothing where it includes itself."""
    lists = [] if wanted in seen else [items for name, items in groups.items() if normalized(name) == wanted and isinstance(items, list)]
    return [item for items in lists for item in items]


def _own_pythons(settings: Table, wanted: str) -> list[str]:
    """Give what is said of the Pythons of one group, without those that it includes."""
    stated = (one.get("requires-python") for name, one in settings.items() if normalized(name) == wanted and isinstance(one, dict))
    return [one for one in stated if isinstance(one, str)]


def _under(requirement: str, marker: str) -> str:
    """Put a requirement under one more marker."""
    head, _, own = requirement.partition(";")
    return f"{head.rstrip()}; ({own.strip()}) and {marker}" if own.strip() else f"{head.rstrip()}; {marker}"
