"""npm packages: installed as their lock says, built by their own scripts, and packed into tarballs.

Sources: https://docs.npmjs.com/cli/commands/npm-pack, https://pnpm.io/cli/pack, https://yarnpkg.com/cli/pack
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.manifest import inside
from lockstep.model import Ecosystem
from lockstep.release_workflow.project import Job, Part, Project, Shipped
from lockstep.release_workflow.template import filled
from lockstep.tree import Tree


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager: its lock, and the lines that install and pack; `{file}` is the path of the tarball, `{folder}` its folder."""

    lock: str
    install: str
    run: str
    execute: str
    pack: str


MANAGERS: Mapping[str, Manager] = {
    "pnpm": Manager("pnpm-lock.yaml", "corepack enable\npnpm install --frozen-lockfile", "pnpm run", "pnpm exec", "pnpm pack --out {file}"),
    "yarn": Manager("yarn.lock", "corepack enable\nyarn install --immutable", "yarn run", "yarn run", "yarn pack --out {file}"),
    "yarn 1": Manager("yarn.lock", "corepack enable\nyarn install --frozen-lockfile", "yarn run", "yarn run", "yarn pack --filename {file}"),
    "npm": Manager("package-lock.json", "npm ci", "npm run", "npx --no-install", "npm pack --pack-destination {folder}"),
}
_FIRST_YARN = "# yarn lockfile v1"
_PACKING = ("prepack", "prepare")
"""Scripts that run before a tarball is packed."""


def part(project: Project) -> Part | None:
    """Give the job that packs all of them."""
    mine = project.of(Ecosystem.NPM)
    if not mine:
        return None
    installs, packs, told = dict[str, str](), list[str](), list[str]()
    for one in mine:
        name, folder = manager(project.tree, one.package.root)
        tool = MANAGERS[name]
        install = tool.install
        if not project.tree.has(inside(folder, tool.lock)):
            install = "npm install"
            told.append(f"{one.package.name} has no lock that git tracks: what it is built with changes from day to day")
        if folder not in installs:
            installs[folder] = filled("npm_install", folder=working(folder), install=install)
        packs.append(filled("npm_pack", package=one.package.name, folder=working(one.package.root), script=_script(one, tool)))
    text = filled("build_npm", checkout=filled("checkout"), installs="".join(installs.values()), packs="".join(packs))
    return Part(packages=tuple(one.id for one in mine), jobs=(Job(name="build-npm", text=text),), told=tuple(told))


def manager(tree: Tree, root: str) -> tuple[str, str]:
    """Give the package manager of a package by the lock in its folder or the next one above, and that folder; npm and the folder itself without one."""
    folder = root
    while True:
        for name, one in MANAGERS.items():
            if tree.has(lock := inside(folder, one.lock)):
                return ("yarn 1" if name == "yarn" and _FIRST_YARN in tree.read(lock)[:200] else name), folder
        if not folder:
            return "npm", root
        folder = folder.rpartition("/")[0]


def working(folder: str) -> str:
    """Give the line of a step that runs in a folder, none for the root."""
    return f"working-directory: {folder}" if folder else ""


def tarball(package: str) -> str:
    """Give how the tarball of a package is called, without its version: `spam-egg` for `@spam/egg`."""
    return package.removeprefix("@").replace("/", "-")


def _script(one: Shipped, tool: Manager) -> str:
    """Give the lines that build and pack a package; what it builds when it is packed is not built before."""
    scripts = one.manifest.get("scripts")
    named = scripts if isinstance(scripts, dict) else {}
    lines = [f"{tool.run} build"] if "build" in named and not any(each in named for each in _PACKING) else []
    dist = '"$GITHUB_WORKSPACE/dist"'
    file = f'"$GITHUB_WORKSPACE/dist/{tarball(one.package.name)}-$VERSION.tgz"'
    return "\n".join([*lines, f"mkdir -p {dist}", tool.pack.format(folder=dist, file=file)])
