"""The release workflow of a project: written, compared with the one that is there, brought up to date."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from lockstep import __version__, about
from lockstep.app.session import Session
from lockstep.app.workflow_project import gather, installed
from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.workflows import FOLDER, audits
from lockstep.project.repository_url import repository_url
from lockstep.release_workflow import settings
from lockstep.release_workflow.blocks import record_of, without_record
from lockstep.release_workflow.pins import newer, raised
from lockstep.release_workflow.project import Project
from lockstep.release_workflow.updating import Updated, fresh, updated
from lockstep.release_workflow.writing import Written, is_here, write
from lockstep.wording import first_few

HEADER = """\
# From a release tag to the registries: checked, built, sealed, attested, staged, published, opened, verified.
#
# Recovery is a re-run: "Re-run failed jobs" runs each again that did not end well, and it looks at what is there before it does what is left.
# "Re-run all jobs" builds the files again; with a draft that has the first ones it stops, and says how to go on.
# What is not in this file: who may push release tags, the environments, the publishers that registries trust. `lockstep init workflow --settings`
# lists them; `lockstep audit settings` and `lockstep audit publishers` ask whether they are so.
#
# This file is yours, lockstep wrote it: `lockstep init workflow --update` brings it up to date and keeps what you changed, `--check` says whether it is.
"""
NOBODY = "OWNER/NAME"
"""The repository, where it is not known which it is on GitHub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRequest:
    """What is wanted: the workflow of a `group` (None: the main one), at `path` (None: release.yml). `lockstep` is what pip installs lockstep by.

    `branch` is the one that is released from, `tag` how release tags are written. What is None is as the workflow that is there has it, else as usual.
    """

    group: str | None = None
    path: str | None = None
    lockstep: str | None = None
    branch: str | None = None
    tag: str | None = None
    keep: bool = False
    renew: bool = False
    """Whether the lockstep that a workflow installs becomes this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowResult:
    """A workflow as it would be: `there` is the text that is there, None for none; `others` are workflows that publish for the same tags."""

    path: str
    project: Project
    text: str
    there: str | None
    written: Written
    update: Updated | None
    others: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether what is there is what would be written, with nothing left for a person to decide; its record may be older."""
        if self.there is None or self.update is None or self.update.conflicts:
            return False
        return without_record(self.there) == without_record(self.text)

    @property
    def is_recorded(self) -> bool:
        """Whether its record is as it would be written too."""
        return self.is_current and self.there == self.text


def planned(opened: Session, request: WorkflowRequest) -> WorkflowResult:
    """Plan the workflow of a project; nothing is written.

    Raises: UsageError where nothing is released, or the file that is there was not written by lockstep.
    """
    path = _path(request)
    there = None if request.path == "-" else _there(opened, path)
    record = record_of(there) if there is not None else None
    if there is not None and record is None:
        raise UsageError(
            f"{path} was not written by lockstep, and is left alone",
            help=f"--output - prints what lockstep would write; --output {FOLDER}/NAME.yml writes it beside, and registries trust a file by its name",
        )
    said = dict(zip(record.words[::2], record.words[1::2], strict=False)) if record is not None else {}
    lockstep = request.lockstep or said.get("--lockstep") or installed(__version__)
    if request.renew and request.lockstep is None and lockstep.startswith(f"{about.DISTRIBUTION}=="):
        lockstep = installed(__version__)
    group = request.group or said.get("--group")
    _check(lockstep, request)
    project = gather(opened, group, path, lockstep, branch=request.branch or said.get("--branch"), tag=request.tag or said.get("--tag"))
    chosen = {"--group": group or "", "--branch": project.branch, "--tag": project.tag, "--lockstep": lockstep}
    words = tuple(word for name, value in chosen.items() if value for word in (name, value))
    written = write(project, HEADER, newer(there or ""))
    update = updated(there, written.text, words, keep=request.keep) if there is not None else None
    text = fresh(written.text, words) if update is None else update.text
    if there is not None and "\r\n" in there:
        text = text.replace("\n", "\r\n")
    return WorkflowResult(path=path, project=project, text=text, there=there, written=written, update=update, others=_others(opened, path))


