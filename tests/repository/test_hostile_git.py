"""What git's own files can hold that git never wrote: paths that lead out, a listing without end, a file without end, a work tree elsewhere."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lockstep.errors import RepositoryError
from lockstep.repository import git_plumbing, git_trees, object_reader
from lockstep.repository.repository import find
from tests.conftest import Fresh, Repo, Run, Story
from tests.conftest import lockstep as program

SECRET = "password-of-somebody"


def index(entries: Mapping[str, str]) -> bytes:
    """Give an index (gitformat-index(5), version 2) of paths and object ids, whatever the paths are."""
    body = b"DIRC" + struct.pack(">II", 2, len(entries))
    for path, oid in sorted(entries.items()):
        name = os.fsencode(path)
        entry = struct.pack(">10I", *([0] * 6), 0o100644, 0, 0, 0) + bytes.fromhex(oid) + struct.pack(">H", min(len(name), 0xFFF)) + name
        body += entry + b"\0" * (8 - len(entry) % 8)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def write_object(repo: Repo, kind: str, data: bytes) -> str:
    done = subprocess.run(["git", "hash-object", "-w", "--literally", "-t", kind, "--stdin"], cwd=repo.root, input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()


def tree(repo: Repo, entries: Mapping[str, tuple[str, str]]) -> str:
    """Write a tree object, whatever the names are, and give its id."""
    body = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid) for name, (mode, oid) in sorted(entries.items()))
    return write_object(repo, "tree", body)


@pytest.mark.parametrize("shape", ["absolute", "dots", "dots-inside", "plain"])
def test_an_index_cannot_lead_out_of_the_repository(shape: str, story: Story, run: Run, tmp_path: Path) -> None:
    repo = story("twins")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Cargo.toml").write_text(f'[package]\nname = "spam"\nversion = "{SECRET}"\n')
    oid = repo.git("rev-parse", "HEAD:Cargo.toml").strip()
    path = {"absolute": f"{outside}/Cargo.toml", "dots": "../outside/Cargo.toml", "dots-inside": "python/../../outside/Cargo.toml", "plain": "Cargo.toml"}[
        shape
    ]
    repo.path(".git/index").write_bytes(index({path: oid}))
    for args in (("check",), ("show", "--sites"), ("diff", "HEAD"), ("check", "--format", "json")):
        result = run(*args, repo=repo)
        assert SECRET not in result.out + result.err
    work_tree = git_trees.WorkTree(find(repo.root))
    assert work_tree.paths() == (path,)
    if shape != "plain":
        with pytest.raises(RepositoryError, match=r"leads out of the repository|no such file"):
            work_tree.read(path)


def test_a_tree_cannot_lead_out_of_the_repository(story: Story, run: Run, tmp_path: Path) -> None:
    repo = story("twins")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Cargo.toml").write_text(f'[package]\nname = "spam"\nversion = "{SECRET}"\n')
    inner = tree(repo, {"Cargo.toml": ("100644", repo.git("rev-parse", "HEAD:Cargo.toml").strip())})
    evil = tree(repo, {"..": ("40000", tree(repo, {"outside": ("40000", inner)})), ".git": ("40000", inner)})
    commit = repo.git("commit-tree", "-m", "evil", evil).strip()
    for args in (("check", "--ref", commit), ("show", "--ref", commit, "--sites"), ("diff", "HEAD", commit), ("surface", commit)):
        result = run(*args, repo=repo)
        assert SECRET not in result.out + result.err


def test_a_listing_without_end_is_cut_and_named(fresh: Fresh, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten folders of ten folders of ten folders, each the same object: eleven objects, and more files than anything holds."""
    monkeypatch.setattr(git_plumbing, "LARGEST_ANSWER", 4 * 2**20)
    repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "1.0.0"\n'})
    below = ("100644", write_object(repo, "blob", b"x"))
    for _ in range(10):
        below = ("40000", tree(repo, {f"d{number}": below for number in range(10)}))
    commit = repo.git("commit-tree", "-m", "bomb", below[1]).strip()
    for args in (("check", "--ref", commit), ("diff", "HEAD", commit), ("check", "--base", commit)):
        assert "answers with more than 4 MiB" in run(*args, repo=repo, code=2).err


def test_a_git_that_never_answers_is_ended(story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_plumbing, "LONGEST", 0.2)
    repo = story("twins")
    repo.path(".git/packed-refs").unlink(missing_ok=True)
    os.mkfifo(repo.path(".git/packed-refs"))
    assert "gave no answer in 0.2 seconds" in run("check", "--ref", "nowhere", repo=repo, code=2).err


