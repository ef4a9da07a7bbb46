"""What GitHub has of a release: a draft that the token does not see is not absent, and an asset is what its digest says."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator

import pytest

from lockstep.dataclass import replace
from lockstep.evidence import http
from lockstep.evidence.github import Api
from lockstep.evidence.headers import next_cursor
from lockstep.evidence.registries import github as github_observer
from lockstep.evidence.registries.github import Repository
from lockstep.evidence.registries.observing import Question, Seen, look
from lockstep.release.candidate import FILE, SUMS, Artifact, ArtifactKind, Candidate, Registry, sums, written
from lockstep.release.observation import State, Visibility
from lockstep.workflow.commit_runs import Unseen
from tests.gate import standin as gate
from tests.gate.releases import Release, ReleaseHandler, ReleaseHub, shape
from tests.gate.standin import endless, says, serve, status
from tests.registries.conftest import WHEEL

TOKEN = "ghp_of-a-maintainer"
COMMIT = "c" * 40
ASSET = Artifact(
    registry=Registry.GITHUB, package="egg", version="1.0.0", name="egg.zip", kind=ArtifactKind.ASSET, size=3, sha256=hashlib.sha256(b"zip").hexdigest()
)
CANDIDATE = Candidate(tag="v1.0.0", commit=COMMIT, group="main", versions={}, artifacts=(ASSET,), attestations=("egg.sigstore.json",))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseHub]:
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(http, "TRIES", 2)
    monkeypatch.setattr(http, "LARGEST", 2**20)
    with serve(ReleaseHub(refs={"v1.0.0": COMMIT, "v1.0.0-rc.1": "d" * 40}, writers={TOKEN}), ReleaseHandler) as served:
        yield served


def seen(hub: ReleaseHub, token: str = TOKEN, candidate: Candidate = CANDIDATE, *, writes: bool = False) -> Seen:
    return look(Question(candidate=candidate, addresses={}, api=Api(url=hub.url, token=token), slug=hub.name, writes=writes), lambda _: None)


def released(hub: ReleaseHub, *, draft: bool = False) -> Release:
    made = hub.release("v1.0.0", draft=draft)
    made.add(ASSET.name, b"zip")
    return made


def states(found: Seen) -> dict[str, State]:
    return {one.artifact.removeprefix("github:"): one.state for one in (*found.observations, *found.others)}


@pytest.mark.parametrize("visibility", [Visibility.DRAFT, Visibility.PUBLIC])
def test_a_release_is_seen_with_its_assets(hub: ReleaseHub, visibility: Visibility) -> None:
    released(hub, draft=visibility is Visibility.DRAFT)
    found = seen(hub)
    assert found.visibility is visibility
    assert states(found) == {"egg.zip": State.VERIFIED, "tag v1.0.0": State.VERIFIED}


def test_a_draft_that_the_token_does_not_see_is_not_absent(hub: ReleaseHub) -> None:
    released(hub, draft=True)
    for token in ("", "ghp_of-a-reader"):
        found = seen(hub, token)
        assert found.visibility is Visibility.UNSEEN
        assert states(found) == {"egg.zip": State.UNSEEN, "tag v1.0.0": State.VERIFIED, "release": State.UNSEEN}
        assert "a token that may write contents" in found.observations[0].why


def test_no_release_is_told_from_one_that_is_not_shown(hub: ReleaseHub) -> None:
    assert seen(hub).visibility is Visibility.NONE
    assert states(seen(hub))["egg.zip"] is State.ABSENT
    hub.says_push = False
    assert seen(hub).visibility is Visibility.UNSEEN
    assert seen(hub, writes=True).visibility is Visibility.NONE
    hub.release("v0.9.0", draft=True)
    assert seen(hub).visibility is Visibility.NONE, "a token that is shown a draft is shown all"


def test_a_release_is_found_on_a_later_page(hub: ReleaseHub) -> None:
    released(hub, draft=True)
    for number in range(150):
        hub.release(f"v2.0.{number}")
    assert seen(hub).visibility is Visibility.DRAFT


def test_pages_that_never_end(hub: ReleaseHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_observer, "MOST_PAGES", 3)
    for number in range(350):
        hub.release(f"v2.0.{number}")
    assert seen(hub).visibility is Visibility.UNSEEN
    many = released(hub)
    for number in range(350):
        many.add(f"{number}.zip", b"")
    assert seen(hub).visibility is Visibility.UNSEEN
    assert len(hub.asked) < 20


def test_two_releases_of_one_tag_are_not_chosen_from(hub: ReleaseHub) -> None:
    released(hub)
    released(hub, draft=True)
    found = seen(hub)
    assert found.visibility is Visibility.UNSEEN
    assert "2 releases of this tag" in found.observations[0].why


def test_what_an_asset_is(hub: ReleaseHub) -> None:
    made = released(hub)
    asset = made.assets[0]
    asset.data = b"tampered"
    assert states(seen(hub))["egg.zip"] is State.CONFLICT
    asset.state = "starter"
    assert states(seen(hub))["egg.zip"] is State.PENDING
    asset.state, asset.digest = "uploaded", None
    assert states(seen(hub))["egg.zip"] is State.UNSEEN
    made.assets.clear()
    assert states(seen(hub))["egg.zip"] is State.ABSENT


def test_what_lies_beside_it(hub: ReleaseHub) -> None:
    candidate = replace(CANDIDATE, artifacts=(ASSET, replace(WHEEL, registry=Registry.GITHUB)))
    made = released(hub)
    made.add(WHEEL.name, b"wheel")
    made.add(FILE, written(candidate).encode())
    made.add(SUMS, sums(candidate).encode())
    made.add("egg.sigstore.json", b"{}")
    assert seen(hub, candidate=candidate).conflicts == ()
    made.add("malware.exe", b"x")
    made.assets[2].data += b"\n"
    assert [one.artifact for one in seen(hub, candidate=candidate).conflicts] == ["github:lockstep-release.json", "github:malware.exe"]


def test_the_tag(hub: ReleaseHub) -> None:
    released(hub)
    hub.annotated["e" * 40] = COMMIT
    hub.refs["v1.0.0"] = "e" * 40
    assert states(seen(hub))["tag v1.0.0"] is State.VERIFIED
    hub.annotated["e" * 40] = "d" * 40
    assert [one.digest for one in seen(hub).conflicts] == ["d" * 40]
    del hub.refs["v1.0.0"]
    assert states(seen(hub))["tag v1.0.0"] is State.ABSENT
    hub.fault("/matching-refs/", status(500), 2)
    assert states(seen(hub))["tag v1.0.0"] is State.UNSEEN


FAULTS = {
    "500": status(500, "boom"),
    "404": status(404, "Not Found"),
    "404, HTML": status(404, "<html>", "text/html"),
    "429": status(429, "slow down", Retry_After="3600"),
    "redirected": status(301, "Moved", Location="http://127.0.0.1:9/"),
    "half": says(b'[{"id": 1'),
    "a table": says(b"{}"),
    "a release that is none": says(b'[{"id": true}]'),
    "another place's": says(b'[{"id": 1, "name": "x"}]'),
    "cut short": gate.cut_short,
    "silent": gate.silent,
    "never ends": endless(0.0),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("place", ["/releases?", "/assets?"])
def test_what_github_does_not_say_is_unseen(hub: ReleaseHub, place: str, fault: gate.Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault is gate.silent:
        monkeypatch.setattr(http, "ANSWER", 0.5)
    released(hub)
    hub.fault(place, fault, 2)
    found = seen(hub)
    assert found.visibility is Visibility.UNSEEN
    assert states(found)["egg.zip"] is State.UNSEEN
    assert found.observations[0].why


def test_the_shape_says_what_is_read(hub: ReleaseHub) -> None:
    assert {"id", "tag_name", "draft", "html_url", "immutable"} <= shape(hub, released(hub)).keys()


# ---- attestations


def attested(hub: ReleaseHub, number: int) -> object:
    hub.attestations["sha256:" + "a" * 64] = [{"bundle": {"number": one}, "repository_id": 1, "bundle_url": ""} for one in range(number)]

    async def ask() -> object:
        async with http.Http(time.monotonic() + 10, lambda _: None) as client:
            return await Repository(Api(url=hub.url), client, hub.name).attestations("a" * 64)

    return asyncio.run(ask())


@pytest.mark.parametrize("number", [0, 1, 100, 101, 250])
def test_all_pages_of_attestations_are_read(hub: ReleaseHub, number: int) -> None:
    match attested(hub, number):
        case {"attestations": list(items)}:
            assert [one["bundle"]["number"] for one in items] == list(range(number))
        case other:
            pytest.fail(str(other))


def test_attestations_that_do_not_end_are_not_visible(hub: ReleaseHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_observer, "MOST_PAGES", 2)
    found = attested(hub, 201)
    assert isinstance(found, Unseen)
    assert found.why == "there are more than 200 of them"
    assert isinstance(attested(hub, 200), dict)


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ('<https://x/y?per_page=1&after=a%2Bb>; rel="next"', "a+b"),
        ('<https://x/y?before=a>; rel="prev", <https://x/y?after=b>; rel="next"', "b"),
        ('<https://x/y?after=b>; rel="prev"', ""),
        ("<https://[/?after=b>; rel=next", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_cursor_of_the_next_page(link: str, cursor: str) -> None:
    assert next_cursor({"link": link}) == cursor
