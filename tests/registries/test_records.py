"""What tells who published a file, and from where: the records that a proof stands on, each with its absence told from its being unseen."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from lockstep.dataclass import replace
from lockstep.evidence.github import Api
from lockstep.evidence.http import Http, Server
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.asking import Document, Missing
from lockstep.evidence.registries.github import Repository
from lockstep.release.candidate import Registry
from lockstep.workflow.commit_runs import Unseen
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.standin import says, serve, status
from tests.registries.conftest import CRATE, TARBALL, WHEEL, World

T = TypeVar("T")
Record = Document | Missing | Unseen


def ask(question: Callable[[Http], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Http(time.monotonic() + 5, lambda _: None) as http:
            return await question(http)

    return asyncio.run(run())


async def _crate(http: Http, world: World) -> Record:
    crates = await crates_io.opened(http, world.addresses[Registry.CRATES_IO])
    assert isinstance(crates, crates_io.Crates)
    return await crates_io.version(http, crates, CRATE)


async def _wheel(http: Http, world: World) -> Record:
    integrity = Server(name="PyPI", url=f"{world.pypi.url}/integrity")
    return await pypi.provenance(http, replace(world.addresses[Registry.PYPI], integrity=integrity), WHEEL)


async def _tarball(http: Http, world: World) -> Record:
    return await npm.attestations(http, world.addresses[Registry.NPM], TARBALL)


RECORDS = {
    Registry.CRATES_IO: (_crate, "/api/", {"version": {"trustpub_data": {"provider": "github", "repository": "spam/eggs"}}}),
    Registry.PYPI: (_wheel, "/integrity/egg-core/1.0.0/", {"version": 1, "attestation_bundles": [{"publisher": {"kind": "GitHub"}}]}),
    Registry.NPM: (_tarball, "/-/npm/v1/attestations/@spam%2Fegg@1.0.0", {"attestations": [{"predicateType": "https://slsa.dev/provenance/v1"}]}),
}


@pytest.mark.parametrize("registry", RECORDS)
def test_a_record_is_there_or_not_or_unseen(registry: Registry, world: World) -> None:
    record, path, body = RECORDS[registry]
    found = ask(lambda http: record(http, world))
    assert isinstance(found, Missing)
    assert found.certain
    world.of(registry).fault(path, says(json.dumps(body).encode()))
    found = ask(lambda http: record(http, world))
    assert isinstance(found, Document)
    assert found.body == body
    assert path in found.endpoint
    world.of(registry).fault(path, status(404, "<html>", "text/html"))
    found = ask(lambda http: record(http, world))
    assert isinstance(found, Missing)
    assert not found.certain
    world.of(registry).fault(path, status(403, "no"))
    assert isinstance(ask(lambda http: record(http, world)), Unseen)


def test_an_index_that_offers_no_provenance_says_so(world: World) -> None:
    without = replace(world.addresses[Registry.PYPI], integrity=None)
    assert isinstance(ask(lambda http: pypi.provenance(http, without, WHEEL)), Unseen)


def test_github_has_the_bundles_of_a_digest() -> None:
    bundle = {"bundle": {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}, "repository_id": 1}
    with serve(ReleaseHub(attestations={f"sha256:{WHEEL.sha256}": [bundle]}), ReleaseHandler) as hub:
        found = ask(lambda http: Repository(Api(url=hub.url), http, hub.name).attestations(WHEEL.sha256))
        none = ask(lambda http: Repository(Api(url=hub.url), http, hub.name).attestations(CRATE.sha256))
    assert (found, none) == ({"attestations": [bundle]}, {"attestations": []})
