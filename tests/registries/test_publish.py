"""`release publish`: absent is the only state from which anything is sent; it is sent once, from proven bytes, and read back."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from lockstep.acts import tokens
from lockstep.app import release_act
from lockstep.dataclass import replace
from lockstep.evidence import http
from lockstep.evidence.http import Http, Server
from lockstep.release.candidate import Artifact, Registry
from tests.gate.standin import hangs_up, serve, status
from tests.registries import standin
from tests.registries.acting import OF_TARBALL, OF_WHEEL, TARBALL, TOKENS, WHEEL, Acting, acting, candidate, repo, sha256, tarball, uploads, wheel
from tests.registries.conftest import Clock, World, artifact
from tests.registries.test_clients import UPLOADS
from tests.registries.test_clients import run as client

__all__ = ("acting", "repo")
FORM = "POST /legacy/"


def after(answer: standin.Fault) -> standin.Fault:
    """Accept what is uploaded, and answer otherwise."""

    def fault(handler: Any) -> None:  # noqa: ANN401 - either handler
        sent: list[tuple[Any, ...]] = []
        keep, handler.send = handler.send, lambda *args, **_: sent.append(args)
        handler.send(*handler.hub.reply(handler.command, handler.path, *handler.said))
        handler.send = keep
        answer(handler)

    return fault


def test_a_wheel_is_published_once_and_then_found(acting: Acting, world: World) -> None:
    out = acting("publish", OF_WHEEL.id, code=0).out
    assert out.startswith(f"publish {OF_WHEEL.id}: done: pypi has it, with the candidate's digest\n")
    assert out.endswith("next: publish @spam/egg 1.0.0 to npm\n")
    assert world.pypi.files[OF_WHEEL.name] == ("egg-core", "1.0.0", WHEEL)
    [headers] = [headers for method, _, headers in world.pypi.asked if method == "POST"]
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"__token__:pypi-s3cret"
    form = world.pypi.forms[OF_WHEEL.name]
    assert form["sha256_digest"] == [OF_WHEEL.sha256]
    assert {"filetype": ["bdist_wheel"], "pyversion": ["py3"], "project_urls": ["Home, https://example.org"], "keywords": ["a,b"]}.items() <= form.items()
    assert "attestations" not in form
    assert acting.json("publish", OF_WHEEL.name, code=0)["acted"]["outcome"] == "found"
    assert uploads(world) == [FORM]


def test_what_waits_is_not_published(acting: Acting, world: World) -> None:
    assert f"waiting: waits for {OF_WHEEL.id}" in acting("publish", OF_TARBALL.id, code=3).out
    world.publish(OF_WHEEL, WHEEL)
    world.pypi.stale.add(OF_WHEEL.name)
    assert "waiting: waits for" in acting("publish", OF_TARBALL.id, code=3).out
    assert uploads(world) == []


@pytest.mark.parametrize("where", ["there", "elsewhere", "beside"])
def test_a_conflict_anywhere_stops_everything(acting: Acting, world: World, where: str) -> None:
    built = b"other bytes"
    if where == "beside":
        world.publish(OF_WHEEL, WHEEL)
        world.pypi.add("egg_core-1.0.0-cp311-cp311-win_amd64.whl", "egg-core", "1.0.0", built)
    else:
        world.publish({"there": OF_WHEEL, "elsewhere": OF_TARBALL}[where], built)
    for one in (OF_WHEEL, OF_TARBALL):
        result = acting("publish", one.id, code=1)
        assert "refused: nothing is uploaded anywhere until the conflict is decided" in result.out
        assert "  help: " in result.out
        if where == "there":
            assert sha256(built) in result.out
            assert OF_WHEEL.sha256 in result.out
    assert uploads(world) == []


def test_what_cannot_be_seen_may_be_a_conflict(acting: Acting, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that does not answer may have other bytes, so that nothing is uploaded elsewhere either."""
    monkeypatch.setattr(http, "TRIES", 1)
    free = replace(OF_TARBALL, needs=())
    acting.seal(candidate(OF_WHEEL, free), {OF_WHEEL.name: WHEEL, free.name: TARBALL})
    world.publish(OF_WHEEL, b"theirs")
    world.pypi.fault("egg-core", status(500, "boom"), 2)
    assert f"waiting: {OF_WHEEL.id} could not be seen, and other bytes there would stop everything" in acting("publish", free.id, code=3).out
    assert "refused" in acting("publish", free.id, code=1).out
    assert uploads(world) == []


