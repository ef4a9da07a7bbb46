"""A file that was built for a release, as its own contents tell of it: a crate, a wheel, an sdist, an npm tarball.

Sources: https://packaging.python.org/en/latest/specifications/, https://doc.rust-lang.org/cargo/commands/cargo-package.html,
https://docs.npmjs.com/cli/commands/npm-pack
"""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from typing import Any

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, canonicalize_name, parse_sdist_filename, parse_wheel_filename

from lockstep.dataclass import dataclass, field
from lockstep.release.candidate import Artifact, ArtifactKind, Origin, Registry

WANTED = (
    ".dist-info/METADATA",
    ".dist-info/WHEEL",
    ".dist-info/RECORD",
    ".dist-info/entry_points.txt",
    "/PKG-INFO",
    "/Cargo.toml",
    "/.cargo_vcs_info.json",
    "/package.json",
)
"""Ends of the paths of members whose content says something about the release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMember:
    """One member of an archive: its path, size in bytes and kind (`file`, `folder`, `link`, `other`); `sha256` of a file."""

    path: str
    size: int
    kind: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFile:
    """What a file tells of itself. `path` is where it lies, `name` its file's name; `package` and `version` are those of its metadata, empty where it has none.

    `stated` are name and version as the file's name says them. `metadata` are the headers of a Python distribution by their names in lower case,
    `manifest` is the Cargo.toml of a crate or the package.json of npm. `commit` is that of which a crate says that it was packed, `dirty` whether of changes.
    """

    path: str
    name: str
    kind: ArtifactKind
    registry: Registry
    size: int
    sha256: str
    sha512: bytes
    members: tuple[FileMember, ...]
    texts: Mapping[str, bytes] = field(repr=False)
    package: str = ""
    version: str = ""
    stated: tuple[str, str] = ("", "")
    tags: frozenset[str] = frozenset()
    metadata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict, repr=False)
    commit: str | None = None
    dirty: bool = False
    faults: tuple[str, ...] = ()
    """What of its metadata cannot be read, a sentence each."""

    @property
    def key(self) -> tuple[Registry, str]:
        """The package by which it is known at its registry, in the spelling by which names are compared there."""
        return self.registry, compared(self.registry, self.package or self.stated[0])

    def info(self, name: str) -> str | None:
        """Give the path of a file in a wheel's own `.dist-info`; what is vendored has another, further inside."""
        return min((one for one in self.texts if one.count("/") == 1 and one.endswith(f".dist-info/{name}")), default=None)

    def artifact(self, needs: Sequence[str] = (), origin: Origin = Origin.BUILT) -> Artifact:
        """Give it as a part of a candidate."""
        integrity = f"sha512-{base64.b64encode(self.sha512).decode('ascii')}" if self.registry is Registry.NPM else ""
        return Artifact(
            registry=self.registry,
            package=self.package,
            version=self.version,
            name=self.name,
            kind=self.kind,
            size=self.size,
            sha256=self.sha256,
            integrity=integrity,
            needs=tuple(needs),
            origin=origin,
        )


def compared(registry: Registry, name: str) -> str:
    """Write a package's name as its registry compares names."""
    if registry is Registry.PYPI:
        return canonicalize_name(name)
    return name.replace("-", "_").lower() if registry is Registry.CRATES_IO else name


def kind_of(name: str) -> ArtifactKind | None:
    """Say what a file is by its name; None for what is no package."""
    if name.endswith(".whl"):
        return ArtifactKind.WHEEL
    if name.endswith(".crate"):
        return ArtifactKind.CRATE
    if name.endswith(".tar.gz"):
        return ArtifactKind.SDIST
    return ArtifactKind.NPM if name.endswith(".tgz") else None


REGISTRIES = {
    ArtifactKind.CRATE: Registry.CRATES_IO,
    ArtifactKind.WHEEL: Registry.PYPI,
    ArtifactKind.SDIST: Registry.PYPI,
    ArtifactKind.NPM: Registry.NPM,
    ArtifactKind.ASSET: Registry.GITHUB,
}
"""Where files of a kind go."""


def built_file(
    path: str, name: str, kind: ArtifactKind, *, size: int, sha256: str, sha512: bytes, members: Sequence[FileMember], texts: Mapping[str, bytes]
) -> BuiltFile:
    """Read what a file tells of itself, from its members and the texts among them; what cannot be read is one of its faults."""
    read = {ArtifactKind.WHEEL: _wheel, ArtifactKind.SDIST: _sdist, ArtifactKind.CRATE: _crate, ArtifactKind.NPM: _npm}[kind]
    faults: list[str] = []
    told = read(name, texts, faults)
    return BuiltFile(
        path=path,
        name=name,
        kind=kind,
        registry=REGISTRIES[kind],
        size=size,
        sha256=sha256,
        sha512=sha512,
        members=tuple(members),
        texts=texts,
        faults=tuple(faults),
        **told,
    )


