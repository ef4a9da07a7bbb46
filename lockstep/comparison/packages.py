"""What became of the packages that users ask a registry for: which are new, gone, private now, or called otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.model import Ecosystem, Finding, Level, Package, Place, Requires
from lockstep.policy.semver import Impact, requires
from lockstep.surface import Item, Stability, Surface
from lockstep.versions.version import Version

Named: TypeAlias = tuple[Ecosystem, str]
SHIPPED = frozenset({"c", "go", "declared"})
"""Surfaces that reach users without the registry that a private package stays away from: headers, Go modules, files."""
LIKENESS = 0.6
"""The part of the names of two packages that must be the same for one to be the other under a new name, where the folder does not say so."""


class Turn(StrEnum):
    """What became of a package."""

    ADDED = "added"
    PUBLISHED = "published"  # private until now
    RENAMED = "renamed"
    REMOVED = "removed"
    PRIVATE = "private"  # still there, and published no more
    UNUSABLE = "unusable"  # still published, and nothing that others can ask for
    LIBRARY_LOST = "library-lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One package that is not what it was. `version` is what it was at, `surface` the row of the review that tells it."""

    turn: Turn
    before: Package | None
    after: Package | None
    surface: str
    version: Version

    @property
    def package(self) -> Package:
        """The package: as it is, or was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def kind(self) -> str:
        """What people call it."""
        return "crate" if self.package.ecosystem is Ecosystem.CARGO else "package"

    def finding(self, *, rule: str, impact: Impact, message: str, help: str) -> Finding:  # noqa: A002 - the field's name
        """Make a finding about the package: it stands at its manifest."""
        breaks = impact is Impact.BREAKING
        return Finding(
            rule=rule,
            level=Level.ERROR if breaks else Level.NOTE,
            place=Place(path=self.package.manifest, line=1),
            message=message,
            help=help,
            requires=requires(impact, self.version) if breaks else Requires.PATCH,  # nothing that was there before changes
            surface=self.surface,
            package=self.package.name,
            symbol=(self.before or self.package).name,
            old=_asked(self.before) if self.before is not None and breaks else None,
            new=_asked(self.after) if self.after is not None and self.turn in (Turn.ADDED, Turn.PUBLISHED, Turn.RENAMED) else None,
        )


def _asked(package: Package) -> str:
    """Write how others ask for a package."""
    if package.version is None:
        return package.name
    return f'{package.name} = "{package.version}"' if package.ecosystem is Ecosystem.CARGO else f"{package.name}=={package.version}"


def ecosystem(surface: Surface) -> Ecosystem:
    """Say whose registry a surface reaches its users by."""
    return Ecosystem.PYTHON if surface.surface.startswith("python") else Ecosystem.CARGO


def offered(packages: Iterable[Package], surfaces: Iterable[Surface]) -> dict[Named, Package]:
    """Give the packages that users can ask for: published, with something to offer."""
    shown = {(ecosystem(one), one.package) for one in surfaces if one.surface not in SHIPPED}
    return {(one.ecosystem, one.name): one for one in packages if one.publish is not False and (one.ecosystem, one.name) in shown}


def renamed(before: Mapping[Named, Package], after: Mapping[Named, Package], old: Sequence[Surface], new: Sequence[Surface]) -> dict[Named, Package]:
    """Give the packages that are there under another name: in the same folder, or with the same things in them; none where two may be meant."""
    gone = [name for name in before if name not in after]
    fresh = [name for name in after if name not in before]
    pairs = [(one, other) for one in gone for other in fresh if one[0] is other[0] and before[one].root == after[other].root]
    left = [(one, other) for one in gone for other in fresh if one[0] is other[0] and not any(one == a or other == b for a, b in pairs)]
    names = {key: _names(key, surfaces) for keys, surfaces in ((gone, old), (fresh, new)) for key in keys} if left else {}
    pairs += [(one, other) for one, other in left if _alike(names[one], names[other])]
    single = [(one, other) for one, other in pairs if sum(one == a for a, _ in pairs) == 1 == sum(other == b for _, b in pairs)]
    return {one: after[other] for one, other in single}


def _names(key: Named, surfaces: Sequence[Surface]) -> set[str]:
    found: set[str] = set()
    for surface in surfaces:
        if (ecosystem(surface), surface.package) == key and surface.surface not in SHIPPED and not surface.surface.endswith("-manifest"):
            found |= {_below(path) for path, item in surface.items.items() if item.stability is not Stability.HIDDEN}
    return found


def _below(path: str) -> str:
    """Give a path without the name of its crate."""
    head, separator, rest = path.partition("::")
    return f"{'mod ' if head.startswith('mod ') else ''}{rest}" if separator else path


def _alike(old: set[str], new: set[str]) -> bool:
    return len(old & new) > LIKENESS * max(len(old), len(new))


def called(surface: Surface, name: str, now: Surface | None) -> Surface:
    """Give a surface under the name that its package has now, so that the two can be compared."""
    root, other = (_root(one) for one in (surface, now or surface))
    if root == other:
        return replace(surface, package=name)
    items = (_called(item, root, other) for item in surface.items.values())
    return replace(surface, package=name, items={item.path: item for item in items})


def _root(surface: Surface) -> str:
    path = next(iter(surface.items), "")
    return path.partition("::")[0].removeprefix("mod ").rstrip("!") if surface.surface == "rust" else ""


def _called(item: Item, root: str, other: str) -> Item:
    def told(path: str) -> str:
        head, separator, rest = path.partition("::")
        return f"{head.removesuffix(root)}{other}{separator}{rest}" if head.removeprefix("mod ") == root else path

    return replace(item, path=told(item.path), origin=told(item.origin))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What users could ask for, and can: `names` are the packages that are called otherwise now; `was` and `there` are all of the repository's."""

    before: Mapping[Named, Package]
    after: Mapping[Named, Package]
    names: Mapping[Named, Package]
    was: Mapping[Named, Package]
    there: Mapping[Named, Package]


