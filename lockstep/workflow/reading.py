"""From YAML to a Workflow: what GitHub's own schema asks for is asked for here, and what a workflow uses of its repository is followed.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax and
https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Protocol

from lockstep.dataclass import replace
from lockstep.errors import ManifestError
from lockstep.model import Place
from lockstep.text.yaml import Kind, Node, Scalar, Sequence, read, texts
from lockstep.text.yaml import Mapping as Map
from lockstep.wording import did_you_mean
from lockstep.workflow.model import Action, Concurrency, Fault, Job, Permissions, Step, Workflow

DEEPEST = 10
"""Levels of workflows and actions that use each other; GitHub's own limit."""
MOST_STEPS = 5000
MOST_JOBS = 256
MOST_PATTERNS = 200
"""Of branches or tags in one filter: names that may pass are made of each, and held against all of them."""
"""Jobs of one workflow, called ones among them: what is asked about them grows with their square."""

_TOP = ("name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs")
_JOB = (
    "name", "permissions", "needs", "if", "runs-on", "environment", "concurrency", "outputs", "env", "defaults", "steps", "timeout-minutes",
    "strategy", "continue-on-error", "container", "services", "uses", "with", "secrets", "snapshot",
)  # fmt: skip
_STEP = ("id", "if", "name", "uses", "run", "working-directory", "shell", "with", "env", "continue-on-error", "timeout-minutes")


class Files(Protocol):
    """The files of a repository, by path; None where there is none."""

    def __call__(self, path: str) -> str | None:
        """Give a file's text."""
        ...


def workflow(path: str, text: str, files: Files, parsed: dict[str, Node | ManifestError] | None = None) -> Workflow:
    """Read a workflow with everything of its repository that it calls; `parsed` are files that are known, by path, and takes those that are read.

    Raises: ManifestError when the text is not YAML or no workflow at all.
    """
    reading = _Reading(files, {} if parsed is None else parsed)
    return reading.workflow(path, reading.node(path, text), ())


def action(scalar: Scalar) -> Action:
    """Read what `uses` says."""
    text = scalar.text.strip()
    if text.startswith(("./", "$/")):
        return Action(text=text, name="", folder=normpath(text[2:]), ref="", scalar=scalar)
    body, _, ref = text.partition("@")
    if text.startswith("docker://"):
        return Action(text=text, name="", folder="", ref=ref, scalar=scalar)
    owner, _, rest = body.partition("/")
    name, _, folder = rest.partition("/")
    return Action(text=text, name=f"{owner}/{name}".lower(), folder=folder, ref=ref, scalar=scalar)


_FILTERS = ("branches", "branches-ignore", "tags", "tags-ignore")


