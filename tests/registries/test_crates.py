"""`release prove` and `release publish` of crates, with the real cargo and a registry on this machine."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lockstep.acts import crate_bytes, crates_io
from lockstep.dataclass import replace
from lockstep.evidence import running
from lockstep.evidence.http import Http
from lockstep.evidence.registries import crates_io as crates_io_evidence
from lockstep.evidence.registries.addresses import Address
from lockstep.evidence.registries.crates_io import Crates
from lockstep.evidence.running import Done
from lockstep.release.candidate import FILE, Artifact, ArtifactKind, Candidate, Registry, written
from lockstep.release.crate_metadata import platform, readme_of, requirement
from tests.conftest import Repo, Run
from tests.gate.standin import hangs_up, status
from tests.registries import standin
from tests.registries.acting import Acting, repo, sha256, uploads
from tests.registries.conftest import World, artifact
from tests.registries.test_clients import run as client
from tests.registries.test_publish import after

__all__ = ("repo",)
pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="cargo is not installed")
MANIFEST = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\nlicense = "MIT"\ndescription = "x"\nbuild = "build.rs"\n{}'
NEEDS = '[dependencies]\nspam-core = { path = "../spam-core", version = "1.0.0", registry = "mine" }\n'
TOKEN = "cio-s3cret"


@pytest.fixture
def crates(run: Run, repo: Repo, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acting:
    """Make two crates of which one needs the other; the repository's own settings would send a token elsewhere."""
    mine = {"CARGO_HOME": str(tmp_path / "cargo"), "CARGO_REGISTRIES_MINE_INDEX": f"sparse+{world.crates.url}/index/"}
    for name, value in {**mine, "CARGO_REGISTRIES_MINE_TOKEN": TOKEN, "GH_TOKEN": "ghp_s3cret", "UV_PUBLISH_TOKEN": "pypi-s3cret"}.items():
        monkeypatch.setenv(name, value)
    for name, body in (("spam-core", ""), ("spam", NEEDS)):
        build = f'fn main() {{ std::fs::write({str(tmp_path / "built")!r}, "").unwrap(); }}\n'.replace("'", '"')
        repo.write({f"{name}/src/lib.rs": "", f"{name}/build.rs": build, f"{name}/Cargo.toml": MANIFEST.format(name, body)})
    repo.write({"Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["spam-core", "spam"]\n', ".gitignore": "target\ndist\nlockstep-release.json\n"})
    client("cargo", "generate-lockfile", cwd=repo.root, environment=mine)
    repo.commit("release", tag="v1.0.0")
    client(
        "cargo",
        "package",
        "--workspace",
        "--registry",
        "mine",
        "--no-verify",
        "--locked",
        "--target-dir",
        str(tmp_path / "target"),
        cwd=repo.root,
        environment=mine,
    )
    monkeypatch.chdir(repo.root)
    return Acting(run, repo)


def sealed(crates: Acting, tmp_path: Path) -> tuple[Artifact, Artifact]:
    core, top = (
        artifact(Registry.CRATES_IO, name, f"{name}-1.0.0.crate", ArtifactKind.CRATE, (tmp_path / "target" / "package" / f"{name}-1.0.0.crate").read_bytes())
        for name in ("spam-core", "spam")
    )
    top = replace(top, needs=(core.id,))
    commit = crates.repo.git("rev-parse", "HEAD").strip()
    crates.repo.write({FILE: written(Candidate(tag="v1.0.0", commit=commit, group="main", versions={}, artifacts=(core, top)))})
    return core, top


def test_crates_are_proven_before_any_is_published_and_published_in_their_order(crates: Acting, world: World, tmp_path: Path) -> None:
    core, top = sealed(crates, tmp_path)
    crates.repo.write(
        {".cargo/config.toml": '[registry]\nglobal-credential-providers = ["/bin/false"]\n[registries.mine]\nindex = "sparse+https://x.invalid/"\n'}
    )
    assert (
        f"done: cargo packs the candidate's bytes, sha256 {top.sha256}, packed with 1 crate that it needs" in crates("prove", top.id, "--no-verify", code=0).out
    )
    assert not (tmp_path / "built").exists()
    assert uploads(world) == []
    assert f"waiting: waits for {core.id}" in crates("publish", top.id, code=3).out
    asks = crates.json("publish", core.id, "--dry-run", code=0)["acted"]["asks"]
    assert asks[1] == "cargo publish --locked --no-verify --registry mine -p spam-core"
    assert uploads(world) == []
    for one in (core, top):
        assert f"publish {one.id}: done: crates.io has it, with the candidate's digest" in crates("publish", one.id, code=0).out
        assert crates.json("publish", one.id, code=0)["acted"]["outcome"] == "found"
    assert uploads(world) == ["PUT /api/v1/crates/new"] * 2
    assert {sha256(data) for data in world.crates.files.values()} == {core.sha256, top.sha256}
    assert not (tmp_path / "built").exists(), "nothing of the repository ran"
    assert {headers.get("authorization") for method, _, headers in world.crates.asked if method == "PUT"} == {TOKEN}


def test_proving_builds_and_says_so(crates: Acting, tmp_path: Path) -> None:
    core, _ = sealed(crates, tmp_path)
    assert "done" in crates("prove", core.id, code=0).out
    assert (tmp_path / "built").exists()
    found = crates.json("prove", core.name, "--no-verify", code=0)
    assert found["acted"]["outcome"] == "done"
    assert "IT RUNS CARGO, AND WITH IT THE REPOSITORY'S CODE" in crates.run("release", "prove", "--help", repo=crates.repo, code=0).out


def test_other_bytes_are_not_published(crates: Acting, world: World, tmp_path: Path) -> None:
    core, top = sealed(crates, tmp_path)
    commit = crates.repo.git("rev-parse", "HEAD").strip()
    other = replace(core, sha256="0" * 64)
    crates.repo.write({FILE: written(Candidate(tag="v1.0.0", commit=commit, group="main", versions={}, artifacts=(other, top)))})
    for act in ("prove", "publish"):
        out = crates(act, core.id, code=1).out
        assert f"cargo packs {core.name} with sha256 {core.sha256}, and the candidate's is {'0' * 64}" in out
    core, top = sealed(crates, tmp_path)
    crates.repo.write({"spam-core/src/lib.rs": "// changed\n"})
    assert "cargo cannot pack it" in crates("publish", core.id, code=1).out
    crates.repo.commit("more")
    assert f"is checked out, and the candidate is of {commit[:12]}: git checkout v1.0.0" in crates("publish", core.id, code=1).out
    assert uploads(world) == []


@pytest.mark.parametrize("change", ["commit", "file"])
def test_what_cargo_packs_when_it_sends_is_what_was_proven(crates: Acting, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """cargo packs twice, and another job moves HEAD, or a file of the commit, between the two."""
    core, _ = sealed(crates, tmp_path)
    true = running.run

    def meanwhile(command: Sequence[str], *rest: Any) -> Done | None:  # noqa: ANN401 - as the true one
        if command[1] == "publish":
            crates.repo.write({"spam-core/src/lib.rs": "// changed\n"})
            if change == "commit":
                crates.repo.commit("more")
            else:  # what git is told not to look at
                crates.repo.git("update-index", "--assume-unchanged", "spam-core/src/lib.rs")
        return true(command, *rest)

    monkeypatch.setattr(crates_io, "run", meanwhile)
    result = crates("publish", core.id, code=1)
    assert "refused: nothing was sent: cargo packed spam-core 1.0.0 with sha256 " in result.out
    assert f"this time, and the candidate's is {core.sha256}\n" in result.out
    assert "git checkout v1.0.0" in result.out
    assert uploads(world) == []


RICH = """
[package.metadata]
x = 1
[features]
default = ["hot"]
hot = ["dep:spam-core", "spam-core/std"]
[badges]
maintenance = { status = "experimental" }
[dependencies]
spam-core = { path = "../spam-core", version = ">= 1.0, <2", registry = "mine", optional = true, default-features = false, features = ["std"] }
other = { package = "spam-core", path = "../spam-core", version = "1", registry = "mine" }
[target.'cfg(unix)'.build-dependencies]
spam-core = { path = "../spam-core", version = "1.*", registry = "mine" }
[dev-dependencies]
spam-core = { path = "../spam-core" }
"""


def test_the_sealed_file_itself_is_sent_with_what_cargo_would_tell(crates: Acting, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What real cargo tells the registry of the same crates is compared field by field, in its order."""
    told: list[dict[str, Any]] = []
    true = world.crates._publish  # noqa: SLF001 - what is told is not kept

    def publish(body: bytes) -> standin.Reply:
        told.append(json.loads(body[4 : 4 + struct.unpack_from("<I", body)[0]]))
        return true(body)

    monkeypatch.setattr(world.crates, "_publish", publish)
    package = (
        'authors = ["Ham"]\nkeywords = ["egg"]\ncategories = ["science"]\nreadme = "docs/README.md"\nhomepage = "https://example.org"\nrust-version = "1.60"\n'
    )
    crates.repo.write({"spam-core/Cargo.toml": MANIFEST.format("spam-core", "[features]\nstd = []\n")})
    crates.repo.write({"spam/docs/README.md": "# Größe\r\n", "spam/Cargo.toml": MANIFEST.format("spam", package + RICH)})
    crates.repo.git("tag", "-d", "v1.0.0")
    client("cargo", "generate-lockfile", "--offline", cwd=crates.repo.root)
    crates.repo.commit("rich", tag="v1.0.0")
    words = ("--registry", "mine", "--no-verify", "--locked", "--target-dir", str(tmp_path / "target"))
    client("cargo", "package", "--workspace", *words, cwd=crates.repo.root)
    core, top = sealed(crates, tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    for one in (core, top):
        folder = str(tmp_path / "target" / "package")
        assert "sha256" in crates.json("publish", one.id, "--bytes", "--dist", folder, "--dry-run", code=0)["acted"]["asks"][0]
        assert crates.json("publish", one.id, "--bytes", "--dist", folder, code=0)["acted"]["outcome"] == "done"
    monkeypatch.undo()
    ours, names = [*told], [one["name"] for one in told]
    assert names == ["spam-core", "spam"]
    assert {sha256(data) for data in world.crates.files.values()} == {core.sha256, top.sha256}
    assert uploads(world) == ["PUT /api/v1/crates/new"] * 2
    assert {headers.get("authorization") for method, _, headers in world.crates.asked if method == "PUT"} == {TOKEN}
    monkeypatch.setattr(world.crates, "_publish", publish)
    told.clear()
    mine = {"CARGO_HOME": str(tmp_path / "cargo"), "CARGO_REGISTRIES_MINE_INDEX": f"sparse+{world.crates.url}/index/", "CARGO_REGISTRIES_MINE_TOKEN": TOKEN}
    for name in names:
        world.crates.files.pop((name, "1.0.0"))
        world.crates.rows.pop((name, "1.0.0"))
        client("cargo", "publish", *words, "-p", name, cwd=crates.repo.root, environment=mine)
    assert len(ours[1]["deps"]) == 3
    assert told == ours


def test_the_sealed_file_goes_to_the_host_of_its_index_alone(crates: Acting, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core, _ = sealed(crates, tmp_path)

    async def elsewhere(http: Http, address: Address) -> Crates:
        found = await crates_io_evidence.opened(http, address)
        assert isinstance(found, Crates)
        assert found.api is not None
        return replace(found, api=replace(found.api, url="https://crates.example.org"))

    monkeypatch.setattr(crate_bytes, "crates_io", SimpleNamespace(opened=elsewhere))
    out = crates("publish", core.id, "--bytes", "--dist", str(tmp_path / "target" / "package"), code=1).out
    assert "its index names no API at the same host, and a token is sent nowhere else" in out
    assert uploads(world) == []


@pytest.mark.parametrize(
    ("written_", "said"),
    [
        *(("1", "^1"), ("1.0", "^1.0"), ("1.2.3-rc.1+x", "^1.2.3-rc.1"), ("*", "*"), ("1.*", "1.*"), ("1.2.x", "1.2.*"), ("=1.*", "1.*"), ("~1.2", "~1.2")),
        *((">= 1.0,<2", ">=1.0, <2"), ("= 1.2.3", "=1.2.3"), ("^0.1, ", "^0.1"), (" 1 ", "^1")),
    ],
)
def test_a_requirement_is_written_as_cargo_writes_it(written_: str, said: str) -> None:
    assert requirement(written_) == said


@pytest.mark.parametrize(
    ("written_", "said"),
    [
        ('cfg(any(target_os="macos",target_os = "ios",))', 'cfg(any(target_os = "macos", target_os = "ios"))'),
        ("cfg( all( unix , not(windows) ) )", "cfg(all(unix, not(windows)))"),
        ("x86_64-pc-windows-msvc", "x86_64-pc-windows-msvc"),
    ],
)
def test_a_platform_is_written_as_cargo_writes_it(written_: str, said: str) -> None:
    assert platform(written_) == said


@pytest.mark.parametrize(
    ("readme", "paths", "said"),
    [("./docs/README.md", (), "docs/README.md"), (None, ("README",), "README"), (None, ("src",), None), (False, ("README",), None), (True, (), "README.md")],
)
def test_the_readme_is_found_as_cargo_finds_it(readme: object, paths: tuple[str, ...], said: str | None) -> None:
    assert readme_of({"package": {"name": "spam"} | ({} if readme is None else {"readme": readme})}, paths) == said


def test_a_token_of_the_same_environment_is_needed(crates: Acting, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core, _ = sealed(crates, tmp_path)
    monkeypatch.delenv("CARGO_REGISTRIES_MINE_TOKEN")
    assert "set CARGO_REGISTRIES_MINE_TOKEN" in crates("publish", core.id, code=2).err
    monkeypatch.delenv("CARGO_REGISTRIES_MINE_INDEX")
    assert "names no registry of cargo at that index" in crates("publish", core.id, code=2).err
    assert uploads(world) == []


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [("500-after", 0, "though: cargo: "), ("500", 3, "it is not known whether it was accepted"), ("lost-after", 0, "though: "), ("403", 1, "refused: cargo: ")],
)
def test_a_failure_is_read_back(crates: Acting, world: World, tmp_path: Path, kind: str, code: int, said: str) -> None:
    core, _ = sealed(crates, tmp_path)
    answers = {"500-after": after(status(500, "boom")), "500": status(500, "boom"), "lost-after": after(hangs_up), "403": status(403, f"{TOKEN} may not")}
    world.crates.fault("PUT /api/v1/crates/new", answers[kind], 5 if kind in ("500", "403") else 1)
    assert said in crates("publish", core.id, code=code).out
    world.crates.faults.clear()
    crates("publish", core.id, code=0)
    assert len(world.crates.files) == 1
