"""`lockstep audit workflow`: what a user sees and what a script gets, with and without zizmor."""

from __future__ import annotations

import json
import shutil
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


CANCELS = "concurrency has cancel-in-progress: a running release can be cancelled"


def test_a_good_workflow(repo: Repo, run: Run) -> None:
    result = run("audit", "workflow", "--no-zizmor", repo=repo, code=0)
    assert result.out == f"{RELEASE}: 26 jobs, 4 publishing jobs, hardened profile: no finding\n"


def test_a_fault_has_its_place_and_its_help(repo: Repo, run: Run) -> None:
    repo.replace(RELEASE, "  cancel-in-progress: false", "  cancel-in-progress: true")
    result = run("audit", "workflow", RELEASE, "--no-zizmor", repo=repo, code=1)
    assert result.out == f"{RELEASE}:11:23 concurrency-cancels: {CANCELS}\n  help: cancel-in-progress: false\n"
    assert (
        "::error file=.github/workflows/release.yml,line=11,col=23,title=concurrency-cancels::"
        in run("audit", "workflow", "--format", "github", repo=repo, code=1).out
    )
    assert "concurrency-cancels" in run("audit", "workflow", "--format", "markdown", repo=repo, code=1).out
    assert run("audit", "workflow", "--ref", "HEAD", repo=repo, code=0).out.startswith(RELEASE)


def test_the_document(repo: Repo, run: Run) -> None:
    document = json.loads(run("audit", "workflow", "--format", "json", "--no-zizmor", repo=repo, code=0).out)
    jsonschema.validate(document, shipped("audit"), jsonschema.Draft7Validator)
    assert set(document) == {"schema", "command", "tree", "findings", "workflows"} <= set(shipped("audit")["properties"])
    roles = {job["job"]: job["roles"] for job in document["workflows"][0]["jobs"]}
    assert roles["publish-crate"] == ["build", "mint", "publish", "verify"]


PLAIN = """\
on: { push: { tags: ["v*"] } }
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: pypi
    permissions: { id-token: write }
    steps:
      - uses: actions/download-artifact@v8
        with: { name: dist, path: dist }
      - uses: pypa/gh-action-pypi-publish@release/v1
"""


def test_what_a_project_does_not_do_is_no_error_until_it_is_promised(fresh: Fresh, run: Run) -> None:
    plain = fresh(
        {RELEASE: PLAIN.replace("steps:\n", "steps:\n      - run: python -m build\n      - uses: actions/upload-artifact@v7\n        with: { name: dist }\n")}
    )
    result = run("audit", "workflow", "--no-zizmor", repo=plain, code=0)
    assert "warning publish-ungated" in result.out
    run("audit", "workflow", "--no-zizmor", "--strict", repo=plain, code=1)
    plain.write({"lockstep.toml": '[audit]\nprofile = "hardened"\n'})
    assert " publish-ungated" in run("audit", "workflow", "--no-zizmor", repo=plain, code=1).out.replace("warning publish-ungated", "")
    plain.write({"lockstep.toml": '[audit]\nprofile = "hard"\n'})
    assert "profile must be one of basic, hardened" in run("audit", "workflow", repo=plain, code=2).err


def test_a_hardened_release_can_be_held_to_less(repo: Repo, run: Run) -> None:
    repo.replace(RELEASE, "  cancel-in-progress: false", "  cancel-in-progress: true").write({"lockstep.toml": '[audit]\nprofile = "basic"\n'})
    assert "warning concurrency-cancels" in run("audit", "workflow", "--no-zizmor", repo=repo, code=0).out


