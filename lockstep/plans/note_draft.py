"""Plans that draft notes: an entry for each break and each addition that the section of the release does not mention yet.

A drafted entry says what the code says: what changed, what stops working, how it was written before and after. Why, and what to write
instead, only a person knows: a TODO stands there. What stands in the file is never changed, and what it mentions is not drafted again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lockstep.changelog import blocks
from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.conventional import ConventionalCommit, NoteKind
from lockstep.changelog.files import ChangelogFile
from lockstep.changelog.model import Block, BlockKind, Changelog, Marker, Section
from lockstep.changelog.sections import ADDED, CHANGED, FIXED, MIGRATION, notes_of, oldest_first, release_section, titled
from lockstep.dataclass import dataclass
from lockstep.model import Edit, Package
from lockstep.pattern import pattern
from lockstep.plans.changelog_edits import changelog_edit, newlines_at_end, unreleased_title
from lockstep.plans.note_groups import grouped
from lockstep.plans.note_text import addition, migration
from lockstep.versions.version import Version

_ITEM = pattern(r"(?P<indent>[ \t]*)(?P<mark>[-*+])(?P<gap>[ \t]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be added to one changelog: the edits, and the changes and the commits that they mention.

    `entries` counts what is written of the changes: migration notes, and lines of additions. An entry may tell several changes.
    """

    path: str
    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    commits: tuple[ConventionalCommit, ...] = ()
    entries: tuple[int, int] = (0, 0)


def draft(
    file: ChangelogFile,
    changelog: Changelog,
    package: Package,
    changes: Iterable[Change],
    version: Version | None,
    base: Version | None,
    commits: Iterable[ConventionalCommit] = (),
) -> Draft:
    """Plan the entries that are missing, in the section of the release; an Unreleased heading, where there is none.

    Where there are `commits`, these tell of additions and fixes, and of `changes` the breaks are told alone.
    """
    section = release_section(changelog, version, base)
    said = notes_of(changelog, section, base)
    missing = tuple(change for change in changes if not said.tells(change))
    told = changelog.text[section.start : section.end] if section is not None else ""
    untold = tuple(one for one in commits if one.kind is not None and not _is_told(one, told))
    if not missing and not untold:
        return Draft(path=file.path, edits=(), changes=())
    notes = _NotesSection(changelog, section, base)
    edits = (changelog_edit(changelog, package, start, new, why="notes of what changed") for start, new in notes.insertions(missing, untold))
    breaks, additions = _by_kind(missing)
    entries = (len(grouped(breaks)), len(grouped(additions)))
    return Draft(path=file.path, edits=tuple(edits), changes=missing, commits=untold, entries=entries)


