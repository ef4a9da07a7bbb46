"""Dependency groups as uv reads them: with the groups that they include, and for the Pythons that `[tool.uv.dependency-groups]` gives them.

Source: https://docs.astral.sh/uv/reference/settings/#dependency-groups; uv's crates/uv-distribution/src/metadata/dependency_groups.rs,
`FlatDependencyGroups`.
"""

from __future__ import annotations

from lockstep.errors import ManifestError
from lockstep.locks.markers import normalized
from lockstep.locks.requires_python import marker_of
from lockstep.locks.uv_manifest import specifiers
from lockstep.text.toml import Table

MOST_STEPS = 200_000
"""Requirements and includes that are walked through for all groups of one file: each group has those of all that it includes."""


class Groups:
    """The dependency groups of one file; what each holds is found once, for all that include it."""

    def __init__(self, path: str, groups: Table, settings: Table) -> None:
        self._path = path
        self._listed, self._pythons = _listed(groups), _stated(settings)
        self._known: dict[str, list[str]] = {}
        self._steps = 0

    def requirements(self, wanted: str) -> list[str]:
        """Give a group's requirements with those of the groups that it includes, each once, under the Pythons of every group on the way to it.

        Each group is asked once, after those that it includes; of one that includes itself, what comes round again is left out.

        Raises: ManifestError where the groups hold too much.
        """
        known: dict[str, list[str]] = {}
        opened: set[str] = set()
        pending, circular = [wanted], False
        while pending:
            group = pending[-1]
            if group in known or group in self._known:
                pending.pop()
                continue
            items = self._listed.get(group, [])
            inner = [name for item in items if (name := _included(item))]
            if group not in opened:
                opened.add(group)
                pending += [name for name in reversed(inner) if name not in opened]
                continue
            circular = circular or not all(name in known or name in self._known for name in inner)
            under = marker_of(",".join(self._pythons.get(group, ())))
            found = dict.fromkeys(
                _under(one, under) if under else one for item in items for one in ([item] if isinstance(item, str) else self._have(_included(item), known))
            )
            known[group] = list(found)
        if not circular:  # else what a group holds depends on where one begins
            self._known |= known
        return known.get(wanted) or self._known.get(wanted) or []

    def _have(self, group: str, known: dict[str, list[str]]) -> list[str]:
        found = known.get(group) or self._known.get(group) or []
        self._count(len(found))
        return found

    def pythons(self, wanted: str) -> frozenset[str]:
        """Give what a group and those that it includes say of Python, as specifiers that compare.

        Raises: ManifestError where the groups hold too much.
        """
        found: set[str] = set()
        seen = {wanted}
        pending = [wanted] if self._pythons else []
        while pending:
            group = pending.pop()
            found |= {one for text in self._pythons.get(group, ()) for one in specifiers(text)}
            items = self._listed.get(group, [])
            self._count(len(items))
            inner = {name for item in items if (name := _included(item))} - seen
            seen |= inner
            pending += inner
        return frozenset(found)

    def _count(self, steps: int) -> None:
        self._steps += 1 + steps
        if self._steps > MOST_STEPS:
            raise ManifestError(
                f"the dependency groups include each other {MOST_STEPS} times and more", path=self._path, help="include fewer groups in one another"
            )


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
