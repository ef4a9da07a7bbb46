"""npm's dependency tables, which package.json and its lock share."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.manifest import Mention, Named
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.text.json import Member, members
from lockstep.versions.version import Spelling

KINDS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_RANGE = pattern(r"(?:workspace:)?[\^~=<>v]*\s*[0-9].*")


def states_version(requirement: str) -> bool:
    """Say whether a requirement is by version: links, paths and URLs state none."""
    return _RANGE.fullmatch(requirement) is not None


def requirements(text: str, found: dict[str, Member], prefix: str = "", role: Role = Role.REQUIREMENT, *, home: str | None = None) -> Iterator[Mention]:
    """Give the requirements by version of an object with npm's dependency tables; links, paths and URLs state none."""
    for kind in KINDS:
        table = found.get(kind)
        if table is None or not isinstance(table.value, dict):
            continue
        for one in members(text, table.start):
            if isinstance(one.value, str) and states_version(one.value) and text[one.start : one.end] == one.value:
                yield Mention(
                    key=f"{prefix}{kind}.{one.key}",
                    start=one.start,
                    text=one.value,
                    role=role,
                    spelling=Spelling.NPM_RANGE,
                    owner=Named(Ecosystem.NPM, one.key),
                    why="requirement on a package of this repository",
                    home=home,
                )
