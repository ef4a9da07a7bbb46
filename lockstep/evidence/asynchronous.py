"""Which library runs what is asynchronous: httpcore looks for it at every request, and searches the whole path for one that is not installed.

Source: https://github.com/encode/httpcore/blob/master/httpcore/_synchronization.py (current_async_library)
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

_ASKED_FOR = "sniffio"


def settle() -> None:
    """Note that a package is not there, where it is not: an import then fails at once, a sixth of what a request costs."""
    if _ASKED_FOR not in sys.modules and find_spec(_ASKED_FOR) is None:
        sys.modules[_ASKED_FOR] = None  # type: ignore[assignment]  # https://docs.python.org/3/reference/import.html#the-module-cache
