"""npm packages of napi-rs: a binary for each target, then a package for each, and the package that needs them.

Source: https://napi.rs/docs/deep-dive/release
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.manifest import inside
from lockstep.model import Ecosystem
from lockstep.project.napi import platform_packages, targets
from lockstep.release_workflow.kinds.npm import MANAGERS, manager, tarball, working
from lockstep.release_workflow.project import Job, Part, Project, Shipped
from lockstep.release_workflow.template import filled
from lockstep.wording import first_few


@dataclass(frozen=True, slots=True)
class Target:
    """Where a binary is built, and what napi-rs is told to cross-compile by."""

    runner: str
    flags: str = ""


BUILDS: Mapping[str, Target] = {
    "aarch64-apple-darwin": Target("macos-latest"),
    "x86_64-apple-darwin": Target("macos-latest"),
    **{f"{one}-pc-windows-msvc": Target("windows-latest") for one in ("x86_64", "i686", "aarch64")},
    **{f"{one}-unknown-linux-gnu": Target("ubuntu-latest", "--use-napi-cross") for one in ("x86_64", "aarch64", "s390x", "powerpc64le")},
    "armv7-unknown-linux-gnueabihf": Target("ubuntu-latest", "--use-napi-cross"),
    **{f"{one}-unknown-linux-musl": Target("ubuntu-latest", "-x") for one in ("x86_64", "aarch64", "riscv64gc")},
    "armv7-unknown-linux-musleabihf": Target("ubuntu-latest", "-x"),
    **{one: Target("ubuntu-latest") for one in ("aarch64-linux-android", "arm-linux-androideabi", "armv7-linux-androideabi", "wasm32-wasip1-threads")},
}
"""The targets that a job of GitHub's runners builds; others need a machine of their own."""


def part(project: Project) -> Part | None:
    """Give two jobs a package: its binaries, and the tarballs."""
    mine = [one for one in project.of(Ecosystem.NPM) if targets(one.manifest)]
    mains = [one for one in mine if one.package.name not in platform_packages(one.manifest)]
    if not mains:
        return None
    jobs, told = list[Job](), list[str]()
    for one in mains:
        suffix = "" if len(mains) == 1 else f"-{tarball(one.package.name)}"
        wanted = [target for target in targets(one.manifest) if target in BUILDS]
        if left := [target for target in targets(one.manifest) if target not in BUILDS]:
            told.append(f"no job is written that builds {one.package.name} for {first_few(left, 5)}: add one that uploads an artifact napi{suffix}-TARGET")
        jobs += _jobs(project, one, suffix, wanted)
    return Part(packages=tuple(one.id for one in mine), jobs=tuple(jobs), told=tuple(told))


def _jobs(project: Project, one: Shipped, suffix: str, wanted: list[str]) -> list[Job]:
    root = one.package.root
    name, folder = manager(project.tree, root)
    tool = MANAGERS[name]
    install = tool.install if project.tree.has(inside(folder, tool.lock)) else "npm install"
    scripts = one.manifest.get("scripts")
    built = isinstance(scripts, dict) and "build" in scripts
    separator = " --" if name == "npm" else ""
    common = {
        "checkout": filled("checkout"),
        "package": one.package.name,
        "install": filled("npm_install", folder=working(folder), install=install),
        "folder": working(root),
        "artifact": f"napi{suffix}",
    }
    rows = "".join(filled("build_napi_target", target=target, runner=BUILDS[target].runner, flags=BUILDS[target].flags) for target in wanted)
    script = f"{tool.run} build{separator}" if built else f"{tool.execute} napi build --platform --release"
    binaries = filled("build_napi", **common, job=f"build-binaries{suffix}", targets=rows, script=script)
    packs = filled("pack_napi", **common, job=f"build-npm{suffix}", needs=f"build-binaries{suffix}", tool=tool.execute)
    return [Job(name=f"build-binaries{suffix}", text=binaries), Job(name=f"build-npm{suffix}", text=packs)]
