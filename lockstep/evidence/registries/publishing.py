"""What crates.io, PyPI and npm say of who may publish a package, and of who published its last version. Read, and not verified: signatures are not looked at.

Sources: https://crates.io/docs/trusted-publishing and crates.io's `GET /api/v1/crates/{crate}` (`trustpub_only`, `versions[].trustpub_data`) and
`GET /api/v1/trusted_publishing/github_configs`; https://docs.pypi.org/api/integrity/ (PEP 740); https://docs.npmjs.com/trusted-publishers,
https://github.com/npm/attestation/tree/main/specs/publish/v0.1, https://slsa.dev/spec/v1.0/provenance
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from lockstep.dataclass import replace as with_
from lockstep.evidence.http import Http, Json, Server, origin
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import CRATES_IO, Address, Addresses
from lockstep.evidence.registries.asking import Document, Missing, document
from lockstep.release.candidate import Artifact, ArtifactKind, Registry
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.publishers import OWNER, Published, Publisher
from lockstep.workflow.registries import CRATES_IO as CRATES
from lockstep.workflow.registries import NPM, PYPI

PATIENCE = 60.0
"""Seconds that all questions together may take, beside the time that crates.io wants between two requests."""
_REGISTRIES = {CRATES: Registry.CRATES_IO, PYPI: Registry.PYPI, NPM: Registry.NPM}


def ask_publishers(addresses: Addresses, packages: Sequence[Published], say: Callable[[str], None]) -> tuple[Published, ...]:
    """Ask the registries about packages, of which registry, name and place are known."""
    return asyncio.run(_ask(addresses, packages, say))


async def _ask(addresses: Addresses, packages: Sequence[Published], say: Callable[[str], None]) -> tuple[Published, ...]:
    crates = [one for one in packages if one.registry == CRATES]
    async with Http(time.monotonic() + PATIENCE + 2 * len(crates) * crates_io.PACE, say) as http:
        opened = await crates_io.opened(http, addresses[Registry.CRATES_IO]) if crates else None
        return tuple(await asyncio.gather(*(_one(http, addresses[_REGISTRIES[one.registry]], opened, one) for one in packages)))


async def _one(http: Http, address: Address, crates: crates_io.Crates | Unseen | None, one: Published) -> Published:
    if address.fault:
        return _blind(one, Unseen(what=one.package, why=address.fault, help="is its address right? see docs/release.md"))
    if one.registry == CRATES:
        if crates is None or isinstance(crates, Unseen):
            return one if crates is None else _blind(one, crates)
        return await _crate(http, address, crates, one)
    return await (_project(http, address, one) if one.registry == PYPI else _package(http, address.of_package(one.package), one))


def _blind(one: Published, unseen: Unseen) -> Published:
    return with_(one, blind=(*one.blind, unseen))


def _absent(one: Published, address: Address, found: Missing) -> Published:
    """Say that a registry has no such package, where it is its own word."""
    if address.mirror:
        return _blind(one, Unseen(what=one.package, why=f"{address.mirror} names a mirror, which does not have it", help="ask the registry itself"))
    if not found.certain:
        return _blind(one, _not_its_own(one.package))
    return with_(one, absent=True)


def _not_its_own(what: str) -> Unseen:
    return Unseen(
        what=what, why="the answer is 404, and not the registry's own", help="is something between here and there, a proxy or a mirror? ask the registry itself"
    )


def _malformed(one: Published, name: str) -> Published:
    return _blind(one, Unseen(what=one.package, why=f"{name} answers with another package's data, or with none", help="--verbose tells what was asked"))


# ---- crates.io


async def _crate(http: Http, address: Address, crates: crates_io.Crates, one: Published) -> Published:
    if crates.api is None:
        return _blind(one, Unseen(what=one.package, why=f"{crates.index.name} has no API", help="its config.json names none"))
    if crates.api.url == "https://crates.io":
        one = with_(one, page=f"https://crates.io/crates/{one.package}/settings")
    path = f"/api/v1/crates/{quote(one.package, safe='')}?include=default_version"
    found = await document(http, f"{one.package} at {crates.index.name}", crates.api, path, says_missing=crates_io.says_missing)
    match found:
        case Unseen():
            return _blind(one, found)
        case Missing():
            return _absent(one, address, found)
        case Document(body={"crate": {"name": str(name), "default_version": str(version), **crate}, "versions": list(versions)}):
            said = next((row for row in versions if isinstance(row, dict) and row.get("num") == version), None)
            if said is not None and name.lower().replace("_", "-") == one.package.lower().replace("_", "-") and "trustpub_data" in said:
                trusted, by = _trust(said["trustpub_data"])
                exclusive = crate.get("trustpub_only")
                one = with_(one, version=version, trusted=trusted, by=by, exclusive=exclusive if isinstance(exclusive, bool) else None)
                return await _with_records(http, address, crates, one)
    return _malformed(one, crates.index.name)


def _trust(said: Json) -> tuple[bool, tuple[Publisher, ...]]:
    """Read what crates.io keeps of the token by which a version was published; it does not name the workflow."""
    match said:
        case {"provider": "github", "repository": str(repository)}:
            return True, (Publisher(repository=repository),)
        case {"provider": str(provider), **rest}:
            project = rest.get("project_path")
            return True, (Publisher(repository=f"{provider}:{project if isinstance(project, str) else '?'}"),)
    return False, ()


async def _with_records(http: Http, address: Address, crates: crates_io.Crates, one: Published) -> Published:
    """Add who may publish, which crates.io shows to an owner."""
    what = f"who may publish {one.package}"
    server = _for_owners(address, crates)
    if server is None:
        return _blind(one, Unseen(what=what, why=f"{crates.index.name} shows that to an owner of the crate", help=OWNER))
    path = f"/api/v1/trusted_publishing/github_configs?crate={quote(one.package, safe='')}"
    found = await document(http, what, server, path, says_missing=crates_io.says_missing)
    match found:
        case Unseen():
            return _blind(one, with_(found, help=OWNER) if found.help.startswith(("its token", "lockstep did")) else found)
        case Document(body={"github_configs": list(items), **rest}):
            records = [_record(item) for item in items]
            good = [record for record in records if record is not None]
            match rest.get("meta"):
                case {"next_page": str()}:
                    return _blind(one, Unseen(what=what, why="there are more than one page of them", help="delete those that are not meant"))
            if len(good) == len(records):
                return with_(one, records=tuple(good))
    return _malformed(one, crates.index.name)


def _for_owners(address: Address, crates: crates_io.Crates) -> Server | None:
    """Give the API with the token of the user, which goes to crates.io's own host, or to the host whose token it is."""
    api = crates.api
    if api is None:
        return None
    own = address.owner if origin(api.url) == origin("https://crates.io") and address.server.url == CRATES_IO else ""
    own = own or (address.server.authorization if origin(api.url) == address.server.origin else "")
    return replace(api, authorization=own) if own else None


