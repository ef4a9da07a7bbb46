"""`release stage` and `release open`: nothing is replaced, and nothing becomes public over anything that is not verified."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lockstep.acts import github
from lockstep.app import release_act, release_stage
from lockstep.app.release_stage import latest
from lockstep.dataclass import replace
from lockstep.evidence.github import Api
from lockstep.release.candidate import FILE, SUMS, Artifact, ArtifactKind, Registry, sums, written
from tests.conftest import Repo, Run
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.standin import hangs_up, serve, status
from tests.registries.acting import COMMIT, OF_TARBALL, OF_WHEEL, TARBALL, TOKENS, WHEEL, Acting, candidate, repo, sha256, uploads
from tests.registries.conftest import World, artifact
from tests.registries.test_publish import after

__all__ = ("repo",)
ZIP = artifact(Registry.GITHUB, "egg", "egg.zip", ArtifactKind.ASSET, b"zip")
CANDIDATE = candidate(OF_WHEEL, OF_TARBALL, ZIP)
WANTED = {"egg.zip": b"zip", SUMS: sums(CANDIDATE).encode(), FILE: written(CANDIDATE).encode()}


@pytest.fixture
def hub() -> Iterator[ReleaseHub]:
    with serve(ReleaseHub(refs={"v1.0.0": COMMIT}, writers={TOKENS["GH_TOKEN"]}, says_push=False), ReleaseHandler) as served:
        yield served


@pytest.fixture
def staging(run: Run, repo: Repo, hub: ReleaseHub, monkeypatch: pytest.MonkeyPatch) -> Acting:
    monkeypatch.chdir(repo.root)
    monkeypatch.setenv("GITHUB_API_URL", hub.url)
    monkeypatch.setenv("GH_TOKEN", TOKENS["GH_TOKEN"])
    made = Acting(run, repo, hub)
    made.seal(CANDIDATE, {OF_WHEEL.name: WHEEL, OF_TARBALL.name: TARBALL, "egg.zip": b"zip"})
    return made


def published(world: World) -> None:
    world.publish(OF_WHEEL, WHEEL)
    world.publish(OF_TARBALL, TARBALL)


def sent(hub: ReleaseHub) -> list[str]:
    return [f"{method} {path.removeprefix('/repos/spam/eggs/releases')}" for method, path, _, _ in hub.sent]


def attached(hub: ReleaseHub) -> dict[str, bytes]:
    [release] = hub.releases
    return {one.name: one.data for one in release.assets}


def test_a_draft_is_made_filled_and_opened(staging: Acting, world: World, hub: ReleaseHub) -> None:
    staging.repo.write({"notes.md": "An egg.\n"})
    assert staging("stage", "--notes", "notes.md", code=0).out.startswith("stage draft: done: the draft has every file, with the candidate's digests\n")
    assert attached(hub) == WANTED
    assert (hub.releases[0].draft, hub.releases[0].body, hub.releases[0].prerelease) == (True, "An egg.\n", False)
    steps = ["POST ", "POST /1/assets?name=egg.zip", f"POST /1/assets?name={SUMS}", f"POST /1/assets?name={FILE}"]
    assert sent(hub) == steps
    assert staging.json("stage", code=0)["acted"]["outcome"] == "found"
    assert f"waiting: waits for {OF_TARBALL.id} and 1 more" in staging("open", code=3).out
    published(world)
    assert staging.json("open", "--dry-run", code=0)["acted"]["asks"] == [f"PATCH {hub.url}/repos/spam/eggs/releases/1: draft false"]
    assert sent(hub) == steps
    out = staging("open", code=0).out
    assert out.startswith("open: done: the release is public\n")
    assert out.endswith("next: nothing is left to do\n")
    assert sent(hub) == [*steps, "PATCH /1"]
    assert json.loads(hub.sent[-1][3]) == {"draft": False, "make_latest": "true"}
    assert hub.latest == "v1.0.0"
    for act in ("open", "stage"):
        assert staging.json(act, code=0)["acted"]["outcome"] == "found"
    assert len(hub.sent) == 5


def test_what_is_there_is_compared_and_never_replaced(staging: Acting, hub: ReleaseHub) -> None:
    release = hub.release("v1.0.0", draft=True)
    release.add("egg.zip", b"other")
    out = staging("stage", code=1).out
    assert sha256(b"other") in out
    assert ZIP.sha256 in out
    assert "delete that asset, or seal again with it" in out
    release.assets.clear()
    release.add(SUMS, b"other")
    assert sha256(b"other") in staging("stage", code=1).out
    release.assets.clear()
    release.add("stranger.zip", b"x")
    assert "the candidate does not have this file" in staging("stage", code=1).out
    assert hub.sent == []
    release.assets.clear()
    release.add("egg.zip", b"zip")
    staging("stage", code=0)
    assert sent(hub) == [f"POST /1/assets?name={SUMS}", f"POST /1/assets?name={FILE}"]


def test_all_files_are_attached_where_it_is_asked_for(staging: Acting, hub: ReleaseHub) -> None:
    asks = staging.json("stage", "--all-files", "--dry-run", code=0)["acted"]["asks"]
    assert len(asks) == 6
    assert hub.sent == []
    staging("stage", "--all-files", code=0)
    assert attached(hub) == {**WANTED, OF_WHEEL.name: WHEEL, OF_TARBALL.name: TARBALL}


def test_nothing_is_added_to_what_is_public(staging: Acting, world: World, hub: ReleaseHub) -> None:
    hub.release("v1.0.0").add("egg.zip", b"zip")
    assert "the release is public, and" in staging("stage", code=1).out
    published(world)
    assert "the release is public, and nothing is added to it: SHA256SUMS, lockstep-release.json is missing" in staging("stage", code=1).out
    assert hub.sent == []


@pytest.mark.parametrize("refs", [{}, {"v1.0.0": "d" * 40}], ids=["none", "moved"])
def test_the_tag_is_the_candidate_s(staging: Acting, world: World, hub: ReleaseHub, refs: dict[str, str]) -> None:
    published(world)
    hub.refs = refs
    for act in ("stage", "open"):
        out = staging(act, code=1 if refs else 3).out
        assert ("the candidate is of" if refs else "push the tag: git push origin v1.0.0") in out
    assert hub.sent == []


def test_nothing_is_published_of_a_tag_that_is_not_there(staging: Acting, world: World, hub: ReleaseHub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.refs = {}
    monkeypatch.setenv("UV_PUBLISH_TOKEN", TOKENS["UV_PUBLISH_TOKEN"])
    monkeypatch.setenv("UV_PUBLISH_URL", f"{world.pypi.url}/legacy/")
    for more in ((), ("--dry-run",)):
        out = staging("publish", OF_WHEEL.id, *more, code=3).out
        assert "waiting: the tag v1.0.0 is not on GitHub" in out
        assert "help: push it: git push origin v1.0.0; --no-github is for a project that is not on GitHub" in out
    assert uploads(world) == []
    staging.hub = None
    staging("publish", OF_WHEEL.id, code=0)


CHANGES: dict[str, tuple[Callable[[ReleaseHub], object], str]] = {
    "replaced": (lambda hub: setattr(hub.releases[0].assets[0], "data", b"other"), f"egg.zip was sha256 {sha256(b'zip')}, and is sha256 {sha256(b'other')}"),
    "deleted": (lambda hub: hub.releases[0].assets.pop(0), f"egg.zip was sha256 {sha256(b'zip')}, and is no such asset"),
    "added": (lambda hub: hub.releases[0].add("x.zip", b"x"), f"x.zip was no such asset, and is sha256 {sha256(b'x')}"),
    "tag": (lambda hub: hub.refs.update({"v1.0.0": "d" * 40}), f"it is of {'d' * 40}, and the candidate is of {COMMIT}"),
    "no-tag": (lambda hub: hub.refs.clear(), "it is gone"),
    "draft": (lambda hub: setattr(hub.releases[0], "id", 7), "another one is there"),
}


def before_the_patch(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Let something change between the look at everything and what is done upon it."""
    true = release_act.told

    def told(send: Any, say: Any) -> Any:  # noqa: ANN401 - as the true one
        if send.__name__ == "make_public":
            change()
        return true(send, say)

    monkeypatch.setattr(release_stage, "told", told)


