"""The evidence of the workflow rules: one release workflow as a graph of jobs with roles, artifacts and the order they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from lockstep.model import Confidence, Finding, Level, Place
from lockstep.record import dataclass, field
from lockstep.workflow.checks import Check, Kind, answer, checks
from lockstep.workflow.expression import STATUS, Call, Expression, ExpressionError, Literal, Operation, Reference, condition, evaluate, functions, truthy
from lockstep.workflow.model import Deed, Fault, Job, Permissions, Role, Step, Workflow, literal
from lockstep.workflow.roles import CONTAINERS, PYPI, TEST_PYPI, Seen, fails, of_action, of_command, of_script, tag_patterns, true, trusted, verification
from lockstep.workflow.shell import Command, commands
from lockstep.yaml import Mapping as Map
from lockstep.yaml import Node, Scalar, Sequence, texts

TAG = "v1.2.3"
SITES = frozenset({"actions/deploy-pages", "peaceiris/actions-gh-pages", "jamesives/github-pages-deploy-action", "readthedocs/actions"})
MOST_LINES = 200
"""Commands of a script of the repository that are looked at when a step runs it."""


GATE_TAG = "lockstep gate tag"
GATE_TAG_OUTPUTS = frozenset({"ok", "outcome", "tag", "version", "commit"})


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What may start the workflow: an event, and what is known about it."""

    name: str
    known: Mapping[str, str | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An artifact that a job uploads; its name may hold expressions. `files` are the patterns of what is in it."""

    name: str
    job: Job
    step: Step
    index: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Artifacts that a job takes: by `name`, by `pattern`, or all (both empty)."""

    name: str
    job: Job
    step: Step
    index: int
    folder: str
    foreign: bool

    @property
    def everything(self) -> bool:
        """Whether it takes whatever there is."""
        return not self.name or set(self.name) == {"*"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPattern:
    """A pattern of release tags that another tool of the repository uses."""

    place: Place
    text: str
    tool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """A workflow that a gate waits for, as the gate names it; `branch` is the branch that it asks about, where it says so."""

    name: str
    branch: str | None
    deed: Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A guard, and what is known of the rest of the workflow when it takes or refuses a tag: None where it stops, or where that cannot be told."""

    deed: Deed
    accepted: Mapping[str, str | bool] | None
    refused: Mapping[str, str | bool] | None
    stops_good: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finding of zizmor."""

    rule: str
    severity: str
    place: Place
    message: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Zizmor:
    """What zizmor said: its findings, the files that it read, those that it should have read, and why it could not run ("" when it could).

    `reasons` is what it said of files that it did not read, where it named them.
    """

    reports: tuple[Report, ...] = ()
    read: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()
    failed: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """One workflow file and what is known about its repository. `workflow` is None when it could not be read, and `faults` say why."""

    path: str
    workflow: Workflow | None
    faults: tuple[Fault, ...] = ()
    others: Mapping[str, Workflow | Fault] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)
    unpinned: tuple[str, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""
    tag_patterns: tuple[TagPattern, ...] = ()
    lock: bool = False
    """Whether the repository has a Cargo.lock."""
    zizmor: Zizmor | None = None
    named: bool = False
    """Whether the user named the file: then it must be a release workflow."""

    # ---- the parts

    @cached_property
    def jobs(self) -> Mapping[str, Job]:
        """The jobs by id, those of called workflows among them."""
        return self.workflow.jobs if self.workflow else {}

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Everything that may start the workflow."""
        return tuple(_moments(self.workflow)) if self.workflow else ()

    @cached_property
    def release_only(self) -> bool:
        """Whether nothing but a release starts it: no push to a branch, no pull request, no clock."""
        return all(one.name in ("tag", "release", "workflow_dispatch", "workflow_call", "repository_dispatch") for one in self.moments)

    @cached_property
    def _releasing(self) -> tuple[Moment, ...]:
        """The moments that may publish."""
        likely = [one for one in self.moments if one.name in ("tag", "release")] or [one for one in self.moments if not one.name.startswith("pull_request")]
        able = [one for one in likely if any(self._runs(job, one) for job in self.jobs.values() if _may_publish(job, self))]
        return tuple(able or likely or self.moments)

    def commands(self, step: Step) -> tuple[Command, ...]:
        """Give the commands of a step, those of a shell script of the repository that it runs among them."""
        return self._commands.get(id(step), ())

    @cached_property
    def _commands(self) -> dict[int, tuple[Command, ...]]:
        found: dict[int, tuple[Command, ...]] = {}
        shared = {**(self.workflow.env if self.workflow else {})}
        for job in self.jobs.values():
            for step in job.steps:
                if step.run is not None and not step.shell.startswith(("python", "pwsh", "powershell", "cmd", "node", "perl", "ruby")):
                    known = {name: text for name, value in {**shared, **job.env, **step.env}.items() if (text := literal(value)) is not None}
                    text = re.sub(r"\$\{\{\s*env\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}", r"${\1}", step.run.text)
                    found[id(step)] = tuple(self._with_scripts(commands(text, known)))
                elif step.run is not None and "pwsh" in step.shell + "powershell":
                    found[id(step)] = commands(step.run.text)
        return found

    def _with_scripts(self, found: Iterable[Command]) -> Iterator[Command]:
        for one in found:
            yield one
            path = next((word for word in one.words[:2] if word.endswith(".sh")), "").removeprefix("./")
            if path in self.scripts and (one.words[0].endswith(".sh") or one.name in ("bash", "sh")):
                for inner in commands(self.scripts[path])[:MOST_LINES]:
                    yield Command(words=inner.words, line=one.line, assigns=inner.assigns, after=inner.after, spared=inner.spared or one.spared)

    # ---- what is known before it runs

    def _runs(self, job: Job, moment: Moment) -> bool:
        """Say whether a job may run at a moment."""
        return self._running[moment][job.id]

    @cached_property
    def _running(self) -> Mapping[Moment, Mapping[str, bool]]:
        return {moment: self._runners(moment, {}) for moment in self.moments}

    def _runners(self, moment: Moment, more: Mapping[str, str | bool]) -> Mapping[str, bool]:
        """Say which jobs may run at a moment: nobody runs behind one that cannot, unless its condition asks for failures."""
        running: dict[str, bool] = {}
        for name in self._order() if self.sound else self.jobs:
            job = self.jobs[name]
            asks = any(set(functions(parsed(one))) & STATUS for one in job.conditions)
            worlds = [{**self._known(job.path, moment), **more, "failure()": failed} for failed in ((False, True) if asks else (False,))]
            able = not any(all(_value(one, known) is False for known in worlds) for one in job.conditions)
            running[name] = able and (asks or all(running.get(need, True) for need in job.needs))
        return running

    def runs_with(self, job: Job, more: Mapping[str, str | bool]) -> bool:
        """Say whether a job may run when something is released and more is known about it: what another job says."""
        return any(self._runners(moment, more)[job.id] for moment in self._releasing)

    def runs(self, job: Job) -> bool:
        """Say whether a job may run when something is released."""
        return any(self._runs(job, one) for one in self._releasing)

    def active(self, step: Step) -> bool:
        """Say whether a step may run when something is released and everything before it succeeded."""
        return any(all(_value(one, self._known(step.path, moment)) is not False for one in step.conditions) for moment in self._releasing)

    def _known(self, path: str, moment: Moment) -> Mapping[str, str | bool]:
        """Give what is known in a file; the inputs of a called workflow or an action are what the caller says."""
        return moment.known if path == self.path else {name: value for name, value in moment.known.items() if name != "inputs"}

    def value(self, scalar: Scalar) -> bool | None:
        """Give what a flag is when something is released; None where that is not known."""
        values = {_value(scalar, moment.known) for moment in self._releasing}
        return next(iter(values)) if len(values) == 1 else None

    def possible(self, job: Job, scalar: Scalar) -> tuple[str, ...]:
        """Give what a text may be: itself, or the values that the job's matrix has for it; nothing where it is not known."""
        if "${{" not in scalar.text:
            return (scalar.text,)
        found = re.fullmatch(r"\s*\$\{\{\s*matrix\.([A-Za-z0-9_.-]+)\s*\}\}\s*", scalar.text)
        return tuple(_matrix(job.matrix, tuple(found[1].split(".")))) if found else ()

    # ---- roles

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
            for seen in of_action(called, job.calls):
                yield Deed(role=seen.role, job=job, step=None, place=called.place, what=seen.what, registry=seen.registry)
        for index, step in enumerate(job.steps):
            if not self.active(step):
                continue
            if step.uses is not None:
                for seen in of_action(step, step.uses):
                    role = Role.STAGE if seen.role is Role.UNDRAFT and self._public_already else seen.role
                    yield Deed(role=role, job=job, step=step, place=step.at(step.uses.scalar), what=seen.what, registry=seen.registry, index=index)
            script = self.commands(step)
            if step.run is not None:
                for seen in (*(seen for one in script for seen in of_command(one)), *of_script(step, script, self.env(job, step))):
                    role = Role.STAGE if seen.role is Role.UNDRAFT and self._public_already else seen.role
                    yield Deed(role=role, job=job, step=step, place=step.at(step.run, seen.line), what=seen.what, registry=seen.registry, index=index)

    @cached_property
    def _public_already(self) -> bool:
        """Whether the release was made public by a person, which started the workflow."""
        return bool(self._releasing_names) and self._releasing_names <= {"release"}

    @cached_property
    def _releasing_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.moments if one.name in ("tag", "release"))

    def of(self, *roles: Role) -> tuple[Deed, ...]:
        """Give the deeds of roles."""
        return tuple(deed for deed in self.deeds if deed.role in roles)

    @cached_property
    def publishes(self) -> tuple[Deed, ...]:
        """What is given to registries; a rehearsal on TestPyPI is none."""
        return tuple(deed for deed in self.of(Role.PUBLISH) if deed.registry != TEST_PYPI)

    @cached_property
    def publish_jobs(self) -> tuple[Job, ...]:
        """The jobs that publish, each once."""
        return tuple({deed.job.id: deed.job for deed in self.publishes}.values())

    def roles(self, job: Job) -> frozenset[Role]:
        """Give the roles of a job."""
        return self._roles.get(job.id, frozenset())

    @cached_property
    def _roles(self) -> Mapping[str, frozenset[Role]]:
        found: dict[str, set[Role]] = {}
        for deed in self.deeds:
            found.setdefault(deed.job.id, set()).add(deed.role)
        return {name: frozenset(roles) for name, roles in found.items()}

    def possible_roles(self, job: Job) -> frozenset[Role]:
        """Give the roles that a job would have if all of its conditions were true."""
        seen = [one for step in job.steps for one in self._seen(step)]
        called = Step(path=job.path, place=job.place, uses=job.calls, inputs={name.lower(): value for name, value in job.inputs.items()})
        seen += of_action(called, job.calls) if job.calls is not None and not job.calls.local else ()
        return frozenset(one.role for one in seen)

    def _seen(self, step: Step) -> Iterator[Seen]:
        if step.uses is not None:
            yield from of_action(step, step.uses)
        elif step.run is not None:
            script = self.commands(step)
            yield from (seen for one in script for seen in of_command(one))
            yield from of_script(step, script)

    @cached_property
    def classified(self) -> bool:
        """Whether anything in it is known to publish or to make a release, whatever its conditions say."""
        ends = {Role.UNDRAFT, Role.DRAFT, Role.STAGE}
        starts = any(one.name in ("tag", "release") for one in self.moments) or self.release_only
        for job in self.jobs.values():
            seen = [one for step in job.steps for one in self._seen(step)]
            if (
                job.id in self.declared
                or self.possible_roles(job) & ends
                or any(one.role is Role.PUBLISH and (starts or one.registry != CONTAINERS) for one in seen)
            ):
                return True  # images are pushed by many a workflow that releases nothing
        return False

    @cached_property
    def deploys(self) -> bool:
        """Whether it brings a site up, which is no release."""
        used = [step.uses.name for job in self.jobs.values() for step in job.steps if step.uses is not None]
        return any(name in SITES or name.startswith("cloudflare/") for name in used)

    def never(self, scalar: Scalar) -> bool:
        """Say whether a condition is false whatever starts the workflow."""
        return not set(functions(parsed(scalar))) & STATUS and all(_value(scalar, moment.known) is False for moment in self.moments)

    def may_run(self, deed: Deed, moment: Moment) -> bool:
        """Say whether a deed may be done at a moment."""
        conditions = deed.step.conditions if deed.step else ()
        return self._runs(deed.job, moment) and all(
            _value(one, self._known(deed.step.path if deed.step else self.path, moment)) is not False for one in conditions
        )

    # ---- order

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
        for name in self._order():
            found[name] = frozenset(one for need in self.jobs[name].needs for one in (need, *found[need]))
        return found

    def _order(self) -> Iterator[str]:
        left = dict(self.jobs) if self.sound else {}
        done: set[str] = set()
        while left:
            ready = [name for name, job in left.items() if set(job.needs) <= done]
            for name in ready:
                del left[name]
            done |= set(ready)
            yield from ready

    def before(self, job: Job) -> frozenset[str]:
        """Give the ids of all jobs that a job waits for, however far away."""
        return self._closures.get(job.id, frozenset())

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

    # ---- artifacts

    @cached_property
    def uploads(self) -> tuple[Upload, ...]:
        """The artifacts that are uploaded."""
        found = []
        for job in self.jobs.values():
            for index, step in enumerate(job.steps):
                if step.uses is not None and step.uses.name == "actions/upload-artifact":
                    name, path = step.inputs.get("name"), step.inputs.get("path")
                    files = tuple(row.strip() for row in path.text.splitlines() if row.strip()) if path is not None else ()
                    found.append(Upload(name=wild(name.text if name else "artifact"), job=job, step=step, index=index, files=files))
            if job.calls is not None and job.calls.name == "slsa-framework/slsa-github-generator":
                name = job.inputs.get("provenance-name")
                step = Step(path=job.path, place=job.place)
                found.append(Upload(name=wild(name.text) if name else "*.intoto.jsonl", job=job, step=step, index=0, files=("*.intoto.jsonl",)))
        return tuple(found)

    @cached_property
    def downloads(self) -> tuple[Download, ...]:
        """The artifacts that are taken."""
        found = []
        for job in self.jobs.values():
            for index, step in enumerate(job.steps):
                if step.uses is not None and step.uses.name == "actions/download-artifact":
                    name = step.input("name", "pattern")
                    folder = step.inputs.get("path")
                    foreign = any(step.input(one) is not None for one in ("run-id", "repository"))
                    text = wild(name.text) if name else ""
                    found.append(Download(name=text, job=job, step=step, index=index, folder=clean(folder.text if folder else "."), foreign=foreign))
        return tuple(found)

    def taken(self, job: Job) -> tuple[Upload, ...]:
        """Give the artifacts that a job takes by name or pattern."""
        return self._taken.get(job.id, ())

    @cached_property
    def _taken(self) -> Mapping[str, tuple[Upload, ...]]:
        found: dict[str, dict[int, Upload]] = {}
        for one in self.downloads:
            if not one.foreign:
                found.setdefault(one.job.id, {}).update({id(up): up for up in self.matching(one)})
        return {name: tuple(ups.values()) for name, ups in found.items()}

    def matching(self, one: Download) -> tuple[Upload, ...]:
        """Give the artifacts that a download means; none where it takes all, for that says nothing about any of them."""
        return self._matching.get(one.name, ())

    @cached_property
    def _matching(self) -> Mapping[str, tuple[Upload, ...]]:
        names = {one.name for one in self.downloads if not one.everything}
        return {name: tuple(up for up in self.uploads if meets(name, up.name)) for name in names}

    @cached_property
    def attested(self) -> Mapping[str, tuple[Upload, ...]]:
        """What each attesting job covers: artifacts that it takes, uploads, or whose digests a job that it waits for gives it."""
        found: dict[str, tuple[Upload, ...]] = {}
        for deed in self.of(Role.ATTEST):
            if any(one.job.id == deed.job.id and one.index <= deed.index for one in self.publishes):
                continue
            sources = [deed.job.id]
            if deed.step is None:
                sources += [need for need in deed.job.needs if any(f"needs.{need.lower()}." in value.text.lower() for value in deed.job.inputs.values())]
            own = [up for up in self.uploads if up.job.id == deed.job.id and up.step.uses is not None and is_distribution(up)]
            found[deed.job.id] = tuple({id(up): up for up in (*own, *(up for name in sources for up in self.taken(self.jobs[name])))}.values())
        return found

    @cached_property
    def staged(self) -> Mapping[str, tuple[Upload, ...]]:
        """What each job takes that puts files onto a release."""
        return {deed.job.id: self.taken(deed.job) for deed in self.of(Role.STAGE)}

    # ---- what a publish owes

    def first_owed(self, role: Role, rule: str, advice: str) -> Iterator[Finding]:
        """Give the publishing jobs that owe a role before all others: what each waits for has not done it."""
        words = {Role.STAGE: "kept the files where they can be compared", Role.ATTEST: "attested them", Role.GATE: "asked whether the commit is green"}
        for job in self.publish_jobs if self.sound else ():
            missing = self.missing(job)
            if missing[:1] == (role,):
                nothing = ", ".join(words[one] for one in missing)
                message = f"{job.id} publishes, but nothing that it waits for has {nothing}"
                yield self.finding(rule=rule, level=Level.ERROR, place=job.place, message=message, help=advice, symbol=job.id)

    def packed_with(self, flag: str, rule: str) -> Iterator[Finding]:
        """Give where cargo packs or publishes with a flag that it must not have."""
        for job, step in self.steps:
            places = [step.at(step.run, one.line) for one in self.commands(step) if step.run is not None and packs(one) and one.has(flag)]
            if step.uses is not None and step.uses.name == "katyo/publish-crates":
                places += [step.at(value) for value in step.inputs.values() if flag in value.text]
            for place in places if self.active(step) else ():
                message = f"{job.id} runs cargo with {flag}"
                yield self.finding(rule=rule, level=Level.ERROR, place=place, message=message, help=f"take {flag} out", symbol=job.id)

    def missing(self, job: Job) -> tuple[Role, ...]:
        """Give what a publishing job does not wait for and should: the staging first, for it usually brings the others."""
        return self._missing.get(job.id, ())

    @cached_property
    def _missing(self) -> Mapping[str, tuple[Role, ...]]:
        return {job.id: self._owed(job) for job in self.publish_jobs}

    def _owed(self, job: Job) -> tuple[Role, ...]:
        owed = []
        images = all(deed.registry == CONTAINERS for deed in self.publishes if deed.job.id == job.id)  # an image is no file of the release
        taken = [up for up in self.taken(job) if is_distribution(up)]
        for role, covered in () if images else ((Role.STAGE, self.staged), (Role.ATTEST, self.attested)):
            jobs = [name for name, ups in covered.items() if not taken or any(up in ups for up in taken)]
            inside = [name for name in jobs if name in self.before(job) or name == job.id]
            outside = [name for name in jobs if name not in inside and not self._waits(name, job)]
            if (taken and outside) or not inside:
                if not jobs and any(name in self.before(job) for name in covered):
                    continue  # files of this lane are staged and attested, and not these: `upload-unattested` says which
                if not jobs and (self._attests_itself(job) if role is Role.ATTEST else self._kept(job)):
                    continue
                owed.append(role)
        if not self._gated(job) and not any(not self._gated(self.jobs[one.id]) for one in self.publish_jobs if one.id in self.before(job)):
            owed.append(Role.GATE)
        return tuple(owed)

    def _waits(self, name: str, job: Job) -> bool:
        """Say whether a job takes an artifact of another that it does not wait for: `artifact-unordered` says so."""
        waiting = {job.id, *self.before(job)}
        return any(up.job.id == name for one in self.downloads if one.job.id in waiting for up in self.matching(one))

    def _kept(self, job: Job) -> bool:
        """Say whether what is published was kept as an artifact, in a workflow that puts nothing onto a release."""
        return any(one.job.id == job.id for one in self.downloads) and not self.staged

    def _attests_itself(self, job: Job) -> bool:
        """Say whether everything that a job publishes is attested by the publishing action: PEP 740, or npm's provenance."""
        deeds = [deed for deed in self.publishes if deed.job.id == job.id]
        return bool(deeds) and all(self._self_attested(deed) for deed in deeds)

    def _self_attested(self, deed: Deed) -> bool:
        step = deed.step
        if step is None:
            return False
        if step.uses is not None and deed.registry == PYPI and step.uses.name == "pypa/gh-action-pypi-publish":
            return trusted(step)
        if deed.registry == "npm":
            env = {**(self.workflow.env if self.workflow else {}), **deed.job.env, **step.env}
            return any(one.has("--provenance") for one in self.commands(step)) or "NPM_CONFIG_PROVENANCE" in env or true(step, "provenance")
        return False

    def _gated(self, job: Job) -> bool:
        gates = self.of(Role.GATE)
        if gates:
            return any(self.awaits(job, gate) for gate in gates)
        return not self.release_only and any(self.awaits(job, test) for test in self.of(Role.TEST))

    def bringers(self, job: Job) -> frozenset[str]:
        """Give the jobs that would come before a publishing job if it waited for what it owes, with all that they wait for."""
        return self._bringers.get(job.id, frozenset())

    @cached_property
    def _bringers(self) -> Mapping[str, frozenset[str]]:
        return {job.id: self._brought(job) for job in self.publish_jobs}

    def _brought(self, job: Job) -> frozenset[str]:
        roles = set(self.missing(job)) & {Role.STAGE, Role.ATTEST}
        found = {deed.job.id for deed in self.of(*roles)} if roles else set()
        return frozenset(one for name in found for one in (name, *self.before(self.jobs[name])))

    @cached_property
    def uncovered(self) -> tuple[tuple[Download, Upload], ...]:
        """What is published or staged without an attestation, in a lane where other files have one."""
        covered = [up for ups in self.attested.values() for up in ups]
        ends = {deed.job.id for deed in (*self.publishes, *self.of(Role.STAGE))}
        return tuple(
            (one, up)
            for one in self.downloads
            if one.job.id in ends and any(ups and name in self.before(one.job) for name, ups in self.attested.items())
            for up in self.matching(one)
            if is_distribution(up) and up not in covered
        )

    @cached_property
    def gated(self) -> tuple[Gated, ...]:
        """The workflows that the gates wait for, by the names that the gates have for them."""
        found: dict[str, Gated] = {}
        for deed in self.of(Role.GATE):
            script = self.commands(deed.step) if deed.step else ()
            text = "\n".join(" ".join(one.words) for one in script)
            branch = re.search(r"[?&]branch=([A-Za-z0-9._/-]+)|--branch[ =]([A-Za-z0-9._/-]+)|head_branch ?== ?\"([^\"]+)\"", text)
            for name in re.findall(
                r"(?<![A-Za-z0-9_./-])([A-Za-z0-9_-][A-Za-z0-9_.-]*\.ya?ml)(?![A-Za-z0-9_.-])", text.replace("workflows/", " ").replace("/runs", " ")
            ):
                found.setdefault(name, Gated(name=name, branch=next((one for one in branch.groups() if one), None) if branch else None, deed=deed))
        return tuple(found.values())

    def written(self, step: Step) -> frozenset[str] | None:
        """Give the outputs that the script of a step writes; None where that cannot be told."""
        text = step.run.text if step.run is not None else ""
        if "GITHUB_OUTPUT" not in text and any(deed.step is step and deed.what == GATE_TAG for deed in self.of(Role.GUARD)):
            return GATE_TAG_OUTPUTS
        uses = text.count("GITHUB_OUTPUT")
        found = re.findall(r"^[ \t]*(?:echo|printf) +[\"']?([A-Za-z_][\w-]*)=[^\n]*>> *[\"']?\$\{?GITHUB_OUTPUT\}?[\"']?[ \t;]*(?:#.*)?$", text, re.MULTILINE)
        return frozenset(found) if found and len(found) == uses and id(step) in self._commands else None

    @cached_property
    def checked(self) -> tuple[tuple[Job, Step, Check], ...]:
        """What the scripts on the way check; a comparison of bytes that is none is `bytes-unverified`."""
        return tuple(
            (job, step, one)
            for job, step in self.steps
            if step.run is not None and id(step) in self._commands and "pwsh" not in step.shell and self.active(step)
            for one in checks(step.run.text, self.env(job, step))
            if one.kind is not Kind.DIGEST or verification(self.commands(step)) is not None
        )

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """The guards of the tag's name whose answers can be told."""
        return tuple(one for deed in self.of(Role.GUARD) if (one := self._guard(deed)) is not None)

    def _guard(self, deed: Deed) -> Guard | None:
        step, job = deed.step, deed.job
        if step is None or step.run is None:
            return None
        if deed.what == GATE_TAG:
            return Guard(deed=deed, accepted=self._said(job, step, {"ok": "true"}), refused=self._said(job, step, {"ok": "false"}))
        if not deed.what.startswith("the pattern"):
            return None
        env = self.env(job, step)
        found = [(regex, line) for regex, line in tag_patterns(step, self.commands(step), env) if takes(regex, "") is not None]
        taken = next((tag for tag in ("v1.2.3", "1.2.3") if found and all(takes(regex, tag) for regex, _ in found)), None)
        if taken is None:
            return None
        good = answer(step.run.text, {line: True for _, line in found})
        bad = answer(step.run.text, {line: False for _, line in found})
        said = None if good.stops is not False else self._said(job, step, good.outputs)
        return Guard(deed=deed, accepted=said, refused=None if bad.stops is not False else self._said(job, step, bad.outputs), stops_good=good.stops is True)

    def _said(self, job: Job, step: Step, outputs: Mapping[str, str | None]) -> dict[str, str | bool]:
        """Give what other jobs see of a step's outputs."""
        known: dict[str, str | bool] = {}
        for name, scalar in job.results.items():
            found = re.fullmatch(r"\$\{\{\s*steps\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}", scalar.text.strip())
            value = literal(scalar) if found is None else outputs.get(found[2]) if found[1].lower() == step.id.lower() else None
            if value is not None:
                known[f"needs.{job.id.lower()}.outputs.{name.lower()}"] = value
        return known

    def worlds(self, steps: Iterable[Step]) -> tuple[Mapping[str, str], ...]:
        """Give what the conditions of steps tell apart: one value of an output at a time that a condition names."""
        found: dict[tuple[str, str], None] = {}
        for step in steps:
            for scalar in step.conditions:
                found |= dict.fromkeys(compared(parsed(scalar)))
        return tuple({name: value} for name, value in found)

    def active_in(self, step: Step, world: Mapping[str, str]) -> bool:
        """Say whether a step may run when something is released, outputs have these values, and everything before it succeeded."""
        return any(all(_value(one, {**self._known(step.path, moment), **world}) is not False for one in step.conditions) for moment in self._releasing)

    def done_in(self, deed: Deed, world: Mapping[str, str]) -> bool:
        """Say whether a deed is done when outputs have these values; one whose condition is about others tells nothing."""
        step = deed.step
        asked = {name for scalar in (step.conditions if step else ()) for name, _ in compared(parsed(scalar))}
        return (not asked or not asked.isdisjoint(world)) and self.runs_with(deed.job, world) and (step is None or self.active_in(step, world))

    @cached_property
    def untagged(self) -> bool:
        """Whether a guard asks for the name of a tag, and nothing that starts the workflow has one to give."""
        names = {one.name for one in self.moments}
        called = any(isinstance(one, Workflow) and one is not self.workflow and self.path in one.files for one in self.others.values())
        asks = any(
            re.search(r"github\.ref|GITHUB_REF", "\n".join((deed.step.run.text, *(one.text for one in self.env(deed.job, deed.step).values()))))
            for deed in self.of(Role.GUARD)
            if deed.step is not None and deed.step.run is not None
            if not any("inputs." in one.text for one in self.env(deed.job, deed.step).values())
        )
        early = names == {"release"} and bool(self.of(Role.DRAFT))
        return asks and bool(names) and (early or not names & {"tag", "release"}) and not (called and "workflow_call" in names)

    @cached_property
    def steps(self) -> tuple[tuple[Job, Step], ...]:
        """Every step on the way to a publish, with its job."""
        return tuple((job, step) for job in self.route for step in job.steps)

    def env(self, job: Job, step: Step) -> Mapping[str, Scalar]:
        """Give the environment of a step."""
        return {**(self.workflow.env if self.workflow else {}), **job.env, **step.env}

    def allowed(self, job: Job) -> Permissions | None:
        """Give the permissions that a job has, None where the repository's settings decide."""
        return job.permissions or (self.workflow.permissions if self.workflow else None)

    # ---- findings

    def place(self) -> Place:
        """Give the place of the whole file."""
        return Place(path=self.path, line=1, column=1)

    def place_of(self, scalar: Scalar) -> Place:
        """Give the place of a value of the file itself."""
        return Place(path=self.path, line=scalar.line, column=scalar.column)

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


def _may_publish(job: Job, audit: Audit) -> bool:
    return bool(audit.possible_roles(job) & {Role.PUBLISH, Role.UNDRAFT}) or job.id in audit.declared


@lru_cache(maxsize=4096)
def parsed(scalar: Scalar) -> Expression | None:
    """Parse a condition; None for one that is no expression."""
    try:
        return condition(scalar.text)
    except ExpressionError:
        return None


def _value(scalar: Scalar, known: Mapping[str, str | bool]) -> bool | None:
    one = parsed(scalar)
    if one is None:
        return None
    value = evaluate(one, known)
    return None if not isinstance(value, str | float | bool | None) else truthy(value)


def bypasses(job: Job, scalar: Scalar) -> tuple[str, ...]:
    """Give the status functions of a job's condition; none where the condition itself is false as soon as one of its needs failed."""
    one = parsed(scalar)
    found = tuple(sorted({*functions(one)} & STATUS))
    if not found or one is None or not job.stated:
        return found
    names = [need.text.lower() for need in job.stated]
    for bad in ("failure", "cancelled"):
        for failed in names:
            results = {f"needs.{name}.result": bad if name == failed else "success" for name in names}
            if evaluate(one, {**results, "needs.*.result": f"success {bad}"}) is not False:
                return found
    return ()


def compared(one: Expression | None) -> Iterator[tuple[str, str]]:
    """Give the outputs that an expression compares with a text, each with the text."""
    match one:
        case (
            Operation(operator="==" | "!=", operands=(Reference(parts=parts), Literal(value=str(value))))
            | Operation(operator="==" | "!=", operands=(Literal(value=str(value)), Reference(parts=parts)))
        ):
            if parts[0] == "needs":
                yield ".".join(parts), value
        case Operation(operands=inner) | Call(arguments=inner):
            for each in inner:
                yield from compared(each)
        case _:
            pass


def always_true(scalar: Scalar) -> bool:
    """Say whether a condition is a text around `${{ }}`, which GitHub takes for true whatever stands in it."""
    one = parsed(scalar)
    return isinstance(one, Literal) and isinstance(one.value, str) and "${{" in one.value


def _moments(workflow: Workflow) -> Iterator[Moment]:
    tagged: dict[str, str | bool] = {"github.event.pull_request": False, "github.ref": f"refs/tags/{TAG}", "github.ref_name": TAG, "github.ref_type": "tag"}
    for name, node in workflow.triggers.items():
        known: dict[str, str | bool] = {"github.event_name": name}
        if name == "push":
            filters = set(node.entries) if isinstance(node, Map) else set()
            if filters & {"tags", "tags-ignore"} or not filters & {"branches", "branches-ignore"}:
                yield Moment("tag", {**known, **tagged, "inputs": False})
            if filters & {"branches", "branches-ignore"} or not filters & {"tags", "tags-ignore"}:
                yield Moment("branch", {**known, "github.ref_type": "branch", "github.ref": "refs/heads/main", "github.ref_name": "main", "inputs": False})
        elif name == "release":
            yield Moment("release", {**known, **tagged, "inputs": False})
        elif name in ("workflow_call", "workflow_dispatch"):
            yield Moment(name, known if name == "workflow_dispatch" else {})
        else:
            ref = "refs/pull/1/merge" if name == "pull_request" else "refs/heads/main"
            asked = name.startswith("pull_request")
            yield Moment(name, {**known, "github.ref_type": "branch", "github.ref": ref, "inputs": False, "github.event.pull_request": asked})


def _matrix(node: Node | None, keys: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(node, Map):
        return
    rows: list[Node] = []
    for source in (node.get(keys[0]), node.get("include")):
        if isinstance(source, Sequence):
            rows += [
                item if source is node.get(keys[0]) else inner for item in source.items for inner in _inner(item, keys[0], whole=source is node.get(keys[0]))
            ]
    for row in rows:
        value: Node | None = row
        for key in keys[1:]:
            value = value.get(key) if isinstance(value, Map) else None
        yield from (one.text for one in texts(value))


def _inner(item: Node, key: str, *, whole: bool) -> Iterator[Node]:
    if whole:
        yield item
    elif isinstance(item, Map) and (found := item.get(key)) is not None:
        yield found


# ---- names of artifacts, folders and files


def wild(name: str) -> str:
    """Write a name with a star for everything that is not known."""
    return re.sub(r"\$\{\{.*?\}\}|\$\{?[A-Za-z_]\w*\}?|\{[^}]*\}|\[[^\]]*\]|\?|\*+", "*", name)


@lru_cache(maxsize=4096)
def meets(one: str, other: str) -> bool:
    """Say whether two patterns with stars can mean the same name."""
    reach = {(0, 0)}
    seen: set[tuple[int, int]] = set()
    while reach:
        i, j = reach.pop()
        if (i, j) in seen or i > len(one) or j > len(other):
            continue
        seen.add((i, j))
        if i == len(one) and j == len(other):
            return True
        a, b = one[i : i + 1], other[j : j + 1]
        if a == "*":
            reach |= {(i + 1, j), (i, j + 1)} if b else {(i + 1, j)}
        elif b == "*":
            reach |= {(i, j + 1), (i + 1, j)} if a else {(i, j + 1)}
        elif a == b:
            reach.add((i + 1, j + 1))
    return False


LONGEST_PATTERN = 300
"""Characters of the longest pattern that is tried."""


def takes(regex: str, tag: str) -> bool | None:
    """Say whether a pattern of a guard takes a tag; None for one that is not tried."""
    if len(regex) > LONGEST_PATTERN or re.search(r"[*+]\)[*+{]", regex):
        return None
    try:
        return re.search(regex.replace("$", r"\Z") if not regex.endswith(r"\$") else regex, tag) is not None
    except (re.error, OverflowError, RecursionError):
        return None


def surely(pattern: str, name: str) -> bool:
    """Say whether a pattern takes a name whatever its stars stand for."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) is not None


def clean(folder: str) -> str:
    """Write a folder without what means nothing: `./dist/` is `dist`."""
    text = re.sub(r"/+", "/", folder.strip().replace("\\", "/")).removeprefix("./").rstrip("/")
    return text or "."


DISTRIBUTIONS = (".whl", ".tar.gz", ".crate", ".tgz", ".gem", ".nupkg", ".zip", ".tar.xz", ".tar.bz2", ".exe", ".deb", ".node", ".wasm")
_BESIDE = (
    ".sigstore",
    ".sigstore.json",
    ".intoto.jsonl",
    ".sig",
    ".asc",
    ".cdx.json",
    ".spdx.json",
    ".sha256",
    ".json",
    ".jsonl",
    ".txt",
    ".md",
    ".pem",
    ".xml",
    ".html",
    ".log",
)


def is_distribution(one: Upload) -> bool:
    """Say whether an artifact holds what is published, and not signatures, SBOMs or reports."""
    return not one.files or any(not path.startswith("!") and not path.endswith(_BESIDE) for path in one.files)


def suffix(pattern: str) -> str:
    """Give the ending of a pattern of files, "" where it does not say one."""
    name = pattern.rpartition("/")[2]
    return next((one for one in (*_BESIDE, *DISTRIBUTIONS) if name.endswith(one)), "")


_PACKS = frozenset({"package", "publish", "release", "workspaces", "ws", "smart-release"})


def packs(one: Command) -> bool:
    """Say whether a command is cargo, making or publishing a package."""
    return one.name == "cargo" and bool(set(one.words[1:4]) & _PACKS)


def can_fail(audit: Audit, step: Step) -> bool:
    """Say whether a script decides about failure."""
    return fails(audit.commands(step))
