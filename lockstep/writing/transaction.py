"""The transaction that replaces files of a repository: all of them or none, whatever happens.

    inspect    every target is a plain file inside the repository and says what the plan saw
    journal    what is about to be written is recorded in git's folder and synced
    stage      every new file is written and synced in a folder below git's; a hard link there keeps each old file
    rename     each staged file takes the place of its target; the folders are synced
    release    where one is wanted: git commits the files, on a copy of its index, and tags the commit
    commit     one rename of the journal to its second name decides: from here on the new tree stands
    clean      the kept files and the journal go

A kill before the commit leaves a journal from which `recover` undoes the write; a kill after it, one that only needs cleaning. So does
an error or an interrupt, at once. Undoing renames and removes, and nothing else: a full disk cannot stop it. It can be killed and
repeated, for every file's state shows in what lies in the staging folder:

    new file, old file     not renamed yet: what stands at the target is not ours
    old file only          renamed: the old file goes back, if the target still holds our bytes
    neither                not staged yet, or already back

A file that somebody edited after the kill is never overwritten: the rest goes back, and a WriteError names the file, once. What a hook makes of
a file while lockstep lives goes back too; an object of git's keeps it, and is named.

Of a release, git is asked what it has done, whatever its exit code. After a kill the new tree stands where git has the commit and the tag, or
where something was built on the commit; else the commit is taken back before the files are.

Nothing of a write shows in the work tree but one rename per file. Where git's folder is on another file system than the files, they
are staged beside their targets instead, under names that start with `.lockstep-`.

A file that has several hard links loses them, as with git; the other names keep the old bytes.

Source: rename(2), fsync(2), link(2); Pillai et al., All File Systems Are Not Created Equal, OSDI 2014, for why folders are synced too.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError, RefusedByGitError, WriteError
from lockstep.repository.programs import StrPath
from lockstep.writing.durable_files import create_like, identity, read_file, replace, status_of, sync_folder
from lockstep.writing.journal import Journal
from lockstep.writing.lock import locked
from lockstep.writing.parallel import in_parallel
from lockstep.writing.paths import is_free_of_links, is_within_root
from lockstep.writing.recovery import undo_interrupted
from lockstep.writing.signals import Interrupted, deferred, stop_if
from lockstep.writing.system_errors import reason, refused

if TYPE_CHECKING:
    from lockstep.model import Record, Recorded
    from lockstep.writing.release import Release


@dataclass(frozen=True, slots=True)
class Change:
    """One file of a write: its path below the root, the bytes that must stand there now, and the bytes that will."""

    path: str
    old: bytes
    new: bytes


class _OtherDeviceError(Exception):
    """Nothing can be renamed from git's folder to the files."""


def write_and_record(root: StrPath, git_dir: StrPath, changes: list[Change], wanted: Record) -> Recorded:
    """Write all changes, commit them and tag the commit, or nothing of all that.

    Raises: WriteError as `write` does, and with git's words when that refuses; Interrupted. The old tree, HEAD, index and tags stand.
    """
    from lockstep.writing import commit  # noqa: PLC0415 - only a release pays for it

    if not changes:
        raise WriteError("every place says this version already; there is nothing to commit", help="git tag --annotate gives HEAD a tag")
    with locked(git_dir, patience=0), deferred() as interrupted:
        undo_interrupted(root, git_dir)
        release = commit.prepared(os.path.realpath(root), os.path.realpath(git_dir), wanted)

        def record(journal: Journal) -> Recorded:
            return commit.make(journal, wanted, interrupted)

        done = _run(root, git_dir, changes, interrupted, _Recording(release, record))
        assert done is not None
        late = interrupted()
    if late:
        error = KeyboardInterrupt()
        error.add_note("everything was written before")
        raise error
    return done


