"""`lockstep audit workflow`: what a user sees and what a script gets, with and without zizmor."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import FIXTURES, Fresh, Repo, Run
from tests.test_schemas import shipped

RELEASE = ".github/workflows/release.yml"
GOOD = {
    path.relative_to(FIXTURES / "workflows/release").as_posix(): path.read_text()
    for path in sorted((FIXTURES / "workflows/release").rglob("*"))
    if path.is_file()
}


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    return fresh(dict(GOOD))


def test_a_good_workflow(repo: Repo, run: Run) -> None:
    result = run("audit", "workflow", "--no-zizmor", repo=repo, code=0)
    assert result.out == f"{RELEASE}: 26 jobs, 4 publishing jobs: it keeps its promises\n"


def test_a_fault_has_its_place_and_its_help(repo: Repo, run: Run) -> None:
    repo.replace(RELEASE, "  cancel-in-progress: false", "  cancel-in-progress: true")
    result = run("audit", "workflow", RELEASE, "--no-zizmor", repo=repo, code=1)
    assert result.out == f"{RELEASE}:11:23 concurrency-cancels: a release that is running can be cancelled\n  help: cancel-in-progress: false\n"
    assert (
        "::error file=.github/workflows/release.yml,line=11,col=23,title=concurrency-cancels::"
        in run("audit", "workflow", "--format", "github", repo=repo, code=1).out
    )
    assert "concurrency-cancels" in run("audit", "workflow", "--format", "markdown", repo=repo, code=1).out
    assert run("audit", "workflow", "--ref", "HEAD", repo=repo, code=0).out.startswith(RELEASE)


def test_the_document(repo: Repo, run: Run) -> None:
    document = json.loads(run("audit", "workflow", "--format", "json", "--no-zizmor", repo=repo, code=0).out)
    jsonschema.validate(document, shipped("audit"), jsonschema.Draft7Validator)
    assert set(document) == set(shipped("audit")["properties"])
    roles = {job["job"]: job["roles"] for job in document["workflows"][0]["jobs"]}
    assert roles["publish-crate"] == ["build", "mint", "publish", "verify"]


def test_a_file_that_is_not_there(repo: Repo, run: Run) -> None:
    assert "there is no workflow" in run("audit", "workflow", "nothing.yml", repo=repo, code=2).err


def test_nothing_to_audit(fresh: Fresh, run: Run) -> None:
    assert run("audit", "workflow", repo=fresh({"README.md": "x"}), code=0).out == "no workflow of this repository releases anything; nothing to audit\n"


def test_our_own_release_keeps_its_promises(run: Run) -> None:
    own = Path(__file__).parent.parent.parent
    if not (own / ".git").exists():
        pytest.skip("not a checkout: audit workflow reads the files that git tracks")
    run("audit", "workflow", "--no-zizmor", repo=own, code=0)


# ---- zizmor, in the place of which a script stands that answers as zizmor 1.32 does


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, out: str, err: str) -> None:
    folder.mkdir()
    (folder / "out").write_text(out)
    (folder / "err").write_text(err)
    program = folder / "zizmor"
    program.write_text(f'#!/bin/sh\ncat "{folder}/err" >&2\ncat "{folder}/out"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def report(ident: str, severity: str = "High") -> dict[str, object]:
    where = {
        "symbolic": {"key": {"Local": {"verbatim_path": f"./{RELEASE}"}}, "kind": "Primary"},
        "concrete": {"location": {"start_point": {"row": 4, "column": 2}}},
    }
    return {
        "ident": ident,
        "desc": "something",
        "url": "https://docs.zizmor.sh",
        "determinations": {"severity": severity},
        "locations": [where],
        "ignored": False,
    }


def test_what_zizmor_finds_is_merged_and_not_said_twice(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [report("archived-uses"), report("unpinned-uses"), report("obfuscation", "Low")]
    stand_in(tmp_path / "bin", monkeypatch, json.dumps(rows), f" INFO audit: zizmor: completed ./{RELEASE}\n")
    result = run("audit", "workflow", repo=repo, code=1)
    assert f"{RELEASE}:5:3 zizmor-finding: archived-uses: something" in result.out
    assert f"{RELEASE}:5:3 note zizmor-finding: obfuscation: something" in result.out
    assert "unpinned-uses" not in result.out
    assert "zizmor" not in run("audit", "workflow", "--no-zizmor", repo=repo, code=0).out


@pytest.mark.parametrize(
    ("out", "err", "said"),
    [("[]", "", "zizmor did not read this file"), ("", "fatal: no audit was performed\n", "no audit was performed"), ("{", "", "no answer")],
)
def test_a_file_that_zizmor_did_not_read_is_said(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, err: str, said: str) -> None:
    stand_in(tmp_path / "bin", monkeypatch, out, err)
    result = run("audit", "workflow", "--zizmor", repo=repo, code=1)
    assert "zizmor-blind" in result.out
    assert said in result.out


def test_zizmor_that_is_wanted_and_not_there(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert "zizmor is not installed" in run("audit", "workflow", "--zizmor", repo=repo, code=2).err


def test_a_zizmor_of_the_repository_is_never_run(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write({"bin/zizmor": "#!/bin/sh\ntouch ran\n"})
    repo.path("bin/zizmor").chmod(0o755)
    monkeypatch.setenv("PATH", f"{repo.path('bin')}:/usr/bin:/bin")
    run("audit", "workflow", repo=repo, code=0)
    assert not repo.path("ran").exists()
