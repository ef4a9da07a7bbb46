"""Where a write leaves its traces in git's folder, so that whoever comes next can tell that there was none."""

from __future__ import annotations

import os

JOURNAL = "lockstep-journal.json"
COMMITTED = "lockstep-journal.done.json"
FRESH = "lockstep-journal.new.json"
CREATED = "lockstep-created.new"


def is_there(git_dir: str | os.PathLike[str]) -> bool:
    """Say whether a write was interrupted, or is going on."""
    folder = os.fspath(git_dir)
    return any(os.path.lexists(f"{folder}/{name}") for name in (JOURNAL, COMMITTED, FRESH, CREATED))
