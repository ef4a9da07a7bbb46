"""Python packages that maturin builds from Rust: wheels platform by platform, and the sdist.

The platforms and Pythons are those that a release workflow of the project builds for already, else what most users have.

Sources: https://github.com/PyO3/maturin-action, https://www.maturin.rs/distribution
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.model import Ecosystem
from lockstep.release.candidate import ArtifactKind
from lockstep.release_workflow.project import Job, Part, Project, Shipped
from lockstep.release_workflow.template import filled
from lockstep.wording import first_few


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform: the runner, the architecture of its Python, and what maturin-action is told."""

    runner: str
    python: str
    target: str
    manylinux: str = "auto"
    least: int = 0
    """The minor version of the first Python that there is for it."""


_LINUX = {
    **{one: f"{one}-unknown-linux-gnu" for one in ("x86_64", "i686", "aarch64", "s390x")},
    "armv7": "armv7-unknown-linux-gnueabihf",
    "ppc64le": "powerpc64le-unknown-linux-gnu",
    "riscv64": "riscv64gc-unknown-linux-gnu",
}
_MUSL = {**{one: f"{one}-unknown-linux-musl" for one in ("x86_64", "i686", "aarch64")}, "armv7": "armv7-unknown-linux-musleabihf"}
PLATFORMS: Mapping[str, Platform] = {
    **{f"linux-{one}": Platform("ubuntu-latest", "x64", target) for one, target in _LINUX.items()},
    **{f"musllinux-{one}": Platform("ubuntu-latest", "x64", target, "musllinux_1_2") for one, target in _MUSL.items()},
    "macos-x86_64": Platform("macos-15-intel", "x64", "x86_64-apple-darwin"),
    "macos-aarch64": Platform("macos-latest", "arm64", "aarch64-apple-darwin"),
    "windows-x86_64": Platform("windows-latest", "x64", "x86_64-pc-windows-msvc"),
    "windows-i686": Platform("windows-latest", "x86", "i686-pc-windows-msvc"),
    "windows-aarch64": Platform("windows-11-arm", "arm64", "aarch64-pc-windows-msvc", least=11),
}
USUAL = ("linux-x86_64", "linux-aarch64", "musllinux-x86_64", "musllinux-aarch64", "macos-x86_64", "macos-aarch64", "windows-x86_64", "windows-aarch64")
"""What is built for where no workflow says it."""
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""The Pythons that are built for where no workflow says it, from the least that the package takes."""
NEWEST = "3.13"
_LEAST = re.compile(r">=?\s*3\.(\d+)")


def part(project: Project) -> Part | None:
    """Give two jobs a package: its wheels, and its sdist."""
    mine = [one for one in project.of(Ecosystem.PYTHON) if one.backend.startswith("maturin")]
    if not mine:
        return None
    jobs: list[Job] = []
    told: list[str] = []
    for one in mine:
        suffix = "" if len(mine) == 1 else f"-{re.sub(r'[-_.]+', '-', one.package.name).lower()}"
        wanted, unknown = platforms(one)
        if unknown:
            told.append(f"no job is written for {one.package.name} on {first_few(unknown, 5)}: add one, as for a package that no kind builds")
        told += _doubts(one)
        rows = "".join(_row(name, one) for name in wanted)
        named = not (one.program or one.abi3 is not None)
        root = one.package.root
        common = {
            "checkout": filled("checkout"),
            "package": one.package.name,
            "folder": f"working-directory: {root}" if root else "",
            "dist": f"{root}/dist" if root else "dist",
        }
        wheels = filled(
            "build_wheels",
            **common,
            job=f"build-wheels{suffix}",
            platforms=rows,
            pythons="${{ matrix.pythons }}" if named else f'"{NEWEST}"',
            arguments="--release --out dist" + " --interpreter ${{ matrix.interpreters }}" * named,
            artifact=f"built-wheels{suffix}",
        )
        sdist = filled("build_sdist", **common, job=f"build-sdist{suffix}", arguments="--out dist", artifact=f"built-sdist{suffix}")
        jobs += (Job(name=f"build-wheels{suffix}", text=wheels), Job(name=f"build-sdist{suffix}", text=sdist))
    return Part(packages=tuple(one.id for one in mine), jobs=tuple(jobs), told=tuple(told))


def platforms(one: Shipped) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the platforms that wheels are built for, and those that a workflow of the project builds for and that are not known here."""
    said = dict.fromkeys(f"{file.system}-{file.architecture}" for file in one.owed if file.kind is ArtifactKind.WHEEL and file.system and file.architecture)
    vague = _vague(one)
    known = tuple(name for name in PLATFORMS if name in said or (name in USUAL and name.partition("-")[0] in vague))
    return known or USUAL, tuple(name for name in said if name not in PLATFORMS)


def _vague(one: Shipped) -> set[str]:
    """Give the systems that wheels are built for, where no file tells the architecture of any of them."""
    wheels = [file for file in one.owed if file.kind is ArtifactKind.WHEEL and file.system]
    return {file.system for file in wheels if not file.architecture} - {file.system for file in wheels if file.architecture}


def _doubts(one: Shipped) -> list[str]:
    """Say where the workflow that the project has does not tell for what wheels are built: the matrix may lack some."""
    said = [f"for which architectures wheels of {one.package.name} are built on {name} is not told: the usual ones are written" for name in sorted(_vague(one))]
    if one.untold and any(file.kind is ArtifactKind.WHEEL for file in one.owed):
        said.append(f"not all that builds wheels of {one.package.name} could be read ({first_few(one.untold, 2)}): compare the matrix, some may be missing")
    return said


def interpreters(one: Shipped, platform: str) -> tuple[str, ...]:
    """Give the Pythons that wheels of a platform are built for; none are named for the stable ABI, of which one wheel does, and for a program."""
    if one.program or one.abi3 is not None:
        return ()
    wheels = [file for file in one.owed if file.kind is ArtifactKind.WHEEL and file.interpreter.startswith(("cp3", "pp3"))]
    said = {_python(file.interpreter, file.abi) for file in wheels if f"{file.system}-{file.architecture}" == platform}
    if said:
        return tuple(sorted(said, key=_order))
    project = one.manifest.get("project")
    wanted = project.get("requires-python") if isinstance(project, dict) else None
    least = _LEAST.search(wanted) if isinstance(wanted, str) else None
    lowest = max(PLATFORMS[platform].least, int(least[1]) if least else 0)
    return tuple(name for name in PYTHONS if int(name.partition(".")[2]) >= lowest) or PYTHONS[-1:]


def _row(name: str, one: Shipped) -> str:
    """Give the entry of the matrix for a platform."""
    at, pythons = PLATFORMS[name], interpreters(one, name)
    row = filled("build_platform", platform=name, runner=at.runner, python=at.python, target=at.target, manylinux=at.manylinux)
    return row + (filled("build_pythons", interpreters=" ".join(pythons), pythons="\n".join(pythons)) if pythons else "")


def _python(interpreter: str, abi: str) -> str:
    return f"{'pypy' * interpreter.startswith('pp')}3.{interpreter[3:]}{'t' * abi.endswith('t')}"


def _order(name: str) -> tuple[bool, int, str]:
    minor = re.search(r"3\.(\d+)", name)
    return name.startswith("pypy"), int(minor[1]) if minor else 0, name
