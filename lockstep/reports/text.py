"""What a person reads: findings with their next step, a plan as a diff, and what was discovered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lockstep.dataclass import replace
from lockstep.model import Edit, Finding, Level, Plan, Role, Rule, Site
from lockstep.project.project import Project
from lockstep.reports.escape import printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted, first_few

if TYPE_CHECKING:
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Review
    from lockstep.workflow.audit import Audit
    from lockstep.workflow.commit_runs import Checks

_STYLE = {Level.ERROR: Style.ERROR, Level.WARNING: Style.WARNING, Level.NOTE: Style.NOTE}
PLAIN = Painter()


def report(report: Report, options: ReportOptions) -> str:
    """Give what was written, the findings, and where there are none, what is in order."""
    found = grouped(report.findings, options.paint) if report.grouped and not options.verbose else findings(report.findings, options.paint)
    return (fixed(report.fixed) if not options.quiet else "") + (found or ("" if options.quiet else report.success))


def review(review: Review, options: ReportOptions) -> str:
    """Give a review, surface by surface."""
    from lockstep.reports.review_text import review_text  # noqa: PLC0415 - only what compares reports a review

    return review_text(review, options.paint, verbose=options.verbose, quiet=options.quiet)


def findings(found: Iterable[Finding], paint: Painter = PLAIN) -> str:
    """Give each finding as `path:line:column rule: sentence` with its help below; one help that follows another is not repeated."""
    lines: list[str] = []
    shown = list(found)
    for number, one in enumerate(shown):
        level = "" if one.level is Level.ERROR else f"{one.level} "
        lines.append(f"{paint.place(one.place)} {paint(_STYLE[one.level], level + one.rule)}: {printable(one.message)}")
        following = shown[number + 1].help if number + 1 < len(shown) else None
        if one.help and one.help != following:
            lines.append(paint(Style.DIM, f"  help: {printable(one.help)}"))
    return "".join(f"{line}\n" for line in lines)


FEW = 2
"""So many findings of one cause are told one by one."""
MOST_LINES = 12
"""Lines of one cause that are named."""
MOST_FILES = 3
"""Other files of one cause that are named."""
SCREEN = 48
"""Lines; what is longer is told by cause, not file by file."""


def grouped(found: Sequence[Finding], paint: Painter = PLAIN) -> str:
    """Give findings as `findings` does; of one cause the first with the lines of the others.

    A cause is a rule's in a file with the same next step; errors share one on the same line alone, as in a workflow that several others call.
    Where that is longer than a screen, warnings share a cause across files and come after the errors, and notes are counted.
    """
    causes: dict[tuple[object, ...], list[Finding]] = {}
    for one in found:
        causes.setdefault((one.place.path, one.rule, one.level, one.help, one.place.line if one.level is Level.ERROR else None), []).append(one)
    lines = "".join(findings(same, paint) if len(same) <= FEW else _one_cause(same, paint) for same in causes.values())
    return lines if lines.count("\n") <= SCREEN else _across_files(found, paint)


def _across_files(found: Sequence[Finding], paint: Painter) -> str:
    """Give the errors one by one, each cause of warnings once, the most frequent first, and the number of the notes."""
    errors = [one for one in found if one.level is Level.ERROR]
    notes = Counter(one.rule for one in found if one.level is Level.NOTE)
    causes: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        if one.level is Level.WARNING:
            causes.setdefault((one.rule, one.help), []).append(one)
    lines = findings(errors, paint) + "".join(_one_cause(same, paint) for same in sorted(causes.values(), key=len, reverse=True))
    if notes:
        named = ", ".join(f"{number} {rule}" for rule, number in notes.most_common())
        lines += paint(Style.DIM, f"{counted(notes.total(), 'note')}: {named}; -v lists each") + "\n"
    return lines


def _one_cause(same: Sequence[Finding], paint: Painter) -> str:
    """Give the first finding of a cause, where the others are, and the next step."""
    first = same[0]
    lines = findings([replace(first, help="")], paint)
    others = list(dict.fromkeys(str(one.place.line) for one in same[1:] if one.place.path == first.place.path and one.place.line != first.place.line))
    elsewhere = Counter(one.place.path for one in same if one.place.path != first.place.path)
    here = sum((one.place.path, one.place.line) == (first.place.path, first.place.line) for one in same[1:])
    said = [f"{here} more on this line"] if here else []
    if others:
        said.append(f"{'line' if len(others) == 1 else 'lines'} {first_few(others, MOST_LINES if not elsewhere else MOST_FILES)}")
    if elsewhere:
        files = [f"{path}{f' ({number})' if number > 1 else ''}" for path, number in elsewhere.most_common()]
        said.append(first_few([path.rpartition("/")[2] for path in files], MOST_FILES) + (f", {elsewhere.total()} findings there" if len(files) > 1 else ""))
    if said:
        lines += paint(Style.DIM, printable(f"  also: {'; '.join(said)}; -v lists each")) + "\n"
    return lines + (paint(Style.DIM, f"  help: {printable(first.help)}") + "\n" if first.help else "")


def in_step(project: Project) -> str:
    """Say in one line a group what agrees."""
    lines = []
    by_group: dict[str | None, list[Site]] = {}
    for site in project.sites:
        by_group.setdefault(site.package.group, []).append(site)
    for group in project.groups:
        sites = by_group.get(group.name, [])
        files = len({site.path for site in sites})
        name = "" if len(project.groups) == 1 else f"{group.name}: "
        lines.append(f"{name}in step: {counted(len(group.packages), 'package')} at {group.version}, {counted(len(sites), 'place')} in {counted(files, 'file')}")
    if not lines and project.alone:
        lines.append(f"in step: {counted(len(project.alone), 'package')}, each at a version of its own, and what requires them")
    elif not lines:
        lines.append("no package of this repository has a version of its own; nothing to compare")
    return "".join(f"{printable(line)}\n" for line in lines)


def agreeing(project: Project) -> str:
    """Say what agrees beside what is only noted."""
    return "; ".join(line.replace("in step: ", "") for line in in_step(project).splitlines())


def audited(found: Sequence[Audit]) -> str:
    """Say in one line a workflow what was audited."""
    lines = [
        f"{one.path}: {counted(len(one.jobs), 'job')}, {counted(len(one.publish_jobs), 'publishing job')}, {one.held_to} profile: no finding" for one in found
    ]
    return "".join(f"{printable(line)}\n" for line in lines or ["no workflow of this repository releases anything; nothing to audit"])


def green(one: Checks) -> str:
    """Say which workflows succeeded for a commit."""
    passed = [watched.gated.name for watched in one.workflows if watched.passed is not None]
    return printable(f"{one.sha[:12]} is green on {one.branch}: {', '.join(passed)}") + "\n"


def waiting(one: Checks, left: float) -> str:
    """Say in one line what is waited for, and how long still; it fits a terminal of 100 columns."""
    names = [f"{watched.gated.name} ({watched.word.replace('_', ' ')})" for watched in one.workflows if watched.open]
    names += [unseen.what for _, unseen in one.unseen]
    shown = ", ".join(names)
    minutes, seconds = divmod(int(left), 60)
    return printable(f"waiting for {shown if len(shown) <= 60 else f'{shown[:57]}...'}: {minutes}:{seconds:02} left")


def diff(before: Mapping[str, str], after: Mapping[str, str], paint: Painter = PLAIN) -> str:
    """Give a unified diff of the files, as git prints it."""
    out: list[str] = []
    for path in sorted(after):
        for number, line in enumerate(_unified(_lines(before[path]), _lines(after[path]), _name(f"a/{path}"), _name(f"b/{path}"))):
            body = line.rstrip("\r\n")
            style = Style.STRONG if number < 2 else {"+": Style.NEW, "-": Style.OLD, "@": Style.PLACE}.get(body[:1])
            out += [paint(style, printable(body)) if style else printable(body), line[len(body) :]]
            if not line.endswith("\n"):
                out.append("\n\\ No newline at end of file\n")
    return "".join(out)


def _unified(old: list[str], new: list[str], old_name: str, new_name: str) -> Iterable[str]:
    """Give the lines of a unified diff with one line of context.

    Where each line is what it was or another, as in a bump, nothing has to be searched: difflib would take longer than the bump.
    """
    changed = [number for number, (was, is_) in enumerate(zip(old, new, strict=False)) if was != is_]
    if len(old) != len(new) or {old[number] for number in changed} & {new[number] for number in changed}:
        from difflib import unified_diff  # noqa: PLC0415 - only a dry run pays for it

        return unified_diff(old, new, old_name, new_name, n=1)
    return _hunks(old, new, changed, [f"--- {old_name}\n", f"+++ {new_name}\n"])


def _hunks(old: list[str], new: list[str], changed: list[int], head: list[str]) -> Iterator[str]:
    """Give the hunks of lines that changed where they stand; changes with two lines between them or fewer share one."""
    groups: list[list[int]] = []
    for number in changed:
        if groups and number - groups[-1][-1] <= 3:
            groups[-1].append(number)
        else:
            groups.append([number])
    for group in groups:
        yield from head
        head = []
        start, end = max(group[0] - 1, 0), min(group[-1] + 2, len(old))
        at = str(start + 1) + (f",{end - start}" if end - start != 1 else "")
        yield f"@@ -{at} +{at} @@\n"
        pending: list[str] = []
        for number in range(start, end):
            if old[number] == new[number]:
                yield from pending
                pending = []
                yield f" {old[number]}"
            else:
                yield f"-{old[number]}"
                pending.append(f"+{new[number]}")
        yield from pending


def _lines(text: str) -> list[str]:
    """Split as git does: nothing but a newline ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _name(path: str) -> str:
    """Write a path as git does in a diff: in quotes where it holds what a terminal or a patch could misread, else with a tab behind blanks."""
    if printable(path) == path and not any(char in path for char in '"\\\t\n'):
        return f"{path}\t" if " " in path else path
    data = path.encode(errors="surrogateescape")
    return '"' + "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}" for byte in data) + '"'


