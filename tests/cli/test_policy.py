"""`--base`: a pull request is judged by the configuration that it starts from, and what it would have in its place is told."""

from __future__ import annotations

import json

import pytest
from syrupy.assertion import SnapshotAssertion

from lockstep.config import Config
from lockstep.config.entries import entries
from lockstep.config.options import OPTIONS, WORKFLOW_OPTIONS
from tests.conftest import Repo, Run, Story

WAIVER = '[[waivers]]\nrule = "name-removed"\nreason = "nobody needs it"\nexpires = "2099-01-01"\n'


@pytest.fixture
def broken(story: Story) -> Repo:
    """A pull request that breaks the module's version and what it offers, and configures both away."""
    repo = story("twins")
    repo.git("branch", "trunk")
    repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.9"')
    return repo.write({"lockstep.toml": 'exclude = ["python"]\n'}).commit("pull request")


def test_a_change_cannot_exclude_what_it_breaks(broken: Repo, run: Run, snapshot: SnapshotAssertion) -> None:
    run("check", repo=broken, code=0)
    result = run("check", "--base", "trunk", repo=broken, code=1)
    assert "version-mismatch" in result.out
    assert str(result) == snapshot
    for args in (("--ref", "HEAD"), ("--staged",)):
        assert run("check", *args, "--base", "trunk", repo=broken, code=1).out == result.out


def test_what_differs_is_data_in_every_format(broken: Repo, run: Run) -> None:
    said = json.loads(run("check", "--base", "trunk", "--format", "json", repo=broken, code=1).out)["findings"]
    (note,) = [one for one in said if one["rule"] == "policy-changed"]
    assert (note["level"], note["path"], note["line"], note["new"], note["old"]) == ("note", "lockstep.toml", 1, "python", None)
    assert "::notice file=lockstep.toml" in run("check", "--base", "trunk", "--format", "github", repo=broken, code=1).out
    for args in (("diff", "--format", "markdown"), ("diff",), ("audit", "workflow")):
        result = run(*args, "--base", "trunk", repo=broken)
        assert "policy-changed" in result.out, str(result)


def test_a_note_alone_fails_nothing(story: Story, run: Run) -> None:
    repo = story("twins").write({"lockstep.toml": 'message = "Version {version}"\n'}).commit("configure")
    result = run("check", "--strict", "--base", "HEAD~1", repo=repo, code=0)
    assert "policy-changed" in result.out
    assert "policy-changed" not in run("check", "--base", "HEAD", repo=repo, code=0).out


def test_a_change_cannot_waive_its_own_break(story: Story, run: Run) -> None:
    repo = story("promises")
    repo.git("branch", "trunk")
    broken = run("diff", repo=repo)
    removed = [one for one in json.loads(run("diff", "--format", "json", repo=repo).out)["findings"] if one["requires"] in ("minor", "major")]
    assert removed, str(broken)
    waivers = "".join(WAIVER.replace("name-removed", rule) for rule in sorted({one["rule"] for one in removed}))
    repo.write({"lockstep.toml": waivers}).commit("waive")

    def asked(*args: str) -> list[str]:
        found = json.loads(run("diff", *args, "--format", "json", repo=repo).out)["findings"]
        return sorted(one["message"] for one in found if one["requires"] in ("minor", "major"))

    assert asked() == []
    assert asked("--base", "trunk") == sorted(one["message"] for one in removed)


def test_a_change_cannot_unpin_or_rename_what_the_audit_looks_at(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write(
        {".github/workflows/release.yml": "on: {push: {tags: ['v*']}}\njobs:\n  go:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n"}
    )
    repo.commit("release")
    repo.write({"lockstep.toml": '[workflow]\nfiles = ["none.yml"]\n'}).commit("look away")
    run("audit", "workflow", "--no-zizmor", repo=repo, code=2)
    result = run("audit", "workflow", "--strict", "--base", "HEAD~1", repo=repo, code=1)
    assert "workflow.files adds 'none.yml'" in result.out


def test_a_configuration_that_is_wrong_is_told_before_it_is_merged(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"lockstep.toml": "exclud = []\n"}).commit("typo")
    assert "unknown option 'exclud'" in run("check", "--base", "HEAD~1", repo=repo, code=2).err


def test_a_base_that_is_not_there_is_no_silence(story: Story, run: Run) -> None:
    repo = story("twins")
    for args in (("check",), ("diff",), ("audit", "workflow")):
        assert "no commit is named 'gone'" in run(*args, "--base", "gone", repo=repo, code=2).err


def test_every_option_of_the_configuration_is_compared() -> None:
    named = {name for name in OPTIONS if name != "workflow"} | {f"workflow.{name}" for name in WORKFLOW_OPTIONS}
    assert set(entries(Config())) == named


def test_where_an_entry_stands_is_no_difference(story: Story, run: Run) -> None:
    site = '[[sites]]\npath = "README.md"\npattern = "spam {version}"\n'
    repo = story("twins").write({"README.md": "spam 0.2.0\n", "lockstep.toml": f"{WAIVER}{site}"}).commit("configure")
    repo.write({"lockstep.toml": f"# moved\n\n{site}\n{WAIVER}"}).commit("move")
    assert "policy-changed" not in run("check", "--base", "HEAD~1", repo=repo, code=0).out


def test_a_waiver_of_the_audit_is_not_unused_in_a_diff(story: Story, run: Run) -> None:
    waiver = WAIVER.replace("name-removed", "environment-missing")
    assert "waiver-unused" not in run("diff", repo=story("promises").write({"lockstep.toml": waiver}).commit("waive")).out
