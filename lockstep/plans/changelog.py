"""Plans that draft notes: an entry for each break and each addition that the section of the release does not tell of yet.

A drafted entry says what the code says: what changed, what stops working, how it was written before and after. Why, and what to write
instead, only a person knows: a TODO stands there. What stands in the file is never changed, and what it tells of is not drafted again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lockstep.changelog import blocks
from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.files import ChangelogFile
from lockstep.changelog.mentions import SearchText, mentions, symbol_parts
from lockstep.changelog.model import Block, BlockKind, Changelog, Marker, Section
from lockstep.changelog.sections import ADDED, MIGRATION, notes_of, oldest_first, release_section, titled
from lockstep.dataclass import dataclass
from lockstep.model import Edit, Package, Role, Site
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling, Version

WHY = "TODO: why, and what to write instead."
"""What only a person knows."""
_ITEM = pattern(r"(?P<indent>[ \t]*)(?P<mark>[-*+])(?P<gap>[ \t]+)")
_NAME = pattern(
    r"#!?\[[^\]\s]{1,80}\]|(?<![\w.:/-])[\w.-]+(?:/[\w.-]*\w)+|(?<![\w.:-])[A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)+"
    r"|(?<![\w.:-])(?:\w*_\w+|[A-Z][a-z0-9]+[A-Z]\w*)"
)
"""What reads as code in a sentence: an attribute, an address, a path, a name that is no word."""
_NEW = pattern(r" is new(?: \(.*\))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be added to one changelog: the edits, and the changes that they tell of."""

    path: str
    edits: tuple[Edit, ...]
    told: tuple[Change, ...]


def draft(file: ChangelogFile, changelog: Changelog, package: Package, changes: Iterable[Change], version: Version | None, base: Version | None) -> Draft:
    """Plan the entries that are missing, in the section that the release is told in; an Unreleased heading, where there is none."""
    section = release_section(changelog, version, base)
    said = notes_of(changelog, section, base)
    missing = tuple(change for change in changes if not said.tells(change))
    if not missing:
        return Draft(path=file.path, edits=(), told=())
    page = _Page(changelog, section, base)
    return Draft(path=file.path, edits=tuple(_edit(changelog, package, start, new) for start, new in page.written(missing)), told=missing)


def _edit(changelog: Changelog, package: Package, start: int, new: str) -> Edit:
    line, column = changelog.at(start)
    site = Site(
        path=changelog.path,
        key="changelog",
        start=start,
        text="",
        line=line,
        column=column,
        role=Role.NOTES,
        spelling=Spelling.PREFIX,
        package=package,
        why="notes of what changed",
    )
    return Edit(site=site, new=new)


