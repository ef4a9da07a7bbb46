"""The edits that put the section of a release into a changelog, written as its own sections are: heading, date, links.

The Unreleased heading stays where it is, and the release's heading goes in below it: every byte of a person stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lockstep.changelog import blocks, dates, titles
from lockstep.changelog.dates import Day
from lockstep.changelog.model import Block, BlockKind, Changelog, Definition, Marker, Section
from lockstep.changelog.titles import Kind
from lockstep.errors import VersionError
from lockstep.model import Edit, Package
from lockstep.pattern import pattern
from lockstep.plans.changelog_edits import changelog_edit, is_reference_link, newlines_at_end, unreleased_title
from lockstep.versions import release_links
from lockstep.versions.version import Version, read_any

STYLE = 5
"""Releases that show whether they are dated here."""
_CLOSING = pattern(r"[)\]*_]*(?:</[a-z]+>)*")
_MARKUP = pattern(r"[*_]*(?:</[a-z]+>)+$|[*_]+$|:$")
_LINK = pattern(r"\(https?://[^\s()]+\)")
_SAID = pattern(r"(?:</[a-z]+>|[^\w])*(?:released?(?: on)?)?[^\w]*", re.IGNORECASE)
_OPENING = pattern(r"[^\w)\]\"'\u201d]*$")


class ReleaseEditor:
    """Makes the edits of one changelog for one release; `like` holds the releases in whose manner it is written."""

    def __init__(self, changelog: Changelog, package: Package, version: str, day: Day, *, like: Changelog) -> None:
        self._log = changelog
        self._package = package
        self.version = version
        self._day = day
        self._like = _model_release(like)
        self._newline = changelog.newline

    def from_unreleased(self, waiting: Section) -> Iterator[Edit]:
        """Put the heading of the release below what belongs to Unreleased."""
        stays = blocks.leading_placeholders(waiting)
        behind = self._behind(stays[-1].end) if stays else waiting.body
        yield from self._moved_links(waiting.start, behind)
        copied = [released for block in stays if (released := self._released(block.text)) is not None]
        yield self._inserted(behind, self._heading(waiting, copied), "the release's heading")
        yield from self._definition()

    def with_unreleased(self) -> Iterator[Edit]:
        """Put an Unreleased heading, and that of the release below it, before the first section, or at the end of a file without any."""
        nl = self._newline
        first = self._log.sections[0] if self._log.sections else None
        waiting = self._styled(unreleased_title(self._like))
        gap = nl * (1 + self._gap())
        if first is None:
            lead = nl * newlines_at_end(self._log)
            yield self._edit(self._log.tail, "", f"{lead}{waiting}{gap}{self._lines(self._like)}{nl}", "an Unreleased heading, and that of the release")
            return
        yield self._edit(
            first.start, "", f"{waiting}{gap}{self._rule()}{self._lines(self._like)}{gap}{self._rule()}", "an Unreleased heading, and that of the release"
        )
        yield from self._moved_links(0, 0)
        yield from self._definition()

    def from_pending(self, pending: Section) -> Iterator[Edit]:
        """Make a release of a section that names its version already."""
        title, heading = pending.title, pending.heading
        like = self._like.date.text if self._like is not None and self._like.date is not None else ""
        date = dates.written(self._day, like)
        text = self.version if title.version is not None and self.version.lstrip("vV") != title.text.lstrip("vV") else title.text
        new = heading[: title.start] + text + heading[title.start + len(title.text) : title.end]
        rest = heading[title.end :]
        word = titles.find_pending(rest)
        if word is not None:
            rest = rest[: word.start()] + date + rest[word.end() :]
        new += rest
        if new != heading:
            yield self._edit(pending.at, heading, new, "the release's heading")
            if pending.marker is Marker.SETEXT and len(new) != len(heading):
                yield from self._underlined(pending, len(new))
        if pending.pending is not None:
            yield self._edit(pending.pending.start, self._first_line(pending.pending), self._dated_line(), "the release's date")
        yield from self._moved_links(0, 0)
        yield from self._definition()

    # ---- the pieces

    def _heading(self, waiting: Section, copied: list[str]) -> str:
        nl = self._newline
        gap = nl * self._gap()
        rule = self._rule()
        more = "".join(f"{nl}{nl}{line}" for line in copied)
        return f"{gap}{rule}{self._lines(self._like, waiting)}{more}"

    def _lines(self, like: Section | None, waiting: Section | None = None) -> str:
        """Write heading and date line of the release as `like` has them; as Unreleased, where nothing is released yet."""
        if like is None:
            plain = waiting is not None and not waiting.heading.startswith("[")
            title = f"{self.version} - {self._day}" if plain else f"[{self.version}] - {self._day}"
            return self._styled(title, waiting)
        lines = self._styled(self._title(like))
        if like.dated_below is not None:
            between = self._log.text[like.body : like.dated_below.start]
            lines += self._newline * (1 + between.count("\n")) + self._dated_line()
        return lines

    def _title(self, like: Section) -> str:
        heading, title = like.heading, like.title
        close = heading[title.start + len(title.text) : title.end]
        before_it = heading[: title.start]
        if title.date is not None and title.lead:  # the date stands first
            end_of_date = title.date.start + len(title.date.text)
            before_it = f"{heading[: title.date.start]}{dates.written(self._day, title.date.text)}{heading[end_of_date : title.start]}"
        new = release_links.with_version(before_it, title.text, self.version) + self.version  # an anchor before it names it, too
        cut = close.find("(")
        new += close if cut == -1 else close[:cut] + release_links.following(close[cut:], title.text, self.version, self._last_text(title.text))
        if title.date is None or title.lead:
            markup = _MARKUP.match(heading, title.end)
            return new + (markup[0] if markup else "")
        start = title.date.start
        before, behind = heading[title.end : start], heading[start + len(title.date.text) :]
        if not _SAID.fullmatch(before):
            opening = _OPENING.search(before)
            before = opening[0] if opening is not None else " - "
        closing = _CLOSING.match(behind)
        end = closing[0] if closing else ""
        if (link := _LINK.match(behind, len(end))) is not None and release_links.with_version(link[0], title.text, self.version) != link[0]:
            end += release_links.following(link[0], title.text, self.version, self._last_text(title.text))
        return f"{new}{before}{dates.written(self._day, title.date.text)}{end}"

    def _styled(self, title: str, like: Section | None = None) -> str:
        """Mark a title as the headings of this changelog are marked."""
        like = like or self._like or next(iter(self._log.sections), None)
        if like is None:
            return f"## {title}"
        before = self._log.text[like.start : like.at]
        if like.marker is not Marker.SETEXT:
            return before + title
        underline = self._underline(like)
        length = len(title) if len(underline) == len(like.heading) else len(underline)
        return f"{before}{title}{self._newline}{underline[:1] * length}"

    def _underline(self, section: Section) -> str:
        return self._log.text[section.start : section.body].splitlines()[-1].strip()

    def _underlined(self, section: Section, length: int) -> Iterator[Edit]:
        underline = self._underline(section)
        if len(underline) == len(section.heading):
            start = self._log.text.find(underline, section.at + len(section.heading))
            yield self._edit(start, underline, underline[:1] * length, "the heading's underline")

    def _gap(self) -> int:
        """Count the blank lines before a section."""
        like = self._like
        if like is None:
            return 1
        before = self._log.text[: like.start]
        return min(3, max(1, before[len(before.rstrip()) :].count("\n") - 1))

    def _rule(self) -> str:
        """Give the line that stands between sections, with the blank line behind it."""
        like = self._like
        if like is None:
            return ""
        index = self._log.sections.index(like)
        blocks = self._log.sections[index - 1].blocks if index else ()
        last = max((block for block in blocks if block.end <= like.start), key=lambda block: block.end, default=None)
        return self._log.text[last.start : like.start] if last is not None and last.kind is BlockKind.RULE else ""

    def _dated_line(self) -> str:
        like = self._like
        if like is None or like.dated_below is None or like.date is None:
            return f"Released {self._day}"
        line = self._first_line(like.dated_below)
        start = like.date.start - like.dated_below.start
        return f"{line[:start]}{dates.written(self._day, like.date.text)}{line[start + len(like.date.text) :]}"

    def _first_line(self, block: Block) -> str:
        return self._log.text[block.start : block.end].partition("\n")[0].rstrip("\r")

    # ---- links

    def _moved_links(self, start: int, end: int) -> Iterator[Edit]:
        """Let what compares with the branch start at the new release: in the definitions, and between two offsets."""
        spans = [(start, end), *((one.start, one.end) for one in self._waiting_definitions())]
        for first, behind in spans:
            for found in release_links.TO_BRANCH.finditer(self._log.text, first, behind):
                new = release_links.with_version(found["version"], found["version"], self.version)
                if new != found["version"]:
                    yield self._edit(found.start("version"), found["version"], new, "the link that compares with the branch")

    def _waiting_definitions(self) -> list[Definition]:
        return [one for one in self._log.definitions if (title := titles.read(one.label)) is not None and title.kind is Kind.UNRELEASED]

    def _definition(self) -> Iterator[Edit]:
        """Define the link of the release, where releases have links by reference."""
        labels = {one.label.lower().lstrip("v"): one for one in self._log.definitions}
        if self.version.lower().lstrip("v") in labels:
            return
        waiting = next(iter(self._waiting_definitions()), None)
        like = None if self._like is None else labels.get(self._like.title.text.lower().lstrip("v"))
        if like is None and (waiting is None or (self._like is not None and not is_reference_link(self._like))):
            return
        url = None if waiting is None or self._shows_tags(labels) else self._released(waiting.url)
        if url is None and like is not None:
            url = release_links.following(like.url, like.label, self.version, self._last_text(like.label))
        if url is None or self.version.lstrip("vV") not in url:
            return
        label = self.version if like is None else release_links.with_version(like.label, like.label, self.version)
        line = f"[{label}]: {url}"
        newest_first = like is None or waiting is None or waiting.start < like.start
        if waiting is not None and newest_first:
            yield self._edit(waiting.end, "", self._newline + line, "the release's link")
        else:
            anchor = waiting or like
            assert anchor is not None
            yield self._edit(anchor.start, "", line + self._newline, "the release's link")

    def _shows_tags(self, labels: Mapping[str, Definition]) -> bool:
        """Say whether the links of releases show a tag and compare nothing; that of the first release tells nothing: it has nothing to compare with."""
        if self._like is None or self._like is min(self._log.releases, key=_order):
            return False
        like = labels.get(self._like.title.text.lower().lstrip("v"))
        return like is not None and not release_links.is_comparison(like.url)

    def _released(self, url: str) -> str | None:
        """Give the link of the release, of the one that compares with the branch: it starts at the last release, where that one starts too early."""
        start = release_links.start_of(url)
        return None if start is None else release_links.released(url, self.version, self._last_text(start))

    def _last_text(self, known: str) -> str:
        """Give the newest version below the new one that has a section, where it is above a `known` one; a pre-release is on the way, and no start."""
        new, start = _version(self.version), _version(known)
        if new is None or start is None:
            return ""
        name = self._like.name if self._like is not None else ""
        below = [one for one in self._log.releases if one.version is not None and one.version.final and one.name == name and start < one.version < new]
        return max(below, key=_order).title.text if below else ""

    # ---- edits

    def _behind(self, offset: int) -> int:
        """Give the start of the line behind an offset."""
        line = self._log.text.find("\n", offset)
        return len(self._log.text) if line == -1 else line + 1

    def _inserted(self, offset: int, lines: str, why: str) -> Edit:
        """Insert whole lines: a newline ends them, or begins them where the file ends without one."""
        whole = offset == 0 or self._log.text[offset - 1] == "\n"
        following = self._log.text[offset:].partition("\n")[0].strip()
        if whole and following and not lines.rpartition("\n")[2].lstrip().startswith(("#", "-", "*", "+", "=")):
            lines += self._newline  # a paragraph ends where a blank line is
        return self._edit(offset, "", lines + self._newline if whole else self._newline + lines, why)

    def _edit(self, start: int, old: str, new: str, why: str) -> Edit:
        return changelog_edit(self._log, self._package, start, new, old=old, why=why)


def _version(text: str) -> Version | None:
    try:
        return read_any(text.lstrip("vV"))
    except VersionError:
        return None


def _order(section: Section) -> Version:
    assert section.version is not None
    return section.version


def _model_release(changelog: Changelog) -> Section | None:
    """Give the release whose heading shows how headings are written here: the newest one that is dated, if most of the newest are."""
    newest = changelog.releases[:STYLE]
    dated = [section for section in newest if section.date is not None]
    return next(iter(dated if len(dated) * 2 >= len(newest) else newest), None)
