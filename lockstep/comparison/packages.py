"""What changed about the packages that users ask a registry for: which are added, removed, private now, or renamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.model import Ecosystem, Finding, Level, Package, Place, Requires
from lockstep.policy.semver import Impact, requires
from lockstep.surface import Item, Stability, Surface
from lockstep.versions.pep508 import normalized
from lockstep.versions.version import Version

PackageKey: TypeAlias = tuple[Ecosystem, str]
WITHOUT_REGISTRY = frozenset({"c", "go", "npm", "declared"})
"""Surfaces that reach users without the registry that a private package stays away from: headers, Go modules, files; npm's are of published ones alone."""
SIMILARITY = 0.6
"""The part of the names of two packages that must be the same for one to be the other under a new name, where the folder does not say so."""
MOST_COMPARED = 2_000_000
"""Names of packages that are compared; where there are more, a package is the other under a new name only where the folder says so."""


class ChangeKind(StrEnum):
    """What became of a package."""

    ADDED = "added"
    PUBLISHED = "published"  # private until now
    RENAMED = "renamed"
    REMOVED = "removed"
    PRIVATE = "private"  # still there, and published no more
    UNUSABLE = "unusable"  # still published, and nothing that others can ask for
    LIBRARY_LOST = "library-lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageChange:
    """One package that changed; `version` is what it was at, `surface` the row of the review that shows it."""

    kind: ChangeKind
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
    def noun(self) -> str:
        """What people call it: a crate, or a package."""
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
            old=_requirement_on(self.before) if self.before is not None and breaks else None,
            new=_requirement_on(self.after) if self.after is not None and self.kind in (ChangeKind.ADDED, ChangeKind.PUBLISHED, ChangeKind.RENAMED) else None,
        )


def _requirement_on(package: Package) -> str:
    """Write how others ask for a package."""
    if package.version is None:
        return package.name
    return f'{package.name} = "{package.version}"' if package.ecosystem is Ecosystem.CARGO else f"{package.name}=={package.version}"


def ecosystem(surface: Surface) -> Ecosystem:
    """Say whose registry a surface reaches its users by."""
    if surface.surface == "npm":
        return Ecosystem.NPM
    return Ecosystem.PYTHON if surface.surface.startswith("python") else Ecosystem.CARGO


class Holders:
    """Packages, found by what they promise."""

    def __init__(self, packages: Iterable[Package]) -> None:
        self._named: dict[str, list[Package]] = {}
        for one in packages:
            self._named.setdefault(one.name, []).append(one)

    def of(self, surface: Surface) -> list[Package]:
        """Give the packages that make a promise: of a crate and a wheel of one name the one that its users ask for, else whichever bears the name."""
        named = self._named.get(surface.package, [])
        return [one for one in named if one.ecosystem is ecosystem(surface)] or named


def published(packages: Iterable[Package], surfaces: Iterable[Surface]) -> dict[PackageKey, Package]:
    """Give the packages that users can ask for: published, with something to offer."""
    shown = {(ecosystem(one), one.package) for one in surfaces if one.surface not in WITHOUT_REGISTRY}
    return {(one.ecosystem, one.name): one for one in packages if one.publish is not False and (one.ecosystem, one.name) in shown}


def renames(
    before: Mapping[PackageKey, Package], after: Mapping[PackageKey, Package], old: Sequence[Surface], new: Sequence[Surface]
) -> dict[PackageKey, Package]:
    """Give the packages that are there under another name: in the same folder, or with the same things in them; none where two may be meant."""
    removed, added = ({name: one[name].root for name in one if name not in other} for one, other in ((before, after), (after, before)))
    here, there = _by_folder(removed), _by_folder(added)
    single = [(here[key][0], there[key][0]) for key in here if len(here[key]) == 1 == len(there.get(key, ()))]
    left = [{name: set[str]() for name, root in one.items() if (name[0], root) not in other} for one, other in ((removed, there), (added, here))]
    if all(left):
        for names, surfaces in zip(left, (old, new), strict=True):
            _name(names, surfaces)
        single += _similar(*left)
    return {one: after[other] for one, other in single}


def _by_folder(roots: Mapping[PackageKey, str]) -> dict[tuple[Ecosystem, str], list[PackageKey]]:
    found: dict[tuple[Ecosystem, str], list[PackageKey]] = {}
    for name, root in roots.items():
        found.setdefault((name[0], root), []).append(name)
    return found


def _name(names: Mapping[PackageKey, set[str]], surfaces: Sequence[Surface]) -> None:
    """Add what is in packages to their names."""
    for surface in surfaces:
        found = names.get((ecosystem(surface), surface.package))
        if found is not None and surface.surface not in WITHOUT_REGISTRY and not surface.surface.endswith("-manifest"):
            found |= {_below(path) for path, item in surface.items.items() if item.stability is not Stability.HIDDEN}


def _similar(old: Mapping[PackageKey, set[str]], new: Mapping[PackageKey, set[str]]) -> list[tuple[PackageKey, PackageKey]]:
    """Give the packages that have most names in common with one another of their ecosystem, and it with them alone; none where there are too many to compare.

    Two that have so many in common share one of the rarest of each too, so that few are compared.
    """
    number = Counter(name for each in (*old.values(), *new.values()) for name in each)
    moments = _Named(old, number), _Named(new, number)
    before, after = moments
    pairs = [(one, other) for one in old if (other := before.only(one, after)) is not None and after.only(other, before) == one]
    return pairs if sum(one.compared for one in moments) <= MOST_COMPARED else []


