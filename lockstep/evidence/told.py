"""What witnesses tell of where a file comes from: crates.io's record, PyPI's provenance, npm's and GitHub's attestations, and bundles among the assets.

A witness that answers that it has nothing is silent; one that could not be asked is silent with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from lockstep.dataclass import dataclass
from lockstep.evidence.http import Http
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import Address
from lockstep.evidence.registries.asking import NOBODY_S, Document, Missing
from lockstep.evidence.registries.github import Release, Repository
from lockstep.evidence.signatures import Signatures
from lockstep.release.answer import Verdict
from lockstep.release.attestation import PUBLISH_OF_NPM, RELEASE_OF_GITHUB, provenances, read_bundle, read_pep740
from lockstep.release.candidate import Artifact
from lockstep.release.published import Provenance, Signature, Silence
from lockstep.workflow.commit_runs import Unseen

Words: TypeAlias = "Sequence[Provenance | Silence]"
ENDS = (".sigstore.json", ".sigstore", ".intoto.jsonl", ".attestation.json")
"""How assets end that hold attestations."""
MOST_BUNDLES = 200
"""Assets with attestations that are read."""


def _silent(witness: str, found: Missing | Unseen, endpoint: str = "") -> Silence:
    if isinstance(found, Unseen):
        return Silence(witness=witness, endpoint=endpoint, unseen=found.why, shows=found.help)
    return Silence(witness=witness, endpoint=found.endpoint, unseen="" if found.certain else NOBODY_S)


async def by_crates_io(http: Http, crates: crates_io.Crates | Unseen, one: Artifact) -> Words:
    """Give what the record of a version says of its trusted publisher; it is silent where a token was used.

    Source: https://crates.io/docs/trusted-publishing
    """
    witness = "crates.io" if isinstance(crates, Unseen) else crates.index.name
    if isinstance(crates, Unseen):
        return (_silent(witness, crates),)
    if crates.api is None:
        return (Silence(witness=witness),)
    found = await crates_io.version(http, crates, one)
    match found:
        case Unseen() | Missing():
            return (_silent(witness, found),)
        case Document(body={"version": {"trustpub_data": dict(said)}}):
            commit, repository, run = (said.get(key) for key in ("sha", "repository", "run_id"))
            repository = repository or said.get("project_path")
            texts = [str(value) if isinstance(value, (str, int)) else "" for value in (commit, repository, run)]
            return (Provenance(witness=witness, endpoint=found.endpoint, commit=texts[0], repository=texts[1], run=texts[2]),)
    return (Silence(witness=witness, endpoint=found.endpoint),)


async def by_pypi(http: Http, address: Address, one: Artifact, signatures: Signatures) -> Words:
    """Give what the provenance of a file says: the publisher as PyPI recorded it, and each attestation.

    Source: https://docs.pypi.org/api/integrity/
    """
    witness = address.server.name
    if address.integrity is None:
        return (Silence(witness=witness),)
    found = await pypi.provenance(http, address, one)
    if isinstance(found, (Unseen, Missing)):
        return (_silent(witness, found),)
    words: list[Provenance | Silence] = []
    match found.body:
        case {"attestation_bundles": list(bundles)}:
            for bundle in bundles:
                words += _of_pypi(bundle if isinstance(bundle, dict) else {}, witness, found.endpoint, one, signatures)
        case _:
            return (Silence(witness=witness, endpoint=found.endpoint, unseen="its answer is no provenance", shows="ask again"),)
    return words or (Silence(witness=witness, endpoint=found.endpoint),)


def _of_pypi(bundle: Mapping[str, Any], witness: str, endpoint: str, one: Artifact, signatures: Signatures) -> Iterator[Provenance]:
    publisher = bundle.get("publisher")
    said = publisher if isinstance(publisher, dict) else {}
    repository, workflow, environment = (value if isinstance(value := said.get(key), str) else "" for key in ("repository", "workflow", "environment"))
    yield Provenance(witness=f"{witness} (publisher)", endpoint=endpoint, repository=repository, workflow=workflow, environment=environment)
    attestations = bundle.get("attestations")
    for body in attestations if isinstance(attestations, list) else []:
        found = read_pep740(body)
        if isinstance(found, str):
            yield Provenance(witness=witness, endpoint=endpoint, signature=_unread(found), of_other=found)
        else:
            yield from provenances(found, one, witness, endpoint, signatures.of_pypi(body, found, one))


async def by_npm(http: Http, address: Address, one: Artifact, signatures: Signatures) -> Words:
    """Give what the attestations of a version say; npm's own, that it was published, says nothing of a build."""
    witness = address.of_package(one.package).server.name
    found = await npm.attestations(http, address, one)
    if isinstance(found, (Unseen, Missing)):
        return (_silent(witness, found),)
    match found.body:
        case {"attestations": list(items)}:
            bodies = [item.get("bundle") for item in items if isinstance(item, dict) and not str(item.get("predicateType", "")).startswith(PUBLISH_OF_NPM)]
        case _:
            return (Silence(witness=witness, endpoint=found.endpoint, unseen="its answer lists no attestations", shows="ask again"),)
    return [*_of_bundles(bodies, witness, found.endpoint, one, signatures)] or (Silence(witness=witness, endpoint=found.endpoint),)


