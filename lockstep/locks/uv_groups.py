"""Dependency groups as uv reads them: with the groups that they include, and for the Pythons that `[tool.uv.dependency-groups]` gives them.

Source: https://docs.astral.sh/uv/reference/settings/#dependency-groups; uv's crates/uv-distribution/src/metadata/dependency_groups.rs,
`FlatDependencyGroups`.
"""

from __future__ import annotations

from lockstep.locks.markers import normalized
from lockstep.locks.requires_python import marker_of
from lockstep.locks.uv_manifest import specifiers
from lockstep.text.toml import Table


def group_requirements(groups: Table, settings: Table, wanted: str) -> list[str]:
    """Give a group's requirements with those of the groups that it includes, each once, under the Pythons of every group on the way to it.

    Each group is asked once, after those that it includes; of one that includes itself, what comes round again is left out.
    """
    listed, pythons = _listed(groups), _stated(settings)
    known: dict[str, list[str]] = {}
    opened: set[str] = set()
    pending = [wanted]
    while pending:
        group = pending[-1]
        if group in known:
            pending.pop()
            continue
        items = listed.get(group, ())
        if group not in opened:
            opened.add(group)
            pending += reversed([name for item in items if (name := _included(item)) and name not in opened])
            continue
        under = marker_of(",".join(pythons.get(group, ())))
        found = [one for item in items for one in ([item] if isinstance(item, str) else known.get(_included(item), ()))]
        known[group] = list(dict.fromkeys(_under(one, under) if under else one for one in found))
    return known[wanted]


def group_pythons(groups: Table, settings: Table, wanted: str) -> frozenset[str]:
    """Give what a group and those that it includes say of Python, as specifiers that compare."""
    listed, pythons = _listed(groups), _stated(settings)
    found: set[str] = set()
    seen = {wanted}
    pending = [wanted]
    while pending:
        group = pending.pop()
        found |= {one for text in pythons.get(group, ()) for one in specifiers(text)}
        inner = {name for item in listed.get(group, ()) if (name := _included(item))} - seen
        seen |= inner
        pending += inner
    return frozenset(found)


def _included(item: object) -> str:
    inner = item.get("include-group") if isinstance(item, dict) else None
    return normalized(inner) if isinstance(inner, str) else ""


def _listed(groups: Table) -> dict[str, list[object]]:
    """Give what each group lists, by its normal name."""
    found: dict[str, list[object]] = {}
    for name, items in groups.items():
        if isinstance(items, list):
            found.setdefault(normalized(name), []).extend(items)
    return found


def _stated(settings: Table) -> dict[str, list[str]]:
    """Give what is said of the Pythons of each group, without those that it includes."""
    found: dict[str, list[str]] = {}
    for name, one in settings.items():
        if isinstance(one, dict) and isinstance(one.get("requires-python"), str):
            found.setdefault(normalized(name), []).append(one["requires-python"])
    return found


def _under(requirement: str, marker: str) -> str:
    """Put a requirement under one more marker."""
    head, _, own = requirement.partition(";")
    return f"{head.rstrip()}; ({own.strip()}) and {marker}" if own.strip() else f"{head.rstrip()}; {marker}"
