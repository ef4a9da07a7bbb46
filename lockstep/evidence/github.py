"""GitHub's REST API, as far as a gate needs it: `GET`, and what is not seen is told as such.

Every answer is bounded in bytes and in time, every retry in number and in time. The token goes to the API's host and nowhere else: redirects are
told, not followed, and on this machine itself no proxy stands between. It is in no message: what the server says is searched for it.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api and
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError
from lockstep.evidence.headers import clock, kind, retry_after
from lockstep.evidence.http import Answer, Http, Json, Server, is_loopback, parsed, quoted
from lockstep.evidence.reach import Fault
from lockstep.workflow.commit_runs import Unseen

PUBLIC = "https://api.github.com"
VERSION = "2022-11-28"
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
MINUTE = 60.0
"""Seconds to wait where a rate limit does not say how long."""
_CANNOT_SEE = "GH_TOKEN (or GITHUB_TOKEN) must be a token that may read {} of this repository: permissions: {{ {} }}"

ADMINISTRATION = "administration"
"""The permission that nothing in a workflow can be given."""
_AS_ADMINISTRATOR = "GH_TOKEN must be an administrator's token (fine-grained: Administration: read); that of GitHub Actions cannot be"


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

    @property
    def server(self) -> Server:
        """The API as a server that is asked; it is followed nowhere."""
        authorization = f"Bearer {self.token}" if self.token else ""
        return Server(name="GitHub", url=self.url, authorization=authorization, trouble="githubstatus.com tells whether GitHub is in trouble")


class Client:
    """Asks the API through `http`, which has the deadline; `reads` is what a token needs the permission for."""

    def __init__(self, api: Api, http: Http, reads: str = "actions") -> None:
        self.api = api
        self.http = http
        self._reads = reads

    async def get(self, what: str, path: str, query: Mapping[str, str | int] | None = None) -> Json | Unseen:
        """Ask for a path; `what` says in a message what is asked for."""
        return await self.http.get(what, self.api.server, path, partial(self.read, what), query=query, headers=HEADERS)

    def read(self, what: str, answer: Answer) -> Json | Unseen:
        """Read an answer of the API."""
        if answer.status != 200:
            return replace(self._refused(what, answer.status, answer.headers, answer.body), status=answer.status)
        found = parsed(answer.body)
        if isinstance(found, Fault):
            return Unseen(what=what, why=f"{found}{kind(answer.headers)}", help="is something between here and GitHub, a proxy or a login page?", again=True)
        return found

    def _refused(self, what: str, status: int, headers: Mapping[str, str], body: bytes) -> Unseen:
        """Say what an answer means that is not 200."""
        said = self._said(body)
        if status >= 500:
            wait = retry_after(headers) or 0.0
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
            hint = _CANNOT_SEE.format(self._reads, ", ".join(f"{one}: read" for one in dict.fromkeys((self._reads, "contents"))))
            hint = _AS_ADMINISTRATOR if self._reads == ADMINISTRATION else hint
            hint = hint if self.api.token else f"without a token, only what is public is seen; {hint}"
            return Unseen(what=what, why=f"GitHub does not show that ({status}){said}", help=hint)
        return Unseen(what=what, why=f"GitHub answers {status}{said}", help="lockstep did not expect that; --verbose tells what was asked")

    def _said(self, body: bytes) -> str:
        """Give what the server says of itself, as a part of a sentence."""
        answer = parsed(body)
        said = answer.get("message") if isinstance(answer, dict) else None
        return quoted(self.api.server, said)


def _limit(headers: Mapping[str, str]) -> float:
    """Give the seconds until a rate limit ends; a second more than the server says, for its clock has no finer hand."""
    if (wait := retry_after(headers)) is not None:
        return min(wait, 86_400.0) + 1
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and re.fullmatch(r"[0-9]{1,12}", reset):
        return min(max(0.0, float(reset) - clock(headers)), 86_400.0) + 1
    return MINUTE