def test_other_bytes_than_the_candidate_s_are_not_sent(acting: Acting, world: World) -> None:
    acting.repo.write({f"dist/{OF_WHEEL.name}": b"built again"})
    result = acting("publish", OF_WHEEL.id, code=1)
    assert f"has sha256 {sha256(b'built again')}, and the candidate's is {OF_WHEEL.sha256}: nothing is uploaded" in result.err
    acting.repo.path(f"dist/{OF_WHEEL.name}").unlink()
    assert "--dist DIR" in acting("publish", OF_WHEEL.id, code=2).err
    acting.repo.write({f"elsewhere/{OF_WHEEL.name}": WHEEL})
    acting("publish", f"elsewhere/{OF_WHEEL.name}", code=0)
    assert "did you mean" in acting("publish", "pypi:egg_core-1.0.0-py3-none-any.wh", code=2).err
    assert uploads(world) == [FORM]


@pytest.mark.parametrize(
    ("one", "data", "said"),
    [
        (replace(OF_WHEEL, package="other"), WHEEL, "it is egg-core 1.0.0, and the candidate says other 1.0.0"),
        (artifact(Registry.PYPI, "egg-core", OF_WHEEL.name, OF_WHEEL.kind, wheel(version="2.0.0")), wheel(version="2.0.0"), "it is egg-core 2.0.0"),
        (artifact(Registry.NPM, "@spam/egg", OF_TARBALL.name, OF_TARBALL.kind, tarball("@spam/other")), tarball("@spam/other"), "it is @spam/other 1.0.0"),
    ],
    ids=["project", "version", "npm"],
)
def test_a_file_goes_to_the_package_that_it_is_of(acting: Acting, world: World, one: Artifact, data: bytes, said: str) -> None:
    acting.seal(candidate(one), {one.name: data})
    assert said in acting("publish", one.id, code=1).err
    assert uploads(world) == []


def test_what_has_the_name_of_an_attestation_and_is_no_file_is_refused(acting: Acting, world: World) -> None:
    acting.repo.path(f"dist/{OF_WHEEL.name}.publish.attestation").mkdir()
    assert "is no regular file, and its name is that of an attestation" in acting("publish", OF_WHEEL.id, code=2).err
    assert uploads(world) == []


