"""What a check said is said again while all that it read is the same, and is found out anew when anything of it is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.app import kept_check
from lockstep.app.session import Session
from lockstep.repository.git_trees import LARGEST_KEPT, WorkTree
from lockstep.repository.repository import find
from tests.conftest import Fresh, Repo, Run

FILES: dict[str, str | bytes] = {
    "Cargo.toml": '[package]\nname = "spam"\nversion = "0.2.0"\nedition = "2021"\n',
    "pyproject.toml": '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[project]\nname = "spam"\nversion = "0.2.0"\n',
    "src/lib.rs": "//! Eggs.\n",
    "src/egg.rs": "// boiled\n",
}
SAID = "in step: 2 packages at 0.2.0"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_check, "RACY", 0)  # the files of a test are young
    return tmp_path / "cache"


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    return fresh(FILES)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which trees were looked at."""
    trees: list[str] = []
    plain = Session.checked_project

    def counted(self: Session, *args: object, **options: object) -> object:
        trees.append(self.tree.name)
        return plain(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "checked_project", counted)
    return trees


@pytest.mark.parametrize("line", ["check", "check --staged"])
def test_an_unchanged_tree_is_not_looked_at_again(repo: Repo, run: Run, looked: list[str], line: str) -> None:
    first = run(*line.split(), repo=repo, code=0).out
    assert first.startswith(SAID)
    assert run(*line.split(), repo=repo, code=0).out == first
    assert run(*line.split(), "--quiet", repo=repo, code=0).out == ""
    assert len(looked) == 1


def test_a_commit_that_touches_nothing_of_it_changes_nothing(repo: Repo, run: Run, looked: list[str]) -> None:
    for line in ("check", "check --staged"):
        run(*line.split(), repo=repo, code=0)
    repo.write({"src/egg.rs": "// fried\n"}).git("add", "-A")
    run("check", "--staged", repo=repo, code=0)
    repo.commit("fry").write({"src/egg.rs": "// raw\n"}).commit("ham")
    for line in ("check", "check --staged"):
        run(*line.split(), repo=repo, code=0)
    assert looked == ["work tree", "index"]


def edit(repo: Repo) -> None:
    repo.replace("Cargo.toml", "0.2.0", "0.3.0")


def edit_under_the_same_time(repo: Repo) -> None:
    status = (repo.root / "Cargo.toml").stat()
    edit(repo)
    os.utime(repo.root / "Cargo.toml", ns=(status.st_atime_ns, status.st_mtime_ns))


def remove(repo: Repo) -> None:
    (repo.root / "Cargo.toml").unlink()


def add(repo: Repo) -> None:
    repo.write({"egg/Cargo.toml": '[package]\nname = "egg"\nversion = "0.1.0"\nedition = "2021"\n'}).git("add", "-A")


def configure(repo: Repo) -> None:
    repo.write({"lockstep.toml": 'nonsense = "yes"\n'})


def commit_another_version(repo: Repo) -> None:
    for path in ("Cargo.toml", "pyproject.toml"):
        repo.replace(path, "0.2.0", "0.3.0")
    repo.commit("to 0.3.0")
    for path in ("Cargo.toml", "pyproject.toml"):
        repo.replace(path, "0.3.0", "0.2.0")
    repo.commit("back to 0.2.0")


def replace_by_a_link(repo: Repo) -> None:
    (repo.root / "Cargo.toml").rename(repo.root / "elsewhere")
    (repo.root / "Cargo.toml").symlink_to("elsewhere")


CHANGES = (edit, edit_under_the_same_time, remove, add, configure, commit_another_version, replace_by_a_link)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_seen(repo: Repo, run: Run, looked: list[str], change: Callable[[Repo], None]) -> None:
    run("check", repo=repo, code=0)
    looked.clear()
    change(repo)
    kept = run("check", repo=repo, code=None)
    alone = run("check", "--verbose", repo=repo, code=None)
    assert (kept.code, kept.out) == (alone.code, alone.out)
    assert looked or kept.code == 2


def test_a_folder_that_became_a_link_is_seen(run: Run, fresh: Fresh) -> None:
    repo = fresh({**FILES, "egg/Cargo.toml": '[package]\nname = "egg"\nversion = "0.2.0"\nedition = "2021"\n'})
    run("check", repo=repo, code=0)
    (repo.root / "egg").rename(repo.root / "nest")
    (repo.root / "egg").symlink_to("nest")
    assert "symbolic link" in run("check", repo=repo, code=2).err


def test_what_is_staged_is_not_what_stands_there(repo: Repo, run: Run) -> None:
    run("check", repo=repo, code=0)
    run("check", "--staged", repo=repo, code=0)
    edit(repo)
    repo.git("add", "-A")
    repo.replace("Cargo.toml", "0.3.0", "0.2.0")
    run("check", "--staged", repo=repo, code=1)
    run("check", repo=repo, code=0)


