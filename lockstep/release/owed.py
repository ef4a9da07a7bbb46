"""Which files a release owes, as far as manifests and its workflow tell for certain, and which file is one of them.

A file is `owed` where somebody says for certain that the release has it, `foreign` where nobody does and all files of its package are told, or its package
is none of the release; in between it is `untold`: it is neither missed nor refused for what it is.

Sources: https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/, https://doc.rust-lang.org/cargo/commands/cargo-package.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from lockstep.dataclass import dataclass, field
from lockstep.release.built_file import BuiltFile, compared, named_file
from lockstep.release.candidate import ArtifactKind, Beside, Candidate, Registry
from lockstep.release.served import ServedFile

_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64", "armv7l": "armv7"}
_PLATFORM = re.compile(r"(?P<system>manylinux|musllinux|linux|macosx|win|ios|android)\d*(?:_\d+)*_(?P<architecture>[a-z]\w*?)(?:_iphone\w+)?")


class Standing(StrEnum):
    """What a file is to a release."""

    OWED = "owed"
    """The manifests or the workflow name it, and are held to it."""
    UNTOLD = "untold"
    """It is of a package of the release, and nobody says which files that has."""
    FOREIGN = "foreign"
    """It is of no package of the release, or all files of its package are told, and it is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFile:
    """A file that a package (its id) owes. Of a wheel: interpreter (`cp311`), ABI (`abi3`), system and architecture, "" for what is not told.

    `place` is what says so (`path:line`).
    """

    package: str
    registry: Registry
    name: str
    kind: ArtifactKind
    place: str
    interpreter: str = ""
    abi: str = ""
    system: str = ""
    architecture: str = ""

    @property
    def is_told(self) -> bool:
        """Whether it is known which file it is: of a wheel all of its tags but the least version of the system."""
        return self.kind is not ArtifactKind.WHEEL or all((self.interpreter, self.abi, self.system))

    @property
    def is_one(self) -> bool:
        """Whether it stands for one file, as far as is known: a wheel whose Python, system or architecture is not told may stand for several."""
        return self.is_told and (self.kind is not ArtifactKind.WHEEL or self.system == "any" or bool(self.architecture))

    @property
    def key(self) -> tuple[Registry, str]:
        """The package as its registry compares names."""
        return self.registry, compared(self.registry, self.name)

    def __str__(self) -> str:
        if self.kind is not ArtifactKind.WHEEL:
            return {ArtifactKind.CRATE: "crate", ArtifactKind.SDIST: "sdist", ArtifactKind.NPM: "npm tarball"}.get(self.kind, str(self.kind))
        python = "-".join(filter(None, (self.interpreter, self.abi)))
        where = " ".join(filter(None, (self.system if self.system != "any" else "every platform", self.architecture)))
        return f"wheel {python or 'for a Python that is not told'}, {where or 'for a platform that is not told'}"

    def may_be(self, other: OwedFile) -> bool:
        """Say whether another one may stand for the same file: they differ in nothing that is told of both."""
        mine, theirs = ((one.interpreter, one.abi, one.system, one.architecture) for one in (self, other))
        return (self.kind, self.key) == (other.kind, other.key) and all(a == b or not (a and b) for a, b in zip(mine, theirs, strict=True))

    def is_met_by(self, file: BuiltFile) -> bool:
        """Say whether a built file is the one that is owed."""
        if file.kind is not self.kind or file.key != self.key:
            return False
        return self.kind is not ArtifactKind.WHEEL or any(self._has(tag) for tag in file.tags)

    def _has(self, tag: str) -> bool:
        interpreter, abi, platform = tag.split("-")
        system, architecture = platform_of(platform)
        wanted = ((self.interpreter, interpreter), (self.abi, abi), (self.system, system), (self.architecture, architecture))
        return all(said in ("", found) for said, found in wanted)


