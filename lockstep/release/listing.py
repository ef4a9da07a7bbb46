"""What a registry lists of a version's files, and what follows of a file of the candidate: its state, never guessed.

A registry says it at two places: where installers read (an index), and where it answers for what it has accepted (its API), which is asked about what
the index does not show. A file is absent when both say so, and pending when the API alone has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from lockstep.dataclass import dataclass, field
from lockstep.release.candidate import Artifact, Registry
from lockstep.release.observation import Observation, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file as it is listed: its digest there, as the candidate writes it ("" where none is stated), and why it was withdrawn (None where it was not).

    `unfinished` says why it is not there in full yet.
    """

    digest: str
    withdrawn: str | None = None
    unfinished: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of a version by their names as one place lists them, who said so, and when (ISO 8601, UTC).

    `unseen` is why it could not be asked, `again` whether it may answer a moment later.
    """

    endpoint: str
    at: str
    files: Mapping[str, Listed] = field(default_factory=dict)
    unseen: str = ""
    again: bool = False


def digest_of(artifact: Artifact) -> str:
    """Give the digest by which an artifact's registry knows it."""
    return artifact.integrity if artifact.registry is Registry.NPM else artifact.sha256


def is_open(artifact: Artifact, shown: Listing) -> bool:
    """Say whether what installers are shown leaves open what there is of a file, so that the API has to be asked."""
    return bool(shown.unseen) or artifact.name not in shown.files


def judged(artifact: Artifact, shown: Listing, accepted: Listing | None = None, mirror: str = "") -> Observation:
    """Say what there is of a file: `shown` is what installers read, `accepted` what the API says, where it has one and was asked.

    `mirror` is the setting by which a mirror was asked in the registry's place: it says nothing of what it does not have.
    """
    if not shown.unseen and (found := shown.files.get(artifact.name)) is not None:
        return _of_listed(artifact, shown, found)
    if accepted is not None and not accepted.unseen and (found := accepted.files.get(artifact.name)) is not None:
        seen = _of_listed(artifact, accepted, found)
        if seen.state is not State.VERIFIED:
            return seen
        if shown.unseen:
            return _observation(artifact, shown, State.UNSEEN, why=f"it was accepted, and whether installers see it is not known: {shown.unseen}")
        return _observation(artifact, shown, State.PENDING, digest=seen.digest, why=f"{accepted.endpoint} has it, {shown.endpoint} does not show it yet")
    for one in (shown, accepted):
        if one is not None and one.unseen:
            return _observation(artifact, one, State.UNSEEN, why=one.unseen)
    said = accepted or shown
    if mirror:
        why = f"{mirror} names a mirror, and what that does not have may be at {artifact.registry} all the same"
        return _observation(artifact, said, State.UNSEEN, why=why)
    return _observation(artifact, said, State.ABSENT)


def strangers(registry: Registry, known: Collection[str], listings: Collection[Listing]) -> Iterator[Observation]:
    """Find files of a version that the candidate does not have; `known` are the names of those that it has."""
    found = {name: (listing, one) for listing in listings if not listing.unseen for name, one in listing.files.items() if name not in known}
    for name, (listing, one) in sorted(found.items()):
        why = "the candidate does not have this file"
        yield Observation(artifact=f"{registry}:{name}", state=State.CONFLICT, digest=one.digest, endpoint=listing.endpoint, at=listing.at, why=why)


def _of_listed(artifact: Artifact, listing: Listing, found: Listed) -> Observation:
    wanted = digest_of(artifact)
    if found.unfinished:
        return _observation(artifact, listing, State.PENDING, why=found.unfinished)
    if not found.digest or not wanted:
        whose = f"{_name(listing)} states" if not found.digest else "the candidate has"
        return _observation(artifact, listing, State.UNSEEN, why=f"{whose} no digest by which the two could be compared")
    if found.digest != wanted:
        return _observation(artifact, listing, State.CONFLICT, digest=found.digest, why=f"{found.digest} is there, {wanted} is the candidate's")
    if found.withdrawn is not None:
        return _observation(artifact, listing, State.YANKED, digest=found.digest, why=found.withdrawn)
    return _observation(artifact, listing, State.VERIFIED, digest=found.digest)


def _observation(artifact: Artifact, listing: Listing, state: State, *, digest: str = "", why: str = "") -> Observation:
    again = state is State.UNSEEN and listing.again
    return Observation(artifact=artifact.id, state=state, digest=digest, endpoint=listing.endpoint, at=listing.at, why=why, again=again)


def _name(listing: Listing) -> str:
    return listing.endpoint.partition("://")[2].partition("/")[0] or "it"
