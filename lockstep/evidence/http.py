"""One client for every server that is asked: bounded in bytes, in time and in tries, and a token goes to its own server and to nobody else.

A redirect is followed to the addresses that a server is known to keep its files at, without the token, and nowhere else. On this machine itself no
proxy stands between. What could not be seen is told as such, and no message holds a token: what a server says is searched for it.

Sources: https://www.rfc-editor.org/rfc/rfc9110, https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import field
from hashlib import sha256, sha512
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar
from urllib.parse import urljoin, urlsplit

import lockstep
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.evidence.asynchronous import settle
from lockstep.evidence.headers import retry_after
from lockstep.evidence.reach import Fault, Reach, UnreachableError
from lockstep.workflow.commit_runs import Unseen

if TYPE_CHECKING:
    import httpx

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
T = TypeVar("T")

LARGEST = 16 * 2**20
"""Bytes of the largest answer that is kept; a hundred runs of GitHub are 2 MiB."""
TRIES = 4
PAUSE = 1.0
"""Seconds before the second try; each pause is twice the one before."""
CONNECT, ANSWER = 10.0, 30.0
"""Seconds that a connection and a whole answer may take."""
PARALLEL = 8
"""Requests that are under way at once."""
HOPS = 3
"""Redirects that are followed one after the other."""
AGENT = f"lockstep/{lockstep.__version__} (release automation)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server: its name in messages, its address without a slash at the end, and what it is sent as `Authorization` ("" for nothing).

    `follow` are the origins that a redirect may lead to, and that files may lie at: they are sent no token. `trouble` says where its operators tell
    of trouble, `pace` are the seconds that it wants between two requests.
    """

    name: str
    url: str
    authorization: str = field(default="", repr=False)
    follow: frozenset[str] = frozenset()
    trouble: str = ""
    pace: float = 0.0

    @property
    def host(self) -> str:
        """Its host, in lower case."""
        return urlsplit(self.url).hostname or ""

    @property
    def origin(self) -> str:
        """Its scheme, host and port."""
        return origin(self.url)

    def redacted(self, text: str) -> str:
        """Give a text of the server without the token, as it is sent and as it was before."""
        kind, _, secret = self.authorization.rpartition(" ")
        for one in (secret, basic_password(secret) if kind.lower() == "basic" else ""):
            text = text.replace(one, "***") if one else text
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What was read of a file: its size in bytes, SHA-256 in hex, and SHA-512 as npm writes it (`sha512-...`); its bytes where they were wanted."""

    size: int
    sha256: str
    integrity: str
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """How a file is read: of at most `largest` bytes, until the deadline; its bytes are `kept`, or its digests alone."""

    largest: int
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of a server: the status, the headers by their names in lower case, the body, and the address that gave it.

    `digests` stand for the body where they were asked for, and the status is 200.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    digests: Digests | None = None


def basic_password(said: str) -> str:
    """Give the password of what `Basic` sends; "" where it is none."""
    try:
        return b64decode(said, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def origin(url: str) -> str:
    """Give scheme, host and port of an address; "" for what has none, and for one that holds a name or a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return ""
    if not parts.hostname or port is None or parts.username is not None or parts.password is not None:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}"


def joined(url: str, reference: str) -> str:
    """Give the address that a reference leads to; "" for one that is none."""
    try:
        return urljoin(url, reference)
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_safe(url: str) -> bool:
    """Say whether an address may be asked, with a token too: https, or this machine itself, and nothing in it but host and path."""
    if not url.isascii() or not url.isprintable() or " " in url or not (at := origin(url)):
        return False
    parts = urlsplit(url)
    return not parts.query and not parts.fragment and (at.startswith("https://") or (at.startswith("http://") and is_loopback(parts.hostname or "")))