def write(root: StrPath, git_dir: StrPath, changes: list[Change]) -> None:
    """Write all changes or none.

    Raises: WriteError when a file is not what the plan saw, cannot be written, or the disk refuses: the old tree stands.
    Interrupted on Ctrl-C, SIGTERM or SIGHUP: the old tree stands.
    """
    if not changes:
        return
    with locked(git_dir, patience=0):
        with deferred() as interrupted:
            undo_interrupted(root, git_dir)
            _run(root, git_dir, changes, interrupted)
        if interrupted():  # after the commit, when it was too late to stop
            try:
                with deferred():
                    _run(root, git_dir, [Change(path=change.path, old=change.new, new=change.old) for change in changes], lambda: False)
            except WriteError as error:
                raise WriteError(
                    f"interrupted when everything was written, and it cannot be taken back: the new tree stands; {error.message}", path=error.path
                ) from error
            raise Interrupted


@dataclass(frozen=True, slots=True)
class _Recording:
    """The release that a write ends with, and what makes it."""

    release: Release
    make: Callable[[Journal], Recorded]


def _run(root: StrPath, git_dir: StrPath, changes: Sequence[Change], interrupted: Callable[[], bool], recording: _Recording | None = None) -> Recorded | None:
    try:
        return _Transaction(root, git_dir, changes, interrupted, recording, beside=False).run()
    except _OtherDeviceError:
        return _Transaction(root, git_dir, changes, interrupted, recording, beside=True).run()


