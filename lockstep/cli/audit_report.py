"""What the audits share: the options by which findings are left out, and how a command ends that has found some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

from lockstep.cli.options import Format, Option

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.cli.output import Output
    from lockstep.model import Finding
    from lockstep.workflow.by_hand import ByHand


FEW = 2
"""So many questions without an answer for one reason are told one by one."""


NOTE_SHOWS = "--min-level note shows why"


class Level(StrEnum):
    """How serious what is shown must be."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


StrictOption = Annotated[bool, Option("--strict", help="A warning counts as an error.")]
MinLevelOption = Annotated[Level, Option("--min-level", help="Leave out findings of a lower level; the exit code is about what is left.")]
BaselineOption = Annotated[
    str | None, Option("--baseline", metavar="FILE", help="Leave out what an earlier report has: --format json > FILE writes it.", show_default=False)
]
RefOption = Annotated[str | None, Option("--ref", metavar="REF", help="Audit a commit, tag or branch in place of the work tree.", offers="refs")]
RepositoryOption = Annotated[
    str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
]


class Wanted(NamedTuple):
    """What of the findings counts."""

    strict: bool
    min_level: Level
    baseline: str | None
    base: str | None


class Told(NamedTuple):
    """What a report says beside its findings: where there are none, in JSON, and for a person to confirm."""

    command: str
    success: str
    document: Callable[[Sequence[Finding]], dict[str, object]]
    summary: str = ""
    by_hand: Sequence[ByHand] = ()
    subject: str = ""
    grouped: bool = False
    """Whether a text tells findings of one cause once, with their lines."""


def conclude(output: Output, opened: Session, findings: Sequence[Finding], wanted: Wanted, told: Told) -> None:
    """Print what was found, as far as it is wanted, and leave: with 3 where nothing fails and something could not be told."""
    from lockstep.app.accepted import read_baseline  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, leave  # noqa: PLC0415
    from lockstep.model import Confidence, is_below  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415
    from lockstep.reports.style import Style  # noqa: PLC0415
    from lockstep.wording import counted  # noqa: PLC0415

    new = findings if wanted.baseline is None else read_baseline(opened, wanted.baseline, wanted.base).new(findings)
    shown = tuple(one for one in new if not is_below(one.level, wanted.min_level))
    left, many = _apart(shown) if output.format is Format.TEXT and not output.verbose and not told.grouped else (shown, {})
    report = Report(
        command=told.command,
        tree=opened.tree.name,
        findings=left,
        success=told.success if not findings else "",
        document=lambda: told.document(shown),
        strict=wanted.strict,
        grouped=told.grouped,
    )
    output.findings(report)
    for (why, help_), number in many.items():
        lines = printable(f"not visible: {number} questions about {told.subject} (-v lists each); {why}"), printable(f"  help: {help_}")
        output.report(output.paint.fold(f"{output.paint(Style.NOTE, lines[0])}\n{output.paint(Style.DIM, lines[1])}\n"))
    _add(output, told, found=bool(findings))
    output.count(report)
    if len(new) < len(findings):
        output.say(f"{counted(len(findings) - len(new), 'finding')} of {wanted.baseline} left out")
    if len(shown) < len(new):
        output.say(f"{counted(len(new) - len(shown), 'finding')} below level {wanted.min_level} left out")
    blind = [one for one in new if one.confidence is Confidence.BLIND]
    if blind and not report.fails:
        unseen = len(blind) - sum(one.confidence is Confidence.BLIND for one in shown)
        where = f" ({', '.join(sorted({one.rule for one in blind}))})" if not unseen else f" below level {wanted.min_level}" if unseen == len(blind) else ""
        below = f"; {NOTE_SHOWS}" if unseen else ""
        output.say(f"unproven (exit code 3): {counted(len(blind), 'question')}{where} could not be answered{below}")
    if not report.fails and not blind and any(one.level.value == Level.WARNING.value for one in shown):
        output.say("no error: it passes (exit code 0); --strict makes warnings fail")
    leave(FOUND if report.fails else UNPROVEN if blind else FINE)


def _apart(findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], dict[tuple[str, str], int]]:
    """Take out the questions that all could not be answered for one reason, and give how many there are of each: none of them is about a place."""
    from lockstep.model import Confidence  # noqa: PLC0415 - likewise

    causes = Counter((one.message.partition("; ")[2], one.help) for one in findings if one.confidence is Confidence.BLIND)
    many = {cause: number for cause, number in causes.items() if number > FEW}
    left = tuple(one for one in findings if one.confidence is not Confidence.BLIND or (one.message.partition("; ")[2], one.help) not in many)
    return left, many


def _add(output: Output, told: Told, *, found: bool) -> None:
    """Print the summary and the list to confirm, where the report is a text; another format holds findings alone, and a person is told on stderr."""
    from lockstep.reports.audits import by_hand  # noqa: PLC0415 - likewise

    if output.quiet or output.format is Format.JSON:
        return
    text = (told.summary if found else "") + by_hand(told.by_hand, output.paint)
    if output.format in (Format.TEXT, Format.MARKDOWN):
        output.report(output.paint.fold(text))
    elif text:
        output.say(text.rstrip("\n"))
