"""package.json: an npm package, its workspaces, and requirements on packages that stand beside it.

Source: https://docs.npmjs.com/cli/configuring-npm/package-json
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.formats.npm_tables import requirements
from lockstep.manifest import Declared, Here, Manifest, Mention, Scope, Source, Stated, Unwritten, Workspace
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.text.json import Member, load
from lockstep.text.toml import strings
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.NPM
FILES = ("**/package.json",)


_PLATFORM = pattern(r"(?:aix|android|darwin|freebsd|linux|macos|netbsd|openbsd|openharmony|sunos|wasm32|wasm|wasi|win32|windows)(?:-|$)")
"""How the names of builds go on: https://nodejs.org/api/process.html#processplatform."""


def read(source: Source) -> Manifest:
    """Read one package.json.

    Raises: ManifestError when it is no JSON object.
    """
    found = load(source.path, source.text)
    mentions: list[Mention] = []
    declared = tuple(_declared(found, mentions))
    asked = _with_platforms(declared[0].name, mentions[0].text, [*requirements(source.text, found)]) if mentions else requirements(source.text, found)
    return Manifest(source=source, declared=declared, workspace=_workspace(found), mentions=(*mentions, *asked))


def _with_platforms(name: str, version: str, asked: list[Mention]) -> Iterator[Mention]:
    """Give requirements, those on the package's own builds for platforms as its own: `spam-linux-x64` of `spam`, of the very same version.

    They are published with it, and nothing in the repository need declare them.
    """
    builds = [one for one in asked if one.key.startswith("optionalDependencies.") and _is_build(one.key.partition(".")[2], name)]
    of_it = any(one.text == version for one in builds)
    for one in asked:
        is_exact = one in builds and one.text[:1].isdigit()
        yield replace(one, owner=Here(), why="the package's own build for a platform") if of_it and is_exact else one


def _is_build(wanted: str, name: str) -> bool:
    """Say whether a name is that of a package followed by a platform, in its scope or one called like it."""
    bare = name.rpartition("/")[2]
    return _PLATFORM.match(wanted.removeprefix(f"{name}-").removeprefix(f"@{bare}/{bare}-").removeprefix(f"@{bare}/")) is not None


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
