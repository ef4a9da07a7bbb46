"""The hands: the only code of lockstep that writes into a repository. All or nothing, whatever happens.

    inspect    every target is a plain file inside the repository and says what the plan saw
    journal    what is about to be written is recorded in git's folder and synced
    stage      every new file is written and synced in a folder below git's; a hard link there keeps each old file
    rename     each staged file takes the place of its target; the folders are synced
    commit     one rename of the journal to its second name decides: from here on the new tree stands
    clean      the kept files and the journal go

A kill before the commit leaves a journal from which `recover` undoes the write; a kill after it, one that only needs cleaning. So does
an error or an interrupt, at once. Undoing renames and removes, and nothing else: a full disk cannot stop it. It can be killed and
repeated, for every file's state shows in what lies in the staging folder:

    new file, old file     not renamed yet: what stands at the target is not ours
    old file only          renamed: the old file goes back, if the target still holds our bytes
    neither                not staged yet, or already back

A file that somebody edited after the kill is never overwritten: the rest goes back, and a WriteError names the file, once.
Nothing of a write shows in the work tree but one rename per file. Where git's folder is on another file system than the files, they
are staged beside their targets instead, under names that start with `.lockstep-`.

A file that has several hard links loses them, as with git; the other names keep the old bytes.

Source: rename(2), fsync(2), link(2); Pillai et al., All File Systems Are Not Created Equal, OSDI 2014, for why folders are synced too.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import signal
import stat
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TypeAlias, TypeVar

from lockstep.dataclass import dataclass
from lockstep.errors import WriteError
from lockstep.wording import counted
from lockstep.writing.journal import COMMITTED, CREATED, FRESH, JOURNAL, is_there

StrPath: TypeAlias = "str | os.PathLike[str]"

BESIDE = ".lockstep-created.new"
"""Where `create` stages: in git's folder, and in the root too when no link leads there."""
LOCK = "lockstep.lock"
"""Used on Windows alone; elsewhere git's folder itself is locked, and nothing is left behind."""
FORMAT = 1
PATIENCE = 10.0
"""Seconds that a command waits for another lockstep that is writing."""
WORKERS = 8
"""Threads that sync: a disk takes many syncs in one go, and each of them waits for nothing else."""

_BINARY = getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, a link of Windows that is a folder to lstat
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Change:
    """One file of a write: its path below the root, the bytes that must stand there now, and the bytes that will."""

    path: str
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a recovery did: `finished` the interrupted write, or undid it; `paths` are the files concerned."""

    finished: bool
    paths: tuple[str, ...]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a write: the old tree stands."""


class _OtherDeviceError(Exception):
    """Nothing can be renamed from git's folder to the files."""


def write(root: StrPath, git_dir: StrPath, changes: list[Change]) -> None:
    """Write all changes or none.

    Raises: WriteError when a file is not what the plan saw, cannot be written, or the disk refuses: the old tree stands.
    Interrupted on Ctrl-C, SIGTERM or SIGHUP: the old tree stands.
    """
    if not changes:
        return
    with _locked(git_dir, patience=0):
        with _deferred() as interrupted:
            _recover(root, git_dir)
            _run(root, git_dir, changes, interrupted)
        if interrupted():  # after the commit, when it was too late to stop
            try:
                with _deferred():
                    _run(root, git_dir, [Change(path=change.path, old=change.new, new=change.old) for change in changes], lambda: False)
            except WriteError as error:
                raise WriteError(
                    f"interrupted when everything was written, and it cannot be taken back: the new tree stands; {error.message}", path=error.path
                ) from error
            raise Interrupted


