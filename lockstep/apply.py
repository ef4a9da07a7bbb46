"""The hands: the only code of lockstep that writes into a repository. All or nothing, whatever happens.

    stage      every new file is written beside its target and synced; a hard link keeps each old file; the journal names them all
    commit     one rename of the journal decides: from here on, the new tree is what a recovery makes
    rename     each staged file takes the place of its target
    clean      links and journal go

A kill before the commit leaves the old tree and some files that `recover` removes; a kill after it leaves a journal from which
`recover` finishes. An error or an interrupt on the way turns the journal to `undo` and puts every old file back. The journal lies in
git's folder, so it is never part of the tree.

Source: rename(2), fsync(2); Pillai et al., All File Systems Are Not Created Equal, OSDI 2014, for why folders are synced too.
"""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType

from lockstep.errors import WriteError

JOURNAL = "lockstep-journal.json"
LOCK = "lockstep.lock"


class Phase(StrEnum):
    """What a recovery must do with a journal."""

    STAGING = "staging"  # nothing was renamed: remove what was staged
    COMMITTED = "committed"  # finish the renames
    UNDO = "undo"  # put the old files back


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


def write(root: Path, git_dir: Path, changes: list[Change]) -> None:
    """Write all changes or none.

    Raises: WriteError when a file is not what the plan saw, cannot be written, or the disk refuses: the old tree stands.
    Interrupted on Ctrl-C or SIGTERM: the old tree stands.
    """
    if not changes:
        return
    with _locked(git_dir), _deferred() as interrupted:
        _recover(root, git_dir)
        _Transaction(root, git_dir, changes, interrupted).run()


def recover(root: Path, git_dir: Path) -> Recovery | None:
    """Finish or undo a write that was interrupted; None when there was none.

    Raises: WriteError when that is not possible either; the journal stays for the next time.
    """
    if not (git_dir / JOURNAL).exists() and not (git_dir / f"{JOURNAL}.new").exists():
        return None
    with _locked(git_dir), _deferred():
        return _recover(root, git_dir)


class _Transaction:
    def __init__(self, root: Path, git_dir: Path, changes: list[Change], interrupted: Callable[[], bool]) -> None:
        self._root = root
        self._git_dir = git_dir
        self._changes = changes
        self._interrupted = interrupted
        token = f"{os.getpid():x}"
        self._entries = [
            {
                "path": change.path,
                "staged": _beside(change.path, f".lockstep-{token}-{number}.new"),
                "kept": _beside(change.path, f".lockstep-{token}-{number}.old"),
            }
            for number, change in enumerate(changes)
        ]

    def run(self) -> None:
        """Stage, commit, rename, clean; undo whatever was done when something fails before the last rename."""
        for change in self._changes:
            self._inspect(change)
        try:
            self._journal(Phase.STAGING)
            for change, entry in zip(self._changes, self._entries, strict=True):
                self._stop_if_interrupted()
                self._stage(change, entry)
            self._journal(Phase.COMMITTED)
            for entry in self._entries:
                self._stop_if_interrupted()
                os.rename(self._root / entry["staged"], self._root / entry["path"])
            _sync_folders(self._root, self._entries)
            self._stop_if_interrupted()
        except BaseException as error:
            self._undo(error)
            raise
        with suppress(OSError):  # the new tree stands; what cannot be cleaned now is cleaned by the next command
            _clean(self._root, self._git_dir, self._entries)

    def _stop_if_interrupted(self) -> None:
        if self._interrupted():
            raise Interrupted

    def _inspect(self, change: Change) -> None:
        target = self._root / change.path
        try:
            status = os.lstat(target)
            if not stat.S_ISREG(status.st_mode) or os.path.realpath(target) != os.path.join(os.path.realpath(self._root), change.path):
                raise WriteError("not a regular file inside of the repository; lockstep writes no other", path=change.path)
            if not os.access(target, os.W_OK) or not status.st_mode & stat.S_IWUSR:
                raise WriteError("the file is read-only", path=change.path, help=f"chmod u+w {change.path}, then run the command again")
            if target.read_bytes() != change.old:
                raise WriteError("the file changed while lockstep was working", path=change.path, help="run the command again")
        except OSError as error:
            raise _refused(error, change.path) from None

    def _stage(self, change: Change, entry: Mapping[str, str]) -> None:
        target, staged = self._root / change.path, self._root / entry["staged"]
        try:
            status = os.lstat(target)
            descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _write_all(descriptor, change.new)
                if hasattr(os, "fchmod"):
                    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
                if hasattr(os, "fchown") and (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                    with suppress(PermissionError):
                        os.fchown(descriptor, status.st_uid, status.st_gid)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            _keep(target, self._root / entry["kept"], change.old)
        except OSError as error:
            raise _refused(error, change.path) from error

    def _journal(self, phase: Phase) -> None:
        try:
            _write_journal(self._git_dir, phase, self._entries)
        except OSError as error:
            raise _refused(error, str(self._git_dir / JOURNAL)) from error

    def _undo(self, error: BaseException) -> None:
        try:
            journal = _read_journal(self._git_dir)
            if journal is None or journal[0] is Phase.STAGING:
                _clean(self._root, self._git_dir, self._entries)
                return
            _write_journal(self._git_dir, Phase.UNDO, self._entries)
            _put_back(self._root, self._entries)
            _clean(self._root, self._git_dir, self._entries)
        except OSError as second:
            error.add_note(f"undoing it failed too ({second.strerror}): run any lockstep command again, it finishes or undoes the write")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _keep(target: Path, kept: Path, old: bytes) -> None:
    """Keep the old file under a second name; a copy where the file system has no hard links."""
    try:
        os.link(target, kept)
    except OSError:
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(os.lstat(target).st_mode))
        try:
            _write_all(descriptor, old)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_journal(git_dir: Path, phase: Phase, entries: list[dict[str, str]]) -> None:
    fresh = git_dir / f"{JOURNAL}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write_all(descriptor, json.dumps({"lockstep": 1, "phase": phase, "files": entries}).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.rename(fresh, git_dir / JOURNAL)
    _sync_folder(git_dir)


