"""The bytes that registries serve of a release's files, read to their end: each registry is asked once where its files lie."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from lockstep.evidence.http import Digests, Http
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import Addresses
from lockstep.release.candidate import Artifact, Registry
from lockstep.workflow.commit_runs import Unseen


class Serving:
    """Reads files of crates.io, PyPI and npm; `crates` is the registry of crates as its description has it, None where it was not asked."""

    def __init__(self, http: Http, addresses: Addresses, crates: crates_io.Crates | Unseen | None, urls: Mapping[str, dict[str, str] | Unseen]) -> None:
        self.crates = crates
        self._http = http
        self._addresses = addresses
        self._urls = urls

    @classmethod
    async def of(cls, http: Http, addresses: Addresses, artifacts: Sequence[Artifact]) -> Serving:
        """Ask where the files of artifacts lie."""
        crates = await crates_io.opened(http, addresses[Registry.CRATES_IO]) if any(one.registry is Registry.CRATES_IO for one in artifacts) else None
        projects = sorted({one.package for one in artifacts if one.registry is Registry.PYPI})
        found = await asyncio.gather(*(pypi.file_urls(http, addresses[Registry.PYPI], one) for one in projects))
        return cls(http, addresses, crates, dict(zip(projects, found, strict=True)))

    async def file(self, one: Artifact, *, kept: bool = False) -> Digests | Unseen:
        """Read a file, and keep its bytes where they are wanted."""
        address = self._addresses[one.registry]
        match one.registry:
            case Registry.CRATES_IO:
                assert self.crates is not None
                return self.crates if isinstance(self.crates, Unseen) else await crates_io.file_digests(self._http, self.crates, one, kept=kept)
            case Registry.PYPI:
                return await pypi.file_digests(self._http, address, one, self._urls[one.package], kept=kept)
        return await npm.file_digests(self._http, address, one, kept=kept)
