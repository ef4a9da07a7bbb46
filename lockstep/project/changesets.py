"""Which npm packages move together where changesets makes the releases: those that its configuration fixes to one version, and no others.

What it links shares a version only when it is released together, so that it is no group here.

Source: https://github.com/changesets/changesets/blob/main/docs/config-file-options.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from lockstep.dataclass import replace
from lockstep.errors import LockstepError
from lockstep.model import Ecosystem
from lockstep.project.discovery import Found
from lockstep.project.grouping import Grouped, Grouping, PackageId, is_placeholder
from lockstep.tree import Tree, glob
from lockstep.versions.version import Version
from lockstep.wording import counted

PATH = ".changeset/config.json"


def separate(grouping: Grouping, tree: Tree) -> None:
    """Part the npm packages of the groups that changesets versions one by one, and gather those that it fixes to one version."""
    units = _units(tree, [found for found in grouping.packages if found.version is not None and not is_placeholder(found.version)])
    if len(units) < 2:
        return
    by_id = {found.id: found for found in grouping.packages}
    unit_of = {member: number for number, unit in enumerate(units) for member in unit}
    kept: set[int] = set()
    groups: list[Grouped] = []
    for group in grouping.groups:
        here = sorted({unit_of[one] for one in group.members if one in unit_of})
        stays = _staying([by_id[one] for one in group.members if one not in unit_of], [[by_id[one] for one in units[number]] for number in here])
        mine = None if stays is None or here[stays] in kept else here[stays]
        kept |= {mine} if mine is not None else set()
        members = tuple(one for one in group.members if unit_of.get(one) in (None, mine)) + (units[mine] if mine is not None else ())
        if members:
            groups.append(replace(group, members=tuple(dict.fromkeys(members)), basis=_basis(group, members, units[mine] if mine is not None else ())))
    groups += [
        Grouped(name=min(unit)[1], version=_highest(by_id[one] for one in unit), basis=f"fixed to one version by {PATH}", members=unit)
        for number, unit in enumerate(units)
        if len(unit) > 1 and number not in kept
    ]
    grouped = {member for group in groups for member in group.members}
    parted = [by_id[one] for one in unit_of if one not in grouped]
    grouping.groups[:] = groups
    decided = {by_id[one].declared.name for one in unit_of}
    grouping.faults[:] = [fault for fault in grouping.faults if fault.rule != "package-undecided" or fault.package not in decided]
    grouping.reasons |= {one: f"fixed to one version by {PATH}" for unit in units if len(unit) > 1 for one in unit if one in grouped}
    grouping.reasons |= {found.id: f"outside: {PATH} fixes it to no other package" for found in parted}
    grouping.alone += [found for found in parted if found.declared.publish is not False and found not in grouping.alone]


def _basis(group: Grouped, members: tuple[PackageId, ...], unit: tuple[PackageId, ...]) -> str:
    if len(unit) > 1 and set(members) == set(unit):
        return f"fixed to one version by {PATH}"
    return group.basis if set(members) == set(group.members) else f"{counted(len(set(members)), 'package')} that {PATH} does not part"


def _staying(others: list[Found], units: list[list[Found]]) -> int | None:
    """Say which of the units of a group stays in it: the only one, the largest, or that of the package which is called like one that is no npm package."""
    if len(units) == 1:
        return 0
    names = {found.declared.name.rpartition("/")[2] for found in others}
    sizes = [len(unit) for unit in units]
    if sizes and max(sizes) > 1 and sizes.count(max(sizes)) == 1:
        return sizes.index(max(sizes))
    called = [number for number, unit in enumerate(units) if any(found.declared.name.rpartition("/")[2] in names for found in unit)]
    return called[0] if len(called) == 1 else None


def _highest(packages: Iterable[Found]) -> Version:
    return max(found.version for found in packages if found.version is not None)


def _units(tree: Tree, packages: Iterable[Found]) -> list[tuple[PackageId, ...]]:
    """Give the npm packages, each with those that are fixed to it; nothing where changesets is not used."""
    try:
        config = json.loads(tree.read(PATH).removeprefix("\ufeff")) if tree.has(PATH) else None
    except (LockstepError, ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        return []
    left = {found.id: found for found in packages if found.declared.ecosystem is Ecosystem.NPM}
    units: list[tuple[PackageId, ...]] = []
    fixed = config.get("fixed")
    for wanted in fixed if isinstance(fixed, list) else ():
        patterns = list(_patterns(wanted))
        if members := tuple(id_ for id_, found in left.items() if _fits(found, patterns)):
            units.append(members)
            left = {id_: found for id_, found in left.items() if id_ not in members}
    return [*units, *((id_,) for id_ in left)]


def _patterns(value: object) -> Iterator[str]:
    yield from (one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _fits(found: Found, patterns: list[str]) -> bool:
    """Say whether a list of names or globs has a package; one that begins with `!` takes back what those before it took."""
    taken = False
    for pattern in patterns:
        if glob(pattern.removeprefix("!")).fullmatch(found.declared.name):
            taken = not pattern.startswith("!")
    return taken