def _by_kind(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """Part changes into breaks and additions."""
    found: tuple[list[Change], list[Change]] = ([], [])
    for one in changes:
        found[one.kind is ChangeKind.ADDITION].append(one)
    return found


def _is_told(commit: ConventionalCommit, text: str) -> bool:
    """Say whether a section tells of a commit: by its words, or by the number of its pull request."""
    numbers = re.findall(r"#[0-9]+\b", commit.description)
    said = " ".join(text.lower().split())
    if " ".join(commit.description.lower().split()) in said:
        return True
    return bool(numbers) and all(re.search(rf"{one}\b", text) is not None for one in numbers)


class _NotesSection:
    """The section that notes are drafted for: how its changelog writes entries and titles, and where new ones go."""

    def __init__(self, changelog: Changelog, section: Section | None, base: Version | None) -> None:
        self._log = changelog
        self._section = section
        self._base = base
        self._newline = changelog.newline
        self._mark, self._gap = self._item()

    def insertions(self, missing: Sequence[Change], commits: Sequence[ConventionalCommit] = ()) -> list[tuple[int, str]]:
        """Give what to insert, and where."""
        section = self._section
        of = {kind: [[one.note] for one in commits if one.kind is kind] for kind in NoteKind}
        breaks, additions = _by_kind(missing)
        groups = [
            (MIGRATION, "Migration", [migration(same[0], self._base, same[1:]) for same in grouped(breaks)]),
            (ADDED, "Added", [*([addition(*same)] for same in grouped(additions)), *of[NoteKind.ADDED]]),
            (CHANGED, "Changed", of[NoteKind.CHANGED]),
            (FIXED, "Fixed", of[NoteKind.FIXED]),
        ]
        groups = [group for group in groups if group[2]]
        if section is not None and section.marker is Marker.BULLET:
            return [(self._content_end(section), self._after("".join(self._list(found) for _, _, found in groups), section, indent="  ", blank=False))]
        out, new_titles = [], []
        for wanted, title, found in groups:
            place = titled(section, wanted) if section is not None else None
            if place is not None:
                heading, last = place
                out.append((self._end_of(last or heading), self._below(last or heading, self._list(found))))
            else:
                new_titles.append(f"{self._title(wanted, title)}\n\n{self._list(found)}")
        if new_titles:
            out.append(self._with_new_titles("\n".join(new_titles)))
        return [(start, self._parted(start, text).replace("\n", self._newline)) for start, text in out]

    def _parted(self, start: int, text: str) -> str:
        """Leave a blank line before what follows without one: it is no part of the entry."""
        rest = self._log.text[start:]
        ends_line = rest.startswith(("\n", "\r\n"))
        following = rest.split("\n", 2)[1] if ends_line and "\n" in rest else ""
        return f"{text}\n" if ends_line and following.strip() else text

    # ---- where

    def _with_new_titles(self, body: str) -> tuple[int, str]:
        """Give the place of titles that are new: before the first title of the section, at its end where entries stand without one."""
        section = self._section
        if section is None:
            return self._opened(body)
        stays = blocks.leading_placeholders(section)
        rest = [block for block in section.blocks[len(stays) :] if block is not section.dated_below and block is not section.pending]
        if rest and blocks.is_title(rest[0]):
            return rest[0].start, f"{body}\n"
        start = self._content_end(section)
        return start, self._after(body, section)

    def _opened(self, body: str) -> tuple[int, str]:
        """Open an Unreleased section above the first one; at the end of a file that has none."""
        log = self._log
        first = next((section for section in log.sections), None)
        title = unreleased_title(first)
        if first is None:
            lead = "\n" * newlines_at_end(log)
            return log.tail, f"{lead}## {title}\n\n{body}"
        if first.marker is Marker.BULLET:
            return first.start, f"- {title}\n\n"
        if oldest_first(log):
            before = log.text[: log.tail].rstrip()
            return len(before), f"\n\n{'#' * first.level} {title}\n\n{body}".rstrip("\n")
        before = log.text[first.start : first.at]
        under = log.text[first.start : first.body].splitlines()[-1].strip()[:1] * len(title) + "\n" if first.marker is Marker.SETEXT else ""
        return first.start, f"{before}{title}\n{under}\n{body}\n"

    def _content_end(self, section: Section) -> int:
        """Give where the last line of a section ends; a rule that parts it from the next one is no part of it."""
        blocks = list(section.blocks)
        while blocks and blocks[-1].kind is BlockKind.RULE:
            blocks.pop()
        end = max([section.body, *(block.end for block in blocks)]) if blocks else len(self._log.text[: section.body].rstrip("\r\n"))
        defined = [
            one.end
            for one in self._log.definitions
            if section.start <= one.start < (section.blocks[-1].start if len(blocks) < len(section.blocks) else section.end)
        ]
        return max([end, *defined])

    def _end_of(self, block: Block) -> int:
        return block.end

    def _after(self, body: str, section: Section, *, indent: str = "", blank: bool = True) -> str:
        """Write lines behind the end of a line; whatever ended that line ends the last one."""
        text = "".join(f"{indent}{line}" if line.strip() else line for line in body.splitlines(keepends=True))
        held = bool(section.blocks)
        return ("\n\n" if blank or not held else "\n") + text.rstrip("\n")

    def _below(self, block: Block, body: str) -> str:
        loose = "\n" if block.kind is not BlockKind.LIST or "\n\n" in body else ""
        return f"\n{loose}{body}".rstrip("\n")

    # ---- how

    def _item(self) -> tuple[str, str]:
        """Find how list items are marked: in the section first, in the newest releases else."""
        for section in ([self._section] if self._section else []) + list(self._log.releases[:5]):
            for block in section.blocks:
                for item in block.items[:1]:
                    if (found := _ITEM.match(self._log.text, item.start)) is not None:
                        return found["mark"], found["gap"] if "\t" not in found["gap"] and len(found["gap"]) < 4 else " "
        return "-", " "

    def _title(self, wanted: re.Pattern[str], default: str) -> str:
        """Write a title as this changelog writes its titles; the word of its own, where one of the last releases has one."""
        section = self._section
        known = [block for one in self._log.sections[:30] for block in one.blocks if blocks.is_title(block)]
        below = section.level + 1 if section is not None else 3
        fit = [block for block in known if wanted.search(block.text) and len(block.text) <= 40 and block.level in (0, below)]
        own = next(iter(fit), None)
        like = own or next(iter(known), None)
        text = default if own is None else own.text.strip("*_: ")
        if like is not None and like.kind is BlockKind.PARAGRAPH:
            said = like.text.strip()
            return f"**{text}**" + (":" if said.endswith(":") else "") if not said.endswith(":**") else f"**{text}:**"
        return f"{'#' * self._level()} {text}"

    def _level(self) -> int:
        """Give the level of a title: that of those beside it, else one below its section's, deeper only where the titles of sections like it all are."""
        section = self._section or next(iter(self._log.sections), None)
        if section is None:
            return 3
        beside = [block.level for block in section.blocks if blocks.is_title(block) and block.kind is BlockKind.HEADING]
        if beside:
            return max(section.level + 1, min(beside))
        alike = [one for one in self._log.sections[:30] if one.level == section.level]
        levels = [block.level for one in alike for block in one.blocks if blocks.is_title(block) and block.kind is BlockKind.HEADING]
        return max(section.level + 1, min(levels, default=0))

    def _list(self, entries: Sequence[Sequence[str]]) -> str:
        items = [self._list_item(lines) for lines in entries]
        loose = any("\n" in one for one in items)
        return ("\n\n" if loose else "\n").join(items) + "\n"

    def _list_item(self, lines: Sequence[str]) -> str:
        pad = " " * (len(self._mark) + len(self._gap))
        first, *rest = lines
        return "\n".join([f"{self._mark}{self._gap}{first}", *(f"{pad}{line}" if line else "" for line in rest)])
