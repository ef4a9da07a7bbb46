"""What PyPI, or an index like it, has of a version's files: the Simple API first, which pip and uv read, then the JSON API about what that does not show.

Sources: https://packaging.python.org/en/latest/specifications/simple-repository-api/ (PEP 691, 503, 592), https://docs.pypi.org/api/json/,
https://docs.pypi.org/api/integrity/ (PEP 740)
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from lockstep.evidence.http import Digests, Http, Json, Server, joined
from lockstep.evidence.registries import simple_html
from lockstep.evidence.registries.addresses import Address
from lockstep.evidence.registries.asking import Document, Missing, digests, document, not_its_own, unlisted
from lockstep.release.candidate import Artifact, Registry
from lockstep.release.listing import Listed, Listing, is_open, judged, strangers
from lockstep.release.observation import Observation
from lockstep.workflow.commit_runs import Unseen

SIMPLE = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
PROVENANCE = "application/vnd.pypi.integrity.v1+json"
LARGEST_PROJECT = 64 * 2**20
"""Bytes of the largest list of a project's files."""


async def observe(http: Http, address: Address, artifacts: Sequence[Artifact]) -> list[Observation]:
    """Say what there is of each file, and of files of the same versions that are not among them; a version is asked for once, whatever its files."""
    versions: dict[tuple[str, str], list[Artifact]] = {}
    for one in artifacts:
        versions.setdefault((canonicalize_name(one.package), one.version), []).append(one)
    found = await asyncio.gather(*(_observed(http, address, project, version, files) for (project, version), files in versions.items()))
    return [one for many in found for one in many]


async def _observed(http: Http, address: Address, project: str, version: str, files: Sequence[Artifact]) -> list[Observation]:
    known = {one.name for one in files}
    listing = await shown(http, address, project, version, known)
    accepted = None
    if address.api is not None and any(is_open(one, listing) for one in files):
        accepted = await _accepted(http, address.api, project, version)
    seen = [judged(one, listing, accepted, address.mirror) for one in files]
    return [*seen, *strangers(Registry.PYPI, known, [one for one in (accepted, listing) if one is not None])]


async def simple(http: Http, address: Address, project: str) -> Document | Missing | Unseen:
    """Ask the Simple API for the files of a project, of whatever version, by its normalised name."""
    path, read = f"/{quote(project, safe='')}/", partial(simple_html.read, project)
    what = f"{project} at {address.server.name}"
    return await document(http, what, address.server, path, says_missing=_says_missing, accept=SIMPLE, read=read, largest=LARGEST_PROJECT)


async def shown(http: Http, address: Address, project: str, version: str, known: Iterable[str] = ()) -> Listing:
    """Give what the Simple API lists of a version, by the names of its files, and of those that are `known` to be of it.

    That it has no such project is nobody's word in particular, and counts where the JSON API is asked too.
    """
    found = await simple(http, address, project)
    match found:
        case Unseen():
            return unlisted(address.server, f"/{project}/", found)
        case Missing():
            whose = found.certain or address.api is not None
            return Listing(endpoint=found.endpoint, at=found.at, unseen="" if whose else not_its_own(f"{project} at {address.server.name}"))
        case Document(body={"name": str(name), "files": list(items)}) if canonicalize_name(name) == project:
            listed = {one[0]: one[1] for item in items if (one := _simple_file(item)) is not None}
            if len(listed) == len(items):
                mine = {name: one for name, one in listed.items() if name in known or _is_of(name, version)}
                return Listing(endpoint=found.endpoint, at=found.at, files=mine)
    return Listing(endpoint=found.endpoint, at=found.at, unseen=f"{address.server.name} answers with another project's files, or with no list of them")


def _simple_file(item: Json) -> tuple[str, Listed] | None:
    match item:
        case {"filename": str(name), "hashes": dict(hashes), **rest}:
            digest = hashes.get("sha256")
            return name, Listed(digest=digest if isinstance(digest, str) else "", withdrawn=_withdrawn(rest.get("yanked", False)))
    return None


def _withdrawn(yanked: object) -> str | None:
    """Say why a file was yanked: PyPI gives the reason, or that it was."""
    if yanked in (False, None):
        return None
    return f"it was yanked: {' '.join(yanked[:160].split())}" if isinstance(yanked, str) and yanked.strip() else "it was yanked"


