"""Which files a release owes, as far as manifests and its workflow tell for certain, and which built file is one of them.

Sources: https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/, https://doc.rust-lang.org/cargo/commands/cargo-package.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.release.built_file import BuiltFile, compared
from lockstep.release.candidate import ArtifactKind, Registry
from lockstep.release.served import ServedFile

_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64", "armv7l": "armv7"}
_PLATFORM = re.compile(r"(?P<system>manylinux|musllinux|linux|macosx|win|ios|android)\d*(?:_\d+)*_(?P<architecture>[a-z]\w*?)(?:_iphone\w+)?")


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
    def key(self) -> tuple[Registry, str]:
        """The package as its registry compares names."""
        return self.registry, compared(self.registry, self.name)

    def __str__(self) -> str:
        if self.kind is not ArtifactKind.WHEEL:
            return {ArtifactKind.CRATE: "crate", ArtifactKind.SDIST: "sdist", ArtifactKind.NPM: "npm tarball"}.get(self.kind, str(self.kind))
        python = "-".join(filter(None, (self.interpreter, self.abi)))
        where = " ".join(filter(None, (self.system if self.system != "any" else "every platform", self.architecture)))
        return f"wheel {python or 'for a Python that is not told'}, {where or 'for a platform that is not told'}"

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
    """What is not known of the files of a package, and why."""

    package: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A job that publishes to a registry, and its environment: "" where it has none, None where an expression decides."""

    registry: Registry
    job: str
    environment: str | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """The files that a release owes, what is not told of them, and the environments in which it is published."""

    files: tuple[OwedFile, ...] = ()
    untold: tuple[Untold, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def told(self) -> Mapping[tuple[Registry, str], tuple[OwedFile, ...]]:
        """The files of the packages of which all are told, by registry and name."""
        silent = {one.package for one in self.untold} | {one.package for one in self.files if not one.is_told}
        found: dict[tuple[Registry, str], tuple[OwedFile, ...]] = {}
        for one in self.files:
            if one.package not in silent:
                found[one.key] = (*found.get(one.key, ()), one)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """The files of a release together: those that are there, those that are owed, and those that registries own already.

    `packages` are name and manifest of all that are published, by registry and name. Of a `partial` one nobody asks for what is missing, or is beside it.
    """

    owed: tuple[OwedFile, ...]
    files: tuple[BuiltFile, ...]
    packages: Mapping[tuple[Registry, str], tuple[str, str]]
    served: tuple[ServedFile, ...] = ()
    partial: bool = False

    @property
    def missing(self) -> tuple[OwedFile, ...]:
        """What is owed, and was not built, of packages of which something was."""
        there = {file.key for file in self.files}
        return tuple(one for one in self.owed if one.key in there and not any(one.is_met_by(file) for file in self.files))
