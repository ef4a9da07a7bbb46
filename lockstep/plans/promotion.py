"""Plans that make a release of what stands under Unreleased, in the manner of the changelog itself.

The Unreleased heading stays where it is, and the release's heading goes in below it: every byte of a person stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lockstep.changelog import dates, furniture, titles
from lockstep.changelog.dates import Day
from lockstep.changelog.kept import Kept, holder
from lockstep.changelog.model import Block, BlockKind, Changelog, Definition, Marker, Section
from lockstep.changelog.reading import read
from lockstep.changelog.sections import is_begun, oldest_first, unsafe
from lockstep.changelog.titles import Kind
from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.model import Ecosystem, Edit, Group, Package, Role, Site
from lockstep.pattern import pattern
from lockstep.versions import release_links
from lockstep.versions.version import Spelling, Version

RECENT = 10
"""Releases that show whether pre-releases have sections of their own here."""
STYLE = 5
"""Releases that show whether they are dated here."""
_CLOSING = pattern(r"[)\]*_]*")
_MARKUP = pattern(r"[*_]+$|:$")
_SAID = pattern(r"[^\w]*(?:released?(?: on)?)?[^\w]*", re.IGNORECASE)
_OPENING = pattern(r"[^\w)\]\"'\u201d]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What becomes of one changelog: the edits, none where it is left alone, and what is to be said about it, in words.

    `stays` are the offsets of versions in links that must not move: they show what still waits.
    """

    path: str
    edits: tuple[Edit, ...]
    account: str
    stays: tuple[int, ...] = ()


def promote(kept: Kept, group: Group, old: Version, new: Version, day: Day) -> Promotion | None:
    """Plan the section of `new` in one changelog; None where there is nothing to do and nothing to say."""
    if not kept.markdown:
        return _left(kept, f"it is not Markdown and is left alone; write the section of {new} there")
    writer = kept.writer
    if writer is not None and writer.always:
        return _left(kept, f"{writer.name} writes it, it is left alone; next: {writer.how.format(version=new, path=kept.path)}")
    changelog = read(kept.path, kept.text)
    if (reason := _refusal(changelog, kept, old, new)) is not None:
        return _left(kept, reason) if reason else None
    if _is_pre(new) and not _is_customary(changelog, new):
        stays = tuple(found.start("version") for found in release_links.TO_BRANCH.finditer(changelog.text))
        if not stays and not _held(changelog):
            return None
        account = f"no pre-release has a section here: {'what stands under Unreleased stays there' if _held(changelog) else 'its links wait'} for the release"
        return Promotion(path=kept.path, edits=(), account=account, stays=stays)
    desk = _Desk(changelog, holder(kept, group), _spelled(changelog, group, new), day)
    pending = _pending(changelog, new)
    if pending is not None and pending.version is not None and pending.version < old:
        return _left(kept, f"{pending.title.text} is not released yet by it, but the group is at {old}: it is left alone; write {new} there, or delete it")
    if pending is not None:
        return Promotion(path=kept.path, edits=tuple(desk.dated(pending)), account=_dated(pending, desk.version, day))
    waiting = changelog.unreleased
    if not waiting:
        return Promotion(
            path=kept.path,
            edits=tuple(desk.begun()),
            account=f"no Unreleased heading: one is added, and below it the section of {desk.version}, still empty",
        )
    held = bool(furniture.entries(waiting[0]))
    said = (
        f"what stands under {_name(waiting[0])} becomes {desk.version}"
        if held
        else f"nothing stands under {_name(waiting[0])}: the section of {desk.version} is empty"
    )
    return Promotion(path=kept.path, edits=tuple(desk.promoted(waiting[0])), account=said)


def _left(kept: Kept, why: str) -> Promotion:
    return Promotion(path=kept.path, edits=(), account=why)


def _dated(pending: Section, version: str, day: Day) -> str:
    renamed = version.lstrip("vV") != pending.title.text.lstrip("vV")
    return f"the section of {pending.title.text} becomes {version}'s, dated {day}" if renamed else f"the section of {version} is dated {day}"


def _name(section: Section) -> str:
    return "Unreleased" if "nreleased" in section.heading.lower() else section.heading.strip("[]")


