"""The stand-ins are what real clients take for registries: cargo, twine, uv and npm upload to them, cargo, pip and npm install from them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from lockstep.release.candidate import ArtifactKind, Registry
from lockstep.release.observation import State
from tests.registries.conftest import World, artifact


def run(*words: str, cwd: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a client; it must succeed."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    clean = {name: value for name, value in os.environ.items() if not name.lower().startswith(("pip_", "npm_config_", "twine_", "uv_"))}
    done = subprocess.run([*words], cwd=cwd, env={**clean, **(environment or {})}, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def crates(tmp_path: Path) -> Path:
    """Make two crates, of which one needs the other."""
    manifest = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\nlicense = "MIT"\ndescription = "x"\n{}'
    needs = '[dependencies]\nspam-core = { path = "../spam-core", version = "1.0.0", registry = "mine" }\n'
    for name, body in (("spam-core", ""), ("spam", needs)):
        (tmp_path / "ws" / name / "src").mkdir(parents=True)
        (tmp_path / "ws" / name / "src" / "lib.rs").write_text("")
        (tmp_path / "ws" / name / "Cargo.toml").write_text(manifest.format(name, body))
    (tmp_path / "ws" / "Cargo.toml").write_text('[workspace]\nresolver = "2"\nmembers = ["spam-core", "spam"]\n')
    return tmp_path / "ws"


def test_cargo_publishes_and_fetches(crates: Path, tmp_path: Path, world: World) -> None:
    mine = {
        "CARGO_HOME": str(tmp_path / "cargo"),
        "CARGO_REGISTRIES_MINE_INDEX": f"sparse+{world.crates.url}/index/",
        "CARGO_REGISTRIES_MINE_TOKEN": "t0ken",
    }
    files = []
    for name in ("spam-core", "spam"):
        run("cargo", "publish", "--registry", "mine", "--no-verify", "--allow-dirty", "-p", name, cwd=crates, environment=mine)
        [data] = {path.read_bytes() for path in (crates / "target" / "package").rglob(f"{name}-1.0.0.crate")}
        files.append(artifact(Registry.CRATES_IO, name, f"{name}-1.0.0.crate", ArtifactKind.CRATE, data))
    assert [one.state for one in world.observe(*files)] == [State.VERIFIED, State.VERIFIED]
    user = tmp_path / "user"
    (user / "src").mkdir(parents=True)
    (user / "src" / "lib.rs").write_text("")
    (user / "Cargo.toml").write_text('[package]\nname = "user"\nversion = "0.0.0"\n[dependencies]\nspam = { version = "1", registry = "mine" }\n')
    run("cargo", "fetch", cwd=user, environment=mine)
    locked = (user / "Cargo.lock").read_text()
    assert all(one.sha256 in locked for one in files), "what cargo locks is what was observed"
    world.crates.yanked.add(("spam", "1.0.0"))
    assert [one.state for one in world.observe(*files)] == [State.VERIFIED, State.YANKED]


def wheel(folder: Path, name: str = "spam-1.0.0-py3-none-any.whl") -> Path:
    metadata = "Metadata-Version: 2.1\nName: spam\nVersion: 1.0.0\n"
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("spam/__init__.py", "")
        archive.writestr("spam-1.0.0.dist-info/METADATA", metadata)
        archive.writestr("spam-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("spam-1.0.0.dist-info/RECORD", "")
    return folder / name


def sdist(folder: Path) -> Path:
    path = folder / "spam-1.0.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in (("PKG-INFO", "Metadata-Version: 2.1\nName: spam\nVersion: 1.0.0\n"), ("pyproject.toml", "[project]\n")):
            member = tarfile.TarInfo(f"spam-1.0.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


UPLOADS = {
    "twine": ("twine", "upload", "--non-interactive", "--disable-progress-bar", "-u", "__token__", "-p", "pypi-x", "--repository-url"),
    "uv": ("uv", "publish", "--token", "pypi-x", "--no-attestations", "--publish-url"),
}


@pytest.mark.parametrize("client", UPLOADS)
def test_pip_downloads_what_was_uploaded(client: str, tmp_path: Path, world: World) -> None:
    built = [wheel(tmp_path), sdist(tmp_path)]
    run(*UPLOADS[client], f"{world.pypi.url}/legacy/", *map(str, built), cwd=tmp_path)
    kinds = (ArtifactKind.WHEEL, ArtifactKind.SDIST)
    files = [artifact(Registry.PYPI, "spam", path.name, kind, path.read_bytes()) for path, kind in zip(built, kinds, strict=True)]
    assert [one.state for one in world.observe(*files)] == [State.VERIFIED, State.VERIFIED]
    (tmp_path / "got").mkdir()
    pip = (sys.executable, "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "-d", "got", "--index-url", f"{world.pypi.url}/simple", "spam")
    run(*pip, cwd=tmp_path, environment={"PIP_CONFIG_FILE": os.devnull})
    [got] = (tmp_path / "got").iterdir()
    assert hashlib.sha256(got.read_bytes()).hexdigest() == files[0].sha256


def test_npm_publishes_and_installs(tmp_path: Path, world: World) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"name": "@spam/egg", "version": "1.0.0", "main": "index.js"}))
    (tmp_path / "index.js").write_text("")
    (tmp_path / ".npmrc").write_text(f"registry={world.npm.url}/\n//{world.npm.url.partition('//')[2]}/:_authToken=t0ken\n")
    npm = {"npm_config_userconfig": str(tmp_path / ".npmrc"), "npm_config_cache": str(tmp_path / "cache"), "npm_config_update_notifier": "false"}
    run("npm", "pack", cwd=tmp_path, environment=npm)
    packed = tmp_path / "spam-egg-1.0.0.tgz"
    run("npm", "publish", f"./{packed.name}", "--access", "public", cwd=tmp_path, environment=npm)
    one = artifact(Registry.NPM, "@spam/egg", packed.name, ArtifactKind.NPM, packed.read_bytes())
    assert [seen.state for seen in world.observe(one)] == [State.VERIFIED]
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "package.json").write_text(json.dumps({"dependencies": {"@spam/egg": "1.0.0"}}))
    run("npm", "install", "--no-audit", "--no-fund", cwd=tmp_path / "user", environment=npm)
    locked = json.loads((tmp_path / "user" / "package-lock.json").read_text())["packages"]["node_modules/@spam/egg"]
    assert locked["integrity"] == one.integrity, "what npm locks is what was observed"
