"""Which servers cannot be reached: the request that finds it out tries again for all others, which wait for it, and are not sent where it fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from lockstep.dataclass import dataclass


class Fault(Exception):  # noqa: N818 - it never leaves this room
    """An answer that is none; another try may bring one."""


class UnreachableError(Fault):
    """No connection to a server, by its origin: nothing was sent."""

    def __init__(self, at: str, why: str) -> None:
        super().__init__(why)
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """The task that tries to reach a server, and what tells the others that it has an end."""

    task: asyncio.Task[object] | None
    why: str
    ended: asyncio.Event


class Reach:
    """What is known of servers, by their origins: `lost` are those that could not be reached, and why. It may outlive a client."""

    def __init__(self) -> None:
        self.lost: dict[str, str] = {}
        self._unasked: Counter[str] = Counter()
        self._trials: dict[str, _Trial] = {}

    async def admit(self, at: str) -> None:
        """Wait while another task tries to reach a server.

        Raises: UnreachableError where it could not be reached.
        """
        while (trial := self._trials.get(at)) is not None and trial.task is not asyncio.current_task():
            await trial.ended.wait()
        self.check(at)

    def check(self, at: str) -> None:
        """Ask whether a server was lost, or is tried by another task, without waiting.

        Raises: UnreachableError where it is so.
        """
        if (trial := self._trials.get(at)) is not None and trial.task is not asyncio.current_task():
            raise UnreachableError(at, trial.why)
        if at in self.lost:
            self._unasked[at] += 1
            raise UnreachableError(at, self.lost[at])

    def tries(self, lost: UnreachableError) -> bool:
        """Say whether the task that could not reach a server is the one to try again; the others wait."""
        task = asyncio.current_task()
        return self._trials.setdefault(lost.at, _Trial(task=task, why=str(lost), ended=asyncio.Event())).task is task

    def end(self, lost: UnreachableError | None) -> None:
        """Say that a task has ended, with a server that it could not reach, or without."""
        task = asyncio.current_task()
        for at in [at for at, trial in self._trials.items() if trial.task is task]:
            if lost is not None and lost.at == at:
                self.lost[at] = str(lost)
            self._trials.pop(at).ended.set()

    def tell(self, say: Callable[[str], None]) -> None:
        """Say once of each server that was lost how much it was not asked for that reason."""
        for at, number in self._unasked.items():
            say(f"{self.lost[at]}: {number} more {'question was' if number == 1 else 'questions were'} not asked")
        self._unasked.clear()