def test_a_dry_run_asks_nothing_and_needs_no_token(acting: Acting, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TOKENS:
        monkeypatch.delenv(name)
    out = acting("publish", OF_WHEEL.id, "--dry-run", code=0).out
    assert f"would ask: POST {world.pypi.url}/legacy/: {OF_WHEEL.name}, {len(WHEEL)} bytes, sha256 {OF_WHEEL.sha256}" in out
    world.publish(OF_WHEEL, WHEEL)
    [asked] = acting.json("publish", OF_TARBALL.id, "--dry-run", "--provenance", code=0)["acted"]["asks"]
    assert "--provenance" in asked
    assert f"--@spam:registry={world.npm.url}/" in asked
    assert uploads(world) == []
    assert "there is no token" in acting("publish", OF_TARBALL.id, code=2).err


def test_a_token_goes_where_its_environment_says_and_nowhere_else(acting: Acting, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_PUBLISH_URL")
    assert "it is not known where 127.0.0.1 takes files" in acting("publish", OF_WHEEL.id, code=2).err
    world.publish(OF_WHEEL, WHEEL)
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://registry.example.org/")
    assert "does not say that its token is for 127.0.0.1" in acting("publish", OF_TARBALL.id, code=2).err
    assert uploads(world) == []


FAILURES: dict[str, tuple[Callable[[World], standin.Fault], bool, int, str]] = {
    "500": (lambda _: status(500, "boom"), False, 3, "it is not known whether it was accepted"),
    "429": (lambda _: status(429, "slowly"), False, 3, "it is not known whether it was accepted"),
    "403": (lambda _: status(403, "pypi-s3cret is not the owner's"), False, 1, "answers 403: *** is not the owner's"),
    "400": (lambda _: status(400, "no classifier", "text/plain"), False, 1, "answers 400: no classifier"),
    "redirect": (lambda world: status(307, location=f"{world.npm.url}/legacy/"), False, 1, "nothing is sent on"),
    "hangs-up": (lambda _: hangs_up, False, 3, "broke off"),
    "500-after": (lambda _: after(status(500, "boom")), True, 0, "done: pypi has it, with the candidate's digest, though: 127.0.0.1 answers 500"),
    "lost-after": (lambda _: after(hangs_up), True, 0, "though: 127.0.0.1: its answer broke off"),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_is_read_back_and_sent_again_only_by_the_next_run(acting: Acting, world: World, kind: str) -> None:
    answer, accepted, code, said = FAILURES[kind]
    world.pypi.fault("/legacy/", answer(world))
    assert said in acting("publish", OF_WHEEL.id, code=code).out
    assert (OF_WHEEL.name in world.pypi.files) is accepted
    assert uploads(world) == [FORM]
    assert acting.json("publish", OF_WHEEL.id, code=0)["acted"]["outcome"] == ("found" if accepted else "done")
    assert uploads(world) == [FORM] * (1 if accepted else 2)


def test_what_is_not_shown_at_once_is_waited_for(acting: Acting, world: World, clock: Clock) -> None:
    world.pypi.stale.add(OF_WHEEL.name)
    assert "sent: pypi has accepted it, and does not show it everywhere yet" in acting("publish", OF_WHEEL.id, code=3).out
    assert "waiting: pypi has accepted it" in acting("publish", OF_WHEEL.id, code=3).out
    world.pypi.stale.clear()
    acting("publish", OF_WHEEL.id, code=0)
    assert uploads(world) == [FORM]
    world.npm.stale.add(OF_TARBALL.package)
    clock.then = world.npm.stale.clear
    acting("publish", OF_TARBALL.id, "--wait", "60", code=0)
    assert clock.slept == [release_act.POLL]


def test_what_somebody_else_published_meanwhile_is_a_conflict_or_is_there(acting: Acting, world: World) -> None:
    def meanwhile(data: bytes) -> standin.Fault:
        def fault(handler: Any) -> None:  # noqa: ANN401 - either handler
            world.publish(OF_WHEEL, data)
            handler.send(400, b"File already exists", "text/plain")

        return fault

    world.pypi.fault("/legacy/", meanwhile(WHEEL))
    assert "done: pypi has it, with the candidate's digest, though: 127.0.0.1 answers 400: File already exists" in acting("publish", OF_WHEEL.id, code=0).out
    world.pypi.files.clear()
    world.pypi.fault("/legacy/", meanwhile(b"theirs"))
    assert sha256(b"theirs") in acting("publish", OF_WHEEL.id, code=1).out


def test_attestations_beside_the_file_are_passed_on(acting: Acting, world: World) -> None:
    def attestation(digest: str) -> str:
        statement = base64.b64encode(json.dumps({"subject": [{"name": OF_WHEEL.name, "digest": {"sha256": digest}}]}).encode()).decode()
        return json.dumps({"version": 1, "envelope": {"statement": statement, "signature": "x"}})

    name = f"dist/{OF_WHEEL.name}.publish.attestation"
    acting.repo.write({name: attestation("0" * 64)})
    assert "is of sha256 0000" in acting("publish", OF_WHEEL.id, code=1).out
    acting.repo.write({name: "{}"})
    assert "cannot be read as one of PEP 740" in acting("publish", OF_WHEEL.id, code=1).out
    assert uploads(world) == []
    acting.repo.write({name: attestation(OF_WHEEL.sha256)})
    acting("publish", OF_WHEEL.id, code=0)
    [sent] = world.pypi.forms[OF_WHEEL.name]["attestations"]
    assert json.loads(sent) == [json.loads(attestation(OF_WHEEL.sha256))]


def test_a_tarball_is_published_by_npm_as_it_is(acting: Acting, world: World) -> None:
    world.publish(OF_WHEEL, WHEEL)
    acting.repo.write({".npmrc": "registry=https://registry.example.org/\nalways-auth=true\n"})
    out = acting("publish", OF_TARBALL.id, code=0).out
    assert f"publish {OF_TARBALL.id}: done: npm has it" in out
    assert out.endswith("next: nothing is left to do\n")
    assert world.npm.files["@spam/egg", "1.0.0"] == TARBALL
    assert [headers["authorization"] for method, _, headers in world.npm.asked if method == "PUT"] == ["Bearer npm_s3cret"]
    assert acting.json("publish", OF_TARBALL.id, code=0)["acted"]["outcome"] == "found"
    assert uploads(world) == ["PUT /@spam%2fegg"]


def test_what_npm_failed_at_is_read_back(acting: Acting, world: World) -> None:
    world.publish(OF_WHEEL, WHEEL)
    world.npm.fault("PUT /@spam", after(status(500, "boom")))
    assert "done: npm has it, with the candidate's digest, though: npm ended with code 1" in acting("publish", OF_TARBALL.id, code=0).out
    world.npm.files.clear()
    world.npm.fault("PUT /@spam", status(403, "npm_s3cret is not the owner's"))
    out = acting("publish", OF_TARBALL.id, code=1).out
    assert "refused: npm ended with code 1" in out
    assert uploads(world) == ["PUT /@spam%2fegg"] * 2


@pytest.mark.parametrize("config", [{"registry": "https://registry.example.org"}, {"@spam:registry": "https://registry.example.org"}, {"registry": 1}])
def test_a_tarball_does_not_say_where_it_goes(acting: Acting, world: World, config: dict[str, object]) -> None:
    data = tarball(publishConfig=config)
    one = artifact(Registry.NPM, "@spam/egg", OF_TARBALL.name, OF_TARBALL.kind, data)
    acting.seal(candidate(one), {one.name: data})
    assert "names another registry than" in acting("publish", one.id, code=1).out
    assert uploads(world) == []


@pytest.mark.parametrize("config", [{"https-proxy": "http://proxy.example.org"}, {"strict-ssl": False}, {"//registry.npmjs.org/:_authToken": "x"}, {"ca": ""}])
def test_a_tarball_sets_no_setting_of_npm(acting: Acting, world: World, config: dict[str, object]) -> None:
    data = tarball(publishConfig={"access": "public", **config})
    one = artifact(Registry.NPM, "@spam/egg", OF_TARBALL.name, OF_TARBALL.kind, data)
    acting.seal(candidate(one), {one.name: data})
    assert "which npm takes for a setting of its own" in acting("publish", one.id, code=1).out
    assert uploads(world) == []


def test_a_pre_release_is_not_the_latest(acting: Acting, world: World) -> None:
    data = tarball(version="1.0.0-rc.1")
    one = replace(artifact(Registry.NPM, "@spam/egg", "spam-egg-1.0.0-rc.1.tgz", OF_TARBALL.kind, data), version="1.0.0-rc.1")
    acting.seal(candidate(one), {one.name: data})
    acting("publish", one.id, code=0)
    assert world.npm.tags == {"next": "1.0.0-rc.1"}


def test_a_trusted_publisher_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The identity goes to the index that mints a token, and the token of the request to GitHub Actions alone."""

    class Actions(standin.Registry):
        def reply(self, method: str, path: str, headers: standin.Headers, body: bytes) -> standin.Reply:
            del headers
            said = {"value": "jwt"} if method == "GET" else {"token": f"pypi-for-{json.loads(body)['token']}"}
            return 200, json.dumps({**said, "path": path}).encode(), "application/json"

    async def minted(actions: Actions, index: Actions) -> object:
        async with Http(time.monotonic() + 5, lambda _: None) as client:
            environment = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{actions.url}/id?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-s3cret"}
            said = await tokens.identity(client, environment, "pypi")
            assert said == "jwt"
            return await tokens.exchanged(client, Server(name="PyPI", url=index.url), "/_/oidc/mint-token", "token", "jwt")

    monkeypatch.setattr(http, "PAUSE", 0.01)
    with serve(Actions(), standin.Handler) as actions, serve(Actions(), standin.Handler) as index:
        assert asyncio.run(minted(actions, index)) == "pypi-for-jwt"
        assert [(path, headers.get("authorization")) for _, path, headers in actions.asked] == [("/id?api-version=2.0&audience=pypi", "Bearer request-s3cret")]
        assert [(path, headers.get("authorization")) for _, path, headers in index.asked] == [("/_/oidc/mint-token", None)]


@pytest.mark.parametrize("tool", UPLOADS)
def test_the_form_says_what_that_of_other_tools_says(acting: Acting, world: World, tool: str) -> None:
    """What twine and uv say of a wheel is said here too, in the same words."""
    client(*UPLOADS[tool], f"{world.pypi.url}/legacy/", f"dist/{OF_WHEEL.name}", cwd=acting.repo.root)
    theirs = world.pypi.forms.pop(OF_WHEEL.name)
    world.pypi.files.clear()
    acting("publish", OF_WHEEL.id, code=0)
    ours = world.pypi.forms[OF_WHEEL.name]
    theirs["keywords"] = [one.replace(", ", ",") for one in theirs["keywords"]]  # how they are joined is the tool's
    assert {key: value for key, value in theirs.items() if key != "md5_digest" and value != [""] and ours.get(key) != value} == {}
