"""The locks of git's that a killed git leaves, and when they may go: it is dead, they were not there before it, and no other git is at work here.

Source: git's api-lockfile; files-backend.c and reftable's tables.list on which files are locked for a ref, builtin/commit.c on next-index;
gitrepository-layout(5) on commondir
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from lockstep.errors import WriteError
from lockstep.writing import git_process
from lockstep.writing.durable_files import read_file, remove, status_of
from lockstep.writing.git_index import locked
from lockstep.writing.journal import Journal

_PSEUDO = ("HEAD", "AUTO_MERGE", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "ORIG_HEAD")
"""The refs beside branches and tags that a commit locks: it moves the first, and deletes others."""
_SETTLED = 1.0
"""Seconds after which a program that locks without being called git has done what it locked for."""


def refuse(journal: Journal) -> None:
    """Refuse a release that a lock stands in the way of, before anything is written.

    Raises: WriteError.
    """
    for path in _of_refs(journal):
        if status_of(path) is not None:
            raise locked(path)


def clear(journal: Journal) -> None:
    """Remove the locks that a dead git of ours has left.

    Raises: WriteError when it cannot be told whose one is, or it cannot be removed.
    """
    if left := sweep(journal):
        number = git_process.number_of(journal.git_note) or "unknown"
        raise WriteError(
            f"this lock of git's appeared with the git that lockstep had started (process {number}), which is dead",
            path=left[0],
            help="delete the file as soon as no other git is at work in this repository, then run any lockstep command again",
        )


def sweep(journal: Journal) -> tuple[str, ...]:
    """Remove the locks that a git of ours has left, which is done: one whose own removal fails ends well all the same.

    Give those of which it cannot be told whose they are, and those that cannot be removed.
    """
    left = []
    number = git_process.number_of(journal.git_note)
    if number and not _is_removed(own := f"{journal.git_dir}/next-index-{number}.lock"):
        left.append(own)
    found = {path: status for path in _of_refs(journal) if (status := status_of(path)) is not None}
    if found:
        youngest = max(status.st_mtime for status in found.values())
        time.sleep(max(0.0, min(_SETTLED, youngest + _SETTLED - time.time())))
    busy = bool(found) and git_process.others_at_work([journal.root, journal.git_dir])
    for path, status in found.items():
        again = status_of(path)
        if again is not None and (busy or again.st_ino != status.st_ino or not _is_removed(path)):
            left.append(path)
    return tuple(left)


def _is_removed(path: str) -> bool:
    """Remove a file, and say whether it is gone."""
    try:
        remove(path)
    except OSError:
        return False
    return True


def _of_refs(journal: Journal) -> Iterator[str]:
    """Give the locks that a release takes beside that of the index."""
    release = journal.release
    assert release is not None
    common = _common_folder(journal.git_dir)
    yield from (f"{journal.git_dir}/{name}.lock" for name in _PSEUDO)
    yield from (f"{common}/{name}.lock" for name in (release.ref, "packed-refs", "reftable/tables.list") if name != "HEAD")
    if release.tag:
        yield f"{common}/refs/tags/{release.tag}.lock"


def _common_folder(git_dir: str) -> str:
    """Give the folder that the work trees of a repository share."""
    if (named := os.environ.get("GIT_COMMON_DIR")) is not None:
        return os.path.abspath(named)
    try:
        return os.path.normpath(os.path.join(git_dir, os.fsdecode(read_file(f"{git_dir}/commondir")).rstrip("\n")))
    except FileNotFoundError:
        return git_dir
