"""Reports for the outputs to write: one with everything that a report can hold, in words that would like to be more than text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lockstep.config import WaiverConfig
from lockstep.model import Confidence, Finding, Level, Place, Requires
from lockstep.policy.semver import Step
from lockstep.policy.waivers import Waived
from lockstep.reports.report import Report, ReportOptions
from lockstep.reports.style import Painter
from lockstep.review.review import Moment, Review, Row, Verdict
from lockstep.rules import every_rule
from lockstep.surface import Blind
from lockstep.versions.version import Version

CANARY = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;`]]>\u202egnp.exe\u2066\x1b[31m\r\n"
    "::error::x ##[add-mask]x {0} [a](javascript:alert(3)) --><!--\x00"
)
"""Steers HTML, attributes, Markdown, a terminal, a workflow and a SARIF viewer, where it is let."""
OPTIONS = ReportOptions(paint=Painter(), rules=every_rule)


def finding(number: int = 0, level: Level = Level.ERROR, **fields: object) -> Finding:
    made = Finding(
        rule="name-removed",
        level=level,
        place=Place(path="python/spam/__init__.py", line=10 + number, column=3),
        message=f"the function spam.egg{number} is gone",
        help="lockstep changelog draft",
        requires=Requires.MINOR,
        surface="python",
        package="spam",
        symbol=f"spam.egg{number}",
        old="def egg(a: int, b: str) -> None",
        new="def egg(a: int, c: bytes) -> None",
        witness="spam.egg(1, b='x')",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def report(*findings: Finding) -> Report:
    return Report(command="check", tree="work tree", findings=findings, success="in step: 2 packages at 0.2.0\n", document=dict)


def moment(ref: str, version: str) -> Moment:
    return Moment(ref=ref, sha="0" * 40, version=Version.read(version), packages=(), surfaces=())


def row(package: str = "spam", surface: str = "python", *, verdict: Verdict = Verdict.OK, blind: tuple[Blind, ...] = ()) -> Row:
    versions = (Version.read("0.4.0"), Version.read("0.5.0"))
    return Row(surface=surface, package=package, items=12, added=1, removed=1, changed=1, blind=blind, level=Requires.MINOR, verdict=verdict, versions=versions)


def review(*findings: Finding, rows: tuple[Row, ...] = (), waived: tuple[Finding, ...] = (), verdict: Verdict = Verdict.OK) -> Review:
    waiver = WaiverConfig(rule="name-removed", reason=CANARY, expires="2027-01-31", path="lockstep.toml", line=3)
    return Review(
        base=moment("v0.4.0", "0.4.0"),
        head=moment("v0.5.0", "0.5.0"),
        level=Requires.MINOR,
        step=Step.MINOR,
        verdict=verdict,
        rows=rows or (row(),),
        findings=findings,
        waived=tuple(Waived(finding=one, waiver=waiver) for one in waived),
    )


def hostile() -> Review:
    """Give a review in which every text that a repository decides is the canary."""
    words: dict[str, Any] = dict.fromkeys(("message", "symbol", "old", "new", "witness", "help"), CANARY)
    bad = finding(place=Place(path=CANARY.replace("\x00", ""), line=1, column=1), package=CANARY, **words)
    new = finding(1, Level.NOTE, package=CANARY, symbol=CANARY, old=None, new=CANARY, requires=None)
    look = finding(2, Level.WARNING, confidence=Confidence.REVIEW, package=CANARY, new=None)
    free = finding(3, Level.WARNING, rule="waiver-unused", surface=None, package=None, message=CANARY, help=CANARY, old=None, new=None, witness=None)
    blind = Blind(symbol=CANARY, place=Place(path=CANARY, line=2), why=CANARY)
    rows = (row(CANARY, verdict=Verdict.UNPROVEN, blind=(blind,)), row("still"))
    found = review(bad, new, look, free, rows=rows, waived=(replace(bad, symbol=CANARY),), verdict=Verdict.UNPROVEN)
    return replace(found, base=replace(found.base, ref=CANARY), head=replace(found.head, ref=CANARY, version=None))