def create(root: StrPath, git_dir: StrPath, path: str, data: bytes) -> None:
    """Make one new file in the root of the work tree, whole or not at all.

    Raises: WriteError when there is one of that name already, or when the disk refuses; Interrupted. Nothing was made then.
    """
    target, staged = f"{root}/{path}", f"{git_dir}/{CREATED}"
    with _locked(git_dir, patience=0), _deferred() as interrupted:
        _recover(root, git_dir)
        made = False
        try:
            like = os.stat(f"{git_dir}/HEAD")
            _create(staged, data, like)
            _link_or_copy(staged, target, f"{root}/{BESIDE}", data, like)
            made = True
            _sync_folder(str(root))
            _stop_if(interrupted)
        except BaseException as error:
            outcome = "nothing was changed"
            try:
                if made:
                    _unlink(target)
            except OSError:
                outcome = "the file is there, but a loss of power may take it"
            if isinstance(error, FileExistsError):
                raise WriteError("there is a file of this name already", path=path, help=f"git add {path}, or move it away") from None
            if isinstance(error, OSError):
                error.filename = path
                raise _refused(error, outcome) from None
            raise
        finally:
            with suppress(OSError):  # the next command removes it
                _unlink(staged)


def tell(path: str, values: Mapping[str, str]) -> None:
    """Append values to a file of GitHub Actions such as `$GITHUB_OUTPUT`: whatever stands in a value, it sets nothing but its own name.

    Raises: WriteError when the file cannot be written.
    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
    """
    try:
        _append(path, "".join(_told(name, value) for name, value in values.items()))
    except (OSError, ValueError) as error:
        why = _reason(error) if isinstance(error, OSError) else str(error)
        raise WriteError(f"the outputs of this step cannot be written: {why}", help="GITHUB_OUTPUT must name a file") from None


LARGEST_SUMMARY = 2**20
"""Bytes of a step's summary; GitHub shows nothing of a larger one.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
"""


def summarise(path: str, text: str) -> bool:
    """Append Markdown to `$GITHUB_STEP_SUMMARY`; False, and nothing is written, where that is full.

    Raises: WriteError when the file cannot be written.
    """
    try:
        return _append(path, f"{text}\n", LARGEST_SUMMARY)
    except (OSError, ValueError) as error:
        why = _reason(error) if isinstance(error, OSError) else str(error)
        raise WriteError(f"the summary of this step cannot be written: {why}", help="GITHUB_STEP_SUMMARY must name a file") from None


