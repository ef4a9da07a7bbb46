"""What is to be done next: a pure function of the candidate and of what was observed.

Each file has a step, and the release has one that makes it public. Recovery is no mode: it is the same plan from other observations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.release.candidate import Artifact, Candidate, Origin, Registry
from lockstep.release.graph import rounds
from lockstep.release.observation import Observation, State, Visibility


class Act(StrEnum):
    """What a step does."""

    PUBLISH = "publish"
    STAGE = "stage"
    OPEN = "open"


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    READY = "ready"
    WAITING = "waiting"
    BLOCKED = "blocked"


PART = "the candidate is a part of the release: seal it as a whole to open it"
OPEN = "open"
"""The subject of the step that makes the release public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its subject is an artifact's id, or `OPEN`; `why` is a sentence, `needs` are the subjects that it waits for."""

    act: Act
    subject: str
    progress: Progress
    why: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All steps, in an order in which they can be done; `conflicts` are what stops everything."""

    steps: tuple[Step, ...]
    conflicts: tuple[Observation, ...] = ()

    @property
    def ready(self) -> tuple[Step, ...]:
        """What can be done now."""
        return tuple(one for one in self.steps if one.progress is Progress.READY)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return all(one.progress is Progress.DONE for one in self.steps)


def plan(candidate: Candidate, observations: Iterable[Observation], visibility: Visibility | None = None) -> Plan:
    """Plan what is to be done next. An artifact that nobody observed is unseen; `visibility` is None where no release on GitHub is wanted.

    Observations of files that the candidate does not have are conflicts, but those beside a part of a release, which is never opened.
    """
    seen = {one.artifact: one for one in observations}
    known = {one.id: one for one in candidate.artifacts}
    conflicts = [one for one in seen.values() if one.state in (State.CONFLICT, State.YANKED) or (one.artifact not in known and one.state is not State.BESIDE)]
    conflicts += [_vanished(one) for one in known.values() if one.origin is Origin.SERVED and _state(seen, one) is State.ABSENT]
    verified = {id_ for id_, one in known.items() if _state(seen, one) is State.VERIFIED}
    if visibility is Visibility.PUBLIC and verified != set(known) and not conflicts:
        left = [id_ for id_ in known if id_ not in verified and _state(seen, known[id_]) is not State.UNSEEN]
        conflicts += [Observation(artifact=OPEN, state=State.CONFLICT, why=f"the release is public, and {left[0]} is not verified")] if left else []
    steps = [_step(one, seen, verified, visibility, stopped=bool(conflicts)) for one in _ordered(known)]
    if visibility is not None:
        steps.append(_opening(known, verified, visibility, stopped=bool(conflicts), partial=candidate.beside is not None))
    return Plan(steps=tuple(steps), conflicts=tuple(conflicts))


def _state(seen: Mapping[str, Observation], one: Artifact) -> State:
    found = seen.get(one.id)
    return State.UNSEEN if found is None else found.state


def _vanished(one: Artifact) -> Observation:
    why = f"{one.registry} served this file when the candidate was made, and does not have it now"
    return Observation(artifact=one.id, state=State.CONFLICT, why=why)


def _step(one: Artifact, seen: Mapping[str, Observation], verified: set[str], visibility: Visibility | None, *, stopped: bool) -> Step:
    act = Act.STAGE if one.registry is Registry.GITHUB else Act.PUBLISH
    found = seen.get(one.id)
    said = "" if found is None or not found.why else f": {found.why}"
    match _state(seen, one):
        case State.VERIFIED:
            progress, why = Progress.DONE, f"{one.registry} has it, with the candidate's digest"
        case State.CONFLICT:
            progress, why = Progress.BLOCKED, f"{one.registry} has other bytes{said}"
        case State.YANKED:
            progress, why = Progress.BLOCKED, f"it was withdrawn from {one.registry}{said}"
        case State.PENDING:
            progress, why = Progress.WAITING, f"{one.registry} has accepted it, and does not show it everywhere yet{said}"
        case State.UNSEEN:
            progress, why = Progress.WAITING, f"{one.registry} could not be asked{said}"
        case State.ABSENT:
            progress, why = _of_absent(one, verified, visibility, stopped=stopped)
    return Step(act=act, subject=one.id, progress=progress, why=why, needs=one.needs)


def _of_absent(one: Artifact, verified: set[str], visibility: Visibility | None, *, stopped: bool) -> tuple[Progress, str]:
    missing = [need for need in one.needs if need not in verified]
    if stopped:
        return Progress.BLOCKED, "a conflict stops everything"
    if one.registry is Registry.GITHUB and visibility in (None, Visibility.UNSEEN):
        return Progress.WAITING, "GitHub's release could not be seen"
    if one.registry is Registry.GITHUB and visibility is Visibility.PUBLIC:
        return Progress.BLOCKED, "the release is public: nothing is added to it"
    if missing:
        return Progress.WAITING, f"waits for {missing[0]}" + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
    return Progress.READY, f"{one.registry} does not have it"


def _opening(known: Mapping[str, Artifact], verified: set[str], visibility: Visibility, *, stopped: bool, partial: bool) -> Step:
    missing = tuple(id_ for id_ in known if id_ not in verified)
    if stopped:
        progress, why = Progress.BLOCKED, "a conflict stops everything"
    elif missing:
        progress, why = Progress.WAITING, f"waits for {missing[0]}" + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
    elif visibility is Visibility.PUBLIC:
        progress, why = Progress.DONE, "the release is public"
    elif partial:
        progress, why = Progress.WAITING, PART
    elif visibility is Visibility.DRAFT:
        progress, why = Progress.READY, "everything is verified"
    else:
        progress, why = Progress.WAITING, "there is no draft" if visibility is Visibility.NONE else "GitHub's release could not be seen"
    return Step(act=Act.OPEN, subject=OPEN, progress=progress, why=why, needs=tuple(known))


def _ordered(known: Mapping[str, Artifact]) -> list[Artifact]:
    """Give artifacts after what they need, in each round by their names, GitHub's last."""
    order = rounds({id_: {*one.needs} for id_, one in known.items()})
    return [known[id_] for names in order for id_ in sorted(names, key=lambda id_: (known[id_].registry is Registry.GITHUB, id_))]
