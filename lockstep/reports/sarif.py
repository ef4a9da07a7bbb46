"""Findings as SARIF 2.1.0, which code scanning, editors and dashboards read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the limits are those of
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from lockstep import __version__
from lockstep.about import REPOSITORY
from lockstep.model import Confidence, Finding, Level, Place, Rule
from lockstep.reports.escape import printable, uri
from lockstep.reports.manuals import address, part, title
from lockstep.reports.sentences import compared_refs, conclusion, reason
from lockstep.reports.signatures import signature_lines

if TYPE_CHECKING:
    from lockstep.policy.waivers import Waived
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Review, Row
    from lockstep.surface import Blind

Json: TypeAlias = dict[str, Any]
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
MOST_RESULTS = 25_000
"""GitHub refuses a run with more."""
LONGEST_DESCRIPTION = 1024
"""Characters of a rule's description; GitHub takes no more."""
LONGEST_MESSAGE = 4096
"""Characters; a signature can be as long as its author likes."""
_SIZE = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}


def report(report: Report, options: ReportOptions) -> str:
    """Give what a command found as one run."""
    return _log(report.command, report.findings, (), (), options, {"tree": report.tree})


def review(review: Review, options: ReportOptions) -> str:
    """Give a review as one run: what was waived is suppressed, what could not be seen is a notification of the tool."""
    properties = {
        "comparing": compared_refs(review),
        "level": review.level or "none",
        "step": review.step,
        "verdict": review.conclusion,
        "said": "\n".join(conclusion(review)),
    }
    return _log("diff", review.findings, review.waived, [_unseen(row, blind) for row in review.rows for blind in row.blind], options, properties)


def _log(
    command: str, findings: Sequence[Finding], waived: Sequence[Waived], unseen: Sequence[Json], options: ReportOptions, properties: Mapping[str, object]
) -> str:
    kept = sorted(findings, key=lambda one: _SIZE[one.level])[:MOST_RESULTS]
    accepted = waived[: MOST_RESULTS - len(kept)]
    rules = _rules([*kept, *(one.finding for one in accepted)], options)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    marks = Counter[str]()
    results = [_result(one, numbers, marks) for one in kept]
    if accepted:  # where one result says whether it is suppressed, all do
        results = [{**one, "suppressions": []} for one in results]
        results += [{**_result(one.finding, numbers, marks), "suppressions": [_suppression(one)]} for one in accepted]
    left = len(findings) + len(waived) - len(results)
    notices = [*unseen, *([_notice("warning", f"{left} more results do not fit; the JSON has all of them")] if left else [])]
    run = {
        "tool": {"driver": {"name": "lockstep", "semanticVersion": __version__, "informationUri": REPOSITORY, "rules": rules}},
        "automationDetails": {"id": f"lockstep/{command.replace(' ', '-')}/"},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notices}],
        "results": results,
        "properties": dict(properties),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True) + "\n"


def _rules(findings: Iterable[Finding], options: ReportOptions) -> list[Json]:
    """Give the rules that speak, each with its manual."""
    ids = dict.fromkeys(one.rule for one in findings)
    manuals = {one.id: one for one in options.rules() if one.id in ids}
    return [_rule(manuals[one]) if one in manuals else {"id": one} for one in ids]


def _rule(one: Rule[Any]) -> Json:
    return {
        "id": one.id,
        "name": "".join(word.capitalize() for word in one.id.split("-")),
        "shortDescription": {"text": _cut(title(one), LONGEST_DESCRIPTION)},
        "fullDescription": {"text": _cut(part(one, "What it does"), LONGEST_DESCRIPTION)},
        "help": {"text": one.doc.rstrip(), "markdown": one.doc.rstrip()},
        "helpUri": address(one),
        "defaultConfiguration": {"level": one.level},
        "properties": {"problem.severity": _SEVERITY[one.level], "since": one.since},
    }


def _result(one: Finding, numbers: Mapping[str, int], marks: Counter[str]) -> Json:
    mark = _fingerprint(one)
    marks[mark] += 1
    known = {"package": one.package, "surface": one.surface, "old": one.old, "new": one.new, "witness": one.witness, "lint": one.lint, "requires": one.requires}
    return {
        "ruleId": one.rule,
        "ruleIndex": numbers[one.rule],
        **_kind(one),
        "message": {"text": _message("\n".join(_plain_lines(one))), "markdown": _message("\n\n".join(_markdown_lines(one)))},
        "locations": [_location(one)],
        "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{marks[mark]}", "lockstep/v1": f"{mark}:{marks[mark]}"},
        "properties": {"confidence": one.confidence, "help": one.help, **{key: value for key, value in known.items() if value is not None}},
    }


def _kind(one: Finding) -> Json:
    """Say that a person must decide; a warning stays one all the same, for what shows results by their level must not lose it."""
    if one.confidence is Confidence.REVIEW and one.level is Level.NOTE:
        return {"kind": "review", "level": "none"}
    return {"level": one.level}


def _plain_lines(one: Finding) -> Iterator[str]:
    yield one.message
    yield from signature_lines(one.old, one.new)
    yield from (f"stops working: {one.witness}",) if one.witness else ()
    yield from (f"help: {one.help}",) if one.help else ()


def _markdown_lines(one: Finding) -> Iterator[str]:
    first, *rest = _plain_lines(one)
    yield re.sub(r"([\\`*_{}<>#|~])", r"\\\1", printable(first))
    yield from ("\n".join(["```diff", *(printable(line).replace("```", "'''") for line in rest), "```"]),) if rest else ()


def _fingerprint(one: Finding) -> str:
    """Give what stays the same when lines move and versions go on: the symbol, or the file and the sentence without its numbers."""
    about = (one.symbol,) if one.symbol else (one.place.path, re.sub(r"\d[\w.+-]*", "#", one.message))
    return sha256("\0".join((one.rule, one.surface or "", one.package or "", *about)).encode(errors="surrogateescape")).hexdigest()[:16]


def _location(one: Finding) -> Json:
    named = {"logicalLocations": [{"fullyQualifiedName": printable(one.symbol)}]} if one.symbol else {}
    return {**_physical(one.place), **named}


def _physical(place: Place) -> Json:
    artifact = {"uri": uri(place.path), "uriBaseId": ROOT}
    region = {"startLine": place.line, **({} if place.column is None else {"startColumn": place.column})} if place.line else None
    return {"physicalLocation": {"artifactLocation": artifact, **({} if region is None else {"region": region})}} if place.path else {}


def _suppression(one: Waived) -> Json:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": reason(one),
        "location": _physical(Place(path=one.waiver.path, line=one.waiver.line)),
    }


def _unseen(row: Row, blind: Blind) -> Json:
    level = "warning" if row.verdict == "unproven" else "note"
    return {**_notice(level, f"{row.surface} {row.package}: {blind.symbol} could not be seen: {blind.why}"), "locations": [_physical(blind.place)]}


def _notice(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": _message(text)}}


def _message(text: str) -> str:
    """Take from a text what a message would read as a link or a placeholder, and cut it where it is too long.

    Source: SARIF 2.1.0, 3.11.5 and 3.11.6
    """
    shown = re.sub(r"\[(?=[^\]]*\]\()", r"\\[", "\n".join(map(printable, text.split("\n"))))
    return _cut(re.sub(r"\{(\d+)\}", r"{{\1}}", shown), LONGEST_MESSAGE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 4]} ..."