async def by_github(repository: Repository | None, one: Artifact, signatures: Signatures, hidden: str) -> Words:
    """Give what GitHub's attestations of a file say; `hidden` is why the repository's release could not be seen, so that a 404 proves nothing."""
    witness = "GitHub"
    if repository is None:
        return (Silence(witness=witness, unseen=hidden, shows="--repository OWNER/NAME, or --no-github"),)
    if not one.sha256:
        return (Silence(witness=witness, unseen="the file's SHA-256 is not known, for its bytes could not be read", shows="ask again"),)
    endpoint = repository.url(f"/attestations/sha256:{one.sha256}")
    found = await repository.attestations(one.sha256)
    match found:
        case Unseen():
            return (_silent(witness, found, endpoint),)
        case None:
            return (Silence(witness=witness, endpoint=endpoint, unseen=hidden and f"404, which may mean that it is hidden: {hidden}", shows="GH_TOKEN"),)
        case {"attestations": list(items)}:
            apart = [item for item in items if isinstance(item, dict) and item.get("bundle") is None and isinstance(item.get("bundle_url"), str)]
            bodies = [item.get("bundle") if isinstance(item, dict) else None for item in items if item not in apart]
            words: list[Provenance | Silence] = [*_of_bundles(bodies, witness, endpoint, one, signatures)]
            if apart:
                shows = f"gh attestation verify FILE --repo {repository.slug}"
                words.append(
                    Silence(witness=witness, endpoint=endpoint, unseen="the bundle of an attestation is stored elsewhere, and is not read", shows=shows)
                )
            return words or (Silence(witness=witness, endpoint=endpoint),)
    return (Silence(witness=witness, endpoint=endpoint, unseen="its answer lists no attestations", shows="ask again"),)


def _of_bundles(bodies: Iterable[object], witness: str, endpoint: str, one: Artifact, signatures: Signatures) -> Iterator[Provenance]:
    for body in bodies:
        found = read_bundle(body)
        if isinstance(found, str):
            yield Provenance(witness=witness, endpoint=endpoint, signature=_unread(found), of_other=found)
        elif not found.predicate.startswith(RELEASE_OF_GITHUB):  # signed by GitHub's own authority: that the release is immutable, which it says itself
            yield from provenances(found, one, witness, endpoint, signatures.of_bundle(body, found, one))


def _unread(why: str) -> Signature:
    return Signature(verdict=Verdict.REFUTED, why=f"the attestation cannot be read: {why}", shows="find out what stands there")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The attestations of an asset, as they stand there; `unseen` says why they could not be read."""

    asset: str
    endpoint: str
    bodies: tuple[object, ...] = ()
    unseen: str = ""

    def about(self, one: Artifact, signatures: Signatures) -> Words:
        """Give what they say of a file: those that are about its bytes, and all of an asset that is named for it."""
        witness, named = f"asset {self.asset}", self.asset.startswith(f"{one.name}.")
        if self.unseen:
            return (Silence(witness=witness, endpoint=self.endpoint, unseen=self.unseen, shows="ask again"),) if named else ()
        mine = [body for body in self.bodies if named or _is_about(body, one)]
        return [*_of_bundles(mine, witness, self.endpoint, one, signatures)]


def _is_about(body: object, one: Artifact) -> bool:
    found = read_bundle(body)
    return not isinstance(found, str) and found.is_about(one)


async def assets_told(repository: Repository, release: Release, named: Sequence[str]) -> Sequence[Told]:
    """Read the attestations among the assets of a release: those that are `named`, and those whose names say so."""
    found = []
    for name in sorted(one for one in release.asset_ids if one in named or one.endswith(ENDS))[:MOST_BUNDLES]:
        endpoint = repository.url(f"/releases/assets/{release.asset_ids[name]}")
        data = await repository.asset(release, name)
        if isinstance(data, Unseen):
            found.append(Told(asset=name, endpoint=endpoint, unseen=data.why))
            continue
        bodies = _documents(data)
        found.append(Told(asset=name, endpoint=endpoint, bodies=bodies, unseen="" if bodies else "it is neither JSON nor lines of it"))
    return found


def _documents(data: bytes) -> tuple[object, ...]:
    """Read one document of JSON, or one a line."""
    try:
        return (json.loads(data),)
    except (ValueError, RecursionError):
        pass
    try:
        return tuple(json.loads(line) for line in data.splitlines() if line.strip())
    except (ValueError, RecursionError):
        return ()
