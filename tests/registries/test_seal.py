"""`release seal` after a release that broke off: what registries own already is the truth, and takes the place of what was built."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.evidence import http
from lockstep.release.candidate import Candidate, Origin, read
from lockstep.rules import rules
from tests.conftest import Repo, Result, Run
from tests.gate.standin import says, status
from tests.registries.conftest import World
from tests.rules.artifacts_made import crate, npm, sdist, wheel
from tests.test_schemas import shipped

PROJECT: dict[str, str | bytes] = {
    "Cargo.toml": '[workspace]\nmembers = ["core"]\n',
    "core/Cargo.toml": '[package]\nname = "spam-core"\nversion = "1.0.0"\nedition = "2021"\n',
    "core/src/lib.rs": "",
    "pyproject.toml": '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
    '[project]\nname = "spam"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n',
    "cli/package.json": '{"name": "@spam/cli", "version": "1.0.0"}\n',
}
WHEEL, SDIST, TARBALL, CRATE = "spam-1.0.0-py3-none-any.whl", "spam-1.0.0.tar.gz", "spam-cli-1.0.0.tgz", "spam-core-1.0.0.crate"


@dataclass
class Seal:
    """Seals what was built, and asks the stand-ins."""

    run: Run
    repo: Repo
    dist: Path
    out: Path
    commit: str

    def __call__(self, *args: str, code: int) -> Result:
        return self.run("release", "seal", str(self.dist), "--output", str(self.out), *args, repo=self.repo, code=code)

    def candidate(self) -> Candidate:
        self(code=0)
        return read((self.out / "lockstep-release.json").read_text())

    def rules(self, code: int, *args: str) -> set[str]:
        found: dict[str, Any] = json.loads(self("--format", "json", *args, code=code).out)
        jsonschema.validate(found, shipped("release"))
        assert found["candidate"] is None
        assert not self.out.exists(), "nothing is written"
        return {one["rule"] for one in found["findings"]}


@pytest.fixture
def seal(run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Seal:
    monkeypatch.setattr(http, "TRIES", 1)
    repo = Repo(tmp_path / "spam")
    repo.root.mkdir()
    repo.git("init", "-q", "--initial-branch=main")
    config = world.config
    lines = [f"crates-io = {config.crates_io!r}", f"pypi = {config.pypi!r}", f"pypi-api = {config.pypi_api!r}", f"npm = {config.npm!r}"]
    repo.write({**PROJECT, "lockstep.toml": "[registries]\n" + "\n".join(lines) + "\n"}).commit()
    repo.git("tag", "v1.0.0")
    commit = repo.git("rev-parse", "HEAD").strip()
    dist = tmp_path / "dist"
    dist.mkdir()
    for name, data in {WHEEL: wheel(), SDIST: sdist(), TARBALL: npm(), CRATE: crate(commit=commit)}.items():
        (dist / name).write_bytes(data)
    return Seal(run, repo, dist, tmp_path / "out", commit)


def rebuilt(files: dict[str, bytes]) -> None:
    record = next(one for one in files if one.endswith("/RECORD"))
    files[record] = b"\n".join(reversed(files[record].splitlines())) + b"\n"


def test_what_nobody_has_is_built(seal: Seal) -> None:
    assert {one.origin for one in seal.candidate().artifacts} == {Origin.BUILT}
    assert not (seal.out / "served").exists()


def test_what_a_registry_owns_takes_the_place_of_the_built_file(seal: Seal, world: World) -> None:
    data = wheel(rebuilt)
    assert data != wheel()
    world.pypi.add(WHEEL, "spam", "1.0.0", data)
    world.npm.add("@spam/cli", "1.0.0", npm())
    found = {one.name: one for one in seal.candidate().artifacts}
    assert {name for name, one in found.items() if one.origin is Origin.SERVED} == {WHEEL, TARBALL}
    assert (seal.out / "served" / WHEEL).read_bytes() == data
    assert sorted(path.name for path in (seal.out / "served").iterdir()) == [WHEEL], "those of the built file need no copy"

    assert found[WHEEL].sha256 == hashlib.sha256(data).hexdigest()
    assert found[WHEEL].size == len(data)
    said = seal(code=0).out
    assert "sealed: 4 files of v1.0.0, 2 files as registries serve them already" in said
    document = json.loads(seal("--format", "json", code=0).out)
    assert {Path(one["path"]).name: one["origin"] for one in document["files"]}[TARBALL] == "served"
    offline = seal("--offline", code=0)
    assert "served" not in offline.out


def test_a_crate_of_another_commit_that_is_out_already_refuses_the_release(seal: Seal, world: World) -> None:
    world.crates.add("spam-core", "1.0.0", crate(commit="d" * 40))
    assert seal.rules(1) == {"crate-commit-mismatch"}


ODD = "spam-1.0.0-cp311-cp311-win_amd64.whl"


def told(seal: Seal) -> None:
    """Let the workflow at the tag tell all files of the package."""
    steps = "      - run: uv build\n      - uses: pypa/gh-action-pypi-publish@v1\n"
    text = f'on:\n  push:\n    tags: ["v*"]\npermissions: {{}}\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n{steps}'
    seal.repo.git("tag", "-d", "v1.0.0")
    seal.repo.write({".github/workflows/release.yml": text}).commit()
    seal.repo.git("tag", "v1.0.0")
    (seal.dist / CRATE).write_bytes(crate(commit=seal.repo.git("rev-parse", "HEAD").strip()))


def states(seal: Seal, code: int) -> dict[str, str]:
    """Give the state of each file that the candidate does not have, and `` for the release's."""
    candidate = str(seal.out / "lockstep-release.json")
    found = json.loads(seal.run("release", "status", candidate, "--no-github", "--format", "json", repo=seal.repo, code=code).out)
    jsonschema.validate(found, shipped("release"))
    return {"": found["state"], **{one["id"]: one["state"] for one in found["others"]}}


