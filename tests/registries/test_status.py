"""`release status`: the table, the next step, the exit codes and the outputs, from registries that have some of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.app import release_status as app
from lockstep.dataclass import replace
from lockstep.evidence import http
from lockstep.release.candidate import FILE, Candidate, written
from tests.conftest import Repo, Result, Run
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.standin import says, serve, status
from tests.registries.conftest import CRATE, TARBALL, WHEEL, Clock, World

TOKEN = "ghp_of-a-maintainer"
COMMIT = "c" * 40
CANDIDATE = Candidate(
    tag="v1.0.0",
    commit=COMMIT,
    group="main",
    versions={"cargo:egg-core": "1.0.0"},
    artifacts=(CRATE, replace(WHEEL, needs=(CRATE.id,)), replace(TARBALL, needs=(CRATE.id,))),
)


@pytest.fixture
def hub(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseHub]:  # noqa: ARG001 - it sets the pace
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    with serve(ReleaseHub(refs={"v1.0.0": COMMIT}, writers={TOKEN}), ReleaseHandler) as served:
        monkeypatch.setenv("GITHUB_API_URL", served.url)
        yield served


@pytest.fixture
def repo(tmp_path: Path, world: World) -> Repo:
    repo = Repo(tmp_path / "egg")
    repo.root.mkdir()
    repo.git("init", "-q", "--initial-branch=main")
    config = world.config
    lines = [f"crates-io = {config.crates_io!r}", f"pypi = {config.pypi!r}", f"pypi-api = {config.pypi_api!r}", f"npm = {config.npm!r}"]
    repo.write({"lockstep.toml": "[registries]\n" + "\n".join(lines) + "\n", FILE: written(CANDIDATE)})
    return repo.commit()


class Ask:
    """Asks for the status of the candidate in the repository."""

    def __init__(self, run: Run, repo: Repo) -> None:
        self.run, self.repo = run, repo

    def __call__(self, *args: str, code: int) -> Result:
        return self.run("release", "status", *args, repo=self.repo, code=code)

    def json(self, *args: str, code: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("--format", "json", *args, code=code).out)
        jsonschema.validate(found, json.loads(files("lockstep").joinpath("schemas/release.json").read_text()))
        return found


@pytest.fixture
def ask(run: Run, repo: Repo, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Ask:  # noqa: ARG001 - it passes when it is slept
    monkeypatch.chdir(repo.root)
    return Ask(run, repo)


def test_a_release_is_seen_through(ask: Ask, world: World, hub: ReleaseHub) -> None:
    """Every state on the way from nothing to public, as whoever releases would see them."""
    at = ("--repository", hub.name)
    out = ask(*at, code=3).out
    assert out.startswith("v1.0.0: incomplete; 0 of 3 files verified, 3 absent, no release on GitHub yet\n")
    assert out.endswith("next: publish egg-core-1.0.0.crate to crates.io\n")
    world.publish(CRATE)
    world.crates.stale.add(CRATE.package)
    out = ask(*at, code=3).out
    assert "pending: crates.io:egg-core-1.0.0.crate: http://127.0.0.1" in out
    assert out.endswith("next: wait until everybody sees what was accepted: lockstep release status --wait\n")
    world.crates.stale.clear()
    found = ask.json(*at, code=3)
    assert [one["subject"] for one in found["next"]] == [TARBALL.id, WHEEL.id]
    assert next(one["step"] for one in found["artifacts"]) == "crates.io has it, with the candidate's digest"
    world.publish(WHEEL)
    world.publish(TARBALL)
    assert ask.json(*at, code=3)["release"] == {
        "visibility": "none", "url": None, "act": "open", "progress": "waiting", "step": "there is no draft",
    }  # fmt: skip
    release = hub.release("v1.0.0", draft=True)
    assert ask(*at, code=3).out.endswith("next: open the release: it becomes public\n")
    release.draft = False
    found = ask.json(*at, code=0)
    assert (found["state"], found["complete"], found["next"], found["release"]["visibility"]) == ("complete", True, [], "public")
    assert ask(*at, code=0).out.endswith("next: nothing is left to do\n")
    assert world.crates.paths.count("/api/v1/crates/egg-core/1.0.0") == 2, "the API is asked while the index does not show it"


def test_a_conflict_stops_everything_and_says_the_way_out(ask: Ask, world: World) -> None:
    world.publish(WHEEL, b"tampered")
    out = ask("--no-github", code=1).out
    assert "v1.0.0: conflict; 0 of 3 files verified, 2 absent, 1 conflict" in out
    assert f"conflict: {WHEEL.id}: " in out
    assert WHEEL.sha256 in out
    assert "held back" in out
    assert out.endswith("next: nothing is uploaded anywhere until the conflict is decided\n")
    found = ask.json("--no-github", code=1)
    assert [one["id"] for one in found["conflicts"]] == [WHEEL.id]
    assert found["release"] is None


def test_what_cannot_be_seen_is_not_absent(ask: Ask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TRIES", 1)
    for one in (CRATE, WHEEL, TARBALL):
        world.publish(one)
    ask("--no-github", code=0)
    world.npm.fault("/@spam", status(500, "boom"), 2)
    out = ask("--no-github", code=3).out
    assert "v1.0.0: unseen; 2 of 3 files verified, 1 unseen" in out
    assert f"unseen: {TARBALL.id}: @spam/egg at 127.0.0.1: 127.0.0.1 answers 500" in out
    assert "ask again" in out


def test_a_repository_that_is_not_known_on_github_is_no_complete_release(ask: Ask, world: World) -> None:
    for one in (CRATE, WHEEL, TARBALL):
        world.publish(one)
    result = ask(code=3)
    assert "v1.0.0: unseen; 3 of 3 files verified" in result.out
    assert "unseen: github:release: it is not known which repository on GitHub this is" in result.out
    assert "there is no remote origin" in result.err
    assert "--no-github" in result.err


def test_who_waits_sees_it_settle(ask: Ask, world: World, clock: Clock) -> None:
    for one in (CRATE, WHEEL, TARBALL):
        world.publish(one)
    world.pypi.fault("/simple/", status(404, "404 Not Found", "text/plain"), 1)
    world.npm.fault("/@spam%2Fegg", says(b'{"name": "@spam/egg", "versions": {}}'), 1)
    world.crates.fault("/index/eg/", status(404, "404 Not Found", "text/plain"), 2)
    result = ask("--no-github", "--wait", "60", code=0)
    assert f"{WHEEL.id}: pending, now verified" in result.err
    assert "v1.0.0: incomplete; 0 of 3 files verified, 3 pending; again in 15 s" in result.err
    assert clock.slept == [app.POLL] * 2
    clock.slept.clear()
    world.npm.stale.add(TARBALL.package)
    ask("--no-github", "--wait", "20", code=3)
    assert clock.slept == [app.POLL, 20 - app.POLL], "the last look is at the end"


def test_nobody_waits_for_what_does_not_come_by_itself(ask: Ask, world: World, clock: Clock) -> None:
    ask("--no-github", "--wait", "60", code=3)
    assert world.crates.paths.count("/index/config.json") == 1
    world.npm.fault("/@spam", status(403, "no"), 100)
    ask("--no-github", "--wait", "60", code=3)
    assert clock.slept == []
    world.npm.faults.clear()
    world.crates.asked.clear()
    ask("--no-github", "--watch", "--wait", "40", code=3)
    assert world.crates.paths.count("/index/config.json") == 4, "at once, after 15, 30 and 40 seconds"


def test_the_outputs_of_a_step(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    ask("--no-github", code=3)
    assert (tmp_path / "outputs").read_text() == f"state=incomplete\nnext=publish {CRATE.id}\ncomplete=false\n"


def test_a_tag_s_candidate_is_an_asset_of_its_release(ask: Ask, hub: ReleaseHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask.repo.path(FILE).unlink()
    monkeypatch.setenv("GITHUB_REPOSITORY", hub.name)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    assert "has no release of v1.0.0" in ask("v1.0.0", code=3).err
    assert "state=unseen" in (tmp_path / "outputs").read_text()
    release = hub.release("v1.0.0", draft=True)
    assert "no asset lockstep-release.json" in ask("v1.0.0", code=2).err
    asset = release.add(FILE, written(CANDIDATE).encode())
    found = ask.json("v1.0.0", code=3)
    assert (found["candidate"], found["release"]["visibility"]) == ("lockstep-release.json of the release v1.0.0 of spam/eggs", "draft")
    asset.data = written(replace(CANDIDATE, tag="v0.9.0")).encode()
    assert "is that of v0.9.0" in ask("v1.0.0", code=2).err
    asset.data = b"\xff"
    assert "no text" in ask("v1.0.0", code=2).err
    asset.data = b"{}"
    assert "no candidate of a release" in ask("v1.0.0", code=2).err
    hub.fault("/releases?", status(404, "Not Found"))
    assert "could not be seen" in ask("v1.0.0", code=3).err
    monkeypatch.delenv("GH_TOKEN")
    assert "a draft, which is shown only to a token" in ask("v1.0.0", code=3).err


def test_a_candidate_needs_no_repository(run: Run, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    result = run("release", "status", "--repo", str(tmp_path / "alone"), repo=tmp_path / "alone", code=2)
    assert "no lockstep-release.json here, and no repository" in result.err
    assert "there is no repository here; --repository OWNER/NAME" in result.err
    assert "cannot be read: no such file" in run("release", "status", "missing.json", repo=tmp_path / "alone", code=2).err


def test_a_name_from_a_registry_steers_no_terminal(ask: Ask, world: World) -> None:
    world.publish(WHEEL)
    world.pypi.add("egg_core-1.0.0-py3-none-\x1b[31many.whl", WHEEL.package, "1.0.0", b"x")
    world.pypi.stale.add(WHEEL.name)
    out = ask("--no-github", code=1).out
    assert "\x1b" not in out
