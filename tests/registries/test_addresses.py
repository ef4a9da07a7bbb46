"""Where the registries are, as the configuration and the user's settings say, and where a token goes: to its own host, whatever a server answers."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lockstep.config import RegistriesConfig
from lockstep.errors import UsageError
from lockstep.evidence.http import Digests, Http
from lockstep.evidence.registries import crates_io, npm, pypi
from lockstep.evidence.registries.addresses import Address, addresses
from lockstep.release.candidate import Artifact, Registry
from lockstep.release.observation import State
from lockstep.workflow.commit_runs import Unseen
from tests.gate.standin import says, serve, status
from tests.registries import standin
from tests.registries.conftest import CRATE, ONE, TARBALL, WHEEL, World

SECRET = "s3cret-t0ken"
EMPTY = RegistriesConfig()


def found(registry: Registry, files: Mapping[str, str], home: Path, environment: Mapping[str, str] | None = None, config: RegistriesConfig = EMPTY) -> Address:
    for path, text in files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)
    return addresses(config, environment or {}, str(home))[registry]


def test_the_public_registries(tmp_path: Path) -> None:
    where = addresses(EMPTY, {}, str(tmp_path))
    assert [one.server.url for one in where.values()] == ["https://index.crates.io", "https://pypi.org/simple", "https://registry.npmjs.org"]
    assert [one.server.name for one in where.values()] == ["crates.io", "PyPI", "npm"]
    api = where[Registry.PYPI].api
    assert api is not None
    assert api.url == "https://pypi.org/pypi"
    assert {(one.mirror, one.server.authorization) for one in where.values()} == {("", "")}


def test_cargo(tmp_path: Path) -> None:
    replaced = '[source.crates-io]\nreplace-with = "near"\n[source.near]\nregistry = "sparse+https://crates.example.org/index/"\n'
    one = found(Registry.CRATES_IO, {".cargo/config.toml": replaced}, tmp_path)
    assert (one.server.url, one.mirror) == ("https://crates.example.org/index", "replace-with of Cargo's settings")
    mine = RegistriesConfig(crates_io="mine")
    named = {".cargo/config.toml": '[registries.mine]\nindex = "sparse+https://mine.example.org/"\n'}
    kept = {".cargo/credentials.toml": f'[registries.mine]\ntoken = "{SECRET}"\n'}
    one = found(Registry.CRATES_IO, {**named, **kept}, tmp_path, config=mine)
    assert (one.server.url, one.server.authorization, one.mirror) == ("https://mine.example.org", SECRET, "")
    told = {"CARGO_REGISTRIES_MINE_INDEX": "sparse+https://other.example.org/", "CARGO_REGISTRIES_MINE_TOKEN": "told"}
    one = found(Registry.CRATES_IO, {}, tmp_path, told, mine)
    assert (one.server.url, one.server.authorization) == ("https://other.example.org", "told")
    with pytest.raises(UsageError, match="name no registry 'yours'"):
        found(Registry.CRATES_IO, {}, tmp_path, config=RegistriesConfig(crates_io="yours"))
    git = '[source.crates-io]\nreplace-with = "near"\n[source.near]\nregistry = "https://git.example.org/index"\n'
    assert "only a sparse one" in found(Registry.CRATES_IO, {".cargo/config.toml": git}, tmp_path).fault
    assert SECRET not in repr(one)


def test_pip(tmp_path: Path) -> None:
    one = found(Registry.PYPI, {".config/pip/pip.conf": f"[global]\nindex-url = https://me:{SECRET}@pypi.example.org/simple/\n"}, tmp_path)
    basic = base64.b64encode(f"me:{SECRET}".encode()).decode()
    assert (one.server.url, one.server.authorization, one.api) == ("https://pypi.example.org/simple", f"Basic {basic}", None)
    assert one.mirror == "index-url of pip's settings"
    assert SECRET not in repr(one)
    one = found(Registry.PYPI, {}, tmp_path, {"PIP_INDEX_URL": "https://test.pypi.org/simple"})
    assert (one.server.name, one.mirror) == ("TestPyPI", "PIP_INDEX_URL")
    one = found(Registry.PYPI, {}, tmp_path, config=RegistriesConfig(pypi="https://test.pypi.org/simple/"))
    assert (one.server.name, one.mirror) == ("TestPyPI", "")
    other = tmp_path / "other.conf"
    other.write_text("[install]\nindex_url = https://other.example.org/simple\n")
    assert found(Registry.PYPI, {}, tmp_path, {"PIP_CONFIG_FILE": str(other)}).server.url == "https://other.example.org/simple"
    assert found(Registry.PYPI, {}, tmp_path, {"PIP_CONFIG_FILE": "/dev/null"}).server.name == "PyPI"


def test_npm(tmp_path: Path) -> None:
    text = f"; mine\nregistry=https://npm.example.org/all/\n//npm.example.org/all/:_authToken=${{NPM_TOKEN}}\n@spam:registry=https://spam.example.org\n//spam.example.org/:_auth={SECRET}\n"
    one = found(Registry.NPM, {".npmrc": text}, tmp_path, {"NPM_TOKEN": SECRET})
    assert (one.server.url, one.server.authorization) == ("https://npm.example.org/all", f"Bearer {SECRET}")
    assert one.of_package("@spam/egg").server.authorization == f"Basic {SECRET}"
    assert one.of_package("@other/egg") is one
    assert one.of_package("spam") is one
    one = found(Registry.NPM, {}, tmp_path, {"npm_config_registry": "https://elsewhere.example.org"})
    assert (one.server.authorization, one.mirror) == ("", "npm_config_registry")
    assert found(Registry.NPM, {}, tmp_path, config=RegistriesConfig(npm="https://npm.example.org")).of_package("@spam/egg").server.host == "npm.example.org"
    assert SECRET not in repr(one)


@pytest.mark.parametrize("url", ["http://registry.example.org", "https://", "https://me:pw@x.example.org", "https://x.example.org?a", "ftp://x", "https://x y"])
def test_an_address_that_is_not_asked(url: str, tmp_path: Path) -> None:
    for config in (
        RegistriesConfig(crates_io=f"sparse+{url}"),
        RegistriesConfig(npm=url),
        RegistriesConfig(pypi_api=url, pypi="https://pypi.example.org/simple"),
    ):
        if "://" in url:
            with pytest.raises(UsageError, match=r"registries.* is no address that can be asked") as caught:
                addresses(config, {}, str(tmp_path))
            assert "pw" not in str(caught.value)


@pytest.mark.parametrize("files", [{".cargo/config.toml": "= 1"}, {".pip/pip.conf": "index-url = 1"}], ids=str)
def test_settings_that_nobody_can_read(files: Mapping[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no ") as caught:
        found(Registry.PYPI, files, tmp_path)
    assert "cannot read it either" in caught.value.help


# ---- a mirror


@pytest.mark.parametrize("one", ONE.values(), ids=[str(one) for one in ONE])
def test_a_mirror_says_nothing_of_what_it_does_not_have(one: Artifact, world: World, tmp_path: Path) -> None:
    files = {
        ".cargo/config.toml": f'[source.crates-io]\nreplace-with = "near"\n[source.near]\nregistry = "sparse+{world.crates.url}/index/"\n',
        ".pip/pip.conf": f"[global]\nindex-url = {world.pypi.url}/simple\n",
        ".npmrc": f"registry={world.npm.url}\n",
    }
    where = {one.registry: found(one.registry, files, tmp_path)}
    world.pypi.add("egg_core-0.9.0.tar.gz", WHEEL.package, "0.9.0", b"old")
    [seen] = world.observe(one, where=where)
    assert seen.state is State.UNSEEN
    assert "names a mirror" in seen.why
    world.publish(one)
    [seen] = world.observe(one, where=where)
    assert seen.state is State.VERIFIED


# ---- the token


@pytest.fixture
def elsewhere() -> Iterator[standin.Registry]:
    with serve(standin.Registry(), standin.Handler) as other:
        yield other


def with_tokens(world: World, home: Path) -> dict[Registry, Address]:
    """Give the registries as they are for a user who has a token for each, which each wants."""
    world.crates.token, world.npm.token = SECRET, f"Bearer {SECRET}"
    world.pypi.token = f"Basic {base64.b64encode(f'me:{SECRET}'.encode()).decode()}"
    files = {".npmrc": f"registry={world.npm.url}\n//{world.npm.url.partition('//')[2]}/:_authToken={SECRET}\n"}
    variables = {
        "CARGO_REGISTRIES_MINE_INDEX": f"sparse+{world.crates.url}/index/",
        "CARGO_REGISTRIES_MINE_TOKEN": SECRET,
        "PIP_INDEX_URL": f"{world.pypi.url.replace('//', f'//me:{SECRET}@')}/simple",
    }
    config = RegistriesConfig(crates_io="mine")
    return {one: found(one, files, home, variables, config) for one in ONE}


@pytest.mark.parametrize("one", ONE.values(), ids=[str(one) for one in ONE])
def test_a_private_registry_is_sent_its_token(one: Artifact, world: World, tmp_path: Path) -> None:
    where = with_tokens(world, tmp_path)
    world.publish(one)
    [seen] = world.observe(one, where=where)
    assert seen.state is State.VERIFIED
    assert [headers.get("authorization") for _, _, headers in world.of(one.registry).asked][-1] == world.of(one.registry).token


def read_back(where: Mapping[Registry, Address], one: Artifact) -> Digests | Unseen:
    """Read a file as its registry serves it."""

    async def ask() -> Digests | Unseen:
        async with Http(time.monotonic() + 5, lambda _: None) as http:
            if one.registry is Registry.CRATES_IO:
                crates = await crates_io.opened(http, where[one.registry])
                return crates if isinstance(crates, Unseen) else await crates_io.file_digests(http, crates, one)
            if one.registry is Registry.PYPI:
                urls = await pypi.file_urls(http, where[one.registry], one.package)
                return await pypi.file_digests(http, where[one.registry], one, urls)
            return await npm.file_digests(http, where[one.registry], one)

    return asyncio.run(ask())


@pytest.mark.parametrize("one", ONE.values(), ids=[str(one) for one in ONE])
def test_the_bytes_that_are_served_are_read(one: Artifact, world: World, tmp_path: Path) -> None:
    world.publish(one)
    for private in (False, True):
        found_there = read_back(with_tokens(world, tmp_path) if private else world.addresses, one)
        assert isinstance(found_there, Digests)
        assert (found_there.sha256, found_there.size) == (one.sha256, one.size)
        assert found_there.integrity == one.integrity or one is not TARBALL


@pytest.mark.parametrize("one", ONE.values(), ids=[str(one) for one in ONE])
def test_a_token_never_leaves_for_another_host(one: Artifact, world: World, elsewhere: standin.Registry, tmp_path: Path) -> None:
    """Whatever a registry answers: redirects of each kind at each request, and descriptions that name another host."""
    where = with_tokens(world, tmp_path)
    world.publish(one)
    registry = world.of(one.registry)
    for code in (301, 302, 303, 307, 308):
        for path in ("config.json", "/eg/", "/api/", "/simple", "/pypi", "/files", "egg"):
            for _ in range(2):
                registry.fault(path, status(code, "over there", Location=f"{elsewhere.url}/x"))
            said = [seen.why for seen in world.observe(one, where=where)] + [str(read_back(where, one))]
            assert SECRET not in "".join(said)
            registry.faults.clear()
    assert elsewhere.asked == []
    there = {
        CRATE: ("config.json", f'{{"dl": "{elsewhere.url}/dl", "api": "{elsewhere.url}", "auth-required": true}}'),
        WHEEL: ("/simple", f'{{"name": "egg-core", "files": [{{"filename": "{WHEEL.name}", "hashes": {{}}, "url": "{elsewhere.url}/w"}}]}}'),
        TARBALL: ("1.0.0", f'{{"name": "@spam/egg", "version": "1.0.0", "dist": {{"tarball": "{elsewhere.url}/t"}}}}'),
    }
    path, body = there[one]
    elsewhere.faults = [("", says(b"canary", "application/octet-stream"))]
    registry.faults = [(path, says(body.encode()))]
    assert isinstance(read_back(where, one), Digests)
    assert len(elsewhere.asked) == 1, "a file may lie at a host that the registry names"
    assert [headers.get("authorization") for _, _, headers in elsewhere.asked] == [None]