def _record(item: Json) -> Publisher | None:
    match item:
        case {"repository_owner": str(owner), "repository_name": str(name), "workflow_filename": str(file), "environment": str() | None as environment}:
            return Publisher(repository=f"{owner}/{name}", workflow=file, environment=environment or "")
    return None


# ---- PyPI


async def _project(http: Http, address: Address, one: Published) -> Published:
    project = canonicalize_name(one.package)
    if address.server.name in ("PyPI", "TestPyPI"):
        host = "pypi.org" if address.server.name == "PyPI" else "test.pypi.org"
        one = with_(one, page=f"https://{host}/manage/project/{project}/settings/publishing/")
    found = await pypi.simple(http, address, project)
    match found:
        case Unseen():
            return _blind(one, found)
        case Missing():
            return await _no_project(http, address, one, found)
        case Document(body={"name": str(name), "files": list(items)}) if canonicalize_name(name) == project:
            files = [item for item in items if isinstance(item, dict) and isinstance(item.get("filename"), str)]
            if len(files) == len(items):
                version, last = _last({str(file["filename"]): file for file in files})
                return await _with_provenance(http, address, with_(one, version=version, absent=not version), last)
    return _malformed(one, address.server.name)


async def _no_project(http: Http, address: Address, one: Published, found: Missing) -> Published:
    if found.certain or address.api is None or address.mirror:
        return _absent(one, address, found)
    there = await pypi.is_there(http, address.api, canonicalize_name(one.package))
    if there is True:
        why = f"{found.endpoint} does not list it, and {address.api.name} has it"
        return _blind(one, Unseen(what=one.package, why=why, help="try again"))
    return with_(one, absent=True) if there is False else _blind(one, there)


def _last(files: dict[str, dict[str, Json]]) -> tuple[str, dict[str, dict[str, Json]]]:
    """Give the last version and its files: the highest release, else the highest pre-release; yanked files do not count."""
    found: dict[Version, dict[str, dict[str, Json]]] = {}
    for name, file in files.items():
        try:
            version = parse_wheel_filename(name)[1] if name.endswith(".whl") else parse_sdist_filename(name)[1]
        except (InvalidSdistFilename, InvalidWheelFilename):
            continue
        if file.get("yanked", False) is False:
            found.setdefault(version, {})[name] = file
    if not found:
        return "", {}
    last = max(found, key=lambda one: (not one.is_prerelease, one))
    return str(last), found[last]


