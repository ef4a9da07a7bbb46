"""What a result is as a JSON document, the one that its command prints, and as a text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from lockstep.app.audit import AuditResult
from lockstep.app.bump import BumpPlan, Drift, NotesUnfinished, TooSmall
from lockstep.app.changelog_draft import ChangelogDraft
from lockstep.app.changelog_show import ReleaseNotes
from lockstep.app.changelog_state import ChangelogResult
from lockstep.app.check import CheckResult, FixPlan
from lockstep.app.gate import TagResult
from lockstep.dataclass import dataclass
from lockstep.model import Outcome
from lockstep.reports import data, text
from lockstep.reports.escape import printable
from lockstep.review.review import Review
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.model import Recorded
    from lockstep.project.project import Project
    from lockstep.project.release_tags import GroupTags
    from lockstep.release.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was discovered: the packages, groups and places of a project, and how its groups are tagged."""

    project: Project
    tags: tuple[GroupTags, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BumpDone:
    """A bump that was written, and what was recorded of it."""

    planned: BumpPlan
    recorded: Recorded | None


Result: TypeAlias = (
    "CheckResult | FixPlan | BumpPlan | BumpDone | TooSmall | Drift | NotesUnfinished | Review | ChangelogResult | ChangelogDraft | ReleaseNotes | "
    "TagResult | AuditResult | Shown | Status"
)
"""Whatever has a document."""


def show(opened: Session) -> Shown:
    """Discover a project, with what its last bumps teach."""
    project = opened.project_with_learned_sites()
    return Shown(project=project, tags=tuple(opened.release_tags(project).summary()))


def document(result: Result) -> dict[str, object]:  # noqa: C901, PLR0911 - one a kind of result
    """Give a result as the JSON document that its command prints with `--format json`."""
    match result:
        case CheckResult():
            return data.check(result.project.tree, result.findings, result.project)
        case FixPlan():
            return data.check(result.project.tree, result.findings, result.project, result.edits)
        case BumpPlan():
            return data.bump(result.plan, written=False)
        case BumpDone():
            return data.bump(result.planned.plan, written=True, recorded=result.recorded)
        case TooSmall():
            return data.diff(result.review)
        case Drift():
            return data.bump(result.plan, written=False, findings=result.findings)
        case NotesUnfinished():
            return data.bump(result.plan, written=False, findings=result.notes.findings)
        case Review():
            return data.diff(result)
        case ChangelogResult():
            return data.changelog("check", findings=result.findings)
        case ChangelogDraft():
            return data.changelog("draft", edits=result.edits, path=result.path)
        case ReleaseNotes():
            return data.changelog("show", path=result.path, version=result.version, date=result.date, text=result.text)
        case TagResult():
            values = {"tag": result.tag, "version": str(result.version or ""), "commit": result.commit}
            return data.gate("gate tag", result.outcome, result.findings, **values)
        case AuditResult():
            return data.audit(result.tree, result.findings, result.audits)
        case Shown():
            return data.show(result.project, result.tags)
    from lockstep.reports import release_status  # noqa: PLC0415 - nothing else tells of a release

    return release_status.data(result)


def report(result: Result, *, sites: bool = False) -> str:  # noqa: PLR0911, C901 - likewise
    """Give a result as text: what its command prints, without colour. With `sites`, what was discovered has every place."""
    match result:
        case CheckResult():
            return text.findings(result.findings) or text.in_step(result.project)
        case FixPlan():
            return _diff(result.opened, result.result.texts) + text.findings(result.findings)
        case BumpPlan():
            said = [*(f"{one.path}: {one.summary}" if one.path else one.summary for one in result.promotions), *result.left]
            left = f"left alone: {', '.join(result.others)}" if result.others else ""
            return _diff(result.opened, result.result.texts) + text.plan(result.plan, written=False) + _lines([*said, left])
        case BumpDone():
            recorded = result.recorded
            made = f"committed {recorded.commit[:9]}" + (f", tagged {recorded.tag}" if recorded.tag else "") if recorded and recorded.commit else ""
            return text.plan(result.planned.plan, written=True) + _lines([made and f"{made}; nothing was pushed", *result.planned.left])
        case TooSmall():
            return report(result.review) + _lines([f"refused: {result.new} is too small for what changed since {result.since}; nothing was written"])
        case Drift():
            return text.findings(result.findings) + _lines(["refused: places of the group disagree before the bump; nothing was written"])
        case NotesUnfinished():
            return text.findings(result.notes.findings) + _lines(["refused: the notes of the release are not finished; nothing was written"])
        case Review():
            from lockstep.reports.review_text import review_text  # noqa: PLC0415 - only what compares reports a review
            from lockstep.reports.style import Painter  # noqa: PLC0415 - likewise

            return review_text(result, Painter(), verbose=False, quiet=False)
        case ChangelogResult():
            state = result.state
            owed = (
                f"since {state.since}: {counted(len(state.changes), 'change')} that the changelog should tell of"
                if state.since
                else "no release tag is in this history"
            )
            return text.findings(result.findings) + _lines([*state.account(), *([] if state.logs else ["no changelog"]), owed])
        case ChangelogDraft():
            return _diff(result.opened, result.result.texts) or f"the changelog tells of everything that changed since {result.since}; nothing to add\n"
        case ReleaseNotes():
            return f"{result.text}\n"
        case TagResult():
            skipped = f"{result.tag} is a pre-release, and no stable release: skipped"
            passed = f"{result.tag} at {result.commit[:12]}: the project is at {result.version}; outcome: {result.outcome}"
            return text.findings(result.findings) + _lines([skipped if result.outcome is Outcome.SKIP else passed])
        case AuditResult():
            return text.grouped(result.findings) or text.audited(result.audits)
        case Shown():
            from lockstep.reports import packages_text  # noqa: PLC0415 - nothing else lists packages

            return packages_text.show(result.project, text.PLAIN, tags=result.tags, sites=sites)
    from lockstep.reports import release_status  # noqa: PLC0415 - nothing else tells of a release

    return release_status.text(result)


def _diff(opened: Session, after: dict[str, str]) -> str:
    return text.diff({path: opened.tree.read(path) for path in after}, after)


def _lines(said: list[str]) -> str:
    return "".join(f"{printable(line)}\n" for line in said if line)
