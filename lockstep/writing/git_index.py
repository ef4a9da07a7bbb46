"""The index of the work tree while a release is made: git works on a copy of it, which takes its place when all is done.

Meanwhile git's own lock keeps everybody else away. It says whose it is, and a kill leaves it with what can be told from any other.

Source: gitformat-index(5), git(1) on GIT_INDEX_FILE
"""

from __future__ import annotations

import os

from lockstep.errors import WriteError
from lockstep.writing.durable_files import CREATE_NEW, create_like, read_file, remove, replace, status_of, write_all
from lockstep.writing.journal import Journal


def copy(journal: Journal) -> str:
    """Lock the index and copy it; give the copy.

    Raises: WriteError when it is locked, OSError.
    """
    index, mark = f"{journal.git_dir}/index", f"{journal.staging}/index.mark"
    descriptor = os.open(mark, CREATE_NEW, 0o644)
    try:
        write_all(descriptor, _mark(journal))
    finally:
        os.close(descriptor)
    try:
        _link(mark, _lock(journal), _mark(journal))
    except FileExistsError:
        raise locked(_lock(journal)) from None
    status = os.lstat(index)
    # The old one last: where it stands alone, the new one has taken the index's place, and not been cut off while it was written
    for name in (journal.new_index, journal.old_index):
        create_like(name, read_file(index), status)
        # What was written in the second of the index is compared by content, and would not be with a newer index: racy-git
        os.utime(name, ns=(status.st_atime_ns, status.st_mtime_ns))
    return journal.new_index


def publish(journal: Journal) -> None:
    """Put the copy in the place of the index, where that was not done before."""
    if status_of(journal.new_index) is not None and is_ours(journal):
        replace(journal.new_index, f"{journal.git_dir}/index")


def restore(journal: Journal) -> None:
    """Put the old index back, where the copy took its place."""
    if status_of(journal.old_index) is not None and status_of(journal.new_index) is None and is_ours(journal):
        replace(journal.old_index, f"{journal.git_dir}/index")


def unlock(journal: Journal) -> None:
    """Let everybody have the index."""
    if is_ours(journal):
        remove(_lock(journal))


def locked(path: str) -> WriteError:
    """Make the error of a lock of git's that somebody else holds."""
    return WriteError(
        "this lock of git's is held: another git is at work, or was killed; nothing was changed",
        path=path,
        help="wait for that git; where none is at work in this repository, delete the file",
    )


def _lock(journal: Journal) -> str:
    return f"{journal.git_dir}/index.lock"


def _mark(journal: Journal) -> bytes:
    return f"lockstep {journal.token}\n".encode()


def is_ours(journal: Journal) -> bool:
    """Say whether the lock of the index is that of this write."""
    status = status_of(_lock(journal))
    return status is not None and status.st_size == len(_mark(journal)) and read_file(_lock(journal)) == _mark(journal)


def _link(source: str, target: str, data: bytes) -> None:
    """Give a file a second name, or make a copy where the file system has no links.

    Raises: FileExistsError.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        descriptor = os.open(target, CREATE_NEW, 0o644)
        try:
            write_all(descriptor, data)
        finally:
            os.close(descriptor)
