"""The workflow that is written, run: from the tag to a release that is public, killed anywhere and run again, and without any of its permissions."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import FULL, Fresh, Run
from tests.gate.standin import serve
from tests.registries import standin
from tests.registries.conftest import World
from tests.release_workflow.driver import Driver, ScopedHandler, ScopedHub, Writers
from tests.release_workflow.projects import CI, below, crate, lock, maturin, npm, pure

RELEASE = ".github/workflows/release.yml"
CHANGELOG = "# Changelog\n\n## [1.0.0] - 2026-01-02\n\n### Added\n\n- Eggs, which the notes of the release tell of.\n"
PLATFORMS = ("linux-x86_64", "macos-aarch64", "windows-x86_64")
pytestmark = [
    pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash"),
    pytest.mark.skipif(shutil.which("cargo") is None or shutil.which("npm") is None, reason="cargo and npm are not installed"),
]


def files(world: World) -> dict[str, str]:
    """Give a project of crates, wheels for platforms, a wheel for all of them, and an npm package, whose registries are on this machine."""
    config = world.config
    where = {"crates-io": config.crates_io, "pypi": config.pypi, "pypi-api": config.pypi_api, "npm": config.npm}
    settings = '[gate]\nbranch = "main"\n[registries]\n' + "".join(f'{name} = "{value}"\n' for name, value in where.items())
    publish = 'publish = ["mine"]\n\n'
    needs = crate("egg", ("egg-core",), kind=publish).replace('path = "../egg-core"', 'path = "../egg-core", registry = "mine"')
    locked = '{"name": "@spam/egg", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "@spam/egg", "version": "1.0.0"}}}'
    return {
        "lockstep.toml": settings,
        "CHANGELOG.md": CHANGELOG,
        ".github/workflows/ci.yml": CI,
        "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["egg-core", "egg"]\nexclude = ["binding"]\n',
        "Cargo.lock": lock({"egg-core": (), "egg": ("egg-core",)}),
        "egg-core/Cargo.toml": crate("egg-core", kind=publish),
        "egg-core/src/lib.rs": "//! An egg.\n",
        "egg/Cargo.toml": needs,
        "egg/src/lib.rs": "//! An egg.\n",
        **below("binding", maturin("egg-native", ', "abi3-py311"')),
        **below("python", pure("egg-py", "flit_core.buildapi")),
        "js/package.json": npm("@spam/egg", ',\n  "publishConfig": {"access": "public"}'),
        "js/package-lock.json": locked,
        "js/index.js": "\n",
    }


@pytest.fixture
def hub() -> Iterator[ScopedHub]:
    with serve(ScopedHub(name="spam/egg", writers=Writers(), says_push=False), ScopedHandler) as served:
        yield served


@pytest.fixture
def world() -> Iterator[World]:
    with serve(standin.Crates(), standin.Handler) as crates, serve(standin.PyPI(), standin.Handler) as index, serve(standin.Npm(), standin.Handler) as packages:
        yield World(crates, index, packages)


@pytest.fixture
def driver(fresh: Fresh, run: Run, world: World, hub: ScopedHub, tmp_path: Path) -> Driver:
    """Tag a green head of main, and start its release."""
    repo = fresh(files(world))
    run("init", "workflow", repo=repo, code=0)
    repo.write({RELEASE: _with_platforms(repo.read(RELEASE))}).commit("a release workflow")
    run("init", "workflow", "--check", repo=repo, code=0)
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(tmp_path / "remote.git")], check=True)
    repo.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repo.git("tag", "v1.0.0")
    repo.git("push", "-q", "origin", "main", "v1.0.0")
    sha = repo.git("rev-parse", "HEAD").strip()
    hub.refs["v1.0.0"] = sha
    hub.run("ci.yml", sha, "completed/success")
    index = f"sparse+{world.crates.url}/index/"
    publishers = {
        "crates-io": {"CARGO_REGISTRIES_MINE_TOKEN": "cio-s3cret", "CARGO_REGISTRIES_MINE_INDEX": index},
        "pypi": {"UV_PUBLISH_TOKEN": "pypi-s3cret", "UV_PUBLISH_URL": f"{world.pypi.url}/legacy/"},
        "npm": {"NODE_AUTH_TOKEN": "npm-s3cret", "NPM_CONFIG_REGISTRY": f"{world.npm.url}/"},
    }
    return Driver(repo=repo, world=world, hub=hub, folder=tmp_path / "run", text=repo.read(RELEASE), publishers=publishers)


def _with_platforms(text: str) -> str:
    """Leave the matrix the platforms that the driver makes wheels for."""
    return re.sub(r"          - platform: (\S+)\n(?:            .*\n)*", lambda row: row[0] if row[1] in PLATFORMS else "", text)


def complete(driver: Driver) -> None:
    """Hold the world against what a release leaves."""
    [release] = driver.hub.releases
    assert not release.draft
    assert release.body.strip() == "### Added\n\n- Eggs, which the notes of the release tell of."
    assert sorted(driver.world.crates.files) == [("egg", "1.0.0"), ("egg-core", "1.0.0")]
    assert sorted(driver.world.npm.files) == [("@spam/egg", "1.0.0")]
    assert len(driver.world.pypi.files) == len(PLATFORMS) + 1 + 2
    assert all("attestations" in form for form in driver.world.pypi.forms.values())
    assert driver.hub.refused == []


def test_a_release_from_the_tag_to_its_end_needs_each_permission_of_each_job(driver: Driver) -> None:
    """Without any of them its job fails, or GitHub refuses it something."""
    assert driver.walk() == [], next(job.log for job in driver.jobs.values() if not job.success)
    assert [*driver.jobs] == driver.order()
    complete(driver)
    tried = 0
    for name, job in driver.workflow["jobs"].items():
        for scope in [*job["permissions"]][: None if FULL else 1]:
            driver.restore(driver.seen[name])
            left = {key: value for key, value in job["permissions"].items() if key != scope}
            again = driver.run(name, left)
            assert not again.success or driver.hub.refused, f"{name} does without {scope}"
            tried += 1
    assert tried >= (20 if FULL else 8)


def test_a_job_that_is_killed_anywhere_is_run_again(driver: Driver) -> None:
    """Each registry and GitHub take an upload, and the job dies before it hears of it; other jobs die before their last step."""
    world, hub = driver.world, driver.hub
    for registry, path in ((world.crates, "PUT /api/v1/crates/new"), (world.pypi, "POST /legacy"), (world.npm, "PUT /"), (hub, "POST /")):
        registry.fault(path, driver.kills)
    for name in ("seal", "attest", "open"):
        driver.kill = (name, len(driver.workflow["jobs"][name]["steps"]) - 1)
        assert driver.walk() in ([name], ["stage"], ["publish-crates-io"], ["publish-pypi"], ["publish-npm"])
    runs = 3
    while failed := driver.walk():
        runs += 1
        assert runs < 12, driver.jobs[failed[0]].log
    assert runs >= 6
    complete(driver)
    sent = [path for method, path, _ in world.pypi.asked if method == "POST"]
    assert len(sent) == len(world.pypi.files), "nothing is uploaded twice"