@pytest.mark.parametrize("kind", CHANGES)
def test_what_changes_right_before_opening_is_not_opened(staging: Acting, world: World, hub: ReleaseHub, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    published(world)
    staging("stage", code=0)
    change, said = CHANGES[kind]
    before_the_patch(monkeypatch, lambda: change(hub))
    out = staging("open", code=1).out
    assert said in out or "the conflict is decided" in out
    assert not any(one.startswith("PATCH") for one in sent(hub))


@pytest.mark.parametrize("kind", ["replaced", "added", "tag"])
def test_what_changes_right_after_opening_is_told_loudly(staging: Acting, world: World, hub: ReleaseHub, kind: str) -> None:
    published(world)
    staging("stage", code=0)

    def meanwhile(handler: Any) -> None:  # noqa: ANN401 - the handler of the stand-in
        handler.send(*hub.reply(handler.command, handler.path, *handler.said))
        CHANGES[kind][0](hub)

    hub.fault("PATCH", meanwhile)
    out = staging("open", code=1).out
    assert "refused: THE RELEASE IS PUBLIC, and is not what was verified right before: github:" in out
    assert "help: make it a draft again on GitHub, at once" in out


def test_somebody_else_may_open_it(staging: Acting, world: World, hub: ReleaseHub, monkeypatch: pytest.MonkeyPatch) -> None:
    published(world)
    staging("stage", code=0)
    before_the_patch(monkeypatch, lambda: setattr(hub.releases[0], "draft", False))
    assert "done: the release is public, though: somebody else made it public a moment ago" in staging("open", code=0).out
    assert not any(one.startswith("PATCH") for one in sent(hub))


def test_every_act_takes_the_release_by_its_place_or_by_the_option(staging: Acting, world: World) -> None:
    published(world)
    for number, line in enumerate((("stage", FILE), ("stage", "--candidate", FILE), ("open", FILE, "--candidate", FILE), ("open", "v1.0.0"))):
        found = staging.json(*line, code=0)["acted"]["outcome"]
        assert found == ("done" if number in (0, 2) else "found")
    assert staging.json("publish", OF_WHEEL.id, "v1.0.0", code=0)["acted"]["outcome"] == "found"
    assert "name two releases" in staging("publish", OF_WHEEL.id, "v1.0.0", "--candidate", "v2.0.0", code=2).err
    staging.repo.path(FILE).unlink()
    staging.repo.write({"pyproject.toml": '[project]\nname = "egg-core"\nversion = "1.0.0"\n'}).commit()
    for line in (("stage",), ("open",), ("publish", OF_WHEEL.id)):
        assert "name the tag, or the file of a candidate: TAG|CANDIDATE" in staging(*line, code=2).err


def test_bytes_are_proven_before_anything_is_made(staging: Acting, hub: ReleaseHub, monkeypatch: pytest.MonkeyPatch) -> None:
    staging.repo.write({"dist/egg.zip": b"built again"})
    assert f"has sha256 {sha256(b'built again')}, and the candidate's is {ZIP.sha256}" in staging("stage", code=1).err
    odd = candidate(replace(ZIP, name="egg (1).zip"))
    staging.seal(odd, {"egg (1).zip": b"zip"})
    assert "GitHub would call 'egg (1).zip' otherwise" in staging("stage", code=2).err
    staging.seal(CANDIDATE, {"egg.zip": b"zip"})
    monkeypatch.delenv("GH_TOKEN")
    assert "waiting: " in staging("stage", code=3).out
    assert hub.sent == []


FAILURES: dict[str, tuple[str, Callable[[], Any], int]] = {
    "draft-500": ("POST /repos/spam/eggs/releases", lambda: status(500, "boom"), 3),
    "draft-403": ("POST /repos/spam/eggs/releases", lambda: status(403, "ghp_s3cret may not"), 1),
    "draft-lost-after": ("POST /repos/spam/eggs/releases", lambda: after(hangs_up), 3),
    "asset-502": ("name=egg.zip", lambda: status(502, "boom"), 3),
    "asset-lost": ("name=egg.zip", lambda: hangs_up, 3),
    "asset-500-after": ("name=egg.zip", lambda: after(status(500, "boom")), 3),
    "last-500-after": (f"name={FILE}", lambda: after(status(500, "boom")), 0),
    "asset-422": ("name=egg.zip", lambda: after(status(422, "already_exists")), 1),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_is_read_back_and_the_next_run_goes_on(staging: Acting, hub: ReleaseHub, kind: str) -> None:
    path, answer, code = FAILURES[kind]
    hub.fault(path, answer())
    staging("stage", code=code)
    staging("stage", code=0)
    assert attached(hub) == WANTED
    assert hub.releases[0].draft


def test_an_upload_that_broke_off_is_told_and_not_deleted(staging: Acting, world: World, hub: ReleaseHub) -> None:
    published(world)
    staging("stage", code=0)
    hub.releases[0].assets[0].state = "starter"
    assert "waiting: its upload has not ended, or broke off" in staging("stage", code=3).out
    staging("open", code=3)
    assert len(hub.sent) == 4


@pytest.mark.parametrize("left", [[*WANTED], [*WANTED][1:], [*WANTED][:2], []], ids=["all", "no-asset", "no-candidate", "nothing"])
def test_what_is_not_attached_is_not_opened(staging: Acting, world: World, hub: ReleaseHub, left: list[str]) -> None:
    published(world)
    assert "waits for github:egg.zip" in staging("open", code=3).out
    release = hub.release("v1.0.0", draft=True)
    for name in left:
        release.add(name, WANTED[name])
    staging("open", code=0 if left == [*WANTED] else 3)
    assert release.draft is (left != [*WANTED])


@pytest.mark.parametrize("unseen", ["pypi", "npm", "github"])
def test_what_cannot_be_seen_is_not_opened(staging: Acting, world: World, hub: ReleaseHub, unseen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    published(world)
    staging("stage", code=0)
    monkeypatch.setattr("lockstep.evidence.http.TRIES", 1)
    if unseen == "github":
        hub.fault("/assets", status(500, "boom"))
    else:
        (world.pypi if unseen == "pypi" else world.npm).fault("egg", status(500, "boom"), 2)
    staging("open", code=3)
    assert hub.releases[0].draft


def test_opening_that_failed_is_read_back(staging: Acting, world: World, hub: ReleaseHub) -> None:
    published(world)
    staging("stage", code=0)
    hub.fault("PATCH", status(500, "boom"))
    assert "sent: it is not seen to be public: GitHub answers 500: boom" in staging("open", code=3).out
    assert hub.releases[0].draft
    hub.fault("PATCH", after(status(500, "boom")))
    assert "done: the release is public, though: GitHub answers 500: boom" in staging("open", code=0).out
    assert [one for one in sent(hub) if one.startswith("PATCH")] == ["PATCH /1"] * 2


@pytest.mark.parametrize(
    ("tag", "now", "expected"),
    [
        ("v1.2.0", "v1.1.0", "true"),
        ("v1.1.1", "v1.2.0", "false"),
        ("v1.2.0", "v1.2.0", "true"),
        ("v1.2.0-rc.1", "v1.1.0", "false"),
        ("v1.2.0", "", "true"),
        ("v1.2.0", None, "legacy"),
        ("egg-v1.2.0", "spam-v3.0.0", "legacy"),
        ("nightly", "v1.0.0", "legacy"),
    ],
)
def test_which_release_is_the_latest(tag: str, now: str | None, expected: str) -> None:
    assert latest(tag, now) == expected


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        ("https://api.github.com", "https://uploads.github.com"),
        ("https://api.spam.ghe.com", "https://uploads.spam.ghe.com"),
        ("https://git.example.org/api/v3", "https://git.example.org/api/uploads"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
def test_where_assets_are_sent(api: str, expected: str) -> None:
    assert github.uploads(Api(url=api, token="t")).url == expected


def test_an_attestation_is_attached_by_its_name(staging: Acting, hub: ReleaseHub) -> None:
    mine = replace(CANDIDATE, attestations=("egg.sigstore.json",))
    staging.seal(mine, {"egg.sigstore.json": b"{}"})
    staging("stage", code=0)
    assert attached(hub)["egg.sigstore.json"] == b"{}"
    assert isinstance(mine.artifacts[0], Artifact)


def test_of_two_drafts_the_older_is_kept(staging: Acting, hub: ReleaseHub) -> None:
    """Another job makes the draft at the same moment: what this one made is empty, and is taken back."""

    def meanwhile(handler: Any) -> None:  # noqa: ANN401 - the handler of the stand-in
        hub.release("v1.0.0", draft=True)
        handler.send(*hub.reply(handler.command, handler.path, *handler.said))

    hub.fault("POST /repos/spam/eggs/releases", meanwhile)
    staging("stage", code=0)
    assert [one.id for one in hub.releases] == [1]
    assert attached(hub) == WANTED
    assert sent(hub)[:2] == ["POST ", "DELETE /2"]


def test_a_draft_with_other_bytes_tells_of_a_run_that_built_again(staging: Acting, world: World, hub: ReleaseHub) -> None:
    published(world)
    staging("stage", code=0)
    hub.releases[0].assets[0].data = b"of the first run"
    out = staging("stage", code=1).out
    assert "the conflict is decided" in out
    assert '"Re-run all jobs"' in out
    assert "delete the draft" in out