def named_file(name: str) -> BuiltFile | None:
    """Give what the name of a file alone tells of it; None where it is the name of no package."""
    kind = kind_of(name)
    if kind is None or "/" in name or "\\" in name:
        return None
    return built_file(name, name, kind, size=0, sha256="", sha512=b"", members=(), texts={})


def _wheel(name: str, texts: Mapping[str, bytes], faults: list[str]) -> dict[str, Any]:
    stated, tags = ("", ""), frozenset[str]()
    try:
        project, version, _, found = parse_wheel_filename(name)
        stated, tags = (str(project), str(version)), frozenset(map(str, found))
    except InvalidWheelFilename as error:
        faults.append(f"{name} is no name of a wheel: {error}")
    metadata = _headers({path: text for path, text in texts.items() if path.count("/") == 1}, ".dist-info/METADATA", faults)
    return {**_named(metadata), "stated": stated, "tags": tags, "metadata": metadata}


def _sdist(name: str, texts: Mapping[str, bytes], faults: list[str]) -> dict[str, Any]:
    stated = ("", "")
    try:
        project, version = parse_sdist_filename(name)
        stated = (str(project), str(version))
    except InvalidSdistFilename as error:
        faults.append(f"{name} is no name of an sdist: {error}")
    metadata = _headers({path: text for path, text in texts.items() if path.count("/") == 1}, "/PKG-INFO", faults)
    return {**_named(metadata), "stated": stated, "metadata": metadata}


def _headers(texts: Mapping[str, bytes], end: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    path = min((one for one in texts if one.endswith(end)), default=None)
    if path is None:
        faults.append(f"it has no {end.rpartition('/')[2]}")
        return {}
    message = message_from_bytes(texts[path])
    found: dict[str, list[str]] = {}
    for header, value in message.items():
        found.setdefault(header.lower(), []).append(str(value))
    return {header: tuple(values) for header, values in found.items()}


def _named(metadata: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {"package": metadata.get("name", ("",))[0], "version": metadata.get("version", ("",))[0]}


def _crate(name: str, texts: Mapping[str, bytes], faults: list[str]) -> dict[str, Any]:
    top = name.removesuffix(".crate")
    manifest = _document(texts.get(f"{top}/Cargo.toml"), "Cargo.toml", lambda text: tomllib.loads(text.decode()), faults)
    package = manifest.get("package")
    own = package if isinstance(package, dict) else {}
    packed = _document(texts[info], ".cargo_vcs_info.json", json.loads, faults) if (info := f"{top}/.cargo_vcs_info.json") in texts else {}
    git = packed.get("git")
    commit = git.get("sha1") if isinstance(git, dict) else None
    said, version = str(own.get("name") or ""), str(own.get("version") or "")
    return {
        "package": said,
        "version": version,
        "stated": (said, top.removeprefix(f"{said}-")) if said and top.startswith(f"{said}-") else (top, ""),
        "manifest": manifest,
        "commit": commit if isinstance(commit, str) else None,
        "dirty": isinstance(git, dict) and git.get("dirty") is True,
    }


def _npm(name: str, texts: Mapping[str, bytes], faults: list[str]) -> dict[str, Any]:
    path = min((one for one in texts if one.count("/") == 1 and one.endswith("/package.json")), default="")  # npm takes off whatever folder there is
    manifest = _document(texts.get(path), "package.json", json.loads, faults)
    package, version = (value if isinstance(value := manifest.get(key), str) else "" for key in ("name", "version"))
    flat = package.removeprefix("@").replace("/", "-")
    stem = name.removesuffix(".tgz")
    return {
        "package": package,
        "version": version,
        "stated": (package, stem.removeprefix(f"{flat}-")) if stem.startswith(f"{flat}-") else (stem, ""),
        "manifest": manifest,
    }


def _document(text: bytes | None, what: str, read: Any, faults: list[str]) -> dict[str, Any]:  # noqa: ANN401 - either parser
    if text is None:
        faults.append(f"it has no {what}")
        return {}
    try:
        found = read(text)
    except (ValueError, RecursionError) as error:
        faults.append(f"its {what} cannot be read: {error}")
        return {}
    if not isinstance(found, dict):
        faults.append(f"its {what} is no table")
        return {}
    return found