def _read_journal(git_dir: Path) -> tuple[Phase, list[dict[str, str]]] | None:
    try:
        data = json.loads((git_dir / JOURNAL).read_bytes())
        entries = [{key: str(entry[key]) for key in ("path", "staged", "kept")} for entry in data["files"]]
        phase = Phase(data["phase"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise WriteError(
            "the journal of an interrupted write is damaged",
            path=str(git_dir / JOURNAL),
            help="compare the work tree with git diff, then delete the journal",
        ) from error
    for entry in entries:
        for name in entry.values():
            if name.startswith("/") or ".." in Path(name).parts:
                raise WriteError("the journal of an interrupted write names a file outside of the repository", path=str(git_dir / JOURNAL))
    return phase, entries


def _recover(root: Path, git_dir: Path) -> Recovery | None:
    with suppress(FileNotFoundError):
        os.unlink(git_dir / f"{JOURNAL}.new")
    journal = _read_journal(git_dir)
    if journal is None:
        return None
    phase, entries = journal
    paths = tuple(entry["path"] for entry in entries)
    try:
        match phase:
            case Phase.COMMITTED:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        os.rename(root / entry["staged"], root / entry["path"])
                _sync_folders(root, entries)
            case Phase.UNDO:
                _put_back(root, entries)
            case Phase.STAGING:
                pass
        _clean(root, git_dir, entries)
    except OSError as error:
        raise WriteError(
            f"an interrupted write could not be {'finished' if phase is Phase.COMMITTED else 'undone'}: {(error.strerror or str(error)).lower()}",
            path=str(error.filename or ""),
            help="mend that, then run any lockstep command again",
        ) from error
    return Recovery(finished=phase is Phase.COMMITTED, paths=paths)


def _put_back(root: Path, entries: list[dict[str, str]]) -> None:
    for entry in entries:
        with suppress(FileNotFoundError):
            os.rename(root / entry["kept"], root / entry["path"])
    _sync_folders(root, entries)


def _clean(root: Path, git_dir: Path, entries: list[dict[str, str]]) -> None:
    for entry in entries:
        for name in (entry["staged"], entry["kept"]):
            with suppress(FileNotFoundError):
                os.unlink(root / name)
    for name in (f"{JOURNAL}.new", JOURNAL):
        with suppress(FileNotFoundError):
            os.unlink(git_dir / name)
    _sync_folder(git_dir)


def _sync_folders(root: Path, entries: list[dict[str, str]]) -> None:
    for folder in sorted({os.path.dirname(root / entry["path"]) for entry in entries}):
        _sync_folder(folder)


def _sync_folder(folder: str | Path) -> None:
    if os.name == "nt":
        return  # folders cannot be opened there; NTFS journals renames itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: str, name: str) -> str:
    folder = path.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name


def _refused(error: OSError, path: str) -> WriteError:
    return WriteError(
        f"cannot be written: {(error.strerror or str(error)).lower()}; nothing was changed", path=path, help="mend that, then run the command again"
    )


@contextmanager
def _locked(git_dir: Path) -> Iterator[None]:
    """Let one lockstep write at a time; the system drops the lock when the process dies."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        yield
        return
    try:
        descriptor = os.open(git_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _refused(error, str(git_dir / LOCK)) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WriteError(
                "another lockstep is writing into this repository", path=str(git_dir / LOCK), help="wait for it, then run the command again"
            ) from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _deferred() -> Iterator[Callable[[], bool]]:
    """Hold Ctrl-C and SIGTERM back until a step is done, so that they never fall between two halves of one."""
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)

    before = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError):  # not the main thread: nobody can interrupt us
            before[number] = signal.signal(number, note)
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
