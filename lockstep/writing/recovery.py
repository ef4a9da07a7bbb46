"""The recovery from a write that was interrupted: undone before its commit, cleaned up after it."""

from __future__ import annotations

import os

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError, WriteError
from lockstep.repository.programs import StrPath
from lockstep.wording import counted
from lockstep.writing.durable_files import remove, status_of
from lockstep.writing.journal import Journal, read_journal
from lockstep.writing.journal_files import BESIDE, COMMITTED, CREATED, FRESH, JOURNAL, exist
from lockstep.writing.lock import locked
from lockstep.writing.signals import Interrupted, deferred
from lockstep.writing.system_errors import reason

PATIENCE = 10.0
"""Seconds that a command waits for another lockstep that is writing."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a recovery did: `finished` the interrupted write, or undid it; `paths` are the files concerned, and `released` says that git was, too."""

    finished: bool
    paths: tuple[str, ...]
    released: bool = False


def recover(root: StrPath, git_dir: StrPath) -> Recovery | None:
    """Undo a write that was interrupted, or clean up after one that was complete; None when there was none, or a lockstep waits for git with all written.

    Raises: WriteError when that is not possible; the journal stays for the next time. WriteError, too, when a file was edited after the
    interruption: all others are back, that one is left as it is, and the journal is gone.
    """
    if not exist(git_dir) or _is_recording(root, git_dir):
        return None
    with locked(git_dir, patience=PATIENCE):
        with deferred() as interrupted:
            done = undo_interrupted(root, git_dir)
        if interrupted():
            raise Interrupted
        return done


def undo_interrupted(root: StrPath, git_dir: StrPath) -> Recovery | None:
    """Recover under the lock that the caller holds.

    Raises: WriteError as `recover` does.
    """
    try:
        done = _recover_one(os.path.realpath(root), os.path.realpath(git_dir))
        remove(f"{git_dir}/{FRESH}")
        if status_of(f"{git_dir}/{CREATED}") is not None:
            remove(f"{root}/{BESIDE}")
            remove(f"{git_dir}/{CREATED}")
    except OSError as error:
        raise WriteError(
            f"an interrupted write could not be undone: {reason(error)}",
            path=str(error.filename or ""),
            help="mend that, then run any lockstep command again",
        ) from error
    return done


def _recover_one(root: str, git_dir: str) -> Recovery | None:
    for name in (JOURNAL, COMMITTED):
        path = f"{git_dir}/{name}"
        if status_of(path) is None:
            continue
        journal = read_journal(root, git_dir, path)
        paths = tuple(path for path, _ in journal.files)
        if journal.release is not None:
            finished, told = _settle(journal, decided=name == COMMITTED)
        else:
            finished, told = name == COMMITTED, None
        left = [] if finished else journal.roll_back(again=True)
        journal.clean()
        if told is not None:
            raise told
        if left:
            raise WriteError(
                f"an interrupted write of {counted(len(paths), 'file')} was undone, but for {', '.join(left)}: changed since, and left as it is",
                path=left[0],
                help="git diff shows what became of it; lockstep check tells whether all versions agree",
            )
        return Recovery(finished=finished, paths=paths, released=journal.release is not None)
    return None


def _settle(journal: Journal, *, decided: bool) -> tuple[bool, WriteError | None]:
    """Bring git to an end with a release; say whether that stands, and give what is to be told of it."""
    from lockstep.writing import commit, git_index  # noqa: PLC0415 - only a release pays for it

    if decided:
        git_index.unlock(journal)
        return True, None
    try:
        finished = commit.settle(journal)
        return finished, commit.lacks_tag(journal) if finished else None
    except RepositoryError as error:
        raise WriteError(f"an interrupted release could not be undone: {error}", help="mend that, then run any lockstep command again") from error


def _is_recording(root: StrPath, git_dir: StrPath) -> bool:
    """Say whether another lockstep has written all files, and waits for git: a hook of that commit may be who asks."""
    try:
        journal = read_journal(os.path.realpath(root), os.path.realpath(git_dir), f"{git_dir}/{JOURNAL}")
    except (OSError, WriteError):
        return False
    if journal.release is None or status_of(journal.git_paths) is None:
        return False
    try:
        with locked(git_dir, patience=0):
            return False
    except WriteError:
        return True
