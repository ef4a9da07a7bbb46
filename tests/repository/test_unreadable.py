"""What cannot be read is never absent, nor empty: an object that a disk cut, one that lies about itself, a clone that lacks some, a folder behind bars."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Repo, Run, Story


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _longer(data: bytes) -> bytes:
    """Say a size that the content does not have."""
    _, _, body = zlib.decompress(data).partition(b"\0")
    return zlib.compress(b"blob %d\0" % (len(body) + 1_000_000) + body)


def _shorter(data: bytes) -> bytes:
    _, _, body = zlib.decompress(data).partition(b"\0")
    return zlib.compress(b"blob %d\0" % (len(body) - 10) + body)


@pytest.mark.parametrize("damage", [_cut, _longer, _shorter, lambda _: b"", lambda _: b"no object"])
@pytest.mark.parametrize("path", ["Cargo.toml", "pyproject.toml"])
def test_a_damaged_object_is_an_error(damage: Callable[[bytes], bytes], path: str, story: Story, run: Run) -> None:
    repo = story("twins")
    oid = repo.git("rev-parse", f"HEAD:{path}").strip()
    file = repo.path(f".git/objects/{oid[:2]}/{oid[2:]}")
    file.chmod(0o644)
    file.write_bytes(damage(file.read_bytes()))
    assert oid[:12] in run("check", "--ref", "HEAD", repo=repo, code=2).err


def test_a_clone_that_lacks_files_says_so_whatever_its_git_does_about_it(story: Story, run: Run, tmp_path: Path) -> None:
    repo = story("twins")
    repo.git("config", "uploadpack.allowFilter", "true")
    subprocess.run(["git", "clone", "-q", "--filter=blob:none", f"file://{repo.root}", tmp_path / "part"], check=True)
    lacking = Repo(tmp_path / "part")
    for args in (("check", "--ref", "v0.1.0"), ("diff", "v0.1.0", "v0.2.0")):
        result = run(*args, repo=lacking, code=2)
        assert "git fetch --refetch --no-filter brings what a partial clone left out" in result.err, result


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="means modes")
def test_a_file_in_a_folder_that_may_not_be_read_is_not_deleted(story: Story, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("twins")
    real = os.lstat

    def behind_bars(path: str | Path, **options: int) -> os.stat_result:
        if "python/spam/" in os.fspath(path):
            raise PermissionError(13, "Permission denied", path)
        return real(path, **options)

    monkeypatch.setattr(os, "lstat", behind_bars)
    assert "python/spam/__init__.py: cannot be read: permission denied" in run("check", repo=repo, code=2).err


def test_a_tracked_file_that_is_gone_is_gone(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.path("python/spam/__init__.py").unlink()
    run("check", repo=repo, code=0)
