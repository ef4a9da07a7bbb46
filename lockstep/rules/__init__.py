"""One question per file, a folder per kind of evidence.

A rule is a module: its name is the rule's id, its docstring is its manual (What it does, Why, Example, Source), `LEVEL` and `SINCE` are
its data (a workflow rule may have `BASIC`, a lower level), and `check(evidence)` gives findings. A folder lists its rules in `NAMES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lockstep.dataclass import replace
from lockstep.model import Finding, Level, Rule
from lockstep.registry import members

if TYPE_CHECKING:
    from lockstep.comparison.packages import PackageChange
    from lockstep.policy.waivers import Waiving
    from lockstep.project.project import Project
    from lockstep.release.answer import Answer
    from lockstep.release.owed import Assembly
    from lockstep.release.published import PublishedRelease
    from lockstep.rules.artifacts import ArtifactClaim
    from lockstep.rules.compat import Comparison
    from lockstep.rules.head import Position
    from lockstep.rules.notes import Notes
    from lockstep.rules.policy import PolicyChange
    from lockstep.rules.tag import TagClaim
    from lockstep.workflow.audit import Audit
    from lockstep.workflow.commit_runs import Checks
    from lockstep.workflow.github_settings import SettingsAudit
    from lockstep.workflow.publishers import PublishersAudit

ROOMS = (
    "artifacts",
    "assembly",
    "ci",
    "compat",
    "consistency",
    "head",
    "notes",
    "package",
    "policy",
    "published",
    "publishers",
    "settings",
    "tag",
    "waiver",
    "workflow",
)
"""The folders; each is loaded by the command that has its evidence."""


def room(name: str) -> ModuleType:
    """Load a folder of rules; what its evidence is stands in its docstring."""
    return import_module(f"{__name__}.{name}")


@cache
def rules(name: str) -> tuple[Rule[Any], ...]:
    """Give the rules of one folder."""
    folder = room(name)
    return tuple(
        Rule(
            id=module.__name__.rpartition(".")[2].replace("_", "-"),
            level=module.LEVEL,
            since=module.SINCE,
            doc=module.__doc__ or "",
            check=module.check,
            basic=getattr(module, "BASIC", None),
        )
        for module in members(folder.__name__, folder.NAMES)
    )


def names() -> tuple[str, ...]:
    """Give the ids of all rules, for which none has to be loaded."""
    return tuple(name.replace("_", "-") for one in ROOMS for name in room(one).NAMES)


def every_rule() -> tuple[Rule[Any], ...]:
    """Give all rules, sorted by id: what `explain` shows."""
    return tuple(sorted((rule for name in ROOMS for rule in rules(name)), key=lambda rule: rule.id))


def judge(project: Project) -> list[Finding]:
    """Ask every consistency rule; findings in the order of their places."""
    return _sorted(finding for rule in rules("consistency") for finding in rule.check(project))


def judge_tag(claim: TagClaim) -> list[Finding]:
    """Ask every rule about a release tag."""
    return _sorted(finding for rule in rules("tag") for finding in rule.check(claim))


def judge_artifact(claim: ArtifactClaim) -> list[Finding]:
    """Ask every rule about a file that was built for a release."""
    return [finding for rule in rules("artifacts") for finding in rule.check(claim)]


def judge_assembly(assembly: Assembly) -> list[Finding]:
    """Ask every rule about the files of a release together."""
    return [finding for rule in rules("assembly") for finding in rule.check(assembly)]


def answers_about(release: PublishedRelease) -> list[Answer]:
    """Ask every rule about a release that is out, and give all that they answer, in the order of the rules."""
    folder = room("published")
    return [answer for rule in members(folder.__name__, folder.NAMES) for answer in rule.ask(release)]


def judge_package(change: PackageChange) -> list[Finding]:
    """Ask every rule about what became of a package."""
    return [finding for rule in rules("package") for finding in rule.check(change)]


def judge_checks(checks: Checks) -> list[Finding]:
    """Ask every rule about the runs of a commit."""
    return _sorted(finding for rule in rules("ci") for finding in rule.check(checks))


def judge_head(position: Position) -> list[Finding]:
    """Ask every rule about where a commit stands."""
    return _sorted(finding for rule in rules("head") for finding in rule.check(position))


def judge_waivers(waiving: Waiving) -> list[Finding]:
    """Ask every rule about the waivers that were applied."""
    return _sorted(finding for rule in rules("waiver") for finding in rule.check(waiving))


def judge_policy(change: PolicyChange) -> list[Finding]:
    """Ask every rule about a change of the configuration."""
    return _sorted(finding for rule in rules("policy") for finding in rule.check(change))


def judge_notes(notes: Notes) -> list[Finding]:
    """Ask every rule about the changelog."""
    return _sorted(finding for rule in rules("notes") for finding in rule.check(notes))


def judge_workflow(audit: Audit) -> list[Finding]:
    """Ask every rule about a release workflow; one that is held to the basic profile is told at a rule's lower level what it does not promise."""
    found = _held("workflow", audit, hardened=audit.hardened)
    return [one for one in found if not _repeats(audit, one, found)]


def judge_settings(audit: SettingsAudit) -> list[Finding]:
    """Ask every rule about GitHub's settings; what no workflow promises is told at a rule's lower level."""
    return _held("settings", audit, hardened=audit.hardened)


def judge_publishers(audit: PublishersAudit) -> list[Finding]:
    """Ask every rule about who may publish; what no workflow promises is told at a rule's lower level."""
    return _held("publishers", audit, hardened=audit.hardened)


def _held(name: str, evidence: object, *, hardened: bool) -> list[Finding]:
    found = ((rule, finding) for rule in rules(name) for finding in rule.check(evidence))
    return _sorted(one if hardened or rule.basic is None else replace(one, level=_lower(one.level, rule.basic)) for rule, one in found)


def _repeats(audit: Audit, finding: Finding, others: list[Finding]) -> bool:
    """Say whether zizmor found what a rule of lockstep found on the same line."""
    if audit.zizmor is None or finding.rule != "zizmor-finding":
        return False
    reports = [one for one in audit.zizmor.reports if (one.rule, one.place, one.message) == (finding.symbol, finding.place, finding.message.partition(": ")[2])]
    return any(one.repeats(other) for one in reports for other in others)


def _lower(*levels: Level) -> Level:
    return max(levels, key=tuple(Level).index)


@cache
def _knowing(surface: str) -> tuple[ModuleType, ...]:
    """Give the compatibility rules that know a surface."""
    folder = room("compat")
    return tuple(rule for rule in members(folder.__name__, folder.NAMES) if surface in rule.SURFACES)


def judge_surfaces(comparison: Comparison) -> list[Finding]:
    """Ask every compatibility rule that knows the surface."""
    found = [finding for rule in _knowing(comparison.base.surface) for finding in rule.check(comparison)]
    if (reconciliation := comparison.reconciliation) is not None:
        found = reconciliation.reconciled(found)
    return _sorted(found)


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (one.place.path, one.place.line or 0, one.place.column or 0, one.rule))
