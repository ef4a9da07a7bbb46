"""The one client: bounded in number, pace and redirects, and silent about tokens. How it meets bad answers is held in tests/gate and tests/registries."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TypeVar

import httpx
import pytest

import lockstep
from lockstep.evidence import http
from lockstep.evidence.http import Answer, Http, Server, is_safe, origin, refused
from lockstep.evidence.reach import Reach
from lockstep.workflow.commit_runs import Unseen
from tests.gate.standin import cut_short, hangs_up, serve, status
from tests.registries import standin
from tests.registries.standin import Fault

T = TypeVar("T")


def ask(questions: Callable[[Http], Awaitable[T]], seconds: float = 5.0, parallel: int = http.PARALLEL) -> tuple[T, int]:
    async def run() -> tuple[T, int]:
        async with Http(time.monotonic() + seconds, lambda _: None, parallel) as client:
            return await questions(client), client.requests

    return asyncio.run(run())


def answered(answer: Answer) -> Answer | Unseen:
    return answer if answer.status == 200 else refused("it", Server(name="x", url="http://x"), answer)


class Crowd(standin.Registry):
    """Counts how many ask at once."""

    def __init__(self) -> None:
        super().__init__()
        self.here = self.most = 0
        self.lock = threading.Lock()

    def reply(self, method: str, path: str, headers: standin.Headers, body: bytes) -> standin.Reply:
        del method, path, headers, body
        with self.lock:
            self.here += 1
            self.most = max(self.most, self.here)
        time.sleep(0.02)
        with self.lock:
            self.here -= 1
        return 200, b"{}", "application/json"


def test_no_more_are_under_way_than_may_be() -> None:
    with serve(Crowd(), standin.Handler) as crowd:
        server = Server(name="crowd", url=crowd.url)

        async def many(client: Http) -> list[Answer | Unseen]:
            return [*await asyncio.gather(*(client.get("it", server, f"/{one}", answered) for one in range(40)))]

        found, requests = ask(many, parallel=4)
    assert all(isinstance(one, Answer) for one in found)
    assert (requests, crowd.most) == (40, 4)
    assert crowd.asked[0][2]["user-agent"] == f"lockstep/{lockstep.__version__} (release automation)"


def test_who_wants_it_slowly_is_asked_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def remember(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", remember)
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: 100.0))
    with serve(Crowd(), standin.Handler) as crowd:
        server = Server(name="slow", url=crowd.url, pace=0.1)

        async def four(client: Http) -> None:
            await asyncio.gather(*(client.get("it", server, f"/{one}", answered) for one in range(4)))

        ask(four)
    assert slept == pytest.approx([0.0, 0.1, 0.2, 0.3])
    assert len(crowd.asked) == 4


NOWHERE = Server(name="nowhere", url="http://127.0.0.1:1", trouble="is it up?")


def heard(questions: Callable[[Http], Awaitable[T]], reach: Reach | None = None) -> tuple[T, list[str], int]:
    """Give what came of questions, what was said, and how often something was tried to be sent."""
    said: list[str] = []

    async def run() -> tuple[T, int]:
        async with Http(time.monotonic() + 30, said.append, reach=reach) as client:
            return await questions(client), client.requests

    found, requests = asyncio.run(run())
    return found, said, requests


def test_a_server_that_cannot_be_reached_is_tried_by_one_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PAUSE", 0.001)

    async def many(client: Http) -> list[Answer | Unseen]:
        return [*await asyncio.gather(*(client.get(f"{one}", NOWHERE, f"/{one}", answered) for one in range(50)))]

    reach = Reach()
    found, said, requests = heard(many, reach)
    why = "127.0.0.1 cannot be reached (ConnectError)"
    assert {one.why for one in found if isinstance(one, Unseen)} == {why}
    assert len(found) == 50
    assert requests <= http.PARALLEL + http.TRIES
    assert [one for one in said if "once more" in one] == [f"0: {why}; once more in 0 s"] * (http.TRIES - 1)
    assert said[-1].startswith(f"{why}: ")
    assert said[-1].endswith(" more questions were not asked")
    assert len(said) == http.TRIES
    _, again, requests = heard(many, reach)
    assert (again, requests) == ([f"{why}: 50 more questions were not asked"], 0), "the next client knows it"


def test_a_server_that_is_back_is_asked_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PAUSE", 0.001)
    refuses = [3]
    whole = httpx.AsyncClient.stream

    def stream(self: httpx.AsyncClient, *args: object, **kwargs: object) -> object:
        if refuses[0]:
            refuses[0] -= 1
            raise httpx.ConnectError("no")
        return whole(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx.AsyncClient, "stream", stream)
    with serve(Crowd(), standin.Handler) as crowd:
        server = Server(name="crowd", url=crowd.url)

        async def many(client: Http) -> list[Answer | Unseen]:
            return [*await asyncio.gather(*(client.get(f"{one}", server, f"/{one}", answered) for one in range(20)))]

        found, said, _ = heard(many)
    assert all(isinstance(one, Answer) for one in found)
    assert 1 <= len(said) <= 3


def test_what_is_not_installed_is_not_searched_for_at_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sniffio", raising=False)
    there = importlib.util.find_spec("sniffio") is not None
    with serve(Crowd(), standin.Handler) as crowd:

        async def one(client: Http) -> Answer | Unseen:
            return await client.get("it", Server(name="crowd", url=crowd.url), "/", answered)

        assert isinstance(ask(one)[0], Answer)
    assert there or sys.modules["sniffio"] is None


def test_redirects_end() -> None:
    with serve(standin.Registry(), standin.Handler) as registry:
        registry.fault("", status(302, "round", Location="/again"), 100)
        server = Server(name="round", url=registry.url, follow=frozenset({origin(registry.url)}))

        async def one(client: Http) -> Answer | Unseen:
            return await client.get("it", server, "/first", answered)

        found, requests = ask(one, seconds=0.5)
    assert isinstance(found, Unseen)
    assert "redirects without an end" in found.why
    assert requests == http.HOPS + 1


def test_an_address_that_is_not_the_server_s_own_is_not_asked() -> None:
    with serve(Crowd(), standin.Handler) as crowd:
        server = Server(name="mine", url="https://mine.example.org", authorization="Bearer s3cret")

        async def one(client: Http) -> Answer | Unseen:
            return await client.get("it", server, f"{crowd.url}/x", answered)

        found, requests = ask(one, seconds=0.5)
    assert isinstance(found, Unseen)
    assert "names 127.0.0.1, which is not its own" in found.why
    assert (requests, crowd.asked) == (0, [])
    assert "s3cret" not in repr(server)


@pytest.mark.parametrize("url", ["https://x.example.org", "https://x.example.org:8443/a/b", "http://127.0.0.1:1", "http://localhost/a", "http://[::1]:1"])
def test_an_address_that_is_safe(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example.org",
        "https://me:pw@x.example.org",
        "https://x.example.org?a",
        "https://x#a",
        "https://[",
        "https://x:99999",
        "ftp://x",
        "x",
        "https://\u00e9",
    ],
)
def test_an_address_that_is_not(url: str) -> None:
    assert not is_safe(url)


def test_a_server_s_words_are_told_without_the_token() -> None:
    server = Server(name="x", url="https://x.example.org", authorization="Bearer s3cret")
    assert http.quoted(server, "you said s3cret") == ": you said ***"


def sent(client: Http, server: Server, path: str = "/new") -> Awaitable[Answer | Unseen]:
    return client.send("it", server, "POST", path, b"x" * 100, headers={"Content-Type": "text/plain"})


@pytest.mark.parametrize("fault", [status(500, "boom"), status(429, "slowly"), hangs_up, cut_short], ids=["500", "429", "hangs-up", "cut-short"])
def test_what_is_sent_is_sent_once_whatever_becomes_of_it(fault: Fault) -> None:
    with serve(Crowd(), standin.Handler) as crowd:
        crowd.fault("/new", fault)
        ask(lambda client: sent(client, Server(name="crowd", url=crowd.url, authorization="Bearer t0ken")))
        assert [(method, path, headers["authorization"]) for method, path, headers in crowd.asked] == [("POST", "/new", "Bearer t0ken")]


def test_what_is_sent_follows_nobody() -> None:
    with serve(Crowd(), standin.Handler) as crowd, serve(Crowd(), standin.Handler) as other:
        server = Server(name="crowd", url=crowd.url, authorization="Bearer t0ken", follow=frozenset({origin(other.url)}))
        crowd.fault("/new", status(307, location=f"{other.url}/new"))
        answer, _ = ask(lambda client: sent(client, server))
        assert isinstance(answer, Answer)
        assert answer.status == 307
        assert isinstance(ask(lambda client: sent(client, server, f"{other.url}/new"))[0], Unseen)
        assert other.asked == []


def test_no_text_of_a_server_holds_a_password() -> None:
    server = Server(name="x", url="https://x.example.org", authorization="Basic X190b2tlbl9fOnB5cGktc2VjcmV0")
    assert server.redacted("pypi-secret and X190b2tlbl9fOnB5cGktc2VjcmV0 are wrong") == "*** and *** are wrong"
