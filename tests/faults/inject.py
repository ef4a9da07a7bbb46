"""Makes the calls of one process fail: the N-th call that changes the disk is killed, refused or cut short."""

from __future__ import annotations

import errno
import mmap
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CALLS = ("open", "write", "fsync", "fchmod", "fchown", "link", "rename", "replace", "unlink", "mkdir", "rmdir")
"""What counts; `open` counts when it is for writing."""
ANY = "any call"
_NEED_SPACE = frozenset({"open", "write", "link", "mkdir"})


class Fault(StrEnum):
    """What happens at a call."""

    KILL = "kill before"
    KILLED = "kill after"
    ENOSPC = "ENOSPC once"
    FULL = "disk full from there on"
    EIO = "EIO once"
    DEAD = "EIO from there on"
    EACCES = "EACCES once"
    SHORT = "short write"
    SIGINT = "SIGINT"
    SIGTERM = "SIGTERM"


_ONCE = {Fault.ENOSPC: errno.ENOSPC, Fault.EIO: errno.EIO, Fault.EACCES: errno.EACCES}


@dataclass(frozen=True, slots=True)
class Point:
    """Where a fault strikes: the n-th call of that name from 1, or of any name."""

    call: str
    number: int
    fault: Fault

    @property
    def makes_sense(self) -> bool:
        """Say whether this call can fail like this."""
        return self.fault is not Fault.SHORT or self.call == "write"


class Ledger:
    """What an injected process did, kept in memory that outlives it."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 4 * len(CALLS) + 1)

    def clear(self) -> None:
        """Forget."""
        self._shared[:] = bytes(len(self._shared))

    @property
    def calls(self) -> dict[str, int]:
        """How often each call was made."""
        return {name: self._number(name) for name in CALLS}

    @property
    def hits(self) -> int:
        """How many faults struck."""
        return self._shared[-1]

    def count(self, name: str) -> int:
        """Note one more call and give its number, from 1."""
        number = self._number(name) + 1
        start = 4 * CALLS.index(name)
        self._shared[start : start + 4] = number.to_bytes(4, "little")
        return number

    def strike(self) -> None:
        """Note that a fault strikes."""
        self._shared[-1] += 1

    def _number(self, name: str) -> int:
        start = 4 * CALLS.index(name)
        return int.from_bytes(self._shared[start : start + 4], "little")


class Injector:
    """Stands between this process and `os`; a second point is counted from the call after the first struck.

    Syncs are counted and, unless they are wanted, not done: a kill loses no page of the cache.
    """

    def __init__(self, points: Sequence[Point], ledger: Ledger, *, sync: bool = False) -> None:
        self._points = list(points)
        self._ledger = ledger
        self._sync = sync
        self._lock = threading.Lock()
        self._lasting: Fault | None = None
        self._since = Counter[str]()

    def arm(self) -> None:
        """Take the calls over, for the rest of the process."""
        for name in CALLS:
            setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - stands for any call of os
            if name == "open" and not args[1] & (os.O_WRONLY | os.O_RDWR):
                return real(*args, **kwargs)
            with self._lock:
                fault = self._strike(name)
            if name == "fsync" and not self._sync:
                return self._meet(fault, name, lambda *_: None, args, kwargs)
            return self._meet(fault, name, real, args, kwargs)

        return call

    def _strike(self, name: str) -> Fault | None:
        self._ledger.count(name)
        self._since.update((name, ANY))
        if not self._points or self._since[self._points[0].call] != self._points[0].number:
            return self._lasting
        fault = self._points.pop(0).fault
        self._since.clear()
        self._ledger.strike()
        if fault in (Fault.FULL, Fault.DEAD):
            self._lasting = fault
        return fault

    def _meet(self, fault: Fault | None, name: str, real: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        match fault:
            case Fault.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case Fault.KILLED:
                with suppress(OSError):
                    real(*args, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)
            case Fault.ENOSPC | Fault.EIO | Fault.EACCES:
                raise OSError(_ONCE[fault], os.strerror(_ONCE[fault]))
            case Fault.DEAD:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            case Fault.FULL if name in _NEED_SPACE:
                if name == "write":
                    real(args[0], args[1][: len(args[1]) // 2])  # the last block is filled before the disk says no
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case Fault.SHORT if name == "write":
                return real(args[0], args[1][: max(1, len(args[1]) // 2)])
            case Fault.SIGINT:
                os.kill(os.getpid(), signal.SIGINT)
            case Fault.SIGTERM:
                os.kill(os.getpid(), signal.SIGTERM)
            case _:
                pass
        return real(*args, **kwargs)