def _refusal(changelog: Changelog, kept: Kept, old: Version, new: Version) -> str | None:
    """Say why a changelog is left alone; "" where nobody needs to know, None where it is not."""
    if (fault := unsafe(changelog)) is not None:
        return f"{fault}; it is left alone"
    if any(section.kind is Kind.TEMPLATE for section in changelog.sections):
        return "its placeholders are another tool's to fill in; it is left alone"
    there = changelog.of(new)
    if any(section.kind is Kind.RELEASE for section in there):
        return "" if not _held(changelog) else f"{new} has its section already; what stands under Unreleased stays there"
    if new < old or (new == old and not _held(changelog)):
        return ""
    if oldest_first(changelog):
        return "its sections go from the oldest to the newest; it is left alone"
    if len(changelog.unreleased) > 1:
        lines = " and ".join(str(section.line) for section in changelog.unreleased)
        return f"lines {lines} both say Unreleased; it is left alone"
    if kept.writer is not None and not _held(changelog) and not there and (kept.writer.heading or not changelog.unreleased):
        return f"{kept.writer.name} writes it, it is left alone; next: {kept.writer.how.format(version=new, path=kept.path)}"
    if not changelog.sections and not is_begun(changelog):
        return "it has no section of any release, and is left alone"
    return None


def _is_customary(changelog: Changelog, new: Version) -> bool:
    """Say whether a pre-release gets a section here: cargo-release leaves changelogs alone then, and so do people, unless the last ones had theirs.

    Source: https://github.com/crate-ci/cargo-release/blob/master/docs/reference.md (`pre-release-replacements`, `prerelease`)
    """
    return bool(changelog.of(new)) or any(_is_pre(one.version) for one in changelog.releases[:RECENT] if one.version is not None)


def _is_pre(version: Version) -> bool:
    return version.pre is not None or version.dev is not None


def _held(changelog: Changelog) -> bool:
    return any(furniture.entries(section) for section in changelog.unreleased)


def _pending(changelog: Changelog, new: Version) -> Section | None:
    """Find the section that names a version which is not released yet: this one, or the next one that nobody else waits in."""
    named = [section for section in changelog.sections if section.kind is Kind.PENDING]
    if (mine := next((section for section in named if section.version == new), None)) is not None:
        return mine
    if not named or changelog.unreleased or (changelog.releases and changelog.releases[0].start < named[0].start):
        return None
    return named[0]


def _spelled(changelog: Changelog, group: Group, new: Version) -> str:
    """Write the version as this changelog would: a pre-release as its last pre-release, else as the packages have it."""
    like = next((one.title.text for one in changelog.releases if one.version is not None and _is_pre(one.version) == _is_pre(new)), "")
    like = like or next((one.title.text for one in changelog.releases), "")
    python = all(package.ecosystem is Ecosystem.PYTHON for package in group.packages)
    for spelling in (Spelling.PEP440, Spelling.SEMVER) if python or new.post is not None else (Spelling.SEMVER, Spelling.PEP440):
        try:
            text = new.spell(spelling, like)
        except VersionError:
            continue
        return text if like[:1] in ("v", "V") or text[:1] not in ("v", "V") else text[1:]
    return str(new)


