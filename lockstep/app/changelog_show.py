"""The notes of one release, as a changelog has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.app.changelog_state import changelogs, unversioned
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.changelog.model import Section
    from lockstep.model import Group
    from lockstep.project.project import Project
    from lockstep.versions.version import Version

MOST_NAMED = 5
"""Versions that are named where the one that is asked for is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotes:
    """A section of a changelog without its heading, its links absolute: where it stands, and of what it tells."""

    path: str
    line: int
    version: Version | None
    date: str | None
    text: str


def release_notes(opened: Session, version: str | None, group: str | None = None) -> ReleaseNotes:
    """Give the section of a version, in any spelling, or what stands under unreleased.

    Raises: UsageError that names the sections that are there, when that one is not.
    """
    from lockstep.changelog import links  # noqa: PLC0415 - who looks for a section alone needs them
    from lockstep.changelog.titles import Kind  # noqa: PLC0415 - likewise
    from lockstep.plans import bump  # noqa: PLC0415 - likewise

    project = opened.project()
    chosen = bump.choose_group(project, group) if group is not None or project.groups else unversioned(project)
    logs = changelogs(opened, project, chosen)
    for kept, log in logs:
        section = _section(log.sections, version) if log is not None and version is not None else None
        if log is None or section is None:
            continue
        base = _address(opened, kept.folder) or links.home(log)
        body = links.absolute(log, section.body, section.end, base, _tag(opened, project, chosen, section)).strip()
        date = section.date.text if section.date else None
        return ReleaseNotes(path=kept.path, line=section.line, version=section.version, date=date, text=body)
    if not logs:
        raise UsageError("there is no changelog", help="start one: a CHANGELOG.md with the line ## [Unreleased]; then lockstep changelog draft")
    known = [str(section.version) for _, log in logs if log is not None for section in log.releases[:MOST_NAMED]]
    if any(section.kind in (Kind.UNRELEASED, Kind.PENDING) for _, log in logs if log is not None for section in log.sections):
        known.append("unreleased")
    unread = [kept.path for kept, log in logs if log is None and not kept.markdown]
    if unread and not known:
        raise UsageError(f"{', '.join(unread)} is not Markdown", help="lockstep reads Markdown changelogs")
    what = f"there is no section of {version}" if version is not None else "a version is missing"
    newest = (
        f"lockstep changelog show {known[0]}; there {'is' if len(known) == 1 else 'are'} {', '.join(known)}"
        if known
        else "lockstep changelog draft writes the first section"
    )
    raise UsageError(what, help=newest)


def _section(sections: tuple[Section, ...], wanted: str) -> Section | None:
    """Find the section that a person means: a version in any spelling, or unreleased."""
    from lockstep.changelog.titles import Kind  # noqa: PLC0415
    from lockstep.errors import UsageError, VersionError  # noqa: PLC0415
    from lockstep.versions.version import read_any  # noqa: PLC0415

    if wanted.lower() == "unreleased":
        return next((section for section in sections if section.kind in (Kind.UNRELEASED, Kind.PENDING)), None)
    try:
        version = read_any(wanted[1:] if wanted[:1] in ("v", "V") else wanted)
    except VersionError as error:
        raise UsageError(f"{error.message}, and not unreleased", help=error.help) from None
    return next((section for section in sections if section.version == version), None)


def _address(opened: Session, folder: str) -> str:
    """Give the address of the repository, as the nearest manifest states it."""
    from lockstep.project.repository_url import repository_url  # noqa: PLC0415

    return repository_url(opened.tree, folder)


def _tag(opened: Session, project: Project, chosen: Group, section: Section) -> str:
    """Give the ref that links of a section lead to: its tag, the branch's head for what has none."""
    from lockstep.versions import tag_names  # noqa: PLC0415

    if section.version is None or chosen.version is None:
        return "HEAD"
    tags = opened.release_tags(project)
    named = next((one.tag for one in tags.of(chosen) if one.version == section.version), None)
    return named or tag_names.write(tags.template(chosen), section.version, chosen.name, tags.newest(chosen))
