"""What tells this lockstep from others: what older code has read or said does not count."""

from __future__ import annotations

import os
from functools import cache

from lockstep import __version__

_PACKAGE = os.path.dirname(os.path.dirname(__file__))


@cache
def installed_stamp() -> str:
    """Tell an installed lockstep by its version and by when it was installed; one that runs from its sources changes with each of them."""
    if os.path.isfile(f"{os.path.dirname(_PACKAGE)}/pyproject.toml"):
        return f"{__version__},{','.join(sources_stamps())}"
    status = os.stat(f"{_PACKAGE}/__init__.py")
    return f"{__version__},{status.st_mtime_ns},{status.st_ino}"


@cache
def sources_stamps() -> tuple[str, ...]:
    """Tell each of our Python files from others, sorted."""
    return tuple(sorted(_stamps_of(_PACKAGE)))


def stamp_of(name: str, status: os.stat_result) -> str:
    """Tell a file from others of its name, by its size and its time."""
    return f"{name.rpartition(os.sep)[2]}:{status.st_size}:{status.st_mtime_ns}"


def _stamps_of(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(".py"):
                found.append(stamp_of(name, entry.stat()))
            elif name != "__pycache__" and entry.is_dir(follow_symlinks=False):
                found += _stamps_of(entry.path)
    return found
