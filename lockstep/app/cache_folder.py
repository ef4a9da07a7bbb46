"""Where the user's cache is: found without loading what every system's folders are known by."""

from __future__ import annotations

import os
import sys

CACHE_FOLDER = "LOCKSTEP_CACHE_DIR"
"""Names the cache's folder; empty, nothing is kept."""


def folder() -> str | None:
    """Give the folder where lockstep keeps what it has read, None where nothing is to be kept."""
    if (named := os.environ.get(CACHE_FOLDER)) is not None:
        return named or None
    above, home = os.environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache", os.path.expanduser("~")
    if sys.platform == "linux" and "ANDROID_DATA" not in os.environ and home.startswith("/") and above.startswith(("/", "~/")):
        return os.path.join(os.path.expanduser(above), "lockstep")
    from platformdirs import user_cache_dir  # noqa: PLC0415 - only where it is not the usual folder of a usual system

    return user_cache_dir("lockstep", appauthor=False)