def shelf(old: Sequence[Package], old_surfaces: Sequence[Surface], new: Sequence[Package], new_surfaces: Sequence[Surface]) -> Shelf:
    """Lay out what two moments offer."""
    before, after = offered(old, old_surfaces), offered(new, new_surfaces)
    return Shelf(
        before=before,
        after=after,
        names=renamed(before, after, old_surfaces, new_surfaces),
        was={(one.ecosystem, one.name): one for one in old},
        there={(one.ecosystem, one.name): one for one in new},
    )


def fates(found: Shelf, rows: Iterable[Surface], lost: Collection[str]) -> Iterator[Fate]:
    """Give what became of packages, each told at the row of its manifest, or its first; `lost` are the crates whose library is gone."""
    rows = sorted(rows, key=lambda row: not row.surface.endswith("-manifest"))
    old_names = {(one.ecosystem, one.name): key for key, one in found.names.items()}
    told: set[Named] = set()
    for row in rows:
        if row.surface in SHIPPED:
            continue
        key = (ecosystem(row), row.package)
        old, new = found.before.get(old_names.get(key, key)), found.after.get(key)
        turn: Turn | None = None
        if key not in told:
            told.add(key)
            if key in old_names:
                turn = Turn.RENAMED
            elif old is None and new is not None:
                old = found.was.get(key)
                turn = Turn.ADDED if old is None else Turn.PUBLISHED
            elif old is not None and new is None:
                new = found.there.get(key)
                turn = Turn.REMOVED if new is None else Turn.PRIVATE if new.publish is False else Turn.UNUSABLE
        if turn is None and row.surface == "rust" and row.package in lost:
            turn = Turn.LIBRARY_LOST
        if turn is not None:
            known = next((one.version for one in (old, new) if one is not None), None)
            yield Fate(turn=turn, before=old, after=new, surface=row.surface, version=known or Version(release=(0, 1, 0)))
