"""What npm, or a registry like it, has of a package: its packument first, which npm reads to install, then the version's own document.

Sources: https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md, https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md,
https://docs.npmjs.com/about-registry-signatures
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from lockstep.evidence.http import Digests, Http, Json, Server
from lockstep.evidence.registries.addresses import Address
from lockstep.evidence.registries.asking import Document, Missing, digests, document, not_its_own, unlisted
from lockstep.release.candidate import Artifact
from lockstep.release.listing import Listed, Listing, is_open, judged
from lockstep.release.observation import Observation
from lockstep.workflow.commit_runs import Unseen

ABBREVIATED = "application/vnd.npm.install-v1+json"
LARGEST_PACKUMENT = 64 * 2**20
"""Bytes of the largest packument, which lists every version of a package."""


async def observe(http: Http, address: Address, artifacts: Sequence[Artifact]) -> list[Observation]:
    """Say what there is of each tarball."""
    return [*await asyncio.gather(*(_observed(http, address.of_package(one.package), one) for one in artifacts))]


async def _observed(http: Http, address: Address, artifact: Artifact) -> Observation:
    if address.fault:
        what = f"{artifact.package} at {address.server.name}"
        return judged(artifact, unlisted(address.server, "", Unseen(what=what, why=address.fault, help="")))
    listing = await shown(http, address.server, artifact)
    if not is_open(artifact, listing):
        return judged(artifact, listing, mirror=address.mirror)
    return judged(artifact, listing, await _accepted(http, address.server, artifact), address.mirror)


def _path(artifact: Artifact) -> str:
    return f"/{quote(artifact.package, safe='@')}"


async def packument(http: Http, server: Server, artifact: Artifact) -> Document | Missing | Unseen:
    """Ask for the list of a package's versions, as npm reads it to install one: `versions[].dist` has `integrity` and `attestations`."""
    what = f"{artifact.package} at {server.name}"
    return await document(http, what, server, _path(artifact), says_missing=_says_missing, accept=ABBREVIATED, largest=LARGEST_PACKUMENT)


async def shown(http: Http, server: Server, artifact: Artifact) -> Listing:
    """Give what the packument lists of a version, which is what npm reads."""
    found = await packument(http, server, artifact)
    match found:
        case Unseen():
            return unlisted(server, _path(artifact), found)
        case Missing():
            return Listing(endpoint=found.endpoint, at=found.at, unseen="" if found.certain else not_its_own(artifact.package))
        case Document(body={"name": artifact.package, "versions": dict(versions)}):
            mine = versions.get(artifact.version)
            if mine is None:
                return Listing(endpoint=found.endpoint, at=found.at)
            if (listed := _listed(mine, artifact)) is not None:
                return Listing(endpoint=found.endpoint, at=found.at, files={artifact.name: listed})
    return Listing(endpoint=found.endpoint, at=found.at, unseen=f"{server.name} answers with another package's data, or with none")


def _listed(body: Json, artifact: Artifact) -> Listed | None:
    """Read a version's document; None where it is of something else."""
    match body:
        case {"name": artifact.package, "version": artifact.version, "dist": dict(dist), **rest}:
            said = rest.get("deprecated")
            why = (
                f"it is deprecated: {' '.join(said[:160].split())}" if isinstance(said, str) and said.strip() else "it is deprecated" if said is True else None
            )
            return Listed(digest=_integrity(dist), withdrawn=why)
    return None


def _integrity(dist: Mapping[str, Json]) -> str:
    """Give the SHA-512 of a tarball; of several digests that one. Source: https://www.w3.org/TR/SRI/"""
    said = dist.get("integrity")
    return next((one.partition("?")[0] for one in said.split() if one.startswith("sha512-")), "") if isinstance(said, str) else ""


async def version(http: Http, server: Server, artifact: Artifact) -> Document | Missing | Unseen:
    """Ask for the document of a version alone: `dist.integrity`, `dist.attestations`, `deprecated`."""
    path = f"{_path(artifact)}/{quote(artifact.version, safe='')}"
    return await document(http, f"{artifact.package} {artifact.version} at {server.name}", server, path, says_missing=_says_missing)


async def _accepted(http: Http, server: Server, artifact: Artifact) -> Listing:
    found = await version(http, server, artifact)
    match found:
        case Unseen():
            return unlisted(server, f"{_path(artifact)}/{artifact.version}", found)
        case Missing():
            return Listing(endpoint=found.endpoint, at=found.at, unseen="" if found.certain else not_its_own(f"{artifact.package} {artifact.version}"))
        case Document():
            if (listed := _listed(found.body, artifact)) is not None:
                return Listing(endpoint=found.endpoint, at=found.at, files={artifact.name: listed})
    return Listing(endpoint=found.endpoint, at=found.at, unseen=f"{server.name} answers with another package's data, or with none")


def _says_missing(body: Json) -> bool:
    """Tell how registries say in JSON that there is no such thing: a text, or a table with `error` or `message`."""
    return isinstance(body, str) or (isinstance(body, dict) and any(isinstance(body.get(one), str) for one in ("error", "message")))


async def attestations(http: Http, address: Address, artifact: Artifact) -> Document | Missing | Unseen:
    """Ask for the attestations of a version: `attestations[].bundle` by `predicateType`."""
    server = address.of_package(artifact.package).server
    path = f"/-/npm/v1/attestations/{quote(f'{artifact.package}@{artifact.version}', safe='@')}"
    return await document(http, f"the attestations of {artifact.package} {artifact.version} at {server.name}", server, path, says_missing=_says_missing)


async def file_digests(http: Http, address: Address, artifact: Artifact, *, kept: bool = False) -> Digests | Unseen:
    """Read a tarball as the registry serves it, from where the version's document says that it lies."""
    server = address.of_package(artifact.package).server
    what = f"the tarball of {artifact.package} {artifact.version} at {server.name}"
    found = await version(http, server, artifact)
    match found:
        case Unseen():
            return found
        case Document(body={"dist": {"tarball": str(url)}}):
            return await digests(http, what, server, url, kept=kept)
    return Unseen(what=what, why="it is not listed", help="lockstep release status tells what is there")
