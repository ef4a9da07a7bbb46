"""`lockstep changelog show`: the section of a version, as release notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format, Option

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.changelog.model import Section
    from lockstep.model import Group
    from lockstep.project.project import Project

MOST_NAMED = 5
"""Versions that are named where the one that is asked for is not there."""


def command(
    version: Annotated[str | None, Argument(metavar="VERSION", help="The version, in any spelling, or unreleased.", show_default=False, offers="tags")] = None,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="Whose changelog; without it, the main group's.", offers="groups")] = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Print the section of a version as release notes: without its heading, its links absolute.

    Exit code 0: printed. 2: there is no such section.
    """
    from lockstep.app.changelog_state import changelogs, unversioned  # noqa: PLC0415
    from lockstep.changelog import links  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.changelog.titles import Kind  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.plans import bump  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options)
    project = opened.project()
    chosen = bump.choose_group(project, group) if group is not None or project.groups else unversioned(project)
    logs = changelogs(opened, project, chosen)
    for kept, log in logs:
        if log is None:
            continue
        section = _section(log.sections, version) if version is not None else None
        if section is None:
            continue
        base = _address(opened, kept.folder) or links.home(log)
        body = links.absolute(log, section.body, section.end, base, _tag(opened, project, chosen, section)).strip()
        if output.format is Format.JSON:
            output.document(data.changelog("show", path=kept.path, version=section.version, date=section.date.text if section.date else None, text=body))
        else:
            output.quote(f"{body}\n" if body else "")
        if not body:
            output.say(f"{kept.path}:{section.line}: the section is empty")
        return
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
