"""The nouns: what a repository holds, what is written where, what is wrong, what would change.

All are frozen data: no method reads, writes or prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from lockstep.dataclass import dataclass, field, replace
from lockstep.versions.version import Spelling, Version


class Ecosystem(StrEnum):
    """Where a package is published."""

    CARGO = "cargo"
    PYTHON = "python"
    NPM = "npm"


class Role(StrEnum):
    """What a site claims."""

    OWN = "own"  # this package is at this version
    REQUIREMENT = "requirement"  # a sibling is needed at this version
    LOCK = "lock"  # a lock says that the package is at this version
    MIRROR = "mirror"  # a copy for readers: __version__, a README snippet, a C macro
    NOTES = "notes"  # the section of a changelog that becomes this version's; planned, never found


class Level(StrEnum):
    """How serious a finding is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def is_below(level: str, least: str) -> bool:
    """Say whether a level is less serious than another."""
    order = [str(one) for one in Level]
    return order.index(level) > order.index(least)


class Requires(StrEnum):
    """The version step that a change asks for."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


class Confidence(StrEnum):
    """How sure a finding is."""

    CERTAIN = "certain"
    REVIEW = "review"
    BLIND = "blind"


class Outcome(StrEnum):
    """What a gate answers."""

    PASS = "pass"  # noqa: S105 - no password
    SKIP = "skip"  # the question does not arise: no stable release
    REFUSED = "refused"
    UNSEEN = "unseen"  # nothing is wrong, but something that matters could not be seen


class Policy(StrEnum):
    """What a release tag must be."""

    ANY = "any"
    ANNOTATED = "annotated"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: a POSIX path below the root, a 1-based line and a 1-based column in characters."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Something the repository ships, or keeps to itself, under a name and a version.

    `root` is the folder of its manifest ("" is the repository's root). `publish` is None where the manifest does not say.
    `group` is the name of the group it moves with, None for an outsider; `why` is the reason for either, in words. The version of a `tagged` one comes from
    git's tags.
    """

    name: str
    ecosystem: Ecosystem
    root: str
    manifest: str
    version: Version | None
    publish: bool | None = None
    group: str | None = None
    why: str = ""
    tagged: bool = False

    @property
    def id(self) -> str:
        """Name the package for people: two packages may share a name, not ecosystem and place."""
        return f"{self.ecosystem}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Packages that move together; `version` is None when nobody in it has one, `basis` says why it is a group."""

    name: str
    version: Version | None
    basis: str
    packages: tuple[Package, ...]

    def version_of(self, package: Package, version: Version) -> Version:
        """Give a version of the group as one of its packages has it: with its own build metadata, where that is of what it alone wraps.

        One package may have a post-release that the others have not: Cargo and npm cannot even spell it.
        """
        own = package.version
        if own is not None and own != self.version and own.final and version.final and own.padded(3) == version.padded(3):
            return own
        if own is None or not own.wraps or version.build or (self.version is not None and self.version.build):
            return version
        return own if own == version else replace(version, build=own.build, text="")

    @property
    def names(self) -> tuple[str, ...]:
        """What a release tag may call it: the group, or one of its packages."""
        return (self.name, *(package.name for package in self.packages))


LEARNED = "learned"
"""The key of a site that no format knows, and the last bump taught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One place where a version is written.

    `start` counts characters from 0 in the decoded file, `line` and `column` from 1; `text` is exactly what stands there.
    `package` is whose version it is; `why` says how that is known. What `installs` stays with the last release when a pre-release follows.
    Of a `weak` one it is not sure that it moves: it is named, and left alone. Beside a `dated` one stands a day that moves with it.
    That a `kept` one was left behind only history tells. What `awaits` a release says the one that is to come, and is no drift.
    """

    path: str
    key: str
    start: int
    text: str
    line: int
    column: int
    role: Role
    spelling: Spelling
    package: Package
    why: str = ""
    installs: bool = False
    weak: bool = False
    dated: bool = False
    kept: bool = False
    awaits: bool = False

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(path=self.path, line=self.line, column=self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Write `new` where `site` stands; it is refused if the file says anything but `site.text` there."""

    site: Site
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be written, in words and as edits: the dry run prints it, the real run applies it."""

    title: str
    group: str
    old: Version
    new: Version
    edits: tuple[Edit, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that the plan writes, sorted, each once."""
        return tuple(sorted({edit.site.path for edit in self.edits}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What to record: the commit's message, the tag's name ("" for none), and whether both are signed."""

    message: str
    tag: str = ""
    commit: bool = True
    sign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded: the commit's id and the tag's name, None where none was wanted.

    `locks` are files of git's that appeared meanwhile, stand still, and may be of another git.
    """

    commit: str | None
    tag: str | None
    locks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a person should know or mend: the fault's name, the place, what is and should be, and the next step.

    `instead` is what the author of a deprecated symbol says to use in its place, "" for nothing.
    """

    rule: str
    level: Level
    place: Place
    message: str
    help: str
    requires: Requires | None = None
    confidence: Confidence = Confidence.CERTAIN
    surface: str | None = None
    package: str | None = None
    symbol: str | None = None
    old: str | None = None
    new: str | None = None
    witness: str | None = None
    lint: str | None = None
    instead: str = ""


Evidence = TypeVar("Evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Evidence]):
    """One question to evidence. `doc` is the module's docstring: What it does, Why, Example, Source.

    `basic` is the level about a workflow that does not promise what a hardened release does, where that is a lower one.
    """

    id: str
    level: Level
    since: str
    doc: str
    check: Callable[[Evidence], Iterable[Finding]] = field(repr=False)
    requires: Requires | None = None
    basic: Level | None = None