def _check(lockstep: str, request: WorkflowRequest) -> None:
    """Refuse what cannot stand in a workflow.

    Raises: UsageError.
    """
    if is_here(lockstep) and lockstep != ".":
        raise UsageError(f"--lockstep {lockstep} is no folder that a job could install from", help="--lockstep . is the repository itself")
    if not re.fullmatch(r"\.|[A-Za-z0-9][\w.-]*[^\x00-\x1f\"'`$\\]*", lockstep):
        raise UsageError("--lockstep is no requirement", help=f"{installed(__version__)}, or as pip takes it, without quotes")
    if request.branch is not None and not re.fullmatch(r"[A-Za-z0-9][\w./-]*", request.branch):
        raise UsageError("--branch is no name of a branch that can stand in a script", help="--branch main")
    if request.tag is not None and not re.fullmatch(r"[\w./@-]*\{version\}", request.tag):
        raise UsageError("--tag does not say how tags are written", help="--tag v{version}")


def _path(request: WorkflowRequest) -> str:
    """Give where the workflow is.

    Raises: UsageError for a place where GitHub looks for none.
    """
    if request.path in (None, "-"):
        return f"{FOLDER}/release-{request.group}.yml" if request.group else f"{FOLDER}/release.yml"
    assert request.path is not None
    path = request.path if "/" in request.path else f"{FOLDER}/{request.path}"
    if os.path.dirname(path) != FOLDER or not path.endswith((".yml", ".yaml")):
        raise UsageError(f"{request.path} is no place of a workflow", help=f"--output {FOLDER}/release.yml")
    return path


def _there(opened: Session, path: str) -> str | None:
    """Read the workflow that is there, whether git tracks it or not."""
    if opened.tree.has(path):
        return opened.tree.read(path)
    try:
        with open(os.path.join(opened.repository.root or ".", path), encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", help="look at it") from None


def _others(opened: Session, path: str) -> tuple[str, ...]:
    """Give the other workflows of the project that publish when a release tag is pushed."""
    return tuple(
        one.path for one in audits(opened.tree, opened.config) if one.path != path and one.publishes and any(each.name == "tag" for each in one.triggers)
    )


def settings_of(opened: Session, found: WorkflowResult, environment: Mapping[str, str], repository: str | None) -> str:
    """Write the list of what is set once, with the values of the repository on GitHub."""
    api = Api.of(environment)
    try:
        slug = github_repository.known(opened.repository, api, repository, environment)
    except UsageError:
        host, _, path = repository_url(opened.tree, "").removeprefix("https://").partition("/")
        slug = path if host == "github.com" and path.count("/") == 1 else NOBODY
    page = github_repository.page(slug, api, environment)
    name = os.path.basename(found.path)
    unnamed = f"{NOBODY} stands for the repository, which no remote and no manifest names: --repository does" if slug == NOBODY else ""
    return settings.text([*settings.on_github(found.project, page)], [*settings.at_registries(found.project, slug, name)], unnamed)


def remarks(found: WorkflowResult) -> list[str]:
    """Say what a person has to know of a workflow."""
    said = list(found.written.told)
    if found.written.unbuilt:
        names = first_few(list(found.written.unbuilt), 5)
        said.append(f"no job builds {names}: add one that uploads an artifact built-NAME, and let the job seal wait for it")
    if found.others:
        said.append(f"{first_few(list(found.others), 3)} publishes for release tags too: take that out before the next tag")
    if not found.project.gates:
        said.append("no workflow runs for every push: nothing asks whether the commit is green; name those that do by gate.workflows")
    update = found.update
    if update is not None:
        said += raised(found.there or "", found.text)
        said += [f"{one} is as you changed it" for one in _named(update.kept)]
        said += [f"{one} is left out, as you have it" for one in _named(update.left_out)]
        said += [
            f"{one} was changed here, and is written otherwise now: it is left as it is; put both together, or --update --keep takes yours"
            for one in _named(tuple(update.conflicts))
        ]
    return said


def _named(blocks: tuple[str, ...]) -> list[str]:
    return [f"job {one.removeprefix('jobs.')}" if one.startswith("jobs.") else f"`{one}`" for one in blocks]


def with_conflicts(found: WorkflowResult) -> WorkflowResult:
    """Give the result with what lockstep writes in the place of conflicts: for a person to look at, never to be written."""
    if found.update is None:
        return found
    text = found.update.text
    for there, now in found.update.conflicts.values():
        text = text.replace(there, now, 1)
    return replace(found, text=text)
