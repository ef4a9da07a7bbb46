"""What `lockstep diff`, `lockstep surface` and the bump that knows them say and leave with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import Fresh, Repo, Run, Story


@pytest.fixture
def promises(story: Story) -> Repo:
    return story("promises")


@pytest.mark.parametrize("format_", ["text", "markdown", "github", "json"])
def test_a_release_that_removed_a_native_function(format_: str, promises: Repo, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("diff", "v0.4.0", "v0.5.0", "--format", format_, repo=promises, code=0)) == snapshot


def test_the_work_tree_is_compared_with_the_last_release(promises: Repo, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("diff", repo=promises, code=1)) == snapshot


def test_a_release_is_compared_with_the_one_before(story: Story, run: Run) -> None:
    repo = story("promises")
    repo.git("checkout", "-q", "v0.5.0")
    found = json.loads(run("diff", "--format", "json", repo=repo, code=0).out)
    assert (found["base"]["ref"], found["verdict"]) == ("v0.4.0", "ok")
    repo.replace("python/spam/__init__.py", "def normalize", "def normalise")
    found = json.loads(run("diff", "--format", "json", repo=repo, code=1).out)
    assert (found["base"]["ref"], found["verdict"]) == ("v0.5.0", "too-small")


def test_what_each_package_offers(promises: Repo, run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("surface", "v0.5.0", repo=promises, code=0)) == snapshot
    assert str(run("surface", "--format", "json", repo=promises, code=0)) == snapshot


@pytest.mark.parametrize("args", [("patch",), ("patch", "--pre", "rc")], ids=" ".join)
def test_a_bump_that_is_too_small_is_refused(args: tuple[str, ...], promises: Repo, run: Run) -> None:
    before = promises.contents()
    refused = run("bump", *args, repo=promises, code=1)
    assert "spam.normalize" in refused.out
    assert "refused: 0.5.1" in refused.err
    assert "lockstep bump minor" in refused.err
    assert promises.contents() == before
    forced = run("bump", *args, "--force", repo=promises, code=0)
    assert "too small" in forced.err


def test_a_version_in_full_is_a_decision_that_is_told_what_it_asks(promises: Repo, run: Run) -> None:
    named = run("bump", "0.5.1", repo=promises, code=0)
    assert "as named: 0.5.1 is too small for what changed since v0.5.0, which requires a minor release" in named.err
    assert 'version = "0.5.1"' in promises.read("Cargo.toml")


@pytest.mark.parametrize("part", ["minor", "auto"])
def test_a_bump_that_is_large_enough_goes_on(part: str, promises: Repo, run: Run) -> None:
    run("bump", part, repo=promises, code=0)
    assert 'version = "0.6.0"' in promises.read("Cargo.toml")


def test_auto_makes_the_step_once(promises: Repo, run: Run) -> None:
    run("bump", "auto", repo=promises, code=0)
    again = run("bump", "auto", repo=promises, code=2)
    assert "0.6.0 already" in again.err


def test_auto_is_a_patch_where_no_surface_changed(promises: Repo, run: Run) -> None:
    promises.git("checkout", "-q", "v0.5.0")
    run("bump", "auto", repo=promises, code=0)
    assert 'version = "0.5.1"' in promises.read("Cargo.toml")


def test_without_a_release_there_is_nothing_to_compare_with(story: Story, run: Run) -> None:
    repo = story("promises")
    for tag in ("v0.4.0", "v0.5.0"):
        repo.git("tag", "-d", tag)
    assert "no release tag" in run("diff", repo=repo, code=2).err
    assert "no release tag" in run("bump", "auto", repo=repo, code=2).err
    run("bump", "patch", repo=repo, code=0)


def test_no_such_ref(promises: Repo, run: Run) -> None:
    assert "'nope'" in run("diff", "nope", repo=promises, code=2).err
    assert "'nope'" in run("diff", "v0.4.0", "nope", repo=promises, code=2).err
    assert "'nope'" in run("surface", "nope", repo=promises, code=2).err


def test_what_was_read_is_kept_and_read_no_more(promises: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    first = run("diff", "v0.4.0", "v0.5.0", "--format", "json", repo=promises, code=0)
    kept = sorted((tmp_path / "cache").iterdir())
    assert kept
    assert run("diff", "v0.4.0", "v0.5.0", "--format", "json", repo=promises, code=0).out == first.out
    for one in kept:
        one.write_text("garbage")
        assert run("diff", "v0.4.0", "v0.5.0", "--format", "json", repo=promises, code=0).out == first.out


def test_a_review_is_kept_with_all_that_it_depends_on(promises: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again it is the same; with `--strict`, of the work tree, or on another day it is another."""
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    pair, day = ("v0.4.0", "v0.5.0"), os.environ["SOURCE_DATE_EPOCH"]
    counts = []
    for words, epoch in ((pair, day), (pair, day), ((*pair, "--strict"), day), (pair[:1], day), (pair, f"1{day}")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        run("diff", *words, "--format", "json", repo=promises)
        counts.append(len(list((tmp_path / "cache").iterdir())))
    assert counts[0] == counts[1] < counts[2] < counts[3] < counts[4]


def test_what_was_said_is_said_again_of_the_same_commits_and_options_alone(promises: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With or without a cache, and with one that has seen all the others, each line says the same and leaves the same way."""
    promises.git("tag", "-a", "-m", "the same commit", "moved", "v0.5.0")
    pair = ("v0.4.0", "v0.5.0")
    lines: list[tuple[str, ...]] = [pair, (*pair, "-q"), (*pair, "-v"), (*pair, "--strict"), pair[::-1], ("v0.4.0", "moved"), (pair[0], pair[0])]
    lines += [(*pair, f"--format={one}") for one in ("json", "markdown", "sarif", "html", "github")]
    lines += [(*pair, "--base", "v0.4.0"), ("v0.4.0", promises.git("rev-parse", "v0.5.0").strip())]
    fresh = [run("diff", *line, repo=promises) for line in lines]
    assert len({one.out for one in fresh}) > 9
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    for _ in range(2):
        assert [(one.out, one.err, one.code) for one in (run("diff", *line, repo=promises) for line in lines)] == [
            (one.out, one.err, one.code) for one in fresh
        ]
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run("diff", *pair, repo=promises).out == fresh[lines.index((*pair, "--format=github"))].out
    monkeypatch.delenv("GITHUB_ACTIONS")
    promises.git("tag", "-f", "moved", "v0.4.0")
    assert "no surface changed" in run("diff", "v0.4.0", "moved", repo=promises, code=0).out


def kept_by(run: Run, repo: Repo, cache: Path, *words: str) -> tuple[str, int]:
    """Give what a diff says, and how much is kept then."""
    return run("diff", *words, "--format", "json", repo=repo).out, len(list(cache.iterdir()))


def test_where_tags_say_what_belongs_together_another_tag_is_another_answer(fresh: Fresh, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    crate = '[package]\nname = "{}"\nversion = "{}"\nedition = "2021"\n'
    workspace = {"Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n', "a/src/lib.rs": "pub fn a() {}\n", "b/src/lib.rs": "pub fn b() {}\n"}
    repo = fresh({**workspace, "a/Cargo.toml": crate.format("a", "0.2.0"), "b/Cargo.toml": crate.format("b", "0.2.0")})
    repo.write({"a/Cargo.toml": crate.format("a", "0.3.0"), "b/src/lib.rs": ""}).commit()
    pair = ("HEAD~1", "HEAD")
    first = kept_by(run, repo, tmp_path / "cache", *pair)
    assert first == kept_by(run, repo, tmp_path / "cache", *pair)
    repo.git("tag", "v0.2.0", "HEAD~1")
    second = kept_by(run, repo, tmp_path / "cache", *pair)
    assert second[1] > first[1]
    assert second == kept_by(run, repo, tmp_path / "cache", *pair)
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", "")
    assert second[0] == run("diff", *pair, "--format", "json", repo=repo).out


def test_what_was_not_there_to_be_read_is_not_kept(promises: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone may lack contents, and get them later."""
    (cache := tmp_path / "cache").mkdir()
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(cache))
    pair = ("v0.4.0", "v0.5.0")
    oid = promises.git("rev-parse", "v0.5.0:src/lib.rs").strip()
    path = promises.path(f".git/objects/{oid[:2]}/{oid[2:]}")
    path.rename(tmp_path / oid)
    lacking, kept = kept_by(run, promises, cache, *pair)
    assert kept_by(run, promises, cache, *pair) == (lacking, kept)
    (tmp_path / oid).rename(path)
    true, more = kept_by(run, promises, cache, *pair)
    assert (true == lacking, more > kept) == (False, True)
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", "")
    assert run("diff", *pair, "--format", "json", repo=promises).out == true


SCM = '[build-system]\nrequires = ["setuptools", "setuptools-scm"]\n[project]\nname = "spam"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'


def test_where_the_tag_is_the_version_tags_are_compared(fresh: Callable[[Mapping[str, str | bytes]], Repo], run: Run) -> None:
    repo = fresh({"pyproject.toml": SCM, "spam/__init__.py": "def boil() -> None: ...\n"})
    repo.commit(tag="1.2.0")
    assert "no surface changed" in run("diff", repo=repo, code=0).out
    repo.write({"spam/__init__.py": "def fry() -> None: ...\n"})
    assert "too small" in run("diff", repo=repo, code=1).out
    repo.commit(tag="1.2.1")
    found = json.loads(run("diff", "--format", "json", repo=repo, code=1).out)
    assert [found[end]["version"] for end in ("base", "head")] == ["1.2.0", "1.2.0"]
    assert json.loads(run("diff", "1.2.0", "1.2.1", "--format", "json", repo=repo, code=1).out)["step"] == "patch"
    run("check", "--tag", "1.2.1", repo=repo, code=0)


def test_what_is_declared_now_is_compared_with_the_release_before_it_was(fresh: Callable[[Mapping[str, str | bytes]], Repo], run: Run) -> None:
    repo = fresh({"pyproject.toml": '[project]\nname = "a"\nversion = "0.3.0"\n', "help.txt": "--force\n--quiet\n"})
    repo.git("tag", "v0.3.0")
    declared = '[[declared]]\npath = "help.txt"\nkind = "values"\nname = "options"\npattern = "--{value}"\n'
    repo.write({"lockstep.toml": declared, "help.txt": "--quiet\n"})
    found = json.loads(run("diff", "--format", "json", repo=repo, code=1).out)
    assert [(one["rule"], one["symbol"]) for one in found["findings"]] == [("declared-value-removed", "options#force")]


def test_a_release_that_makes_too_small_a_step_is_refused_by_check_too(promises: Repo, run: Run) -> None:
    run("bump", "0.5.1", repo=promises, code=0)
    found = json.loads(run("check", "--release", "--format", "json", repo=promises, code=1).out)["findings"]
    assert [(one["path"], one["requires"], one["new"]) for one in found if one["rule"] == "release-too-small"] == [("Cargo.toml", "minor", "0.5.1")]
    repo = promises
    for path in ("Cargo.toml", "pyproject.toml", "Cargo.lock"):
        if repo.path(path).exists():
            repo.write({path: repo.read(path).replace("0.5.1", "0.6.0")})
    assert "release-too-small" not in run("check", "--release", repo=repo).out


def test_a_crate_of_the_same_name_that_moves_on_its_own_asks_nothing_of_the_wheel(fresh: Fresh, run: Run) -> None:
    crate, wheel = '[package]\nname = "spam"\nversion = "{}"\n', '[project]\nname = "spam"\nversion = "{}"\n'
    files = {"pyproject.toml": wheel.format("4.8.10"), "spam/__init__.py": "def eggs(): ...\n", "core/Cargo.toml": crate.format("0.15.2")}
    repo = fresh({**files, "core/src/lib.rs": "pub fn eggs() {}\npub fn ham() {}\n"}).commit(tag="r0.15.2")
    repo.write({"pyproject.toml": wheel.format("4.8.11")}).commit(tag="v4.8.11")
    repo.write({"core/Cargo.toml": crate.format("0.16.0"), "core/src/lib.rs": "pub fn eggs() {}\n"}).commit(tag="r0.16.0")
    assert "the changes require nothing, so it is a patch" in run("bump", "auto", "--dry-run", repo=repo, code=0).err
    run("bump", "patch", repo=repo, code=0)
    repo.git("checkout", "-q", ".")
    repo.write({"spam/__init__.py": ""}).commit()
    assert "4.8.12 is too small" in run("bump", "patch", repo=repo, code=1).err


def test_a_version_that_comes_from_tags_is_released_by_a_tag(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": SCM, "spam/__init__.py": "def egg(): ...\n"}).commit("first", tag="v1.0.0")
    repo.write({"spam/__init__.py": ""}).commit("second")
    assert "; tag the next major release" in run("diff", repo=repo, code=1).out
    for words in ("bump minor", "changelog draft", "changelog check"):
        said = run(*words.split(), repo=repo, code=2).err
        assert "no file states a version to bump: setuptools-scm takes it from git's tags (spam)" in said
        assert "git tag makes the release" in said


def test_of_many_packages_that_did_not_change_some_are_named(fresh: Fresh, run: Run) -> None:
    crates = {f"c{number}/Cargo.toml": f'[package]\nname = "spam{number}"\nversion = "1.0.0"\n' for number in range(20)}
    made = fresh({"Cargo.toml": '[workspace]\nmembers = ["c*"]\n', **crates, **{f"c{number}/src/lib.rs": "" for number in range(20)}})
    made.git("tag", "v1.0.0")
    said = run("diff", "v1.0.0", repo=made, code=0).out
    assert " and 28 more\n" in said
    assert len(next(line for line in said.splitlines() if line.startswith("unchanged: "))) < 250
    assert "rust spam19" in run("diff", "v1.0.0", "-v", repo=made, code=0).out


def test_a_thing_that_is_new_under_several_paths_is_told_once(fresh: Fresh, run: Run) -> None:
    inner = "class Base:\n    pass\n\nclass Sub(Base):\n    pass\n"
    made = fresh(
        {
            "pyproject.toml": '[project]\nname = "spam"\nversion = "1.0.0"\n',
            "spam/__init__.py": "from spam.inner import Base, Sub\n",
            "spam/inner.py": inner,
        }
    )
    made.git("tag", "v1.0.0")
    made.replace("spam/inner.py", "class Base:\n    pass\n", "class Base:\n    def cook(self): ...\n").commit()
    said = run("diff", "v1.0.0", repo=made).out
    assert "spam.Base.cook is new" in said
    assert "without a rule for it" not in said