class Http:
    """Asks servers until `deadline`, on the clock of `time.monotonic`; `say` is told why one is asked once more. `requests` are those that were sent.

    A server that cannot be reached is tried for all by one request, and is not asked afterwards: `reach` knows it, from another client before too.
    """

    def __init__(self, deadline: float, say: Callable[[str], None], parallel: int = PARALLEL, reach: Reach | None = None) -> None:
        self.deadline = deadline
        self.requests = 0
        self._say = say
        self._places = asyncio.Semaphore(parallel)
        self._stack = AsyncExitStack()
        self._clients: dict[tuple[bool, bool], httpx.AsyncClient] = {}
        self._turns: dict[str, float] = {}
        self.reach = Reach() if reach is None else reach

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.reach.tell(self._say)
        await self._stack.aclose()

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    async def get(
        self,
        what: str,
        server: Server,
        path: str,
        read: Callable[[Answer], T | Unseen],
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int | None = None,
        file: FileRead | None = None,
    ) -> T | Unseen:
        """Ask for a path below the server's address, or for a whole address that is its own; `what` says in a message what is asked for.

        `read` makes of an answer, whatever its status, what is wanted; what it cannot see, and may see later, is asked for again. With `file` the body of
        an answer of status 200 is read as one.
        """
        unseen = Unseen(what=what, why="there was no time left to ask", help="try again, or give it more time: --wait SECONDS", again=True)
        lost: UnreachableError | None = None
        try:
            for number in range(TRIES):
                if self.left <= 0:
                    break
                lost = None
                try:
                    found = read(await self._ask(server, path, query or {}, headers or {}, LARGEST if largest is None else largest, file))
                except Fault as fault:
                    unseen = Unseen(what=what, why=str(fault), help="; ".join(filter(None, ("try again", server.trouble))), again=True)
                    lost = fault if isinstance(fault, UnreachableError) else None
                else:
                    if not isinstance(found, Unseen):
                        return found
                    unseen = found
                if lost is None:
                    self.reach.end(None)
                elif lost.at in self.reach.lost:
                    break
                elif not self.reach.tries(lost):
                    continue  # another request finds out for this one
                pause = unseen.wait or PAUSE * 2**number
                if not unseen.again or pause > self.left or number == TRIES - 1:
                    break
                self._say(f"{unseen.what}: {unseen.why}; once more in {pause:.0f} s")
                await asyncio.sleep(pause)
            return unseen
        finally:
            self.reach.end(lost)

    async def _ask(self, server: Server, path: str, query: Mapping[str, str | int], headers: Mapping[str, str], largest: int, file: FileRead | None) -> Answer:
        """Send a request, follow where it may be followed, and give the answer.

        Raises: Fault where there is none.
        """
        url = path if "://" in path else f"{server.url}{path}"
        for _ in range(HOPS + 1):
            if origin(url) not in {server.origin, *server.follow}:
                raise Fault(f"{server.name} names {_shown(url)}, which is not its own: it is not asked")
            await self.reach.admit(origin(url))
            await self._turn(server)
            async with self._places:
                answer = await self._send(server, "GET", url, query, headers, largest, file)
            target = joined(url, answer.headers.get("location", "")) if 300 <= answer.status < 400 else ""
            if not target or origin(target) not in server.follow:
                return answer
            url, query = target, {}
        raise Fault(f"{server.name} redirects without an end")

    async def send(
        self, what: str, server: Server, method: str, path: str, body: bytes, *, query: Mapping[str, str | int] | None = None, headers: Mapping[str, str]
    ) -> Answer | Unseen:
        """Send a body to a path below the server's address, or to a whole address that is its own: once, and never again, and no redirect is followed.

        Unseen is where no answer came: what was sent may have been accepted all the same.
        """
        url = path if "://" in path else f"{server.url}{path}"
        if origin(url) != server.origin:
            return Unseen(what=what, why=f"{server.name} names {_shown(url)}, which is not its own: nothing is sent there", help="tell who runs it")
        if self.left <= 0:
            return Unseen(what=what, why="there was no time left to send it", help="try again", again=True)
        try:
            await self.reach.admit(origin(url))
            await self._turn(server)
            async with self._places:
                return await self._send(server, method, url, query or {}, headers, LARGEST, content=body)
        except Fault as fault:
            return Unseen(what=what, why=server.redacted(str(fault)), help="; ".join(filter(None, ("try again", server.trouble))), again=True)

    async def _turn(self, server: Server) -> None:
        """Wait until a server that wants it slowly may be asked."""
        if server.pace:
            turn = max(time.monotonic(), self._turns.get(server.origin, 0.0))
            self._turns[server.origin] = turn + server.pace
            await asyncio.sleep(max(0.0, turn - time.monotonic()))

    async def _send(
        self,
        server: Server,
        method: str,
        url: str,
        query: Mapping[str, str | int],
        headers: Mapping[str, str],
        largest: int,
        file: FileRead | None = None,
        *,
        content: bytes | None = None,
    ) -> Answer:
        """Send one request and read its answer, within the limits; what has `content` may take until the deadline."""
        import httpx  # noqa: PLC0415 - a fifth of a second

        self.reach.check(origin(url))  # while there was no place it may have been lost
        client = await self._client(url)
        own = origin(url) == server.origin
        sent = {**headers, **({"Authorization": server.authorization} if own and server.authorization else {})}
        body, size, one, other = bytearray(), 0, sha256(), sha512()
        host = urlsplit(url).hostname
        self.requests += 1
        try:
            long = file is not None or content is not None
            async with asyncio.timeout(max(self.left if long else min(ANSWER, self.left), 0.001)):
                async with client.stream(method, url, params=dict(query) or None, headers=sent, content=content) as response:
                    file = file if response.status_code == 200 else None
                    async for chunk in response.aiter_raw():
                        size += len(chunk)
                        if size > (most := file.largest if file is not None else largest):
                            raise Fault(f"its answer does not end: more than {most // 2**20} MiB")
                        if file is not None:
                            one.update(chunk)
                            other.update(chunk)
                        if file is None or file.kept:
                            body += chunk
                    if file is None and response.headers.get("content-encoding", "identity").lower() != "identity":
                        raise Fault("its answer is compressed, which nobody asked for")
                    integrity = f"sha512-{b64encode(other.digest()).decode('ascii')}"
                    digests = None if file is None else Digests(size=size, sha256=one.hexdigest(), integrity=integrity, body=bytes(body))
                    whole = b"" if file is not None else bytes(body)
                    return Answer(status=response.status_code, headers=response.headers, body=whole, url=url, digests=digests)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            why = f"{host} does not answer" if isinstance(error, httpx.ConnectTimeout) else f"{host} cannot be reached ({type(error).__name__})"
            raise UnreachableError(origin(url), why) from None
        except TimeoutError:
            raise Fault("its answer did not end in time") from None
        except httpx.TimeoutException:
            raise Fault(f"{host} does not answer") from None
        except httpx.RemoteProtocolError:
            raise Fault("its answer broke off, or is not HTTP") from None
        except (httpx.TransportError, httpx.InvalidURL, OSError) as error:
            # the error's own words may hold what the environment says of a proxy, and its password
            raise Fault(f"{host} cannot be reached ({type(error).__name__})") from None

    async def _client(self, url: str) -> httpx.AsyncClient:
        """Give what sends to an address: without a proxy on this machine itself, and without certificates where none are read."""
        from ssl import PROTOCOL_TLS_CLIENT, SSLContext  # noqa: PLC0415 - heavy

        import httpx  # noqa: PLC0415 - likewise

        key = (is_loopback(urlsplit(url).hostname or ""), url.startswith("https:"))
        if key not in self._clients:
            settle()
            try:
                client = httpx.AsyncClient(
                    headers={"Accept-Encoding": "identity", "User-Agent": AGENT},  # the bytes that are counted are those that are read
                    follow_redirects=False,
                    timeout=httpx.Timeout(ANSWER, connect=CONNECT),
                    trust_env=not key[0],
                    verify=httpx.create_ssl_context() if key[1] else SSLContext(PROTOCOL_TLS_CLIENT),
                )
            except (ValueError, ImportError, httpx.InvalidURL):
                # not in their own words: a proxy's address may hold a password
                raise UsageError("the environment names a proxy that is not understood", help="HTTPS_PROXY=http://HOST:PORT, or none") from None
            self._clients[key] = client
            await self._stack.enter_async_context(client)
        return self._clients[key]