def test_a_finding_is_accepted_beside_its_line_or_in_the_configuration_and_stays_in_the_report(repo: Repo, run: Run) -> None:
    line = "  cancel-in-progress: true"
    repo.replace(RELEASE, "  cancel-in-progress: false", f"{line} # lockstep: ignore[concurrency-cancels] the first job cleans up").commit("accept")
    result = run("audit", "workflow", "--no-zizmor", "--strict", repo=repo, code=0)
    assert result.out == f"{RELEASE}:11:23 note concurrency-cancels: {CANCELS} (accepted: the first job cleans up)\n"
    run("audit", "workflow", "--base", "HEAD~1", repo=repo, code=1)
    run("audit", "workflow", "--base", "HEAD", repo=repo, code=0)
    repo.replace(RELEASE, " the first job cleans up", "")
    run("audit", "workflow", "--no-zizmor", repo=repo, code=1)
    waiver = '[[waivers]]\nrule = "concurrency-cancels"\nreason = "cleans up"\nexpires = "{}"\n'
    repo.write({"lockstep.toml": waiver.format("2099-01-01")})
    assert "(accepted: cleans up, until 2099-01-01)" in run("audit", "workflow", "--no-zizmor", repo=repo, code=0).out
    repo.write({"lockstep.toml": waiver.format("2020-01-01")})
    assert "waiver-expired" in run("audit", "workflow", "--no-zizmor", repo=repo, code=1).out


def test_a_comment_that_meets_nothing_is_told(repo: Repo, run: Run) -> None:
    repo.replace(RELEASE, "  cancel-in-progress: false", "  # lockstep: ignore[concurrency-cancels] old\n  cancel-in-progress: false")
    assert f"{RELEASE}:11:3 warning waiver-unused" in run("audit", "workflow", "--no-zizmor", repo=repo, code=0).out


MOVED = PLAIN.replace("steps:\n", "steps:\n" + "".join(f"      - uses: dairy/churn@v{number}\n" for number in range(1, 5)))


def test_warnings_of_one_cause_are_told_once_and_one_by_one_with_verbose(fresh: Fresh, run: Run) -> None:
    repo = fresh({RELEASE: MOVED})
    told = run("audit", "workflow", "--no-zizmor", repo=repo, code=0).out
    first = MOVED[: MOVED.index("dairy/churn@v1")].count("\n") + 1
    assert told.count("warning action-unpinned") == 1
    assert f"{RELEASE}:{first}:15 warning action-unpinned: dairy/churn@v1 is not pinned to a commit" in told
    assert f"  also: lines {first + 1}, {first + 2}, {first + 3}, {first + 4}, {first + 6}; -v lists each\n  help: pin" in told
    assert run("audit", "workflow", "--no-zizmor", "-v", repo=repo, code=0).out.count("warning action-unpinned") == 6
    document = json.loads(run("audit", "workflow", "--no-zizmor", "--format", "json", repo=repo, code=0).out)
    assert [one["rule"] for one in document["findings"]].count("action-unpinned") == 6


def test_what_an_earlier_report_has_is_left_out_wherever_it_stands(fresh: Fresh, run: Run, tmp_path: Path) -> None:
    repo = fresh({RELEASE: MOVED})
    report = tmp_path / "report.json"
    report.write_text(run("audit", "workflow", "--no-zizmor", "--format", "json", repo=repo, code=0).out)
    repo.write({RELEASE: "# a comment\n" + MOVED})
    known = run("audit", "workflow", "--no-zizmor", "--strict", "--baseline", str(report), repo=repo, code=0)
    assert (known.out, known.err.count("left out")) == ("", 1)
    repo.write({RELEASE: MOVED.replace("dairy/churn@v1\n", "dairy/churn@v1\n      - uses: dairy/churn@v1\n")})
    more = run("audit", "workflow", "--no-zizmor", "--strict", "--baseline", str(report), repo=repo, code=1).out
    assert more.count("action-unpinned") == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"findings": 1}', '{"findings": [1]}', '{"findings": [{"rule": "x"}]}', "[" * 100_000, "\0"])
