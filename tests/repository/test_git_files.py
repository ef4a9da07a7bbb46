"""What is read from git's files is what git says, and where it might not be, git is asked."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.repository import git_files, git_trees
from lockstep.repository.repository import find
from tests.conftest import environment

NAMES = ("a", "b/c", "b/c.d", "b c/é", 'q"uote', "new\nline", "x" * 250 + "/" + "y" * 250, "sub/Cargo.toml", "zz/1", "zz/11", "zz/2")


def git(root: Path, *args: str) -> bytes:
    done = subprocess.run(["git", *args], cwd=root, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = Path(os.path.realpath(tmp_path)) / "repo"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    for name in NAMES:
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(name)
    (made / "zz/2").chmod(0o755)
    (made / "link").symlink_to("a")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "one")
    return made


def same(root: Path) -> None:
    """Hold that repository and index are read, and that git says the same."""
    located = git_files.locate(str(root))
    assert located is not None
    said = git(root, "rev-parse", "--show-toplevel", "--absolute-git-dir", "--is-shallow-repository").decode().splitlines()
    assert said == [located[0], located[1], str(located[2]).lower()]
    found = git_files.index(located[1])
    assert found == list(git_trees._listed_by_git(find(root)))  # noqa: SLF001 - the other way to the same
    assert found


def conflict(root: Path) -> None:
    git(root, "checkout", "-qb", "other")
    for branch, text in (("other", "theirs"), ("main", "ours")):
        git(root, "checkout", "-q", branch)
        (root / "a").write_text(text)
        (root / "b/c").unlink(missing_ok=True) if branch == "main" else (root / "b/c").write_text(text)
        git(root, "commit", "-qam", text)
    subprocess.run(["git", "merge", "-q", "other"], cwd=root, env=environment(), capture_output=True, check=False)
    assert b"\t" in git(root, "ls-files", "-u")


def intended(root: Path) -> None:
    (root / "later").write_text("x")
    git(root, "add", "-N", "later")


def sparse(root: Path) -> None:
    git(root, "sparse-checkout", "set", "--no-cone", "/zz/")


def version_4(root: Path) -> None:
    git(root, "update-index", "--index-version", "4")


def assumed(root: Path) -> None:
    git(root, "update-index", "--assume-unchanged", "a")


def resolved(root: Path) -> None:
    conflict(root)
    git(root, "add", "-A")


def detached(root: Path) -> None:
    git(root, "checkout", "-q", "--detach")


def commented(root: Path) -> None:
    with (root / ".git/config").open("a") as file:
        file.write('# a comment\n[remote "origin"]\n\turl = ssh://example.org/spam ; here\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[user]\n name = é\n')


def untouched(root: Path) -> None:
    assert root.is_dir()


CHANGES = (untouched, conflict, resolved, intended, version_4, assumed, detached, commented)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_an_ordinary_repository_is_read_as_git_reads_it(change: Callable[[Path], None], root: Path) -> None:
    change(root)
    same(root)


@pytest.mark.parametrize("version", [2, 3, 4])
def test_what_a_sparse_checkout_leaves_out_is_known(version: int, root: Path) -> None:
    """git sets `extensions.worktreeConfig` then, which is for git to read; the index is read all the same."""
    sparse(root)
    git(root, "update-index", "--index-version", str(version))
    asked = list(git_trees._listed_by_git(find(root)))  # noqa: SLF001
    assert git_files.index(f"{root}/.git") == asked
    assert any(left_out for *_, left_out in asked)


def test_from_a_folder_below_and_through_a_link_it_is_the_same_repository(root: Path, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(root / "b c")
    for start in (root / "b", tmp_path / "way", Path(os.path.relpath(root / "zz"))):
        assert git_files.locate(str(start)) == git_files.locate(str(root)) == (str(root), f"{root}/.git", False)


def test_a_repository_without_an_index_holds_nothing(root: Path) -> None:
    (root / ".git/index").unlink()
    assert git_files.index(f"{root}/.git") == []


@pytest.mark.parametrize("command", [(), ("checkout", "-q", "--detach"), ("pack-refs", "--all"), ("checkout", "-q", "-b", "topic/one")])
def test_the_commit_of_head_is_the_one_that_git_names(command: tuple[str, ...], root: Path) -> None:
    for args in (("commit", "-qm", "one", "--allow-empty"), command):
        subprocess.run(["git", *args], cwd=root, check=True) if args else None
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True).stdout.strip()
    assert git_files.head(f"{root}/.git") == said


@pytest.mark.parametrize("text", ["ref: refs/heads/none\n", "ref: refs/../HEAD\n", "garbage\n", ""])
def test_a_head_that_names_no_commit_is_left_to_git(text: str, root: Path) -> None:
    Path(root, ".git", "HEAD").write_text(text)
    assert git_files.head(f"{root}/.git") is None


def test_a_cut_history_is_seen(root: Path, tmp_path: Path) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", "two")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "cut")
    same(tmp_path / "cut")
    assert find(tmp_path / "cut").shallow


# ---- where git has to say


def bare(root: Path) -> Path:
    git(root, "clone", "-q", "--bare", ".", "../bare")
    return root.parent / "bare"


def worktree(root: Path) -> Path:
    git(root, "worktree", "add", "-q", "../tree")
    return root.parent / "tree"


def elsewhere(root: Path) -> Path:
    git(root, "config", "core.worktree", str(root.parent))
    return root


def included(root: Path) -> Path:
    git(root, "config", "include.path", "other")
    (root / ".git/other").write_text(f"[core]\n\tworktree = {root.parent}\n")
    return root


def named_bare(root: Path) -> Path:
    git(root, "config", "core.bare", "true")
    return root


def extended(root: Path) -> Path:
    git(root, "config", "core.repositoryFormatVersion", "1")
    git(root, "config", "extensions.partialClone", "origin")
    return root


def sha256(root: Path) -> Path:
    git(root.parent, "init", "-q", "--object-format=sha256", "long")
    return root.parent / "long"


def inside(root: Path) -> Path:
    return root / ".git/refs"


def headless(root: Path) -> Path:
    (root / ".git/HEAD").write_text("nonsense\n")
    return root


def broken(root: Path) -> Path:
    with (root / ".git/config").open("a") as file:
        file.write("this is no configuration\n")
    return root


def linked(root: Path) -> Path:
    os.rename(root / ".git", root.parent / "moved")
    (root / ".git").symlink_to("../moved")
    return root


def nowhere(root: Path) -> Path:
    return root.parent


CASES = (bare, worktree, elsewhere, included, named_bare, extended, sha256, inside, headless, broken, linked, nowhere)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
def test_git_is_asked_where_it_might_say_something_else(case: Callable[[Path], Path], root: Path) -> None:
    assert git_files.locate(str(case(root))) is None


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_SHALLOW_FILE", "GIT_OF_TOMORROW"])
def test_git_is_asked_where_the_environment_moves_something(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f"{root}/.git")
    assert git_files.locate(str(root)) is None


def test_a_ceiling_is_not_passed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for ceiling, found in ((root.parent, True), (root, False), (f"/elsewhere:{root}", False)):
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(ceiling))
        assert (git_files.locate(str(root / "b")) is not None) is found
        assert (subprocess.run(["git", "rev-parse"], cwd=root / "b", capture_output=True, check=False).returncode == 0) is found
        assert git_files.locate(str(root)) is not None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("given", ["", ".git"])
def test_git_is_asked_about_a_repository_of_somebody_else(given: str, root: Path) -> None:
    os.chown(root / given, 4321, 4321)
    assert git_files.locate(str(root)) is None


def split(root: Path) -> None:
    git(root, "update-index", "--split-index")


def folded(root: Path) -> None:
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "zz")


@pytest.mark.parametrize("case", [split, folded], ids=lambda one: one.__name__)
def test_an_index_that_asks_more_of_its_reader_is_gits(case: Callable[[Path], None], root: Path) -> None:
    case(root)
    assert git_files.index(f"{root}/.git") is None
    assert git_trees._index_entries(find(root))  # noqa: SLF001


def made(version: int) -> bytes:
    """Give an index of a few entries, as git writes it."""
    names = (b"Cargo.lock", b"Cargo.toml", b"src/lib.rs", b"src/main.rs")
    out, last = b"DIRC" + version.to_bytes(4) + len(names).to_bytes(4), b""
    for name in names:
        entry = bytes(24) + (0o100644).to_bytes(4) + bytes(12) + bytes(range(20)) + len(name).to_bytes(2)
        if version == 4:
            same = next((i for i, (a, b) in enumerate(zip(name, last, strict=False)) if a != b), min(len(name), len(last)))
            out += entry + bytes([len(last) - same]) + name[same:] + b"\0"
        else:
            out += entry + name + bytes(8 - (62 + len(name)) % 8)
        last = name
    return out + b"TREE" + (4).to_bytes(4) + b"....."[:4] + bytes(20)


def hurt(version: int, old: bytes, new: bytes) -> bytes:
    whole = made(version)
    assert whole.count(old) == 1
    return whole.replace(old, new)


@pytest.mark.parametrize(
    "data",
    [
        hurt(2, b"Cargo.toml", b"Cargo\0toml"),  # git takes the name to its first NUL
        hurt(4, b"\x0a\x00Cargo.lock", b"\x09\x00Cargo.lock"),  # the length of a name, which the name has not
        made(2).replace((0o100644).to_bytes(4), (0o10100644).to_bytes(4)),
        made(2).replace((0o100644).to_bytes(4), (0o060644).to_bytes(4)),  # a device
    ],
)
def test_an_entry_that_git_reads_otherwise_or_refuses_is_gits(data: bytes) -> None:
    with pytest.raises(git_files._UnknownError):  # noqa: SLF001 - what `index` takes for "ask git"
        list(git_files.entries(data))


@pytest.mark.parametrize("version", [2, 4])
@given(data=st.data())
def test_a_damaged_index_is_gits_or_reads_as_a_list(version: int, data: st.DataObject) -> None:
    whole = made(version)
    assert [path for path, *_ in git_files.entries(whole)] == ["Cargo.lock", "Cargo.toml", "src/lib.rs", "src/main.rs"]
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 40)) :]
    try:
        found = list(git_files.entries(damaged))
    except (git_files._UnknownError, struct.error, IndexError, ValueError):  # noqa: SLF001 - all that `index` takes for "ask git"
        return
    assert len(found) == int.from_bytes(damaged[8:12])
