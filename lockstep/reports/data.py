"""The JSON shapes that scripts rely on: keys are only ever added. The contract is `docs/json.md` and the schemas in the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from lockstep.model import Edit, Finding, Group, Package, Plan, Recorded, Rule, Site
from lockstep.project.project import Project
from lockstep.versions.version import Version

if TYPE_CHECKING:
    from lockstep.comparison.second_opinion import SecondOpinion
    from lockstep.project.release_tags import GroupTags
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Moment, Review
    from lockstep.surface import Blind, Item
    from lockstep.workflow.audit import Audit
    from lockstep.workflow.commit_runs import Checks, Run

Json: TypeAlias = dict[str, object]
SCHEMA = 1


def report(report: Report, options: ReportOptions) -> str:  # noqa: ARG001 - a document looks the same everywhere
    """Give the command's document."""
    return written(report.document())


def review(review: Review, options: ReportOptions) -> str:  # noqa: ARG001 - likewise
    """Give a review's document."""
    return written(diff(review))


def written(document: Mapping[str, object]) -> str:
    """Give a document as text: ASCII alone, for it may pass through anything."""
    import json  # noqa: PLC0415 - most reports are texts

    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _version(version: Version | None) -> str | None:
    return None if version is None else str(version)


def finding(one: Finding) -> Json:
    """Give a finding; absent keys are null."""
    return {
        "rule": one.rule,
        "level": one.level,
        "path": one.place.path,
        "line": one.place.line,
        "column": one.place.column,
        "message": one.message,
        "help": one.help,
        "requires": one.requires,
        "confidence": one.confidence,
        "surface": one.surface,
        "package": one.package,
        "symbol": one.symbol,
        "old": one.old,
        "new": one.new,
        "witness": one.witness,
        "lint": one.lint,
    }


def groups(project: Project) -> list[Json]:
    """Give the groups; packages that move with nobody stand under the first one."""
    outside: list[Json] = [
        {"package": package.name, "version": _version(package.version), "why": package.why.removeprefix("outside: ")} for package in project.outsiders
    ]
    return [_group(group, outside if number == 0 else []) for number, group in enumerate(project.groups)]


def _group(group: Group, outside: list[Json]) -> Json:
    return {
        "name": group.name,
        "version": _version(group.version),
        "basis": group.basis,
        "packages": [package.name for package in group.packages],
        "outside": outside,
    }


def package(one: Package) -> Json:
    """Give a package."""
    return {
        "name": one.name,
        "ecosystem": one.ecosystem,
        "root": one.root,
        "version": _version(one.version),
        "group": one.group,
        "publish": one.publish,
        "why": one.why,
    }


def site(one: Site) -> Json:
    """Give a site."""
    return {
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "key": one.key,
        "text": one.text,
        "role": one.role,
        "spelling": one.spelling,
        "package": one.package.name,
    }


def edit(one: Edit) -> Json:
    """Give an edit."""
    return {
        "path": one.site.path,
        "line": one.site.line,
        "column": one.site.column,
        "key": one.site.key,
        "old": one.site.text,
        "new": one.new,
        "role": one.site.role,
        "why": one.site.why or f"the version of {one.site.package.name}",
    }


def check(tree: str, findings: Iterable[Finding], project: Project, fixed: Iterable[Edit] = ()) -> Json:
    """Give what `check` found, and what `--fix` wrote."""
    return {
        "schema": SCHEMA,
        "command": "check",
        "tree": tree,
        "findings": [finding(one) for one in findings],
        "groups": groups(project),
        "fixed": [edit(one) for one in fixed],
    }


def bump(plan: Plan, *, written: bool, recorded: Recorded | None = None, findings: Iterable[Finding] = ()) -> Json:
    """Give what `bump` planned, and whether it was written."""
    return {
        "schema": SCHEMA,
        "command": "bump",
        "from": str(plan.old),
        "to": str(plan.new),
        "group": plan.group,
        "written": written,
        "edits": [edit(one) for one in plan.edits],
        "commit": recorded.commit if recorded else None,
        "tag": recorded.tag if recorded else None,
        "findings": [finding(one) for one in findings],
    }


def show(project: Project, tags: Iterable[GroupTags] = ()) -> Json:
    """Give everything that was discovered, and how the groups are tagged."""
    return {
        "schema": SCHEMA,
        "command": "show",
        "packages": [package(one) for one in project.packages],
        "groups": groups(project),
        "tags": [
            {
                "group": one.group,
                "template": one.template,
                "newest": one.newest.tag if one.newest else None,
                "prerelease": one.ahead.tag if one.ahead else None,
                "beside": [beside.tag for beside in one.beside],
            }
            for one in tags
        ],
        "sites": [site(one) for one in project.sites],
    }


