"""`lockstep bump`: move a group to its next version, everywhere at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import Argument, ConfigOption, Format, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption
from lockstep.dataclass import replace
from lockstep.versions.version import Bump, PreKind

if TYPE_CHECKING:
    from lockstep.changelog.dates import Day
    from lockstep.cli.session import Output, Session
    from lockstep.model import Finding, Group, Plan, Record, Recorded
    from lockstep.plans.promotion import Promotion
    from lockstep.project.project import Project
    from lockstep.versions.version import Version


def command(
    to: Annotated[
        str,
        Argument(
            metavar="patch|minor|major|pre|release|auto|VERSION",
            help="The part to move (auto: as much as the changes since the last release ask for), or the version in full.",
            show_default=False,
            offers="steps",
        ),
    ],
    pre: Annotated[PreKind | None, Option("--pre", help="Go to a pre-release of that version; with pre, to its next number.", show_default=False)] = None,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Print the diff and write nothing.")] = False,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="The group to move; without it, the main one.", offers="groups")] = None,
    fix: Annotated[bool, Option("--fix", help="Move places along that drifted, in place of refusing.")] = False,
    force: Annotated[
        bool, Option("--force", help="Allow a step backwards, or one that is too small for what changed; tag a release with a break that no note names.")
    ] = False,
    commit: Annotated[bool, Option("--commit", help="Commit the edited files, and nothing else; your hooks run.")] = False,
    tag: Annotated[
        bool, Option("--tag", help="Tag that commit with an annotated tag; includes --commit. Refused while a break has no note or a TODO is left.")
    ] = False,
    sign: Annotated[bool, Option("--sign", help="Sign the commit and the tag.")] = False,
    date: Annotated[str | None, Option("--date", metavar="DATE", help="The day of the release, for the changelog; today in UTC without it.")] = None,
    allow_dirty: Annotated[bool, Option("--allow-dirty", help="Edit files too that have uncommitted changes.")] = False,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Move the version of a group everywhere at once: manifests, requirements, locks, copies, the changelog. All or nothing; never pushes.

    What stands under Unreleased becomes the new version's, dated --date, else SOURCE_DATE_EPOCH, else today. The result is checked before the first byte is
    written. With --tag, where the changelog can be read and there is a last release, a break that no note names, or a TODO left in the section that is
    released, is refused, --force aside; without --tag TODOs are a warning, and breaks too where the step had them counted.

    Exit code 0: bumped. 1: refused, and the report lists why. 2: could not run.
    """
    from lockstep.cli import clock, finishing, session, stepping, writing  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.plans import bump, promotion  # noqa: PLC0415
    from lockstep.rules import judge  # noqa: PLC0415

    output = session.Output.plain(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    opened = session.work_tree(repo, config, output)
    project = opened.project()
    chosen = bump.choose_group(project, group)
    to, since = stepping.auto(output, opened, project, chosen, config) if to == "auto" else (to, None)
    new = bump.next_version(chosen, to, pre)
    if group is None and (meant := bump.meant_group(project, chosen, new)) is not chosen and to not in tuple(Bump):
        output.say(f"{new} is the next step of {meant.name}, which is at {meant.version}; {chosen.name} is at {chosen.version} and stays there")
        chosen, since = meant, None
    before = judge(project)
    drift = bump.drift(before, project, chosen, new)
    fix = fix or bump.finishes(chosen, new, drift)
    _hold_step(output, chosen, to, new, fix=fix, force=force)
    decided = "forced" if force else "" if to in tuple(Bump) else "as named"
    since = stepping.refuse_too_small(output, opened, project, chosen, new, config, decided=decided) or since
    project = _with_every_place(opened, project, chosen, new)
    plan = bump.plan_bump(project, chosen, new)
    if drift and not fix:
        _refuse(output, plan, drift)
        session.leave(session.FOUND)
    day = clock.day(date)
    promotions = _promotions(opened, project, chosen, new, day)
    _leave_over(output, plan, finishing.unfinished(output, opened, project, chosen, new, config, promotions, since, tag=tag, force=force))
    edits, result, then, after, stuck = writing.settle_learned(opened, project, before, promotion.joined(plan.edits, promotions), repair=fix)
    plan = replace(plan, edits=edits)
    writing.refuse_new_errors(before, after)
    wanted = _record(opened, chosen, new, sign=sign, tag=tag) if commit or tag or sign else None
    if not allow_dirty:
        writing.refuse_dirty(opened, plan.paths, output.say if dry_run else None)
    recorded = None
    if not dry_run:
        changes = writing.write(opened, result)
        if wanted is not None:
            recorded = writing.record(opened, changes, wanted)
    try:
        _report(output, opened, plan, recorded, dry_run=dry_run)
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("nothing was changed" if dry_run else "everything was written before")
        raise
    if not plan.edits:
        output.say(f"every place says {new} already; nothing to write")
    for one in promotions:
        output.say(f"{one.path}: {one.account}" if one.path else one.account)
    for left in (*stuck, *writing.left_to_tools(before, after), *writing.left_stale(project, then)):
        output.say(left)
    _mention_others(output, project, chosen, group)


def _hold_step(output: Output, chosen: Group, to: str, new: Version, *, fix: bool, force: bool) -> None:
    """Refuse a step backwards, unless by force; say why a part to move gives the release of a pre-release."""
    from lockstep.plans import bump  # noqa: PLC0415

    if not force:
        bump.check_step(_at(chosen), new, fix=fix)
    if (said := bump.announced(_at(chosen), new, to)) is not None:
        output.say(said)


def _record(opened: Session, chosen: Group, new: Version, *, sign: bool, tag: bool) -> Record:
    """Settle message and tag before anything is written; a tag that exists is refused."""
    from lockstep.evidence.history import tag_template  # noqa: PLC0415
    from lockstep.model import Ecosystem, Record  # noqa: PLC0415
    from lockstep.versions.version import Spelling  # noqa: PLC0415
    from lockstep.writing.commit import refuse_existing_tag  # noqa: PLC0415 - only a bump that commits pays for it

    assert opened.repository.root is not None
    template, like = tag_template(opened.repository, _at(chosen))
    python = all(package.ecosystem is Ecosystem.PYTHON for package in chosen.packages)
    text = new.spell(Spelling.PEP440 if python or new.post is not None else Spelling.SEMVER, like)
    name = (opened.config.tag or template).replace("{version}", text).replace("{group}", chosen.name) if tag else ""
    if name:
        refuse_existing_tag(opened.repository.root, name)
    return Record(message=opened.config.message.replace("{version}", text).replace("{group}", chosen.name), tag=name, sign=sign)


def _promotions(opened: Session, project: Project, chosen: Group, new: Version, day: Day) -> list[Promotion]:
    """Plan what becomes of the group's changelogs."""
    from lockstep.changelog.kept import of_group  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.plans.promotion import Promotion, promote  # noqa: PLC0415

    kept = of_group(opened.tree, opened.config, project, chosen)
    if not kept and new != _at(chosen):
        return [Promotion(path="", edits=(), account="no changelog: the bump goes on without one")]
    return [found for one in kept if (found := promote(one, chosen, _at(chosen), new, day)) is not None]


def _with_every_place(opened: Session, project: Project, chosen: Group, new: Version) -> Project:
    """Add the places that waited for the release, and those that the last bump teaches."""
    waited = new.final and not _at(chosen).final
    return opened.learned(opened.project(awaited=True) if waited else project, chosen)


def _at(group: Group) -> Version:
    assert group.version is not None
    return group.version


def _leave_over(output: Output, plan: Plan, faults: list[Finding]) -> None:
    """Leave when there are faults that refuse the bump."""
    from lockstep.cli import session  # noqa: PLC0415

    if faults:
        _list(output, plan, faults)
        session.leave(session.FOUND)


def _list(output: Output, plan: Plan, faults: list[Finding]) -> None:
    """Print why a bump is refused."""
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.told import Told  # noqa: PLC0415

    told = Told(command="bump", tree="work tree", findings=tuple(faults), fine="", document=lambda: data.bump(plan, written=False, findings=faults))
    output.findings(told)


def _refuse(output: Output, plan: Plan, drift: list[Finding]) -> None:
    from lockstep.reports import words  # noqa: PLC0415

    _list(output, plan, drift)
    output.say(f"refused: {words.tally(drift)} before the bump, nothing was written")
    output.say("  help: lockstep check --fix aligns them first; lockstep bump --fix moves them along")


def _report(output: Output, opened: Session, plan: Plan, recorded: Recorded | None, *, dry_run: bool) -> None:
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415
    from lockstep.tree import Overlay  # noqa: PLC0415

    if output.format is Format.JSON:
        output.document(data.bump(plan, written=not dry_run, recorded=recorded))
        return
    if dry_run:
        after = Overlay(opened.tree, plan.edits).texts
        output.report(text.diff({path: opened.tree.read(path) for path in after}, after, output.paint))
        output.say(text.plan(plan, written=False).rstrip("\n"))
    elif not output.quiet:
        output.report(text.plan(plan, written=True))
        if recorded is not None and recorded.commit:
            output.report(f"committed {recorded.commit[:9]}" + (f", tagged {recorded.tag}" if recorded.tag else "") + "; nothing was pushed\n")
        if output.verbose:
            output.report("".join(printable(f"  {edit.site.place}  {edit.site.text} -> {edit.new}") + "\n" for edit in plan.edits))


def _mention_others(output: Output, project: Project, chosen: Group, asked: str | None) -> None:
    others = [group.name for group in project.groups if group.name != chosen.name]
    if asked is None and others:
        output.say(f"left alone: {', '.join(others)}; --group moves another group")
