"""The audit of release workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.app.release_day import release_day
from lockstep.dataclass import dataclass, replace
from lockstep.evidence.workflows import audits
from lockstep.model import Confidence, Finding, Level
from lockstep.policy.comments import comments
from lockstep.policy.waivers import Waiving, waive
from lockstep.repository.git_trees import GitTree
from lockstep.rules import judge_waivers, judge_workflow, room
from lockstep.workflow.audit import Audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lockstep.app.session import Session
    from lockstep.config import WaiverConfig
    from lockstep.evidence.zizmor import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What was found in workflows, and what each of them was taken for."""

    audits: tuple[Audit, ...]
    findings: tuple[Finding, ...]


def audit(opened: Session, file: str | None = None, *, zizmor: Program | None = None, base: str | None = None) -> AuditResult:
    """Audit one workflow by its path in the repository, else every release workflow; `zizmor` is asked too, where it is given.

    With `base`, a comment that accepts a finding counts where that commit has it.

    Raises: LockstepError when there is no such workflow, or one cannot be read.
    """
    found = audits(opened.tree, opened.config, file, zizmor)
    findings = _accepted(opened, found, [finding for one in found for finding in judge_workflow(one)], base)
    return AuditResult(audits=tuple(found), findings=(*findings, *opened.policy_changes))


def _accepted(opened: Session, found: Iterable[Audit], findings: Iterable[Finding], base: str | None) -> Iterator[Finding]:
    """Give findings, those that are accepted as notes with the reason, and then the waivers that met nothing, or are over."""
    names = {name.replace("_", "-") for name in room("workflow").NAMES}
    files = dict.fromkeys(name for one in found for name in (one.path, *(one.workflow.files if one.workflow else ())))
    beside = [one for name in files if opened.tree.has(name) for one in comments(name, opened.tree.read(name))]
    if base is not None:  # a change does not accept its own faults
        before = GitTree(opened.repository, base)
        known = {(name, one.text) for name in files if before.has(name) for one in comments(name, before.read(name))}
        beside = [one for one in beside if (one.waiver.path, one.text) in known]
    by_line = {(one.waiver.path, one.line, one.waiver.rule): one.waiver for one in beside}
    met: set[WaiverConfig] = set()
    left = []
    for finding in findings:
        waiver = by_line.get((finding.place.path, finding.place.line or 0, finding.rule))
        if waiver is None:
            left.append(finding)
        else:
            met.add(waiver)
            yield _noted(finding, waiver)
    waiving = waive(left, (one for one in opened.config.waivers if one.rule in names), today=str(release_day(None)))
    yield from (_noted(one.finding, one.waiver) for one in waiving.waived)
    yield from waiving.kept
    unused = (*waiving.unused, *(one.waiver for one in beside if one.waiver not in met))
    yield from judge_waivers(Waiving(kept=(), expired=waiving.expired, unused=unused))


def _noted(finding: Finding, waiver: WaiverConfig) -> Finding:
    end = f", until {waiver.expires}" if waiver.expires else ""
    said = f"{finding.message} (accepted: {waiver.reason}{end})"
    return replace(finding, level=Level.NOTE, confidence=Confidence.CERTAIN, message=said, help="")
