"""Signals that interrupt a write, held back until its step is done."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a write: the old tree stands."""


def stop_if(interrupted: Callable[[], bool]) -> None:
    """End a write that was interrupted.

    Raises: Interrupted.
    """
    if interrupted():
        raise Interrupted


@contextmanager
def deferred() -> Iterator[Callable[[], bool]]:
    """Hold Ctrl-C, SIGTERM and SIGHUP back until a step is done, so that they never fall between two halves of one."""
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)

    before = {}
    for number in (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")):
        if number is None or signal.getsignal(number) in (signal.SIG_IGN, None):
            continue  # not on this system; ignored, as by nohup; or not Python's to restore
        with suppress(ValueError):  # not the main thread: nobody can interrupt us
            before[number] = signal.signal(number, note)
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
