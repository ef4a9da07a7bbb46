"""Work on many items in a few threads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

WORKERS = 8
"""Threads that sync: a disk takes many syncs in one go, and each of them waits for nothing else."""
_Item = TypeVar("_Item")


def in_parallel(do: Callable[[_Item], None], items: Iterable[_Item]) -> None:
    """Do it for every item, several at a time; when one fails, stop, and raise that once all threads are idle."""
    todo = deque(items)
    errors: list[BaseException] = []

    def work() -> None:
        while not errors:
            try:
                item = todo.popleft()
            except IndexError:
                return
            try:
                do(item)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller's thread
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(min(WORKERS, len(todo)) - 1)]
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:  # the system gives no more of them
            del threads[number:]
            break
    work()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
