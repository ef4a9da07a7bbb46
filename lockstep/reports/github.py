"""Findings as annotations of GitHub Actions, where a reviewer sees them beside the line.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; a step shows ten of each level.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level
from lockstep.reports.escape import printable

if TYPE_CHECKING:
    from lockstep.reports.told import Look, Told
    from lockstep.review import Review

_COMMAND = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def report(told: Told, look: Look) -> str:  # noqa: ARG001 - the page of the run decides how it looks
    """Give one annotation a finding."""
    return findings(told.findings)


def review(one: Review, look: Look) -> str:  # noqa: ARG001 - likewise
    """Give one annotation a finding of a review."""
    return findings(one.findings)


def findings(found: Iterable[Finding]) -> str:
    """Give one workflow command a finding."""
    return "".join(_annotation(one) for one in found)


def _annotation(one: Finding) -> str:
    where = {"file": one.place.path, "line": one.place.line, "col": one.place.column, "title": one.rule}
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in where.items() if value is not None)
    message = one.message + (f" (help: {one.help})" if one.help else "")
    return f"::{_COMMAND[one.level]} {properties}::{_data(printable(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
