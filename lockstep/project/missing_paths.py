"""Where a Cargo manifest leads to no crate that git tracks: a path dependency, a member of its workspace."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.manifest import Manifest, inside
from lockstep.model import Finding, Level
from lockstep.project.discovery import Discovery
from lockstep.project.git_ignore import ignored_by
from lockstep.project.submodules import submodules

_UNREAD = "nothing outside is read; its version is not checked"
_MADE = "a step before the build has to put it there; its version is not checked"


def missing_paths(discovery: Discovery, manifest: Manifest) -> Iterator[Finding]:
    """Give what a manifest names and git does not track: wrong, unless it lies elsewhere or git ignores it."""
    yield from _dependencies(discovery, manifest)
    yield from _members(discovery, manifest)


def _dependencies(discovery: Discovery, manifest: Manifest) -> Iterator[Finding]:
    for dependency in manifest.paths:
        target, name = inside(dependency.folder, "Cargo.toml"), dependency.name
        if discovery.tree.has(target) or (dependency.offered and not discovery.inherits(manifest, dependency.offered)):
            continue
        level, help_ = Level.WARNING, _UNREAD
        if dependency.folder.startswith(("..", "/", "\\")):
            message = f"the path of {name}, {dependency.folder}, leads out of the repository"
        elif (submodule := _submodule(discovery, dependency.folder)) is not None:
            message = f"the path of {name}, {dependency.folder}, leads into the submodule {submodule}"
        elif (ignore := ignored_by(discovery.tree, target)) is not None:
            message = f"{name} is in {dependency.folder}, which {ignore} ignores"
            help_ = _MADE
        else:
            message = f"{name} should be in {dependency.folder or '.'}, but git tracks no {target}"
            level, help_ = Level.ERROR, "correct the path, or git add the crate"
        yield _fault(manifest, "path-dependency-missing", dependency.start, message, help_, level)


def _members(discovery: Discovery, manifest: Manifest) -> Iterator[Finding]:
    workspace, here = manifest.workspace, manifest.source.folder
    for member, start in workspace.members if workspace else ():
        folder = member.removeprefix("./").rstrip("/")
        pattern = inside(here, inside(folder, "Cargo.toml")) if folder not in ("", ".") else manifest.source.path
        level, help_ = Level.WARNING, _UNREAD
        if folder.startswith(("/", "..")):
            message = f"the workspace member {member!r} lies outside of the repository"
        elif discovery.tree.paths(pattern):
            continue
        elif _submodule(discovery, inside(here, folder)) is not None:
            message = f"the workspace member {member!r} lies in a submodule"
        elif (ignore := ignored_by(discovery.tree, pattern)) is not None:
            message = f"the workspace member {member!r} lies in a folder that {ignore} ignores"
            help_ = _MADE
        else:
            message = f"the workspace member {member!r} matches no Cargo.toml that git tracks"
            level, help_ = Level.ERROR, "correct the name, or git add the crate; Cargo refuses the workspace"
        yield _fault(manifest, "member-missing", start, message, help_, level)


def _submodule(discovery: Discovery, folder: str) -> str | None:
    """Give the submodule in which a folder lies."""
    return next((one for one in submodules(discovery.tree) if f"{folder}/".startswith(f"{one}/")), None)


def _fault(manifest: Manifest, rule: str, offset: int, message: str, help_: str, level: Level) -> Finding:
    return Finding(rule=rule, level=level, place=manifest.source.place(offset), message=message, help=help_)