class _Page:
    """Knows how entries and titles are written in one changelog, and where new ones go."""

    def __init__(self, changelog: Changelog, section: Section | None, base: Version | None) -> None:
        self._log = changelog
        self._section = section
        self._base = base
        self._newline = "\r\n" if "\r\n" in changelog.text else "\n"
        self._mark, self._gap = self._item()

    def written(self, missing: Sequence[Change]) -> list[tuple[int, str]]:
        """Give what to insert, and where."""
        section = self._section
        groups = [
            (MIGRATION, "Migration", [one for one in missing if one.kind is not ChangeKind.ADDITION]),
            (ADDED, "Added", [one for one in missing if one.kind is ChangeKind.ADDITION]),
        ]
        groups = [group for group in groups if group[2]]
        if section is not None and section.marker is Marker.BULLET:
            return [(self._content_end(section), self._after("".join(self._list(found) for _, _, found in groups), section, indent="  ", blank=False))]
        out, fresh = [], []
        for wanted, title, found in groups:
            place = titled(section, wanted) if section is not None else None
            if place is not None:
                heading, last = place
                out.append((self._end_of(last or heading), self._below(last or heading, self._list(found))))
            else:
                fresh.append(f"{self._title(wanted, title)}\n\n{self._list(found)}")
        if fresh:
            out.append(self._fresh("\n".join(fresh)))
        return [(start, self._parted(start, text).replace("\n", self._newline)) for start, text in out]

    def _parted(self, start: int, text: str) -> str:
        """Leave a blank line before what follows without one: it is no part of the entry."""
        rest = self._log.text[start:]
        ends_line = rest.startswith(("\n", "\r\n"))
        following = rest.split("\n", 2)[1] if ends_line and "\n" in rest else ""
        return f"{text}\n" if ends_line and following.strip() else text

    # ---- where

    def _fresh(self, body: str) -> tuple[int, str]:
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
        bracket = first is None or (first.heading.startswith("[") and "](" not in first.heading)
        title = "[Unreleased]" if bracket else "Unreleased"
        if first is None:
            before = log.text[: log.tail].rstrip()
            lead = "" if not before.strip("\ufeff") else "\n" * max(0, 2 - log.text[len(before) : log.tail].count("\n"))
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

    def _title(self, wanted: object, default: str) -> str:
        """Write a title as this changelog writes its titles; the word of its own, where one of the last releases has one."""
        section = self._section
        known = [block for one in self._log.sections[:30] for block in one.blocks if blocks.is_title(block)]
        pick = MIGRATION if wanted is MIGRATION else ADDED
        below = section.level + 1 if section is not None else 3
        fit = [block for block in known if pick.search(block.text) and len(block.text) <= 40 and block.level in (0, below)]
        own = next(iter(fit), None)
        like = own or next(iter(known), None)
        text = default if own is None else own.text.strip("*_: ")
        if like is not None and like.kind is BlockKind.PARAGRAPH:
            said = like.text.strip()
            return f"**{text}**" + (":" if said.endswith(":") else "") if not said.endswith(":**") else f"**{text}:**"
        return f"{'#' * self._level()} {text}"

    def _level(self) -> int:
        """Give the level of a title: one below its section's, deeper only where the titles of sections like it all are."""
        section = self._section or next(iter(self._log.sections), None)
        if section is None:
            return 3
        alike = [one for one in self._log.sections[:30] if one.level == section.level]
        levels = [block.level for one in alike for block in one.blocks if blocks.is_title(block) and block.kind is BlockKind.HEADING]
        return max(section.level + 1, min(levels, default=0))

    def _list(self, changes: Sequence[Change]) -> str:
        written = [self._addition(one) if one.kind is ChangeKind.ADDITION else self._break(one) for one in changes]
        loose = any("\n" in one for one in written)
        return ("\n\n" if loose else "\n").join(written) + "\n"

    def _addition(self, change: Change) -> str:
        found = _NEW.search(change.message)
        if found is None or found.end() != len(change.message):
            return f"{self._mark}{self._gap}{sentence(change)}."
        said = change.new.removeprefix("def ") if change.new and "(" in change.new and not set("`\n") & set(change.new) and len(change.new) <= 120 else ""
        return f"{self._mark}{self._gap}{label(change)}" + (f": `{said}`" if said else "")

    def _break(self, change: Change) -> str:
        lines = [f"{sentence(change)}."]
        example = self._example(change)
        if not change.witness and change.why:
            lines[0] += f" {change.why}."
        lines += example
        if change.kind is ChangeKind.BREAK:
            lines += ["", WHY]
        pad = " " * (len(self._mark) + len(self._gap))
        first, *rest = lines
        return "\n".join([f"{self._mark}{self._gap}{first}", *(f"{pad}{line}" if line else "" for line in rest)])

    def _example(self, change: Change) -> list[str]:
        """Show who is affected: code that stops working; and the signature before and after."""
        if change.language == "toml":
            return []
        note = {"python": "#", "rust": "//", "c": "//", "go": "//"}.get(change.language, "#")
        since = f" {self._base}" if self._base is not None else ""
        body: list[str] = []
        if change.witness:
            body += [f"{note} works with{since}, and no longer:" if since else f"{note} works no longer:", *change.witness.strip("\n").splitlines()]
        old, new = self._shown(change)
        if old and new:
            body += [f"{note} before", *old.splitlines(), f"{note} after", *new.splitlines()]
        elif new:
            body += new.splitlines()
        elif old and not change.witness:
            body += [f"{note} before", *old.splitlines()]
        if not body:
            return []
        fence = "`" * max(3, 1 + max((len(run) for line in body for run in _TICKS.findall(line)), default=0))
        return ["", f"{fence}{change.language}", *body, fence]

    @staticmethod
    def _shown(change: Change) -> tuple[str, str]:
        """Give the signatures that tell more than the sentence: not what it says already, nor, before a part that is new, that of the whole."""
        old, new = change.old or "", change.new or ""
        leaf = symbol_parts(change.symbol)[-1:] or ("",)
        if old == new:
            return "", ""
        if old and new and _NEW_PART.search(change.message):
            return "", "" if new.rpartition("::")[2] == leaf[0] else new
        if old and not new and (old in change.message or old.rpartition("::")[2] == leaf[0]):
            return "", ""
        return old, new


_NEW_PART = pattern(r" is new, and ")
"""A part of something, of which `old` is the whole."""
_TICKS = pattern(r"`+")


