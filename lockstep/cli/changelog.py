"""`lockstep changelog`: notes drafted from what changed, checked before a release, and given as release notes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

from lockstep.cli.options import Argument, ConfigOption, Format, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption
from lockstep.plural import counted

if TYPE_CHECKING:
    from lockstep.changelog.model import Section
    from lockstep.cli.noting import Gathered
    from lockstep.cli.session import Output, Session
    from lockstep.model import Group
    from lockstep.plans.changelog import Draft
    from lockstep.project import Project
    from lockstep.tree import Overlay


class Action(StrEnum):
    """What to do with the changelog."""

    DRAFT = "draft"
    CHECK = "check"
    SHOW = "show"


def command(
    action: Annotated[Action, Argument(help="draft missing notes, check what is there, or show a version's section.", show_default=False)],
    version: Annotated[str | None, Argument(metavar="[VERSION]", help="For show: the version, or unreleased.", show_default=False)] = None,
    base: Annotated[str | None, Option("--base", metavar="REF", help="Compare with this commit; else the group's last release.", offers="refs")] = None,
    policy: Annotated[
        str | None, Option("--policy", metavar="REF", help="For check: the configuration of this commit counts, not the one at hand.", offers="refs")
    ] = None,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="Whose changelog; without it, the main group's.", offers="groups")] = None,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="For draft: print the diff and write nothing.")] = False,
    allow_dirty: Annotated[bool, Option("--allow-dirty", help="For draft: edit a changelog that has uncommitted changes.")] = False,
    strict: Annotated[bool, Option("--strict", help="For check: a warning counts as an error.")] = False,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Draft migration notes from what changed since the last release; check that none is missing; show a section as release notes.

    A drafted note says what the code says and leaves a TODO where only you know why. What is told already is not drafted again, and your words
    are never changed. Exit code 0: fine. 1: check found something. 2: could not run. 3: the changelog cannot be read, and something is owed.
    """
    from lockstep.cli import session  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.plans import bump  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    if action is not Action.CHECK:
        output.refuse_findings_only()
    if policy is not None and action is not Action.CHECK:
        raise UsageError("--policy is for changelog check alone", help="leave it out")
    opened = session.work_tree(repo, config, output, policy)
    project = opened.project()
    chosen = bump.choose_group(project, group)
    if (version is None) is (action is Action.SHOW):
        raise UsageError("show takes a version, the other two do not", help="lockstep changelog show 1.2.0, or show unreleased")
    match action:
        case Action.SHOW:
            assert version is not None
            _show(output, opened, project, chosen, version)
        case Action.CHECK:
            _check(output, opened, project, chosen, config, base, strict=strict)
        case Action.DRAFT:
            _draft(output, opened, project, chosen, config, base, dry_run=dry_run, allow_dirty=allow_dirty)
        case _:
            assert_never(action)


# ---- check


def _check(output: Output, opened: Session, project: Project, chosen: Group, config: str | None, base: str | None, *, strict: bool) -> None:
    from lockstep.cli import noting, session  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.told import Told  # noqa: PLC0415
    from lockstep.rules import judge_notes  # noqa: PLC0415

    found = noting.gather(opened, project, chosen, config, base)
    findings = [one for notes in noting.evidence(opened, chosen, found) for one in judge_notes(notes)] if found.main is not None or not found.unread else []
    findings = [*noting.counted(findings, output), *opened.told]
    told = Told(
        command="changelog check",
        tree=opened.tree.name,
        findings=tuple(findings),
        fine="",
        document=lambda: data.changelog("check", findings=findings),
        strict=strict,
    )
    output.findings(told)
    _say(output, found)
    if findings:
        output.count(told)
    session.leave(session.FOUND if told.fails else session.UNPROVEN if found.hidden else session.FINE)


def _say(output: Output, found: Gathered) -> None:
    """Say what was compared, and what could not be read."""
    for line in found.account():
        output.say(line)
    if not found.logs:
        output.say("no changelog")
    if found.since is None:
        output.say("no release tag is in this history: what changed is not known, only the changelog's own order was checked")
    else:
        owed = len(found.changes)
        output.say(f"since {found.since}: {owed or 'no'} change{'' if owed == 1 else 's'} that the changelog should tell of")


# ---- draft


