"""Plans that move versions: the bump of a group, and the repair of what drifted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lockstep.errors import UsageError, VersionError
from lockstep.model import LEARNED, Edit, Finding, Group, Package, Plan, Role, Site
from lockstep.project.grouping import is_placeholder, is_step
from lockstep.project.project import Project
from lockstep.versions.agreement import says, written
from lockstep.versions.bump import STEPS, Bump, bumped
from lockstep.versions.version import PreKind, Spelling, Version, read_any
from lockstep.wording import did_you_mean, first_few

DRIFT = ("version-mismatch", "requirement-unsatisfied", "version-unreadable", "version-not-inherited")
"""The findings that a bump refuses to build on. A stale lock is not among them: it is derived, and the bump makes it true."""

MOST_NAMED = 5
"""Packages that an error names."""


def choose_group(project: Project, name: str | None) -> Group:
    """Give the group that a command means; a package that moves on its own is a group of one.

    Raises: UsageError when there is none of that name, or none at all.
    """
    if name is not None:
        found = project.group(name) or next(
            (_single_package_group(package) for package in project.outsiders if name in (package.name, package.id) and package.version), None
        )
        if found is None:
            alone = [package.name for package in project.outsiders if package.version]
            groups = [group.name for group in project.groups]
            known = "; ".join(
                [
                    *([f"the groups are {', '.join(groups)}"] if groups else []),
                    *([f"on their own: {', '.join(alone[:8])}"] if alone else []),
                ]
            )
            known = known or "no file of this repository states a version, so there is no group; lockstep show says where versions come from"
            raise UsageError(f"there is no group {name!r}", help=did_you_mean(name, (*groups, *alone), known))
        return found
    if not project.groups:
        if tagged := [package for package in project.packages if package.tagged]:
            names = first_few([package.name for package in tagged], MOST_NAMED)
            raise UsageError(
                f"no file states a version to bump: {tagged[0].why.removeprefix('outside: ')} ({names})",
                help="git tag makes the release; lockstep diff says how large its step must be, lockstep gate tag checks the tag, and lockstep changelog show"
                " prints a section; changelog draft and check need a version in a file",
            )
        if project.alone:
            names = first_few([group.name for group in project.alone], MOST_NAMED)
            raise UsageError(f"each package of this repository has a version of its own ({names})", help="name one with --group")
        reasons = "; ".join(f"{package.name}: {package.why}" for package in project.packages[:3])
        raise UsageError("no package of this repository has a version to bump" + (f" ({reasons})" if reasons else ""), help="lockstep show")
    return project.groups[0]


def group_of_step(project: Project, main: Group, new: Version) -> Group:
    """Give the group whose next step a version is, when it is not the main group's and exactly one other's; else the main group.

    Groups come before packages that move on their own. Where the version is below the main group, which cannot be meant, a step that leaves out
    a number or two (0.54.4 to 0.55.1) says enough.
    """
    assert main.version is not None
    if new == main.version or is_step(main.version, new):
        return main
    groups = [group for group in project.groups if group is not main]
    alone = [_single_package_group(package) for package in project.outsiders if package.version and not is_placeholder(package.version)]
    for follows in (is_step, _is_near) if new < main.version else (is_step,):
        for others in (groups, alone):
            candidates = [other for other in others if other.version is not None and follows(other.version, new)]
            if candidates:
                return candidates[0] if len(candidates) == 1 else main
    return main


def _is_near(old: Version, new: Version) -> bool:
    """Say whether a release comes soon after another: no minor or major one lies between them. Of a pre-release that says too little."""
    return (
        old.final and new.final and old < new and ((old.major == new.major and new.minor - old.minor <= 1) or (new.major == old.major + 1 and new.minor == 0))
    )


def _single_package_group(package: Package) -> Group:
    return Group(name=package.name, version=package.version, basis="on its own", packages=(package,))


def sites_of(project: Project, group: Group) -> list[Site]:
    """Give the sites of a group's packages."""
    members = {(package.manifest, package.name) for package in group.packages}
    return [site for site in project.sites if (site.package.manifest, site.package.name) in members]


def next_version(group: Group, to: str, pre: PreKind | None) -> Version:
    """Give the version that `to` (a part to bump, or a version in full) means for a group.

    Raises: UsageError, or VersionError when `to` is neither.
    """
    assert group.version is not None
    if to in tuple(Bump):
        if pre is not None and to == Bump.RELEASE:
            raise UsageError("a release has no pre-release: --pre does not go with it", help=f"lockstep bump pre --pre {pre}")
        return bumped(group.version, Bump(to), pre).padded_like(group.version.text)
    if pre is not None:
        raise UsageError("--pre goes with patch, minor, major and pre, not with a version in full", help=f"lockstep bump {to}")
    try:
        return read_any(to[1:] if to[:1] in ("v", "V") else to).padded_like(group.version.text)
    except VersionError as error:
        raise UsageError(f"{error.message}, and none of {', '.join(STEPS)}", help=did_you_mean(to, STEPS, error.help)) from None


def release_of_pre(old: Version, new: Version, to: str) -> str | None:
    """Say why a part to move gives the release of a pre-release: `patch` and `minor` of 0.5.0-dev are both 0.5.0. None where nothing is to explain."""
    if to not in (Bump.PATCH, Bump.MINOR, Bump.MAJOR) or new.release != old.release or (old.pre is None and old.dev is None):
        return None
    release = bumped(old, Bump.RELEASE)
    return f"{old} announces {release}, so {to} goes to {new}; lockstep bump {bumped(release, Bump(to))} would skip it"