async def _with_provenance(http: Http, address: Address, one: Published, files: dict[str, dict[str, Json]]) -> Published:
    asked = [name for name, file in files.items() if file.get("provenance", "") is not None]
    known = await asyncio.gather(*(pypi.provenance(http, address, _file(one, name)) for name in asked))
    without = [name for name in files if name not in asked]
    by: list[Publisher] = []
    for name, found in zip(asked, known, strict=True):
        match found:
            case Unseen():
                one = _blind(one, found)
            case Missing(certain=False):
                one = _blind(one, _not_its_own(name))
            case Missing():
                without.append(name)
            case Document(body={"attestation_bundles": list(bundles)}):
                read = [_publisher(bundle) for bundle in bundles]
                by += [publisher for publisher in read if publisher is not None]
                without += [name] if not read else []
                one = _malformed(one, address.server.name) if None in read else one
            case _:
                one = _malformed(one, address.server.name)
    if one.blind:  # one reason is enough: they are of one server
        one = with_(one, blind=one.blind[:1])
    return with_(one, trusted=True if by else None, by=tuple(dict.fromkeys(by)), files=tuple(files), unattested=tuple(sorted(without)))


def _file(one: Published, name: str) -> Artifact:
    return Artifact(registry=Registry.PYPI, package=one.package, version=one.version, name=name, kind=ArtifactKind.WHEEL, size=0, sha256="")


def _publisher(bundle: Json) -> Publisher | None:
    match bundle:
        case {"publisher": {"kind": "GitHub", "repository": str(repository), "workflow": str(workflow), **rest}}:
            environment = rest.get("environment")
            return Publisher(repository=repository, workflow=workflow, environment=environment if isinstance(environment, str) else "")
        case {"publisher": {"kind": str(kind), **rest}}:
            named = rest.get("repository")
            return Publisher(repository=f"{kind}:{named}" if isinstance(named, str) else kind)
    return None


# ---- npm


async def _package(http: Http, address: Address, one: Published) -> Published:
    server = address.server
    if server.name == "npm":
        one = with_(one, page=f"https://www.npmjs.com/package/{one.package}/access")
    found = await npm.packument(http, server, _tarball(one))
    match found:
        case Unseen():
            return _blind(one, found)
        case Missing():
            return _absent(one, address, found)
        case Document(body={"name": one.package, "dist-tags": {"latest": str(version)}}):
            one = with_(one, version=version)
        case _:
            return _malformed(one, server.name)
    document_ = await npm.version(http, server, _tarball(one))
    match document_:
        case Unseen():
            return _blind(one, document_)
        case Document(body={"name": one.package, "version": one.version, "dist": dict(dist), **rest}):
            return await _with_attestations(http, address, one, rest.get("_npmUser"), attested=isinstance(dist.get("attestations"), dict))
    return _malformed(one, server.name)


async def _with_attestations(http: Http, address: Address, one: Published, user: object, *, attested: bool) -> Published:
    """Add who published a version: npm names a trusted publisher in `_npmUser`, and its workflow in the provenance alone."""
    if not isinstance(user, dict) and not attested:
        why = f"{address.server.name} does not say who published a version: is it a mirror?"
        return _blind(one, Unseen(what=one.package, why=why, help="ask the registry itself: registries.npm"))
    trusted = isinstance(user.get("trustedPublisher"), dict) if isinstance(user, dict) else None
    one = with_(one, trusted=trusted, files=("the tarball",))
    if not attested:
        return with_(one, unattested=one.files)
    found = await npm.attestations(http, address, _tarball(one))
    match found:
        case Unseen():
            return _blind(one, found)
        case Document(body={"attestations": list(items)}):
            by = tuple(dict.fromkeys(publisher for item in items for publisher in _provenance(item)))
            if by:
                return with_(one, by=by)
    return _malformed(one, address.server.name)


def _tarball(one: Published) -> Artifact:
    return Artifact(registry=Registry.NPM, package=one.package, version=one.version, name="", kind=ArtifactKind.NPM, size=0, sha256="")


def _provenance(item: Json) -> Iterable[Publisher]:
    """Read the statement of an SLSA provenance, of version 1 or 0.2."""
    match item:
        case {"predicateType": str(kind), "bundle": {"dsseEnvelope": {"payload": str(payload)}}} if "slsa.dev/provenance" in kind:
            try:
                statement = json.loads(base64.b64decode(payload, validate=True))
            except (ValueError, RecursionError):
                return
        case _:
            return
    match statement:
        case {"predicate": {"buildDefinition": {"externalParameters": {"workflow": {"repository": str(repository), "path": str(path)}}}}}:
            pass
        case {"predicate": {"invocation": {"configSource": {"uri": str(repository), "entryPoint": str(path)}}}}:
            pass
        case _:
            return
    name = repository.removeprefix("git+").partition("@")[0].removeprefix("https://github.com/").removesuffix(".git")
    yield Publisher(repository=name, workflow=path.rpartition("/")[2])
