"""Which section a release is told in, and what it says there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from lockstep.changelog import blocks
from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.mentions import NO_TEXTS, SearchText, TextIndex
from lockstep.changelog.model import Block, BlockKind, Changelog, Section
from lockstep.changelog.titles import Kind
from lockstep.dataclass import dataclass, replace
from lockstep.pattern import pattern
from lockstep.versions.version import Version

RECENT = 10
"""Releases that show what a changelog tells of."""
MIGRATION = pattern(r"migrat|breaking|upgrad|incompatib|backwards?[ -]incompat", re.IGNORECASE)
ADDED = pattern(r"\b(?:added|additions?|new features?|features?|enhancements?|new)\b", re.IGNORECASE)
CHANGED = pattern(r"\b(?:chang(?:ed|es)|improve(?:d|ments?)|performance)\b", re.IGNORECASE)
FIXED = pattern(r"\b(?:fix(?:ed|es)?|bug ?fix(?:es)?|bugs)\b", re.IGNORECASE)
_TELLS = pattern(r"migrat|breaking|upgrad|incompatib|remov|chang|deprecat|renam|replac|dropp", re.IGNORECASE)
"""Titles under which a reader looks for what broke. Source: https://keepachangelog.com/en/1.1.0/#how"""
_BREAKS = pattern(
    r"\b(?:break(?:s|ing)?|migrat\w*|incompatib\w*|remov\w*|renam\w*|replac\w*|drop(?:s|ped)?|delet\w*|no longer|gone|instead|upgrad\w*|deprecat\w*"
    r"|now (?:requires?|needs?|takes?|returns?|raises?)|must now|(?:not|never) (?:accepted|supported|available|exported)|rais(?:es?|ed) to"
    r"|bump\w*|minimum|MSRV)\b",
    re.IGNORECASE,
)
"""Words of an entry that tells of a break under any title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that a section says, under the title that it stands below ("" where there is none)."""

    start: int
    end: int
    title: str
    named: SearchText

    @property
    def tells_breaks(self) -> bool:
        """Say whether a reader who asks what broke would read it as an answer."""
        return not self.title or _TELLS.search(self.title) is not None or _BREAKS.search(self.named.text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionNotes:
    """What the section of a release says, made ready to be asked about every change: all of it, and what a reader takes for a break."""

    everything: TextIndex = NO_TEXTS
    breaks: TextIndex = NO_TEXTS

    @classmethod
    def of(cls, said: Iterable[Entry]) -> SectionNotes:
        """Prepare entries."""
        given = tuple(said)
        return cls(everything=TextIndex.of(one.named for one in given), breaks=TextIndex.of(one.named for one in given if one.tells_breaks))

    def tells(self, change: Change) -> bool:
        """Say whether a change is told: its symbol is named, and, of a break, as one."""
        texts = self.everything if change.kind is ChangeKind.ADDITION else self.breaks
        return any(texts.mentions(symbol) for symbol in (change.symbol, *change.kin))


NO_NOTES = SectionNotes()
"""What a section says that is not there."""


def release_section(changelog: Changelog, version: Version | None, base: Version | None) -> Section | None:
    """Give the section that the next release is told in: that of its version once it moved, else what waits; None where there is none."""
    if version is not None and version != base and (mine := changelog.of(version)):
        return mine[0]
    waiting = [section for section in changelog.sections if section.kind in (Kind.UNRELEASED, Kind.TEMPLATE)]
    if waiting:
        return waiting[0]
    pending = [section for section in changelog.sections if section.kind is Kind.PENDING]
    return pending[0] if pending and (not changelog.releases or pending[0].start < changelog.releases[0].start) else None


def notes_of(changelog: Changelog, section: Section | None, base: Version | None) -> SectionNotes:
    """Give what a reader is told who comes from `base`: in the section of the release, and in those of the pre-releases on the way to it."""
    passed = [one for one in changelog.releases if base is not None and one.version is not None and one.version > base and one.version.pre is not None]
    chosen = [section, *(one for one in passed if one is not section)] if section is not None else passed
    return SectionNotes.of(entry for one in chosen for entry in entries(changelog, one))


def entries(changelog: Changelog, section: Section) -> Iterator[Entry]:
    """Give what a section says: each item of its lists, and each paragraph with the code below it."""
    title = ""
    for block in section.blocks:
        if blocks.is_title(block):
            title = block.text.strip("*_: ")
        elif block.kind is BlockKind.LIST:
            yield from (_entry(changelog, item.start, item.end, title) for item in block.items)
        elif block.kind is not BlockKind.RULE and not blocks.is_placeholder(block):
            yield _entry(changelog, block.start, block.end, title)


def _entry(changelog: Changelog, start: int, end: int, title: str) -> Entry:
    return Entry(start=start, end=end, title=title, named=SearchText.of(changelog.text[start:end]))


def titled(section: Section, wanted: re.Pattern[str]) -> tuple[Block, Block | None] | None:
    """Find the title in a section that fits, and the last block below it."""
    found: Block | None = None
    last: Block | None = None
    for block in section.blocks:
        if blocks.is_title(block):
            if found is not None and (block.kind is not BlockKind.HEADING or found.kind is not BlockKind.HEADING or block.level <= found.level):
                break
            if found is None and wanted.search(block.text):
                found = block
                continue
        if found is not None:
            last = block
    return None if found is None else (found, last)


_BEGUN = pattern(r"keep ?a ?changelog|\bchanges\b[^.]*\b(?:documented|recorded|listed|below|here|in this file)\b", re.IGNORECASE)


def is_begun(changelog: Changelog) -> bool:
    """Say whether a file without sections is a changelog at its start: a title, and perhaps the words that all of them have."""
    said = [block for block in changelog.preamble if block.kind is not BlockKind.COMMENT]
    body = [block for block in said if block.kind is not BlockKind.HEADING]
    return len(said) - len(body) <= 1 and (not body or any(_BEGUN.search(block.text) for block in body)) and bool(said or not changelog.text.strip())


def oldest_first(changelog: Changelog) -> bool:
    """Say whether the sections go from the oldest release to the newest."""
    known = [section.version for section in changelog.releases if section.version is not None and not section.title.named]
    rises = sum(above < below for above, below in pairwise(known))
    return rises * 2 > len(known) - 1 > 0


_UNRELEASED = pattern(r"\b(?:un-?released|not[ ](?:yet[ ])?released|in[ ](?:progress|development)|upcoming|pending|wip)\b", re.IGNORECASE)


def says_unreleased(section: Section) -> bool:
    """Say whether a section that names its version says in words that it is not released; the place of a date that is to come says less."""
    return section.kind is Kind.PENDING and (section.pending is not None or _UNRELEASED.search(section.heading) is not None)


def below_releases(changelog: Changelog, waiting: Section) -> bool:
    """Say whether what waits stands below a release although the newest come first: it was passed over, and is no place for the next release."""
    releases = changelog.releases
    return bool(releases) and releases[0].start < waiting.start and not oldest_first(changelog)


def names_told(changelog: Changelog) -> frozenset[str]:
    """Give the names of what was released last, in lower case, where that are several things; none where it is one, however it is called."""
    names = frozenset(section.name.lower() for section in changelog.releases[:RECENT] if section.name)
    return names if len(names) > 1 else frozenset()


def only_of(changelog: Changelog, names: frozenset[str]) -> Changelog:
    """Leave out the releases of other names; what has no name stays."""
    kept = tuple(one for one in changelog.sections if one.kind is not Kind.RELEASE or not one.name or one.name.lower() in names)
    return replace(changelog, sections=kept)


def passed_over(changelog: Changelog) -> str | None:
    """Say of the first section that waits that it was passed over, None where it was not."""
    waiting = next(iter(changelog.unreleased), None)
    if waiting is None or not below_releases(changelog, waiting):
        return None
    return f"{waiting.heading.partition(']')[0].strip('[')} (line {waiting.line}) stands below {changelog.releases[0].title.text}, and belongs above it"


_ALONE = pattern(r"\r(?!\n)")


def unsafe(changelog: Changelog) -> str | None:
    """Say why nothing may be written into a changelog, None where it may."""
    if changelog.unclosed is not None:
        line, _ = changelog.at(changelog.unclosed.start)
        return f"the {changelog.unclosed.what} of line {line} is never closed"
    if (found := _ALONE.search(changelog.text)) is not None:
        line, _ = changelog.at(found.start())
        return f"a carriage return stands alone on line {line}"
    return None
