"""A release as strangers see it: what public answers say of its files, of where they were built, and of the release itself. Frozen data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass, field
from lockstep.release.answer import Verdict
from lockstep.release.candidate import Artifact, ArtifactKind, Registry
from lockstep.release.observation import Observation, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Whether a signature holds, why, and what would show it where that could not be seen."""

    verdict: Verdict
    why: str
    shows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What one witness says of where a file comes from: commit, `owner/name`, the workflow's file, the environment; "" for what it does not say.

    `signature` is None for a record that nobody signs. `of_other` says that it is about other bytes than the file's.
    """

    witness: str
    endpoint: str = ""
    commit: str = ""
    repository: str = ""
    workflow: str = ""
    environment: str | None = None
    run: str = ""
    signature: Signature | None = None
    of_other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A witness that tells nothing of a file: `unseen` says why it could not be asked, "" where it answers that it has nothing."""

    witness: str
    endpoint: str = ""
    unseen: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes that a registry serves: their digests, or why they could not be read; of a crate, the commit that it names and whether it has a library."""

    sha256: str = ""
    integrity: str = ""
    unseen: str = ""
    commit: str = ""
    dirty: bool = False
    library: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A digest that the release itself states of a file: `by` is the candidate, an asset, or a list of sums; SHA-256, or npm's integrity."""

    by: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Docs:
    """What docs.rs says of a crate: whether it was built, None where that could not be seen, and why."""

    built: bool | None
    endpoint: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file of the release: what its registry says of it, the bytes that are served, the digests that are claimed, and what is told of where it is from."""

    artifact: Artifact
    observation: Observation
    content: Content = field(default_factory=Content)
    claims: tuple[Claimed, ...] = ()
    provenances: tuple[Provenance, ...] = ()
    silences: tuple[Silence, ...] = ()
    docs: Docs | None = None

    @property
    def id(self) -> str:
        """The artifact's id."""
        return self.artifact.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was promised of a release: by the workflow at the tag, as far as that says so, or by whoever asks.

    `workflows` are the files from which it is published, `environments` those of the jobs that publish to a registry, where both are told for certain.
    `attested` are the registries whose files are attested, `recorded` those that record a trusted publisher.
    """

    workflows: frozenset[str] = frozenset()
    environments: Mapping[Registry, frozenset[str]] = field(default_factory=dict)
    attested: frozenset[Registry] = frozenset()
    recorded: frozenset[Registry] = frozenset()
    immutable: bool = False
    on_github: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A package of which a registry lists no file of this version; `unseen` says why that could not be seen, "" where the registry answers so.

    `owed` is the file that is missing of a package that has others: `wheel cp311-abi3, linux x86_64`.
    """

    package: str
    registry: Registry
    endpoint: str = ""
    unseen: str = ""
    owed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRelease:
    """All that was seen of a release. `source` says from where it is known what it consists of; `commit` is what the tag is of there.

    `others` are files that are there beside those of the candidate, or of the project at the tag where that tells all files of a package; `untold` are the
    packages of which it does not. `tag` is what GitHub says of the tag. `visibility` and `immutable` are GitHub's words. `lost` says which servers
    cannot be reached.
    """

    tag: str
    commit: str
    repository: str
    source: str
    has_candidate: bool
    promise: Promise
    files: tuple[PublishedFile, ...]
    missing: tuple[Missing, ...] = ()
    others: tuple[Observation, ...] = ()
    untold: tuple[str, ...] = ()
    tag_seen: Observation | None = None
    visibility: Visibility | None = None
    immutable: bool | None = None
    url: str = ""
    release_unseen: str = ""
    requests: int = 0
    lost: tuple[str, ...] = ()

    def of_kind(self, kind: ArtifactKind) -> Iterator[PublishedFile]:
        """Give the files of a kind."""
        return (one for one in self.files if one.artifact.kind is kind)
