"""Findings as annotations of GitHub Actions, where a reviewer sees them beside the line; all of them in the log, folded up.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level
from lockstep.reports.escape import inert, printable
from lockstep.reports.sentences import by_importance, compared_refs, finding_lines, level_counts

if TYPE_CHECKING:
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Review

MOST_SHOWN = 10
"""Annotations of each level that a step shows; what comes later is dropped, so that the most important come first.

Source: https://github.com/orgs/community/discussions/26680
"""
_COMMAND = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def report(report: Report, options: ReportOptions) -> str:  # noqa: ARG001 - the page of the run decides how it looks
    """Give all findings as a group of the log, and the first of each level as annotations."""
    return _grouped(f"lockstep {report.command}: {level_counts(report.findings)}", report.findings)


def review(review: Review, options: ReportOptions) -> str:  # noqa: ARG001 - likewise
    """Give the same for a review, what asks for most first."""
    return _grouped(f"lockstep diff of {compared_refs(review)}: {level_counts(review.findings)}", by_importance(review.findings))


def _grouped(title: str, found: Iterable[Finding]) -> str:
    found = list(found)
    if not found:
        return ""
    return f"::group::{_data(inert(printable(title)))}\n{inert(finding_lines(found))}::endgroup::\n{findings(found)}"


def findings(found: Iterable[Finding]) -> str:
    """Give one workflow command a finding, as many of each level as are shown."""
    found = list(found)
    shown = [one for level in Level for one in [each for each in found if each.level is level][:MOST_SHOWN]]
    left = len(found) - len(shown)
    said = f"and {left} more, in the log above and in the summary of this run\n" if left else ""
    return "".join(_annotation(one) for one in shown) + said


def _annotation(one: Finding) -> str:
    where = {"file": one.place.path, "line": one.place.line, "col": one.place.column, "title": one.rule}
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in where.items() if value is not None)
    message = one.message + (f" (help: {one.help})" if one.help else "")
    return f"::{_COMMAND[one.level]} {properties}::{_data(printable(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
