"""Which names a file can have on Windows: any other means another file there, a device, or a stream of a file.

Source: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file and `is_valid_win32_path` of Git for Windows, which checks none of them out
"""

from __future__ import annotations

import os

_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")))
_NEVER = frozenset('\\:*?"<>|') | frozenset(map(chr, range(32)))


def is_windows_name(name: str) -> bool:
    """Say whether Windows takes one part of a path as it is written."""
    device = name.partition(".")[0].rstrip(" ").lower()
    return bool(name) and not _NEVER & set(name) and name[-1] not in ". " and device not in _DEVICES


def names_itself(path: str) -> bool:
    """Say whether a path of the repository, with its slashes, leads on this system to what it says."""
    return os.name != "nt" or all(map(is_windows_name, path.split("/")))
