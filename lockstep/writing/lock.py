"""The lock of a repository: one lockstep writes at a time.

Source: flock(2)
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from lockstep.errors import WriteError
from lockstep.repository.programs import StrPath
from lockstep.writing.system_errors import refused

LOCK = "lockstep.lock"
"""Used on Windows alone; elsewhere git's folder itself is locked, and nothing is left behind."""


@contextmanager
def locked(git_dir: StrPath, *, patience: float) -> Iterator[None]:
    """Let one lockstep write at a time; the system drops the lock when the process dies.

    Raises: WriteError when another one still writes after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    try:
        descriptor = _open_lock(git_dir)
    except OSError as error:
        raise refused(error, "nothing was changed") from None
    try:
        while not _take_lock(descriptor):
            if time.monotonic() >= deadline:
                raise WriteError("another lockstep is writing into this repository", path=str(git_dir), help="wait for it, then run the command again")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _open_lock(git_dir: StrPath) -> int:
    if sys.platform == "win32":
        return os.open(f"{git_dir}/{LOCK}", os.O_RDWR | os.O_CREAT)
    return os.open(git_dir, os.O_RDONLY | os.O_CLOEXEC)


def _take_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - Windows alone has it

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a network file system without locks for folders: as if alone
    return True