class _Desk:
    """Writes the edits of one changelog."""

    def __init__(self, changelog: Changelog, package: Package, version: str, day: Day) -> None:
        self._log = changelog
        self._package = package
        self.version = version
        self._day = day
        self._like = _reference(changelog)
        self._newline = "\r\n" if "\r\n" in changelog.text else "\n"

    def promoted(self, waiting: Section) -> Iterator[Edit]:
        """Put the heading of the release below what belongs to Unreleased."""
        stays = furniture.leading(waiting)
        behind = self._behind(stays[-1].end) if stays else waiting.body
        yield from self._moved_links(waiting.start, behind)
        copied = [released for block in stays if (released := release_links.released(block.text, self.version)) is not None]
        yield self._inserted(behind, self._heading(waiting, copied), "the release's heading")
        yield from self._definition()

    def begun(self) -> Iterator[Edit]:
        """Put an Unreleased heading, and that of the release below it, before the first section, or at the end of a file without any."""
        text, nl = self._log.text, self._newline
        first = self._log.sections[0] if self._log.sections else None
        title = self._unreleased_title()
        waiting = self._styled(title)
        gap = nl * (1 + self._gap())
        if first is None:
            start = self._log.tail
            kept = text[:start].rstrip()
            lead = "" if not kept.strip("\ufeff") else nl * max(0, 2 - text[len(kept) : start].count("\n"))
            yield self._edit(start, "", f"{lead}{waiting}{gap}{self._lines(self._like)}{nl}", "an Unreleased heading, and that of the release")
            return
        yield self._edit(
            first.start, "", f"{waiting}{gap}{self._rule()}{self._lines(self._like)}{gap}{self._rule()}", "an Unreleased heading, and that of the release"
        )
        yield from self._moved_links(0, 0)
        yield from self._definition()

    def opened(self) -> Iterator[Edit]:
        """Put an Unreleased heading alone before the first section, or at the end of a file without any."""
        text, nl = self._log.text, self._newline
        first = self._log.sections[0] if self._log.sections else None
        waiting = self._styled(self._unreleased_title())
        if first is None:
            start = self._log.tail
            kept = text[:start].rstrip()
            lead = "" if not kept.strip("\ufeff") else nl * max(0, 2 - text[len(kept) : start].count("\n"))
            yield self._edit(start, "", f"{lead}{waiting}{nl}", "an Unreleased heading")
        else:
            yield self._edit(first.start, "", f"{waiting}{nl * (1 + self._gap())}{self._rule()}", "an Unreleased heading")

    def dated(self, pending: Section) -> Iterator[Edit]:
        """Make a release of a section that names its version already."""
        title, heading = pending.title, pending.heading
        like = self._like.date.text if self._like is not None and self._like.date is not None else ""
        date = dates.written(self._day, like)
        text = self.version if title.version is not None and self.version.lstrip("vV") != title.text.lstrip("vV") else title.text
        new = heading[: title.start] + text + heading[title.start + len(title.text) : title.end]
        rest = heading[title.end :]
        word = titles.waits(rest)
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
        new = heading[: title.start] + self.version + heading[title.start + len(title.text) : title.end]
        close = heading[title.start + len(title.text) : title.end]
        if "(" in close:
            cut = title.end - len(close) + close.index("(")
            old = heading[: title.start + len(title.text)]
            new = heading[: title.start] + self.version + heading[len(old) : cut] + release_links.following(heading[cut : title.end], title.text, self.version)
        if title.date is None:
            markup = _MARKUP.match(heading, title.end)
            return new + (markup[0] if markup else "")
        start = title.date.start
        before, behind = heading[title.end : start], heading[start + len(title.date.text) :]
        if not _SAID.fullmatch(before):
            opening = _OPENING.search(before)
            before = opening[0] if opening is not None else " - "
        closing = _CLOSING.match(behind)
        return f"{new}{before}{dates.written(self._day, title.date.text)}{closing[0] if closing else ''}"

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

    def _unreleased_title(self) -> str:
        like = self._like
        return "[Unreleased]" if like is None or (like.heading.startswith("[") and "](" not in like.heading) else "Unreleased"

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
        if like is None and (waiting is None or (self._like is not None and not _is_reference(self._like))):
            return
        url = None if waiting is None else release_links.released(waiting.url, self.version)
        if url is None and like is not None:
            url = release_links.following(like.url, like.label, self.version)
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
        line, column = self._log.at(start)
        return Edit(
            site=Site(
                path=self._log.path,
                key="changelog",
                start=start,
                text=old,
                line=line,
                column=column,
                role=Role.NOTES,
                spelling=Spelling.PREFIX,
                package=self._package,
                why=why,
            ),
            new=new,
        )


def _is_reference(section: Section) -> bool:
    return section.heading.startswith("[") and "](" not in section.heading


def _reference(changelog: Changelog) -> Section | None:
    """Give the release whose heading shows how headings are written here: the newest one that is dated, if most of the newest are."""
    newest = changelog.releases[:STYLE]
    dated = [section for section in newest if section.date is not None]
    return next(iter(dated if len(dated) * 2 >= len(newest) else newest), None)


def joined(edits: Iterable[Edit], promotions: Iterable[Promotion]) -> tuple[Edit, ...]:
    """Join the edits of sites with those of changelogs: a link that compares with the branch is moved once, and not while entries stay behind it."""
    planned = tuple(promotions)
    stays = {(one.path, start) for one in planned for start in one.stays}
    kept = [edit for edit in edits if (edit.site.path, edit.site.start) not in stays]
    made = {(edit.site.path, edit.site.start) for edit in kept if edit.site.text}
    notes = [edit for one in planned for edit in one.edits if not edit.site.text or (edit.site.path, edit.site.start) not in made]
    return (*kept, *notes)