def _draft(output: Output, opened: Session, project: Project, chosen: Group, config: str | None, base: str | None, *, dry_run: bool, allow_dirty: bool) -> None:
    from lockstep.changelog.kept import holder  # noqa: PLC0415
    from lockstep.changelog.sections import is_begun, unsafe  # noqa: PLC0415
    from lockstep.cli import noting, writing  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.plans.changelog import draft  # noqa: PLC0415
    from lockstep.tree import Overlay  # noqa: PLC0415

    found = noting.gather(opened, project, chosen, config, base)
    if found.since is None:
        raise UsageError("no release tag is in this history, so there is nothing to draft from", help="name a commit: lockstep changelog draft --base REF")
    if found.main is None:
        if not found.unread:
            raise UsageError("there is no changelog", help="start one: a CHANGELOG.md with the line # Changelog")
        path, why = next(iter(found.unread.items()))
        hint = "give it a heading: ## [Unreleased]" if "section" in why else "lockstep writes Markdown alone"
        raise UsageError(f"{path} {why.removeprefix('it ')} and is left alone", help=hint)
    kept, log = found.main
    if (fault := unsafe(log)) is not None:
        raise UsageError(f"{kept.path}: {fault}; what stands below cannot be told from it, so it is left alone", help="correct it first")
    if kept.writer is not None and kept.writer.always:
        raise UsageError(f"{kept.path} is written by {kept.writer.name} and is left alone", help="write the notes where it gathers them")
    if not log.sections and not is_begun(log):
        raise UsageError(f"{kept.path} has no section of any release and is left alone", help="give it a heading: ## [Unreleased]")
    planned = draft(kept, log, holder(kept, chosen), found.changes, found.version, found.base)
    result = Overlay(opened.tree, planned.edits)
    if planned.edits and not allow_dirty and not dry_run:
        writing.refuse_dirty(opened, [kept.path])
    if planned.edits and not dry_run:
        writing.write(opened, result)
    _report(output, opened, planned, result, written=not dry_run, since=found.since)


def _report(output: Output, opened: Session, planned: Draft, result: Overlay, *, written: bool, since: str) -> None:
    from lockstep.changelog.owed import Debt  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415

    if output.format is Format.JSON:
        output.document(data.changelog("draft", edits=planned.edits, written=written and bool(planned.edits), path=planned.path))
    elif not written or output.verbose:
        output.report(text.diff({path: opened.tree.read(path) for path in result.texts}, result.texts, output.paint))
    if not planned.edits:
        output.say(f"the changelog tells of everything that changed since {since}; nothing to add")
        return
    notes = sum(one.debt is not Debt.ADDITION for one in planned.told)
    lines = len(planned.told) - notes
    said = " and ".join(part for part in (counted(notes, "migration note") if notes else "", counted(lines, "addition") if lines else "") if part)
    output.say(
        f"{planned.path}: {'added' if written else 'would add'} {said}, for what changed since {since}" + ("; TODO marks what only you know" if notes else "")
    )
    if written:
        output.say("next: finish and commit the notes, then bump (or bump --allow-dirty)")


# ---- show


def _show(output: Output, opened: Session, project: Project, chosen: Group, version: str) -> None:
    from lockstep.changelog import targets  # noqa: PLC0415
    from lockstep.cli import noting  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415

    logs = noting.changelogs(opened, project, chosen)
    for kept, log in logs:
        if log is None:
            continue
        section = _section(log.sections, version)
        if section is None:
            continue
        base = _address(opened, kept.folder) or targets.home(log)
        body = targets.absolute(log, section.body, section.end, base, _tag(opened, chosen, section)).strip()
        if output.format is Format.JSON:
            output.document(data.changelog("show", path=kept.path, version=section.version, date=section.date.text if section.date else None, text=body))
        else:
            output.quote(f"{body}\n" if body else "")
        if not body:
            output.say(f"{kept.path}:{section.line}: the section is empty")
        return
    unread = [kept.path for kept, log in logs if log is None and not kept.markdown]
    known = [str(section.version) for _, log in logs if log is not None for section in log.releases[:5]]
    what = f"{', '.join(unread)} is not Markdown" if unread and not known else f"no section of {version}"
    raise UsageError(what if logs else "there is no changelog", help=f"the newest are {', '.join(known)}" if known else "lockstep reads Markdown changelogs")


def _section(sections: tuple[Section, ...], wanted: str) -> Section | None:
    """Find the section that a person means: a version in any spelling, or unreleased."""
    from lockstep.changelog.titles import Kind  # noqa: PLC0415
    from lockstep.errors import UsageError, VersionError  # noqa: PLC0415
    from lockstep.version import read_any  # noqa: PLC0415

    if wanted.lower() == "unreleased":
        return next((section for section in sections if section.kind in (Kind.UNRELEASED, Kind.PENDING)), None)
    try:
        version = read_any(wanted[1:] if wanted[:1] in ("v", "V") else wanted)
    except VersionError as error:
        raise UsageError(f"{error.message}, and not unreleased", help=error.help) from None
    return next((section for section in sections if section.version == version), None)


def _address(opened: Session, folder: str) -> str:
    """Give the address of the repository, as the nearest manifest states it."""
    from lockstep.changelog.address import stated  # noqa: PLC0415

    return stated(opened.tree, folder)


def _tag(opened: Session, chosen: Group, section: Section) -> str:
    """Give the ref that links of a section lead to: its tag, the branch's head for what has none."""
    from lockstep.evidence.history import tag_template  # noqa: PLC0415
    from lockstep.version import Spelling  # noqa: PLC0415

    if section.version is None or chosen.version is None:
        return "HEAD"
    template, like = tag_template(opened.repository, chosen.version)
    text = section.version.spell(Spelling.PREFIX, like) if section.version.text == "" else section.version.text
    return (opened.config.tag or template).replace("{version}", text).replace("{group}", chosen.name)
