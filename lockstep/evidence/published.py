"""A release as strangers see it: every registry, docs.rs and GitHub are asked what they have of it, and the bytes that they serve are read.

Sources: https://crates.io/data-access, https://docs.pypi.org/api/integrity/, https://docs.npmjs.com/generating-provenance-statements,
https://docs.github.com/en/rest/repos/attestations, https://docs.rs/about/builds
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from packaging.utils import canonicalize_name

from lockstep.dataclass import dataclass, replace
from lockstep.evidence.archives import ArchiveError, read_archive_in
from lockstep.evidence.http import Digests, Http, Server
from lockstep.evidence.reach import Reach
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import Address
from lockstep.evidence.registries.asking import Document, document, shown
from lockstep.evidence.registries.github import Release, Repository
from lockstep.evidence.registries.observing import Question, observe
from lockstep.evidence.registries.serving import Serving
from lockstep.evidence.signatures import Signatures
from lockstep.evidence.told import Told, assets_told, by_crates_io, by_github, by_npm, by_pypi
from lockstep.release.built_file import WANTED, built_file
from lockstep.release.candidate import Artifact, ArtifactKind, Candidate, Registry
from lockstep.release.listing import Listing
from lockstep.release.observation import Observation, State
from lockstep.release.published import Claimed, Content, Docs, Missing, Promise, Provenance, PublishedFile, PublishedRelease, Silence
from lockstep.workflow.commit_runs import Unseen

PATIENCE = 900.0
"""Seconds in which everything is read, beside the time that a registry wants between two requests."""
VCS = ".cargo_vcs_info.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A package that the release publishes, as its registry knows it."""

    id: str
    registry: Registry
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseQuestion:
    """What is asked: `question` has the candidate, of which the artifacts are left out where `packages` say what is published.

    `source` says from where it is known what the release consists of, `promise` what it was to be.
    """

    question: Question
    source: str
    promise: Promise
    packages: tuple[Wanted, ...] = ()
    has_candidate: bool = True


def look_at_release(asked: ReleaseQuestion, say: Callable[[str], None], reach: Reach) -> PublishedRelease:
    """Ask everybody about a release; `say` is told why one is asked again. Whom `reach` has lost is not asked."""

    async def look() -> PublishedRelease:
        registries = (*(one.registry for one in asked.question.candidate.artifacts), *(one.registry for one in asked.packages))
        crates = 2 * registries.count(Registry.CRATES_IO)
        async with Http(time.monotonic() + PATIENCE + crates * crates_io.PACE, say, reach=reach) as http:
            return await released(http, asked)

    return asyncio.run(look())


async def released(http: Http, asked: ReleaseQuestion) -> PublishedRelease:
    """Ask everybody about a release through a client that has the deadline."""
    question = asked.question
    listed, missing = await _listed(http, asked)
    question = replace(question, candidate=replace(question.candidate, artifacts=(*question.candidate.artifacts, *listed)))
    seen = await observe(http, question)
    repository = Repository(question.api, http, question.slug) if question.slug else None
    claims = await _claims(asked, seen.release, repository)
    signatures = Signatures(question.slug)
    assets = await assets_told(repository, seen.release, question.candidate.attestations) if repository and seen.release else ()
    states = {one.artifact: one for one in seen.observations}
    unknown = "it is not known which repository on GitHub this is" if question.on_github else ""
    hidden = next((one.why for one in seen.others if one.artifact == f"{Registry.GITHUB}:release"), "") if question.slug else unknown
    looking = _Looking(http, question, repository, signatures, assets, hidden)
    files = await looking.files(states, claims)
    tags = [one for one in seen.others if one.artifact.startswith(f"{Registry.GITHUB}:tag ")]
    beside = [one for one in seen.others if one not in tags and one.artifact != f"{Registry.GITHUB}:release"]
    return PublishedRelease(
        tag=question.candidate.tag,
        commit=question.candidate.commit,
        repository=question.slug,
        source=asked.source,
        has_candidate=asked.has_candidate,
        promise=asked.promise,
        files=tuple(sorted(files, key=lambda one: one.id)),
        missing=(*missing, *_only_announced(asked, seen.release, listed)),
        others=tuple(beside) if asked.has_candidate else tuple(one for one in beside if not one.artifact.startswith(f"{Registry.GITHUB}:")),
        tag_seen=tags[0] if tags else None,
        visibility=seen.visibility,
        immutable=seen.release.immutable if seen.release is not None else None,
        url=seen.release.url if seen.release is not None else "",
        release_unseen=hidden,
        requests=http.requests,
        lost=tuple(http.reach.lost.values()),
    )


# ---- what there is, where no candidate says so


