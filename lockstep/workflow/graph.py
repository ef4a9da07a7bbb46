"""A release workflow as a graph: its jobs in their order, what may be known of each from the text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from lockstep.dataclass import dataclass, field, replace
from lockstep.model import Confidence, Finding, Level, Place
from lockstep.text.yaml import Scalar
from lockstep.workflow.action_roles import roles_of_action
from lockstep.workflow.audit_model import TagPattern, Zizmor
from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.expression import embedded, shown
from lockstep.workflow.matrix import possible_values
from lockstep.workflow.model import Action, Fault, Job, Permissions, Role, Step, StepRole, Workflow, literal, place_at
from lockstep.workflow.script_roles import roles_of_script
from lockstep.workflow.shell import Command, commands
from lockstep.workflow.tasks import Tasks, with_tasks

SITES = frozenset({"actions/deploy-pages", "peaceiris/actions-gh-pages", "jamesives/github-pages-deploy-action", "readthedocs/actions"})


MOST_LINES = 200
"""Commands of a script of the repository that are looked at when a step runs it."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """One workflow file and what is known about its repository. `workflow` is None when it could not be read, and `faults` say why."""

    path: str
    workflow: Workflow | None
    faults: tuple[Fault, ...] = ()
    others: Mapping[str, Workflow | Fault] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)
    tasks: Tasks = field(default_factory=dict)
    """The scripts of each package.json that steps may start."""
    unpinned: frozenset[str] = frozenset()
    """The actions that need not be pinned, as `uses` names them."""
    declared: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""
    tag_patterns: tuple[TagPattern, ...] = ()
    lock: bool = False
    """Whether the repository has a Cargo.lock."""
    package_manager: str = ""
    """The package manager that package.json names, "" for none."""
    profile: str = ""
    """The profile that the configuration chooses, "" where the workflow's own steps tell."""
    zizmor: Zizmor | None = None
    named: bool = False
    """Whether the user named the file: then it must be a release workflow."""

    @cached_property
    def jobs(self) -> Mapping[str, Job]:
        """The jobs by id, those of called workflows among them."""
        return self.workflow.jobs if self.workflow else {}

    def env(self, job: Job, step: Step) -> Mapping[str, Scalar]:
        """Give the environment of a step."""
        return {**(self.workflow.env if self.workflow else {}), **job.env, **step.env}

    def allowed(self, job: Job) -> Permissions | None:
        """Give the permissions that a job has, None where the repository's settings decide."""
        return job.permissions or (self.workflow.permissions if self.workflow else None)

    def excepted(self, one: Action) -> bool:
        """Say whether an action need not be pinned: the configuration says so, or it refuses to run from a commit."""
        return one.name == "slsa-framework/slsa-github-generator" or one.text in self.unpinned

    def commands(self, step: Step) -> tuple[Command, ...]:
        """Give the commands of a step, those of a shell script of the repository that it runs among them.

        One that stands `inside` a function or branch of such a script may belong to another of its uses.
        """
        return self._commands.get(id(step), ())

    @cached_property
    def _commands(self) -> dict[int, tuple[Command, ...]]:
        found: dict[int, tuple[Command, ...]] = {}
        shared = {**(self.workflow.env if self.workflow else {})}
        for job in self.jobs.values():
            moved = any(one.action == "actions/checkout" and one.input("path", "repository") is not None for one in job.steps)
            for step in job.steps:
                if step.run is not None and not step.shell.startswith(("python", "pwsh", "powershell", "cmd", "node", "perl", "ruby")):
                    known = {name: text for name, value in {**shared, **job.env, **step.env}.items() if (text := literal(value)) is not None}
                    text = re.sub(r"\$\{\{\s*env\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}", r"${\1}", step.run.text)
                    found[id(step)] = tuple(self._with_scripts(with_tasks(commands(text, known), self.tasks, "$" if moved else step.folder, text)))
                elif step.run is not None and "pwsh" in step.shell + "powershell":
                    found[id(step)] = commands(step.run.text)
        return found

    def _with_scripts(self, found: Iterable[Command]) -> Iterator[Command]:
        for one in found:
            yield replace(one, inside=False)
            path = next((word for word in one.words[:2] if word.endswith(".sh")), "").removeprefix("./")
            if path in self.scripts and (one.words[0].endswith(".sh") or one.name in ("bash", "sh")):
                for inner in commands(self.scripts[path])[:MOST_LINES]:
                    yield replace(inner, line=one.line, spared=inner.spared or one.spared, reserved=())

    def script_references(self, step: Step) -> Iterator[tuple[tuple[tuple[str, ...], ...], Place]]:
        """Give the contexts whose text each expression puts into the script of a step, with the place of its line."""
        if step.run is not None:
            for offset, one in embedded(step.run.text):
                yield tuple(shown(one)), step.script_line(step.run.text.count("\n", 0, offset))

    def possible(self, job: Job, scalar: Scalar) -> tuple[str, ...]:
        """Give what a text may be: itself, or the values that the job's matrix has for it; nothing where it is not known."""
        if "${{" not in scalar.text:
            return (scalar.text,)
        found = re.fullmatch(r"\s*\$\{\{\s*matrix\.([A-Za-z0-9_.-]+)\s*\}\}\s*", scalar.text)
        return tuple(possible_values(job.matrix, tuple(found[1].split(".")))) if found else ()

    def possible_roles(self, job: Job) -> frozenset[Role]:
        """Give the roles that a job would have if all of its conditions were true."""
        seen = [one for step in job.steps for one in self._seen(step)]
        called = Step(path=job.path, place=job.place, uses=job.calls, inputs={name.lower(): value for name, value in job.inputs.items()})
        seen += roles_of_action(called, job.calls) if job.calls is not None and not job.calls.local else ()
        return frozenset(one.role for one in seen)

    def _seen(self, step: Step) -> Iterator[StepRole]:
        if step.uses is not None:
            yield from roles_of_action(step, step.uses)
        elif step.run is not None:
            script = self.commands(step)
            yield from (seen for one in script for seen in roles_of_command(one))
            yield from roles_of_script(step, script)

    @cached_property
    def deploys(self) -> bool:
        """Whether it brings a site up, which is no release."""
        used = [step.uses.name for job in self.jobs.values() for step in job.steps if step.uses is not None]
        return any(name in SITES or name.startswith("cloudflare/") for name in used)

    @cached_property
    def cycle(self) -> tuple[str, ...]:
        """Give jobs that wait for each other, the first one again at the end; nothing where there are none."""
        done: set[str] = set()
        for start in self.jobs:
            trail: list[tuple[str, Iterator[str]]] = [(start, iter(self.jobs[start].needs))]
            while trail:
                name, rest = trail[-1]
                need = next(rest, None)
                if need is None:
                    done.add(name)
                    trail.pop()
                elif need in (names := [one for one, _ in trail]):
                    return (*names[names.index(need) :], need)
                elif need not in done:
                    trail.append((need, iter(self.jobs[need].needs)))
        return ()

    @cached_property
    def sound(self) -> bool:
        """Whether GitHub would take the graph: where it would not, nothing can be said about the order."""
        return self.workflow is not None and not self.workflow.unknown_needs and not self.cycle

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for name in self._order:
            needs = self.jobs[name].needs
            found[name] = frozenset(needs).union(*(found[need] for need in needs))
        return found

    @cached_property
    def _order(self) -> tuple[str, ...]:
        found: list[str] = []
        if not self.sound:
            return ()
        number = {name: at for at, name in enumerate(self.jobs)}
        left = {name: len(set(job.needs)) for name, job in self.jobs.items()}
        awaited_by: dict[str, list[str]] = {name: [] for name in self.jobs}
        for name, job in self.jobs.items():
            for need in set(job.needs):
                awaited_by[need].append(name)
        ready = [name for name, needs in left.items() if not needs]
        while ready:
            found += ready
            following: list[str] = []
            for done in ready:
                for name in awaited_by[done]:
                    left[name] -= 1
                    if not left[name]:
                        following.append(name)
            ready = sorted(following, key=number.__getitem__)
        return tuple(found)

    def before(self, job: Job) -> frozenset[str]:
        """Give the ids of all jobs that a job waits for, however far away."""
        return self._closures.get(job.id, frozenset())

    def to_wait(self, job: Job, others: Iterable[Job]) -> str:
        """Give the advice by which a job waits for others; where one of them waits for it, another edge would be a cycle, which GitHub refuses."""
        names = dict.fromkeys(one.id for one in others)
        around = [name for name in names if job.id in self.before(self.jobs[name])]
        if around:
            return f"{', '.join(around)} waits for {job.id}: take that out of `needs` first, then let {job.id} wait for {', '.join(names)}"
        return f"add {', '.join(names)} to `needs`"

    def place(self) -> Place:
        """Give the place of the whole file."""
        return Place(path=self.path, line=1, column=1)

    def place_of(self, scalar: Scalar) -> Place:
        """Give the place of a value of the file itself."""
        return place_at(self.path, scalar)

    def finding(
        self,
        *,
        rule: str,
        level: Level,
        place: Place,
        message: str,
        help: str = "",  # noqa: A002 - the field's name
        confidence: Confidence = Confidence.CERTAIN,
        symbol: str = "",
    ) -> Finding:
        """Make a finding."""
        return Finding(rule=rule, level=level, place=place, message=message, help=help, confidence=confidence, symbol=symbol or None)
