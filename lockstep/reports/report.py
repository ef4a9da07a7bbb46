"""What a command that judges hands to an output, whichever it is: the report, and how it is to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lockstep.dataclass import dataclass
from lockstep.model import Edit, Finding, Level, Rule
from lockstep.reports.style import Painter


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `check`, `audit`, `changelog check`, a refused `bump` and their like found.

    `command` is how it is called, `tree` what was looked at, `success` what to say where nothing was found. `document` makes the JSON, which each
    command has its own of. With `strict` a warning counts as an error. `root` is the folder where the files of the tree lie on the disk, None where they
    do not.
    """

    command: str
    tree: str
    findings: tuple[Finding, ...]
    success: str
    document: Callable[[], dict[str, object]]
    fixed: tuple[Edit, ...] = ()
    root: str | None = None
    strict: bool = False
    grouped: bool = False
    """Whether a text tells findings of one cause once, with all of their places."""

    @property
    def fails(self) -> bool:
        """Whether the findings make the exit code 1: an error does, with `strict` a warning too."""
        return any(one.level is Level.ERROR for one in self.findings) or self.fails_by_strictness

    @property
    def fails_by_strictness(self) -> bool:
        """Whether nothing but a warning makes it 1."""
        levels = {one.level for one in self.findings}
        return self.strict and Level.WARNING in levels and Level.ERROR not in levels


def _none() -> Iterable[Rule[Any]]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """How a report is written: its colours, how much it says, and the manuals of all rules for the outputs that carry them."""

    paint: Painter
    quiet: bool = False
    verbose: bool = False
    rules: Callable[[], Iterable[Rule[Any]]] = _none
