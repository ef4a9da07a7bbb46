"""The audit of release workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.app.accepted import accepted
from lockstep.dataclass import dataclass
from lockstep.evidence.workflows import audits
from lockstep.model import Finding
from lockstep.rules import judge_workflow
from lockstep.workflow.audit import Audit

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.evidence.zizmor import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What was found in workflows, and what each of them was taken for."""

    audits: tuple[Audit, ...]
    findings: tuple[Finding, ...]
    tree: str = "work tree"


def audit(opened: Session, file: str | None = None, *, zizmor: Program | None = None, base: str | None = None) -> AuditResult:
    """Audit one workflow by its path in the repository, else every release workflow; `zizmor` is asked too, where it is given.

    With `base`, a comment that accepts a finding counts where that commit has it.

    Raises: LockstepError when there is no such workflow, or one cannot be read.
    """
    found = audits(opened.tree, opened.config, file, zizmor)
    judged = dict.fromkeys(finding for one in found for finding in judge_workflow(one))  # a file that two workflows call is one place
    files = dict.fromkeys(name for one in found for name in (one.path, *(one.workflow.files if one.workflow else ())))
    findings = accepted(opened, judged, room="workflow", files=files, base=base)
    return AuditResult(audits=tuple(found), findings=(*findings, *opened.policy_changes), tree=opened.tree.name)