def _shown(url: str) -> str:
    """Give the host of an address for a message: the rest may hold a secret."""
    at = origin(url)
    return urlsplit(at).hostname or "an address" if at else "an address that is none"


def refused(what: str, server: Server, answer: Answer, said: str = "") -> Unseen:
    """Say what an answer means that is neither 200 nor 404; `said` is what the server says of itself, as a part of a sentence."""
    status, name = answer.status, server.name
    if status >= 500 or status in (408, 425, 429):
        wait = retry_after(answer.headers) or 0.0
        why = f"{name} answers {status}{said}"
        limited = f"{name} wants to be asked more slowly" + (f": again in {wait:.0f} s" if wait else "") if status == 429 else ""
        return Unseen(what=what, why=why, help=limited or "; ".join(filter(None, ("try again", server.trouble))), again=True, wait=wait)
    if 300 <= status < 400:
        target = joined(answer.url, answer.headers.get("location", ""))
        return Unseen(
            what=what, why=f"{name} answers {status}: it is at {_shown(target)}, which is not asked", help="is its address right? see docs/release.md"
        )
    if status in (401, 403):
        hint = "its token is expired, or may not read this" if server.authorization else "it wants a token: docs/release.md says from where one is taken"
        return Unseen(what=what, why=f"{name} does not show that ({status}){said}", help=hint)
    return Unseen(what=what, why=f"{name} answers {status}{said}", help="lockstep did not expect that; --verbose tells what was asked")


def parsed(body: bytes) -> Json | Fault:
    """Read JSON; what is none is a fault."""
    try:
        found: Json = json.loads(body)
    except RecursionError:
        return Fault("its answer is nested without end")
    except ValueError:
        return Fault("its answer is no JSON, or not all of it")
    return found


def quoted(server: Server, text: object) -> str:
    """Give what a server says of itself, as a part of a sentence; "" where it says nothing."""
    return f": {' '.join(server.redacted(text)[:160].split())}" if isinstance(text, str) and text.strip() else ""
