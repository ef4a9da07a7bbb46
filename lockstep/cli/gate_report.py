"""How a gate ends: the outcome as a report, in `$GITHUB_OUTPUT`, and as an exit code."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from lockstep.cli.options import Format
from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave
from lockstep.model import Finding, Outcome
from lockstep.reports.report import Report

EXIT = {Outcome.PASS: FINE, Outcome.SKIP: FINE, Outcome.REFUSED: FOUND, Outcome.UNSEEN: UNPROVEN}


def leave_with(output: Output, outcome: Outcome, findings: Sequence[Finding], success: str, document: Mapping[str, object], values: Mapping[str, str]) -> None:
    """Print the report, or `success` (whole lines) where nothing was found, write the outputs `ok`, `outcome` and `values`, and leave."""
    from lockstep.writing.github_files import append_outputs  # noqa: PLC0415 - in GitHub Actions alone

    if path := os.environ.get("GITHUB_OUTPUT"):
        append_outputs(path, {"ok": "true" if outcome is Outcome.PASS else "false", "outcome": outcome, **values})
    passes = outcome in (Outcome.PASS, Outcome.SKIP)
    report = Report(command=str(document["command"]), tree="", findings=tuple(findings), success=success if passes else "", document=lambda: dict(document))
    output.findings(report)
    output.count(report)
    if findings and passes and output.format is not Format.JSON:
        output.say(success.rstrip("\n"))
    leave(EXIT[outcome])
