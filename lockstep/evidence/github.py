"""GitHub's REST API, as far as a gate needs it: `GET`, and what is not seen is told as such.

Every answer is bounded in bytes and in time, every retry in number and in time. The token goes to the API's host and nowhere else: redirects are
told, not followed, and on this machine itself no proxy stands between. It is in no message: what the server says is searched for it.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api and
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self, TypeAlias
from urllib.parse import urlsplit

import lockstep
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.workflow.commit_runs import Unseen

if TYPE_CHECKING:
    import httpx

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

PUBLIC = "https://api.github.com"
VERSION = "2022-11-28"
LARGEST = 16 * 2**20
"""Bytes of the largest answer; a hundred runs are 2 MiB."""
TRIES = 4
PAUSE = 1.0
"""Seconds before the second try; each pause is twice the one before."""
MINUTE = 60.0
"""Seconds to wait where a rate limit does not say how long."""
CONNECT, ANSWER = 10.0, 30.0
"""Seconds that a connection and a whole answer may take."""
_CANNOT_SEE = "GH_TOKEN (or GITHUB_TOKEN) must be a token that may read actions of this repository: permissions: { actions: read, contents: read }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Where the API is, without a slash at the end, and the token for it ("" for none)."""

    url: str
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Api:
        """Read the environment as GitHub's own tools do: GITHUB_API_URL; GH_TOKEN before GITHUB_TOKEN.

        Raises: UsageError for an address that a token must not be sent to, and for a token that is none.
        """
        url = environment.get("GITHUB_API_URL", "").strip().rstrip("/") or PUBLIC
        token = (environment.get("GH_TOKEN", "") or environment.get("GITHUB_TOKEN", "")).strip()
        hint = f"in GitHub Actions it is set; elsewhere leave it out for {PUBLIC}"
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise UsageError("GITHUB_API_URL is no address", help=hint) from None
        if not host or parts.username is not None or parts.password is not None or parts.query or parts.fragment or not url.isascii() or not url.isprintable():
            raise UsageError("GITHUB_API_URL must be a plain address: https, a host, perhaps a path", help=hint)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            raise UsageError(f"GITHUB_API_URL is {parts.scheme or 'no'}://{host}, expected https: a token would be readable on its way", help=hint)
        if token and not re.fullmatch(r"[\x21-\x7e]+", token):
            raise UsageError("GH_TOKEN holds characters that no token has", help="set it anew; it is not printed here")
        return cls(url=url, token=token)

    @property
    def host(self) -> str:
        """The API's host, in lower case."""
        return urlsplit(self.url).hostname or ""

    def redacted(self, text: str) -> str:
        """Give a text of the server without the token."""
        return text.replace(self.token, "***") if self.token else text


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Fault(Exception):  # noqa: N818 - it never leaves this module
    """An answer that is none; another try may bring one."""