async def _listed(http: Http, asked: ReleaseQuestion) -> tuple[tuple[Artifact, ...], tuple[Missing, ...]]:
    """Give the files that registries list of the packages, with the digests that they state, and the packages of which they list none."""
    found = await asyncio.gather(*(_of_package(http, asked.question.addresses[one.registry], one) for one in asked.packages))
    artifacts: list[Artifact] = []
    missing: list[Missing] = []
    for package, (kinds, listing) in zip(asked.packages, found, strict=True):
        if listing.unseen or not listing.files:
            missing.append(Missing(package=package.id, registry=package.registry, endpoint=listing.endpoint, unseen=listing.unseen))
        for name, one in sorted(listing.files.items()):
            npm_ = package.registry is Registry.NPM
            artifacts.append(
                Artifact(
                    registry=package.registry,
                    package=package.name,
                    version=package.version,
                    name=name,
                    kind=kinds(name),
                    size=0,
                    sha256="" if npm_ else one.digest,
                    integrity=one.digest if npm_ else "",
                )
            )
    return tuple(artifacts), tuple(missing)


async def _of_package(http: Http, address: Address, one: Wanted) -> tuple[Callable[[str], ArtifactKind], Listing]:
    def as_(name: str, kind: ArtifactKind) -> Artifact:
        return Artifact(registry=one.registry, package=one.name, version=one.version, name=name, kind=kind, size=0, sha256="")

    if one.registry is Registry.CRATES_IO:
        crates = await crates_io.opened(http, address)
        if isinstance(crates, Unseen):
            return lambda _: ArtifactKind.CRATE, Listing(endpoint=address.server.url, at="", unseen=f"{crates.what}: {crates.why}")
        return lambda _: ArtifactKind.CRATE, await crates_io.shown(http, crates, as_(f"{one.name}-{one.version}.crate", ArtifactKind.CRATE))
    if one.registry is Registry.NPM:
        tarball = as_(f"{one.name.removeprefix('@').replace('/', '-')}-{one.version}.tgz", ArtifactKind.NPM)
        return lambda _: ArtifactKind.NPM, await npm.shown(http, address.of_package(one.name).server, tarball)
    listing = await pypi.shown(http, address, canonicalize_name(one.name), one.version)
    return lambda name: ArtifactKind.WHEEL if name.endswith(".whl") else ArtifactKind.SDIST, listing


def _only_announced(asked: ReleaseQuestion, release: Release | None, listed: Sequence[Artifact]) -> Iterator[Missing]:
    """Find packages among the release's assets of which no registry lists the file."""
    if asked.has_candidate or release is None:
        return
    known = {one.name for one in listed}
    kinds = {".whl": Registry.PYPI, ".crate": Registry.CRATES_IO}
    for name in sorted(release.listing.files):
        registry = next((registry for end, registry in kinds.items() if name.endswith(end)), None)
        if registry is not None and name not in known:
            yield Missing(package=f"{Registry.GITHUB}:{name}", registry=registry, endpoint=release.listing.endpoint)


async def _claims(asked: ReleaseQuestion, release: Release | None, repository: Repository | None) -> Mapping[str, tuple[Claimed, ...]]:
    """Give what the release itself states of files, by their names: its candidate, its assets, and its list of sums."""
    found: dict[str, list[Claimed]] = {}
    if asked.has_candidate:
        for one in asked.question.candidate.artifacts:
            found.setdefault(one.id, []).append(Claimed(by="the candidate", digest=one.integrity or one.sha256))
    if release is None or repository is None:
        return {name: tuple(many) for name, many in found.items()}
    for name, listed in release.listing.files.items():
        if listed.digest:
            found.setdefault(name, []).append(Claimed(by="the release's asset", digest=listed.digest))
    for name in release.asset_ids:
        if name.lower() in ("sha256sums", "sha256sums.txt", "sha256.sum", "checksums.txt"):
            data = await repository.asset(release, name)
            for digest, file in _sums(b"" if isinstance(data, Unseen) else data):
                found.setdefault(file, []).append(Claimed(by=name, digest=digest))
    return {name: tuple(many) for name, many in found.items()}


def _sums(data: bytes) -> Iterator[tuple[str, str]]:
    """Read what `sha256sum` writes; other lines are none."""
    for line in data.decode(errors="replace").splitlines():
        digest, _, name = line.partition(" ")
        if len(digest) == 64 and set(digest) <= set("0123456789abcdef"):
            yield digest, name.lstrip(" *").rpartition("/")[2]


# ---- what is said of each file


