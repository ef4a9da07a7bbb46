"""What the gates do last: tell the outcome as a report, in `$GITHUB_OUTPUT`, and as an exit code."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from lockstep.cli import session
from lockstep.cli.options import Format
from lockstep.cli.session import Output
from lockstep.model import Confidence, Finding, Level, Outcome
from lockstep.reports.told import Told

EXIT = {Outcome.PASS: session.FINE, Outcome.SKIP: session.FINE, Outcome.REFUSED: session.FOUND, Outcome.UNSEEN: session.UNPROVEN}


def outcome(findings: Sequence[Finding]) -> Outcome:
    """Judge: an error refuses, what could not be seen is no pass."""
    if any(one.level is Level.ERROR for one in findings):
        return Outcome.REFUSED
    if any(one.confidence is Confidence.BLIND for one in findings):
        return Outcome.UNSEEN
    return Outcome.PASS


def close(
    output: Output, result: Outcome, findings: Sequence[Finding], good: str, document: Mapping[str, object], values: Mapping[str, str] | None = None
) -> None:
    """Print the report, or `good` (whole lines) where nothing was found, write the outputs `ok`, `outcome` and `values`, and leave."""
    from lockstep.writing.transaction import tell  # noqa: PLC0415 - in GitHub Actions alone

    if path := os.environ.get("GITHUB_OUTPUT"):
        tell(path, {"ok": "true" if result is Outcome.PASS else "false", "outcome": result, **(values or {})})
    passes = result in (Outcome.PASS, Outcome.SKIP)
    told = Told(command=str(document["command"]), tree="", findings=tuple(findings), fine=good if passes else "", document=lambda: dict(document))
    output.findings(told)
    output.count(told)
    if findings and passes and output.format is not Format.JSON:
        output.say(good.rstrip("\n"))
    session.leave(EXIT[result])
