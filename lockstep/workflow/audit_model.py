"""The nouns of an audit: uploads and downloads, tag patterns, gates and guards, what zizmor found. Frozen data."""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.dataclass import dataclass, field
from lockstep.model import Finding, Place
from lockstep.workflow.model import Deed, Job, Step

GATE_TAG = "lockstep gate tag"
GATE_TAG_OUTPUTS = frozenset({"ok", "outcome", "tag", "version", "commit"})


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
class AwaitedWorkflow:
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
class ZizmorFinding:
    """A finding of zizmor. `last` is the last line that it is about; `ours` are the rules of lockstep that find the same fault."""

    rule: str
    severity: str
    place: Place
    message: str
    url: str
    last: int = 0
    ours: frozenset[str] = frozenset()

    def repeats(self, finding: Finding) -> bool:
        """Say whether a finding of lockstep is the same fault on the same line."""
        line = self.place.line or 1
        return finding.rule in self.ours and finding.place.path == self.place.path and line <= (finding.place.line or 1) <= max(line, self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zizmor:
    """What zizmor said: its findings, the files that it read, those that it should have read, and why it could not run ("" when it could).

    `reasons` is what it said of files that it did not read, where it named them.
    """

    reports: tuple[ZizmorFinding, ...] = ()
    read: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()
    failed: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
