"""What crates.io, or a registry like it, has of a crate: its sparse index first, which cargo reads, then its API about what that does not show.

Sources: https://doc.rust-lang.org/cargo/reference/registry-index.html, https://doc.rust-lang.org/cargo/reference/registry-web-api.html,
https://crates.io/data-access (one request a second to the API, none such to the index)
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from lockstep.dataclass import dataclass
from lockstep.evidence.http import Digests, Http, Json, Server, is_safe, origin, parsed
from lockstep.evidence.reach import Fault
from lockstep.evidence.registries.addresses import Address
from lockstep.evidence.registries.asking import Document, Missing, digests, document, not_its_own, unlisted
from lockstep.release.candidate import Artifact
from lockstep.release.listing import Listed, Listing, is_open, judged
from lockstep.release.observation import Observation
from lockstep.workflow.commit_runs import Unseen

PACE = 1.0
"""Seconds between two requests to the API of crates.io itself."""
_MARKERS = ("{crate}", "{version}", "{prefix}", "{lowerprefix}", "{sha256-checksum}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crates:
    """A registry of crates as its own description has it: where its index is, its API (None where it has none), and what its downloads are named."""

    index: Server
    api: Server | None
    files: Server
    template: str

    def file(self, artifact: Artifact) -> str:
        """Give the address of a crate's file."""
        template = self.template if any(one in self.template for one in _MARKERS) else f"{self.template}/{{crate}}/{{version}}/download"
        values = (artifact.package, artifact.version, prefix(artifact.package), prefix(artifact.package.lower()), artifact.sha256)
        for marker, value in zip(_MARKERS, values, strict=True):
            template = template.replace(marker, quote(value, safe="/+"))
        return template


def prefix(name: str) -> str:
    """Give the folder of a crate in an index."""
    return {1: "1", 2: "2", 3: f"3/{name[:1]}"}.get(len(name), f"{name[:2]}/{name[2:4]}")


async def opened(http: Http, address: Address) -> Crates | Unseen:
    """Read a registry's description, `config.json`; a token goes where the index is, and only where that wants one."""
    what, bare = f"the description of {address.server.name}", replace(address.server, authorization="")
    found = await document(http, what, bare, "/config.json", says_missing=lambda _: False)
    index = bare
    if isinstance(found, Unseen) and address.server.authorization and not found.again:
        found, index = await document(http, what, address.server, "/config.json", says_missing=lambda _: False), address.server
    match found:
        case Unseen():
            return found
        case Document(body={"dl": str(template), **rest}):
            api = rest.get("api")
            if rest.get("auth-required") is True:
                index = address.server
        case _:
            return Unseen(what=what, why=f"{address.server.name} has no config.json that names its downloads", help="is it the address of a sparse index?")
    named = [template.partition("{")[0], *([] if api is None else [api])]
    if not all(isinstance(one, str) and _may_be_asked(one, address.server) for one in named) or not isinstance(api, str | None):
        return Unseen(what=what, why=f"{address.server.name} names an address that is not asked: https is expected", help="tell who runs the registry")
    own = {origin(address.server.url): index.authorization}
    return Crates(
        index=index,
        api=None
        if api is None or address.index_alone
        else _server(address.server, api.rstrip("/"), own, pace=PACE if api.rstrip("/") == "https://crates.io" else 0.0),
        files=_server(address.server, template.partition("{")[0].rstrip("/"), own),
        template=template,
    )


def _may_be_asked(url: str, server: Server) -> bool:
    """Say whether an address that a registry names may be asked; one on this machine only where the registry is there too."""
    return is_safe(url) and (url.startswith("https:") or server.url.startswith("http:"))


def _server(server: Server, url: str, own: dict[str, str], pace: float = 0.0) -> Server:
    return Server(name=server.name, url=url, authorization=own.get(origin(url), ""), trouble=server.trouble, pace=pace)


async def observe(http: Http, address: Address, artifacts: Sequence[Artifact]) -> list[Observation]:
    """Say what there is of each crate."""
    crates = await opened(http, address)
    if isinstance(crates, Unseen):
        listing = unlisted(address.server, "/config.json", crates)
        return [judged(one, listing) for one in artifacts]
    return [*await asyncio.gather(*(_observed(http, crates, one, address.mirror) for one in artifacts))]


