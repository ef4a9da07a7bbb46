"""What the commands share that need an extra and speak a protocol over stdin and stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from lockstep.errors import UsageError


def require(extra: str, *modules: str) -> None:
    """Ask whether an extra is installed.

    Raises: UsageError with the command that installs it.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - only these commands ask

    missing = next((name for name in modules if find_spec(name) is None), None)
    if missing is not None:
        raise UsageError(f"lockstep {extra} needs {missing}, which the extra {extra} brings", help=f"pip install 'lockstep-release[{extra}]'")


def refuse_terminal(command: str, protocol: str, caller: str, page: str) -> None:
    """Refuse to talk to a person who has typed the command.

    Raises: UsageError that says who starts it.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(f"lockstep {command} speaks the {protocol} over stdin and stdout: {caller} starts it", help=f"{page} has the settings")


@contextmanager
def protocol_streams() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Give stdin and stdout for a protocol alone: whatever else is printed meanwhile goes to stderr."""
    sys.stdout.flush()
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as stdin, os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        yield stdin, stdout
