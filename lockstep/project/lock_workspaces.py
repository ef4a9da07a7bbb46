"""Which packages share the lock of a workspace, and which lock is therefore read by no tool.

Sources: https://docs.astral.sh/uv/concepts/projects/workspaces/ and uv's crates/uv-workspace/src/workspace.rs, `find_workspace`; pdm's
src/pdm/project/workspace.py, `project` and `iter_members`; https://docs.npmjs.com/cli/using-npm/workspaces and @npmcli/config's
lib/index.js, `loadLocalPrefix`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import LockstepError
from lockstep.locks import pdm
from lockstep.locks.uv_settings import Settings
from lockstep.manifest import Manifest, inside, join
from lockstep.project.discovery import Discovery
from lockstep.text.toml import Document


def above(discovery: Discovery, name: str, path: str) -> tuple[str, str, str] | None:
    """Give the tool, the manifest beside a lock, and that of the workspace above whose lock the tool reads in place of this one."""
    folder, _, file = path.rpartition("/")
    match name:
        case "uv_lock":
            found, tool = _uv_workspace(discovery, folder), "uv"
        case "pdm_lock":
            found, tool = next(((one for one in _parents(folder) if folder in pdm_members(discovery, one))), None), "pdm"
        case "package_lock" if file == "package-lock.json":  # a package ships its npm-shrinkwrap.json
            found, tool = next(((one for one in _parents(folder) if folder in _npm_members(discovery, one))), None), "npm"
        case _:
            return None
    manifest = "package.json" if tool == "npm" else "pyproject.toml"
    if found is None or inside(folder, manifest) not in discovery.manifests:
        return None
    return tool, inside(folder, manifest), inside(found, manifest)


def _parents(folder: str) -> Iterator[str]:
    """Give the folders above one, the nearest first."""
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _uv_workspace(discovery: Discovery, folder: str) -> str | None:
    """Give the workspace above a folder that uv takes it for a member of; a project on the way ends the search."""
    own = _manifest(discovery, folder, "pyproject.toml")
    if own is None or own.workspace is not None:
        return None
    for parent in _parents(folder):
        manifest = _manifest(discovery, parent, "pyproject.toml")
        document = manifest.document if manifest is not None else None
        if manifest is None or document is None:
            continue
        if manifest.workspace is not None:
            return parent if inside(folder, "pyproject.toml") in uv_members(discovery, parent) else None
        if "project" in document.data or document.table("tool", "uv").get("managed") is False:
            return None
    return None


def uv_members(discovery: Discovery, here: str) -> list[str]:
    """Give the manifests of a uv project or workspace."""
    manifest = _manifest(discovery, here, "pyproject.toml")
    workspace = manifest.workspace if manifest is not None else None
    found = {manifest.source.path: None} if manifest is not None else {}
    excluded = {path for one in (workspace.exclude if workspace else ()) for path in _named(discovery, here, one, "pyproject.toml")}
    for member, _ in workspace.members if workspace else ():
        found |= dict.fromkeys(path for path in _named(discovery, here, member, "pyproject.toml") if path not in excluded)
    return list(found)


def uv_settings(discovery: Discovery, here: str) -> Settings:
    """Give the settings of uv that count in a folder: the first that there are, upwards, and `uv.toml` before what stands beside it.

    Source: https://docs.astral.sh/uv/concepts/configuration-files/; uv's crates/uv-settings/src/lib.rs, `FilesystemOptions::find`.
    """
    for folder in (here, *_parents(here)):
        if discovery.tree.has(path := inside(folder, "uv.toml")):
            try:
                return Settings(Document(path, discovery.source(path).text).data, folder == here)
            except LockstepError as error:
                error.path = error.path or path
                if all(str(one) != str(error) for one in discovery.errors):  # several locks may lie below it
                    discovery.errors.append(error)
                return Settings({}, beside=False)
        manifest = _manifest(discovery, folder, "pyproject.toml")
        if manifest is not None and manifest.document is not None and "uv" in manifest.document.table("tool"):
            return Settings(manifest.document.table("tool", "uv"), folder == here)
    return Settings({}, beside=True)


def pdm_members(discovery: Discovery, here: str) -> list[str]:
    """Give the folders of the members of a PDM workspace."""
    manifest = _manifest(discovery, here, "pyproject.toml")
    globs = pdm.workspace(manifest.document.data) if manifest is not None and manifest.document is not None else None
    return sorted({path.rpartition("/")[0] for one in globs or () for path in _named(discovery, here, one, "pyproject.toml")})


def _npm_members(discovery: Discovery, here: str) -> set[str]:
    """Give the folders of an npm workspace: of two globs about the same folder, the later counts."""
    manifest = _manifest(discovery, here, "package.json")
    found: set[str] = set()
    for glob, _ in manifest.workspace.members if manifest is not None and manifest.workspace is not None else ():
        folders = {path.rpartition("/")[0] for path in _named(discovery, here, glob.lstrip("!"), "package.json")}
        found = found - folders if glob.startswith("!") else found | folders
    return found


def _named(discovery: Discovery, here: str, glob: str, name: str) -> tuple[str, ...]:
    """Give the manifests that a glob of a workspace names."""
    folder = join(here, glob)
    return () if folder is None else tuple(discovery.tree.paths(inside(folder, name)))


def _manifest(discovery: Discovery, folder: str, name: str) -> Manifest | None:
    entry = discovery.manifests.get(inside(folder, name))
    return entry[1] if entry is not None else None
