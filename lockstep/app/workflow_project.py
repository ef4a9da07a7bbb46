"""What a release workflow is written for, gathered from a tree: the packages that are released, how each is built, and what is asked before."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from lockstep import about
from lockstep.app.release_files import owed_files, wheels_of
from lockstep.app.release_plan import plan_release
from lockstep.app.session import Session
from lockstep.changelog.files import changelogs_of
from lockstep.config import RegistriesConfig
from lockstep.errors import UsageError
from lockstep.evidence import gated_workflows
from lockstep.locks.crates import Crates
from lockstep.model import Ecosystem, Package, Place
from lockstep.release.candidate import Registry
from lockstep.release.owed import Owing
from lockstep.release.plan import ReleasePlan
from lockstep.release_workflow.project import Project, Shipped
from lockstep.surfaces.rust_source.crates import Opened
from lockstep.text.toml import values

_PLAIN = re.compile(r"[A-Za-z0-9@_][\w.@/+ -]*", re.ASCII)
_TAG = re.compile(r"[^\x00-\x20\x7f\"'`$\\{}]*\{version\}[^\x00-\x20\x7f\"'`$\\{}]*")
"""What may stand in a script as it is."""
USUAL = ("main", "master")
"""Branches that are released from, where nothing says which."""


def installed(version: str) -> str:
    """Give what pip installs this lockstep by."""
    return f"{about.DISTRIBUTION}=={version}"


def gather(opened: Session, group: str | None, path: str, lockstep: str, *, branch: str | None = None, tag: str | None = None) -> Project:
    """Gather what the workflow at `path` is written for. `group` is None for the main one, `lockstep` what pip installs lockstep by.

    `branch` is the one that is released from, `tag` how release tags are written; None for what the repository says.

    Raises: UsageError when there is no such group, nothing is released, or packages need each other in a circle.
    """
    plan = plan_release(opened, group)
    if plan.order.circle:
        raise UsageError(
            f"{', '.join(plan.order.circle)} need each other in a circle, so that nothing can go first", help="lockstep release plan names the places"
        )
    if not plan.packages:
        raise UsageError(f"nothing of {plan.group.name} is published", help="lockstep release plan says why")
    for package in plan.packages.values():
        if not _PLAIN.fullmatch(f"{package.name} {package.root}"):
            raise UsageError(f"{package.name!r} in {package.root!r} cannot stand in a script", help="letters, digits and - _ . / @ + are safe there")
    project = opened.project()
    owing = owed_files(opened, plan.packages)
    branch = branch or branch_of(opened)
    if not _PLAIN.fullmatch(branch):
        raise UsageError(f"the branch {branch!r} cannot stand in a script", help="--branch names another")
    tag = tag or opened.release_tags(project).template(plan.group).replace("{group}", plan.group.name)
    if not _TAG.fullmatch(tag):
        raise UsageError(f"release tags are written as {tag!r}, which cannot stand in a workflow", help="--tag v{version} says how they are written")
    return Project(
        tree=opened.tree,
        title=path.rpartition("/")[2].rpartition(".")[0],
        packages=tuple(_shipped(opened, plan, owing)),
        tag=tag,
        branch=branch,
        gates=_gates(opened, branch, path),
        lockstep=lockstep,
        environments=_environments(owing),
        configured=opened.config.registries != RegistriesConfig(),
        group="" if project.groups and plan.group.name == project.groups[0].name else plan.group.name,
        notes=bool(changelogs_of(opened.tree, opened.config, project, plan.group)),
    )


def branch_of(opened: Session) -> str:
    """Give the branch that is released from: as configured, else the default one of `origin`, else main or master, else the one that is checked out."""
    if opened.config.gate.branch:
        return opened.config.gate.branch
    refs = opened.repository.refs("refs/heads", "refs/remotes/origin")
    usual = next((name for name in USUAL if {name, f"origin/{name}"} & {*refs}), "")
    for ref, start, found in (("refs/remotes/origin/HEAD", "refs/remotes/origin/", ""), ("HEAD", "refs/heads/", usual)):
        said = opened.repository.try_git("symbolic-ref", "--quiet", ref)
        name = (said or b"").decode(errors="replace").strip()
        if found or name.startswith(start):
            return found or name.removeprefix(start)
    return USUAL[0]


def _gates(opened: Session, branch: str, path: str) -> tuple[str, ...]:
    """Give the workflows that must have succeeded: as configured, else those that run for every push to the branch."""
    chosen = gated_workflows.chooser(opened.tree, opened.config.gate.workflows, Place(path=opened.config.path or "."), path)(branch)
    return tuple(one.name for one in chosen.gated if one.due and one.known)


def _environments(owing: Owing) -> dict[Registry, str]:
    """Give the environments that the project publishes from already, where it is one for a registry."""
    found: dict[Registry, set[str | None]] = {}
    for one in owing.approvals:
        found.setdefault(one.registry, set()).add(one.environment or None)
    return {registry: name for registry, names in found.items() if len(names) == 1 and (name := next(iter(names))) is not None}


def _shipped(opened: Session, plan: ReleasePlan, owing: Owing) -> list[Shipped]:
    crates = Opened(opened.tree).crates
    found = []
    for id_ in (one for round_ in plan.order.rounds for one in round_):
        package = plan.packages[id_]
        files = tuple(one for one in owing.files if one.package == id_)
        if package.ecosystem is Ecosystem.PYTHON:
            traits = wheels_of(opened, package)
            found.append(
                Shipped(
                    package=package,
                    manifest=_manifest(opened, package),
                    backend=traits.backend,
                    abi3=traits.abi3,
                    program=traits.program,
                    owed=files,
                    untold=tuple(one.why for one in owing.untold if one.package == id_ and one.where),
                )
            )
        else:
            found.append(Shipped(package=package, manifest=_manifest(opened, package), workspace=_workspace(crates, package), owed=files))
    return found


def _workspace(crates: Crates, package: Package) -> str:
    root = crates.root_of(package.root) if package.ecosystem is Ecosystem.CARGO else None
    return package.root if root is None else root


def _manifest(opened: Session, package: Package) -> Mapping[str, object]:
    if package.manifest.endswith(".toml"):
        return values(opened.tree.read(package.manifest))
    if package.manifest.endswith(".json"):
        read = json.loads(opened.tree.read(package.manifest).removeprefix("\ufeff"))
        return read if isinstance(read, dict) else {}
    return {}
