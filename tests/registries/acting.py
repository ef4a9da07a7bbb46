"""A release whose files are real, in a repository, with its registries on this machine: what acts on it is run as a user runs it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.dataclass import replace
from lockstep.release.candidate import FILE, Artifact, ArtifactKind, Candidate, Registry, written
from tests.conftest import Repo, Result, Run
from tests.gate.releases import ReleaseHub
from tests.registries.conftest import World, artifact

TOKENS = {"UV_PUBLISH_TOKEN": "pypi-s3cret", "NODE_AUTH_TOKEN": "npm_s3cret", "CARGO_REGISTRY_TOKEN": "cio-s3cret", "GH_TOKEN": "ghp_s3cret"}
COMMIT = "c" * 40


def wheel(project: str = "egg-core", version: str = "1.0.0", mark: str = "") -> bytes:
    name = project.replace("-", "_")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        metadata = f"Metadata-Version: 2.4\nName: {project}\nVersion: {version}\nProject-URL: Home, https://example.org\nKeywords: a,b\n\nAn egg{mark}.\n"
        for path, text in (("METADATA", metadata), ("WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n"), ("RECORD", "")):
            archive.writestr(zipfile.ZipInfo(f"{name}-{version}.dist-info/{path}"), text)
    return made.getvalue()


def sdist(project: str = "egg-core", version: str = "1.0.0") -> bytes:
    name = f"{project.replace('-', '_')}-{version}"
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for path, text in (("PKG-INFO", f"Metadata-Version: 2.4\nName: {project}\nVersion: {version}\n"), ("pyproject.toml", "")):
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return made.getvalue()


def tarball(package: str = "@spam/egg", version: str = "1.0.0", **manifest: object) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in (("package.json", json.dumps({"name": package, "version": version, **manifest})), ("index.js", "")):
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return made.getvalue()


WHEEL, TARBALL = wheel(), tarball()
OF_WHEEL = artifact(Registry.PYPI, "egg-core", "egg_core-1.0.0-py3-none-any.whl", ArtifactKind.WHEEL, WHEEL)
OF_TARBALL = replace(artifact(Registry.NPM, "@spam/egg", "spam-egg-1.0.0.tgz", ArtifactKind.NPM, TARBALL), needs=(OF_WHEEL.id,))


def candidate(*artifacts: Artifact) -> Candidate:
    return Candidate(tag="v1.0.0", commit=COMMIT, group="main", versions={"npm:egg": "1.0.0"}, artifacts=artifacts or (OF_WHEEL, OF_TARBALL))


class Acting:
    """Runs acts on the release in a repository."""

    def __init__(self, run: Run, repo: Repo, hub: ReleaseHub | None = None) -> None:
        self.run, self.repo, self.hub = run, repo, hub

    def seal(self, sealed: Candidate, built: Mapping[str, bytes]) -> None:
        self.repo.write({FILE: written(sealed), **{f"dist/{name}": data for name, data in built.items()}})

    def __call__(self, *args: str, code: int) -> Result:
        at = ("--repository", self.hub.name) if self.hub is not None else ("--no-github",)
        result = self.run("release", *args, *(() if args[0] == "prove" else at), repo=self.repo)
        if result.err.startswith("error: npm is not installed") and shutil.which("npm") is None:
            pytest.skip("npm is not installed")
        assert result.code == code, str(result)
        for token in TOKENS.values():
            assert token not in result.out + result.err
        return result

    def json(self, *args: str, code: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self(*args, "--format", "json", code=code).out)
        jsonschema.validate(found, json.loads(files("lockstep").joinpath("schemas/release.json").read_text()))
        return found


@pytest.fixture
def repo(tmp_path: Path, world: World) -> Repo:
    repo = Repo(tmp_path / "egg")
    repo.root.mkdir()
    repo.git("init", "-q", "--initial-branch=main")
    config = world.config
    lines = [f"crates-io = {config.crates_io!r}", f"pypi = {config.pypi!r}", f"pypi-api = {config.pypi_api!r}", f"npm = {config.npm!r}"]
    return repo.write({"lockstep.toml": "[registries]\n" + "\n".join(lines) + "\n"}).commit()


@pytest.fixture
def acting(run: Run, repo: Repo, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Acting]:
    monkeypatch.chdir(repo.root)
    for name, value in {**TOKENS, "UV_PUBLISH_URL": f"{world.pypi.url}/legacy/", "NPM_CONFIG_REGISTRY": f"{world.npm.url}/"}.items():
        monkeypatch.setenv(name, value)
    made = Acting(run, repo)
    made.seal(candidate(), {OF_WHEEL.name: WHEEL, OF_TARBALL.name: TARBALL})
    yield made
    for registry in (world.crates, world.pypi, world.npm):
        for _, _, headers in registry.asked:
            assert not any(token in value for value in headers.values() for token in TOKENS.values() if not may_see(world, registry, token))


def may_see(world: World, registry: object, token: str) -> bool:
    return (registry is world.npm and token == TOKENS["NODE_AUTH_TOKEN"]) or (registry is world.crates and token == TOKENS["CARGO_REGISTRY_TOKEN"])


def uploads(world: World) -> list[str]:
    """Give what was sent to registries, in its order at each."""
    asked = [*world.crates.asked, *world.pypi.asked, *world.npm.asked]
    return [f"{method} {path}" for method, path, _ in asked if method not in ("GET", "HEAD")]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
