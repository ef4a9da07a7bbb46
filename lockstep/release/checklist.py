"""The checklist of a release: the steps of any project, each ticked by what was observed, and those open that only a person can do."""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass


class Mark(StrEnum):
    """How far a step is."""

    DONE = "done"
    """It was observed."""
    OPEN = "open"
    """It is not done yet."""
    REFUSED = "refused"
    """It was looked at, and is wrong."""
    UNSEEN = "not visible"
    """It could not be looked at, or was not."""
    PERSON = "for a person"
    """No program can know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One step: `why` is what was observed, or what a person has to look at; `help` the command or the page that goes on from there."""

    id: str
    title: str
    mark: Mark
    why: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The steps of the release of a group, in their order. `tag` is the release's, `tagged` whether it is there."""

    group: str
    version: str
    tag: str
    tagged: bool
    items: tuple[Item, ...]

    @property
    def left(self) -> tuple[Item, ...]:
        """What is not done, of all that a program can know."""
        return tuple(one for one in self.items if one.mark not in (Mark.DONE, Mark.PERSON))

    @property
    def refused(self) -> tuple[Item, ...]:
        """What is wrong."""
        return tuple(one for one in self.items if one.mark is Mark.REFUSED)
