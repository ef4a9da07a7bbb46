"""What becomes of something that was sent: accepted, refused, or nobody knows. Only an answer that says no is one: what failed may be there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lockstep.dataclass import dataclass, field
from lockstep.evidence.http import Answer, Server, parsed, quoted
from lockstep.evidence.reach import Fault
from lockstep.evidence.registries.addresses import Address
from lockstep.release.built_file import BuiltFile
from lockstep.release.candidate import Artifact, Candidate
from lockstep.workflow.commit_runs import Unseen

REFUSING = frozenset(range(400, 500)) - {408, 409, 425, 429}
"""Answers by which a registry says no; a 409 and what asks for patience say nothing of what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of it: `accepted` is None where nobody knows. `said` is the registry's own word, as a sentence without a token; `help` the way out."""

    accepted: bool | None
    said: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Why bytes must not be sent, a part of a sentence, and the way out."""

    why: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A crate in the work tree: its manifest there, and the commit that is checked out."""

    manifest: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that is to be published: its bytes, what it tells of itself, and the attestations beside it. Of a crate that cargo packs there is `crate` alone.

    `root` is the repository, of which no program is run. `options` are what was asked for: `provenance`, `tag` and `access` of npm.
    """

    candidate: Candidate
    artifact: Artifact
    address: Address
    root: Path
    data: bytes = field(default=b"", repr=False)
    file: BuiltFile | None = None
    crate: Crate = field(default_factory=lambda: Crate(manifest="Cargo.toml", commit=""))
    attestations: tuple[bytes, ...] = field(default=(), repr=False)
    options: Mapping[str, str] = field(default_factory=dict)


def sent(server: Server, answer: Answer | Unseen) -> Sent:
    """Say what an answer to what was sent means."""
    if isinstance(answer, Unseen):
        return Sent(accepted=None, said=f"{server.name}: {answer.why}", help=answer.help)
    said = f"{server.name} answers {answer.status}{quoted(server, _words(answer.body))}"
    if 200 <= answer.status < 300:
        return Sent(accepted=True, said=said)
    if 300 <= answer.status < 400:
        return Sent(accepted=False, said=f"{said}: it is elsewhere, and nothing is sent on", help="is its address right? see docs/release.md")
    hints = {
        401: "the token is expired, or of another registry",
        403: "the token may not publish this: of which project is it, and is the publisher of this workflow and environment known there?",
        429: "it wants to be asked more slowly: try again later",
    }
    refuses = answer.status in REFUSING
    return Sent(accepted=False if refuses else None, said=said, help=hints.get(answer.status, "" if refuses else "try again"))


def _words(body: bytes) -> str:
    """Give what a server says of itself: of JSON the message, of a short text the text."""
    found = parsed(body)
    match found:
        case {"errors": [{"detail": str(said)}, *_]} | {"error": str(said)} | {"message": str(said)}:
            return said
        case Fault() if not body.lstrip().startswith(b"<"):
            return body.decode(errors="replace")
    return ""
