"""The nouns of a workflow: triggers, jobs, steps, permissions, and the deeds that a release consists of. Frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lockstep.dataclass import dataclass, field
from lockstep.model import Place
from lockstep.text.yaml import Kind, Node, Scalar


class Role(StrEnum):
    """What a step does in a release."""

    BUILD = "build"
    TEST = "test"
    GUARD = "guard"  # lets nothing but a release tag pass
    GATE = "gate"  # asks whether the commit is green
    HEAD = "head"  # asks whether the commit is the head of its branch
    ATTEST = "attest"
    DRAFT = "draft"  # makes a release that nobody sees yet
    STAGE = "stage"  # puts the files of the release where they can be compared
    VERIFY = "verify"  # compares the bytes that would be published with those that were attested
    MINT = "mint"  # gets a short-lived credential
    PUBLISH = "publish"  # gives to a registry what cannot be taken back
    UNDRAFT = "un-draft"  # makes the release public


def place_at(path: str, scalar: Scalar) -> Place:
    """Give the place of a value in a file."""
    return Place(path=path, line=scalar.line, column=scalar.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What `uses` names: `owner/name`, perhaps a folder in it, and a ref; a folder of this repository; or an image."""

    text: str
    name: str  # owner/name in lower case, "" for a local one or an image
    folder: str  # the path behind it; of a local one, its path in this repository
    ref: str
    scalar: Scalar

    @property
    def local(self) -> bool:
        """Whether it is a part of this repository."""
        return self.text.startswith(("./", "$/"))

    @property
    def image(self) -> bool:
        """Whether it is a container image."""
        return self.text.startswith("docker://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What the token may do: `scopes` by name, or one word for all (`write-all`, `read-all`)."""

    scopes: Mapping[str, Scalar]
    everything: str
    place: Place

    def allows(self, scope: str) -> bool:
        """Say whether the token may write there."""
        return self.everything == "write-all" or (scope in self.scopes and self.scopes[scope].text == "write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concurrency:
    """One group at a time. `cancel` is None where nothing is said, which is false."""

    group: Scalar | None
    cancel: Scalar | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a job, or of a composite action that a job uses; `path` is the file that it stands in."""

    path: str
    place: Place
    id: str = ""
    name: str = ""
    uses: Action | None = None
    run: Scalar | None = None
    shell: str = ""
    folder: str = ""
    env: Mapping[str, Scalar] = field(default_factory=dict)
    inputs: Mapping[str, Scalar] = field(default_factory=dict)
    conditions: tuple[Scalar, ...] = ()
    continue_on_error: Scalar | None = None

    @property
    def action(self) -> str:
        """The action that it uses, `owner/name` in lower case; "" for none, for a local one and for an image."""
        return "" if self.uses is None else self.uses.name

    def script_line(self, number: int) -> Place:
        """Give the place of a line of its script, counted from 0."""
        return self.place if self.run is None else self.at(self.run, number)

    def at(self, scalar: Scalar, offset: int = 0) -> Place:
        """Give the place of a value of this step; of a script, that of its line `offset`, counted from 0."""
        if scalar.block:
            return Place(path=self.path, line=scalar.line + 1 + offset)
        return Place(path=self.path, line=scalar.line + offset, column=scalar.column if not offset else None)

    def input(self, *names: str) -> Scalar | None:
        """Give an input by any of its spellings; names have no case, `-` and `_` are kept apart."""
        return next((self.inputs[name] for name in names if name in self.inputs), None)

    def is_off(self, *names: str) -> bool:
        """Say whether an input is given and off."""
        found = self.input(*names)
        return found is not None and found.text.strip().lower() in ("false", "f", "0", "no", "off", "${{ false }}")

    def is_on(self, *names: str) -> bool:
        """Say whether an input is given and not off; an expression may be true."""
        found = self.input(*names)
        return found is not None and found.text.strip() != "" and not self.is_off(*names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job; of a reusable workflow of this repository, under the name `caller / job`. `needs` are ids as `Workflow.jobs` has them."""

    id: str
    path: str
    place: Place
    needs: tuple[str, ...] = ()
    stated: tuple[Scalar, ...] = ()
    conditions: tuple[Scalar, ...] = ()
    permissions: Permissions | None = None
    environment: Scalar | None = None
    concurrency: Concurrency | None = None
    continue_on_error: Scalar | None = None
    runs_on: tuple[Scalar, ...] = ()
    matrix: Node | None = None
    env: Mapping[str, Scalar] = field(default_factory=dict)
    outputs: frozenset[str] | None = frozenset()
    results: Mapping[str, Scalar] = field(default_factory=dict)
    """What the outputs are made of."""
    calls: Action | None = None
    inputs: Mapping[str, Scalar] = field(default_factory=dict)
    secrets: Node | None = None
    steps: tuple[Step, ...] = ()
    container: Scalar | None = None
    services: tuple[Scalar, ...] = ()
    """The images of containers that run beside the job."""
    callers: Mapping[int, str] = field(default_factory=dict)
    """The files of values that a caller gives to the job, by the values' identity."""

    def at(self, scalar: Scalar) -> Place:
        """Give the place of a value of this job."""
        return place_at(self.callers.get(id(scalar), self.path), scalar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What GitHub would refuse, or what could not be read."""

    place: Place
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow file with what it calls of this repository."""

    path: str
    name: str
    triggers: Mapping[str, Node | None]
    events: Mapping[str, Scalar]
    permissions: Permissions | None
    concurrency: Concurrency | None
    env: Mapping[str, Scalar]
    jobs: Mapping[str, Job]
    faults: tuple[Fault, ...] = ()
    unknown_needs: tuple[tuple[Job, Scalar], ...] = ()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRole:
    """A role of a step: in words, the registry that it is about, the line of the script, from 0, and the input that switches it on, if any."""

    role: Role
    what: str
    registry: str = ""
    line: int = 0
    switch: Scalar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a step does. `step` is None for a job that calls a workflow of another repository, or whose role is declared."""

    role: Role
    job: Job
    step: Step | None
    place: Place
    what: str
    registry: str = ""
    index: int = -1
    """The step's number in its job, from 0."""
    switch: Scalar | None = None
    """The input of the action that switches it on."""


def literal(scalar: Scalar | None) -> str | None:
    """Give a value that holds no expression, None for another."""
    return None if scalar is None or "${{" in scalar.text or scalar.kind is Kind.NULL else scalar.text
