"""The nouns of a changelog. Offsets count characters from 0 in the decoded file; nothing here knows Markdown."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from lockstep.changelog.dates import Date
from lockstep.changelog.titles import Kind, Title
from lockstep.dataclass import dataclass, field
from lockstep.text.toml import Lines
from lockstep.versions.version import Version


class Marker(StrEnum):
    """How a heading is marked."""

    ATX = "atx"  # ## 1.2.0
    SETEXT = "setext"  # 1.2.0, underlined
    BULLET = "bullet"  # - v1.2.0, its entries nested below


class BlockKind(StrEnum):
    """What a piece of a section is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    CODE = "code"
    COMMENT = "comment"
    RULE = "rule"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a list, with what is nested in it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a section, from the start of its first line to the end of its last, the newline left out.

    `text` is what a heading or a paragraph says, as it stands there; `level` is that of a heading.
    """

    kind: BlockKind
    start: int
    end: int
    text: str = ""
    level: int = 0
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One release, or what waits for one. `at` is where the heading's text starts; `body` is where the line below the heading starts.

    `date` has its offset in the file, whether it stands in the heading or in the first line below. `pending` is that first line where it says
    that the version is not released yet.
    """

    title: Title
    heading: str
    at: int
    marker: Marker
    level: int
    start: int
    body: int
    end: int
    line: int
    date: Date | None = None
    dated_below: Block | None = None
    pending: Block | None = None
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    @property
    def kind(self) -> Kind:
        """What the section is."""
        return self.title.kind if self.pending is None else Kind.PENDING

    @property
    def version(self) -> Version | None:
        """The version that it is about."""
        return self.title.version

    @property
    def name(self) -> str:
        """What is released, where the heading names it: several packages may share a changelog."""
        return self.heading[self.title.lead : self.title.start].strip(" [*_`@v-/") if self.title.named else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A link reference definition: `[label]: url`. `start` and `end` span its line, the newline left out; `at` is where the URL starts."""

    label: str
    url: str
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclosed:
    """A code fence or a comment that is opened at `start` and never closed: whatever follows is inside of it."""

    what: str
    start: int


_lines = lru_cache(maxsize=2)(Lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """One file. `sections` are in the order of the file; `tail` is where the definitions of the releases' links start, or the end."""

    path: str
    text: str = field(repr=False)
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...] = field(repr=False, default=())
    unclosed: Unclosed | None = None
    preamble: tuple[Block, ...] = field(repr=False, default=())
    tail: int = 0

    @property
    def newline(self) -> str:
        """What ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def at(self, offset: int) -> tuple[int, int]:
        """Give (line, column), both from 1, of a 0-based offset."""
        return _lines(self.text).at(offset)

    @property
    def unreleased(self) -> tuple[Section, ...]:
        """What waits for the next release, whatever its number."""
        return tuple(section for section in self.sections if section.kind is Kind.UNRELEASED)

    @property
    def releases(self) -> tuple[Section, ...]:
        """What is released, in the order of the file."""
        return tuple(section for section in self.sections if section.kind is Kind.RELEASE)

    def of(self, version: Version) -> tuple[Section, ...]:
        """Give the sections of a version; more than one is a fault."""
        return tuple(section for section in self.sections if section.version == version)
