"""What all registries say of a candidate, in parallel: every file of it, and whatever is there beside it."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence

from lockstep.dataclass import dataclass, replace
from lockstep.evidence.github import Api
from lockstep.evidence.http import Http
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import Addresses
from lockstep.evidence.registries.asking import now, unlisted
from lockstep.evidence.registries.github import NoRelease, Release, Repository
from lockstep.release.candidate import FILE, SUMS, Artifact, Candidate, Registry, sums, written
from lockstep.release.listing import Listing, judged
from lockstep.release.observation import Observation, State, Visibility
from lockstep.release.owed import Standing, standing_beside
from lockstep.workflow.commit_runs import Unseen

PATIENCE = 60.0
"""Seconds that one look may take, beside the time that a registry wants between two requests."""
_OBSERVERS = {Registry.CRATES_IO: crates_io.observe, Registry.PYPI: pypi.observe, Registry.NPM: npm.observe}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `slug` is the repository on GitHub, "" where none is known; `on_github` says whether a release there is wanted.

    `writes` says that the token is one that may write contents, and so sees drafts: without it GitHub's silence about a draft proves nothing.
    """

    candidate: Candidate
    addresses: Addresses
    api: Api
    slug: str = ""
    on_github: bool = True
    writes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen: of each artifact; of the tag and of files beside the candidate (`others`), of which conflicts stop everything.

    `visibility` is None where no release on GitHub is wanted, `release` where there is none or it could not be seen. `requests` were sent.
    """

    observations: tuple[Observation, ...]
    others: tuple[Observation, ...] = ()
    visibility: Visibility | None = None
    release: Release | None = None
    requests: int = 0

    @property
    def conflicts(self) -> tuple[Observation, ...]:
        """What a plan must know beside the artifacts."""
        return tuple(one for one in self.others if one.state is State.CONFLICT)


def look(question: Question, say: Callable[[str], None]) -> Seen:
    """Ask all registries once; `say` is told why one is asked again."""
    return asyncio.run(_look(question, say))


async def _look(question: Question, say: Callable[[str], None]) -> Seen:
    crates = sum(one.registry is Registry.CRATES_IO for one in question.candidate.artifacts)
    async with Http(time.monotonic() + PATIENCE + crates * crates_io.PACE, say) as http:
        return await observe(http, question)


async def observe(http: Http, question: Question) -> Seen:
    """Ask all registries through a client that has the deadline."""
    by_registry = {one: [file for file in question.candidate.artifacts if file.registry is one] for one in Registry}
    before = http.requests
    asked = [observer(http, question.addresses[one], by_registry[one]) for one, observer in _OBSERVERS.items() if by_registry[one]]
    seen, found = await asyncio.gather(_on_github(http, question, by_registry[Registry.GITHUB]), asyncio.gather(*asked))
    mine = {one.id for one in question.candidate.artifacts}
    all_ = [*(one for many in found for one in many), *seen.observations]
    return Seen(
        observations=tuple(one for one in all_ if one.artifact in mine),
        others=(*(_placed(question.candidate, one) for one in all_ if one.artifact not in mine), *seen.others),
        visibility=seen.visibility,
        release=seen.release,
        requests=http.requests - before,
    )


def _placed(candidate: Candidate, one: Observation) -> Observation:
    """Say of a file that a registry of packages has and the candidate does not, whether another part of the release may have it."""
    found = standing_beside(candidate, one.artifact.partition(":")[2])
    if found is Standing.FOREIGN:
        why = "no job of the release workflow builds it" if candidate.beside is not None else one.why
        return replace(one, why=why)
    why = (
        "another part of the release has it"
        if found is Standing.OWED
        else "it is not told which files its package has: another part of the release may have it"
    )
    return replace(one, state=State.BESIDE, why=why)


async def _on_github(http: Http, question: Question, assets: Sequence[Artifact]) -> Seen:
    if not question.on_github and not assets:
        return Seen(observations=())
    if not question.slug:
        return _unseen(assets, Listing(endpoint="", at=now(), unseen="it is not known which repository on GitHub this is"))
    candidate = question.candidate
    repository = Repository(question.api, http, question.slug)
    found, tag = await asyncio.gather(repository.release(candidate.tag), repository.tag(candidate.tag, candidate.commit))
    match found:
        case Release():
            beside = _beside(candidate, assets, found.listing)
            observations = tuple(judged(one, found.listing) for one in assets)
            return Seen(observations=observations, others=(tag, *beside), visibility=found.visibility, release=found)
        case NoRelease() if found.certain or question.writes:
            listing = Listing(endpoint=found.endpoint, at=found.at)
            return Seen(observations=tuple(judged(one, listing) for one in assets), others=(tag,), visibility=Visibility.NONE)
        case NoRelease():
            why = "there is no public release of the tag, and a draft is shown only to a token that may write contents: set GH_TOKEN to one"
            return _unseen(assets, Listing(endpoint=found.endpoint, at=found.at, unseen=why), tag)
        case Unseen():
            return _unseen(assets, unlisted(repository.api.server, repository.url("/releases"), found), tag)


def _unseen(assets: Sequence[Artifact], listing: Listing, *others: Observation) -> Seen:
    id_, why = f"{Registry.GITHUB}:release", listing.unseen
    release = Observation(artifact=id_, state=State.UNSEEN, endpoint=listing.endpoint, at=listing.at, why=why, again=listing.again)
    return Seen(observations=tuple(judged(one, listing) for one in assets), others=(*others, release), visibility=Visibility.UNSEEN)


def _beside(candidate: Candidate, assets: Sequence[Artifact], listing: Listing) -> Iterator[Observation]:
    """Find assets of the release that are not what the candidate says: of another digest, or none of its files."""
    mine = {one.name for one in assets}
    known = {one.name: one.sha256 for one in candidate.artifacts}
    known |= {FILE: _sha256(written(candidate)), SUMS: _sha256(sums(candidate))}
    for name, one in sorted(listing.files.items()):
        if name in mine or name in candidate.attestations or (name in known and one.digest == known[name]):
            continue
        state, why = State.CONFLICT, "the candidate does not have this file"
        if name in known:
            why = f"sha256 {one.digest} is there, {known[name]} is the candidate's"
        if one.unfinished or (name in known and not one.digest):
            state, why = State.UNSEEN, one.unfinished or "GitHub states no digest of it"
        yield Observation(artifact=f"{Registry.GITHUB}:{name}", state=state, digest=one.digest, endpoint=listing.endpoint, at=listing.at, why=why)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
