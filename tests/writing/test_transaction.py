"""The write: all or nothing, and no harm to anybody else's bytes. What a kill does at every point is in `tests/faults`."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import recovery, transaction
from lockstep.writing.transaction import Change
from tests.conftest import FULL
from tests.faults.inject import ANY, Fault
from tests.faults.trials import Snapshot, snapshot
from tests.writing.conftest import NAMES, as_root, changes, fail, git, instead, killed, leftovers, locked, new, not_as_root, old, posix


class TestWrite:
    def test_every_file_is_new_and_nothing_else_is(self, root: Path, git_dir: Path) -> None:
        (root / "crates/a/Cargo.toml").chmod(0o755)
        before = snapshot(root)

        transaction.write(root, git_dir, changes())

        after = snapshot(root)
        assert {name: data for name, (_, data) in after.items() if name in NAMES} == {name: new(name) for name in NAMES}
        assert {name: mode for name, (mode, _) in after.items()} == {name: mode for name, (mode, _) in before.items()}
        assert not leftovers(root, git_dir)
        assert recovery.recover(root, git_dir) is None

    def test_nobody_sees_more_than_one_rename_per_file(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[set[str]] = []
        expected = set(snapshot(root))

        def look(real: Callable[[], object], *_: object) -> object:
            seen.append(set(snapshot(root)))
            return real()

        with instead(monkeypatch, "replace", look), instead(monkeypatch, "link", look), instead(monkeypatch, "unlink", look):
            transaction.write(root, git_dir, changes())
        assert seen
        assert all(names == expected for names in seen)

    def test_in_a_linked_worktree_the_journal_lies_in_its_own_folder(self, root: Path, tmp_path: Path) -> None:
        linked = tmp_path / "linked"
        git(root, "worktree", "add", "-q", str(linked))
        git_dir = Path(git(linked, "rev-parse", "--absolute-git-dir").strip())

        transaction.write(linked, git_dir, changes())

        assert (linked / NAMES[0]).read_bytes() == new(NAMES[0])
        assert (root / NAMES[0]).read_bytes() == old(NAMES[0])

    def test_the_other_names_of_a_file_keep_the_old_bytes(self, root: Path, git_dir: Path) -> None:
        os.link(root / NAMES[0], root / "other")
        transaction.write(root, git_dir, changes())
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])
        assert (root / "other").read_bytes() == old(NAMES[0])

    @posix
    @as_root
    def test_owner_and_set_user_id_stay(self, root: Path, git_dir: Path) -> None:
        os.chown(root / NAMES[0], 1234, 4321)
        (root / NAMES[0]).chmod(0o4755)
        transaction.write(root, git_dir, changes())
        status = os.lstat(root / NAMES[0])
        assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (1234, 4321, 0o4755)

    @posix
    @as_root
    def test_set_user_id_goes_where_the_owner_cannot_stay(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        os.chown(root / NAMES[0], 1234, 4321)
        (root / NAMES[0]).chmod(0o6755)
        with instead(monkeypatch, "fchown", fail(errno.EPERM)):
            transaction.write(root, git_dir, changes())
        assert os.lstat(root / NAMES[0]).st_mode & 0o7777 == 0o755

    def test_a_folder_that_cannot_be_synced_is_no_fault(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def folders_fail(real: Callable[[], object], descriptor: int) -> object:
            if os.path.isdir(f"/proc/self/fd/{descriptor}"):
                raise OSError(errno.EINVAL, "Invalid argument")
            return real()

        with instead(monkeypatch, "fsync", folders_fail):
            transaction.write(root, git_dir, changes())
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])

    def test_without_threads_it_takes_longer(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refuse)
        transaction.write(root, git_dir, changes())
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])


class TestRefusal:
    """Nothing is written, and the message names the file."""

    def refused(self, root: Path, git_dir: Path, plan: list[Change], words: str) -> WriteError:
        before = snapshot(root)
        with pytest.raises(WriteError, match=words) as caught:
            transaction.write(root, git_dir, plan)
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)
        return caught.value

    def test_a_file_that_changed(self, root: Path, git_dir: Path) -> None:
        (root / NAMES[2]).write_bytes(b"mine")
        assert self.refused(root, git_dir, changes(), "changed while").path == NAMES[2]

    def test_a_file_that_is_gone(self, root: Path, git_dir: Path) -> None:
        (root / NAMES[2]).unlink()
        assert self.refused(root, git_dir, changes(), "no such file").path == NAMES[2]

    def test_a_read_only_file(self, root: Path, git_dir: Path) -> None:
        (root / NAMES[2]).chmod(0o444)
        assert self.refused(root, git_dir, changes(), "read-only").path == NAMES[2]

    @posix
    @not_as_root
    def test_a_read_only_folder(self, root: Path, git_dir: Path) -> None:
        (root / "crates/a").chmod(0o555)
        assert self.refused(root, git_dir, changes(), "read-only").path == "crates/a"

    def test_a_link(self, root: Path, git_dir: Path) -> None:
        (root / NAMES[2]).rename(root / "elsewhere")
        (root / NAMES[2]).symlink_to(root / "elsewhere")
        self.refused(root, git_dir, changes(), "not a regular file")

    def test_a_file_behind_a_link(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        (root / "crates").rename(tmp_path / "crates")
        (root / "crates").symlink_to(tmp_path / "crates")
        self.refused(root, git_dir, changes(), "behind a link")
        assert (tmp_path / "crates/a/Cargo.toml").read_bytes() == old(NAMES[2])

    @posix
    def test_a_pipe(self, root: Path, git_dir: Path) -> None:
        (root / NAMES[2]).unlink()
        os.mkfifo(root / NAMES[2])
        with pytest.raises(WriteError, match="not a regular file"):
            transaction.write(root, git_dir, changes())

    @pytest.mark.parametrize(
        "path", ["../outside", "/etc/hostname", "crates/../Cargo.toml", "crates//a/Cargo.toml", ".git/config", "sub/.GIT/hooks/pre-commit", ""]
    )
    def test_a_path_that_leaves_the_work_tree(self, root: Path, git_dir: Path, path: str) -> None:
        self.refused(root, git_dir, [Change(path=path, old=b"", new=b"x")], "not inside the repository")

    def test_two_paths_that_are_one_file(self, root: Path, git_dir: Path) -> None:
        self.refused(root, git_dir, [*changes(NAMES[0]), Change(path=NAMES[0], old=old(NAMES[0]), new=b"other")], "one file")

    def test_another_lockstep_that_writes(self, root: Path, git_dir: Path) -> None:
        with locked(git_dir):
            self.refused(root, git_dir, changes(), "another lockstep")

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT])
    @pytest.mark.parametrize("call", ["mkdir", "replace", "fsync", "write"])
    def test_a_disk_that_says_no(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int) -> None:
        with instead(monkeypatch, call, fail(code)):
            self.refused(root, git_dir, changes(), f"{os.strerror(code).lower()}; nothing was changed")

    def test_an_edit_between_staging_and_renaming(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def edit(real: Callable[[], object], _source: str, target: str) -> object:
            if target.endswith(NAMES[0]):
                (root / NAMES[3]).write_bytes(b"mine")
            return real()

        with instead(monkeypatch, "replace", edit), pytest.raises(WriteError, match="changed while"):
            transaction.write(root, git_dir, changes())
        assert [(root / name).read_bytes() for name in NAMES] == [*(old(name) for name in NAMES[:3]), b"mine"]
        assert not leftovers(root, git_dir)


class TestEdits:
    """An edit that keeps size and time is seen all the same."""

    @pytest.mark.parametrize("moment", ["link", "replace"])
    def test_an_edit_of_the_same_size_and_time(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
        def edit(real: Callable[[], object], *names: str) -> object:
            target, status = root / NAMES[3], os.stat(root / NAMES[3])
            if names[-1].endswith((NAMES[0], "0.old", "3.old")) and target.read_bytes() == old(NAMES[3]):
                with target.open("r+b") as file:
                    file.write(b"mine")
                os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
            return real()

        with instead(monkeypatch, moment, edit), pytest.raises(WriteError, match="changed while"):
            transaction.write(root, git_dir, changes())
        assert [(root / name).read_bytes() for name in NAMES] == [*(old(name) for name in NAMES[:3]), b"mine" + old(NAMES[3])[4:]]
        assert not leftovers(root, git_dir)


class TestUndo:
    def test_the_very_file_comes_back(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        os.link(root / NAMES[0], root / "other")
        before = {name: os.lstat(root / name) for name in NAMES}

        def fail_late(real: Callable[[], object], _source: str, target: str) -> object:
            if target.endswith(NAMES[3]) and not (root / NAMES[0]).samefile(root / "other"):
                raise OSError(errno.EIO, "Input/output error")
            return real()

        with instead(monkeypatch, "replace", fail_late), pytest.raises(WriteError, match="nothing was changed"):
            transaction.write(root, git_dir, changes())
        after = {name: os.lstat(root / name) for name in NAMES}
        assert all((after[name].st_ino, after[name].st_mtime_ns, after[name].st_nlink) == (s.st_ino, s.st_mtime_ns, s.st_nlink) for name, s in before.items())

    def test_an_undo_that_fails_is_told_and_done_by_the_next_command(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = snapshot(root)

        def fail_from_the_last(real: Callable[[], object], source: str, target: str) -> object:
            if target.endswith(NAMES[3]) or source.endswith(".old"):
                raise OSError(errno.EIO, "Input/output error")
            return real()

        with instead(monkeypatch, "replace", fail_from_the_last), pytest.raises(WriteError, match="half written: run any lockstep command"):
            transaction.write(root, git_dir, changes())
        assert snapshot(root) != before
        assert recovery.recover(root, git_dir) == recovery.Recovery(finished=False, paths=NAMES)
        assert snapshot(root) == before

    def test_a_file_system_without_hard_links_keeps_copies(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (root / NAMES[0]).chmod(0o751)
        before = snapshot(root)
        with instead(monkeypatch, "link", fail(errno.EPERM)):
            with (
                instead(monkeypatch, "replace", lambda real, _, target: fail(errno.EIO)(real) if target.endswith(NAMES[3]) else real()),
                pytest.raises(WriteError),
            ):
                transaction.write(root, git_dir, changes())
            assert snapshot(root) == before
            transaction.write(root, git_dir, changes())
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])
        assert not leftovers(root, git_dir)


@posix
class TestKill:
    """At every call, in the three ways to stage."""

    @pytest.fixture(params=["links", "copies", "another device"] if FULL else ["links", "another device"])
    def _way(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.link

        def link(source: str, target: str) -> None:
            if request.param == "copies":
                raise OSError(errno.EPERM, "Operation not permitted")
            if os.path.dirname(source) != os.path.dirname(target):
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            real(source, target)

        if request.param != "links":
            monkeypatch.setattr(os, "link", link)

    @pytest.mark.usefixtures("_way", "_unsynced")
    @pytest.mark.parametrize("fault", [Fault.KILL, Fault.KILLED] if FULL else [Fault.KILLED])
    def test_the_tree_is_the_old_or_the_new_one(self, root: Path, git_dir: Path, fault: Fault) -> None:
        before = snapshot(root)
        trees: list[Snapshot] = []
        for number in range(1, 1000):
            if not killed(root, git_dir, ANY, number, fault):
                break
            done = recovery.recover(root, git_dir)
            now = snapshot(root)
            assert done is None or done.finished == (now != before)
            assert not leftovers(root, git_dir)
            trees.append(now)
            git(root, "checkout", "-q", ".")
        else:
            pytest.fail("it never ended")
        recovery.recover(root, git_dir)
        assert len(trees) > 30
        assert {now[NAMES[0]][1] for now in trees} == {old(NAMES[0]), new(NAMES[0])}
        assert all({now[name][1] for name in NAMES} in ({old(name) for name in NAMES}, {new(name) for name in NAMES}) for now in trees)
        assert all(now.keys() == before.keys() for now in trees)


@posix
def test_the_command_survives_every_fault_at_every_call() -> None:
    size = ["--crates", "6", "--second", "40", "--show-every", "40"] if FULL else ["--crates", "2", "--second", "10", "--show-every", "40"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *size, "--minutes", "5"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 wrong" in done.stdout
