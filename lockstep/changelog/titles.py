"""The heading of a section: whose release it is, when it was, or that it is not released yet."""

from __future__ import annotations

import re
from enum import StrEnum

from lockstep.changelog import dates
from lockstep.changelog.dates import Date
from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.pattern import pattern
from lockstep.versions.version import Version, read_any

LONGEST = 300
"""Characters of a heading that are looked at: a version and a date stand at its start."""


class Kind(StrEnum):
    """What a section is."""

    UNRELEASED = "unreleased"  # what waits for the next release: Unreleased, Next, TBD
    PENDING = "pending"  # a version that is named and not released yet: `1.3.0 (unreleased)`
    RELEASE = "release"
    TEMPLATE = "template"  # a placeholder that another tool fills in


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What a heading says. Offsets count characters in the heading's text; `end` is where what names the release ends.

    `named` says that a word stands before the version (`mdBook 0.5.4`), which proves less than a version alone.
    """

    kind: Kind
    version: Version | None = None
    text: str = ""
    start: int = 0
    end: int = 0
    date: Date | None = None
    named: bool = False
    lead: int = 0
    """Where what names the release begins: behind a date that stands first (`20 July 2026: mdBook 0.5.4`)."""


_VERSION = r"(?P<version>[vV]?[0-9]+(?:\.[0-9]+)+[0-9A-Za-z]*(?:[-.+_][0-9A-Za-z]+)*)"
_LEAD = r"(?P<lead>(?:<(?:a|b|i|em|strong|small|big|span|sub|sup|code|kbd)\b[^>]{0,200}>\s*(?:</a>)?|[^\w\[<@]){0,12})"
_RELEASE = pattern(
    _LEAD + r"\[{0,2}(?P<name>(?:version|release)[ ]|(?:@[\w-]+/)?[A-Za-z][\w]*(?:[ ./-][A-Za-z][\w]*){0,2}[ @/-])?`?" + _VERSION + r"`?"
    r"(?P<close>\]{0,2}(?:\([^()\s]*\)|\[[^\]]*\])?)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_REST = pattern(r"[*_`]*\s*(?:$|[-\u2010-\u2015\u2212:,;/(\[|\"'\u201c*_`]|released\b|yanked\b|<)", re.IGNORECASE)
_WAITING = (
    r"un-?released|upcoming|tb[ad]|wip|v?next|dev(?:elopment)?|head|main|master|trunk|pending|in[ ](?:progress|development)|"
    r"(?:not|to[ ]be)[ ](?:yet[ ])?released|coming[ ]soon|latest(?=[ ]changes)"
)
_UNRELEASED = pattern(
    _LEAD
    + r"\[{0,2}(?:"
    + _WAITING
    + r")(?:[ ](?:changes?|version|release|release[ ]notes))?\]{0,2}(?P<link>\([^()\s]*\)|\[[^\]]*\])?[*_`]*\s*(?P<rest>[-\u2010-\u2015\u2212(\[/:<].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PENDING = pattern(
    r"\b(?:un-?released|tb[ad]|wip|upcoming|pending|in[ ](?:progress|development)|not[ ](?:yet[ ])?released|release[ ]?date|y{2,4}[-/.]m{1,2}[-/.]d{1,2}|"
    r"20[x?]{2}|[x?]{4}[-/.][x?]{2})(?![\w])",
    re.IGNORECASE,
)
_TEMPLATE = pattern(r"\[\[\s*[A-Za-z]\w*\s*\]\]|\{\{.*\}\}|\$\{|\{%")
_AFTER_DATE = pattern(r"[\])*_]*\s*[:,;|\u2010-\u2015-]?\s+(?=\S)")
_WORD = pattern(r"(?:version|release)[ ]", re.IGNORECASE)
_ABOUT = pattern(r"\b(?:from|to|in|of|with|for|since|until|before|after|between|and|by|on|at|below|above)\b", re.IGNORECASE)
"""What a sentence about a version has, and the name of a package has not."""
_FIRST_LINE = pattern(r"[*_]{0,2}(?:un-?released|not (?:yet )?released|released?(?: date)?:? *(?:unreleased|tb[ad]))[*_]{0,2}[.]?[*_]{0,2}", re.IGNORECASE)


def read(text: str) -> Title | None:
    """Read a heading's text; None when it names no release and nothing that waits for one."""
    text = text[:LONGEST]
    if _TEMPLATE.search(text) and re.search("unreleased|version", text, re.IGNORECASE):
        return Title(kind=Kind.TEMPLATE)
    if (found := _UNRELEASED.fullmatch(text)) is not None:
        return Title(kind=Kind.UNRELEASED, end=len(text) - len(found["rest"] or ""))
    found, first = _RELEASE.fullmatch(text), None
    if found is None and (first := _leading_date(text)) is not None:
        found = _RELEASE.fullmatch(text, first[1])
    if found is None or not _REST.match(found["rest"]) or _ABOUT.search(found["name"] or ""):
        return None
    said, start = found["version"], found.start("version")
    try:
        version = read_any(said[1:] if said[:1] in "vV" else said)
    except VersionError:
        return None
    rest = found.start("rest")
    kind = Kind.PENDING if _PENDING.search(text, rest) else Kind.RELEASE
    named = bool(found["name"]) and not _WORD.fullmatch(found["name"])
    return Title(
        kind=kind,
        version=version,
        text=said,
        start=start,
        end=rest,
        date=first[0] if first is not None else dates.find(text, rest),
        named=named,
        lead=first[1] if first is not None else 0,
    )


def _leading_date(text: str) -> tuple[Date, int] | None:
    """Give a date that stands before the version, with where the rest begins; None where the heading begins otherwise."""
    date = dates.find(text)
    if date is None or text[: date.start].strip(" [(*_"):
        return None
    after = _AFTER_DATE.match(text, date.start + len(date.text))
    return None if after is None else (date, after.end())


def says_unreleased(line: str) -> bool:
    """Say whether the first line below a heading says that the version is not released yet."""
    return _FIRST_LINE.fullmatch(line.strip()) is not None


def find_pending(text: str) -> re.Match[str] | None:
    """Find the words of a pending heading that say so."""
    return _PENDING.search(text)
