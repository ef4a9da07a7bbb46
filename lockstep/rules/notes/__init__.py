"""Does the changelog tell of the release? Evidence: Notes."""

from __future__ import annotations

from lockstep.changelog.changes import Change
from lockstep.changelog.dates import Date
from lockstep.changelog.mentions import NO_TEXTS, TextIndex
from lockstep.changelog.model import Changelog, Section
from lockstep.changelog.sections import NO_NOTES, SectionNotes
from lockstep.dataclass import dataclass
from lockstep.model import Level, Place, Requires
from lockstep.versions.version import Version

NAMES = (
    "addition_without_note",
    "break_without_note",
    "changelog_link_broken",
    "compare_link_stale",
    "fence_unclosed",
    "note_unfinished",
    "release_date_impossible",
    "release_out_of_order",
    "release_repeated",
    "release_too_small",
    "release_undated",
    "release_without_section",
    "unreleased_left_over",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InsufficientStep:
    """A step of the version that may not hold what changed: since which tag, what that requires, and the manifest that says the version."""

    manifest: str
    since: str
    required: Requires


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousRelease:
    """What the same changelog said at the tag of the release before: whether it had that release's section, with a date, and entries beside it.

    `seen` is False where the tags of this history cannot be seen, as in a shallow clone.
    """

    tag: str = ""
    has_section: bool = False
    dated: bool = False
    left_over: bool = False
    seen: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """A changelog, None where there is none that can be read, and what it owes.

    `section` is what the next release is told in, `said` what it says; `fragments` are texts that a tool will put there. `version` is the
    group's, and `moved` says that it moved since the last release, so that what stands here is about to be released. `files` are all paths of
    the repository. `insufficient` is there where the step of the version is too small. `releasing` says that a release is judged, and not the
    changelog as such: its past is no question then. `previous` is what the release before did, None where there is none. `how` says what leads to a
    note that is missing.
    """

    changelog: Changelog | None
    section: Section | None = None
    said: SectionNotes = NO_NOTES
    fragments: TextIndex = NO_TEXTS
    changes: tuple[Change, ...] = ()
    version: Version | None = None
    moved: bool = False
    files: frozenset[str] = frozenset()
    insufficient: InsufficientStep | None = None
    releasing: bool = False
    previous: PreviousRelease | None = None
    how: str = "lockstep changelog draft"

    def mention(self, change: Change) -> bool:
        """Say whether the release's section, or a text that becomes part of it, mentions a change."""
        return self.said.tells(change) or any(self.fragments.mentions(symbol) for symbol in (change.symbol, *change.kin))

    def place(self, offset: int) -> Place:
        """Give the place of an offset in the changelog."""
        assert self.changelog is not None
        line, column = self.changelog.at(offset)
        return Place(path=self.changelog.path, line=line, column=column)

    def place_for(self, change: Change) -> Place:
        """Give where a change should be mentioned: the section's heading; where there is none, the change's own place."""
        return change.place if self.changelog is None or self.section is None else self.place(self.section.start)

    @property
    def is_kept(self) -> bool:
        """Say whether the project keeps a changelog: one is there, and it has a place for the release or had the section of the one before."""
        return self.changelog is not None and (self.section is not None or self.previous is None or not self.previous.seen or self.previous.has_section)

    def concerns(self, *sections: Section) -> bool:
        """Say whether a fault of some sections is to be told: where a release is judged, only one of its own section."""
        return not self.releasing or any(self._is_released(section) for section in sections)

    def _is_released(self, section: Section) -> bool:
        return section is self.section or section.version == self.version

    def level(self, section: Section) -> Level:
        """Give how serious a fault in a section is: an error in what is about to be released, a warning in history."""
        return Level.ERROR if self._is_released(section) else Level.WARNING

    def custom_date(self) -> Date | None:
        """Give the date of the newest release that has one, where most of the newest releases have; the section to release aside."""
        assert self.changelog is not None
        newest = [section for section in self.changelog.releases if section is not self.section][:5]
        dated = [section.date for section in newest if section.date is not None]
        return dated[0] if dated and len(dated) * 2 > len(newest) else None