class _Reading:
    def __init__(self, files: Files, parsed: dict[str, Node | ManifestError]) -> None:
        self._files = files
        self._parsed = parsed
        self._faults: list[Fault] = []
        self._unknown: list[tuple[Job, Scalar]] = []
        self._read: set[str] = set()
        self._steps = 0
        self._jobs = 0
        self._shell = self._folder = ""

    def node(self, path: str, text: str) -> Node:
        """Parse a file, once for all that use it.

        Raises: ManifestError when it is not YAML.
        """
        if path not in self._parsed:
            try:
                self._parsed[path] = read(path, text)
            except ManifestError as error:
                self._parsed[path] = error
        known = self._parsed[path]
        if isinstance(known, ManifestError):
            raise known
        return known

    def workflow(self, path: str, node: Node, above: tuple[str, ...]) -> Workflow:
        """Read a workflow; `above` are those that called it, the outermost first."""
        self._read.add(path)
        body = node.get("jobs") if isinstance(node, Map) else None
        if not isinstance(node, Map) or not isinstance(body, Map):
            raise ManifestError("not a workflow: it has no jobs", path=path, line=node.line, column=node.column, help="a workflow has `on` and `jobs`")
        self._keys(path, node, _TOP, "a workflow")
        triggers, events = self._triggers(path, node)
        self._bound_filters(path, triggers)
        self._shell, self._folder = (_default(node, name, "") for name in ("shell", "working-directory"))
        own: dict[str, Job] = {}
        for key, one in body.items():
            job = self._job(path, key, one)
            if job is not None:
                own[key.text] = job
        self._jobs += len(own)
        if self._jobs > MOST_JOBS:
            raise ManifestError(f"more than {MOST_JOBS} jobs", path=path, line=body.line, column=body.column, help="split the workflow")
        permissions = self._permissions(path, node.get("permissions"))
        jobs = self._needs(own)
        jobs = self._called({name: replace(job, permissions=job.permissions or (permissions if above else None)) for name, job in jobs.items()}, (*above, path))
        name = node.get("name")
        return Workflow(
            path=path,
            name=name.text if isinstance(name, Scalar) else "",
            triggers=triggers,
            events=events,
            permissions=permissions,
            concurrency=self._concurrency(path, node.get("concurrency")),
            env=self._scalars(node.get("env")),
            jobs=jobs,
            faults=tuple(self._faults),
            unknown_needs=tuple(self._unknown),
            files=frozenset(self._read),
        )

    def _fault(self, path: str, at: Node | Scalar, message: str, help_: str = "") -> None:
        self._faults.append(Fault(place=Place(path=path, line=at.line, column=at.column), message=message, help=help_))

    def _keys(self, path: str, node: Map, known: tuple[str, ...], what: str) -> None:
        for key in node.keys.values():
            if key.text not in known:
                self._fault(path, key, f"{key.text[:60]} is no key of {what}", did_you_mean(key.text[:60], known, f"the keys are {', '.join(known)}"))

    def _triggers(self, path: str, node: Map) -> tuple[dict[str, Node | None], dict[str, Scalar]]:
        on = node.get("on")
        if on is None:
            self._fault(path, node, "the workflow has no trigger", "say with `on` what starts it")
            return {}, {}
        if isinstance(on, Map):
            return dict(on.entries), dict(on.keys)
        return {one.text: None for one in texts(on)}, {one.text: one for one in texts(on)}

    def _bound_filters(self, path: str, triggers: Mapping[str, Node | None]) -> None:
        for event in (one for one in triggers.values() if isinstance(one, Map)):
            for name in _FILTERS:
                node = event.get(name)
                if node is not None and len(texts(node)) > MOST_PATTERNS:
                    why = f"more than {MOST_PATTERNS} patterns of {name}"
                    raise ManifestError(why, path=path, line=node.line, column=node.column, help="write fewer patterns, with stars")

    def _job(self, path: str, key: Scalar, node: Node) -> Job | None:
        if not isinstance(node, Map):
            self._fault(path, key, f"the job {key.text} is no mapping", "a job has `runs-on` and `steps`, or `uses`")
            return None
        self._keys(path, node, _JOB, "a job")
        uses, runs_on, steps = node.get("uses"), node.get("runs-on"), node.get("steps")
        if (uses is None) == (runs_on is None):
            self._fault(path, key, f"the job {key.text} must have either `runs-on` or `uses`")
        if uses is None and not isinstance(steps, Sequence):
            self._fault(path, key, f"the job {key.text} has no list of steps")
        env, condition, container = self._scalars(node.get("env")), node.get("if"), node.get("container")
        outputs = node.get("outputs")
        strategy = node.get("strategy")
        environment = node.get("environment")
        if isinstance(runs_on, Map):
            runs_on = runs_on.get("labels") or runs_on.get("group")
        image = container.get("image") if isinstance(container, Map) else container
        services = node.get("services")
        images = [one.get("image") if isinstance(one, Map) else one for one in services.entries.values()] if isinstance(services, Map) else []
        return Job(
            id=key.text,
            path=path,
            place=Place(path=path, line=key.line, column=key.column),
            stated=texts(node.get("needs")),
            conditions=(condition,) if isinstance(condition, Scalar) and condition.kind is not Kind.NULL else (),
            permissions=self._permissions(path, node.get("permissions")),
            environment=_text(environment.get("name") if isinstance(environment, Map) else environment),
            concurrency=self._concurrency(path, node.get("concurrency")),
            continue_on_error=_text(node.get("continue-on-error")),
            runs_on=texts(runs_on),
            matrix=strategy.get("matrix") if isinstance(strategy, Map) else None,
            env=env,
            outputs=None if uses is not None else frozenset(outputs.entries) if isinstance(outputs, Map) else frozenset(),
            results=self._scalars(outputs),
            calls=action(uses) if isinstance(uses, Scalar) else None,
            inputs=self._scalars(node.get("with")),
            secrets=node.get("secrets"),
            steps=tuple(self._list(path, steps, 0, None, _default(node, "shell", self._shell), _default(node, "working-directory", self._folder)))
            if isinstance(steps, Sequence)
            else (),
            container=_text(image),
            services=tuple(one for node_ in images if (one := _text(node_)) is not None),
        )

    def _list(self, path: str, steps: Sequence, depth: int, outer: Step | None = None, shell: str = "", folder: str = "") -> Iterator[Step]:
        for node in steps.items:
            self._steps += 1
            if not isinstance(node, Map) or self._steps > MOST_STEPS:
                self._fault(path, node, "a step that is no mapping" if self._steps <= MOST_STEPS else f"more than {MOST_STEPS} steps")
                continue
            if outer is None:
                self._keys(path, node, _STEP, "a step")
            uses, run = _text(node.get("uses")), node.get("run")
            if (uses is None) == (not isinstance(run, Scalar)):
                self._fault(path, node, "a step must have either `run` or `uses`")
            condition = _text(node.get("if"))
            step = Step(
                path=path,
                place=Place(path=path, line=node.line, column=node.column),
                id=_word(node.get("id")),
                name=_word(node.get("name")),
                uses=action(uses) if uses is not None else None,
                run=run if isinstance(run, Scalar) else None,
                shell=_word(node.get("shell")) or (shell if uses is None else ""),
                folder=_word(node.get("working-directory")) or (folder if uses is None else ""),
                env={**(outer.env if outer else {}), **self._scalars(node.get("env"))},
                inputs={name.lower(): value for name, value in self._scalars(node.get("with")).items()},
                conditions=(*(outer.conditions if outer else ()), *((condition,) if condition is not None else ())),
                continue_on_error=_text(node.get("continue-on-error")) or (outer.continue_on_error if outer else None),
            )
            yield step
            if step.uses is not None and step.uses.local:
                yield from self._composite(path, step, step.uses, depth)

    def _composite(self, path: str, step: Step, used: Action, depth: int) -> Iterator[Step]:
        """Give the steps of an action of this repository."""
        folder = "" if used.folder == "." else f"{used.folder}/"
        for name in (f"{folder}action.yml", f"{folder}action.yaml"):
            text = self._files(name)
            if text is None:
                continue
            self._read.add(name)
            if depth == DEEPEST:
                self._fault(path, used.scalar, f"actions that use each other more than {DEEPEST} levels deep")
                return
            try:
                node = self.node(name, text)
            except ManifestError as error:
                self._faults.append(Fault(place=Place(path=name, line=error.line, column=error.column), message=error.message, help=error.help))
                return
            runs = node.get("runs") if isinstance(node, Map) else None
            if not isinstance(runs, Map):
                self._fault(name, node, "an action without `runs`")
            elif isinstance(steps := runs.get("steps"), Sequence):
                yield from self._list(name, steps, depth + 1, step)
            return
        self._fault(path, used.scalar, f"{used.text} is not in this repository", "an action is a folder with an action.yml")

    def _needs(self, jobs: Mapping[str, Job]) -> dict[str, Job]:
        """Resolve `needs`; ids of jobs have no case."""
        named = {name.casefold(): name for name in jobs}
        out: dict[str, Job] = {}
        for name, job in jobs.items():
            self._unknown += [(job, one) for one in job.stated if one.text.casefold() not in named]
            out[name] = replace(job, needs=tuple(named[one.text.casefold()] for one in job.stated if one.text.casefold() in named))
        return out

    def _called(self, jobs: dict[str, Job], above: tuple[str, ...]) -> dict[str, Job]:
        """Put the jobs of the workflows that are called in the place of the calls."""
        inner: dict[str, dict[str, Job]] = {}
        for name, job in jobs.items():
            if job.calls is None or not job.calls.local:
                continue
            if self._jobs > MOST_JOBS:
                break  # it is told already, and nothing of it will be a workflow
            path = job.calls.folder
            text = self._files(path)
            if text is None or path in above or len(above) > DEEPEST:
                circle = " > ".join((*above[above.index(path) :], path)) if path in above else ""
                why = f"{job.calls.text} is not in this repository" if text is None else f"more than {DEEPEST} levels of calls"
                self._fault(job.path, job.calls.scalar, f"it calls itself: {circle}" if circle else why)
                continue
            try:
                called = self.workflow(path, self.node(path, text), above)
            except ManifestError as error:
                self._faults.append(Fault(place=Place(path=path, line=error.line, column=error.column), message=error.message, help=error.help))
                continue
            inner[name] = {
                f"{name} / {each.id}": replace(
                    each,
                    id=f"{name} / {each.id}",
                    needs=tuple(f"{name} / {one}" for one in each.needs) or job.needs,
                    conditions=(*job.conditions, *each.conditions),
                    permissions=each.permissions or job.permissions,
                    env={**called.env, **each.env},
                    concurrency=each.concurrency or called.concurrency or job.concurrency,
                    continue_on_error=each.continue_on_error or job.continue_on_error,
                    secrets=each.secrets or job.secrets,
                    callers={**_given_by(job, each), **each.callers},
                )
                for each in called.jobs.values()
            }
        out: dict[str, Job] = {}
        for name, job in jobs.items():
            for key, each in inner.get(name, {name: job}).items():
                out[key] = replace(each, needs=tuple(one for need in each.needs for one in inner.get(need, (need,))))
        return out

    def _permissions(self, path: str, node: Node | None) -> Permissions | None:
        if node is None:
            return None
        place = Place(path=path, line=node.line, column=node.column)
        if isinstance(node, Map):
            scopes = {key.text: value for key, value in node.items() if isinstance(value, Scalar)}
            for key, value in node.items():
                if not isinstance(value, Scalar) or value.text not in ("read", "write", "none"):
                    self._fault(path, key, f"{key.text} must be read, write or none")
            return Permissions(scopes=scopes, everything="", place=place)
        if isinstance(node, Scalar) and node.text in ("read-all", "write-all"):
            return Permissions(scopes={}, everything=node.text, place=place)
        if isinstance(node, Scalar) and node.kind is Kind.NULL:
            return Permissions(scopes={}, everything="", place=place)
        self._fault(path, node, "permissions must be a mapping, read-all or write-all")
        return None

    def _concurrency(self, path: str, node: Node | None) -> Concurrency | None:
        if node is None:
            return None
        place = Place(path=path, line=node.line, column=node.column)
        if isinstance(node, Map):
            return Concurrency(group=_text(node.get("group")), cancel=_text(node.get("cancel-in-progress")), place=place)
        return Concurrency(group=_text(node), cancel=None, place=place)

    def _scalars(self, node: Node | None) -> dict[str, Scalar]:
        return {key.text: value for key, value in node.items() if isinstance(value, Scalar)} if isinstance(node, Map) else {}


def _given_by(caller: Job, called: Job) -> dict[int, str]:
    """Give the file of what a called job has from its caller, by identity."""
    given: list[Node | None] = [*caller.conditions, None if called.continue_on_error else caller.continue_on_error, None if called.secrets else caller.secrets]
    return {id(one): caller.callers.get(id(one), caller.path) for one in given if one is not None}


def _text(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) and node.kind is not Kind.NULL else None


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _default(node: Map, name: str, otherwise: str) -> str:
    """Give the shell or the folder of scripts that name none."""
    defaults = node.get("defaults")
    run = defaults.get("run") if isinstance(defaults, Map) else None
    return (_word(run.get(name)) if isinstance(run, Map) else "") or otherwise