def _append(path: str, text: str, most: int | None = None) -> bool:
    """Append whole lines to a file, unless it would hold more than `most` bytes then."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY, 0o666)
    try:
        size = os.fstat(descriptor).st_size
        os.lseek(descriptor, max(size - 1, 0), os.SEEK_SET)
        begun = size > 0 and os.read(descriptor, 1) != b"\n"  # a step before us left a line without an end
        data = ("\n" * begun + text).encode(errors="backslashreplace")
        if most is not None and size + len(data) > most:
            return False
        _write_all(descriptor, data)
    finally:
        os.close(descriptor)
    return True


def _told(name: str, value: str) -> str:
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name)
    if re.fullmatch(r"[\x21-\x7e]*(?: [\x21-\x7e]+)*", value):
        return f"{name}={value}\n"
    while (fence := f"lockstep_{secrets.token_hex(16)}") in value:
        pass
    return f"{name}<<{fence}\n{value}\n{fence}\n"


def recover(root: StrPath, git_dir: StrPath) -> Recovery | None:
    """Undo a write that was interrupted, or clean up after one that was complete; None when there was none.

    Raises: WriteError when that is not possible; the journal stays for the next time. WriteError, too, when a file was edited after the
    interruption: all others are back, that one is left as it is, and the journal is gone.
    """
    if not is_there(git_dir):
        return None
    with _locked(git_dir, patience=PATIENCE):
        with _deferred() as interrupted:
            done = _recover(root, git_dir)
        if interrupted():
            raise Interrupted
        return done


def _run(root: StrPath, git_dir: StrPath, changes: Sequence[Change], interrupted: Callable[[], bool]) -> None:
    try:
        _Transaction(root, git_dir, changes, interrupted, beside=False).run()
    except _OtherDeviceError:
        _Transaction(root, git_dir, changes, interrupted, beside=True).run()


@dataclass(frozen=True, slots=True)
class _Journal:
    """What one write is about: `files` are the paths with the SHA-256 of their new bytes; `token` names what it stages."""

    root: str
    git_dir: str
    token: str
    beside: bool
    files: tuple[tuple[str, str], ...]

    def target(self, number: int) -> str:
        return f"{self.root}/{self.files[number][0]}"

    def staged(self, number: int) -> str:
        return self._temporary(number, "new")

    def kept(self, number: int) -> str:
        return self._temporary(number, "old")

    @property
    def staging(self) -> str:
        return f"{self.git_dir}/lockstep-{self.token}"

    def folders(self) -> list[str]:
        """Give the folders of the targets."""
        return sorted({os.path.dirname(self.target(number)) for number in range(len(self.files))})

    def record(self) -> None:
        """Write the journal down, whole or not at all."""
        data = {"lockstep": FORMAT, "token": self.token, "beside": self.beside, "files": self.files}
        fresh = f"{self.git_dir}/{FRESH}"
        descriptor = os.open(fresh, _CREATE, 0o600)
        try:
            _write_all(descriptor, json.dumps(data).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(fresh, f"{self.git_dir}/{JOURNAL}")

    def commit(self) -> None:
        os.replace(f"{self.git_dir}/{JOURNAL}", f"{self.git_dir}/{COMMITTED}")
        _sync_folder(self.git_dir)

    def revoke(self) -> None:
        """Take a commit back that could not be synced."""
        if _status(f"{self.git_dir}/{COMMITTED}") is not None:
            os.replace(f"{self.git_dir}/{COMMITTED}", f"{self.git_dir}/{JOURNAL}")

    def roll_back(self, *, again: bool) -> list[str]:
        """Put every old file back; give the paths of those that somebody else changed in the meantime, which stay.

        `again` syncs every folder: whoever was killed may have put files back and not synced them.
        """
        left, folders = [], set(self.folders() if again else ())
        for number, (path, digest) in enumerate(self.files):
            if _status(self.staged(number)) is not None:
                continue
            target, kept = self.target(number), self.kept(number)
            now = _digest(target)
            if not _is_file(kept):
                if now == digest:
                    left.append(path)
            elif now == digest:
                os.replace(kept, target)
                folders.add(os.path.dirname(target))
            elif now != _digest(kept):
                left.append(path)
        _in_parallel(_sync_folder, [folder for folder in sorted(folders) if os.path.isdir(folder)])
        return left

    def clean(self) -> None:
        """Remove the old files, then the new ones (the table above needs that order), and the journal last."""
        numbers = range(len(self.files))
        if self.beside:
            kept, rest = [self.kept(number) for number in numbers], [self.staged(number) for number in numbers]
        else:
            found = [f"{self.staging}/{name}" for name in os.listdir(self.staging)] if _status(self.staging) is not None else []
            kept, rest = ([name for name in found if name.endswith(".old") is old] for old in (True, False))
        _in_parallel(_unlink, kept)
        _in_parallel(_unlink, rest)
        if not self.beside:
            with suppress(FileNotFoundError):
                os.rmdir(self.staging)
        for name in (FRESH, JOURNAL, COMMITTED):
            _unlink(f"{self.git_dir}/{name}")

    def _temporary(self, number: int, suffix: str) -> str:
        if self.beside:
            return f"{os.path.dirname(self.target(number))}/.lockstep-{self.token}-{number}.{suffix}"
        return f"{self.staging}/{number}.{suffix}"


class _Transaction:
    def __init__(self, root: StrPath, git_dir: StrPath, changes: Sequence[Change], interrupted: Callable[[], bool], *, beside: bool) -> None:
        import hashlib  # noqa: PLC0415 - loads OpenSSL, and most commands find nothing to recover

        self._changes = changes
        self._interrupted = interrupted
        self._seen: list[os.stat_result] = []
        self._journal = _Journal(
            root=os.path.realpath(root),
            git_dir=os.path.realpath(git_dir),
            token=os.urandom(8).hex(),
            beside=beside,
            files=tuple((change.path, hashlib.sha256(change.new).hexdigest()) for change in changes),
        )

    def run(self) -> None:
        """Stage, rename, commit, clean; undo whatever was done when something fails before the commit.

        Raises: WriteError, Interrupted, _OtherDeviceError.
        """
        self._inspect()
        try:
            self._journal.record()
            self._stage()
            self._rename()
            _stop_if(self._interrupted)
            self._journal.commit()
            _stop_if(self._interrupted)
        except BaseException as error:
            trouble = self._undo()
            if isinstance(error, OSError):
                if error.errno == errno.EXDEV and not trouble and not self._journal.beside:
                    raise _OtherDeviceError from error
                raise _refused(error, trouble or "nothing was changed") from error
            if trouble:
                error.add_note(trouble)
            raise
        with suppress(OSError):  # the new tree stands; what cannot be removed now is removed by the next command
            self._journal.clean()

    def _inspect(self) -> None:
        known: set[str] = set()
        inodes: set[tuple[int, int]] = set()
        for change in self._changes:
            target = f"{self._journal.root}/{change.path}"
            try:
                if not _is_plain(change.path) or not _is_reached_plainly(self._journal.root, os.path.dirname(change.path), known):
                    raise WriteError("not inside the repository, or behind a link; lockstep writes no other files", path=change.path)
                status = os.lstat(target)
                if not stat.S_ISREG(status.st_mode):
                    raise WriteError("not a regular file; lockstep writes no other", path=change.path)
                if not status.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
                    raise WriteError("the file is read-only", path=change.path, help=f"chmod u+w {change.path}, then run the command again")
                if _read(target) != change.old:
                    raise _changed(change.path)
            except OSError as error:
                error.filename = change.path
                raise _refused(error, "nothing was changed") from None
            if (status.st_dev, status.st_ino) in inodes and status.st_nlink == 1:
                raise WriteError("two paths of the plan are one file: this file system does not tell upper case from lower", path=change.path)
            inodes.add((status.st_dev, status.st_ino))
            self._seen.append(status)
        for folder in self._journal.folders():
            if not os.access(folder, os.W_OK | os.X_OK):
                raise WriteError("the folder is read-only; a file in it cannot be replaced", path=os.path.relpath(folder, self._journal.root))

    def _stage(self) -> None:
        journal = self._journal
        if not journal.beside:
            os.mkdir(journal.staging, 0o700)
        _in_parallel(self._stage_one, range(len(self._changes)))
        _in_parallel(_sync_folder, [journal.git_dir, *(journal.folders() if journal.beside else [journal.staging])])

    def _stage_one(self, number: int) -> None:
        _stop_if(self._interrupted)
        journal, change, status = self._journal, self._changes[number], self._seen[number]
        try:
            _create(journal.staged(number), change.new, status)
            try:
                os.link(journal.target(number), journal.kept(number))
            except OSError as error:
                if error.errno == errno.EXDEV:
                    raise
                _create(journal.kept(number), change.old, status)  # a file system without hard links
        except OSError as error:
            error.filename = change.path
            raise

    def _rename(self) -> None:
        journal = self._journal
        for number, (change, seen) in enumerate(zip(self._changes, self._seen, strict=True)):
            _stop_if(self._interrupted)
            target = journal.target(number)
            try:
                if _identity(os.lstat(target)) != _identity(seen):
                    raise _changed(change.path)
                os.replace(journal.staged(number), target)
            except OSError as error:
                error.filename = change.path
                raise
        _in_parallel(_sync_folder, journal.folders())

    def _undo(self) -> str:
        """Put the old tree back; give what went wrong with that, or nothing."""
        try:
            self._journal.revoke()
            left = self._journal.roll_back(again=False)
        except OSError as error:
            return f"undoing it failed too ({_reason(error)}), the tree is half written: run any lockstep command again, it undoes the rest"
        with suppress(OSError):  # the old tree stands; what cannot be removed now is removed by the next command
            self._journal.clean()
        return f"all was undone but {', '.join(left)}, which changed in the meantime" if left else ""


def _recover(root: StrPath, git_dir: StrPath) -> Recovery | None:
    try:
        done = _recover_one(os.path.realpath(root), os.path.realpath(git_dir))
        _unlink(f"{git_dir}/{FRESH}")
        if _status(f"{git_dir}/{CREATED}") is not None:
            _unlink(f"{root}/{BESIDE}")
            _unlink(f"{git_dir}/{CREATED}")
    except OSError as error:
        raise WriteError(
            f"an interrupted write could not be undone: {_reason(error)}",
            path=str(error.filename or ""),
            help="mend that, then run any lockstep command again",
        ) from error
    return done


def _recover_one(root: str, git_dir: str) -> Recovery | None:
    for name in (JOURNAL, COMMITTED):
        path = f"{git_dir}/{name}"
        if _status(path) is None:
            continue
        journal = _read_journal(root, git_dir, path)
        paths = tuple(path for path, _ in journal.files)
        left = journal.roll_back(again=True) if name == JOURNAL else []
        journal.clean()
        if left:
            raise WriteError(
                f"an interrupted write of {counted(len(paths), 'file')} was undone, but for {', '.join(left)}: changed since, and left as it is",
                path=left[0],
                help="git diff shows what became of it; lockstep check tells whether all versions agree",
            )
        return Recovery(finished=name == COMMITTED, paths=paths)
    return None


def _read_journal(root: str, git_dir: str, path: str) -> _Journal:
    """Read a journal that a dead process left, and believe nothing of it.

    Raises: WriteError when it is not one of ours, or names a file that is not inside the repository.
    """
    try:
        data = json.loads(_read(path))
        token, beside, files = data["token"], data["beside"], tuple((file, digest) for file, digest in data["files"])
        sound = data["lockstep"] == FORMAT and isinstance(beside, bool) and isinstance(token, str) and re.fullmatch("[0-9a-f]{16}", token)
        sound = sound and all(isinstance(file, str) and isinstance(digest, str) for file, digest in files)
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise WriteError("the journal of an interrupted write is damaged", path=path, help="compare the work tree with git diff, then delete the journal")
    known: set[str] = set()
    for file, _ in files:
        if not _is_plain(file) or not _is_reached_plainly(root, os.path.dirname(file), known):
            raise WriteError(
                f"the journal of an interrupted write names {file}, which is not inside the repository, or behind a link",
                path=path,
                help="compare the work tree with git diff, then delete the journal",
            )
    journal = _Journal(root=root, git_dir=git_dir, token=token, beside=beside, files=files)
    if (staging := _status(journal.staging)) is not None and not stat.S_ISDIR(staging.st_mode):
        raise WriteError("the staging folder of an interrupted write is a link or a file", path=journal.staging, help="delete it and the journal")
    return journal


def _is_plain(path: str) -> bool:
    """Say whether a path from outside names something below the root, and nothing of git's."""
    parts = path.split("/")
    if os.name == "nt" and ("\\" in path or ":" in path):
        return False
    return "\0" not in path and not any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)


