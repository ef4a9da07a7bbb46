"""The text of a release workflow: a head, and its jobs in the order in which they run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.model import Ecosystem
from lockstep.release.candidate import Registry
from lockstep.release_workflow import parts
from lockstep.release_workflow.kinds.crates import toolchain
from lockstep.release_workflow.kinds.pure_python import PYTHON
from lockstep.release_workflow.pins import PINS, Pin, pinned
from lockstep.release_workflow.project import Job, Project
from lockstep.release_workflow.publishing import publish_jobs
from lockstep.release_workflow.template import filled, indented

_NAMED = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?P<rest>.*)", re.DOTALL)
_ENDINGS = {Registry.CRATES_IO: ("*.crate",), Registry.PYPI: ("*.whl", "*.tar.gz"), Registry.NPM: ("*.tgz",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A workflow. `told` is what a person has to know, `unbuilt` the packages that no job builds."""

    text: str
    told: tuple[str, ...] = ()
    unbuilt: tuple[str, ...] = ()


def write(project: Project, header: str, pins: Mapping[str, Pin] = PINS) -> Written:
    """Write the workflow of a project. `header` are the comments that it begins with."""
    pieces = steps_of(project)
    builds = [*parts(project)]
    built = {id_ for part in builds for id_ in part.packages}
    unbuilt = tuple(one.package.name for one in project.packages if one.id not in built)
    names = [job.name for part in builds for job in part.jobs]
    endings = dict.fromkeys(ending for one in project.packages if one.registry is not None for ending in _ENDINGS[one.registry])
    subjects = "\n".join(f"${{{{ runner.temp }}}}/release/dist/{ending}" for ending in endings)
    jobs = [
        Job(name="guard", text=filled("guard", checkout=filled("checkout"), lockstep=pieces["lockstep"])),
        Job(name="gates", text=_gates(project, pieces)),
        *(job for part in builds for job in part.jobs),
        Job(name="seal", text=_seal(project, names, subjects, pieces)),
    ]
    before_stage = ["guard", "attest"]
    if crates := project.of(Ecosystem.CARGO):
        values = {**pieces, "checkout": filled("checkout"), "toolchain": toolchain(project), "crates": " ".join(one.package.name for one in crates)}
        jobs.append(Job(name="prove-crates", text=filled("prove", **values)))
        before_stage.append("prove-crates")
    publishing = publish_jobs(project, pieces)
    last = publishing[-1].name if publishing else "stage"
    jobs += [
        Job(name="attest", text=filled("attest", **pieces, subjects=subjects)),
        Job(name="stage", text=filled("stage", **pieces, needs=", ".join(before_stage))),
        *publishing,
        Job(name="open", text=filled("open", **pieces, needs=f"guard, {last}")),
        Job(name="verify", text=filled("verify", **{**pieces, "checkout": filled("checkout"), "lockstep": pieces["lockstep_attest"]})),
    ]
    named = {"lockstep": project.lockstep, "lockstep_attest": with_extra(project.lockstep, "attest")}
    head = filled("workflow", header=header, title=project.title, tags=tag_filter(project.tag), **named)
    text = "\n".join([head, *(indented(job.text, 2) for job in jobs)])
    told = tuple(line for part in builds for line in part.told)
    return Written(text=pinned(text, pins), told=told, unbuilt=unbuilt)


def steps_of(project: Project) -> dict[str, str]:
    """Give the steps that set a job up: without the tag checked out, unless lockstep or the registries' addresses are read from there."""
    here = project.configured or is_here(project.lockstep)
    return {
        "checkout": filled("checkout") if here else "",
        "contents": "contents: read # checks the tag out" if here else "",
        "lockstep": filled("lockstep", python=PYTHON, lockstep="LOCKSTEP"),
        "lockstep_attest": filled("lockstep", python=PYTHON, lockstep="LOCKSTEP_ATTEST"),
        "release_files": filled("release_files"),
    }


def is_here(requirement: str) -> bool:
    """Say whether lockstep is installed from the repository itself."""
    return requirement.startswith(".")


def with_extra(requirement: str, extra: str) -> str:
    """Give what pip installs lockstep by, with an extra: `lockstep[attest]==1.0`, `.[attest]`."""
    if is_here(requirement):
        return f"{requirement}[{extra}]"
    found = _NAMED.fullmatch(requirement)
    assert found is not None
    return f"{found['name']}[{extra}]{found['rest']}"


def quoted(requirement: str) -> str:
    """Write a requirement as one word of a shell."""
    return requirement if re.fullmatch(r"[A-Za-z0-9._/-]+", requirement) else "'" + requirement + "'"


def tag_filter(template: str) -> str:
    """Give the filter of `on.push.tags` for the tags of a template."""
    before, _, after = template.partition("{version}")
    return f"{_literal(before)}[0-9]*.[0-9]*.[0-9]*{_literal(after)}"


def _literal(text: str) -> str:
    """Write what stands before a version for a filter. Source: GitHub's filter pattern cheat sheet."""
    return re.sub(r"([*?+\[\]!\\])", r"\\\1", text)


def _gates(project: Project, pieces: Mapping[str, str]) -> str:
    named = " ".join(f"--workflow {quoted(name)}" for name in project.gates)
    ci = filled("gate_ci", workflows=named, branch=project.branch) if project.gates else ""
    return filled("gates", checkout=filled("checkout"), lockstep=pieces["lockstep"], branch=project.branch, ci=ci)


def _seal(project: Project, builds: list[str], files: str, pieces: Mapping[str, str]) -> str:
    values = {
        "checkout": filled("checkout"),
        "lockstep": pieces["lockstep"],
        "files": files,
        "needs": ", ".join(["guard", *(builds or ["gates"])]),
        "group": f" --group {project.group}" if project.group else "",
        "notes": 'lockstep changelog show "$VERSION" --repo "$GITHUB_WORKSPACE" > sealed/NOTES.md' if project.notes else ": > sealed/NOTES.md",
    }
    return filled("seal", **values)
