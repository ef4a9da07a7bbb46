"""The write: all or nothing, and no harm to anybody else's bytes. What a kill does at every point is in `tests/faults`."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockstep.errors import WriteError
from lockstep.writing import journal, transaction
from lockstep.writing.transaction import Change
from tests.faults.inject import ANY, Fault, Injector, Ledger, Point
from tests.faults.trials import Snapshot, snapshot

NAMES = ("Cargo.lock", "Cargo.toml", "crates/a/Cargo.toml", "crates/b/Cargo.toml")
posix = pytest.mark.skipif(sys.platform == "win32", reason="forks, or means modes and owners")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives files away")
not_as_root = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is read-only for root")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for name in NAMES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(old(name))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "init")
    return root


@pytest.fixture
def git_dir(root: Path) -> Path:
    return root / ".git"


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def old(name: str) -> bytes:
    return b'\xef\xbb\xbf# %s\r\nversion = "1.0.0"' % name.encode()


def new(name: str) -> bytes:
    return old(name).replace(b"1.0.0", b"1.1.0")


def changes(*names: str) -> list[Change]:
    return [Change(path=name, old=old(name), new=new(name)) for name in names or NAMES]


def leftovers(root: Path, git_dir: Path) -> list[str]:
    return sorted([name for name in snapshot(root) if ".lockstep-" in name] + [name for name in os.listdir(git_dir) if name.startswith("lockstep")])


def killed(root: Path, git_dir: Path, call: str, number: int, fault: Fault = Fault.KILL) -> bool:
    """Write in a child that dies at a call; say whether it came so far."""
    child = os.fork()
    if child == 0:
        Injector([Point(call, number, fault)], Ledger()).arm()
        transaction.write(root, git_dir, changes())
        os._exit(0)
    return bool(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL)


def half_written(root: Path, git_dir: Path) -> None:
    """Leave what a kill leaves that comes when two files of four are renamed."""
    assert killed(root, git_dir, "replace", 4)  # the first is the journal's
    assert [(root / name).read_bytes() for name in NAMES] == [new(NAMES[0]), new(NAMES[1]), old(NAMES[2]), old(NAMES[3])]


@pytest.fixture
def _unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test writes a thousand times and cuts no power."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@contextmanager
def locked(git_dir: Path) -> Iterator[None]:
    """Be another lockstep that writes."""
    with transaction._locked(git_dir, patience=0):  # noqa: SLF001 - the lock is the system's, the test only takes it
        yield


@contextmanager
def instead(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[..., object]) -> Iterator[None]:
    """Call `act(real, *args)` in place of a function of os."""
    real = getattr(os, name)
    with monkeypatch.context() as patched:
        patched.setattr(os, name, lambda *args, **kwargs: act(lambda: real(*args, **kwargs), *args))
        yield


def fail(code: int) -> Callable[..., object]:
    def act(_real: Callable[[], object], *_args: object) -> object:
        raise OSError(code, os.strerror(code))

    return act


class TestWrite:
    def test_every_file_is_new_and_nothing_else_is(self, root: Path, git_dir: Path) -> None:
        (root / "crates/a/Cargo.toml").chmod(0o755)
        before = snapshot(root)

        transaction.write(root, git_dir, changes())

        after = snapshot(root)
        assert {name: data for name, (_, data) in after.items() if name in NAMES} == {name: new(name) for name in NAMES}
        assert {name: mode for name, (mode, _) in after.items()} == {name: mode for name, (mode, _) in before.items()}
        assert not leftovers(root, git_dir)
        assert transaction.recover(root, git_dir) is None

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
        assert transaction.recover(root, git_dir) == transaction.Recovery(finished=False, paths=NAMES)
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

    @pytest.fixture(params=["links", "copies", "another device"])
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
    @pytest.mark.parametrize("fault", [Fault.KILL, Fault.KILLED])
    def test_the_tree_is_the_old_or_the_new_one(self, root: Path, git_dir: Path, fault: Fault) -> None:
        before = snapshot(root)
        trees: list[Snapshot] = []
        for number in range(1, 1000):
            if not killed(root, git_dir, ANY, number, fault):
                break
            done = transaction.recover(root, git_dir)
            now = snapshot(root)
            assert done is None or done.finished == (now != before)
            assert not leftovers(root, git_dir)
            trees.append(now)
            git(root, "checkout", "-q", ".")
        else:
            pytest.fail("it never ended")
        transaction.recover(root, git_dir)
        assert len(trees) > 30
        assert {now[NAMES[0]][1] for now in trees} == {old(NAMES[0]), new(NAMES[0])}
        assert all({now[name][1] for name in NAMES} in ({old(name) for name in NAMES}, {new(name) for name in NAMES}) for now in trees)
        assert all(now.keys() == before.keys() for now in trees)


@posix
class TestRecover:
    def test_what_was_renamed_goes_back(self, root: Path, git_dir: Path) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        assert transaction.recover(root, git_dir) == transaction.Recovery(finished=False, paths=NAMES)
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)

    def test_an_edit_of_a_file_that_was_not_yet_written_stays(self, root: Path, git_dir: Path) -> None:
        half_written(root, git_dir)
        (root / NAMES[3]).write_bytes(b"mine")
        assert transaction.recover(root, git_dir) is not None
        assert [(root / name).read_bytes() for name in NAMES] == [*(old(name) for name in NAMES[:3]), b"mine"]

    @pytest.mark.parametrize("edit", [lambda path: path.write_bytes(b"mine"), lambda path: path.unlink(), lambda path: (path.unlink(), path.mkdir())])
    def test_an_edit_of_a_file_that_was_written_stays_and_is_told_once(self, root: Path, git_dir: Path, edit: Callable[[Path], object]) -> None:
        half_written(root, git_dir)
        edit(root / NAMES[1])
        edited = snapshot(root)
        with pytest.raises(WriteError, match=f"but for {NAMES[1]}: changed since"):
            transaction.recover(root, git_dir)
        assert snapshot(root) == {**edited, NAMES[0]: (edited[NAMES[0]][0], old(NAMES[0]))}
        assert not leftovers(root, git_dir)
        assert transaction.recover(root, git_dir) is None

    def test_a_checkout_in_between_is_respected(self, root: Path, git_dir: Path) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        git(root, "checkout", "-q", ".")
        assert transaction.recover(root, git_dir) is not None
        assert snapshot(root) == before

    def test_old_files_that_somebody_removed_are_told(self, root: Path, git_dir: Path) -> None:
        half_written(root, git_dir)
        (staging,) = git_dir.glob("lockstep-????????????????")
        for name in staging.iterdir():
            name.unlink()
        with pytest.raises(WriteError, match=f"but for {NAMES[0]}, {NAMES[1]}"):
            transaction.recover(root, git_dir)
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
            transaction.recover(root, git_dir)
        assert transaction.recover(root, git_dir) is not None
        assert snapshot(root) == before

    def test_a_full_disk_does_not_stop_it(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = snapshot(root)
        half_written(root, git_dir)
        with (
            instead(monkeypatch, "write", fail(errno.ENOSPC)),
            instead(monkeypatch, "link", fail(errno.ENOSPC)),
            instead(monkeypatch, "mkdir", fail(errno.ENOSPC)),
        ):
            assert transaction.recover(root, git_dir) is not None
        assert snapshot(root) == before

    def test_it_waits_for_a_lockstep_that_still_writes(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transaction, "PATIENCE", 0.1)
        half_written(root, git_dir)
        with locked(git_dir), pytest.raises(WriteError, match="another lockstep"):
            transaction.recover(root, git_dir)
        assert transaction.recover(root, git_dir) is not None

    def test_a_folder_that_became_a_link_is_not_followed(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        assert killed(root, git_dir, "replace", 5)
        (root / "crates").rename(tmp_path / "crates")
        (root / "crates").symlink_to(tmp_path / "crates")
        before = snapshot(root), snapshot(tmp_path / "crates"), leftovers(root, git_dir)
        with pytest.raises(WriteError, match="behind a link"):
            transaction.recover(root, git_dir)
        assert (snapshot(root), snapshot(tmp_path / "crates"), leftovers(root, git_dir)) == before

    def test_a_staging_folder_that_is_a_link_is_not_followed(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        half_written(root, git_dir)
        (staging,) = git_dir.glob("lockstep-????????????????")
        staging.rename(tmp_path / "away")
        staging.symlink_to(tmp_path / "away")
        before = snapshot(root), snapshot(tmp_path / "away")
        with pytest.raises(WriteError, match="is a link or a file"):
            transaction.recover(root, git_dir)
        assert (snapshot(root), snapshot(tmp_path / "away")) == before


SOUND = {"lockstep": transaction.FORMAT, "token": "0" * 16, "beside": False, "files": [["Cargo.toml", "0" * 64]]}


@pytest.mark.parametrize("name", [journal.JOURNAL, journal.COMMITTED])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        json.dumps(SOUND)[:-9],
        "[" * 100_000,
        "null",
        "\udcff",
        json.dumps({**SOUND, "lockstep": 2}),
        json.dumps({**SOUND, "token": "../../../../x"}),
        json.dumps({**SOUND, "token": "0" * 16 + "\n"}),
        json.dumps({**SOUND, "token": 0}),
        json.dumps({**SOUND, "beside": "yes"}),
        json.dumps({**SOUND, "files": [["Cargo.toml"]]}),
        json.dumps({**SOUND, "files": [[1, 2]]}),
        *(
            json.dumps({**SOUND, "beside": True, "files": [[path, "0" * 64]]})
            for path in ("../x", "/etc/x", "a/../../x", ".git/hooks/x", "a/.Git/x", "x\0y", "")
        ),
    ],
)
def test_a_journal_that_is_not_ours_is_refused_and_nothing_touched(root: Path, git_dir: Path, name: str, content: str) -> None:
    (git_dir / name).write_bytes(content.encode(errors="surrogateescape"))
    for file in ("x", f".lockstep-{'0' * 16}-0.old", f".lockstep-{'0' * 16}-0.new"):
        (root.parent / file).write_text("not ours")
    before = snapshot(root.parent)
    with pytest.raises(WriteError, match="the journal of an interrupted write"):
        transaction.recover(root, git_dir)
    with pytest.raises(WriteError, match="the journal of an interrupted write"):
        transaction.write(root, git_dir, changes())
    assert snapshot(root.parent) == before
    assert (git_dir / name).exists()


def test_a_journal_that_was_never_finished_is_dropped(root: Path, git_dir: Path) -> None:
    (git_dir / journal.FRESH).write_text('{"lock')
    assert transaction.recover(root, git_dir) is None
    assert not leftovers(root, git_dir)


class TestCreate:
    @pytest.fixture(params=["links", "no links"], autouse=True)
    def _way(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        if request.param == "no links":
            monkeypatch.setattr(os, "link", fail(errno.EXDEV))

    def test_a_new_file(self, root: Path, git_dir: Path) -> None:
        transaction.create(root, git_dir, "lockstep.toml", b"x")
        assert (root / "lockstep.toml").read_bytes() == b"x"
        assert git(root, "status", "--porcelain") == "?? lockstep.toml\n"
        assert not leftovers(root, git_dir)

    def test_nothing_is_overwritten(self, root: Path, git_dir: Path) -> None:
        before = snapshot(root)
        with pytest.raises(WriteError, match="already"):
            transaction.create(root, git_dir, "Cargo.toml", b"x")
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)

    def test_a_link_that_leads_nowhere_is_a_name_too(self, root: Path, git_dir: Path, tmp_path: Path) -> None:
        (root / "lockstep.toml").symlink_to(tmp_path / "outside")
        with pytest.raises(WriteError, match="already"):
            transaction.create(root, git_dir, "lockstep.toml", b"x")
        assert not (tmp_path / "outside").exists()

    @posix
    @pytest.mark.usefixtures("_unsynced")
    @pytest.mark.parametrize("fault", list(Fault))
    def test_every_fault_at_every_call(self, root: Path, git_dir: Path, fault: Fault) -> None:
        without = snapshot(root)
        for number in range(1, 100):
            ledger = Ledger()
            child = os.fork()
            if child == 0:
                Injector([Point(ANY, number, fault)], ledger).arm()
                code = 1
                try:
                    transaction.create(root, git_dir, "lockstep.toml", b"whole")
                    code = 0
                except WriteError:
                    code = 2
                except KeyboardInterrupt:
                    code = 130
                finally:
                    os._exit(code)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            transaction.recover(root, git_dir)
            now = snapshot(root)
            made = now.pop("lockstep.toml", None)
            assert now == without
            assert not leftovers(root, git_dir)
            assert made is None or made[1] == b"whole"
            assert code in (0, 2, 130, -signal.SIGKILL)
            assert code == -signal.SIGKILL or fault is Fault.DEAD or {0: True, 2: False, 130: False}[code] == (made is not None), number
            (root / "lockstep.toml").unlink(missing_ok=True)
            if not ledger.hits:
                return
        pytest.fail("it never ended")


@posix
class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    @pytest.mark.parametrize("times", [1, 2])
    @pytest.mark.parametrize("call", ["fsync", "replace", "unlink"])
    def test_the_old_tree_stands(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, times: int, call: str) -> None:
        before, handler = snapshot(root), signal.getsignal(number)

        def interrupt(real: Callable[[], object], *_: object) -> object:
            for _again in range(times):
                os.kill(os.getpid(), number)
            return real()

        with instead(monkeypatch, call, interrupt), pytest.raises(transaction.Interrupted):
            transaction.write(root, git_dir, changes())
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)
        assert signal.getsignal(number) is handler

    def test_what_is_ignored_stays_ignored(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def hang_up(real: Callable[[], object], *_: object) -> object:
            os.kill(os.getpid(), signal.SIGHUP)
            return real()

        handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with instead(monkeypatch, "replace", hang_up):
                transaction.write(root, git_dir, changes())
        finally:
            signal.signal(signal.SIGHUP, handler)
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])

    def test_an_interrupt_in_a_recovery_is_not_lost(self, root: Path, git_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = snapshot(root)
        half_written(root, git_dir)

        def interrupt(real: Callable[[], object], *_: object) -> object:
            os.kill(os.getpid(), signal.SIGINT)
            return real()

        with instead(monkeypatch, "replace", interrupt), pytest.raises(transaction.Interrupted):
            transaction.recover(root, git_dir)
        assert snapshot(root) == before
        assert not leftovers(root, git_dir)

    def test_a_write_outside_of_the_main_thread_works(self, root: Path, git_dir: Path) -> None:
        thread = threading.Thread(target=transaction.write, args=(root, git_dir, changes()))
        thread.start()
        thread.join()
        assert (root / NAMES[0]).read_bytes() == new(NAMES[0])


@posix
def test_the_command_survives_every_fault_at_every_call() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--crates", "6", "--second", "40", "--show-every", "40", "--minutes", "5"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 wrong" in done.stdout