def _is_reached_plainly(root: str, folder: str, known: set[str]) -> bool:
    """Say whether no link stands on the way to a folder; what is missing is none. `known` saves asking twice."""
    if not folder or folder in known:
        return True
    if not _is_reached_plainly(root, os.path.dirname(folder), known):
        return False
    status = _status(f"{root}/{folder}")
    if status is not None and (not stat.S_ISDIR(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION):
        return False
    known.add(folder)
    return True


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_file(path: str) -> bool:
    status = _status(path)
    return status is not None and stat.S_ISREG(status.st_mode)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode, status.st_uid, status.st_gid


def _read(path: str) -> bytes:
    descriptor = os.open(path, _READ)
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, size + 1)
        while len(data) < size and (more := os.read(descriptor, size + 1 - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)


def _digest(path: str) -> str | None:
    """Give the SHA-256 of a file; None when there is no regular file."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL, and most commands find nothing to recover

    return hashlib.sha256(_read(path)).hexdigest() if _is_file(path) else None


def _create(path: str, data: bytes, like: os.stat_result) -> None:
    """Write a new file that has the owner and the mode of another, and sync it."""
    descriptor = os.open(path, _CREATE, like.st_mode & 0o777)
    try:
        _write_all(descriptor, data)
        if sys.platform != "win32":
            mode = stat.S_IMODE(like.st_mode)
            own = os.fstat(descriptor)
            if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid) and not _give(descriptor, like):
                mode &= ~(stat.S_ISUID | stat.S_ISGID)  # they would lend the rights of somebody else
            if mode != stat.S_IMODE(own.st_mode):
                os.fchmod(descriptor, mode)  # after the owner: chown(2) clears set-user-ID
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link_or_copy(staged: str, target: str, beside: str, data: bytes, like: os.stat_result) -> None:
    """Give a staged file its name, if nobody has that name yet; where no link leads there, a copy of it.

    Raises: FileExistsError.
    """
    try:
        os.link(staged, target)
    except FileExistsError:
        raise
    except OSError:
        try:
            _create(beside, data, like)
            if _status(target) is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
            os.replace(beside, target)
        except OSError:
            with suppress(OSError):
                _unlink(beside)
            raise


def _give(descriptor: int, like: os.stat_result) -> bool:
    """Give a file to an owner and a group, or to the group at least; say whether both are right now."""
    if sys.platform == "win32":
        return True
    try:
        os.fchown(descriptor, like.st_uid, like.st_gid)
    except PermissionError:
        with suppress(PermissionError):
            os.fchown(descriptor, -1, like.st_gid)
        return False
    return True


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _unlink(name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name)


def _sync_folder(folder: str) -> None:
    if os.name == "nt":
        return  # folders cannot be opened there; NTFS journals renames itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems cannot sync a folder and say so: PostgreSQL lets the same two pass, src/common/file_utils.c, fsync_fname
        if error.errno not in (errno.EINVAL, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def _in_parallel(do: Callable[[_Item], None], items: Iterable[_Item]) -> None:
    """Do it for every item, several at a time; when one fails, stop, and raise that once all threads are idle."""
    todo = deque(items)
    errors: list[BaseException] = []

    def work() -> None:
        while not errors:
            try:
                item = todo.popleft()
            except IndexError:
                return
            try:
                do(item)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller's thread
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(min(WORKERS, len(todo)) - 1)]
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:  # the system gives no more of them
            del threads[number:]
            break
    work()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _stop_if(interrupted: Callable[[], bool]) -> None:
    if interrupted():
        raise Interrupted


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _refused(error: OSError, outcome: str) -> WriteError:
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None
    return WriteError(f"cannot be written: {_reason(error)}; {outcome}", path=path, help="mend that, then run the command again")


def _changed(path: str) -> WriteError:
    return WriteError("the file changed while lockstep was working; nothing was changed", path=path, help="run the command again")


@contextmanager
def _locked(git_dir: StrPath, *, patience: float) -> Iterator[None]:
    """Let one lockstep write at a time; the system drops the lock when the process dies.

    Raises: WriteError when another one still writes after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    try:
        descriptor = _open_lock(git_dir)
    except OSError as error:
        raise _refused(error, "nothing was changed") from None
    try:
        while not _take_lock(descriptor):
            if time.monotonic() >= deadline:
                raise WriteError("another lockstep is writing into this repository", path=str(git_dir), help="wait for it, then run the command again")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _open_lock(git_dir: StrPath) -> int:
    if sys.platform == "win32":
        return os.open(f"{git_dir}/{LOCK}", os.O_RDWR | os.O_CREAT)
    return os.open(git_dir, os.O_RDONLY | os.O_CLOEXEC)


def _take_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - Windows alone has it

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a network file system without locks for folders: as if alone
    return True


@contextmanager
def _deferred() -> Iterator[Callable[[], bool]]:
    """Hold Ctrl-C, SIGTERM and SIGHUP back until a step is done, so that they never fall between two halves of one."""
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)

    before = {}
    for number in (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")):
        if number is None or signal.getsignal(number) in (signal.SIG_IGN, None):
            continue  # not on this system; ignored, as by nohup; or not Python's to restore
        with suppress(ValueError):  # not the main thread: nobody can interrupt us
            before[number] = signal.signal(number, note)
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