def check_step(old: Version, new: Version, *, fix: bool) -> None:
    """Refuse a step backwards or sideways; with `fix`, standing still aligns what does not say so.

    Raises: UsageError unless `new` is above `old`.
    """
    if new.is_same(old) and not fix:
        on = "lockstep check --fix aligns what does not say so" + ("" if old.final else "; lockstep bump release is the release that it announces")
        raise UsageError(f"the group is at {old} already", help=on)
    if new < old:
        raise UsageError(f"{new} is below {old}, where the group is", help="add --force if the step backwards is meant, or --group for another group")


def drift(findings: Iterable[Finding], project: Project, group: Group, new: Version) -> list[Finding]:
    """Give the findings about the group's own places that stand before the bump; a place that says `new` already is where it should be."""
    mine = {package.name for package in group.packages}
    places = {site.place: site for site in sites_of(project, group)}
    unsure = {site.place for site in project.sites if site.weak}
    found = [one for one in findings if one.rule in DRIFT and one.place not in unsure and (one.place in places or one.package in mine)]
    return [one for one in found if one.place not in places or not _already_says(places[one.place], new)]


def broken_copies(findings: Iterable[Finding], project: Project, group: Group, new: Version) -> list[Finding]:
    """Give the drift of places that the last bump taught."""
    taught = {site.place for site in project.sites if site.key == LEARNED}
    return [one for one in drift(findings, project, group, new) if one.place in taught]


def completes_bump(group: Group, new: Version, drift: Iterable[Finding]) -> bool:
    """Say whether a group is at `new` but for places that an earlier bump left behind: who names that version in full asks for the rest of it."""
    left = [one for one in drift if one.rule == "version-mismatch"]
    at = group.version is not None and new.is_same(group.version)
    return at and any(left) and all(one.old is not None and _is_below(one.old, new) for one in left)


def _is_below(text: str, new: Version) -> bool:
    try:
        return read_any(text.lstrip("vV")) < new
    except VersionError:
        return False


def _already_says(site: Site, new: Version) -> bool:
    """Say whether a place is ahead of its group, and where the group goes."""
    try:
        return says(site.text, site.spelling, new)
    except VersionError:
        return False


def plan_bump(project: Project, group: Group, new: Version, written_before: Callable[[Site], str | None] = lambda _: None) -> Plan:
    """Plan every edit that takes a group to `new`; places that say it already are left out.

    `written_before` gives what a place said at an earlier release of the same kind, for one that does not show how it writes the new version.

    Raises: VersionError when a place cannot spell the version: then nothing is planned.
    """
    assert group.version is not None
    edits = tuple(_moves(sites_of(project, group), group, group.version, new, written_before))
    return Plan(title=f"bump {group.name} from {group.version} to {new}", group=group.name, old=group.version, new=new, edits=edits)


def plan_fix(project: Project) -> tuple[Edit, ...]:
    """Plan the edits that align what drifted: each place with its group, each lock and requirement with its package."""
    edits: list[Edit] = []
    groups = project.groups_of(site.package for site in project.sites)
    for site in project.sites:
        group = groups[site.package]
        version = (group and group.version) or site.package.version
        if version is None or (group is None and site.role not in (Role.LOCK, Role.REQUIREMENT)):
            continue
        edits += _moves((site,), group or _single_package_group(site.package), version, version)
    return tuple(edits)


def _moves(sites: Iterable[Site], group: Group, old: Version, new: Version, written_before: Callable[[Site], str | None] = lambda _: None) -> Iterator[Edit]:
    for site in sites:
        if (
            site.weak or (site.awaits and (new <= old or not new.final)) or (site.installs and old.final and not new.final and old < new)
        ):  # a step back takes them along
            continue
        try:
            text = _moved(site, old, group.version_of(site.package, new))
        except VersionError as error:
            before = _in_manner_of(written_before(site), site, group.version_of(site.package, new)) if site.spelling in (Spelling.TUPLE, Spelling.PRE) else None
            if before is None:
                raise VersionError(error.message, path=site.path, line=site.line, column=site.column, help=error.help) from None
            text = before
        if text != site.text:
            yield Edit(site=site, new=text)


def _moved(site: Site, old: Version, new: Version) -> str:
    """Give what a place says after the move; an entry of a lock says what the manifest will: as text, or in Python's normal form.

    Raises: VersionError when the place cannot spell the version.
    """
    stated = site.package.version
    if site.role is not Role.LOCK or site.spelling not in (Spelling.SEMVER, Spelling.PEP440) or stated is None or "," in stated.text:
        return written(site.text, site.spelling, old, new)
    manifest = written(stated.text, site.spelling, old, new)
    if site.spelling is Spelling.SEMVER:
        return manifest
    entry = Version.read(manifest, Spelling.PEP440)
    return site.text if says(site.text, Spelling.PEP440, entry) else entry.canonical().spell(Spelling.PEP440)


def _in_manner_of(before: str | None, site: Site, new: Version) -> str | None:
    """Write a version as a place wrote an earlier one; None where that does not show how either."""
    if before is None:
        return None
    try:
        return new.spell(site.spelling, before)
    except VersionError:
        return None