def platform_of(tag: str) -> tuple[str, str]:
    """Give system and architecture of a platform tag; `any` for every system."""
    if tag in ("any", "win32"):
        return ("windows", "i686") if tag == "win32" else ("any", "")
    found = _PLATFORM.fullmatch(tag)
    if found is None:
        return tag, ""
    system = {"manylinux": "linux", "macosx": "macos", "win": "windows"}.get(found["system"], found["system"])
    return system, _ARCHITECTURES.get(found["architecture"], found["architecture"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What is not known of the files of a package, and why: `{}` in the reason is `where`, a job with its place."""

    package: str
    what: str
    reason: str
    where: str = ""

    @property
    def why(self) -> str:
        """The reason, with the place."""
        return self.reason.replace("{}", self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A job that publishes to a registry, and its environment: "" where it has none, None where an expression decides."""

    registry: Registry
    job: str
    environment: str | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPackage:
    """A package that a job publishes from a folder whose manifest a step before writes: git has none. `beside` is the package (its id) it lies in, if any."""

    registry: Registry
    folder: str
    beside: str
    job: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """The files that a release owes, what is not told of them, and the environments in which it is published.

    `packages` are the ids of all that are published, by registry and name as it is compared there. `built` is published too, and no plan knows its files.
    """

    files: tuple[OwedFile, ...] = ()
    untold: tuple[Untold, ...] = ()
    approvals: tuple[Approval, ...] = ()
    packages: Mapping[tuple[Registry, str], str] = field(default_factory=dict)
    built: tuple[BuiltPackage, ...] = ()

    def least(self, package: str, kind: ArtifactKind) -> int:
        """Give how many files of a kind a package owes at least: those of which no two may be the same."""
        mine = [one for one in self.files if one.package == package and one.kind is kind]
        found: list[OwedFile] = []
        for one in sorted(mine, key=lambda one: sum(map(one.may_be, mine))):
            if not any(map(one.may_be, found)):
                found.append(one)
        return len(found)

    @property
    def open(self) -> frozenset[str]:
        """The packages of which not all files are told, by their ids."""
        return frozenset({one.package for one in self.untold} | {one.package for one in self.files if not one.is_told})

    def standing(self, file: BuiltFile) -> Standing:
        """Say what a file is to the release."""
        return standing(file, self.files, {key: id_ in self.open for key, id_ in self.packages.items()})

    def told(self, file: BuiltFile) -> tuple[OwedFile, ...]:
        """Give the files of a file's package, where all are told."""
        mine = tuple(one for one in self.files if one.key == file.key)
        return () if self.packages.get(file.key) in self.open else mine


def standing(file: BuiltFile, files: Iterable[OwedFile], packages: Mapping[tuple[Registry, str], bool]) -> Standing:
    """Say what a file is to a release of `packages`, of which True stands for those whose files are not all told."""
    if file.key not in packages:
        return Standing.FOREIGN
    if any(one.is_told and one.is_met_by(file) for one in files):
        return Standing.OWED
    return Standing.UNTOLD if packages[file.key] else Standing.FOREIGN


def beside(owing: Owing, files: Iterable[BuiltFile]) -> tuple[Beside, ...]:
    """Give what of the release may be beside a part of it that has `files`."""
    built = tuple(files)
    left = [one for one in owing.files if not any(one.is_met_by(file) for file in built)]
    told = [
        Beside(
            registry=one.registry, package=one.name, kind=one.kind, interpreter=one.interpreter, abi=one.abi, system=one.system, architecture=one.architecture
        )
        for one in left
    ]
    untold = [Beside(registry=registry, package=name) for (registry, name), id_ in owing.packages.items() if id_ in owing.open]
    return tuple(dict.fromkeys((*told, *untold)))


def standing_beside(candidate: Candidate, name: str) -> Standing:
    """Say what a file is, by its name, that a candidate does not have: beside a whole release there is none but a foreign one."""
    file = named_file(name)
    if candidate.beside is None or file is None:
        return Standing.FOREIGN
    files = [
        OwedFile(
            package="",
            registry=one.registry,
            name=one.package,
            kind=one.kind,
            place="",
            interpreter=one.interpreter,
            abi=one.abi,
            system=one.system,
            architecture=one.architecture,
        )
        for one in candidate.beside
        if one.kind is not None
    ]
    packages = dict.fromkeys((one.key for one in files), False) | {
        (one.registry, compared(one.registry, one.package)): True for one in candidate.beside if one.kind is None
    }
    return standing(file, files, packages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The files of a release together: those that are there, those that are owed, and those that registries own already.

    `packages` are name and manifest of all that are published, by registry and name. A `partial` one has a part of the files: nobody asks it for the others,
    and what is owed or untold may be beside it.
    """

    owing: Owing
    files: tuple[BuiltFile, ...]
    packages: Mapping[tuple[Registry, str], tuple[str, str]]
    served: tuple[ServedFile, ...] = ()
    partial: bool = False

    @property
    def missing(self) -> tuple[OwedFile, ...]:
        """What is owed, and was not built, of packages of which something was."""
        there = {file.key for file in self.files}
        return tuple(one for one in self.owing.files if one.key in there and not any(one.is_met_by(file) for file in self.files))

    def standing(self, one: ServedFile) -> Standing:
        """Say what a file is to the release that a registry has, and that was not built."""
        file = named_file(one.name)
        return Standing.FOREIGN if file is None else self.owing.standing(file)
