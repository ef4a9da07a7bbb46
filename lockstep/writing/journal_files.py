"""The files that a write keeps while it goes on, so that whoever comes next can tell whether one was interrupted."""

from __future__ import annotations

import os

JOURNAL = "lockstep-journal.json"
COMMITTED = "lockstep-journal.done.json"
FRESH = "lockstep-journal.new.json"
CREATED = "lockstep-created.new"
"""Where a new file is staged, in git's folder like the others."""
BESIDE = ".lockstep-created.new"
"""Where a new file is staged in the root of the work tree, when no link leads there from git's folder."""


def exist(git_dir: str | os.PathLike[str]) -> bool:
    """Say whether a write was interrupted, or is going on."""
    folder = os.fspath(git_dir)
    return any(os.path.lexists(f"{folder}/{name}") for name in (JOURNAL, COMMITTED, FRESH, CREATED))
