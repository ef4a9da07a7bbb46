"""How a registry is asked for a document, and what counts as its own word that it has none: a 404 in the shape of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lockstep.dataclass import dataclass
from lockstep.evidence.headers import kind
from lockstep.evidence.http import Answer, Digests, FileRead, Http, Json, Server, is_loopback, origin, parsed, refused
from lockstep.evidence.reach import Fault
from lockstep.release.listing import Listing
from lockstep.workflow.commit_runs import Unseen

NOBODY_S = "the answer is 404, and not the registry's own; is something between here and there?"
"""What a 404 says that anybody may have given."""
LARGEST_FILE = 2 * 2**30
"""Bytes of the largest file that is downloaded."""
LARGEST_KEPT = 512 * 2**20
"""Bytes of the largest file whose content is kept; PyPI takes 100 MiB unless more was granted, crates.io 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a registry answered: JSON, the address that gave it, and when (ISO 8601, UTC)."""

    body: Json
    endpoint: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A registry's own word that it does not have what was asked for; `certain` is false where anybody could have said that, a proxy too."""

    endpoint: str
    at: str
    certain: bool = True


def now() -> str:
    """Give the time in UTC, as ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(url: str) -> str:
    """Give an address for a report: what follows a `?` may hold a secret."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


async def document(
    http: Http,
    what: str,
    server: Server,
    path: str,
    *,
    says_missing: Callable[[Json], bool],
    accept: str = "application/json",
    read: Callable[[bytes], Json | Fault] = parsed,
    largest: int | None = None,
) -> Document | Missing | Unseen:
    """Ask a server for a document; `says_missing` tells from the body of a 404 whether the registry itself says so."""

    def understood(answer: Answer) -> Document | Missing | Unseen:
        if answer.status in (404, 410, 451):
            body = parsed(answer.body)
            return Missing(endpoint=shown(answer.url), at=now(), certain=not isinstance(body, Fault) and says_missing(body))
        if answer.status != 200:
            return refused(what, server, answer)
        body = read(answer.body)
        if isinstance(body, Fault):
            return Unseen(what=what, why=f"{body}{kind(answer.headers)}", help="is something between here and there, a proxy or a login page?", again=True)
        return Document(body=body, endpoint=shown(answer.url), at=now())

    return await http.get(what, server, path, understood, headers={"Accept": accept}, largest=largest)


async def digests(http: Http, what: str, server: Server, url: str, *, kept: bool = False) -> Digests | Unseen:
    """Read a file to its end, and give its digests, with its bytes where they are to be `kept`.

    Its address is one that the registry itself names, and is sent no token elsewhere.
    """

    def understood(answer: Answer) -> Digests | Unseen:
        return answer.digests or refused(what, server, answer)

    at = origin(url)
    allowed = at.startswith("https:") or (at.startswith("http:") and is_loopback(server.host) and is_loopback(urlsplit(url).hostname or ""))
    server = replace(server, follow=server.follow | {at}) if allowed else server
    return await http.get(what, server, url, understood, headers={"Accept": "*/*"}, file=FileRead(largest=LARGEST_KEPT if kept else LARGEST_FILE, kept=kept))


def not_its_own(what: str) -> str:
    """Say of a 404 about something that nobody knows who said it."""
    return f"{what} could not be seen: {NOBODY_S}"


def unlisted(server: Server, path: str, unseen: Unseen) -> Listing:
    """Give a listing of what could not be seen."""
    return Listing(endpoint=shown(path if "://" in path else f"{server.url}{path}"), at=now(), unseen=f"{unseen.what}: {unseen.why}", again=unseen.again)
