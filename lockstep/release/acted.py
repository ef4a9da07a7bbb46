"""What came of an act: one step of a release that was to be done, and the release as it was seen after it."""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.release.planner import Act
from lockstep.release.status import Status


class Outcome(StrEnum):
    """What came of it, in a word."""

    DONE = "done"
    """It was done now, and read back."""
    FOUND = "found"
    """It was done before: nothing was sent."""
    PLANNED = "planned"
    """It can be done, and was not: a dry run."""
    SENT = "sent"
    """It was sent, and what came of it is not seen everywhere yet, or not known."""
    WAITING = "waiting"
    """It waits for something else, or something that matters could not be seen: nothing was sent."""
    REFUSED = "refused"
    """It must not be done, or the registry said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """An act and what came of it: `why` is a sentence, `help` the way out, `asks` what was asked, or would be in a dry run."""

    act: Act
    subject: str
    outcome: Outcome
    why: str
    status: Status
    help: str = ""
    asks: tuple[str, ...] = ()
