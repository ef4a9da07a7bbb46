"""Findings and plans become text here, and nowhere else. One file per output, one line here.

An output is a module with two functions, of a `Report` and of a `Review`, each with the `ReportOptions` that are wanted: `report` and `review`.
What only a person or a script reads (plans, packages, surfaces, manuals) `text` and `data` (JSON) know alone.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Review

NAMES = ("text", "data", "github", "sarif", "markdown", "html")


class Format(StrEnum):
    """How a report is written; in the order of `NAMES`."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    MARKDOWN = "markdown"
    HTML = "html"


class PlainFormat(StrEnum):
    """How a command writes that has no findings to give: SARIF and the HTML page hold findings, and nothing else."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"


class Writer(Protocol):
    """What every output offers."""

    def report(self, report: Report, options: ReportOptions) -> str:
        """Write what a command found."""

    def review(self, review: Review, options: ReportOptions) -> str:
        """Write a compatibility review."""


def writer(one: Format) -> Writer:
    """Load the output that writes a format."""
    return cast("Writer", import_module(f"{__name__}.{NAMES[list(Format).index(one)]}"))
