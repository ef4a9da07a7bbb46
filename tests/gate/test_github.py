"""What GitHub answers badly is never a pass, and the token goes to its host alone: every status, every broken answer, every limit."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from lockstep.evidence import github, http, workflow_runs
from lockstep.evidence.github import Api
from lockstep.evidence.headers import retry_after
from tests.gate import shapes, standin
from tests.gate.conftest import Gate
from tests.gate.standin import Fault, Hub, Json, changed, endless, endless_headers, says, serve, status

GOOD = "completed/success"
TOKEN = "ghp_canary0123456789"  # a canary: it must be seen nowhere
PLACES = ("/repos/spam/eggs", "/ci.yml/runs")
"""The question for the repository, which every other path holds too, and that for the runs."""


@pytest.fixture(autouse=True)
def _good(hub: Hub, sha: str, gate: Gate) -> None:  # noqa: ARG001
    """Let everything be green, so that whatever does not pass is for what is done here."""
    hub.run("ci.yml", sha, GOOD)


def unseen(gate: Gate, *args: str) -> str:
    found, *more = json.loads(gate(*args, "--format", "json", code=3).out)["findings"]
    assert (more, found["rule"], found["confidence"]) == ([], "runs-not-visible", "blind")
    return f"{found['message']}\nhelp: {found['help']}"


# ---- status codes

FINAL = [300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 409, 410, 415, 418, 422, 451]
TRANSIENT = [500, 502, 503, 504, 599]
OTHER_SUCCESS = [201, 202, 203, 206]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", [*FINAL, *OTHER_SUCCESS])
def test_no_status_but_200_is_an_answer_and_nobody_insists(code: int, place: str, hub: Hub, gate: Gate) -> None:
    hub.fault(place, status(code, "it is so", Location=f"{hub.url}/elsewhere"))
    assert str(code) in unseen(gate)
    assert hub.faults == []
    assert not any("elsewhere" in path for path in hub.paths)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", TRANSIENT)
def test_a_server_in_trouble_is_asked_again_and_not_for_ever(code: int, place: str, hub: Hub, gate: Gate) -> None:
    hub.fault(place, status(code, "<html>Unicorn!</html>", "text/html"), http.TRIES - 1)
    gate(code=0)
    before = len(hub.asked)
    hub.fault(place, status(code, "<html>Unicorn!</html>", "text/html"), 100)
    assert f"GitHub answers {code}" in unseen(gate)
    assert len(hub.asked) - before <= http.TRIES + 1


def test_what_to_do_about_403_and_404(hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.private = True
    assert "without a token, only what is public is seen" in unseen(gate)
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    hub.fault("/", status(403, "Resource not accessible by integration"))
    out = unseen(gate)
    assert "Resource not accessible by integration" in out
    assert "actions: read" in out
    hub.token = TOKEN
    gate(code=0)


# ---- answers that are none

BROKEN: dict[str, Fault] = {
    "HTML": says(b"<!doctype html><title>Sign in</title>", "text/html"),
    "nothing": says(b""),
    "half": says(b'{"total_count": 1, "workflow_runs": [{"id": 1'),
    "cut short": standin.cut_short,
    "hangs up": standin.hangs_up,
    "no HTTP": standin.no_http,
    "not UTF-8": says(b'{"default_branch": "\xff"}'),
    "nested": says(b"[" * 200_000),
    "a long number": says(b"9" * 10_000),
    "compressed": says(b"\x1f\x8b\x08\x00", Content_Encoding="gzip"),
    "a wrong length": lambda handler: handler.send(200, b"{}", length="many"),
    "never ends": endless(0.0),
    "never ends, slowly": endless(0.05, b" "),
    "headers that never end": endless_headers(0.01),
    "silent": standin.silent,
}
SLOW = ("never ends, slowly", "headers that never end", "silent")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer_is_asked_for_again_and_not_for_ever(fault: Fault, place: str, hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST", 2**20)
    if fault in [BROKEN[name] for name in SLOW]:
        monkeypatch.setattr(http, "ANSWER", 0.5)
    hub.fault(place, fault)
    gate(code=0)
    assert hub.faults == []
    monkeypatch.setattr(http, "TRIES", 2)
    hub.fault(place, fault, 100)
    unseen(gate)
    assert len(hub.faults) == 100 - 2, "it was asked as often as it may, and no more"


def one(change: object) -> Fault:
    """Change the first run."""

    def made(body: Json) -> None:
        assert isinstance(change, dict)
        body["workflow_runs"][0] |= change

    return changed(made)


WRONG: dict[str, Fault] = {
    "a list": says(b"[]"),
    "a text": says(b'"ok"'),
    "null": says(b"null"),
    "no runs": says(b'{"total_count": 1}'),
    "runs are a table": says(b'{"total_count": 1, "workflow_runs": {}}'),
    "a count that is true": says(b'{"total_count": true, "workflow_runs": []}'),
    "a count that is a text": says(b'{"total_count": "1", "workflow_runs": []}'),
    "a count below nothing": says(b'{"total_count": -1, "workflow_runs": []}'),
    "a run that is a text": says(b'{"total_count": 1, "workflow_runs": ["x"]}'),
    "a run that is null": says(b'{"total_count": 1, "workflow_runs": [null]}'),
    "more than it shows": says(b'{"total_count": 7, "workflow_runs": []}'),
    **{
        f"{name} is {value!r}": one({name: value})
        for name, values in {
            "id": (None, "1", True, 1.5),
            "run_number": (None, "1"),
            "run_attempt": ("2", True, None),
            "event": (None, 1),
            "head_sha": (None, 1),
            "head_branch": (1, ["main"]),
            "status": (1, ["completed"]),
            "conclusion": (1, {"success": True}),
            "html_url": (1,),
        }.items()
        for value in values
    },
}


@pytest.mark.parametrize("fault", WRONG.values(), ids=WRONG)
def test_what_github_does_not_document_is_not_understood(fault: Fault, hub: Hub, gate: Gate) -> None:
    hub.fault("/ci.yml/runs", fault, 100)
    assert "not what it documents" in unseen(gate)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"default_branch": null}', b'{"default_branch": ""}', b'{"default_branch": ["main"]}'])
def test_a_repository_without_a_default_branch_is_not_understood(body: bytes, hub: Hub, gate: Gate) -> None:
    hub.fault("/repos/spam/eggs", says(body))
    assert "not what it documents" in unseen(gate)


def test_pages_that_never_end(hub: Hub, gate: Gate, sha: str) -> None:
    hub.runs[0].newest.states = ["completed/failure"]
    page = {"total_count": 10**9, "workflow_runs": [shapes.workflow_run(hub, hub.runs[0])] * 100}
    hub.fault("/ci.yml/runs", says(json.dumps(page).encode()), 100)
    assert "more than 1000 of them" in unseen(gate)
    assert sum("/ci.yml/runs" in path for path in hub.paths) == workflow_runs.MOST_PAGES
    assert sha


def test_nobody_there(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Hub()) as gone:
        pass
    monkeypatch.setenv("GITHUB_API_URL", gone.url)
    assert "127.0.0.1 cannot be reached (ConnectError)" in unseen(gate)
    monkeypatch.setenv("GITHUB_API_URL", "https://nowhere.invalid")
    assert "nowhere.invalid cannot be reached" in unseen(gate, "--repository", "spam/eggs")


# ---- rate limits


def test_a_limit_that_ends_soon_is_waited_for(hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.fault("/runs", status(429, "You have exceeded a secondary rate limit", Retry_After="0"))
    waited: list[float] = []
    sleep = asyncio.sleep

    async def watched(seconds: float) -> None:
        waited.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", watched)
    gate(code=0)
    assert max(waited) >= 1


async def _no_waiting(seconds: float) -> None:
    raise AssertionError(f"waited for {seconds} s")


LATE = str(int(time.time()) + 3000)
LIMITS: dict[str, Fault] = {
    "secondary": status(403, "You have exceeded a secondary rate limit. Please wait", Retry_After="3600"),
    "secondary, a date": status(403, "slow down", Retry_After=formatdate(time.time() + 3600, usegmt=True)),
    "secondary, no word how long": status(403, "You have exceeded a secondary rate limit"),
    "primary": status(403, "API rate limit exceeded for 192.0.2.1.", X_RateLimit_Remaining="0", X_RateLimit_Reset=LATE),
    "primary, 429": status(429, "API rate limit exceeded", X_RateLimit_Remaining="0", X_RateLimit_Reset=LATE),
    "without end": status(429, "no", Retry_After="999999999"),
    "nonsense": status(429, "no", Retry_After="-1e9", X_RateLimit_Remaining="0", X_RateLimit_Reset="soon"),
    "beyond all dates": status(429, "no", Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", LIMITS.values(), ids=LIMITS)
def test_a_limit_that_ends_late_is_told_at_once(fault: Fault, place: str, hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow_runs, "PATIENCE", 30.0)
    hub.fault(place, fault)
    monkeypatch.setattr(asyncio, "sleep", _no_waiting)
    assert re.search(r"rate limit is spent until \d\d:\d\d:\d\d UTC", unseen(gate))
    assert hub.faults == []


def test_nobody_waits_for_a_limit_that_outlasts_the_waiting(hub: Hub, gate: Gate) -> None:
    hub.fault("/runs", LIMITS["primary"], 100)
    unseen(gate, "--wait", "60")
    assert len(hub.asked) == 2


def test_the_server_s_clock_counts() -> None:
    hour = {"date": formatdate(1000, usegmt=True), "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1007"}
    assert github._limit(hour) == 8  # noqa: SLF001
    assert retry_after({"date": formatdate(1000, usegmt=True), "retry-after": formatdate(1030, usegmt=True)}) == 30


# ---- the token


@pytest.fixture
def _token(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.token = TOKEN
    monkeypatch.setenv("GH_TOKEN", f"{TOKEN}\n")
    monkeypatch.setenv("GITHUB_TOKEN", "another")


@pytest.mark.usefixtures("_token")
def test_the_token_is_sent_to_the_api(hub: Hub, gate: Gate) -> None:
    gate(code=0)
    assert {headers["authorization"] for _, headers in hub.asked} == {f"Bearer {TOKEN}"}
    assert TOKEN not in "".join(hub.paths)


@pytest.fixture
def elsewhere() -> Iterator[Hub]:
    with serve(Hub()) as other:
        yield other


@pytest.mark.usefixtures("_token")
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(code: int, hub: Hub, elsewhere: Hub, gate: Gate) -> None:
    for place in PLACES:
        hub.fault(place, status(code, "Moved", Location=f"{elsewhere.url}/repos/spam/eggs"))
        assert "--repository OWNER/NAME" in unseen(gate)
    assert elsewhere.asked == []


@pytest.mark.usefixtures("_token")
def test_the_token_passes_no_proxy_on_this_machine(hub: Hub, elsewhere: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    gate(code=0)
    assert elsewhere.asked == []
    assert hub.asked


@pytest.mark.usefixtures("_token")
def test_the_token_is_in_no_message(hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [
        status(401, f"Bad credentials: {TOKEN}"),
        status(403, f"{TOKEN} may not"),
        status(422, f"Bearer {TOKEN}"),
        status(500, TOKEN),
        status(429, f"rate limit of {TOKEN}"),
        says(TOKEN.encode(), TOKEN),
        *(fault for name, fault in BROKEN.items() if name not in SLOW),
    ]
    monkeypatch.setattr(http, "TRIES", 1)
    monkeypatch.setattr(http, "LARGEST", 2**20)
    monkeypatch.setattr(github, "MINUTE", 0.0)
    for fault in faults:
        for chosen in ("text", "json", "github"):
            hub.fault("/runs", fault)
            result = gate("--format", chosen, "--verbose")
            assert TOKEN not in result.out + result.err
            assert "canary" not in result.out + result.err
            assert hub.faults == []
    with serve(Hub()) as gone:
        pass
    monkeypatch.setenv("GITHUB_API_URL", gone.url)
    assert "canary" not in str(gate("--verbose", code=3))


@pytest.mark.parametrize("token", ["two words", "a\nb", "ghp_\x00", "gh\u00e9"])
def test_what_is_no_token_is_not_sent_and_not_printed(token: str, hub: Hub, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    if "\0" in token:
        with pytest.raises(Exception, match="holds characters"):
            Api.of({"GH_TOKEN": token})
        return
    monkeypatch.setenv("GH_TOKEN", token)
    result = gate(code=2)
    assert "GH_TOKEN holds characters that no token has" in result.err
    assert token not in result.err
    assert hub.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://api.github.com",
        "http://192.0.2.1",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "ftp://api.github.com",
        "api.github.com",
        "https://",
        "https://user:hidden@api.github.com",
        "https://hidden@api.github.com",
        "https://api.github.com?x=hidden",
        "https://api.github.com#hidden",
        "https://api.github.com/\u00e9",
        "https://api github.com/\n",
        "https://[::1",
        "https://api.github.com:99999999",
    ],
)
def test_an_address_that_no_token_may_go_to(url: str, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", url)
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    result = gate(code=2)
    assert "GITHUB_API_URL" in result.err
    assert "hidden" not in result.err
    assert TOKEN not in result.err


@pytest.mark.parametrize("url", ["https://api.github.com/", "https://github.example.org/api/v3", "http://127.9.9.9:1", "http://[::1]:1", "http://localhost:1"])
def test_an_address_that_a_token_may_go_to(url: str) -> None:
    api = Api.of({"GITHUB_API_URL": url, "GITHUB_TOKEN": TOKEN})
    assert (api.url, api.token) == (url.rstrip("/"), TOKEN)
    assert TOKEN not in repr(api)


def test_a_proxy_that_is_not_understood_is_not_printed(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "https://api.github.invalid")
    monkeypatch.setenv("HTTPS_PROXY", "gopher://user:hidden@example.org")
    result = gate("--repository", "spam/eggs", code=2)
    assert "a proxy that is not understood" in result.err
    assert "hidden" not in result.err
