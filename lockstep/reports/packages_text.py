"""What was discovered: the groups, their packages, what moves on its own, each with its reason; many packages of one folder share a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.model import Package, Site
from lockstep.project.project import Project
from lockstep.reports.escape import printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted, first_few

if TYPE_CHECKING:
    from lockstep.project.release_tags import GroupTags

SCREEN = 48
"""Packages and groups: of more, those of one folder share a line."""
FEW = 3
"""So many packages of one folder have a line of their own each."""
MOST_NAMED = 3
"""Packages of a line that are named."""


def show(project: Project, paint: Painter, *, tags: Iterable[GroupTags] = (), sites: bool = False, verbose: bool = False) -> str:
    """Give groups, members, outsiders, each with its reason, and every site where that is asked for."""
    whole = sites or verbose or len(project.packages) + len(project.groups) <= SCREEN
    lines: list[str] = []
    by_package: dict[str, list[Site]] = {}
    for site in project.sites:
        by_package.setdefault(f"{site.package.manifest}\0{site.package.name}", []).append(site)
    tagged = {one.group: _tagged(one) for one in tags}
    for group in project.groups:
        lines.append(f"{paint(Style.STRONG, printable(group.name))} {paint(Style.NEW, str(group.version))}  {paint(Style.DIM, printable(group.basis))}")
        lines += [paint(Style.DIM, printable(f"  {tagged.pop(group.name)}"))] if group.name in tagged else []
        lines += _packages(group.packages, by_package, paint, sites=sites, whole=whole)
        lines.append("")
    if project.outsiders:
        lines.append(paint(Style.STRONG, "outside") + paint(Style.DIM, "  these move on their own; lockstep leaves their versions alone"))
        lines += _packages(project.outsiders, by_package, paint, sites=sites, whole=whole)
        lines += [paint(Style.DIM, printable(f"  {name}: {said}")) for name, said in tagged.items()]
        lines.append("")
    if not project.packages:
        lines += ["no package found: git tracks no Cargo.toml, pyproject.toml or package.json that declares one", ""]
    return "\n".join(lines[:-1]) + "\n"


def _tagged(tags: GroupTags) -> str:
    """Say how a group is tagged; of several schemes, each."""
    if tags.newest is None:
        known = tags.basis == "as configured"
        said = f", {tags.basis}" if known else f" ({tags.basis})" if tags.basis else " (the usual form)"
        return f"no release tag here; {'tags are' if known else 'assumed:'} {tags.template}{said}"
    every = sorted((tags.newest, *tags.beside), key=lambda one: one.template != tags.template)
    is_are = "is" if len(every) == 1 else "are"
    later = f"; the pre-release {tags.ahead.tag} is after it" if tags.ahead is not None else ""
    return f"tags {', '.join((tags.template, *(one.template for one in every[1:])))}, the newest {is_are} {', '.join(one.tag for one in every)}{later}"


def _folder(package: Package) -> str:
    """Give the folder that a package's folder lies in."""
    return package.root.rpartition("/")[0]


def _line(same: Sequence[Package], by_package: Mapping[str, list[Site]], paint: Painter) -> str:
    """Tell packages of one folder, version and reason in a line: how many, where, and the names of the first."""
    one = same[0]
    sites = sum(len(by_package.get(f"{package.manifest}\0{package.name}", [])) for package in same)
    where = f"{_folder(one)}/*" if _folder(one) else "*"
    named = first_few([package.name for package in same], MOST_NAMED)
    why = one.why.removeprefix("outside: ")
    return printable(f"  {len(same)} {one.ecosystem} packages in {where}  {one.version or '-'}  {named}") + paint(
        Style.DIM, printable(f"  {why}, {counted(sites, 'place')}; -v lists each")
    )


def _packages(packages: Iterable[Package], by_package: Mapping[str, list[Site]], paint: Painter, *, sites: bool, whole: bool) -> Iterator[str]:
    shown = list(packages)
    if not whole:
        neighbours: dict[tuple[object, ...], list[Package]] = {}
        for package in shown:
            neighbours.setdefault((package.ecosystem, _folder(package), package.version, package.why), []).append(package)
        together = [same for same in neighbours.values() if len(same) > FEW]
        yield from (_line(same, by_package, paint) for same in together)
        told = {package.manifest for same in together for package in same}
        shown = [package for package in shown if package.manifest not in told]
    width = max((len(package.id) for package in shown), default=0)
    version_width = max((len(str(package.version or "-")) for package in shown), default=0)
    for package in shown:
        found = by_package.get(f"{package.manifest}\0{package.name}", [])
        why = package.why.removeprefix("outside: ")
        version = str(package.version or "-")
        yield printable(f"  {package.id:<{width}}  {version:<{version_width}}  {package.manifest}") + paint(
            Style.DIM, printable(f"  {why}, {counted(len(found), 'place')}" if found else f"  {why}")
        )
        for site in found if sites else ():
            yield (
                "    "
                + paint.place(site.place)
                + printable(f"  {site.role}  {site.key} = {site.text}")
                + paint(Style.DIM, printable(f"  {site.why}" if site.why else ""))
            )