def plan(one: Plan, *, written: bool) -> str:
    """Say what a bump does: the step, and how many places of what kind."""
    roles = Counter(edit.site.role for edit in one.edits)
    words = {Role.OWN: "manifest version", Role.MIRROR: "copy", Role.REQUIREMENT: "requirement", Role.LOCK: "lock entry"}
    plural = {"copy": "copies", "lock entry": "lock entries"}
    parts = [counted(roles[role], words[role], plural.get(words[role], "")) for role in Role if role in words and roles[role]]
    if logs := {edit.site.path for edit in one.edits if edit.site.role is Role.NOTES}:
        parts.append(counted(len(logs), "changelog"))
    verb = "bumped" if written else "would bump"
    return f"{verb} {printable(one.group)} from {one.old} to {one.new}: {', '.join(parts)} in {counted(len(one.paths), 'file')}\n"


def fixed(edits: Sequence[Edit]) -> str:
    """Say what was written, a line for each place; of a region of a lock, that it was written anew."""
    lines = (f"{edit.site.text} -> {edit.new}" if "\n" not in edit.site.text + edit.new else edit.site.why for edit in edits)
    return "".join(printable(f"fixed {edit.site.place}: {line}") + "\n" for edit, line in zip(edits, lines, strict=True))


def rules(every: Iterable[Rule[Any]]) -> str:
    """Give the table of rules: name, level, first sentence."""
    shown = list(every)
    width = max(len(one.id) for one in shown)
    return "".join(f"{one.id:<{width}}  {one.level:<7}  {one.doc.splitlines()[0]}\n" for one in shown)


def manual(one: Rule[Any]) -> str:
    """Give the manual of a rule, which is its module's docstring."""
    basic = f"; {one.basic} in the basic profile" if one.basic is not None else ""
    return f"{one.id} ({one.level}{basic}, since {one.since})\n\n{one.doc.rstrip()}\n"
