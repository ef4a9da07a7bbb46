"""`release seal`: what was built is held against the tag; the candidate is the same bytes for the same files, and is written only where nothing refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lockstep.release.candidate import read
from tests.conftest import Fresh, Repo, Run
from tests.rules.artifacts_made import crate, tarred, wheel

FILES: dict[str, str | bytes] = {
    "Cargo.toml": '[workspace]\nmembers = ["core"]\n',
    "core/Cargo.toml": '[package]\nname = "spam-core"\nversion = "1.0.0"\nedition = "2021"\n',
    "core/src/lib.rs": "",
    "pyproject.toml": '[project]\nname = "spam"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n',
}


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    repo = fresh(FILES)
    repo.git("tag", "v1.0.0")
    return repo


@pytest.fixture
def dist(repo: Repo, tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "spam-1.0.0-py3-none-any.whl").write_bytes(wheel())
    (folder / "spam-core-1.0.0.crate").write_bytes(crate(commit=repo.git("rev-parse", "HEAD").strip()))
    (folder / "notes.txt").write_text("not ours")
    return folder


def test_the_candidate_is_written_beside_its_sums(repo: Repo, run: Run, dist: Path, tmp_path: Path) -> None:
    said = run("release", "seal", "--offline", str(dist), "--output", str(tmp_path / "out"), repo=repo, code=0).out
    assert said.startswith("sealed: 2 files of v1.0.0")
    first = (tmp_path / "out" / "lockstep-release.json").read_text()
    candidate = read(first)
    assert [one.name for one in candidate.artifacts] == ["spam-core-1.0.0.crate", "spam-1.0.0-py3-none-any.whl"]
    assert (candidate.tag, candidate.commit) == ("v1.0.0", repo.git("rev-parse", "HEAD").strip())
    files = [str(path) for path in sorted(dist.glob("spam*"), reverse=True)]
    run("release", "seal", "--offline", *files, "--tag", "v1.0.0", "--output", str(tmp_path / "again"), repo=repo, code=0)
    assert (tmp_path / "again" / "lockstep-release.json").read_text() == first
    if sys.platform == "linux":
        checked = subprocess.run(["sha256sum", "--check", str(tmp_path / "out" / "SHA256SUMS")], cwd=dist, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


def test_what_cargo_leaves_beside_its_crates_is_not_looked_at(repo: Repo, run: Run, dist: Path) -> None:
    """cargo package leaves copies in tmp-crate and tmp-registry, and the crate as it unpacked it, with whatever is in it."""
    packed = (dist / "spam-core-1.0.0.crate").read_bytes()
    for path in ("tmp-crate/spam-core-1.0.0.crate", "tmp-registry/spam-core-1.0.0.crate", "spam-core-1.0.0/tests/data/other-2.0.0.tar.gz"):
        (dist / path).parent.mkdir(parents=True, exist_ok=True)
        (dist / path).write_bytes(packed)
    assert run("release", "seal", "--offline", str(dist), repo=repo, code=0).out.startswith("sealed: 2 files of v1.0.0")
    (dist / "more").mkdir()
    (dist / "more" / "spam-core-1.0.0.crate").write_bytes(packed)
    assert "artifact-file-twice" in run("release", "seal", "--offline", str(dist), repo=repo, code=1).out


def test_where_something_refuses_nothing_is_written(repo: Repo, run: Run, dist: Path, tmp_path: Path) -> None:
    (dist / "spam-core-1.0.0.crate").write_bytes(crate(commit="f" * 40))
    found = run("release", "seal", "--offline", str(dist), "--output", str(tmp_path / "out"), "--format", "json", repo=repo, code=1)
    document = json.loads(found.out)
    assert [one["rule"] for one in document["findings"]] == ["crate-commit-mismatch"]
    assert document["candidate"] is None
    assert not (tmp_path / "out").exists()


def test_a_package_without_a_file_is_missing_unless_it_is_built_elsewhere(repo: Repo, run: Run, dist: Path, tmp_path: Path) -> None:
    (dist / "spam-core-1.0.0.crate").unlink()
    said = run("release", "seal", "--offline", str(dist), "--output", str(tmp_path / "out"), repo=repo, code=1).out
    assert "core/Cargo.toml artifact-missing: spam-core is published to crates.io, and none of the files is of it" in said
    run("release", "seal", "--offline", str(dist), "--partial", "--output", str(tmp_path / "out"), repo=repo, code=0)


def test_two_files_of_one_name_are_refused(repo: Repo, run: Run, dist: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "spam-1.0.0-py3-none-any.whl").write_bytes(wheel(python=">=3.9 "))
    said = run("release", "seal", "--offline", str(dist), str(tmp_path / "other"), repo=repo, code=1).out
    assert "artifact-file-twice" in said
    assert "has the same name, and other bytes" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "there is no file nowhere"),
        (("pyproject.toml",), "is no wheel (.whl)"),
        (("core",), "holds no wheel"),
        (("--tag", "v9.9.9", "core"), "no commit is named"),
        ((), "lockstep release seal needs FILE|DIR..."),
    ],
)
def test_what_is_not_there(repo: Repo, run: Run, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.root)
    assert said in run("release", "seal", "--offline", *words, repo=repo, code=2).err


def test_without_a_tag_on_the_commit_it_must_be_named(repo: Repo, run: Run, dist: Path) -> None:
    repo.write({"more.txt": ""}).commit()
    assert "no release tag of main is on the commit" in run("release", "seal", "--offline", str(dist), repo=repo, code=2).err


def test_what_has_no_order_is_not_sealed(fresh: Fresh, run: Run, tmp_path: Path) -> None:
    needs = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n[{}dependencies]\n{} = {{ path = "../{}", version = "1.0.0" }}\n'
    crates = {"spam-core/Cargo.toml": needs.format("spam-core", "dev-", "egg", "egg"), "egg/Cargo.toml": needs.format("egg", "", "spam-core", "spam-core")}
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["spam-core", "egg"]\n', **crates, "spam-core/src/lib.rs": "", "egg/src/lib.rs": ""})
    repo.git("tag", "v1.0.0")
    (tmp_path / "spam-core-1.0.0.crate").write_bytes(crate(commit=repo.git("rev-parse", "HEAD").strip()))
    assert "need each other in a circle" in run("release", "seal", "--offline", str(tmp_path), "--partial", repo=repo, code=2).err


SCM = '[build-system]\nrequires = ["setuptools-scm"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "spam"\ndynamic = ["version"]\n'


def test_a_version_that_comes_from_git_s_tags_is_that_of_the_tag(fresh: Fresh, run: Run, tmp_path: Path) -> None:
    repo = fresh({"pyproject.toml": f"{SCM}[tool.setuptools_scm]\n"})
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/spam-1.0.0-py3-none-any.whl").write_bytes(wheel())
    line = ("release", "seal", "--offline", str(tmp_path / "dist"), "--output", str(tmp_path / "out"))
    repo.git("tag", "v1.0.0")
    repo.git("tag", "nonsense")
    run(*line, repo=repo, code=0)
    assert read((tmp_path / "out/lockstep-release.json").read_text()).versions == {"python:spam": "1.0.0"}
    repo.git("tag", "v1.1.0")
    assert "the commit that is checked out has v1.0.0, v1.1.0" in run(*line, repo=repo, code=2).err
    run(*line, "--tag", "v1.0.0", repo=repo, code=0)
    assert "artifact-version-mismatch" in run(*line, "--tag", "v1.1.0", repo=repo, code=1).out
    assert "nonsense names no version, and the version of spam comes from git's tags" in run(*line, "--tag", "nonsense", repo=repo, code=2).err


def npm_of(name: str, **more: object) -> bytes:
    return tarred({"package/package.json": json.dumps({"name": name, "version": "1.0.0", **more}).encode()})


def test_platform_packages_that_a_tool_made_are_of_the_release_and_go_first(fresh: Fresh, run: Run, tmp_path: Path) -> None:
    napi = {"name": "spam", "version": "1.0.0", "napi": {"targets": ["x86_64-unknown-linux-gnu"]}}
    repo = fresh({"package.json": json.dumps(napi)})
    repo.git("tag", "v1.0.0")
    untold = "not told by the workflow: platform packages; napi makes one for each target of package.json"
    said = run("release", "plan", repo=repo, code=0).out
    assert "spam-linux-x64-gnu" in said
    assert untold not in said
    dist, out = tmp_path / "dist", tmp_path / "out"
    dist.mkdir()
    line = ("release", "seal", "--offline", str(dist), "--output", str(out))
    (dist / "spam-1.0.0.tgz").write_bytes(npm_of("spam", optionalDependencies={"spam-linux-x64-gnu": "1.0.0", "fsevents": "^2.0.0"}))
    (dist / "spam-linux-x64-gnu-1.0.0.tgz").write_bytes(npm_of("spam-linux-x64-gnu"))
    run(*line, repo=repo, code=0)
    found = {one.name: one.needs for one in read((out / "lockstep-release.json").read_text()).artifacts}
    first = "npm:spam-linux-x64-gnu/spam-linux-x64-gnu-1.0.0.tgz"
    assert found == {"spam-1.0.0.tgz": (first,), "spam-linux-x64-gnu-1.0.0.tgz": ()}
    (dist / "ham-1.0.0.tgz").write_bytes(npm_of("ham"))
    assert "ham is no package that this release publishes to npm" in run(*line, repo=repo, code=1).out
    repo.write({"package.json": json.dumps({**napi, "napi": {"targets": ["sparc64-unknown-netbsd"]}})}).commit()
    assert untold in run("release", "plan", repo=repo, code=0).out