def diff(review: Review) -> Json:
    """Give what changed between two moments, and the verdict."""
    return {
        "schema": SCHEMA,
        "command": "diff",
        "base": _moment(review.base),
        "head": _moment(review.head),
        "level": review.level or "none",
        "step": review.step,
        "verdict": review.conclusion,
        "ending": review.ending,
        "refused": [*(["too-small"] if review.is_too_small else []), *dict.fromkeys(found.rule for found in review.faults)],
        "surfaces": [
            {
                "surface": row.surface,
                "package": row.package,
                "items": row.items,
                "added": row.added,
                "removed": row.removed,
                "changed": row.changed,
                "level": row.level or "none",
                "verdict": review.conclusion_of(row),
                "unnamed": list(row.unnamed),
                "elsewhere": [{"package": package, "findings": number} for package, number in row.elsewhere],
                "blind": [{**_blind(blind), "open": blind in row.open} for blind in row.blind],
            }
            for row in review.rows
        ],
        "findings": [finding(found) for found in review.findings],
        "witnesses": [_second_opinion(said) for said in review.witnesses],
        "waived": [{**finding(item.finding), "reason": item.waiver.reason, "expires": item.waiver.expires} for item in review.waived],
    }


def _moment(one: Moment) -> Json:
    return {"ref": one.ref, "sha": one.sha, "version": _version(one.version)}


def _second_opinion(one: SecondOpinion) -> Json:
    return {
        "witness": one.witness,
        "version": one.version or None,
        "package": one.package,
        "answered": one.answered,
        "why": one.why or one.limits or None,
        "findings": len(one.lints),
    }


def _blind(one: Blind) -> Json:
    return {"symbol": one.symbol, "path": one.place.path, "line": one.place.line, "why": one.why}


def surface(one: Moment) -> Json:
    """Give what every package offers."""
    return {
        "schema": SCHEMA,
        "command": "surface",
        "ref": one.ref,
        "packages": [
            {
                "package": offered.package,
                "surface": offered.surface,
                "items": [_item(item) for item in offered.items.values()],
                "blind": [_blind(blind) for blind in offered.blind],
            }
            for offered in one.surfaces
        ],
    }


def _item(one: Item) -> Json:
    parameters = None if one.call is None else [{"name": each.name, "kind": each.kind, "default": each.default} for each in one.call.parameters]
    return {
        "path": one.path,
        "kind": one.kind,
        "signature": one.signature,
        "parameters": parameters,
        "file": one.place.path,
        "line": one.place.line,
        "stability": one.stability,
    }


def init(path: str | None, old: str | None, new: str | None, *, written: bool) -> Json:
    """Give the configuration that was inferred: the file as it would be, and as it was; nothing where there is nothing to write down."""
    return {"schema": SCHEMA, "command": "init", "written": written, "path": path, "old": old, "new": new}


def changelog(
    action: str,
    *,
    findings: Iterable[Finding] = (),
    edits: Iterable[Edit] = (),
    written: bool = False,
    path: str | None = None,
    version: Version | None = None,
    date: str | None = None,
    text: str | None = None,
) -> Json:
    """Give what the changelog lacks, the notes that were drafted, or one section as release notes: what another action gives is empty."""
    return {
        "schema": SCHEMA,
        "command": "changelog",
        "action": action,
        "findings": [finding(one) for one in findings],
        "written": written,
        "edits": [edit(one) for one in edits],
        "path": path,
        "version": _version(version),
        "date": date,
        "text": text,
    }


def explain(chosen: Iterable[Rule[Any]]) -> Json:
    """Give rules with their manuals."""
    return {
        "schema": SCHEMA,
        "command": "explain",
        "rules": [{"rule": one.id, "level": one.level, "since": one.since, "requires": one.requires, "manual": one.doc} for one in chosen],
    }


def audit(tree: str, findings: Iterable[Finding], found: Iterable[Audit]) -> Json:
    """Give what `audit workflow` found, and what each workflow was taken for."""
    return {
        "schema": SCHEMA,
        "command": "audit",
        "tree": tree,
        "findings": [finding(one) for one in findings],
        "workflows": [
            {
                "path": one.path,
                "jobs": [
                    {
                        "job": job.id,
                        "line": job.place.line,
                        "needs": list(job.needs),
                        "roles": sorted(one.roles(job)),
                        "environment": job.environment.text if job.environment else None,
                    }
                    for job in one.jobs.values()
                ],
                "zizmor": one.zizmor is not None,
                "profile": one.held_to,
            }
            for one in found
        ],
    }


def gate(command: str, outcome: str, findings: Iterable[Finding], **more: object) -> Json:
    """Give the document of a gate: what it answers, and what the answer is about."""
    return {"schema": SCHEMA, "command": command, "outcome": str(outcome), "findings": [finding(one) for one in findings], **more}


def runs(one: Checks) -> Json:
    """Give what GitHub said about the runs of a commit, for the document of a gate."""
    return {
        "repository": one.repository,
        "commit": one.sha,
        "branch": one.branch or None,
        "workflows": [
            {
                "workflow": watched.gated.name,
                "path": watched.gated.place.path if watched.gated.known else None,
                "due": watched.gated.due,
                "state": watched.word,
                "run": _run(watched.decisive),
                "runs": len(watched.runs),
            }
            for watched in one.workflows
        ],
    }


def _run(one: Run | None) -> Json | None:
    if one is None:
        return None
    return {"id": one.id, "number": one.number, "attempt": one.attempt, "status": one.status, "conclusion": one.conclusion or None, "url": one.url}