def label(change: Change) -> str:
    """Name a symbol as code, and what it is where it is no name of the language."""
    kind, _, name = change.symbol.partition(".")
    if change.language == "toml" and name:
        owner = name.partition(".dependencies.")[0] if kind == "extras" else name
        return f"{ {'features': 'Feature ', 'extras': 'Extra '}.get(kind, '') }`{owner}`"
    word, _, path = change.symbol.replace("`", "").rpartition(" ")
    return f"{ {'mod': 'Module ', '': ''}.get(word, f'{word.capitalize()} ') }`{path}`"


_WAS = pattern(r"\bwas (?P<old>[^`\s]+(?: ?[<>=!~^,]+ ?[^`\s]+)*), and is (?P<new>[^`\s]+(?: ?[<>=!~^,]+ ?[^`\s]+)*)$")
"""A requirement, or another value of a manifest, before and after."""


def _setting(change: Change, plain: str) -> str:
    """Write what a manifest says as a sentence: the name once, as code, and so its values."""
    kind, _, name = change.symbol.partition(".")
    leaf = name.rpartition(".")[2] or change.symbol
    said = _WAS.sub(lambda found: f"was `{found['old']}`, and is `{found['new']}`", plain)
    if leaf == "abi3":
        return f"Wheels (`abi3`){said.removeprefix('wheels')}" if said.startswith("wheels ") else f"{label(change)}: {said}"
    if change.symbol == "features.default":
        feature, is_, rest = said.partition(" is ")
        return f"{label(change)}: `{feature}`{is_}{rest}" if is_ and " " not in feature else f"{label(change)}: {said}"
    said = re.sub(rf"(?<![\w`.-]){re.escape(leaf)}(?![\w`.-])", f"`{leaf}`", said, count=1)
    if said.lower().startswith(label(change).lower()):
        return label(change) + said[len(label(change)) :]
    return said if said.startswith(f"`{leaf}`") and kind not in ("features", "extras") else f"{label(change)}: {said}"


_TYPE = r"(?:\w+: )?(?!(?:nothing|anything|what|a|an|no)\b)[A-Za-z_][\w.]*(?:\[[^`]*\])?(?: \| [\w.]+(?:\[[^`]*\])?)*"
_TYPED = pattern(rf"\b(?P<does>takes|gives|is|stands for) (?P<new>{_TYPE})(?P<did>, and (?:took|gave|was|stood for) )(?P<old>{_TYPE})$")
"""A type before and after, which is code as a whole."""
_SPOKEN = pattern(
    r"\b(asks for|takes|must write|match|write|implement) ([A-Za-z_]\w*)(?=$|, which is new| in full| with all of| must write| by its name alone)"
)
"""A parameter, a member or an owner of which a sentence speaks."""


def _coded(message: str) -> str:
    """Put what is code in a message into backticks, where the words around it tell."""
    if (typed := _TYPED.search(message)) is not None:
        new, old = (typed[name].replace("`", "") for name in ("new", "old"))
        return f"{message[: typed.start()]}{typed['does']} `{new}`{typed['did']}`{old}`"
    said = _SPOKEN.sub(r"\1 `\2`", message)
    return re.sub(r"^the module (?=was )", "the Go `module` ", said)


def sentence(change: Change) -> str:
    """Give the message as a sentence that names the symbol: names as code, a capital first, without what ends it."""
    message = change.message.replace("\n", " ").rstrip(". ")
    plain = message.replace("`", "")
    if change.language == "toml":
        return _setting(change, plain)
    path = symbol_parts(change.symbol)
    pieces = list(_pieces(_coded(message), change))
    found = {name for text, code in pieces if not code for name in _NAME.findall(text)}
    names = sorted({*([change.symbol] if len(path) > 1 else []), *found} or {change.symbol}, key=len, reverse=True)
    spoken = re.compile(rf"(?<![\w.:-])(?:{'|'.join(map(re.escape, names))})(?:\(\))?(?![\w-]|(?:\.|::)\w)")
    said = "".join(f"`{text}`" if code else spoken.sub(lambda found: f"`{found[0]}`", text) for text, code in pieces)
    if not mentions(SearchText.of(said), change.symbol):
        return f"{label(change)}: {said}"
    return said[:1].upper() + said[1:]


def _pieces(message: str, change: Change) -> Iterator[tuple[str, bool]]:
    """Part a message into words and code: what stands in backticks, and a signature, are code as a whole."""
    known = [re.escape(text) for text in (change.old, change.new) if text and "(" in text and not set("`\n") & set(text)]
    end = 0
    for found in re.finditer("|".join([r"`([^`]+)`", *sorted(known, key=len, reverse=True)]), message):
        yield message[end : found.start()].replace("`", ""), False
        yield found[0].strip("`"), True
        end = found.end()
    yield message[end:].replace("`", ""), False
