"""The recovery: what a kill left is undone or cleaned up, and no edit of anybody is lost."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import journal_files, recovery, transaction
from tests.faults.trials import snapshot
from tests.writing.conftest import NAMES, changes, fail, git, half_written, instead, killed, leftovers, locked, new, old, posix


@posix
class TestRecover:
    def test_what_was_renamed_goes_back(self, root: Path, git_dir: Path) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        assert recovery.recover(root, git_dir) == recovery.Recovery(finished=False, paths=NAMES)
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)

    def test_an_edit_of_a_file_that_was_not_yet_written_stays(self, root: Path, git_dir: Path) -> None:
        half_written(root, git_dir)
        (root / NAMES[3]).write_bytes(b"mine")
        assert recovery.recover(root, git_dir) is not None
        assert [(root / name).read_bytes() for name in NAMES] == [*(old(name) for name in NAMES[:3]), b"mine"]

    @pytest.mark.parametrize("edit", [lambda path: path.write_bytes(b"mine"), lambda path: path.unlink(), lambda path: (path.unlink(), path.mkdir())])
    def test_an_edit_of_a_file_that_was_written_stays_and_is_told_once(self, root: Path, git_dir: Path, edit: Callable[[Path], object]) -> None:
        half_written(root, git_dir)
        edit(root / NAMES[1])
        edited = snapshot(root)
        with pytest.raises(WriteError, match=f"but for {NAMES[1]}: changed since"):
            recovery.recover(root, git_dir)
        assert snapshot(root) == {**edited, NAMES[0]: (edited[NAMES[0]][0], old(NAMES[0]))}
        assert not leftovers(root, git_dir)
        assert recovery.recover(root, git_dir) is None

    def test_an_old_file_that_was_changed_where_it_is_kept_goes_back_and_is_told(self, root: Path, git_dir: Path) -> None:
        """A program that had it open writes into it, or the disk is broken."""
        half_written(root, git_dir)
        (kept,) = git_dir.glob("lockstep-*/1.old")
        kept.write_bytes(b"mine")
        with pytest.raises(WriteError, match=f"but for {NAMES[1]}: changed since"):
            recovery.recover(root, git_dir)
        assert [(root / name).read_bytes() for name in NAMES] == [old(NAMES[0]), b"mine", old(NAMES[2]), old(NAMES[3])]
        assert not leftovers(root, git_dir)

    def test_a_checkout_in_between_is_respected(self, root: Path, git_dir: Path) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        git(root, "checkout", "-q", ".")
        assert recovery.recover(root, git_dir) is not None
        assert snapshot(root) == before

    def test_old_files_that_somebody_removed_are_told(self, root: Path, git_dir: Path) -> None:
        half_written(root, git_dir)
        (staging,) = git_dir.glob("lockstep-????????????????")
        for name in staging.iterdir():
            name.unlink()
        with pytest.raises(WriteError, match=f"but for {NAMES[0]}, {NAMES[1]}"):
            recovery.recover(root, git_dir)
        assert not leftovers(root, git_dir)

    def test_a_write_recovers_first(self, root: Path, git_dir: Path) -> None:
        half_written(root, git_dir)
        transaction.write(root, git_dir, changes())
        assert all((root / name).read_bytes() == new(name) for name in NAMES)
        assert not leftovers(root, git_dir)

    def test_a_failure_leaves_the_journal_for_the_next_time(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        with instead(monkeypatch, "replace", fail(errno.EROFS)), pytest.raises(WriteError, match="could not be undone: read-only file system"):
            recovery.recover(root, git_dir)
        assert recovery.recover(root, git_dir) is not None
        assert snapshot(root) == before

    def test_a_full_disk_does_not_stop_it(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        with (
            instead(monkeypatch, "write", fail(errno.ENOSPC)),
            instead(monkeypatch, "link", fail(errno.ENOSPC)),
            instead(monkeypatch, "mkdir", fail(errno.ENOSPC)),
        ):
            assert recovery.recover(root, git_dir) is not None
        assert snapshot(root) == before

    def test_it_waits_for_a_lockstep_that_still_writes(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recovery, "PATIENCE", 0.1)
        half_written(root, git_dir)
        with locked(git_dir), pytest.raises(WriteError, match="another lockstep"):
            recovery.recover(root, git_dir)
        assert recovery.recover(root, git_dir) is not None

    def test_a_folder_that_became_a_link_is_not_followed(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        assert killed(root, git_dir, "replace", 5)
        (root / "crates").rename(tmp_path / "crates")
        (root / "crates").symlink_to(tmp_path / "crates")
        before = snapshot(root), snapshot(tmp_path / "crates"), leftovers(root, git_dir)
        with pytest.raises(WriteError, match="behind a link"):
            recovery.recover(root, git_dir)
        assert (snapshot(root), snapshot(tmp_path / "crates"), leftovers(root, git_dir)) == before

    def test_a_staging_folder_that_is_a_link_is_not_followed(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        half_written(root, git_dir)
        (staging,) = git_dir.glob("lockstep-????????????????")
        staging.rename(tmp_path / "away")
        staging.symlink_to(tmp_path / "away")
        before = snapshot(root), snapshot(tmp_path / "away")
        with pytest.raises(WriteError, match="is a link or a file"):
            recovery.recover(root, git_dir)
        assert (snapshot(root), snapshot(tmp_path / "away")) == before


def test_a_journal_that_was_never_finished_is_dropped(root: Path, git_dir: Path) -> None:
    (git_dir / journal_files.FRESH).write_text('{"lock')
    assert recovery.recover(root, git_dir) is None
    assert not leftovers(root, git_dir)