class _Named:
    """Packages of one moment by the names in them; `number` says how often each name is there at both."""

    def __init__(self, names: Mapping[PackageKey, set[str]], number: Mapping[str, int]) -> None:
        self._names = names
        self._rarest = {
            key: sorted(each, key=lambda name: (number[name], name))[: len(each) - int(SIMILARITY * len(each))]  # of these one is in all that is similar
            for key, each in names.items()
        }
        self._having: dict[tuple[Ecosystem, str], list[PackageKey]] = {}
        for key, each in self._rarest.items():
            for name in each:
                self._having.setdefault((key[0], name), []).append(key)
        self.compared = 0

    def only(self, key: PackageKey, others: _Named) -> PackageKey | None:
        """Give the one package of another moment that is similar to one of this; None for none, and for several."""
        seen, found = set[PackageKey](), list[PackageKey]()
        for other in (other for name in self._rarest[key] for other in others._having.get((key[0], name), ())):
            self.compared += 1
            if self.compared > MOST_COMPARED or len(found) > 1:
                return None
            if other not in seen:
                seen.add(other)
                self.compared += min(len(self._names[key]), len(others._names[other]))
                if _are_similar(self._names[key], others._names[other]):
                    found.append(other)
        return found[0] if len(found) == 1 else None


def _below(path: str) -> str:
    """Give a path without the name of its crate."""
    head, separator, rest = path.partition("::")
    return f"{'mod ' if head.startswith('mod ') else ''}{rest}" if separator else path


def _are_similar(old: set[str], new: set[str]) -> bool:
    return len(old & new) > SIMILARITY * max(len(old), len(new))


def renamed_surface(surface: Surface, name: str, now: Surface | None) -> Surface:
    """Give a surface under the name that its package has now, so that the two can be compared."""
    root, other = (_root(one) for one in (surface, now or surface))
    if root == other:
        return replace(surface, package=name)
    items = (_renamed_item(item, root, other) for item in surface.items.values())
    return replace(surface, package=name, items={item.path: item for item in items})


def _root(surface: Surface) -> str:
    path = next(iter(surface.items), "")
    return path.partition("::")[0].removeprefix("mod ").rstrip("!") if surface.surface == "rust" else ""


def _renamed_item(item: Item, root: str, other: str) -> Item:
    def respelled(path: str) -> str:
        head, separator, rest = path.partition("::")
        return f"{head.removesuffix(root)}{other}{separator}{rest}" if head.removeprefix("mod ") == root else path

    return replace(item, path=respelled(item.path), origin=respelled(item.origin))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPackages:
    """The packages that users can ask a registry for, before and after.

    `renamed` gives the package as it is by its old name; `all_before` and `all_after` are all packages of the repository, published or not.
    """

    before: Mapping[PackageKey, Package]
    after: Mapping[PackageKey, Package]
    renamed: Mapping[PackageKey, Package]
    all_before: Mapping[PackageKey, Package]
    all_after: Mapping[PackageKey, Package]


def published_packages(old: Sequence[Package], old_surfaces: Sequence[Surface], new: Sequence[Package], new_surfaces: Sequence[Surface]) -> PublishedPackages:
    """Give the published packages of two moments."""
    before, after = published(old, old_surfaces), published(new, new_surfaces)
    return PublishedPackages(
        before=before,
        after=after,
        renamed=renames(before, after, old_surfaces, new_surfaces),
        all_before={(one.ecosystem, one.name): one for one in old},
        all_after={(one.ecosystem, one.name): one for one in new},
    )


def _is_one_name(one: PackageKey, other: PackageKey) -> bool:
    """Say whether a registry takes two names for one: PyPI does, where they differ in capitals, dashes, dots and underscores."""
    return one[0] is other[0] is Ecosystem.PYTHON and normalized(one[1]) == normalized(other[1])


def package_changes(found: PublishedPackages, rows: Iterable[Surface], lost: Collection[str]) -> Iterator[PackageChange]:
    """Give what became of packages, each at the row of its manifest, or its first; `lost` are the crates whose library is gone."""
    rows = sorted(rows, key=lambda row: not row.surface.endswith("-manifest"))
    old_names = {(one.ecosystem, one.name): key for key, one in found.renamed.items()}
    seen: set[PackageKey] = set()
    for row in rows:
        if row.surface in WITHOUT_REGISTRY:
            continue
        key = (ecosystem(row), row.package)
        old, new = found.before.get(old_names.get(key, key)), found.after.get(key)
        kind: ChangeKind | None = None
        if key not in seen:
            seen.add(key)
            if key in old_names:
                kind = None if _is_one_name(key, old_names[key]) else ChangeKind.RENAMED
            elif old is None and new is not None:
                old = found.all_before.get(key)
                kind = ChangeKind.ADDED if old is None else ChangeKind.PUBLISHED
            elif old is not None and new is None:
                new = found.all_after.get(key)
                kind = ChangeKind.REMOVED if new is None else ChangeKind.PRIVATE if new.publish is False else ChangeKind.UNUSABLE
        if kind is None and row.surface == "rust" and row.package in lost:
            kind = ChangeKind.LIBRARY_LOST
        if kind is not None:
            known = next((one.version for one in (old, new) if one is not None), None)
            yield PackageChange(kind=kind, before=old, after=new, surface=row.surface, version=known or Version(release=(0, 1, 0)))