def _is_of(name: str, version: str) -> bool:
    """Say whether a file is of a version, by its name; one whose name says nothing is none of it."""
    try:
        found = parse_wheel_filename(name)[1] if name.endswith(".whl") else parse_sdist_filename(name)[1]
        return found == Version(version)
    except (InvalidSdistFilename, InvalidWheelFilename, InvalidVersion):
        return False


async def _accepted(http: Http, api: Server, project: str, version: str) -> Listing:
    path = f"/{quote(project, safe='')}/{quote(version, safe='')}/json"
    found = await document(http, f"{project} {version} at {api.name}", api, path, says_missing=_says_missing)
    match found:
        case Unseen():
            return unlisted(api, path, found)
        case Missing():
            return Listing(endpoint=found.endpoint, at=found.at, unseen="" if found.certain else not_its_own(f"{project} {version}"))
        case Document(body={"info": {"name": str(name), "version": str(said)}, "urls": list(items)}) if _is_this(name, said, project, version):
            listed = {one[0]: one[1] for item in items if (one := _json_file(item)) is not None}
            if len(listed) == len(items):
                return Listing(endpoint=found.endpoint, at=found.at, files=listed)
    return Listing(endpoint=found.endpoint, at=found.at, unseen=f"{api.name} answers with another project's data, or with none")


def _is_this(name: str, said: str, project: str, version: str) -> bool:
    try:
        return canonicalize_name(name) == project and Version(said) == Version(version)
    except InvalidVersion:
        return False


def _json_file(item: Json) -> tuple[str, Listed] | None:
    match item:
        case {"filename": str(name), "digests": {"sha256": str(digest)}, "yanked": bool(yanked), **rest}:
            return name, Listed(digest=digest, withdrawn=_withdrawn(rest.get("yanked_reason") or True) if yanked else None)
    return None


def _says_missing(body: Json) -> bool:
    """Tell how PyPI says in JSON that there is no such thing."""
    return isinstance(body, dict) and isinstance(body.get("message"), str)


async def is_there(http: Http, api: Server, project: str) -> bool | Unseen:
    """Ask the JSON API whether there is such a project, whatever its version: that the Simple API has none is nobody's word in particular."""
    what = f"{project} at {api.name}"
    found = await document(http, what, api, f"/{quote(project, safe='')}/json", says_missing=_says_missing, largest=LARGEST_PROJECT)
    if isinstance(found, Unseen):
        return found
    if isinstance(found, Missing) and not found.certain:
        return Unseen(what=what, why=not_its_own(what), help="try again")
    return isinstance(found, Document)


async def provenance(http: Http, address: Address, artifact: Artifact) -> Document | Missing | Unseen:
    """Ask for the attestations of a file, with the publisher of each: `attestation_bundles[].publisher` (PEP 740)."""
    what = f"the provenance of {artifact.name} at {address.server.name}"
    if address.integrity is None:
        return Unseen(what=what, why=f"{address.server.name} offers none that is known of", help="PyPI does")
    path = "/".join(quote(one, safe="") for one in (canonicalize_name(artifact.package), artifact.version, artifact.name, "provenance"))
    return await document(http, what, address.integrity, f"/{path}", says_missing=_says_missing, accept=PROVENANCE)


async def file_urls(http: Http, address: Address, project: str) -> dict[str, str] | Unseen:
    """Say where the files of a project lie, by their names, as the Simple API has it; empty where it lists none."""
    found = await simple(http, address, canonicalize_name(project))
    match found:
        case Unseen():
            return found
        case Document(body={"files": list(items)}):
            return {name: joined(found.endpoint, url) for item in items if isinstance(item, dict) for name, url in [_name_and_url(item)] if name}
    return {}


def _name_and_url(item: Mapping[str, Json]) -> tuple[str, str]:
    match item:
        case {"filename": str(name), "url": str(url)}:
            return name, url
    return "", ""


async def file_digests(http: Http, address: Address, artifact: Artifact, urls: Mapping[str, str] | Unseen, *, kept: bool = False) -> Digests | Unseen:
    """Read a file as the index serves it; `urls` are those of its project."""
    what = f"the file {artifact.name} at {address.server.name}"
    if isinstance(urls, Unseen):
        return urls
    if artifact.name not in urls:
        return Unseen(what=what, why="it is not listed", help="lockstep release status tells what is there")
    return await digests(http, what, address.server, urls[artifact.name], kept=kept)
