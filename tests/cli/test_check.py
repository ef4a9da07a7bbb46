"""What `lockstep check` says and leaves with: in step, one kind of drift after the other, in every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from syrupy.assertion import SnapshotAssertion

from lockstep.app import check
from lockstep.app.check import CheckResult
from lockstep.app.session import Session
from tests.conftest import STORIES, Repo, Run, Story
from tests.conftest import lockstep as program


@dataclass(frozen=True)
class Drift:
    """One edit that a person forgot or made by hand, and the rules that must speak."""

    story: str
    path: str
    old: str
    new: str
    rules: tuple[str, ...]
    fixable: bool = True


DRIFTS = {
    "a crate left behind": Drift("twins", "Cargo.toml", '"0.2.0"', '"0.1.0"', ("version-mismatch",)),
    "a wheel left behind": Drift("twins", "pyproject.toml", '"0.2.0"', '"0.1.0"', ("version-mismatch",)),
    "a copy left behind": Drift("twins", "python/spam/__init__.py", '"0.2.0"', '"0.1.0"', ("version-mismatch",)),
    "a lock left behind": Drift("twins", "Cargo.lock", '"0.2.0"', '"0.1.0"', ("lock-left-behind",)),
    "a lock elsewhere left behind": Drift("fuzz", "fuzz/Cargo.lock", '"2.0.1"', '"2.0.0"', ("lock-left-behind",)),
    "a requirement left behind": Drift("renamed", "Cargo.toml", '"=0.3.1"', '"=0.3.0"', ("requirement-unsatisfied",)),
    "a requirement of the workspace left behind": Drift("workspace", "Cargo.toml", '"=1.5.0"', '"=1.4.0"', ("requirement-unsatisfied",)),
    "a requirement of a wheel left behind": Drift("quotes", "pyproject.toml", "== 1.0.1", "== 1.0.0", ("requirement-unsatisfied",)),
    "a release candidate left behind": Drift("candidate", "pyproject.toml", '"1.2.0rc1"', '"1.1.0"', ("version-mismatch",)),
    "a candidate in the other spelling": Drift("candidate", "pyproject.toml", '"1.2.0rc1"', '"1.2.0-rc.1"', ()),
    "a member of the workspace lost": Drift("workspace", "Cargo.toml", '"crates/*"', '"crates/gone"', ("member-missing",), fixable=False),
    "nothing to inherit": Drift("workspace", "Cargo.toml", 'version = "1.5.0"\nedition', "edition", ("version-not-inherited",), fixable=False),
    "no file to read the version from": Drift("hatch", "pyproject.toml", "__about__", "__gone__", ("version-source-missing",), fixable=False),
    "no version at all": Drift("hatch", "pyproject.toml", 'dynamic = ["version"]\n', "", ("manifest-incomplete",), fixable=False),
    "a text that is no version": Drift("twins", "Cargo.toml", '"0.2.0"', '"0.2"', ("version-unreadable",), fixable=False),
}


def broken(drift: Drift, story: Story) -> Repo:
    return story(drift.story).replace(drift.path, drift.old, drift.new)


@pytest.mark.parametrize("name", STORIES)
def test_every_story_at_rest(name: str, built: Callable[[str], Repo], run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("check", repo=built(name))) == snapshot


@pytest.mark.parametrize("name", DRIFTS)
def test_every_drift_is_named_with_its_place_and_the_next_step(name: str, story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    drift = DRIFTS[name]
    repo = broken(drift, story)
    result = run("check", repo=repo, code=1 if drift.rules else 0)
    assert str(result) == snapshot
    findings = json.loads(run("check", "--format", "json", repo=repo).out)["findings"]
    assert set(drift.rules) <= {one["rule"] for one in findings}


@pytest.mark.parametrize("name", [name for name, drift in DRIFTS.items() if drift.fixable and drift.rules])
def test_fix_mends_what_it_can_and_says_what_it_did(name: str, story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    drift = DRIFTS[name]
    repo = broken(drift, story)
    assert str(run("check", "--fix", repo=repo, code=0)) == snapshot
    assert repo.git("diff", "--name-only") == ""


@pytest.mark.parametrize("name", [name for name, drift in DRIFTS.items() if not drift.fixable])
def test_fix_writes_nothing_that_a_person_must_decide(name: str, story: Story, run: Run) -> None:
    repo = broken(DRIFTS[name], story)
    old = repo.contents()
    run("check", "--fix", repo=repo, code=1)
    assert repo.contents() == old


@pytest.mark.parametrize("format_", ["text", "json", "github"])
def test_drift_in_every_format(format_: str, story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("check", "--format", format_, repo=story("drifted"), code=1)) == snapshot


@pytest.mark.parametrize("format_", ["json", "github"])
def test_agreement_in_every_format(format_: str, story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("check", "--format", format_, repo=story("outsider"), code=0)) == snapshot


def test_github_is_the_default_in_github_actions(story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("drifted")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run("check", repo=repo).out == run("check", "--format", "github", repo=repo).out
    assert "::error" not in run("check", "--format", "text", repo=repo).out


def test_the_json_contract(story: Story, run: Run) -> None:
    document = json.loads(run("check", "--format", "json", repo=story("drifted"), code=1).out)
    assert {"schema", "command", "tree", "findings", "groups"} <= document.keys()
    assert (document["schema"], document["command"]) == (1, "check")
    keys = {"rule", "level", "path", "line", "column", "message", "help", "requires", "confidence", "surface", "package", "symbol", "old", "new", "witness"}
    assert all(keys <= one.keys() for one in document["findings"])
    assert all({"name", "version", "basis", "packages", "outside"} <= one.keys() for one in document["groups"])
    outside = json.loads(run("check", "--format", "json", repo=story("outsider"), code=0).out)["groups"][0]["outside"]
    assert all({"package", "version", "why"} <= one.keys() for one in outside)


def test_quiet_prints_findings_only(story: Story, run: Run) -> None:
    clean = run("check", "-q", repo=story("twins"), code=0)
    assert (clean.out, clean.err) == ("", "")
    drifted = story("drifted")
    assert run("check", "-q", repo=drifted, code=1).out == run("check", repo=drifted, code=1).out
    assert run("check", "-q", repo=drifted, code=1).err == ""


def test_a_warning_fails_only_when_strict(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"Cargo.toml": repo.read("Cargo.toml") + '\n[dependencies]\negg = { path = "../egg" }\n'})
    run("check", repo=repo, code=0)
    run("check", "--strict", repo=repo, code=1)


def test_what_is_staged_and_what_is_not(story: Story, run: Run) -> None:
    repo = story("twins").replace("pyproject.toml", '"0.2.0"', '"0.3.0"')
    run("check", repo=repo, code=1)
    run("check", "--staged", repo=repo, code=0)
    repo.git("add", "-A")
    run("check", "--staged", repo=repo, code=1)
    run("check", "--ref", "HEAD", repo=repo, code=0)
    repo.git("checkout", "-q", "HEAD", "--", ".")
    repo.write({"new/pyproject.toml": '[project]\nname = "new"\nversion = "0.1.0"\n'})
    run("check", repo=repo, code=0)


@pytest.mark.parametrize(("tag", "code"), [("v0.2.0", 0), ("0.2.0", 1), ("refs/tags/v0.2.0", 0), ("spam-v0.2.0", 0), ("v0.1.0", 1), ("latest", 1), ("v0.2", 0)])
def test_a_tag_must_say_the_same_version(tag: str, code: int, story: Story, run: Run) -> None:
    run("check", "--tag", tag, repo=story("twins"), code=code)


def test_a_member_that_fell_behind_long_ago_is_asked_for_its_history(story: Story, run: Run) -> None:
    """Without its tags the drifted story cannot be told from one with an outsider, and that is said."""
    repo = story("outsider")
    repo.git("tag", "-d", *repo.tags())
    result = run("check", repo=repo, code=1)
    assert "package-undecided" in result.out
    repo.write({"lockstep.toml": 'outside = ["wax"]\n'}).commit()
    run("check", repo=repo, code=0)


def test_check_is_a_program_with_the_same_answers(story: Story, run: Run) -> None:
    repo = story("drifted")
    here, there = run("check", repo=repo), program("check", repo=repo)
    assert (here.out, here.err, here.code) == (there.out, there.err, there.code)


def test_a_drift_is_accepted_beside_its_line_or_in_the_configuration(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.0"  # lockstep: ignore[version-mismatch] the old wheel is served still')
    told = run("check", "--strict", repo=repo, code=0).out
    assert "note version-mismatch" in told
    assert "(accepted: the old wheel is served still)" in told
    run("check", "--base", "HEAD", repo=repo, code=1)  # a change does not accept its own faults
    repo.replace("python/spam/__init__.py", "  # lockstep: ignore[version-mismatch] the old wheel is served still", "")
    run("check", repo=repo, code=1)
    repo.write({"lockstep.toml": '[[waivers]]\nrule = "version-mismatch"\nreason = "later"\nexpires = "2099-01-01"\n'})
    assert "(accepted: later, until 2099-01-01)" in run("check", "--strict", repo=repo, code=0).out
    repo.replace("python/spam/__init__.py", '"0.1.0"', '"0.2.0"')
    assert "lockstep.toml:1:1 warning waiver-unused" in run("check", repo=repo, code=0).out


def test_a_tree_that_is_written_meanwhile_is_read_again(story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("twins")
    repo.replace("Cargo.toml", '"0.2.0"', '"0.3.0"')
    looks, real = [], check.was_written_meanwhile

    def meanwhile(opened: Session, found: CheckResult, begun: int) -> bool:
        looks.append(len(found.findings))
        if len(looks) == 1:  # the other half of the write comes after the first look
            repo.replace("Cargo.toml", '"0.3.0"', '"0.2.0"')
        return real(opened, found, begun)

    monkeypatch.setattr(check, "was_written_meanwhile", meanwhile)
    run("check", repo=repo, code=0)
    assert looks[0] > 0
    assert looks[1:] == [0]


def test_a_tree_that_is_at_rest_is_read_once(story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("twins")
    repo.replace("Cargo.toml", '"0.2.0"', '"0.3.0"')
    looks, real = [], check.was_written_meanwhile

    def meanwhile(opened: Session, found: CheckResult, begun: int) -> bool:
        looks.append(begun)
        return real(opened, found, begun)

    monkeypatch.setattr(check, "was_written_meanwhile", meanwhile)
    run("check", repo=repo, code=1)
    assert len(looks) == 1
