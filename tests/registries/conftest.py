"""Three registries that are served, and a candidate of one file for each."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lockstep.app import release_act, release_status
from lockstep.config import RegistriesConfig
from lockstep.evidence import http
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import Addresses, addresses
from lockstep.release.candidate import Artifact, ArtifactKind, Registry
from lockstep.release.observation import Observation
from tests.gate.standin import serve
from tests.registries import standin


class Clock:
    """Stands in for the module `time` where somebody waits: a second is over when it was slept, however long the machine takes.

    `then` is what happens meanwhile.
    """

    def __init__(self) -> None:
        self.now, self.slept = time.monotonic(), list[float]()
        self.then: Callable[[], object] = list

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.then()


OBSERVERS = {Registry.CRATES_IO: crates_io.observe, Registry.PYPI: pypi.observe, Registry.NPM: npm.observe}


def artifact(registry: Registry, package: str, name: str, kind: ArtifactKind, data: bytes, version: str = "1.0.0") -> Artifact:
    integrity = f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}" if registry is Registry.NPM else ""
    digest = hashlib.sha256(data).hexdigest()
    return Artifact(registry=registry, package=package, version=version, name=name, kind=kind, size=len(data), sha256=digest, integrity=integrity)


CRATE = artifact(Registry.CRATES_IO, "egg-core", "egg-core-1.0.0.crate", ArtifactKind.CRATE, b"crate")
WHEEL = artifact(Registry.PYPI, "Egg_Core", "egg_core-1.0.0-py3-none-any.whl", ArtifactKind.WHEEL, b"wheel")
TARBALL = artifact(Registry.NPM, "@spam/egg", "spam-egg-1.0.0.tgz", ArtifactKind.NPM, b"tarball")
ONE = {Registry.CRATES_IO: CRATE, Registry.PYPI: WHEEL, Registry.NPM: TARBALL}
BYTES = {CRATE.id: b"crate", WHEEL.id: b"wheel", TARBALL.id: b"tarball"}


@dataclass
class World:
    """The registries, and what is asked of them."""

    crates: standin.Crates
    pypi: standin.PyPI
    npm: standin.Npm

    def of(self, registry: Registry) -> standin.Registry:
        return {Registry.CRATES_IO: self.crates, Registry.PYPI: self.pypi, Registry.NPM: self.npm}[registry]

    @property
    def config(self) -> RegistriesConfig:
        return RegistriesConfig(
            crates_io=f"sparse+{self.crates.url}/index/", pypi=f"{self.pypi.url}/simple/", pypi_api=f"{self.pypi.url}/pypi", npm=self.npm.url
        )

    @property
    def addresses(self) -> Addresses:
        return addresses(self.config, {}, "/nowhere")

    def publish(self, one: Artifact, data: bytes | None = None) -> None:
        """Let a registry have a file, with other bytes if any are given."""
        data = BYTES[one.id] if data is None else data
        match one.registry:
            case Registry.CRATES_IO:
                self.crates.add(one.package, one.version, data)
            case Registry.PYPI:
                self.pypi.add(one.name, one.package, one.version, data)
            case Registry.NPM:
                self.npm.add(one.package, one.version, data)

    def observe(self, *artifacts: Artifact, where: Addresses | None = None, seconds: float = 10.0) -> list[Observation]:
        """Ask for artifacts of one registry."""

        async def ask() -> list[Observation]:
            async with http.Http(time.monotonic() + seconds, lambda _: None) as client:
                registry = artifacts[0].registry
                return await OBSERVERS[registry](client, (where or self.addresses)[registry], artifacts)

        return asyncio.run(ask())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let those who wait for registries wait on a clock of their own."""
    made = Clock()
    for module in (release_status, release_act):
        monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(http, "LARGEST", 2**20)
    with serve(standin.Crates(), standin.Handler) as crates, serve(standin.PyPI(), standin.Handler) as index, serve(standin.Npm(), standin.Handler) as packages:
        yield World(crates, index, packages)
