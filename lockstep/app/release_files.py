"""Which files a release owes, package by package, and in which environments it is published: from the manifests, and the release workflows of the tree.

Only what they tell for certain is owed: the crate, the npm tarball; a wheel where a job of maturin or cibuildwheel names its platform; the sdist where a job
makes one. What an expression, a default of a tool or a job of another repository decides is named as not told.

Sources: https://github.com/PyO3/maturin-action, https://cibuildwheel.pypa.io/en/stable/options/, https://docs.github.com/en/actions/reference/runners/github-hosted-runners
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from lockstep.app.release_promise import REGISTRIES as BY_WORKFLOW
from lockstep.app.session import Session
from lockstep.dataclass import dataclass, replace
from lockstep.evidence.workflows import audits
from lockstep.model import Ecosystem, Package
from lockstep.project import napi
from lockstep.release.built_file import compared
from lockstep.release.candidate import ArtifactKind, Registry
from lockstep.release.owed import Approval, OwedFile, Owing, Untold, platform_of
from lockstep.release.registries import REGISTRIES
from lockstep.surfaces import python_manifest
from lockstep.surfaces.platforms import named_system, read_target
from lockstep.text.toml import Document
from lockstep.workflow.artifacts import is_distribution, may_hold
from lockstep.workflow.audit import Audit
from lockstep.workflow.audit_model import Download, Upload
from lockstep.workflow.conditions import decided
from lockstep.workflow.matrix import Cell, cells, filled
from lockstep.workflow.model import Deed, Job, Role, Step, literal
from lockstep.workflow.shell import Command, commands

_MATURIN = ("pyo3/maturin-action", "messense/maturin-action")
_RUNNERS = {
    "ubuntu-latest": "x86_64",
    "ubuntu-24.04": "x86_64",
    "ubuntu-22.04": "x86_64",
    "ubuntu-24.04-arm": "aarch64",
    "ubuntu-22.04-arm": "aarch64",
    "macos-latest": "aarch64",
    "macos-14": "aarch64",
    "macos-15": "aarch64",
    "macos-26": "aarch64",
    "macos-13": "x86_64",
    "macos-15-intel": "x86_64",
    "windows-latest": "x86_64",
    "windows-2022": "x86_64",
    "windows-2025": "x86_64",
    "windows-11-arm": "aarch64",
}
"""The architectures of GitHub's own runners, for which maturin builds where no target is named."""
_ONLY = re.compile(r"(?P<interpreter>[cg]p\d+|pp\d+)(?P<free>t?)-(?P<platform>[a-z0-9]+_\w+|win32)")
_ANYHOW = re.compile(r"\b(?:always|failure|cancelled)\s*\(", re.IGNORECASE)
"""What lets a job run behind one that was skipped. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions"""
_INSTALLERS = frozenset({"pip", "pip3", "ls", "dir"})
"""Programs that leave a built file where it lies."""
_PURE = ("flit_core", "uv_build")
"""Backends that build nothing but `py3-none-any`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheels:
    """What makes a package's wheels: the stable ABI's least Python (`cp310`, "" where it is not told, None without one); `program` for maturin's `bin`."""

    package: Package
    backend: str
    abi3: str | None
    program: bool


def owed_files(opened: Session, packages: Mapping[str, Package]) -> Owing:
    """Say which files packages owe, by their ids, and where they are published."""
    found = [one for one in audits(opened.tree, opened.config) if one.workflow is not None and one.publishes]
    files: list[OwedFile] = []
    untold: list[Untold] = []
    python = []
    for id_, package in packages.items():
        match package.ecosystem:
            case Ecosystem.PYTHON:
                python.append(package)
            case Ecosystem.CARGO:
                files.append(_file(id_, package, ArtifactKind.CRATE, f"{package.manifest}:1"))
            case Ecosystem.NPM:
                files.append(_file(id_, package, ArtifactKind.NPM, f"{package.manifest}:1"))
                untold += _of_napi(opened, package)
    wheels = [wheels_of(opened, one) for one in python]
    seen: set[str] = set()
    for audit in found:
        for one in _of_audit(audit, wheels):
            seen.add(one.package)
            if isinstance(one, OwedFile):
                files.append(one)
            else:
                untold.append(one)
    untold += [Untold(package=one.id, what="wheels and sdist", reason="no release workflow says which are built") for one in python if one.id not in seen]
    approvals = [
        Approval(
            registry=BY_WORKFLOW[deed.registry],
            job=deed.job.id,
            environment="" if deed.job.environment is None else literal(deed.job.environment),
            place=f"{deed.place.path}:{deed.place.line}",
        )
        for audit in found
        for deed in audit.publishes
        if deed.registry in BY_WORKFLOW
    ]
    keys = {(registry, compared(registry, one.name)): id_ for id_, one in packages.items() if (registry := REGISTRIES.get(one.ecosystem)) is not None}
    return Owing(files=tuple(dict.fromkeys(files)), untold=tuple(dict.fromkeys(untold)), approvals=tuple(dict.fromkeys(approvals)), packages=keys)