class _Looking:
    """Looks at each file: its bytes, who tells from where it is, and its documentation."""

    def __init__(self, http: Http, question: Question, repository: Repository | None, signatures: Signatures, assets: Iterable[Told], hidden: str) -> None:
        self._http = http
        self._question = question
        self._repository = repository
        self._signatures = signatures
        self._assets = tuple(assets)
        self._hidden = hidden

    async def files(self, states: Mapping[str, Observation], claims: Mapping[str, tuple[Claimed, ...]]) -> Sequence[PublishedFile]:
        mine = [one for one in self._question.candidate.artifacts if one.registry is not Registry.GITHUB]
        serving = await Serving.of(self._http, self._question.addresses, mine)
        assets = [one for one in self._question.candidate.artifacts if one.registry is Registry.GITHUB]
        found = await asyncio.gather(*(self._file(one, states[one.id], claims, serving) for one in mine))
        return [*found, *(self._asset(one, states[one.id], claims) for one in assets)]

    def _asset(self, one: Artifact, seen: Observation, claims: Mapping[str, tuple[Claimed, ...]]) -> PublishedFile:
        """Take GitHub's word for the digest of an asset, which it computes itself."""
        digest = seen.digest if seen.state in (State.VERIFIED, State.CONFLICT) else ""
        return PublishedFile(artifact=one, observation=seen, content=Content(sha256=digest, unseen=seen.why), claims=claims.get(one.id, ()))

    async def _file(self, one: Artifact, seen: Observation, claims: Mapping[str, tuple[Claimed, ...]], serving: Serving) -> PublishedFile:
        claimed = (*claims.get(one.id, ()), *claims.get(one.name, ()))
        if seen.state is State.ABSENT:
            return PublishedFile(artifact=one, observation=seen, claims=claimed)
        content = await _content(serving, one)
        served = replace(one, sha256=content.sha256 or one.sha256, integrity=content.integrity if one.registry is Registry.NPM else one.integrity)
        told = await asyncio.gather(self._by_registry(served, serving.crates), by_github(self._repository, served, self._signatures, self._hidden))
        provenances: list[Provenance] = []
        silences: list[Silence] = []
        for each in (_vcs(served, content), *told, *(asset.about(served, self._signatures) for asset in self._assets)):
            for said in each:
                (provenances if isinstance(said, Provenance) else silences).append(said)  # type: ignore[arg-type]
        docs = await self._docs(one)
        return PublishedFile(
            artifact=served,
            observation=seen,
            content=content,
            claims=claimed,
            provenances=tuple(provenances),
            silences=tuple(silences),
            docs=docs,
        )

    async def _by_registry(self, one: Artifact, crates: crates_io.Crates | Unseen | None) -> Sequence[Provenance | Silence]:
        address = self._question.addresses[one.registry]
        match one.registry:
            case Registry.CRATES_IO:
                assert crates is not None
                return await by_crates_io(self._http, crates, one)
            case Registry.PYPI:
                return await by_pypi(self._http, address, one, self._signatures)
        return await by_npm(self._http, address, one, self._signatures)

    async def _docs(self, one: Artifact) -> Docs | None:
        """Ask docs.rs whether it has built a crate. Source: https://docs.rs/about/builds"""
        server: Server | None = self._question.addresses[one.registry].docs
        if one.kind is not ArtifactKind.CRATE or server is None:
            return None
        path = f"/crate/{quote(one.package, safe='')}/{quote(one.version, safe='')}/status.json"
        found = await document(self._http, f"the documentation of {one.package} {one.version} at docs.rs", server, path, says_missing=lambda _: True)
        match found:
            case Unseen():
                return Docs(built=None, endpoint=shown(f"{server.url}{path}"), why=found.why)
            case Document(body={"doc_status": bool(built)}):
                return Docs(built=built, endpoint=found.endpoint)
        return Docs(built=None, endpoint=found.endpoint, why="docs.rs does not know this version yet, or its answer cannot be read")


async def _content(serving: Serving, one: Artifact) -> Content:
    found = await serving.file(one, kept=one.kind is ArtifactKind.CRATE)
    if isinstance(found, Unseen):
        return Content(unseen=f"{found.what}: {found.why}")
    content = Content(sha256=found.sha256, integrity=found.integrity)
    return _of_crate(one, found, content) if one.kind is ArtifactKind.CRATE else content


def _of_crate(one: Artifact, found: Digests, content: Content) -> Content:
    try:
        archive = read_archive_in(io.BytesIO(found.body), one.name, one.name, WANTED)
    except ArchiveError as error:
        return replace(content, unseen=error.message)
    members, texts = archive.members, archive.texts
    built = built_file(one.name, one.name, ArtifactKind.CRATE, size=archive.size, sha256=archive.sha256, sha512=archive.sha512, members=members, texts=texts)
    library = "lib" in built.manifest or any(member.path.endswith("/src/lib.rs") and member.path.count("/") == 2 for member in members)
    return replace(content, commit=built.commit or "", dirty=built.dirty, library=library if built.manifest else None)


def _vcs(one: Artifact, content: Content) -> tuple[Provenance | Silence, ...]:
    """Give what a crate says itself."""
    if one.kind is not ArtifactKind.CRATE:
        return ()
    if content.commit:
        return (Provenance(witness=VCS, commit=content.commit),)
    return (Silence(witness=VCS, unseen=content.unseen),)


def candidate_of_packages(tag: str, commit: str, packages: Sequence[Wanted]) -> Candidate:
    """Make what stands for a candidate where there is none: its files are those that registries list."""
    return Candidate(tag=tag, commit=commit, group="", versions={one.id: one.version for one in packages}, artifacts=())
