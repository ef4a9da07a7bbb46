"""What a file says, before anyone knows whose versions they are.

A format reads one text and gives a `Manifest`: what it declares, where versions stand in it, and whom each of them names.
`project` joins these across files; a format never sees a second file.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from lockstep.dataclass import dataclass, field
from lockstep.model import Ecosystem, Finding, Level, Place, Role
from lockstep.text.cargo_lock import CargoLock
from lockstep.text.toml import Document, Key, Lines
from lockstep.versions.version import Spelling


class Source:
    """One file as a format reads it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._lines: Lines | None = None

    @property
    def folder(self) -> str:
        """The folder that holds the file; "" is the root."""
        return self.path.rpartition("/")[0]

    def at(self, offset: int) -> tuple[int, int]:
        """Give (line, column), both from 1, of a 0-based offset."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines.at(offset)

    def place(self, offset: int) -> Place:
        """Give the place of a 0-based offset."""
        line, column = self.at(offset)
        return Place(path=self.path, line=line, column=column)


@dataclass(frozen=True, slots=True)
class Here:
    """The package that this file declares, or, in a file that declares none, the one that points to it."""


@dataclass(frozen=True, slots=True)
class Inheritors:
    """The members that inherit this workspace's version."""


@dataclass(frozen=True, slots=True)
class At:
    """The package whose manifest lies in `folder`: a path dependency; `name` is what the dependency calls it."""

    folder: str
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """One of our packages, known by its name alone."""

    ecosystem: Ecosystem
    name: str


@dataclass(frozen=True, slots=True)
class Kin:
    """A package of another ecosystem, which calls itself `name`: ours if it moves with one of ours, as `lockstep.project.kinship` knows.

    One that is named like ours, or stands `beside` ours, need not have moved yet; one without a name, and not to be judged by its place, must.
    """

    name: str
    beside: bool = True


@dataclass(frozen=True, slots=True)
class Tagged:
    """The repository at `slug`, `owner/name`, which the mention is a tag of: the version is that of what the repository releases first."""

    slug: str


Owner: TypeAlias = Here | Inheritors | At | Named | Kin | Tagged


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A version in a text, and whom it names. `start` counts characters from 0.

    A `weak` mention is a site only while it says the package's version: its shape alone proves nothing. `whole` is the version that
    several mentions say together, where one alone is only a number of it. A `kept` mention is one that a project keeps up to date: if it said
    the version of the last release at that release, it is a site whatever it says now. What `installs` tells readers to install a release: no
    pre-release moves it. What `awaits` a release says the one that is to come, as `1.3.0-SNAPSHOT` does: it is no drift, and the release moves it.
    `home` is the folder of the package that makes a requirement, where that is not the file's own: a lock speaks for many.
    """

    key: str
    start: int
    text: str
    role: Role
    spelling: Spelling
    owner: Owner
    why: str = ""
    weak: bool = False
    whole: str = ""
    kept: bool = False
    installs: bool = False
    awaits: bool = False
    home: str | None = None


def mention_at(document: Document, key: Key, owner: Owner, spelling: Spelling, role: Role = Role.OWN, why: str = "") -> Mention:
    """Give the mention that is a text value of a TOML file; the value must be there."""
    span = document.span(*key)
    assert span is not None, key
    text = document.text[span.start : span.end]
    return Mention(key=".".join(map(str, key)), start=span.start, text=text, role=role, spelling=spelling, owner=owner, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """The version is the workspace's."""

    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The version is read from another file when the package is built.

    `paths` are the files that may be it, first come first served; `reader` is the format that knows it, "" for what the file's name says.

    `attribute` names the variable there.
    """

    paths: tuple[str, ...]
    reader: str
    attribute: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """The version stands nowhere in the repository: it comes from git's tags (`tagged`), a build task, or there is none; `why` says which."""

    why: str
    tagged: bool = False


Stated: TypeAlias = Mention | Inherited | Derived | Unwritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A package that a file declares. `publish` is None where the file does not say; without a `name`, that of the package in `named_in` is its name.

    With `inherits_publish`, the workspace says whether it is published.
    """

    name: str
    ecosystem: Ecosystem
    version: Stated
    named_in: str = ""
    publish: bool | None = None
    inherits_publish: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Packages that one manifest gathers: globs relative to its folder, each with its offset in the file."""

    members: tuple[tuple[str, int], ...]
    exclude: tuple[str, ...] = ()
    manifest: str = "Cargo.toml"
    publish: bool | None = None
    """What `[workspace.package]` says to members that inherit it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathDependency:
    """A folder that a manifest needs a package in. `start` is the offset of the path in the file.

    `offered` is the name under which the members of a workspace may inherit it; the workspace itself needs it no more than they do.
    """

    name: str
    folder: str
    start: int
    offered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that one file says."""

    source: Source
    declared: tuple[Declared, ...] = ()
    workspace: Workspace | None = None
    paths: tuple[PathDependency, ...] = ()
    mentions: tuple[Mention, ...] = ()
    faults: tuple[Finding, ...] = ()
    document: Document | None = field(default=None, repr=False)
    """The parsed text of a manifest, for those who compare it with a lock."""
    lock: CargoLock | None = field(default=None, repr=False)
    stated: Stated | None = None
    """How a script states its version, by name or not: another manifest may name the package."""


class Scope(StrEnum):
    """Where a format looks for its files."""

    TREE = "tree"  # anywhere in the repository: the file says itself whose it is
    MODULE = "module"  # in a Python import package that a package ships
    TEXT = "text"  # in the folder of a package and in the root: read when the groups are known, for such a file proves nothing by itself
    TARGET = "target"  # nowhere: only where a manifest points to it


@dataclass(slots=True)
class Faults:
    """Gathers what is wrong in one file, so that one run lists it all."""

    source: Source
    found: list[Finding] = field(default_factory=list)

    def add(self, rule: str, offset: int, message: str, help: str, level: Level = Level.ERROR) -> None:  # noqa: A002 - the report's word
        """Note one fault at a 0-based offset."""
        self.found.append(Finding(rule=rule, level=level, place=self.source.place(offset), message=message, help=help))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.found)


def is_below(path: str, folders: Container[str]) -> bool:
    """Say whether a path lies in one of some folders."""
    return any(char == "/" and path[:at] in folders for at, char in enumerate(path))


@lru_cache(maxsize=2**16)
def join(folder: str, path: str) -> str | None:
    """Resolve a POSIX path of a file in `folder`; None when it leads out of the repository."""
    parts = folder.split("/") if folder else []
    if path.startswith(("/", "\\")) or path[1:2] == ":":
        return None
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def inside(folder: str, name: str) -> str:
    """Give the path of `name` in `folder`."""
    return f"{folder}/{name}" if folder else name
