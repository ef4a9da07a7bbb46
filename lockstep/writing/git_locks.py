"""The locks of git's that a killed git leaves, and when they may go: it is dead, they were not there before it, and no other git is at work here.

Source: git's api-lockfile; files-backend.c and reftable's tables.list on which files are locked for a ref, builtin/commit.c on next-index
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from lockstep.errors import WriteError
from lockstep.repository import git_plumbing
from lockstep.writing import git_process
from lockstep.writing.durable_files import remove, status_of
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

    Raises: WriteError when it cannot be told whose one is.
    """
    if number := git_process.number_of(journal.git_note):
        remove(f"{journal.git_dir}/next-index-{number}.lock")
    for path in _of_refs(journal):
        if (status := status_of(path)) is None:
            continue
        time.sleep(max(0.0, min(_SETTLED, status.st_mtime + _SETTLED - time.time())))
        again = status_of(path)
        if again is None:
            continue
        if again.st_ino != status.st_ino or git_process.others_at_work([journal.root, journal.git_dir]):
            raise WriteError(
                f"this lock of git's appeared with the git that lockstep had started (process {number or 'unknown'}), which is dead",
                path=path,
                help="delete the file as soon as no other git is at work in this repository, then run any lockstep command again",
            )
        remove(path)


def _of_refs(journal: Journal) -> Iterator[str]:
    """Give the locks that a release takes beside that of the index."""
    release = journal.release
    assert release is not None
    common = os.path.join(journal.root, os.fsdecode(git_plumbing.run(journal.root, ("rev-parse", "--git-common-dir")).rstrip(b"\n")))
    yield from (f"{journal.git_dir}/{name}.lock" for name in _PSEUDO)
    yield from (f"{common}/{name}.lock" for name in (release.ref, "packed-refs", "reftable/tables.list") if name != "HEAD")
    if release.tag:
        yield f"{common}/refs/tags/{release.tag}.lock"
