"""A release of a crate, a Python package and an npm package from `bump` to `verify`, with the real cargo, uv, npm and pip: what docs/release.md shows.

LOCKSTEP_FULL=1 pytest tests/registries/test_whole_release.py; with LOCKSTEP_RECORD=1 the page and its picture are written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from tests.conftest import Repo
from tests.documents.blocks import ROOT
from tests.documents.pictures import WIDTH, Picture, drawn, on_terminal
from tests.gate.releases import ReleaseHandler, ReleaseHub
from tests.gate.standin import serve
from tests.registries.acting import TOKENS
from tests.registries.conftest import World
from tests.registries.test_clients import run as client

PROGRAMS = ("cargo", "uv", "npm", "git")
pytestmark = [
    pytest.mark.skipif("LOCKSTEP_FULL" not in os.environ, reason="packs, builds and installs with five programs: LOCKSTEP_FULL=1"),
    pytest.mark.skipif(any(shutil.which(one) is None for one in PROGRAMS), reason=f"needs {', '.join(PROGRAMS)}"),
]
RECORD = "LOCKSTEP_RECORD" in os.environ
PAGE = ROOT / "docs" / "release.md"
BEGINS, ENDS = "<!-- recorded: a whole release -->\n```text\n", "```\n<!-- end of what was recorded -->"
SEALED = "sealed/lockstep-release.json"
FILES = {
    "Cargo.toml": '[package]\nname = "egg-core"\nversion = "1.1.0"\nedition = "2021"\nlicense = "MIT"\ndescription = "Boils eggs."\ninclude = ["src"]\n',
    "src/lib.rs": "/// Boil an egg.\npub fn boil(minutes: u8) -> bool {\n    minutes > 5\n}\n",
    "pyproject.toml": '[project]\nname = "egg"\nversion = "1.1.0"\nrequires-python = ">=3.9"\nlicense = "MIT"\n\n'
    '[build-system]\nrequires = ["uv_build>=0.5,<1"]\nbuild-backend = "uv_build"\n\n[tool.uv.build-backend]\nmodule-root = "python"\n',
    "python/egg/__init__.py": '"""Boils eggs."""\n\n\ndef boil(minutes: int) -> bool:\n    """Boil an egg."""\n    return minutes > 5\n',
    "package.json": '{\n  "name": "@spam/egg",\n  "version": "1.1.0",\n  "license": "MIT",\n  "main": "index.js",\n  "files": ["index.js"]\n}\n',
    "index.js": "exports.boil = (minutes) => minutes > 5;\n",
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Eggs are peeled.\n\n## [1.1.0] - 2026-01-01\n\n### Added\n\n- Eggs are boiled.\n",
    ".gitignore": "/target\n/dist\n/sealed\n",
}
BUILDS = (
    "cargo package --quiet --locked --no-verify --registry mine",
    "uv build --quiet --offline",
    "npm pack --silent --pack-destination dist",
)
STEPS = (
    "lockstep bump minor --tag --date 2026-02-01",
    "git push --quiet --follow-tags origin main",
    "lockstep gate tag v1.2.0",
    *BUILDS,
    "lockstep release plan",
    "lockstep release seal dist target/package --output sealed",
    f"lockstep release prove egg-core-1.2.0.crate {SEALED} --no-verify",
    f"lockstep release stage {SEALED}",
    f"lockstep release publish egg-core-1.2.0.crate {SEALED} --wait",
    f"lockstep release publish egg-1.2.0-py3-none-any.whl {SEALED} --wait",
    f"lockstep release publish egg-1.2.0.tar.gz {SEALED} --wait",
    f"lockstep release status {SEALED}",
    f"lockstep release publish spam-egg-1.2.0.tgz {SEALED} --wait",
    f"lockstep release publish spam-egg-1.2.0.tgz {SEALED}",
    f"lockstep release open {SEALED}",
    "lockstep release verify v1.2.0",
)
PICTURED = ("release seal", "release publish egg-core", "release status", "release open")
LEAVES = {f"lockstep release status {SEALED}": 3}
"""Commands that leave with another code than 0."""


@pytest.fixture
def shop(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Repo, ReleaseHub]]:
    """Make the project, where it is pushed to, and GitHub."""
    repo = Repo(tmp_path / "egg")
    repo.root.mkdir()
    repo.git("init", "-q", "--initial-branch=main")
    repo.git("init", "-q", "--bare", str(tmp_path / "origin.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    config = world.config
    lines = [f"crates-io = {config.crates_io!r}", f"pypi = {config.pypi!r}", f"pypi-api = {config.pypi_api!r}", f"npm = {config.npm!r}"]
    repo.write({**FILES, "lockstep.toml": "[registries]\n" + "\n".join(lines) + "\n"})
    with serve(ReleaseHub(writers={TOKENS["GH_TOKEN"]}, says_push=True), ReleaseHandler) as hub:
        for name, value in environment(tmp_path, world, hub).items():
            monkeypatch.setenv(name, value)
        client("cargo", "generate-lockfile", "--offline", cwd=repo.root)
        repo.commit("eggs", tag="v1.1.0")
        yield repo, hub


def environment(folder: Path, world: World, hub: ReleaseHub) -> Mapping[str, str]:
    return {
        "CARGO_HOME": str(folder / "cargo"),
        "CARGO_REGISTRIES_MINE_INDEX": f"sparse+{world.crates.url}/index/",
        "CARGO_REGISTRIES_MINE_TOKEN": TOKENS["CARGO_REGISTRY_TOKEN"],
        "UV_PUBLISH_TOKEN": TOKENS["UV_PUBLISH_TOKEN"],
        "UV_PUBLISH_URL": f"{world.pypi.url}/legacy/",
        "UV_CACHE_DIR": str(folder / "uv"),
        "NPM_CONFIG_REGISTRY": f"{world.npm.url}/",
        "NPM_CONFIG_CACHE": str(folder / "npm"),
        "NODE_AUTH_TOKEN": TOKENS["NODE_AUTH_TOKEN"],
        "GITHUB_API_URL": hub.url,
        "GITHUB_REPOSITORY": hub.name,
        "GH_TOKEN": TOKENS["GH_TOKEN"],
        "SOURCE_DATE_EPOCH": "1767225600",
        "PYTHONPATH": str(ROOT),
    }


def plain(text: str, world: World, hub: ReleaseHub, known: dict[str, str]) -> str:
    """Take out of what was printed what differs from run to run: addresses, moments, digests of files that another version of a program packs."""
    for url, name in ((world.crates.url, "crates"), (world.pypi.url, "pypi"), (world.npm.url, "npm"), (hub.url, "api.github")):
        text = text.replace(url, f"https://{name}.example.org")
    text = re.sub(r"[^\n]*\r", "", text)  # how far a reading is
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "2026-02-01T12:00:00Z", text)

    def stable(found: re.Match[str]) -> str:
        begins = found[0][:9]
        known.setdefault(begins, hashlib.sha256(str(len(known)).encode()).hexdigest())
        return known[begins][: len(found[0])]

    text = re.sub(r"\b[0-9a-f]{9,64}\b", stable, text)
    text = re.sub(r"sha512-[A-Za-z0-9+/=]+", "sha512-WBQM9fuLkpBn", text)
    return re.sub(r"\b\d+ bytes", "2048 bytes", text)


def test_a_release_from_bump_to_verify(shop: tuple[Repo, ReleaseHub], world: World, tmp_path: Path) -> None:
    repo, hub = shop
    console = Console(record=True, width=WIDTH, height=200, file=StringIO(), force_terminal=True, color_system="standard", highlight=False)
    recorded, known = [], dict[str, str]()
    for step in STEPS:
        printed = plain(on_terminal(repo, f"{step}; echo EXIT=$?"), world, hub, known)
        printed, _, code = printed.rstrip("\n").rpartition("EXIT=")
        assert int(code) == LEAVES.get(step, 0), f"$ {step}\n{printed}"
        if step.startswith("git push"):
            hub.refs["v1.2.0"] = repo.git("rev-parse", "v1.2.0^{commit}").strip()
        text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", printed)
        assert not any(token in text for token in TOKENS.values())
        recorded.append(f"$ {step}\n{text}".rstrip("\n") + "\n")
        if any(one in step for one in PICTURED):
            console.print(("\n" if "seal" not in step else "") + f"$ {step}", style="bold", markup=False)
            console.print(Text.from_ansi(printed.rstrip("\n")))
    assert_installed(world, tmp_path)
    shown = "\n".join(recorded)
    picture = drawn(console, Picture("release", "", ()))
    if RECORD:
        page = PAGE.read_text()
        before, _, rest = page.partition(BEGINS)
        PAGE.write_text(f"{before}{BEGINS}{shown}{ENDS}{rest.partition(ENDS)[2]}")
        (ROOT / "docs" / "pictures" / "release.svg").write_text(picture)
    assert PAGE.read_text().partition(BEGINS)[2].partition(ENDS)[0] == shown, "LOCKSTEP_RECORD=1 writes it anew"
    assert (ROOT / "docs" / "pictures" / "release.svg").read_text() == picture, "LOCKSTEP_RECORD=1 writes it anew"


def assert_installed(world: World, tmp_path: Path) -> None:
    """Install all three as users do, with the programs that users have, and use them."""
    user = tmp_path / "user"
    (user / "src").mkdir(parents=True)
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--target", "site")
    client(*pip, "--index-url", f"{world.pypi.url}/simple", "egg==1.2.0", cwd=user, environment={"PIP_CONFIG_FILE": os.devnull})
    client(sys.executable, "-c", "import sys; sys.path.insert(0, 'site'); import egg; assert egg.boil(6)", cwd=user)
    (user / "package.json").write_text(json.dumps({"dependencies": {"@spam/egg": "1.2.0"}}))
    npm = {"NPM_CONFIG_REGISTRY": f"{world.npm.url}/", "NPM_CONFIG_CACHE": str(tmp_path / "npm")}
    client("npm", "install", "--no-audit", "--no-fund", "--silent", cwd=user, environment=npm)
    client("node", "-e", "if (!require('@spam/egg').boil(6)) process.exit(1)", cwd=user)
    (user / "src" / "lib.rs").write_text("")
    (user / "Cargo.toml").write_text('[package]\nname = "user"\nversion = "0.0.0"\n[dependencies]\negg-core = { version = "1.2", registry = "mine" }\n')
    client("cargo", "fetch", cwd=user)
    locked = (user / "Cargo.lock").read_text()
    assert hashlib.sha256(world.crates.files["egg-core", "1.2.0"]).hexdigest() in locked
