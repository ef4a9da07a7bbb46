"""What there is of a file, for every answer that a registry can give: no state is guessed, and a server that fails is never taken for one without the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from lockstep.dataclass import replace
from lockstep.evidence import http
from lockstep.evidence.registries import npm as npm_observer
from lockstep.evidence.registries import pypi as pypi_observer
from lockstep.evidence.registries.addresses import Address
from lockstep.release.candidate import Artifact, ArtifactKind, Registry
from lockstep.release.observation import State
from tests.gate import standin as gate
from tests.gate.standin import endless, says, serve, status
from tests.registries import standin
from tests.registries.conftest import CRATE, ONE, TARBALL, WHEEL, World, artifact

INDEX = {Registry.CRATES_IO: "/index/eg/", Registry.PYPI: "/simple/", Registry.NPM: "/@spam%2Fegg"}
API = {Registry.CRATES_IO: "/api/v1/", Registry.PYPI: "/pypi/", Registry.NPM: "/@spam%2Fegg/1.0.0"}
OTHER = {
    Registry.CRATES_IO: {"version": {"crate": "ham", "num": "1.0.0", "checksum": CRATE.sha256, "yanked": False}},
    Registry.PYPI: {"info": {"name": "ham", "version": "1.0.0"}, "urls": [], "meta": {"api-version": "1.1"}, "name": "ham", "files": []},
    Registry.NPM: {"name": "ham", "version": "1.0.0", "versions": {"1.0.0": {"name": "ham"}}, "dist": {"integrity": TARBALL.integrity}},
}
ROW = b'{"name": "ham", "vers": "1.0.0", "cksum": "0", "yanked": false}\n'
every_registry = pytest.mark.parametrize("one", ONE.values(), ids=[str(one) for one in ONE])


def state(world: World, one: Artifact) -> State:
    [found] = [seen for seen in world.observe(one) if seen.artifact == one.id]
    assert found.at
    assert found.endpoint.startswith(world.of(one.registry).url)
    assert bool(found.why) == (found.state not in (State.ABSENT, State.VERIFIED)), found
    assert found.digest or found.state in (State.ABSENT, State.UNSEEN)
    return found.state


# ---- registries that answer well


@every_registry
def test_what_is_nowhere_is_absent(one: Artifact, world: World) -> None:
    assert state(world, one) is State.ABSENT


@every_registry
def test_what_is_there_is_verified(one: Artifact, world: World) -> None:
    world.publish(one)
    assert state(world, one) is State.VERIFIED


@every_registry
def test_other_bytes_are_a_conflict(one: Artifact, world: World) -> None:
    world.publish(one, b"tampered")
    assert state(world, one) is State.CONFLICT


@every_registry
def test_another_version_is_absent(one: Artifact, world: World) -> None:
    world.publish(ONE[one.registry])
    other = artifact(one.registry, one.package, one.name.replace("1.0.0", "1.0.1"), one.kind, b"new", "1.0.1")
    assert state(world, other) is State.ABSENT


def stale(world: World, one: Artifact) -> None:
    world.crates.stale.add(one.package)
    world.pypi.stale.add(one.name)
    world.npm.stale.add(one.package)


@every_registry
def test_what_the_api_alone_has_is_pending(one: Artifact, world: World) -> None:
    world.publish(one)
    stale(world, one)
    assert state(world, one) is State.PENDING


@every_registry
def test_other_bytes_that_the_api_alone_has_are_a_conflict(one: Artifact, world: World) -> None:
    world.publish(one, b"tampered")
    stale(world, one)
    assert state(world, one) is State.CONFLICT


@every_registry
def test_what_was_withdrawn_is_told(one: Artifact, world: World) -> None:
    world.publish(one)
    world.crates.yanked.add((one.package, one.version))
    world.pypi.yanked[one.name] = "it eats files"
    world.npm.deprecated[one.package, one.version] = "it eats files"
    assert state(world, one) is State.YANKED
    stale(world, one)
    assert state(world, one) is State.YANKED


def test_a_file_that_the_candidate_does_not_have_is_a_conflict(world: World) -> None:
    world.publish(WHEEL)
    world.pypi.add("egg_core-1.0.0.tar.gz", WHEEL.package, "1.0.0", b"sdist")
    world.pypi.add("egg_core-0.9.0.tar.gz", WHEEL.package, "0.9.0", b"old")
    found = {one.artifact: one.state for one in world.observe(WHEEL)}
    assert found == {WHEEL.id: State.VERIFIED, "pypi:egg_core-1.0.0.tar.gz": State.CONFLICT}
    world.pypi.stale.add("egg_core-1.0.0.tar.gz")
    missing = artifact(Registry.PYPI, WHEEL.package, "egg_core-1.0.0-cp311-cp311-win_amd64.whl", ArtifactKind.WHEEL, b"windows")
    found = {one.artifact: one.state for one in world.observe(WHEEL, missing)}
    assert found == {WHEEL.id: State.VERIFIED, missing.id: State.ABSENT, "pypi:egg_core-1.0.0.tar.gz": State.CONFLICT}


@pytest.mark.parametrize("speaks_json", [True, False], ids=["JSON", "HTML"])
def test_an_index_of_python_without_an_api_is_taken_at_its_word(world: World, speaks_json: bool) -> None:  # noqa: FBT001 - a parameter
    world.pypi.speaks_json = speaks_json
    where = {Registry.PYPI: Address(server=world.addresses[Registry.PYPI].server)}
    assert [one.state for one in world.observe(WHEEL, where=where)] == [State.UNSEEN], "that there is no such project, anybody could have said"
    world.pypi.add("egg_core-0.9.0.tar.gz", WHEEL.package, "0.9.0", b"old")
    assert [one.state for one in world.observe(WHEEL, where=where)] == [State.ABSENT]
    world.publish(WHEEL)
    assert [one.state for one in world.observe(WHEEL, where=where)] == [State.VERIFIED]
    world.pypi.yanked[WHEEL.name] = "it eats files"
    assert [(one.state, one.why) for one in world.observe(WHEEL, where=where)] == [(State.YANKED, "it was yanked: it eats files")]
    world.publish(WHEEL, b"tampered")
    assert [one.state for one in world.observe(WHEEL, where=where)] == [State.CONFLICT]


PAGES = {
    "a login page": b'<!doctype html><a href="/signup">Sign up</a>',
    "a login page that offers a program": b'<a href="/signup">Sign up</a><a href="/x/egg_core-1.0.0.tar.gz#sha256=0">x</a>',
    "a page of nothing": b"<html></html>",
    "bytes": b"<\xff",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_that_lists_no_files_is_no_index(page: bytes, world: World) -> None:
    world.pypi.fault("/simple/", says(page, "text/html"), 10)
    assert state(world, WHEEL) is State.UNSEEN


def test_an_index_of_crates_without_an_api_is_taken_at_its_word(world: World) -> None:
    where = {Registry.CRATES_IO: replace(world.addresses[Registry.CRATES_IO], index_alone=True)}
    assert [one.state for one in world.observe(CRATE, where=where)] == [State.ABSENT]
    world.crates.fault(INDEX[Registry.CRATES_IO], status(500), 10)
    assert [one.state for one in world.observe(CRATE, where=where)] == [State.UNSEEN]
    world.crates.faults.clear()
    world.publish(CRATE)
    assert [one.state for one in world.observe(CRATE, where=where)] == [State.VERIFIED]
    assert not any(path.startswith("/api/") for path in world.crates.paths)


# ---- registries that do not


def faults() -> Iterator[tuple[str, Callable[[Registry, str], standin.Fault]]]:
    """Give what makes a fault for a registry, and one of its two places."""
    yield "500", lambda *_: status(500, "boom")
    yield "503, HTML", lambda *_: status(503, "<html>maintenance</html>", "text/html")
    yield "404, HTML", lambda *_: status(404, "<html>not here</html>", "text/html")
    yield "404, nothing", lambda *_: status(404, "", "text/plain")
    yield "403", lambda *_: status(403, "no")
    yield "429", lambda *_: status(429, "slow down", Retry_After="3600")
    yield "418", lambda *_: status(418, "I am a teapot")
    yield "redirected", lambda *_: status(302, "over there", Location="http://127.0.0.1:9/elsewhere")
    yield "redirected in a circle", lambda *_: _to_itself
    yield "HTML", lambda *_: says(b"<!doctype html><title>Sign in</title>", "text/html")
    yield "half", lambda *_: says(b'{"name": "egg", "vers')
    yield "null", lambda *_: says(b"null")
    yield "a table of nothing", lambda *_: says(b"{}")
    yield "another package", _other
    yield "cut short", lambda *_: gate.cut_short
    yield "hangs up", lambda *_: gate.hangs_up
    yield "silent", lambda *_: gate.silent
    yield "never ends", lambda *_: endless(0.0)


def _to_itself(handler: standin.Handler) -> None:
    handler.send(302, b"", Location=handler.path)


def _other(registry: Registry, place: str) -> standin.Fault:
    return says(ROW if place == "index" and registry is Registry.CRATES_IO else json.dumps(OTHER[registry]).encode())


FAULTS = dict(faults())
NOBODYS_WORD = {"404, HTML", "404, nothing"}
"""An index that says so says nothing that the API does not."""
BARE = {**dict.fromkeys(ONE, NOBODYS_WORD), Registry.NPM: set[str]()}


@pytest.fixture
def _quick(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it sets the pace
    monkeypatch.setattr(http, "TRIES", 2)
    monkeypatch.setattr(npm_observer, "LARGEST_PACKUMENT", 2**20)
    monkeypatch.setattr(pypi_observer, "LARGEST_PROJECT", 2**20)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("fault", FAULTS)
@every_registry
def test_an_index_that_fails_hides_nothing_and_invents_nothing(one: Artifact, fault: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "silent":
        monkeypatch.setattr(http, "ANSWER", 0.3)
    made = FAULTS[fault](one.registry, "index")
    bare = fault in BARE[one.registry]
    for published, wanted in ((False, State.ABSENT if bare else State.UNSEEN), (True, State.PENDING if bare else State.UNSEEN)):
        if published:
            world.publish(one)
        world.of(one.registry).faults = [(INDEX[one.registry], made)] * 20
        if one.registry is Registry.NPM:
            world.npm.faults = [_first(made)] * 20
        assert state(world, one) is wanted, (fault, published)


def _first(fault: standin.Fault) -> tuple[str, standin.Fault]:
    """Give a fault of npm's packument alone, whose path begins that of a version."""

    def packument(handler: standin.Handler) -> None:
        if handler.path.endswith("1.0.0"):
            handler.hub.faults.append(_first(fault))
            handler.send(*handler.hub.reply("GET", "/@spam/egg/1.0.0", {}, b""))
        else:
            fault(handler)

    return INDEX[Registry.NPM], packument


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("fault", FAULTS)
@every_registry
def test_an_api_that_fails_leaves_it_unseen(one: Artifact, fault: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.of(one.registry).fault(API[one.registry], FAULTS[fault](one.registry, "api"), 20)
    with monkeypatch.context() as patch:
        if fault == "silent":
            patch.setattr(http, "ANSWER", 0.3)
        assert state(world, one) is State.UNSEEN
    world.of(one.registry).faults.clear()
    world.publish(one)
    world.of(one.registry).fault(API[one.registry], FAULTS[fault](one.registry, "api"), 20)
    assert state(world, one) is State.VERIFIED, "the API is not asked about what the index shows"


@pytest.mark.parametrize("fault", ["500", "503, HTML", "half", "HTML", "cut short", "hangs up", "never ends"])
@every_registry
def test_a_fault_that_passes_is_outlasted(one: Artifact, fault: str, world: World) -> None:
    world.publish(one)
    made = FAULTS[fault](one.registry, "index")
    if one.registry is Registry.NPM:
        world.npm.faults = [_first(made)]
    else:
        world.of(one.registry).fault(INDEX[one.registry], made)
    assert state(world, one) is State.VERIFIED


@every_registry
def test_who_wants_a_pause_is_given_it(one: Artifact, world: World) -> None:
    world.publish(one)
    registry = world.of(one.registry)
    registry.fault(INDEX[one.registry], status(429, "slow down", Retry_After="1"))
    assert state(world, one) is State.VERIFIED


@every_registry
def test_nobody_there(one: Artifact, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TRIES", 1)
    kept = world.addresses
    with serve(standin.Crates(), standin.Handler) as gone:
        pass
    world.crates.url = world.pypi.url = world.npm.url = gone.url
    assert kept != world.addresses
    assert state(world, one) is State.UNSEEN


def test_no_more_is_asked_than_twice_a_file(world: World) -> None:
    crates = [artifact(Registry.CRATES_IO, f"egg{number}", f"egg{number}-1.0.0.crate", ArtifactKind.CRATE, b"x") for number in range(10)]
    wheels = [artifact(Registry.PYPI, "egg", f"egg-1.0.0-cp3{number}-none-any.whl", ArtifactKind.WHEEL, b"x") for number in range(10)]
    tarballs = [artifact(Registry.NPM, f"egg{number}", f"egg{number}-1.0.0.tgz", ArtifactKind.NPM, b"x") for number in range(10)]
    for many, least in ((crates, 21), (wheels, 2), (tarballs, 20)):
        assert {one.state for one in world.observe(*many)} == {State.ABSENT}
        assert len(world.of(many[0].registry).asked) == least
