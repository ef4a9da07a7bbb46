"""Which jobs and steps of a release workflow run, and when, as far as their conditions tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product

from lockstep.dataclass import dataclass
from lockstep.text.yaml import Scalar
from lockstep.workflow.conditions import bypasses, compared, decided, names_the_run, parsed, required
from lockstep.workflow.expression import STATUS, Expression, functions, shown
from lockstep.workflow.graph import Graph
from lockstep.workflow.model import Job, Role, Step
from lockstep.workflow.registries import CONTAINERS
from lockstep.workflow.triggers import Trigger, triggers_of

MOST_COMPARED = 6
"""Outputs that the conditions of two steps are tried with."""


@dataclass(frozen=True, kw_only=True)
class Execution(Graph):
    """A workflow with what starts it, and what runs then."""

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """Everything that may start the workflow."""
        return tuple(triggers_of(self.workflow)) if self.workflow else ()

    @cached_property
    def release_only(self) -> bool:
        """Whether nothing but a release starts it: no push to a branch, no pull request, no clock."""
        return all(one.name in ("tag", "release", "workflow_dispatch", "workflow_call", "repository_dispatch") for one in self.triggers)

    @cached_property
    def _releasing(self) -> tuple[Trigger, ...]:
        """The triggers that may publish."""
        likely = [one for one in self.triggers if one.name in ("tag", "release")] or [one for one in self.triggers if not one.name.startswith("pull_request")]
        able = [one for one in likely if any(self._runs(job, one) for job in self.jobs.values() if _may_publish(job, self))]
        return tuple(able or likely or self.triggers)

    def _runs(self, job: Job, trigger: Trigger) -> bool:
        """Say whether a job may run when this starts the workflow."""
        return self._runnable_by_trigger[trigger][job.id]

    @cached_property
    def _runnable_by_trigger(self) -> Mapping[Trigger, Mapping[str, bool]]:
        return {trigger: self._runnable(trigger, {}) for trigger in self.triggers}

    def _runnable(self, trigger: Trigger, more: Mapping[str, str | bool]) -> Mapping[str, bool]:
        """Say which jobs may run when this starts the workflow: nobody runs behind one that cannot, unless its condition asks for failures."""
        running: dict[str, bool] = {}
        for name in self._order if self.sound else self.jobs:
            job = self.jobs[name]
            asks = any(set(functions(parsed(one))) & STATUS for one in job.conditions)
            worlds = [{**self._known(job.path, trigger), **more, "failure()": failed} for failed in ((False, True) if asks else (False,))]
            able = not any(all(decided(one, known) is False for known in worlds) for one in job.conditions)
            running[name] = able and (asks or all(running.get(need, True) for need in job.needs))
        return running

    def runs_with(self, job: Job, more: Mapping[str, str | bool]) -> bool:
        """Say whether a job may run when something is released and more is known about it: what another job says."""
        return any(self._runnable(trigger, more)[job.id] for trigger in self._releasing)

    def runs(self, job: Job) -> bool:
        """Say whether a job may run when something is released."""
        return any(self._runs(job, one) for one in self._releasing)

    def active(self, step: Step) -> bool:
        """Say whether a step may run when something is released and everything before it succeeded."""
        return any(all(decided(one, self._known(step.path, trigger)) is not False for one in step.conditions) for trigger in self._releasing)

    def _known(self, path: str, trigger: Trigger) -> Mapping[str, str | bool]:
        """Give what is known in a file; the inputs of a called workflow or an action are what the caller says."""
        return trigger.known if path == self.path else {name: value for name, value in trigger.known.items() if name != "inputs"}

    def value(self, scalar: Scalar) -> bool | None:
        """Give what a flag is when something is released; None where that is not known."""
        values = {decided(scalar, trigger.known) for trigger in self._releasing}
        return next(iter(values)) if len(values) == 1 else None

    def own_group(self, group: Scalar) -> bool:
        """Say whether each run that releases something has a concurrency group that no other run has."""
        return bool(self._releasing) and all(names_the_run(group, trigger.known) for trigger in self._releasing)

    def reached(self, one: Expression | None) -> frozenset[tuple[str, ...]]:
        """Give the contexts whose text an expression may give when something is released; no branch that another event takes."""
        return frozenset(parts for trigger in self._releasing for parts in shown(one, trigger.known))

    def never(self, scalar: Scalar) -> bool:
        """Say whether a condition is false whatever starts the workflow."""
        return not set(functions(parsed(scalar))) & STATUS and all(decided(scalar, trigger.known) is False for trigger in self.triggers)

    def worlds(self, steps: Iterable[Step]) -> tuple[Mapping[str, str], ...]:
        """Give what the conditions of steps tell apart: one value of an output at a time that a condition names."""
        found: dict[tuple[str, str], None] = {}
        for step in steps:
            for scalar in step.conditions:
                found |= dict.fromkeys(compared(parsed(scalar)))
        return tuple({name: value} for name, value in found)

    def active_in(self, step: Step, world: Mapping[str, str]) -> bool:
        """Say whether a step may run when something is released, outputs have these values, and everything before it succeeded."""
        return any(all(decided(one, {**self._known(step.path, trigger), **world}) is not False for one in step.conditions) for trigger in self._releasing)

    def together(self, step: Step, other: Step) -> bool:
        """Say whether two steps may both run in one release: their conditions about outputs do not exclude each other."""
        texts: dict[str, set[str]] = {}
        for scalar in (*step.conditions, *other.conditions):
            for name, value in compared(parsed(scalar), ("needs", "steps")):
                texts.setdefault(name, {""}).add(value)
        if len(texts) > MOST_COMPARED:
            return True
        worlds = (dict(zip(texts, values, strict=True)) for values in product(*texts.values()))
        return any(self.active_in(step, world) and self.active_in(other, world) for world in worlds)

    def goes_on(self, job: Job) -> bool:
        """Say whether a job may run although one above it was skipped: its condition has a status function."""
        return any({*functions(parsed(one))} & STATUS for one in job.conditions)

    def cascades(self, job: Job) -> Iterator[tuple[Job, Job]]:
        """Give the jobs above one, none that it names itself, which may be skipped while a job between goes on, each with that job."""
        above = self.before(job)
        going = [
            one for name in self._order if name in above and self.goes_on(one := self.jobs[name]) and not any(bypasses(one, each) for each in one.conditions)
        ]
        for between in going:
            for name in self._order:
                skipped = self.jobs[name]
                if (
                    name in self.before(between)
                    and name not in job.needs
                    and skipped.conditions
                    and any(self._tolerates(between, skipped, one) for one in self._releasing)
                ):
                    yield skipped, between

    def _tolerates(self, between: Job, skipped: Job, trigger: Trigger) -> bool:
        """Say whether a job may be skipped by its own condition while another that waits for it runs."""
        wanted = {".".join(parts): value for scalar in between.conditions for parts, value in required(parsed(scalar))}
        known = {**self._known(skipped.path, trigger), **wanted}
        if not self._runs(between, trigger) or all(decided(one, known) is True for one in skipped.conditions):
            return False
        results: dict[str, str | bool] = {}
        for name in between.needs:
            lost = name == skipped.id or (skipped.id in self.before(self.jobs[name]) and not self.goes_on(self.jobs[name]))
            results[f"needs.{name.rpartition(' / ')[2].lower()}.result"] = "skipped" if lost else "success"
        results["needs.*.result"] = "success skipped"
        met = {**self._known(between.path, trigger), **results}
        return "skipped" in results.values() and all(decided(one, met) is not False for one in between.conditions)

    @cached_property
    def classified(self) -> bool:
        """Whether anything in it is known to publish or to make a release, whatever its conditions say."""
        ends = {Role.UNDRAFT, Role.DRAFT, Role.STAGE}
        starts = any(one.name in ("tag", "release") for one in self.triggers) or self.release_only
        for job in self.jobs.values():
            seen = [one for step in job.steps for one in self._seen(step)]
            if (
                job.id in self.declared
                or self.possible_roles(job) & ends
                or any(one.role is Role.PUBLISH and (starts or one.registry != CONTAINERS) for one in seen)
            ):
                return True  # images are pushed by many a workflow that releases nothing
        return False


def _may_publish(job: Job, graph: Graph) -> bool:
    return bool(graph.possible_roles(job) & {Role.PUBLISH, Role.UNDRAFT}) or job.id in graph.declared
