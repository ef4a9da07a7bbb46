"""A candidate: the closed list of the files that one release consists of, made once, and the same bytes for the same files.

It is written as `lockstep-release.json`, with `SHA256SUMS` beside it, and is itself an asset of the release.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from lockstep.dataclass import dataclass, field
from lockstep.errors import LockstepError
from lockstep.release.graph import circle_in

FILE = "lockstep-release.json"
SUMS = "SHA256SUMS"
SCHEMA = 1
MOST_ARTIFACTS = 10_000
"""Files of the largest candidate that is read."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}")


class CandidateError(LockstepError):
    """A candidate that is none, or is not what it was."""


class Registry(StrEnum):
    """Where a file goes."""

    CRATES_IO = "crates.io"
    PYPI = "pypi"
    NPM = "npm"
    GITHUB = "github"


class ArtifactKind(StrEnum):
    """What a file is."""

    CRATE = "crate"
    WHEEL = "wheel"
    SDIST = "sdist"
    NPM = "npm"
    ASSET = "asset"


class Origin(StrEnum):
    """Where the bytes come from: built for this release, or served by a registry that owns this version already."""

    BUILT = "built"
    SERVED = "served"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One file of a release: `name` is that of the file, `version` as its registry spells it, `size` in bytes.

    `integrity` is npm's (`sha512-...`, in base64). `needs` are the ids of the artifacts that must be verified before this one is published.
    """

    registry: Registry
    package: str
    version: str
    name: str
    kind: ArtifactKind
    size: int
    sha256: str
    integrity: str = ""
    needs: tuple[str, ...] = ()
    origin: Origin = Origin.BUILT

    @property
    def id(self) -> str:
        """Name the artifact: its registry, and its file there."""
        return f"{self.registry}:{self.name}" if self.registry is not Registry.NPM else f"{self.registry}:{self.package}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A file of the release that a part of it does not have: of a wheel its tags, as far as they are told. Without a kind it may be any of the package."""

    registry: Registry
    package: str
    kind: ArtifactKind | None = None
    interpreter: str = ""
    abi: str = ""
    system: str = ""
    architecture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a release consists of: the tag and its commit, the group, the version of each package by `ecosystem:name`, and every file.

    `attestations` are the names of the files that hold the bundles. `beside` is None for a whole release; else this is a part of one, and it is what others
    may have.
    """

    tag: str
    commit: str
    group: str
    versions: Mapping[str, str]
    artifacts: tuple[Artifact, ...]
    attestations: tuple[str, ...] = field(default=())
    beside: tuple[Beside, ...] | None = None

    def artifact(self, id_: str) -> Artifact | None:
        """Give an artifact by its id."""
        return next((one for one in self.artifacts if one.id == id_), None)


def written(candidate: Candidate) -> str:
    """Write a candidate: the same text for the same candidate, whatever the order in which its files were found."""
    body = _body(candidate)
    return json.dumps({**body, "digest": _digest(body)}, indent=2, ensure_ascii=False) + "\n"


def sums(candidate: Candidate) -> str:
    """Write the digests as `sha256sum --check` reads them; a file that goes to two registries stands there once."""
    lines = {f"{one.sha256}  {one.name}" for one in candidate.artifacts}
    return "".join(f"{line}\n" for line in sorted(lines, key=lambda line: line[66:]))


def read(text: str, path: str = FILE) -> Candidate:
    """Read a candidate.

    Raises: CandidateError that says what is wrong, also where it was changed after it was made.
    """
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _fault(path, f"this is no JSON: {error}") from None
    if not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise _fault(path, f"this is no candidate of a release: schema is {body.get('schema') if isinstance(body, dict) else None!r}, expected {SCHEMA}")
    digest = body.pop("digest", None)
    if digest != (own := _digest(body)):
        said = f"it was changed after it was made: its digest is {digest}, and that of its content is {own}"
        raise _fault(path, said, help="take the one that was sealed, or make it again: lockstep release seal")
    try:
        candidate = _candidate(body)
    except (KeyError, TypeError, ValueError) as error:
        raise _fault(path, f"this is no candidate of a release: {error}") from None
    if (faults := [*_faults(candidate)]) or _body(candidate) != body:
        raise _fault(path, f"this is no candidate of a release: {faults[0] if faults else 'it is not written as lockstep writes it'}")
    return candidate


def _fault(path: str, message: str, help: str = "lockstep release seal makes one") -> CandidateError:  # noqa: A002 - the report's word
    return CandidateError(message, path=path, help=help)


def _body(candidate: Candidate) -> dict[str, Any]:
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "tag": candidate.tag,
        "commit": candidate.commit,
        "group": candidate.group,
        "versions": dict(sorted(candidate.versions.items())),
        "artifacts": [_artifact_body(one) for one in sorted(candidate.artifacts, key=lambda one: one.id)],
        "attestations": sorted(candidate.attestations),
    }
    if candidate.beside is not None:
        body["beside"] = sorted((_beside_body(one) for one in candidate.beside), key=lambda one: tuple(map(str, one.values())))
    return body


def _beside_body(one: Beside) -> dict[str, Any]:
    kind = one.kind and one.kind.value
    tags = {"interpreter": one.interpreter, "abi": one.abi, "system": one.system, "architecture": one.architecture}
    return {"registry": one.registry.value, "package": one.package, "kind": kind, **{name: tag for name, tag in tags.items() if tag}}


def _artifact_body(one: Artifact) -> dict[str, Any]:
    body: dict[str, Any] = {
        "registry": one.registry.value,
        "package": one.package,
        "version": one.version,
        "name": one.name,
        "kind": one.kind.value,
        "size": one.size,
        "sha256": one.sha256,
    }
    if one.integrity:
        body["integrity"] = one.integrity
    return {**body, "needs": sorted(one.needs), "origin": one.origin.value}


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def _candidate(body: Mapping[str, Any]) -> Candidate:
    if not isinstance(body["versions"], dict):
        raise TypeError("versions is no table")
    if len(body["artifacts"]) > MOST_ARTIFACTS:
        raise ValueError(f"it has {len(body['artifacts'])} artifacts, more than {MOST_ARTIFACTS}")
    return Candidate(
        tag=_text(body["tag"]),
        commit=_text(body["commit"]),
        group=_text(body["group"]),
        versions={_text(name): _text(version) for name, version in body["versions"].items()},
        artifacts=tuple(map(_artifact, body["artifacts"])),
        attestations=tuple(map(_text, body["attestations"])),
        beside=tuple(map(_beside, body["beside"])) if "beside" in body else None,
    )


def _beside(body: Mapping[str, Any]) -> Beside:
    tags = {name: _text(body.get(name, "")) for name in ("interpreter", "abi", "system", "architecture")}
    kind = None if body["kind"] is None else ArtifactKind(body["kind"])
    return Beside(registry=Registry(body["registry"]), package=_text(body["package"]), kind=kind, **tags)


def _artifact(body: Mapping[str, Any]) -> Artifact:
    if type(body["size"]) is not int or body["size"] < 0:
        raise ValueError(f"{body['size']!r} is no size")
    return Artifact(
        registry=Registry(body["registry"]),
        package=_text(body["package"]),
        version=_text(body["version"]),
        name=_text(body["name"]),
        kind=ArtifactKind(body["kind"]),
        size=body["size"],
        sha256=_text(body["sha256"]),
        integrity=_text(body.get("integrity", "")),
        needs=tuple(map(_text, body["needs"])),
        origin=Origin(body["origin"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    value.encode()  # half of a surrogate pair can be escaped in JSON, and stands in no address and no file
    return value


def _faults(candidate: Candidate) -> Iterator[str]:
    """Say what no candidate may be: a file twice, a name that is a path, a need that is nowhere, needs in a circle."""
    ids = Counter(one.id for one in candidate.artifacts)
    yield from (f"{one} stands there twice" for one in sorted(one for one, count in ids.items() if count > 1))
    if _COMMIT.fullmatch(candidate.commit) is None:
        yield f"{candidate.commit!r} is no commit id"
    for one in candidate.artifacts:
        if _NAME.fullmatch(one.name) is None or one.name in (".", ".."):
            yield f"{one.name!r} is no file name"
        if _SHA256.fullmatch(one.sha256) is None:
            yield f"{one.sha256!r} is no SHA-256 digest"
        yield from (f"{one.id} needs {need}, which is not there" for need in one.needs if need not in ids)
    names = {one.name for one in candidate.artifacts} | {FILE, SUMS}
    for name in candidate.attestations:
        if _NAME.fullmatch(name) is None or name in (".", ".."):
            yield f"{name!r} is no file name"
        if name in names:
            yield f"{name} is a file of the release, and no attestation"
    if (circle := circle_in({one.id: {*one.needs} for one in candidate.artifacts})) is not None:
        yield f"these need each other: {', '.join(circle)}"
