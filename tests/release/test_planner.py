"""The plan is a function of what is seen: over every world and every fault it ends complete, or stops at a conflict with nothing further published."""

from __future__ import annotations

import random

import pytest

from lockstep.dataclass import replace
from lockstep.release.candidate import Artifact, Candidate, Origin, Registry
from lockstep.release.observation import Observation, State, Visibility
from lockstep.release.planner import OPEN, Act, Plan, Progress, plan
from tests.release.test_candidate import CANDIDATE, artifact


def release(number: int, chance: random.Random) -> Candidate:
    """Make a candidate of some files, each of which may need those before it; GitHub's assets are the last."""
    made: list[Artifact] = []
    for one in range(number):
        registry = chance.choice([Registry.CRATES_IO, Registry.PYPI, Registry.NPM])
        made.append(artifact(f"f{one}", registry, *(other.id for other in made if chance.random() < 0.3)))
    made += [artifact(f"asset{one}", Registry.GITHUB) for one in range(chance.randrange(3))]
    return Candidate(tag="v1.0.0", commit="0" * 40, group="main", versions={}, artifacts=tuple(made))


class World:
    """Registries that may fail: what was sent may be lost, be there at once, or later; an answer may be missing."""

    def __init__(self, candidate: Candidate, chance: random.Random, *, faults: float) -> None:
        self.candidate, self.chance, self.faults = candidate, chance, faults
        self.there: dict[str, State] = {}
        self.visibility = Visibility.NONE
        self.sent: list[str] = []

    def observed(self) -> list[Observation]:
        seen = []
        for one in self.candidate.artifacts:
            state = self.there.get(one.id, State.ABSENT)
            if state is State.PENDING:
                self.there[one.id] = State.VERIFIED
            seen.append(Observation(artifact=one.id, state=State.UNSEEN if self.chance.random() < self.faults else state))
        return seen

    def seen_visibility(self) -> Visibility:
        return Visibility.UNSEEN if self.chance.random() < self.faults else self.visibility

    def act(self, found: Plan) -> None:
        for step in found.ready:
            if step.act is Act.OPEN:
                assert set(self.there) == {one.id for one in self.candidate.artifacts}
                assert set(self.there.values()) == {State.VERIFIED}
                assert self.visibility is Visibility.DRAFT
                self.visibility = Visibility.PUBLIC
                continue
            assert step.subject not in self.there, "nothing is uploaded twice"
            assert all(self.there[need] is State.VERIFIED for need in step.needs)
            self.sent.append(step.subject)
            if self.chance.random() >= self.faults:  # lost before it came
                self.there[step.subject] = self.chance.choice([State.VERIFIED, State.PENDING])
            if self.chance.random() < self.faults:
                return  # the job dies
        if self.visibility is Visibility.NONE:
            self.visibility = Visibility.DRAFT


@pytest.mark.parametrize("seed", range(200))
def test_every_sequence_ends_complete_and_plans_nothing_then(seed: int) -> None:
    chance = random.Random(seed)
    world = World(release(1 + seed % 12, chance), chance, faults=chance.choice([0, 0.1, 0.4]))
    for round_ in range(100):
        if round_ == 60:
            world.faults = 0  # everything is verified in one call, or nothing is opened: servers must answer for once
        found = plan(world.candidate, world.observed(), world.seen_visibility())
        if found.complete:
            break
        world.act(found)
    assert found.complete
    assert found.ready == ()
    assert world.visibility is Visibility.PUBLIC
    assert set(world.there.values()) <= {State.VERIFIED}


@pytest.mark.parametrize("state", [State.CONFLICT, State.YANKED])
@pytest.mark.parametrize("seed", range(30))
def test_a_conflict_stops_everything(seed: int, state: State) -> None:
    chance = random.Random(seed)
    candidate = release(2 + seed % 8, chance)
    victim = chance.choice(candidate.artifacts)
    seen = [Observation(artifact=one.id, state=state if one is victim else chance.choice([State.ABSENT, State.VERIFIED])) for one in candidate.artifacts]
    found = plan(candidate, seen, Visibility.DRAFT)
    assert [one.artifact for one in found.conflicts] == [victim.id]
    assert found.ready == ()
    assert not found.complete
    assert {one.progress for one in found.steps} <= {Progress.DONE, Progress.BLOCKED}


def one_of(state: State | None, *, origin: Origin = Origin.BUILT, visibility: Visibility | None = Visibility.DRAFT) -> Plan:
    only = replace(artifact("egg"), origin=origin)
    candidate = Candidate(tag="v1", commit="0" * 40, group="main", versions={}, artifacts=(only,))
    return plan(candidate, [] if state is None else [Observation(artifact=only.id, state=state)], visibility)


@pytest.mark.parametrize(
    ("state", "first", "last"),
    [
        (State.ABSENT, Progress.READY, Progress.WAITING),
        (State.PENDING, Progress.WAITING, Progress.WAITING),
        (State.UNSEEN, Progress.WAITING, Progress.WAITING),
        (None, Progress.WAITING, Progress.WAITING),
        (State.VERIFIED, Progress.DONE, Progress.READY),
        (State.CONFLICT, Progress.BLOCKED, Progress.BLOCKED),
        (State.YANKED, Progress.BLOCKED, Progress.BLOCKED),
    ],
)
def test_only_what_is_absent_is_uploaded_and_only_what_is_verified_is_public(state: State | None, first: Progress, last: Progress) -> None:
    assert [one.progress for one in one_of(state).steps] == [first, last]


def test_a_file_that_nobody_owes_stops_everything() -> None:
    only = artifact("egg")
    candidate = Candidate(tag="v1", commit="0" * 40, group="main", versions={}, artifacts=(only,))
    found = plan(candidate, [Observation(artifact=only.id, state=State.ABSENT), Observation(artifact="pypi:ham", state=State.VERIFIED)], Visibility.DRAFT)
    assert [one.artifact for one in found.conflicts] == ["pypi:ham"]
    assert found.ready == ()


def test_a_part_of_a_release_is_not_opened_and_what_is_beside_it_stops_nothing() -> None:
    part = replace(CANDIDATE, beside=())
    seen = [Observation(artifact=one.id, state=State.VERIFIED) for one in part.artifacts]
    found = plan(part, [*seen, Observation(artifact="pypi:other.whl", state=State.BESIDE)], Visibility.DRAFT)
    assert not found.conflicts
    assert found.steps[-1].progress is Progress.WAITING
    assert plan(replace(part, beside=None), seen, Visibility.DRAFT).steps[-1].progress is Progress.READY


def test_what_a_registry_served_and_has_no_more_stops_everything() -> None:
    found = one_of(State.ABSENT, origin=Origin.SERVED)
    assert "does not have it now" in found.conflicts[0].why
    assert found.ready == ()


def test_a_release_that_is_public_too_early_is_told() -> None:
    found = one_of(State.ABSENT, visibility=Visibility.PUBLIC)
    assert [one.artifact for one in found.conflicts] == [OPEN]
    assert one_of(State.UNSEEN, visibility=Visibility.PUBLIC).conflicts == ()
    assert one_of(State.VERIFIED, visibility=Visibility.PUBLIC).complete


def test_without_a_release_on_github_there_is_nothing_to_open() -> None:
    assert one_of(State.VERIFIED, visibility=None).complete
