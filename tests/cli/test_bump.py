"""What `lockstep bump` says: the diff, the refusal, the data. What it does is in `tests/test_laws.py`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import STORIES, Fresh, Repo, Run, Story
from tests.conftest import lockstep as program


@pytest.mark.parametrize("name", [name for name in STORIES if name != "drifted"])
def test_the_dry_run_of_every_story(name: str, built: Callable[[str], Repo], run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("bump", "minor", "--dry-run", repo=built(name), code=0)).replace("\r\n", "␍\n") == snapshot


def test_what_was_done(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("bump", "minor", "--verbose", repo=story("workspace"), code=0)) == snapshot


def test_drift_is_refused_and_all_of_it_listed(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = story("drifted")
    old = repo.contents()
    assert str(run("bump", "minor", repo=repo, code=1)) == snapshot
    assert str(run("bump", "minor", "--dry-run", repo=repo, code=1)).partition("\n")[2] == snapshot
    assert repo.contents() == old


def test_fix_moves_drift_along(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("bump", "minor", "--fix", "--dry-run", repo=story("drifted"), code=0)) == snapshot


@pytest.mark.parametrize("args", [("--dry-run",), ()], ids=["dry", "real"])
def test_json(args: tuple[str, ...], story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    result = run("bump", "minor", "--format", "json", *args, repo=story("twins"), code=0)
    assert str(result) == snapshot
    document = json.loads(result.out)
    assert {"schema", "command", "from", "to", "group", "written", "edits", "commit", "tag"} <= document.keys()
    assert document["written"] is (not args)
    assert all({"path", "line", "column", "key", "old", "new", "role", "why"} <= edit.keys() for edit in document["edits"])


def test_a_refusal_as_data(story: Story, run: Run) -> None:
    document = json.loads(run("bump", "minor", "--format", "json", repo=story("drifted"), code=1).out)
    assert (document["written"], len(document["findings"])) == (False, 2)


@pytest.mark.parametrize(
    ("story_name", "args", "to"),
    [
        ("twins", ("patch",), "0.2.1"),
        ("twins", ("minor",), "0.3.0"),
        ("twins", ("major",), "1.0.0"),
        ("twins", ("minor", "--pre", "rc"), "0.3.0-rc.1"),
        ("twins", ("major", "--pre", "alpha"), "1.0.0-alpha.1"),
        ("twins", ("1.0.0rc1",), "1.0.0rc1"),
        ("twins", ("v0.9.0",), "0.9.0"),
        ("candidate", ("pre",), "1.2.0-rc.2"),
        ("candidate", ("release",), "1.2.0"),
        ("candidate", ("patch",), "1.2.0"),
        ("candidate", ("minor",), "1.2.0"),
        ("candidate", ("major",), "2.0.0"),
    ],
)
def test_where_a_step_leads(story_name: str, args: tuple[str, ...], to: str, story: Story, run: Run) -> None:
    assert json.loads(run("bump", *args, "--dry-run", "--format", "json", repo=story(story_name), code=0).out)["to"] == to


def test_each_place_is_written_in_its_own_spelling(story: Story, run: Run) -> None:
    repo = story("candidate")
    run("bump", "pre", repo=repo, code=0)
    assert 'version = "1.2.0-rc.2"' in repo.read("Cargo.toml")
    assert 'version = "1.2.0rc2"' in repo.read("pyproject.toml")
    assert '__version__ = "1.2.0rc2"' in repo.read("python/brie/__init__.py")
    assert repo.read("Cargo.lock").count('"1.2.0-rc.2"') == 2


def test_third_parties_at_our_version_stay(story: Story, run: Run) -> None:
    repo = story("third-party")
    run("bump", "minor", repo=repo, code=0)
    lock, manifest = repo.read("Cargo.lock"), repo.read("Cargo.toml")
    assert 'name = "heck"\nversion = "0.5.0"\n' in lock
    assert 'heck = "0.5.0"' in manifest
    assert 'name = "sausage"\nversion = "0.6.0"\n' in lock


def test_the_upstream_of_the_same_name_stays(story: Story, run: Run) -> None:
    repo = story("namesake")
    run("bump", "minor", repo=repo, code=0)
    lock = repo.read("Cargo.lock")
    assert 'version = "0.5.0"\nsource = ' in lock
    assert ' "heck 0.5.0",\n' in lock
    assert ' "heck 0.7.0",\n' in lock
    assert 'upstream = { package = "heck", version = "0.5.0" }' in repo.read("Cargo.toml")


def test_an_outsider_stays(story: Story, run: Run) -> None:
    repo = story("outsider")
    run("bump", "major", repo=repo, code=0)
    assert 'version = "1.0.4"' in repo.read("wax/Cargo.toml")
    assert 'wax = { path = "../wax", version = "1.0.4" }' in repo.read("gouda/Cargo.toml")


def test_one_group_moves_at_a_time(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    repo = story("two-groups")
    assert str(run("bump", "minor", "--group", "whey", repo=repo, code=0)) == snapshot
    assert 'version = "0.22.0"' in repo.read("whey/Cargo.toml")
    assert 'version = "1.1.0"' in repo.read("feta/Cargo.toml")
    assert 'whey-sys = { path = "../whey-sys", version = "=0.22.0" }' in repo.read("whey/Cargo.toml")


def test_a_group_beside_the_main_one_is_compared_at_its_own_version(fresh: Fresh, run: Run) -> None:
    crate = '[package]\nname = "{}"\nversion = "{}"\nedition = "2021"\n'
    files = {"Cargo.toml": '[workspace]\nmembers = ["feta", "whey"]\n', "feta/Cargo.toml": crate.format("feta", "1.1.0"), "feta/src/lib.rs": ""}
    repo = fresh({**files, "whey/Cargo.toml": crate.format("whey", "0.20.0"), "whey/src/lib.rs": "pub fn g() {}\n"})
    for tag in ("feta-v1.1.0", "whey-v0.20.0"):
        repo.git("tag", tag)
    repo.write({"whey/src/lib.rs": "pub fn h() {}\n"}).commit()
    said = run("bump", "patch", "--group", "whey", repo=repo, code=1).out
    assert said.startswith("comparing whey-v0.20.0 with the work tree (0.20.1)\n")
    assert "0.20.0 -> 0.20.1 is too small" in said


def test_bump_is_a_program_with_the_same_result(story: Story, run: Run) -> None:
    repo = story("twins")
    dry = run("bump", "minor", "--dry-run", repo=repo)
    there = program("bump", "minor", "--dry-run", repo=repo, code=0)
    assert (dry.out, dry.err) == (there.out, there.err)
    program("bump", "minor", repo=repo, code=0)
    program("check", repo=repo, code=0)


@pytest.mark.parametrize(
    ("old", "args", "new", "skip"),
    [
        ("0.5.0-dev.0", ("patch",), "0.5.0", "0.5.1"),
        ("0.5.0-dev.0", ("minor",), "0.5.0", "0.6.0"),
        ("1.0.0-rc.1", ("major",), "1.0.0", "2.0.0"),
        ("0.5.0-dev.0", ("minor", "--pre", "rc"), "0.5.0-rc.1", "0.6.0"),
    ],
)
def test_why_a_part_gives_the_release_of_a_pre_release_is_said(old: str, args: tuple[str, ...], new: str, skip: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": f'[package]\nname = "spam"\nversion = "{old}"\n', "src/lib.rs": ""})
    release = old.partition("-")[0]
    told = run("bump", *args, "--dry-run", repo=repo, code=0).err
    assert f"{old} announces {release}, so {args[0]} goes to {new}; lockstep bump {skip} would skip it\n" in told


@pytest.mark.parametrize(("old", "to"), [("0.5.0", "minor"), ("0.5.1-dev.0", "minor"), ("0.5.0-dev.0", "release"), ("0.5.0-dev.0", "0.5.0")])
def test_what_is_plain_is_not_explained(old: str, to: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": f'[package]\nname = "spam"\nversion = "{old}"\n', "src/lib.rs": ""})
    assert "announces" not in run("bump", to, "--dry-run", repo=repo, code=0).err


def test_a_version_that_has_no_tag_and_is_skipped_is_told(fresh: Fresh, run: Run) -> None:
    made = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "1.0.0"\n', "src/lib.rs": ""})
    made.git("tag", "v1.0.0")
    assert "skips" not in run("bump", "patch", "--dry-run", repo=made, code=0).err
    made.replace("Cargo.toml", "1.0.0", "1.1.0").commit()
    said = run("bump", "patch", "--dry-run", repo=made, code=0).err
    assert "1.1.0 has no tag here (the newest is v1.0.0), and 1.1.1 skips it; to release 1.1.0, tag it as it is" in said


def test_a_release_that_requires_pre_releases_of_other_groups_says_so(fresh: Fresh, run: Run) -> None:
    crate = '[package]\nname = "{}"\nversion = "{}"\nedition = "2021"\n'
    pinned = '[dependencies]\neggs = { path = "../eggs", version = "=0.3.0-dev" }\n'
    made = fresh(
        {
            "Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["spam", "spam-cli", "eggs", "ham"]\n',
            "spam/Cargo.toml": crate.format("spam", "0.6.0-dev") + pinned,
            "spam-cli/Cargo.toml": crate.format("spam-cli", "0.6.0-dev"),
            "eggs/Cargo.toml": crate.format("eggs", "0.3.0-dev"),
            "ham/Cargo.toml": crate.format("ham", "0.9.0-dev"),
            **{f"{name}/src/lib.rs": "" for name in ("spam", "spam-cli", "eggs", "ham")},
        }
    )
    said = run("bump", "patch", "--dry-run", repo=made, code=0).err
    assert "0.6.0 still requires pre-releases of other groups (eggs 0.3.0-dev): move these first, else the release depends on them" in said
    assert "pre-releases of other" not in run("bump", "pre", "--pre", "rc", "--dry-run", repo=made, code=0).err


def test_locks_that_only_their_own_tools_write_are_named_where_they_stay_behind(fresh: Fresh, run: Run) -> None:
    made = fresh(
        {
            "Cargo.toml": '[package]\nname = "spam"\nversion = "1.0.0"\n',
            "src/lib.rs": "",
            "Spam.podspec": "Pod::Spec.new do |s|\n  s.name = 'Spam'\n  s.version = '1.0.0'\nend\n",
            "ios/Podfile.lock": "PODS:\n  - Eggs (1.0.0)\n\n\n\n\n\n\n\n\n\n\n\n\n  - Spam (1.0.0)\n",
            "app/Podfile.lock": "PODS:\n  - Eggs (1.0.0)\n  - Spam (0.9.0)\n",
            "dart/pubspec.yaml": "name: spam_dart\nversion: 1.0.0\n",
            "dart/example/pubspec.lock": 'packages:\n  spam_dart:\n    dependency: "direct main"\n    source: path\n    version: "1.0.0"\n',
            "php/composer.lock": '{"packages": [\n{"name": "shop/spam",\n"version": "v1.0.0"}]}\n',
        }
    )
    said = run("bump", "minor", "--dry-run", repo=made, code=0).err
    assert "ios/Podfile.lock:15 still says 1.0.0: pod install writes it\n" in said
    assert "app/Podfile.lock" not in said
    assert "php/composer.lock:3 still says 1.0.0: composer update --lock writes it\n" in said
    assert "dart/example/pubspec.lock:5 still says 1.0.0: dart pub get writes it\n" in said