def test_what_was_found_is_not_kept(repo: Repo, run: Run, cache: Path, looked: list[str]) -> None:
    edit(repo)
    for _ in range(2):
        run("check", repo=repo, code=1)
    assert len(looked) == 2
    assert not list(cache.glob("*.check"))


def test_a_file_that_was_just_written_may_change_without_a_trace(repo: Repo, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_check, "RACY", 3600 * 10**9)
    run("check", repo=repo, code=0)
    assert not list(cache.glob("*.check"))
    run("check", "--staged", repo=repo, code=0)
    assert list(cache.glob("*.check"))


def test_an_entry_that_is_cut_or_of_another_day_does_not_count(repo: Repo, run: Run, cache: Path, looked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run("check", repo=repo, code=0)
    (entry,) = cache.glob("*.check")
    entry.write_bytes(entry.read_bytes()[:-4])
    run("check", repo=repo, code=0)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")  # a waiver ends
    run("check", repo=repo, code=0)
    assert len(looked) == 3


def test_what_tags_decide_is_found_out_again_when_they_change(run: Run, fresh: Fresh, looked: list[str]) -> None:
    ham = '[package]\nname = "ham"\nversion = "0.9.0"\nedition = "2021"\n'
    repo = fresh({**FILES, "ham/Cargo.toml": ham})
    repo.git("tag", "v0.2.0")
    for _ in range(2):
        run("check", repo=repo, code=0)
    assert len(looked) == 1
    repo.git("tag", "v0.1.9")
    run("check", repo=repo, code=0)
    repo.write({"src/egg.rs": "// fried\n"}).commit("fry")
    run("check", repo=repo, code=0)
    assert len(looked) == 3


def test_another_format_and_more_words_are_made_anew(repo: Repo, run: Run, looked: list[str]) -> None:
    run("check", repo=repo, code=0)
    for line in ("check --format json", "check --verbose", "check --strict --release", "check --ref HEAD"):
        run(*line.split(), repo=repo, code=None)
    assert len(looked) == 5


def while_it_is_checked(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Make a change just after the first check has read all."""
    plain, done = Session.checked_project, list[object]()

    def then(self: Session, *args: object, **options: object) -> object:
        found = plain(self, *args, **options)  # type: ignore[arg-type]  # passed on
        if not done:
            done.append(change())
        return found

    monkeypatch.setattr(Session, "checked_project", then)


@pytest.mark.parametrize("line", ["check", "check --staged"])
def test_what_was_added_while_a_check_read_is_seen_by_the_next(repo: Repo, run: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    repo.write({"egg/Cargo.toml": '[package]\nname = "egg"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nspam = { path = "..", version = "0.1" }\n'})
    while_it_is_checked(monkeypatch, lambda: repo.git("add", "-A"))
    run(*line.split(), repo=repo, code=0)
    run(*line.split(), repo=repo, code=1)


def test_what_was_committed_while_a_check_read_is_seen_by_the_next(repo: Repo, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    while_it_is_checked(monkeypatch, lambda: repo.git("commit", "--quiet", "--allow-empty", "-m", "fry"))
    run("check", repo=repo, code=0)
    assert not list(cache.glob("*.check"))
    run("check", repo=repo, code=0)
    assert list(cache.glob("*.check"))


def test_a_large_file_that_changed_between_two_looks_is_not_kept(fresh: Fresh) -> None:
    repo = fresh({**FILES, "README.md": "spam\n" * (LARGEST_KEPT // 4)})
    tree = WorkTree(find(str(repo.root)))
    tree.read("README.md")
    tree.read("README.md")
    assert tree.looks() is not None
    repo.write({"README.md": "eggs\n" * (LARGEST_KEPT // 4)})
    tree.read("README.md")
    assert tree.looks() is None


def test_tags_behind_a_link_are_asked_each_time(run: Run, fresh: Fresh, looked: list[str], cache: Path) -> None:
    ham = '[package]\nname = "ham"\nversion = "0.9.0"\nedition = "2021"\n'
    repo = fresh({**FILES, "ham/Cargo.toml": ham})
    repo.git("tag", "v0.2.0")
    repo.git("pack-refs", "--all")
    (repo.root / ".git/packed-refs").rename(repo.root / ".git/shared-refs")
    (repo.root / ".git/packed-refs").symlink_to("shared-refs")
    repo.git("commit", "--quiet", "--allow-empty", "-m", "fry")  # HEAD is a file again
    for _ in range(2):
        run("check", repo=repo, code=0)
    assert len(looked) == 2
    assert not list(cache.glob("*.check"))