def test_a_file_there_that_no_job_builds_is_foreign_to_a_whole_release_and_to_a_part(seal: Seal, world: World) -> None:
    told(seal)
    world.pypi.add(ODD, "spam", "1.0.0", b"x")
    assert seal.rules(1) == {"served-file-foreign"}
    assert seal.rules(1, "--partial") == {"served-file-foreign"}
    seal("--partial", "--offline", code=0)
    assert states(seal, 1) == {"": "conflict", f"pypi:{ODD}": "conflict"}


def test_a_file_there_of_which_nobody_tells_is_neither_owed_nor_foreign(seal: Seal, world: World) -> None:
    world.pypi.add(ODD, "spam", "1.0.0", b"x")
    assert seal.rules(3) == {"served-file-untold"}
    assert f"download {ODD} and seal it with the others" in seal(code=3).out
    seal("--partial", code=0)
    assert states(seal, 3) == {"": "incomplete", f"pypi:{ODD}": "beside"}
    seal("--offline", code=0)
    assert states(seal, 1) == {"": "conflict", f"pypi:{ODD}": "conflict"}, "beside a whole release there is nothing"


def test_a_part_is_never_complete_and_what_is_owed_is_beside_it(seal: Seal, world: World) -> None:
    told(seal)
    (seal.dist / SDIST).unlink()
    world.pypi.add(SDIST, "spam", "1.0.0", sdist())
    seal("--partial", code=0)
    names = {one.name for one in read((seal.out / "lockstep-release.json").read_text()).artifacts}
    assert names == {WHEEL, TARBALL, CRATE}, "a part has what was handed in"
    assert states(seal, 3) == {"": "incomplete", f"pypi:{SDIST}": "beside"}
    world.pypi.add(WHEEL, "spam", "1.0.0", wheel())
    world.npm.add("@spam/cli", "1.0.0", npm())
    world.crates.add("spam-core", "1.0.0", (seal.dist / CRATE).read_bytes())
    assert states(seal, 3)[""] == "incomplete"
    said = seal.run("release", "status", str(seal.out / "lockstep-release.json"), "--no-github", repo=seal.repo, code=3).out
    assert "a part of v1.0.0: incomplete; 3 of 3 files verified" in said
    assert "next: nothing of this part is left to do; the other parts are not looked at" in said


def test_a_file_there_that_is_owed_and_was_not_built_is_taken(seal: Seal, world: World) -> None:
    told(seal)
    (seal.dist / SDIST).unlink()
    assert seal.rules(1) == {"artifact-missing"}
    world.pypi.add(WHEEL, "spam", "1.0.0", wheel())
    world.pypi.add(SDIST, "spam", "1.0.0", sdist())
    found = {one.name: one.origin for one in seal.candidate().artifacts}
    assert (found[SDIST], found[WHEEL]) == (Origin.SERVED, Origin.SERVED)
    assert (seal.out / "served" / SDIST).read_bytes() == sdist()


def test_other_bytes_than_are_stated_are_refused(seal: Seal, world: World) -> None:
    world.pypi.add(WHEEL, "spam", "1.0.0", wheel())
    world.pypi.fault(f"/files/{WHEEL}", says(b"other", "application/octet-stream"))
    assert seal.rules(1) == {"served-bytes-differ"}


def test_what_was_withdrawn_is_refused(seal: Seal, world: World) -> None:
    world.pypi.add(WHEEL, "spam", "1.0.0", wheel())
    world.pypi.yanked[WHEEL] = "broken"
    assert seal.rules(1) == {"served-file-yanked"}


@pytest.mark.parametrize("path", ["/simple/", "/index/sp", "/@spam", "/files/"])
def test_what_could_not_be_asked_is_not_sealed(seal: Seal, world: World, path: str) -> None:
    world.pypi.add(WHEEL, "spam", "1.0.0", wheel())
    for one in (world.crates, world.pypi, world.npm):
        one.fault(path, status(500, "boom"), 9)
    assert seal.rules(3) == {"served-file-unseen"}
    seal("--offline", code=0)


def test_what_was_accepted_and_is_not_visible_yet_is_not_sealed(seal: Seal, world: World) -> None:
    world.crates.add("spam-core", "1.0.0", crate(commit=seal.commit))
    world.crates.stale.add("spam-core")
    assert seal.rules(3) == {"served-file-unseen"}


def test_every_rule_of_an_assembly_is_broken_here() -> None:
    text = Path(__file__).read_text()
    assert [one.id for one in rules("assembly") if f'{{"{one.id}"}}' not in text] == []
