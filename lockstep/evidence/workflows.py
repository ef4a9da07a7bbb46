"""The release workflows of a tree, with the actions, called workflows and scripts of the repository that they use. Nothing of it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NoReturn

from lockstep.config import Config
from lockstep.config.reading import place_of_entry
from lockstep.dataclass import replace
from lockstep.errors import ConfigError, LockstepError, ManifestError, RepositoryError, UsageError
from lockstep.model import Place
from lockstep.text.toml import Document
from lockstep.tree import Tree, glob
from lockstep.wording import did_you_mean
from lockstep.workflow.audit import Audit
from lockstep.workflow.audit_model import TagPattern
from lockstep.workflow.model import Fault, Role, Workflow
from lockstep.workflow.reading import Files, workflow
from lockstep.workflow.registries import CONTAINERS

if TYPE_CHECKING:
    from lockstep.evidence.zizmor import Program
    from lockstep.text.yaml import Node

FOLDER = ".github/workflows"
LARGEST_SCRIPT = 128 * 1024
"""Characters of the largest script of the repository that is looked into when a step runs it."""
MOST_SCRIPTS = 200
_SCRIPT = re.compile(r"[A-Za-z0-9_./-]+\.sh\b")
_MANAGER = re.compile(r"\b(?:npm|pnpm|yarn|bun)\b")
_CLIFF = ("cliff.toml", ".cliff.toml", "config/cliff.toml", ".config/cliff.toml", ".github/cliff.toml")


def audits(tree: Tree, config: Config, path: str | None = None, zizmor: Program | None = None) -> tuple[Audit, ...]:
    """Give the evidence of every release workflow, or of the one that is named.

    Raises: UsageError when the named file is not there, ConfigError when a file or a job that the configuration names is not.
    """
    if path is not None and not tree.has(path):
        known = ", ".join(_paths(tree)) or "there are none"
        raise UsageError(f"there is no workflow {path}", help=did_you_mean(path, _paths(tree), f"name a tracked file of this repository: {known}"))
    for pattern in config.workflow.files:
        if not any(glob(pattern).fullmatch(name) for name in _paths(tree)):
            _misnamed(tree, config, ("workflow", "files"), pattern, "git tracks no workflow {!r}, which {} names", _paths(tree))
    parsed: dict[str, Node | ManifestError] = {}
    known_ = {name: _read(tree, name, parsed) for name in dict.fromkeys((*_paths(tree), *((path,) if path else ())))}
    others = {name: one for name, one in known_.items() if name in _paths(tree)}
    if all(isinstance(one, Workflow) for one in known_.values()):
        jobs = [job for one in known_.values() if isinstance(one, Workflow) for job in one.jobs]
        for job, _ in config.workflow.roles:
            if job not in jobs:
                _misnamed(tree, config, ("workflow", "roles"), job, "no workflow has a job {!r}, which {} names", jobs)
    runs = _runs(known_.values())
    scripts, patterns = _scripts(tree, config, runs), tuple(_tag_patterns(tree))
    manager, tasks = _package_manager(tree), _tasks(tree, config, runs)
    found = []
    for name, one in known_.items():
        if path is not None and name != path:
            continue
        audit = Audit(
            path=name,
            workflow=one if isinstance(one, Workflow) else None,
            faults=(one,) if isinstance(one, Fault) else (),
            others=others,
            scripts=scripts,
            tasks=tasks,
            unpinned=frozenset(_unpinned(one, config.workflow.unpinned)) if isinstance(one, Workflow) else frozenset(),
            declared=dict(config.workflow.roles),
            tag=config.tag,
            profile=config.audit.profile,
            tag_patterns=patterns,
            lock=tree.has("Cargo.lock"),
            package_manager=manager,
            named=path is not None or any(glob(pattern).fullmatch(name) for pattern in config.workflow.files),
        )
        if audit.named or (not config.workflow.files and not config.excludes(name) and _releases(audit, others)):
            found.append(audit)
    if zizmor is not None:
        return tuple(replace(one, zizmor=zizmor.read(one)) for one in found)
    return tuple(found)


def _unpinned(one: Workflow, patterns: tuple[str, ...]) -> Iterator[str]:
    """Give the actions of a workflow that the configuration lets be unpinned."""
    for job in one.jobs.values():
        for used in (job.calls, *(step.uses for step in job.steps)):
            if used is not None and any(
                glob(each.lower()).fullmatch(used.name) or glob(each).fullmatch(f"{used.name}/{used.folder}") for each in patterns if not used.image
            ):
                yield used.text


def _misnamed(tree: Tree, config: Config, option: tuple[str, ...], name: str, what: str, known: Iterable[str]) -> NoReturn:
    """Refuse a name of the configuration that means nothing: without what it names, the audit would look at something else, or at nothing.

    Raises: ConfigError.
    """
    line, column = place_of_entry(tree, config, option, name) or (None, None)
    known = sorted(known)
    listed = f"there {'is' if len(known) == 1 else 'are'} {', '.join(known)}" if known else "there are none: delete the entry"
    raise ConfigError(what.format(name, ".".join(option)), path=config.path, line=line, column=column, help=did_you_mean(name, known, listed))


def all_workflows(tree: Tree) -> dict[str, Workflow | Fault]:
    """Give all workflows of a tree by their paths."""
    parsed: dict[str, Node | ManifestError] = {}
    return {path: _read(tree, path, parsed) for path in _paths(tree)}


def _paths(tree: Tree) -> tuple[str, ...]:
    return tuple(sorted({*tree.paths(f"{FOLDER}/*.yml"), *tree.paths(f"{FOLDER}/*.yaml")}))


def _files(tree: Tree) -> Files:
    """Give the files of a tree by path; one that cannot be read is not there."""

    def read(path: str) -> str | None:
        try:
            return tree.read(path) if tree.has(path) else None
        except RepositoryError:
            return None

    return read


def _read(tree: Tree, path: str, parsed: dict[str, Node | ManifestError]) -> Workflow | Fault:
    try:
        return workflow(path, tree.read(path), _files(tree), parsed)
    except (ManifestError, RepositoryError) as error:
        return Fault(place=Place(path=path, line=error.line or 1, column=error.column or 1), message=error.message, help=error.help)


def _releases(audit: Audit, others: dict[str, Workflow | Fault]) -> bool:
    """Say whether a workflow is a release: it cannot be read, publishes, or starts like one. One that another calls is judged with the caller."""
    if audit.workflow is None:
        return True
    called = any(isinstance(one, Workflow) and one is not audit.workflow and audit.path in one.files for one in others.values())
    if called and not any(one.name in ("tag", "release") for one in audit.triggers):
        return False
    starts = any(one.name in ("tag", "release") for one in audit.triggers) or audit.release_only
    if not starts:
        return any(one.registry != CONTAINERS for one in audit.publishes) or bool(audit.of(Role.UNDRAFT)) or bool(audit.unclear)
    return (
        audit.classified or bool(audit.unclear) or (not audit.deploys and audit.release_only and any(one.name in ("tag", "release") for one in audit.triggers))
    )


def _runs(known: Iterable[Workflow | Fault]) -> str:
    """Give what all steps run."""
    return "\n".join(step.run.text for one in known if isinstance(one, Workflow) for job in one.jobs.values() for step in job.steps if step.run is not None)


def _scripts(tree: Tree, config: Config, runs: str) -> dict[str, str]:
    """Give the shell scripts of the repository that steps name, by their paths from the root."""
    read = _files(tree)
    found = {}
    for path in sorted({name.removeprefix("./") for name in _SCRIPT.findall(runs)})[:MOST_SCRIPTS]:
        text = None if config.excludes(path) else read(path)
        if text is not None and len(text) <= LARGEST_SCRIPT:
            found[path] = text
    return found


def _tasks(tree: Tree, config: Config, steps: str) -> dict[str, dict[str, str]]:
    """Give the scripts of every package.json, by its folder, where a step starts any; nothing of one that cannot be read."""
    if not _MANAGER.search(steps):
        return {}
    found = {}
    paths = [path for path in tree.paths("**/package.json") if not config.excludes(path)]
    for path in sorted(paths, key=lambda one: (one.count("/"), one))[:MOST_SCRIPTS]:
        scripts = _package(tree, path).get("scripts")
        if isinstance(scripts, dict):
            found[path.rpartition("/")[0] or "."] = {name: text for name, text in scripts.items() if isinstance(text, str)}
    return found


def _package(tree: Tree, path: str) -> dict[str, object]:
    """Give a package.json; nothing of one that cannot be read."""
    text = _files(tree)(path)
    try:
        read = json.loads(text) if text is not None and len(text) <= LARGEST_SCRIPT else None
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _package_manager(tree: Tree) -> str:
    """Give the package manager that package.json names, by `packageManager` or `devEngines`; "" for none."""
    read = _package(tree, "package.json")
    named, engines = read.get("packageManager"), read.get("devEngines")
    other = engines.get("packageManager") if isinstance(engines, dict) else None
    found = named if named is not None else other.get("name") if isinstance(other, dict) else None
    return found.partition("@")[0] if isinstance(found, str) else ""


def _tag_patterns(tree: Tree) -> Iterator[TagPattern]:
    """Give the patterns by which git-cliff finds releases; an expression that cannot be compiled is left to git-cliff."""
    for path in _CLIFF:
        if not tree.has(path):
            continue
        try:
            document = Document(path, tree.read(path))
        except LockstepError:
            continue
        text, span = document.string("git", "tag_pattern"), document.span("git", "tag_pattern")
        if text is not None and span is not None:
            line, column = document.at(span.key)
            yield TagPattern(place=Place(path=path, line=line, column=column), text=re.sub(r"\(\?P?<", "(?P<", text), tool="git-cliff")
