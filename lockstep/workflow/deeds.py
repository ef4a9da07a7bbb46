"""What is done in a release workflow, by which job and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.text.yaml import Scalar
from lockstep.workflow.action_roles import roles_of_action
from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.conditions import compared, decided, parsed
from lockstep.workflow.execution import Execution
from lockstep.workflow.model import Deed, Job, Role, Step
from lockstep.workflow.profiles import Profile, inferred
from lockstep.workflow.registries import TEST_PYPI
from lockstep.workflow.script_roles import may_fail, roles_of_script
from lockstep.workflow.shell import Command
from lockstep.workflow.triggers import Trigger
from lockstep.workflow.unclear_jobs import holds_a_credential, runs_a_publisher

MOST_ALIKE = 8
"""Deeds of one kind that the script of a step does: rules ask about each what else the step does."""


@dataclass(frozen=True, kw_only=True)
class Deeds(Execution):
    """A workflow with the deeds of its jobs."""

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """Everything that is done in the release, in the order of the text; what cannot run is not done."""
        return tuple(deed for job in self.jobs.values() if self.runs(job) for deed in self._deeds(job))

    def _deeds(self, job: Job) -> Iterator[Deed]:
        for name in (job.id, job.id.rpartition(" / ")[2]):
            if name in self.declared:
                yield Deed(role=Role(self.declared[name]), job=job, step=None, place=job.place, what="the configuration says so", registry="a registry")
                break
        if job.calls is not None and not job.calls.local:
            called = Step(path=job.path, place=job.at(job.calls.scalar), uses=job.calls, inputs={name.lower(): value for name, value in job.inputs.items()})
            for seen in roles_of_action(called, job.calls):
                yield Deed(role=seen.role, job=job, step=None, place=called.place, what=seen.what, registry=seen.registry)
        for index, step in enumerate(job.steps):
            if not self.active(step):
                continue
            if step.uses is not None:
                place = step.at(step.uses.scalar)
                for seen in roles_of_action(step, step.uses):
                    role = Role.STAGE if seen.role is Role.UNDRAFT and self._is_public(job, step) else seen.role
                    yield Deed(role=role, job=job, step=step, place=place, what=seen.what, registry=seen.registry, index=index, switch=seen.switch)
            script = self.commands(step)
            if step.run is not None:
                alike = Counter[tuple[Role, str, str]]()
                for seen in (*(seen for one in script for seen in roles_of_command(one)), *roles_of_script(step, script, self.env(job, step))):
                    alike[seen.role, seen.what, seen.registry] += 1
                    if alike[seen.role, seen.what, seen.registry] > MOST_ALIKE:
                        continue  # who looks at a deed looks at all commands of its step
                    role = Role.STAGE if seen.role is Role.UNDRAFT and self._is_public(job, step) else seen.role
                    yield Deed(role=role, job=job, step=step, place=step.at(step.run, seen.line), what=seen.what, registry=seen.registry, index=index)

    def _is_public(self, job: Job, step: Step) -> bool:
        """Say whether a step runs for nothing but a release that a person made public."""
        if self._public_already:
            return True
        able = [
            one for one in self._releasing if self._runs(job, one) and all(decided(each, self._known(step.path, one)) is not False for each in step.conditions)
        ]
        return bool(able) and all(one.name == "release" for one in able)

    @cached_property
    def _public_already(self) -> bool:
        """Whether the release was made public by a person, which started the workflow."""
        return bool(self._releasing_names) and self._releasing_names <= {"release"}

    @cached_property
    def _releasing_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.triggers if one.name in ("tag", "release"))

    def of(self, *roles: Role) -> tuple[Deed, ...]:
        """Give the deeds of roles."""
        return tuple(deed for deed in self.deeds if deed.role in roles)

    @cached_property
    def held_to(self) -> Profile:
        """The profile that it is held to."""
        return Profile(self.profile) if self.profile else inferred(self.deeds)

    @property
    def hardened(self) -> bool:
        """Whether it is held to everything that a hardened release does."""
        return self.held_to is Profile.HARDENED

    @cached_property
    def publishes(self) -> tuple[Deed, ...]:
        """What is given to registries; a rehearsal on TestPyPI is none."""
        return tuple(deed for deed in self.of(Role.PUBLISH) if deed.registry != TEST_PYPI)

    @cached_property
    def publish_jobs(self) -> tuple[Job, ...]:
        """The jobs that publish, each once."""
        return tuple({deed.job.id: deed.job for deed in self.publishes}.values())

    @cached_property
    def final_jobs(self) -> tuple[Job, ...]:
        """The jobs that a release ends with: those that publish, and those that make it public."""
        return tuple(deed.job for deed in (*self.publishes, *self.of(Role.UNDRAFT)))

    def roles(self, job: Job) -> frozenset[Role]:
        """Give the roles of a job."""
        return self._roles.get(job.id, frozenset())

    @cached_property
    def _roles(self) -> Mapping[str, frozenset[Role]]:
        found: dict[str, set[Role]] = {}
        for deed in self.deeds:
            found.setdefault(deed.job.id, set()).add(deed.role)
        return {name: frozenset(roles) for name, roles in found.items()}

    @cached_property
    def unclear(self) -> tuple[tuple[Job, Step, Command], ...]:
        """Commands that publish by their name, in jobs that hold a credential and are not known to publish."""
        return tuple(
            (job, step, one)
            for job in self.jobs.values()
            if not self.possible_roles(job) & {Role.PUBLISH, Role.MINT} and not {job.id, job.id.rpartition(" / ")[2]} & set(self.declared) and self.runs(job)
            for step in job.steps
            if self.active(step)
            for one in runs_a_publisher(self.commands(step))
            if holds_a_credential(self.allowed(job), job.environment, self.env(job, step), (step.run.text,) if step.run else ())
        )

    def may_run(self, deed: Deed, trigger: Trigger) -> bool:
        """Say whether a deed may be done when this starts the workflow."""
        known = self._known(deed.step.path if deed.step else self.path, trigger)
        return self._runs(deed.job, trigger) and all(decided(one, known) is not False for one in _asked(deed))

    def surely_runs(self, deed: Deed, trigger: Trigger) -> bool:
        """Say whether a deed is done when this starts the workflow: no condition on the way is false, or not known, and no step refuses."""
        jobs = (deed.job, *(self.jobs[name] for name in self.before(deed.job)))
        asked = [(one, job.path) for job in jobs for one in job.conditions]
        if deed.step is not None:
            asked += [(one, deed.step.path) for one in _asked(deed)]
        refuses = any(
            step.conditions and may_fail(self.commands(step)) and not all(decided(one, self._known(step.path, trigger)) is False for one in step.conditions)
            for job in jobs
            for step in job.steps
        )
        return not refuses and all(decided(one, self._known(path, trigger)) is True for one, path in asked)

    def undecided(self, deed: Deed, trigger: Trigger) -> str:
        """Give the first condition of a deed, or of its job, whose value only the run knows when this starts the workflow; "" for none."""
        asked = [(one, deed.job.path) for one in deed.job.conditions] + [(one, deed.step.path) for one in _asked(deed) if deed.step is not None]
        return next((one.text.strip() for one, path in asked if decided(one, self._known(path, trigger)) is None), "")

    def done_in(self, deed: Deed, world: Mapping[str, str]) -> bool:
        """Say whether a deed is done when outputs have these values; one whose condition is about others tells nothing."""
        step = deed.step
        asked = {name for scalar in (step.conditions if step else ()) for name, _ in compared(parsed(scalar))}
        return (not asked or not asked.isdisjoint(world)) and self.runs_with(deed.job, world) and (step is None or self.active_in(step, world))

    def awaits(self, job: Job, deed: Deed) -> bool:
        """Say whether a deed is done before a job begins, or in it."""
        return deed.job.id == job.id or deed.job.id in self.before(job)

    @cached_property
    def route(self) -> tuple[Job, ...]:
        """The jobs on the way to a publish or to the un-draft, these included; all that run, where the order is not known."""
        ends = [deed.job for deed in (*self.publishes, *self.of(Role.UNDRAFT, Role.DRAFT))]
        if not self.sound:
            return tuple(self.jobs.values())
        wanted = {job.id for job in ends} | {name for job in ends for name in self.before(job)}
        return tuple(job for name, job in self.jobs.items() if name in wanted and self.runs(job))

    @cached_property
    def steps(self) -> tuple[tuple[Job, Step], ...]:
        """Every step on the way to a publish, with its job."""
        return tuple((job, step) for job in self.route for step in job.steps)


def _asked(deed: Deed) -> tuple[Scalar, ...]:
    """Give what must be true for a deed to be done when its job runs."""
    return (*(deed.step.conditions if deed.step is not None else ()), *((deed.switch,) if deed.switch is not None else ()))