def test_a_baseline_that_is_no_report(text: str, fresh: Fresh, run: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(text)
    repo = fresh({RELEASE: PLAIN})
    result = run("audit", "workflow", "--no-zizmor", "--baseline", str(report), repo=repo, code=2)
    assert "is no report of findings" in result.err
    assert "--format json" in result.err
    assert "--baseline gone.json: No such file" in run("audit", "workflow", "--baseline", "gone.json", repo=repo, code=2).err


def test_a_change_does_not_write_its_faults_into_the_baseline(fresh: Fresh, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = fresh({RELEASE: PLAIN}).commit("begin")
    repo.write({RELEASE: PLAIN.replace("id-token: write", "id-token: none")})
    report = run("audit", "workflow", "--no-zizmor", "--format", "json", repo=repo, code=1).out
    repo.write({"report.json": report}).commit("accept")
    monkeypatch.chdir(repo.root)
    run("audit", "workflow", "--baseline", "report.json", repo=repo, code=0)
    run("audit", "workflow", "--baseline", "report.json", "--base", "HEAD~1", repo=repo, code=1)
    run("audit", "workflow", "--baseline", "report.json", "--base", "HEAD", repo=repo, code=0)


def test_findings_below_a_level_are_left_out_and_counted(fresh: Fresh, run: Run) -> None:
    repo = fresh({RELEASE: MOVED})
    result = run("audit", "workflow", "--no-zizmor", "--strict", "--min-level", "error", repo=repo, code=0)
    assert result.out == ""
    assert "below level error left out" in result.err
    repo.write({RELEASE: "on: { push: { tags: [v1] } }\njobs: { go: { runs-on: ubuntu-latest, steps: [{ run: ./do-it }] } }\n"})
    unproven = run("audit", "workflow", "--no-zizmor", "--min-level", "error", repo=repo, code=3)  # what could not be told is never left out
    assert "unproven (exit code 3): 1 question below level error could not be answered; --min-level note shows why" in unproven.err


def test_what_cannot_be_told_is_neither_right_nor_wrong(fresh: Fresh, run: Run) -> None:
    release = fresh({RELEASE: "on: { push: { tags: [v1] } }\njobs: { go: { runs-on: ubuntu-latest, steps: [{ run: ./do-it }] } }\n"})
    result = run("audit", "workflow", "--no-zizmor", repo=release, code=3)
    assert "workflow-unclassified" in result.out
    assert result.err.splitlines()[-1] == "unproven (exit code 3): 1 question (workflow-unclassified) could not be answered"


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


def report(ident: str, severity: str = "High", row: int = 4) -> dict[str, object]:
    where = {
        "symbolic": {"key": {"Local": {"verbatim_path": f"./{RELEASE}"}}, "kind": "Primary"},
        "concrete": {"location": {"start_point": {"row": row, "column": 2}, "end_point": {"row": row, "column": 9}}},
    }
    return {
        "ident": ident,
        "desc": "something",
        "url": "https://docs.zizmor.sh",
        "determinations": {"severity": severity},
        "locations": [where],
        "ignored": False,
    }


@pytest.mark.parametrize(("ident", "row", "told"), [("unpinned-uses", 0, 0), ("unpinned-uses", 1, 1), ("artipacked", 0, 1), ("made-up", 0, 1)])
def test_what_lockstep_says_about_the_same_line_is_not_said_twice(
    repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ident: str, row: int, told: int
) -> None:
    text = (repo.root / RELEASE).read_text().replace("actions/checkout@0123456789abcdef0123456789abcdef01234567", "actions/checkout@v6", 1)
    (repo.root / RELEASE).write_text(text)
    line = next(number for number, one in enumerate(text.splitlines()) if "actions/checkout@v6" in one)
    rows = [report(ident, row=line + row)]
    stand_in(tmp_path / "bin", monkeypatch, json.dumps(rows), f" INFO audit: zizmor: completed ./{RELEASE}\n")
    out = run("audit", "workflow", repo=repo, code=1).out
    assert "action-unpinned" in out
    assert out.count(f"zizmor-finding: {ident}") == told


def test_what_zizmor_finds_is_merged_and_not_said_twice(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [report("archived-uses"), report("unpinned-uses"), report("obfuscation", "Low")]
    stand_in(tmp_path / "bin", monkeypatch, json.dumps(rows), f" INFO audit: zizmor: completed ./{RELEASE}\n")
    result = run("audit", "workflow", repo=repo, code=1)
    assert f"{RELEASE}:5:3 zizmor-finding: archived-uses: something" in result.out
    assert f"{RELEASE}:5:3 note zizmor-finding: obfuscation: something" in result.out
    assert "unpinned-uses: something" in result.out  # no rule of lockstep says that about this line
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


def test_settings_of_the_user_do_not_hide_what_it_read(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """zizmor tells which files it read as a log, which RUST_LOG and its like would turn off."""
    stand_in(tmp_path / "bin", monkeypatch, "[]", f" INFO audit: zizmor: completed ./{RELEASE}\n")
    program = tmp_path / "bin/zizmor"
    program.write_text(program.read_text().replace("#!/bin/sh", '#!/bin/sh\ntest -z "$RUST_LOG$ZIZMOR_CONFIG$GH_TOKEN$GITHUB_TOKEN" || exit 1'))
    for name in ("RUST_LOG", "ZIZMOR_CONFIG", "GH_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "error")
    assert "zizmor" not in run("audit", "workflow", "--zizmor", repo=repo, code=0).out


def test_a_name_with_blanks_is_read_whole(fresh: Fresh, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ".github/workflows/the release.yml"
    repo = fresh({path: GOOD[RELEASE], **{name: text for name, text in GOOD.items() if name != RELEASE}})
    stand_in(tmp_path / "bin", monkeypatch, "[]", f" INFO zizmor: v1\n INFO audit: zizmor: completed ./{path}\n INFO audit: zizmor: completed ./other.yml\n")
    assert "zizmor-blind" not in run("audit", "workflow", "--zizmor", repo=repo).out


UNREAD = """ INFO zizmor: v1.32.0
 WARN collect_inputs: zizmor::registry::input: failed to validate file://./.github/workflows/release.yml as workflow: input does not match
"""
NOTHING = """fatal: no audit was performed
error: no inputs collected
  |
  = help: collection yielded no auditable inputs
"""
"""What zizmor 1.32 says of a file that it cannot read, and when there was no other (exit code 1)."""


@pytest.mark.parametrize(
    ("out", "err", "said"),
    [
        ("[]", UNREAD, f"{RELEASE}:1:1 zizmor-blind: zizmor did not read this file: input does not match\n"),
        ("", UNREAD + NOTHING, f"zizmor audited nothing: failed to validate file://./{RELEASE} as workflow: input does not match\n"),
        ("", NOTHING, "zizmor audited nothing: no inputs collected\n"),
    ],
)
def test_why_zizmor_does_not_read_a_file_is_said(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, err: str, said: str) -> None:
    stand_in(tmp_path / "bin", monkeypatch, out, err)
    assert said in run("audit", "workflow", "--zizmor", repo=repo, code=1).out


@pytest.mark.skipif(shutil.which("zizmor") is None, reason="zizmor is not installed: pip install zizmor")
def test_zizmor_itself(fresh: Fresh, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it reads what a release uses, says so whatever the environment wants, and why it cannot."""
    monkeypatch.setenv("RUST_LOG", "error")
    path = ".github/workflows/the release.yml"
    publishing = (
        "permissions: {}\nenv: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\non: {push: {tags: ['v*']}}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n"
    )
    action = "name: act\ndescription: acts\nruns: {using: composite, steps: []}\n"
    repo = fresh({path: f"{publishing}      - {{uses: ./act}}\n      - {{run: cargo publish}}\n", "act/action.yml": action})
    assert "zizmor-blind" not in run("audit", "workflow", "--zizmor", repo=repo, code=1).out
    repo.write({"act/action.yml": f"inputs: [1]\n{action}"}).commit("wrong")
    told = run("audit", "workflow", "--zizmor", repo=repo, code=1).out
    assert "act/action.yml:1:1 zizmor-blind: zizmor did not read this file: input does not match expected validation schema" in told
    assert told.count("zizmor-blind") == 1
    assert "zizmor-finding" in told, "what it can read it audits"