async def shown(http: Http, crates: Crates, artifact: Artifact) -> Listing:
    """Give what the index lists of a version, which is what cargo reads."""
    path = f"/{prefix(artifact.package.lower())}/{quote(artifact.package.lower(), safe='')}"
    what = f"{artifact.package} {artifact.version} in the index of {crates.index.name}"
    found = await document(http, what, crates.index, path, says_missing=lambda _: False, accept="text/plain", read=_rows)
    return _listed(artifact, crates, found, what, path)


async def _observed(http: Http, crates: Crates, artifact: Artifact, mirror: str) -> Observation:
    listing = await shown(http, crates, artifact)
    if crates.api is None or not is_open(artifact, listing):
        return judged(artifact, listing, mirror=mirror)
    return judged(artifact, listing, await _accepted(http, crates, artifact), mirror)


def _rows(body: bytes) -> Json | Fault:
    rows: list[Json] = []
    for line in body.splitlines():
        row = parsed(line)
        if isinstance(row, Fault):
            return row
        rows.append(row)
    return rows


def _listed(artifact: Artifact, crates: Crates, found: Document | Missing | Unseen, what: str, path: str) -> Listing:
    """Give what the index lists. A 404 is how it says that it has no such crate: it gave its description a moment ago, so that this is its own word."""
    if isinstance(found, Unseen):
        return unlisted(crates.index, path, found)
    if isinstance(found, Missing):
        return Listing(endpoint=found.endpoint, at=found.at)
    rows = found.body if isinstance(found.body, list) else []
    listed: dict[str, Listed] = {}
    for row in rows:
        match row:
            case {"name": str(name), "vers": str(version), "cksum": str(digest), "yanked": bool(yanked)} if name == artifact.package:
                if version == artifact.version:
                    listed[artifact.name] = Listed(digest=digest, withdrawn="it was yanked" if yanked else None)
            case _:
                return Listing(endpoint=found.endpoint, at=found.at, unseen=f"{what}: a line of its answer is not one of this crate")
    return Listing(endpoint=found.endpoint, at=found.at, files=listed)


async def _accepted(http: Http, crates: Crates, artifact: Artifact) -> Listing:
    assert crates.api is not None
    found = await version(http, crates, artifact)
    match found:
        case Unseen():
            return unlisted(crates.api, _version_path(artifact), found)
        case Missing():
            return Listing(endpoint=found.endpoint, at=found.at, unseen="" if found.certain else not_its_own(f"{artifact.package} {artifact.version}"))
        case Document(body={"version": {"crate": artifact.package, "num": artifact.version, "checksum": str(digest), "yanked": bool(yanked)}}):
            files = {artifact.name: Listed(digest=digest, withdrawn="it was yanked" if yanked else None)}
            return Listing(endpoint=found.endpoint, at=found.at, files=files)
    return Listing(endpoint=found.endpoint, at=found.at, unseen=f"{crates.api.name} answers with another crate's data, or with none")


def _version_path(artifact: Artifact) -> str:
    return f"/api/v1/crates/{quote(artifact.package, safe='')}/{quote(artifact.version, safe='')}"


async def version(http: Http, crates: Crates, artifact: Artifact) -> Document | Missing | Unseen:
    """Ask the API for the record of a version: `version.checksum`, `version.yanked`, and `version.trustpub_data` that tells who published it."""
    what = f"{artifact.package} {artifact.version} at {crates.index.name}"
    if crates.api is None:
        return Unseen(what=what, why=f"{crates.index.name} has no API", help="its config.json names none")
    return await document(http, what, crates.api, _version_path(artifact), says_missing=says_missing)


def says_missing(body: Json) -> bool:
    """Tell the shape of the errors of a registry: https://doc.rust-lang.org/cargo/reference/registry-web-api.html."""
    match body:
        case {"errors": [{"detail": str()}, *_]}:
            return True
    return False


async def file_digests(http: Http, crates: Crates, artifact: Artifact, *, kept: bool = False) -> Digests | Unseen:
    """Read the crate's file as the registry serves it."""
    return await digests(http, f"the file of {artifact.package} {artifact.version} at {crates.index.name}", crates.files, crates.file(artifact), kept=kept)
