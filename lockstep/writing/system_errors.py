"""What the system refuses, as a WriteError."""

from __future__ import annotations

import os

from lockstep.errors import WriteError


def reason(error: OSError) -> str:
    """Give the system's words."""
    return (error.strerror or str(error)).lower()


def refused(error: OSError, outcome: str) -> WriteError:
    """Make the error of a file that cannot be written; `outcome` says what stands now."""
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None
    return WriteError(f"cannot be written: {reason(error)}; {outcome}", path=path, help="mend that, then run the command again")