class _Transaction:
    def __init__(
        self,
        root: StrPath,
        git_dir: StrPath,
        changes: Sequence[Change],
        interrupted: Callable[[], bool],
        recording: _Recording | None,
        *,
        beside: bool,
    ) -> None:
        self._changes = changes
        self._interrupted = interrupted
        self._recording = recording
        self._seen: list[os.stat_result] = []
        self._journal = Journal(
            root=os.path.realpath(root),
            git_dir=os.path.realpath(git_dir),
            token=os.urandom(8).hex(),
            beside=beside,
            files=tuple((change.path, hashlib.sha256(change.new).hexdigest()) for change in changes),
            before=tuple(hashlib.sha256(change.old).hexdigest() for change in changes),
            release=None if recording is None else recording.release,
        )

    def run(self) -> Recorded | None:
        """Stage, rename, record, commit, clean; undo whatever was done when something fails before the commit.

        Raises: WriteError, Interrupted, _OtherDeviceError.
        """
        self._inspect()
        recorded = None
        try:
            self._journal.record()
            self._stage()
            self._rename()
            stop_if(self._interrupted)
            if self._recording is not None:
                recorded = self._record(self._recording)
            self._journal.commit()
            stop_if(self._interrupted)
        except BaseException as error:
            trouble = self._undo_all(error)
            if isinstance(error, RefusedByGitError):
                error.message += f"; {trouble or 'the edits were taken back'}"
                raise
            if isinstance(error, OSError):
                if error.errno == errno.EXDEV and not trouble and not self._journal.beside:
                    raise _OtherDeviceError from error
                raise refused(error, trouble or "nothing was changed") from error
            if trouble:
                error.add_note(trouble)
            raise
        with suppress(OSError):  # the new tree stands; what cannot be removed now is removed by the next command
            if recorded is not None:
                from lockstep.writing import git_index  # noqa: PLC0415 - only a release pays for it

                git_index.unlock(self._journal)
            self._journal.clean()
        return recorded

    def _record(self, recording: _Recording) -> Recorded:
        """Have git make the release, on a copy of its index, which takes the index's place in the end."""
        from lockstep.writing import git_index  # noqa: PLC0415 - only a release pays for it

        recorded = recording.make(self._journal)
        stop_if(self._interrupted)
        git_index.publish(self._journal)
        return recorded

    def _inspect(self) -> None:
        known: set[str] = set()
        inodes: set[tuple[int, int]] = set()
        for change in self._changes:
            target = f"{self._journal.root}/{change.path}"
            try:
                if not is_within_root(change.path) or not is_free_of_links(self._journal.root, os.path.dirname(change.path), known):
                    raise WriteError("not inside the repository, or behind a link; lockstep writes no other files", path=change.path)
                status = os.lstat(target)
                if not stat.S_ISREG(status.st_mode):
                    raise WriteError("not a regular file; lockstep writes no other", path=change.path)
                if not status.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
                    raise WriteError("the file is read-only", path=change.path, help=f"chmod u+w {change.path}, then run the command again")
                if read_file(target) != change.old:
                    raise _changed(change.path)
            except OSError as error:
                error.filename = change.path
                raise refused(error, "nothing was changed") from None
            if (status.st_dev, status.st_ino) in inodes and status.st_nlink == 1:
                raise WriteError("two paths of the plan are one file: this file system does not tell upper case from lower", path=change.path)
            inodes.add((status.st_dev, status.st_ino))
            self._seen.append(status)
        for folder in self._journal.folders():
            if not os.access(folder, os.W_OK | os.X_OK):
                raise WriteError("the folder is read-only; a file in it cannot be replaced", path=os.path.relpath(folder, self._journal.root))

    def _stage(self) -> None:
        journal = self._journal
        if not journal.beside or self._recording is not None:
            os.mkdir(journal.staging, 0o700)
        if self._recording is not None:
            from lockstep.writing import git_index, git_locks  # noqa: PLC0415 - only a release pays for it

            git_locks.refuse(journal)
            git_index.copy(journal)
        in_parallel(self._stage_one, range(len(self._changes)))
        in_parallel(sync_folder, [journal.git_dir, *(journal.folders() if journal.beside else [journal.staging])])

    def _stage_one(self, number: int) -> None:
        stop_if(self._interrupted)
        journal, change, status = self._journal, self._changes[number], self._seen[number]
        try:
            create_like(journal.staged(number), change.new, status)
            try:
                os.link(journal.target(number), journal.kept(number))
            except OSError as error:
                if error.errno == errno.EXDEV:
                    raise
                create_like(journal.kept(number), change.old, status)  # a file system without hard links
            linked = os.lstat(journal.target(number))
            if identity(linked) != identity(status) or read_file(journal.target(number)) != change.old:
                raise _changed(change.path)
            self._seen[number] = linked
        except OSError as error:
            error.filename = change.path
            raise

    def _rename(self) -> None:
        journal = self._journal
        for number, (change, seen) in enumerate(zip(self._changes, self._seen, strict=True)):
            stop_if(self._interrupted)
            target = journal.target(number)
            try:
                # The time of change moves with every edit, and nobody can set it back; the link has moved it, too
                now = os.lstat(target)
                if (identity(now), now.st_ctime_ns) != (identity(seen), seen.st_ctime_ns):
                    raise _changed(change.path)
                replace(journal.staged(number), target)
            except OSError as error:
                error.filename = change.path
                raise
        in_parallel(sync_folder, journal.folders())

    def _undo_all(self, error: BaseException) -> str:
        """Take back what git has done, then put the old tree back; give what went wrong with that, or nothing."""
        if self._recording is None:
            return self._undo()
        from lockstep.writing import commit  # noqa: PLC0415 - only a release pays for it

        begun = status_of(self._journal.git_note) is not None
        try:
            self._journal.revoke()
            if not commit.undo(self._journal):
                commit.stand(self._journal)
                self._journal.clean()
                return "but something was built on the commit meanwhile: it stands, and so do the edits"
        except (LockstepError, OSError) as failure:
            return f"taking back what git did failed too ({failure}): run any lockstep command again, it does the rest"
        said: list[str] = []
        trouble = self._undo(commit.keeper(self._journal, said) if begun else None)
        for one in said:
            error.add_note(one)
        return trouble

    def _undo(self, keep: Callable[[str], bool] | None = None) -> str:
        """Put the old tree back; give what went wrong with that, or nothing."""
        try:
            self._journal.revoke()
            left = self._journal.roll_back(again=False, keep=keep or (lambda _: False))
        except OSError as error:
            return f"undoing it failed too ({reason(error)}), the tree is half written: run any lockstep command again, it undoes the rest"
        with suppress(OSError):  # the old tree stands; what cannot be removed now is removed by the next command
            self._journal.clean()
        return f"all was undone but {', '.join(left)}, which changed in the meantime" if left else ""


def _changed(path: str) -> WriteError:
    return WriteError("the file changed while lockstep was working; nothing was changed", path=path, help="run the command again")