def _file(id_: str, package: Package, kind: ArtifactKind, place: str, **tags: str) -> OwedFile:
    return OwedFile(package=id_, registry=REGISTRIES[package.ecosystem], name=package.name, kind=kind, place=place, **tags)


def _of_napi(opened: Session, package: Package) -> Iterator[Untold]:
    """Say where napi makes a package for a target whose package's name is not known. Source: https://napi.rs/docs/cli/napi-config"""
    try:
        manifest = json.loads(opened.tree.read(package.manifest).removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return
    if isinstance(manifest, dict) and manifest.get("name") == package.name and any(one not in napi.SUFFIXES for one in napi.targets(manifest)):
        yield Untold(package=package.id, what="platform packages", reason="napi makes one for each target of {}", where=package.manifest)


def wheels_of(opened: Session, package: Package) -> Wheels:
    """Read what decides the tags of a package's wheels."""
    document = Document(package.manifest, opened.tree.read(package.manifest)) if package.manifest.endswith("pyproject.toml") else None
    backend = (document.string("build-system", "build-backend") or "") if document is not None else ""
    items = {path: item for surface in python_manifest.read(opened.tree, [package]) for path, item in surface.items.items()}
    limited = items.get("wheel.abi3")
    abi3 = None if limited is None else f"cp{(limited.value or '').replace('.', '')}" if limited.value else ""
    program = document is not None and document.string("tool", "maturin", "bindings") == "bin"
    return Wheels(package=package, backend=backend, abi3=abi3, program=program)


def _of_audit(audit: Audit, packages: Sequence[Wheels]) -> Iterator[OwedFile | Untold]:
    """Give what the jobs build that lead to PyPI, and hand on what they build or publish it themselves."""
    ends = {deed.job.id: deed.job for deed in audit.publishes if BY_WORKFLOW.get(deed.registry) is Registry.PYPI}
    before = {name for job in ends.values() for name in audit.before(job)}
    handing = {up.job.id for up in _reaching(audit, ends) if is_distribution(up) and not (up.files and all(_is_of_others(file) for file in up.files))}
    for job in audit.jobs.values() if ends else ():
        if not audit.runs(job):
            continue
        if job.calls is not None and not job.calls.local and job.id in before and (Role.BUILD in audit.roles(job) or not audit.roles(job)):
            yield from _untold(packages, "{}, which is not read", f"job {job.id} is {job.calls.text}")
        if job.id not in ends and job.id not in handing:
            continue
        found = cells(job.matrix)
        made = [one for step in job.steps if audit.active(step) for one in _of_step(audit, job, step, found, packages)]
        if job.id not in before and job.id not in ends:
            # what it builds may be published all the same, where it is done in time
            yield from _untold(
                [one for one in packages if any(one.package.id == each.package for each in made)], "nothing that publishes waits for {}", f"job {job.id}"
            )
        elif made:
            yield from made
        elif job.id not in ends and not any(audit.matching(one) for one in audit.downloads if one.job.id == job.id):
            yield from _untold(packages, "what builds the files is not known that come from {}", f"job {job.id}")


def _reaching(audit: Audit, ends: Mapping[str, Job]) -> Sequence[Upload]:
    """Give the artifacts that reach a job that publishes, from job to job; all of them where one takes whatever there is, or none by its name."""
    found: dict[int, Upload] = {}
    left = list(ends)
    seen = set(left)
    while left:
        name = left.pop()
        taken = [one for one in audit.downloads if one.job.id == name]
        if name in ends:
            mine = [one for one in taken if _is_published(audit, one)]
            taken = mine or taken
        if any(one.everything or one.foreign for one in taken):
            return audit.uploads
        for up in (up for one in taken for up in audit.matching(one)):
            found[id(up)] = up
            if up.job.id not in seen:
                seen.add(up.job.id)
                left.append(up.job.id)
    return tuple(found.values()) or audit.uploads


def _is_published(audit: Audit, one: Download) -> bool:
    """Say whether what a job takes lies where it publishes from, as far as its steps name the folder."""
    steps = [deed.step for deed in audit.publishes if deed.job.id == one.job.id and BY_WORKFLOW.get(deed.registry) is Registry.PYPI and deed.step is not None]
    texts = [step.run.text if step.run is not None else (folder.text if (folder := step.input("packages-dir")) is not None else "dist") for step in steps]
    top = one.folder.strip("./").split("/")[0]
    return not top or any(top in re.split(r"[^\w.-]+", text) for text in texts)


def _untold(packages: Sequence[Wheels], reason: str, where: str, what: str = "what it builds") -> Iterator[Untold]:
    return (Untold(package=one.package.id, what=what, reason=reason, where=where) for one in packages)


def _is_of_others(pattern: str) -> bool:
    """Say whether a pattern is of files that do not go to PyPI."""
    return "." in pattern.rpartition("/")[2] and not pattern.endswith((".whl", ".gz", "*"))


def _of_step(audit: Audit, job: Job, step: Step, found: Sequence[Cell] | None, packages: Sequence[Wheels]) -> Iterator[OwedFile | Untold]:
    place = f"{step.place.path}:{step.place.line}"
    made: list[OwedFile | Untold] = []
    if found is not None and step.conditions:  # `if: matrix.target == 'x86_64'`
        found = [cell for cell in found if all(decided(one, cell) is not False for one in step.conditions)]
    by_matrix = bool(found) and all(decided(one, cell) is True for cell in found or () for one in step.conditions)
    if step.action in _MATURIN or step.action == "pypa/cibuildwheel":
        read = _maturin if step.action in _MATURIN else _cibuildwheel
        if found is None:
            able = [one for one in packages if one.backend.startswith("maturin") or read is _cibuildwheel]
            made += _untold(able, "an expression decides what is built by {}", f"job {job.id} ({place})", "wheels")
        for cell in found or ():
            made += read(audit, job, step, cell, packages)
    for command in audit.commands(step):
        made += _of_command(command, step, place, packages)
    if made and not _is_done(audit, job, replace(step, conditions=()) if by_matrix else step):
        reason, where = "it is not told whether these run for a release: {}", f"job {job.id} ({place})"
        made = [Untold(package=id_, what="what it builds", reason=reason, where=where) for id_ in dict.fromkeys(one.package for one in made)]
    yield from made


def _is_done(audit: Audit, job: Job, step: Step) -> bool:
    """Say whether a step is done whenever something is published to PyPI: a job that is skipped skips what waits for it, unless that asks for failures."""
    deed = Deed(role=Role.BUILD, job=job, step=step, place=step.place, what="a build")
    if any(audit.surely_runs(deed, one) for one in audit.triggers if one.name in ("tag", "release")):
        return True
    ends = [one.job for one in audit.publishes if BY_WORKFLOW.get(one.registry) is Registry.PYPI and job.id in (one.job.id, *audit.before(one.job))]
    behind = [one for end in ends for one in (end, *(audit.jobs[name] for name in audit.before(end))) if job.id in audit.before(one)]
    return bool(ends) and not step.conditions and not any(_ANYHOW.search(said.text) for one in behind for said in one.conditions)


def _value(step: Step, name: str, cell: Cell, default: str = "") -> str | None:
    scalar = step.input(name)
    return default if scalar is None else filled(scalar.text, cell)


def _raw(step: Step, name: str) -> str:
    """Give what an input says, expressions and all."""
    scalar = step.input(name)
    return scalar.text if scalar is not None else ""


def _whose(packages: Sequence[Wheels], folder: str, backend: str = "") -> list[Wheels]:
    """Give the package that is built in a folder; of several that may be meant, none."""
    folder = folder.strip().removeprefix("./").strip("/").removeprefix(".")
    able = [one for one in packages if one.backend.startswith(backend)]
    return [one for one in able if one.package.root == folder] or (able if len(able) == 1 and len(packages) == 1 and not folder else [])


def _runner(job: Job, cell: Cell) -> tuple[str, str]:
    """Give system and architecture of the runner, "" for what is not told."""
    said = filled(job.runs_on[0].text, cell) if len(job.runs_on) == 1 else None
    return ("", "") if said is None else (named_system(said) or "", _RUNNERS.get(said.strip(), ""))


def _maturin(audit: Audit, job: Job, step: Step, cell: Cell, packages: Sequence[Wheels]) -> Iterator[OwedFile | Untold]:
    place = f"{step.place.path}:{step.place.line}"
    command, args, folder = (_value(step, name, cell) for name in ("command", "args", "working-directory"))
    line = next(iter(commands(f"maturin {args or ''}")), None)
    manifest = line.option("-m", "--manifest-path") if line is not None else None
    inner = "/".join(filter(None, (folder or "", (manifest or "").rpartition("/")[0])))
    mine = _whose(packages, inner, "maturin")
    if not mine:
        able = [one for one in packages if one.backend.startswith("maturin") and (folder is None or not inner)]
        yield from _untold(able, "it is not told whether it is built by {}", f"job {job.id} ({place})", "wheels")
        return
    [one] = mine
    out = next((one.option("-o", "--out") for one in commands(f"maturin {_raw(step, 'args')}")), None)
    if out is not None and folder is not None and _is_left(audit, job, f"{folder or '.'}/{out}"):
        return
    if command == "sdist":
        yield _file(one.package.id, one.package, ArtifactKind.SDIST, place)
    if command in ("", "build", "publish"):
        if line is not None and line.has("--sdist"):
            yield _file(one.package.id, one.package, ArtifactKind.SDIST, place)
        system, architecture = _target(job, step, cell)
        for interpreter, abi in _pythons(one, None if args is None else line):
            yield _file(one.package.id, one.package, ArtifactKind.WHEEL, place, interpreter=interpreter, abi=abi, system=system, architecture=architecture)


def _is_left(audit: Audit, job: Job, folder: str) -> bool:
    """Say whether what is built into a folder stays in the job: none of its artifacts has it, and no step but an installer's names it."""
    uploads = [one for one in audit.uploads if one.job.id == job.id]
    if not uploads or any(may_hold(one, folder) for one in uploads):
        return False
    name = folder.rstrip("/").rpartition("/")[2]
    said = [one.words for step in job.steps for one in audit.commands(step)]
    return not any(name in word for words in said if not _INSTALLERS & set(words[:2]) for word in words)


def _target(job: Job, step: Step, cell: Cell) -> tuple[str, str]:
    """Give the platform for which maturin-action builds, "" for what is not told."""
    target, libc = _value(step, "target", cell), _value(step, "manylinux", cell)
    system, architecture = _runner(job, cell)
    if target is None:
        return system, ""
    if target and target != "auto":
        architecture, named = read_target(target)
        if named is None and "-" in target:  # a triple of a system that wheels have another word for: wasm32-unknown-emscripten
            return "", ""
        system = named or system
    if system == "linux" and libc is None:
        return "", architecture
    return ("musllinux" if system == "linux" and libc and "musllinux" in libc else system), architecture


def _pythons(one: Wheels, line: Command | None) -> Iterator[tuple[str, str]]:
    """Give interpreter and ABI of each wheel that maturin builds, "" for what is not told."""
    named = _interpreters(line) if line is not None else None
    bindings = line.option("-b", "--bindings") if line is not None else None
    if one.program or bindings == "bin":
        yield "py3", "none"
        return
    if one.abi3 is not None:
        yield one.abi3, "abi3"
        yield from ((interpreter, abi) for interpreter, abi in named or () if interpreter.startswith("pp") or abi.endswith("t"))
    elif named:
        yield from named
    else:
        yield "", ""


def _interpreters(line: Command) -> list[tuple[str, str]] | None:
    """Give the interpreters that a line of maturin names; None where it names none, or one that is not told."""
    words, found = list(line.words[1:]), []
    taking = False
    for word in words:
        if word in ("-i", "--interpreter") or word.startswith("--interpreter="):
            taking = True
            word = word.partition("=")[2]  # noqa: PLW2901 - what follows the equals sign is its first value
        elif word.startswith("-"):
            taking = False
        for name in word.split() if taking else ():
            said = re.fullmatch(r"(?:python)?(?P<pypy>pypy)?(?P<major>3)\.?(?P<minor>\d+)(?P<free>t?)", name)
            if said is None:
                return None
            number = f"{said['major']}{said['minor']}"
            found.append((f"pp{number}", "") if said["pypy"] else (f"cp{number}", f"cp{number}{said['free']}"))
    return found or None


def _cibuildwheel(audit: Audit, job: Job, step: Step, cell: Cell, packages: Sequence[Wheels]) -> Iterator[OwedFile | Untold]:
    """Read what cibuildwheel is told to build: `only`, or names in CIBW_BUILD without a star; what a star means is the version's to say."""
    place = f"{step.place.path}:{step.place.line}"
    folder, only = _value(step, "package-dir", cell), _value(step, "only", cell)
    env = audit.env(job, step).get("CIBW_BUILD")
    names = only or (filled(env.text, cell) if env is not None else "")
    mine = _whose(packages, folder or "")
    read = [_ONLY.fullmatch(name) for name in (names or "").split()]
    if not mine or not read or None in read:
        yield from _untold(mine or packages, "cibuildwheel is told by patterns, or by its defaults, in {}", f"job {job.id} ({place})", "wheels")
        return
    system, _ = _runner(job, cell)
    for said in read:
        assert said is not None
        platform, architecture = platform_of(said["platform"])
        if only or not system or system == platform or (system, platform) == ("linux", "musllinux"):
            abi = f"{said['interpreter']}t" if said["free"] else ""
            abi = abi or (
                said["interpreter"] if mine[0].abi3 is None and said["interpreter"].startswith("cp") and mine[0].backend.startswith("maturin") else ""
            )
            tags = {"interpreter": said["interpreter"], "abi": abi, "system": platform, "architecture": architecture}
            yield _file(mine[0].package.id, mine[0].package, ArtifactKind.WHEEL, place, **tags)


def _of_command(one: Command, step: Step, place: str, packages: Sequence[Wheels]) -> Iterator[OwedFile | Untold]:
    """Read the commands that build a project: both files where neither is named."""
    words = one.words
    if one.name == "cibuildwheel":
        yield from _untold(packages, "cibuildwheel is told by patterns, or by its defaults, in {}", place, "wheels")
        return
    build = (
        one.name in ("pyproject-build", "build")  # `python -m build` is the second
        or (one.name in ("uv", "hatch", "flit", "poetry", "pdm", "rye") and words[1:2] == ("build",))
    )
    maturin = one.name == "maturin" and words[1:2] in (("sdist",), ("build",), ("publish",))
    if not build and not maturin:
        return
    mine = _whose(packages, step.folder)
    if maturin:
        if words[1] == "sdist" and mine:
            yield _file(mine[0].package.id, mine[0].package, ArtifactKind.SDIST, place)
        else:
            yield from _untold(mine, f"`maturin {words[1]}` builds for its own machine in {{}}", place, "wheels")
        return
    sdist, wheel = one.has("--sdist", "-s", "--no-wheel"), one.has("--wheel", "-w", "--no-sdist")
    if not mine:
        yield from _untold(packages, f"it is not told what `{one.name} build` builds in {{}}", place, "wheels and sdist")
    for each in mine:
        if sdist or not wheel:
            yield _file(each.package.id, each.package, ArtifactKind.SDIST, place)
        if wheel or not sdist:
            pure = each.backend.startswith(_PURE)
            tags = {"interpreter": "py3", "abi": "none", "system": "any"} if pure else {}
            yield _file(each.package.id, each.package, ArtifactKind.WHEEL, place, **tags)
