"""Which paths lie below the root of the work tree, with no link on the way."""

from __future__ import annotations

import os
import stat

from lockstep.repository.windows_names import names_itself
from lockstep.writing.durable_files import status_of

_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, a link of Windows that is a folder to lstat


def is_within_root(path: str) -> bool:
    """Say whether a path from outside names something below the root, and nothing of git's."""
    parts = path.split("/")
    return names_itself(path) and "\0" not in path and not any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)


def is_free_of_links(root: str, folder: str, known: set[str]) -> bool:
    """Say whether no link stands on the way to a folder; what is missing is no link. `known` are the folders that were found so before."""
    if not folder or folder in known:
        return True
    if not is_free_of_links(root, os.path.dirname(folder), known):
        return False
    status = status_of(f"{root}/{folder}")
    if status is not None and (not stat.S_ISDIR(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION):
        return False
    known.add(folder)
    return True
