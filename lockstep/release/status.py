"""How far a release is: its candidate, what was seen of it, and what is to be done next."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.release.candidate import Candidate
from lockstep.release.observation import Observation, State, Visibility
from lockstep.release.planner import Plan, plan


class Stage(StrEnum):
    """How far a release is, in a word."""

    COMPLETE = "complete"
    """Everything is verified, and public where a release on GitHub is wanted."""
    INCOMPLETE = "incomplete"
    """Something is to be done, or to be waited for; of a part of a release always, for the other parts are not known."""
    UNSEEN = "unseen"
    """Something that matters could not be seen."""
    CONFLICT = "conflict"
    """Somebody has to decide, and nothing goes on until then."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """A release as it was seen: `source` is where the candidate comes from, `others` are the tag and files beside the candidate.

    `visibility` is None where no release on GitHub is wanted, `url` where it is there, `requests` were sent.
    """

    candidate: Candidate
    source: str
    observations: tuple[Observation, ...]
    others: tuple[Observation, ...] = ()
    visibility: Visibility | None = None
    url: str = ""
    requests: int = 0

    @cached_property
    def plan(self) -> Plan:
        """What is to be done next."""
        conflicts = (one for one in self.others if one.state is State.CONFLICT)
        return plan(self.candidate, (*self.observations, *conflicts), self.visibility)

    @property
    def stage(self) -> Stage:
        """How far it is."""
        states = {one.state for one in (*self.observations, *self.others)}
        if self.plan.conflicts:
            return Stage.CONFLICT
        if State.UNSEEN in states or self.visibility is Visibility.UNSEEN or len(self.observations) < len(self.candidate.artifacts):
            return Stage.UNSEEN
        whole = self.candidate.beside is None
        return Stage.COMPLETE if whole and self.plan.complete and all(one.state in (State.VERIFIED, State.BESIDE) for one in self.others) else Stage.INCOMPLETE

    @property
    def settles(self) -> bool:
        """Whether time alone may change it: something is accepted and not visible yet, or may be seen a moment later."""
        waits = any(one.again or one.state is State.PENDING for one in (*self.observations, *self.others))
        return self.stage in (Stage.INCOMPLETE, Stage.UNSEEN) and waits
