"""package.json: an npm package, its workspaces, and requirements on packages that stand beside it.

Source: https://docs.npmjs.com/cli/configuring-npm/package-json
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.npm_tables import requirements
from lockstep.manifest import Declared, Here, Manifest, Mention, Scope, Source, Stated, Unwritten, Workspace
from lockstep.model import Ecosystem, Role
from lockstep.text.json import Member, load
from lockstep.text.toml import strings
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.NPM
FILES = ("**/package.json",)


def read(source: Source) -> Manifest:
    """Read one package.json.

    Raises: ManifestError when it is no JSON object.
    """
    found = load(source.path, source.text)
    mentions: list[Mention] = []
    return Manifest(
        source=source,
        declared=tuple(_declared(found, mentions)),
        workspace=_workspace(found),
        mentions=(*mentions, *requirements(source.text, found)),
    )


def _declared(found: dict[str, Member], mentions: list[Mention]) -> Iterator[Declared]:
    name, version, private = found.get("name"), found.get("version"), found.get("private")
    if name is None or not isinstance(name.value, str):
        return
    stated: Stated = Unwritten(why="package.json states no version")
    if version is not None and isinstance(version.value, str):
        text = version.value
        stated = Mention(key="version", start=version.start, text=text, role=Role.OWN, spelling=Spelling.SEMVER, owner=Here())
        mentions.append(stated)
    yield Declared(name=name.value, ecosystem=ECOSYSTEM, version=stated, publish=False if private is not None and private.value is True else None)


def _workspace(found: dict[str, Member]) -> Workspace | None:
    member = found.get("workspaces")
    if member is None:
        return None
    globs = member.value.get("packages") if isinstance(member.value, dict) else member.value
    return Workspace(members=tuple((glob, member.at) for glob in strings(globs)), manifest="package.json")
