"""package-lock.json: the root package, the workspaces that it links, and what they require of each other.

Only entries for folders of the repository are sites; everything below node_modules is somebody else's.

Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.npm_tables import requirements
from lockstep.manifest import At, Manifest, Mention, Scope, Source, join
from lockstep.model import Ecosystem, Role
from lockstep.text.json import Member, load, members
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.NPM
FILES = ("**/package-lock.json", "**/npm-shrinkwrap.json")


def read(source: Source) -> Manifest:
    """Find the entries of our own packages.

    Raises: ManifestError when the file is no JSON object.
    """
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    found = load(source.path, source.text)
    if (version := _version(found)) is not None:
        yield _lock("version", version, source.folder)
    packages = found.get("packages")
    if packages is None or not isinstance(packages.value, dict):
        return
    for entry in members(source.text, packages.start):
        folder = join(source.folder, entry.key)
        if folder is None or "node_modules" in entry.key.split("/") or not isinstance(entry.value, dict):
            continue
        inner = {member.key: member for member in members(source.text, entry.start)}
        if (version := _version(inner)) is not None:
            yield _lock(f"packages.{entry.key or '.'}.version", version, folder)
        yield from requirements(source.text, inner, f"packages.{entry.key or '.'}.", Role.LOCK, home=folder)


def _version(found: dict[str, Member]) -> Member | None:
    member = found.get("version")
    return member if member is not None and isinstance(member.value, str) else None


def _lock(key: str, member: Member, folder: str) -> Mention:
    return Mention(
        key=key,
        start=member.start,
        text=str(member.value),
        role=Role.LOCK,
        spelling=Spelling.SEMVER,
        owner=At(folder, ""),
        why="lock entry of a folder of this repository",
    )
