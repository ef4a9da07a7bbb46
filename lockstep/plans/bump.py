"""Plans that move versions: the bump of a group, and the repair of what drifted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lockstep.agreement import written
from lockstep.errors import UsageError, VersionError
from lockstep.model import Edit, Finding, Group, Plan, Role, Site
from lockstep.project import Project
from lockstep.version import Bump, PreKind, Version, read_any

DRIFT = ("version-mismatch", "requirement-unsatisfied", "version-unreadable", "version-not-inherited")
"""The findings that a bump refuses to build on. A stale lock is not among them: it is derived, and the bump makes it true."""


def choose_group(project: Project, name: str | None) -> Group:
    """Give the group that a command means.

    Raises: UsageError when there is none of that name, or none at all.
    """
    if not project.groups:
        reasons = "; ".join(f"{package.name}: {package.why}" for package in project.packages[:3])
        raise UsageError("no package of this repository has a version to bump" + (f" ({reasons})" if reasons else ""), help="lockstep show")
    if name is None:
        return project.groups[0]
    group = project.group(name)
    if group is None:
        raise UsageError(f"there is no group {name!r}", help=f"the groups are {', '.join(one.name for one in project.groups)}")
    return group


def next_version(group: Group, to: str, pre: PreKind | None) -> Version:
    """Give the version that `to` (a part to bump, or a version in full) means for a group.

    Raises: UsageError, or VersionError when `to` is neither.
    """
    assert group.version is not None
    if to in tuple(Bump):
        if pre is not None and to == Bump.RELEASE:
            raise UsageError("a release has no pre-release: --pre does not go with it", help=f"lockstep bump pre --pre {pre}")
        return group.version.bump(Bump(to), pre)
    if pre is not None:
        raise UsageError("--pre goes with patch, minor, major and pre, not with a version in full", help=f"lockstep bump {to}")
    try:
        return read_any(to[1:] if to[:1] in ("v", "V") else to)
    except VersionError as error:
        raise UsageError(f"{error.message}, and none of {', '.join(Bump)}", help=error.help) from None


def check_step(project: Project, group: Group, new: Version, *, asked: bool) -> None:
    """Refuse a step backwards or sideways, and a version that is meant for another group.

    Raises: UsageError unless `new` is above the group's version, and the next step of this group rather than of another that was not asked for.
    """
    old = group.version
    assert old is not None
    if new == old:
        raise UsageError(f"the group is at {old} already", help="lockstep check --fix aligns what does not say so")
    meant = [other for other in project.groups if other is not group and other.version is not None and is_next(other.version, new)]
    if meant and not asked and not is_next(old, new):
        raise UsageError(
            f"{new} is the next step of {meant[0].name}, which is at {meant[0].version}; {group.name} is at {old}",
            help=f"add --group {meant[0].name}, or --group {group.name} if the jump is meant",
        )
    if new < old:
        raise UsageError(f"{new} is below {old}, where the group is", help="add --force if the step backwards is meant")


def is_next(old: Version, new: Version) -> bool:
    """Say whether `new` is one step from `old`: the next patch, minor or major, one of their pre-releases, or the next pre-release."""
    steps = {old.bump(part).release for part in (Bump.PATCH, Bump.MINOR, Bump.MAJOR)}
    return new > old and Version(release=(new.major, new.minor, new.patch)).release in steps


def drift(findings: Iterable[Finding], project: Project, group: Group) -> list[Finding]:
    """Give the findings about the group's own places that stand before the bump."""
    mine = {package.name for package in group.packages}
    places = {site.place for site in project.sites if site.package.group == group.name}
    return [one for one in findings if one.rule in DRIFT and (one.place in places or one.package in mine)]


def plan_bump(project: Project, group: Group, new: Version) -> Plan:
    """Plan every edit that takes a group to `new`; places that say it already are left out.

    Raises: VersionError when a place cannot spell the version: then nothing is planned.
    """
    assert group.version is not None
    edits = tuple(_moves((site for site in project.sites if site.package.group == group.name), group.version, new))
    return Plan(title=f"bump {group.name} from {group.version} to {new}", group=group.name, old=group.version, new=new, edits=edits)


def plan_fix(project: Project) -> tuple[Edit, ...]:
    """Plan the edits that align what drifted: each place with its group, each lock and requirement with its package."""
    edits: list[Edit] = []
    at = {group.name: group.version for group in project.groups}
    for site in project.sites:
        version = at.get(site.package.group or "") or site.package.version
        if version is None or (site.package.group is None and site.role not in (Role.LOCK, Role.REQUIREMENT)):
            continue
        edits += _moves((site,), version, version)
    return tuple(edits)


def _moves(sites: Iterable[Site], old: Version, new: Version) -> Iterator[Edit]:
    for site in sites:
        try:
            text = written(site.text, site.spelling, old, new)
        except VersionError as error:
            raise VersionError(error.message, path=site.path, line=site.line, column=site.column, help=error.help) from None
        if text != site.text:
            yield Edit(site=site, new=text)