def test_a_file_without_end_is_refused(fresh: Fresh, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for reader in (git_trees, object_reader):
        monkeypatch.setattr(reader, "LARGEST_FILE", 2**20)
    monkeypatch.setattr(git_trees, "LARGEST_TEXT", 2**18)
    crate = '[package]\nname = "spam"\nversion = "1.0.0"\n'
    repo = fresh({"Cargo.toml": crate + "#" * 2**19}).write({"Cargo.toml": crate + "#" * 2**21}).commit("larger")
    for args in (("check",), ("check", "--staged"), ("check", "--ref", "HEAD"), ("diff", "HEAD", "HEAD~1")):
        assert "Cargo.toml: 2 MiB; lockstep reads files up to 1 MiB" in run(*args, repo=repo, code=2).err
    assert "lockstep reads texts up to 0 MiB" in run("check", "--ref", "HEAD~1", repo=repo, code=2).err


@pytest.mark.parametrize("elsewhere", ["/", "..", "."])
def test_a_work_tree_elsewhere_is_refused(elsewhere: str, story: Story, run: Run) -> None:
    repo = story("twins")
    (repo.root.parent / "Cargo.toml").write_text(SECRET)
    repo.git("config", "core.worktree", elsewhere if elsewhere == "/" else str((repo.root / elsewhere).resolve()))
    result = run("check", repo=repo, code=0 if elsewhere == "." else 2)
    assert elsewhere == "." or "core.worktree points to" in result.err


@pytest.mark.skipif(os.name == "nt", reason="programs are found in another way there")
@pytest.mark.parametrize("folder", ["", ".", "tools"])
def test_a_git_of_the_repository_is_never_run(folder: str, story: Story) -> None:
    repo = story("twins")
    for path in ("git", "tools/git"):
        repo.write({path: f"#!/bin/sh\ntouch '{repo.root}/ran'\nexec git-of-the-system \"$@\"\n"})
        repo.path(path).chmod(0o755)
    repo.commit("git")
    program("check", repo=repo, env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}, code=0)
    assert not repo.path("ran").exists()


def test_a_module_of_the_repository_is_never_imported(story: Story, tmp_path: Path) -> None:
    """The console script does not look into the folder where it is called; `python -m` does, which docs/security.md tells."""
    repo = story("twins")
    canary = tmp_path / "ran"
    names = ("typer", "tomli", "click", "griffe", "tree_sitter", "markdown_it", "sitecustomize", "lockstep", "json", "conftest", "setup")
    repo.write({f"{name}.py": f"open({str(canary)!r}, 'w')\n" for name in names}).commit("modules")
    script = Path(sys.executable).parent / "lockstep"
    if not script.exists():
        pytest.skip("lockstep is not installed as a program")
    for args in (("check",), ("diff", "HEAD"), ("audit", "workflow", "--no-zizmor")):
        done = subprocess.run([script, *args], cwd=repo.root, capture_output=True, check=False)
        assert done.returncode in (0, 3), done.stderr
    assert not canary.exists()


@pytest.mark.parametrize("named", ["twins/.git", "twins/.git/worktrees/tree", "bare.git"])
def test_a_git_file_that_names_the_folder_of_another_work_tree_is_refused(named: str, story: Story, run: Run, tmp_path: Path) -> None:
    victim = story("twins")
    victim.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    victim.git("clone", "-q", "--bare", str(victim.root), str(tmp_path / "bare.git"))
    thief = tmp_path / "thief"
    (thief / "below").mkdir(parents=True)
    (thief / ".git").write_text(f"gitdir: {tmp_path}/{named}\n")
    for folder in (thief, thief / "below"):
        assert f"is a file, and names {tmp_path}/{named}, which is" in run("show", "--ref", "HEAD", repo=folder, code=2).err


def test_a_linked_work_tree_that_was_moved_by_hand_is_taken(story: Story, run: Run, tmp_path: Path) -> None:
    story("twins").git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    (tmp_path / "tree").rename(tmp_path / "moved")
    run("check", repo=tmp_path / "moved", code=0)


def test_a_git_file_beside_a_bare_repository_of_its_own_is_taken(story: Story, run: Run, tmp_path: Path) -> None:
    story("twins").git("clone", "-q", "--bare", ".", str(tmp_path / "project/.bare"))
    (tmp_path / "project/.git").write_text("gitdir: ./.bare\n")
    run("check", "--ref", "HEAD", repo=tmp_path / "project", code=0)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives files away")
def test_another_owner_is_refused_with_the_next_step(story: Story, run: Run) -> None:
    repo = story("twins")
    for path in (repo.root, *repo.root.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    assert "if you trust whoever owns it: git config --global --add safe.directory <root>\n" in run("check", repo=repo, code=2).err


def test_a_git_folder_that_stands_elsewhere_on_purpose_is_taken(story: Story, run: Run, tmp_path: Path) -> None:
    repo = story("twins")
    repo.git("init", "-q", f"--separate-git-dir={tmp_path}/elsewhere")
    assert repo.path(".git").is_file()
    run("check", repo=repo, code=0)


def test_a_number_without_end_ends_the_reading_of_an_index(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.git("update-index", "--index-version", "4")
    data = repo.path(".git/index").read_bytes()
    repo.path(".git/index").write_bytes(data[:74] + b"\xff" * 1_000_000 + data[74:])
    assert run("check", repo=repo, code=2).err
