"""How often the rules say what the labels say: precision and recall of run-time and typing breaks, each miss and false alarm by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lockstep.config import Config
from lockstep.model import Confidence, Finding, Level
from lockstep.project.project import discover
from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.surface import Surface
from lockstep.surfaces import python
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version
from tests.rules.compat.labels import Case, Label


def surface(files: dict[str, str]) -> Surface:
    """Read the surface of the one package of a tree."""
    tree = MemoryTree(files)
    packages = discover(tree, Config()).packages
    found = python.read(tree, packages)
    return found[0] if found else Surface(surface="python", package="spam")


def judge(case: Case) -> list[Finding]:
    """Ask every rule about a pair."""
    base, head = surface(case.files("before")), surface(case.files("after"))
    return judge_surfaces(Comparison(base=base, head=head, version=Version.read("1.2.3")))


def label_of(finding: Finding) -> Label:
    """Give the label that a finding stands for."""
    if finding.confidence is Confidence.REVIEW:
        return Label.REVIEW
    match finding.level:
        case Level.ERROR:
            return Label.RUNTIME
        case Level.WARNING:
            return Label.TYPING
        case Level.NOTE:
            return Label.ADDITION if finding.rule.endswith("-added") else Label.NONE


ORDER = list(Label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the rules said of a case, and whether the finding is about the symbol."""

    case: Case
    said: Label
    findings: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """Whether the label is met, at the symbol that it names."""
        return self.said is self.case.label and (self.case.symbol is None or self.about)

    @property
    def about(self) -> bool:
        """Whether a finding of that label is about the symbol, or about something in it."""
        named = self.case.symbol or ""
        return any(label_of(one) is self.case.label and f"{one.symbol}.".startswith(f"{named}.") for one in self.findings)


@cache
def outcome(case: Case) -> Outcome:
    """Judge a case by its worst finding."""
    findings = tuple(judge(case))
    return Outcome(case=case, said=max((label_of(one) for one in findings), key=ORDER.index, default=Label.NONE), findings=findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one label."""

    hits: int
    misses: int
    alarms: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.alarms) if self.hits + self.alarms else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 1.0


def score(outcomes: list[Outcome], label: Label) -> Score:
    """Count: a hit names the symbol too, a false alarm is the label where another stands."""
    return Score(
        hits=sum(one.right for one in outcomes if one.case.label is label),
        misses=sum(not one.right for one in outcomes if one.case.label is label),
        alarms=sum(one.said is label for one in outcomes if one.case.label is not label),
    )
