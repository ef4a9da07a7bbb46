"""What leads to a wire in place of httpx, as far as `lockstep.evidence.http` takes its services: httpx itself would be half of the time of a run."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.message import Message
from urllib.parse import urlencode

import httpx

from tests.gate.releases import ReleaseHandler, ReleaseHub


class Lost(Exception):  # noqa: N818 - it is no answer
    """No answer comes."""


class Client:
    """Gives every request to what answers it: method, address, headers and body."""

    def __init__(self, handle: Callable[[str, str, Mapping[str, str], bytes], tuple[int, bytes, str]]) -> None:
        self.handle = handle

    @asynccontextmanager
    async def stream(
        self, method: str, url: str, *, params: Mapping[str, str | int] | None, headers: Mapping[str, str], content: bytes | None
    ) -> AsyncIterator[Response]:
        whole = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}" if params else url
        try:
            yield Response(*self.handle(method, whole, headers, content or b""))
        except Lost:
            raise httpx.RemoteProtocolError("lost") from None


class Response:
    """The answer of a wire."""

    def __init__(self, status: int, body: bytes, kind: str) -> None:
        self.status_code, self.body, self.headers = status, body, {"content-type": kind}

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        yield self.body


class Capturing(ReleaseHandler):
    """Answers without a connection."""

    def __init__(self, hub: ReleaseHub, headers: Mapping[str, str]) -> None:
        self.hub = hub
        self.headers = Message()
        for name, value in headers.items():
            self.headers[name] = value
        self.answer: tuple[int, bytes, str] = (500, b"", "")

    def send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        del headers
        self.answer = status, body, kind


def file_of(url: str, body: bytes) -> bytes | None:
    """Give the file that a body brings; None for what is no file of the candidate."""
    if url.startswith("https://crates.test"):
        size = struct.unpack_from("<I", body)[0]
        return body[8 + size :]
    if url.startswith("https://npm.test"):
        [attached] = json.loads(body)["_attachments"].values()
        return base64.b64decode(attached["data"])
    if url.startswith("https://pypi.test"):
        return body.partition(b"application/octet-stream\r\n\r\n")[2].rpartition(b"\r\n--lockstep-")[0]
    return None if url.endswith(("/releases", "name=lockstep-release.json", "name=SHA256SUMS")) else body