class Client:
    """Asks the API until `deadline`, on the clock of `time.monotonic`; `say` is told why it asks once more."""

    def __init__(self, api: Api, deadline: float, say: Callable[[str], None]) -> None:
        self.api = api
        self.deadline = deadline
        self._say = say
        self._stack = AsyncExitStack()
        self._http: httpx.AsyncClient

    async def __aenter__(self) -> Self:
        from ssl import PROTOCOL_TLS_CLIENT, SSLContext  # noqa: PLC0415 - likewise heavy

        import httpx  # noqa: PLC0415 - a fifth of a second

        headers = {
            "Accept": "application/vnd.github+json",
            "Accept-Encoding": "identity",  # the bytes that are counted are those that are read
            "User-Agent": f"lockstep/{lockstep.__version__}",
            "X-GitHub-Api-Version": VERSION,
        }
        if self.api.token:
            headers["Authorization"] = f"Bearer {self.api.token}"
        try:
            http = httpx.AsyncClient(
                headers=headers,
                follow_redirects=False,
                timeout=httpx.Timeout(ANSWER, connect=CONNECT),
                trust_env=not is_loopback(self.api.host),
                verify=httpx.create_ssl_context() if self.api.url.startswith("https:") else SSLContext(PROTOCOL_TLS_CLIENT),
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            # not in their own words: a proxy's address may hold a password
            raise UsageError("the environment names a proxy that is not understood", help="HTTPS_PROXY=http://HOST:PORT, or none") from None
        self._http = await self._stack.enter_async_context(http)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    async def get(self, what: str, path: str, query: Mapping[str, str | int] | None = None) -> Json | Unseen:
        """Ask for a path; `what` says in a message what is asked for."""
        unseen = Unseen(what=what, why="there was no time left to ask", help="try again, or give it more time: --wait SECONDS", again=True)
        for number in range(TRIES):
            if self.left <= 0:
                break
            pause = PAUSE * 2**number
            try:
                status, headers, body = await self._ask(path, query)
            except _Fault as fault:
                unseen = Unseen(what=what, why=str(fault), help="try again; githubstatus.com tells whether GitHub is in trouble", again=True)
            else:
                if status == 200:
                    answer = _parsed(body)
                    if not isinstance(answer, _Fault):
                        return answer
                    unseen = Unseen(
                        what=what, why=f"{answer}{_kind(headers)}", help="is something between here and GitHub, a proxy or a login page?", again=True
                    )
                else:
                    unseen = self._refused(what, status, headers, body)
                    pause = unseen.wait or pause
            if not unseen.again or pause > self.left or number == TRIES - 1:
                break
            self._say(f"{unseen.what}: {unseen.why}; once more in {pause:.0f} s")
            await asyncio.sleep(pause)
        return unseen

    async def _ask(self, path: str, query: Mapping[str, str | int] | None) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request and read its answer, within the limits."""
        import httpx  # noqa: PLC0415 - loaded already

        body = bytearray()
        try:
            async with asyncio.timeout(min(ANSWER, max(self.left, 0.001))):
                async with self._http.stream("GET", f"{self.api.url}{path}", params=dict(query or {})) as response:
                    async for chunk in response.aiter_raw():
                        body += chunk
                        if len(body) > LARGEST:
                            raise _Fault(f"its answer does not end: more than {LARGEST // 2**20} MiB")
                    if response.headers.get("content-encoding", "identity").lower() != "identity":
                        raise _Fault("its answer is compressed, which nobody asked for")
                    return response.status_code, response.headers, bytes(body)
        except TimeoutError:
            raise _Fault("its answer did not end in time") from None
        except httpx.TimeoutException:
            raise _Fault(f"{self.api.host} does not answer") from None
        except httpx.RemoteProtocolError:
            raise _Fault("its answer broke off, or is not HTTP") from None
        except (httpx.TransportError, httpx.InvalidURL, OSError) as error:
            # the error's own words may hold what the environment says of a proxy, and its password
            raise _Fault(f"{self.api.host} cannot be reached ({type(error).__name__})") from None

    def _refused(self, what: str, status: int, headers: Mapping[str, str], body: bytes) -> Unseen:
        """Say what an answer means that is not 200."""
        said = self._said(body)
        if status >= 500:
            wait = _retry_after(headers) or 0.0
            return Unseen(what=what, why=f"GitHub answers {status}{said}", help="try again; githubstatus.com tells what is wrong there", again=True, wait=wait)
        if status == 429 or (status == 403 and (headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers or "rate limit" in said.lower())):
            wait = _limit(headers)
            until = datetime.fromtimestamp(time.time() + wait, UTC)
            hint = "wait until then: --wait SECONDS" if self.api.token else "set GH_TOKEN: without a token GitHub answers 60 times an hour"
            return Unseen(what=what, why=f"GitHub's rate limit is spent until {until:%H:%M:%S} UTC{said}", help=hint, again=True, wait=wait)
        if 300 <= status < 400:
            return Unseen(
                what=what,
                why=f"GitHub answers {status}: it is elsewhere now",
                help="name the repository as it is called today: --repository OWNER/NAME; a token follows no redirect",
            )
        if status == 401:
            return Unseen(what=what, why=f"GitHub does not take the token (401){said}", help="it is expired, or of another host; set GH_TOKEN anew")
        if status in (403, 404):
            hint = _CANNOT_SEE if self.api.token else f"without a token, only what is public is seen; {_CANNOT_SEE}"
            return Unseen(what=what, why=f"GitHub does not show that ({status}){said}", help=hint)
        return Unseen(what=what, why=f"GitHub answers {status}{said}", help="lockstep did not expect that; --verbose tells what was asked")

    def _said(self, body: bytes) -> str:
        """Give what the server says of itself, as a part of a sentence."""
        answer = _parsed(body)
        said = answer.get("message") if isinstance(answer, dict) else None
        return f": {' '.join(self.api.redacted(said)[:160].split())}" if isinstance(said, str) and said.strip() else ""


def _parsed(body: bytes) -> Json | _Fault:
    """Read JSON; what is none is a fault."""
    try:
        found: Json = json.loads(body)
    except RecursionError:
        return _Fault("its answer is nested without end")
    except ValueError:
        return _Fault("its answer is no JSON, or not all of it")
    return found


def _kind(headers: Mapping[str, str]) -> str:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return f" but {kind}" if re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,60}", kind) and "json" not in kind else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Give the seconds of Retry-After: a number, or a date."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    return None if (date := _date(text)) is None else max(0.0, date - _clock(headers))


def _limit(headers: Mapping[str, str]) -> float:
    """Give the seconds until a rate limit ends; a second more than the server says, for its clock has no finer hand."""
    if (wait := _retry_after(headers)) is not None:
        return min(wait, 86_400.0) + 1
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and re.fullmatch(r"[0-9]{1,12}", reset):
        return min(max(0.0, float(reset) - _clock(headers)), 86_400.0) + 1
    return MINUTE


def _clock(headers: Mapping[str, str]) -> float:
    """Give the server's time, which its other times are by."""
    date = _date(headers.get("date", ""))
    return time.time() if date is None else date


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
