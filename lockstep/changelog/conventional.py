"""Conventional commits as data: what a commit message says that it does, and the line of a changelog that it becomes.

Source: https://www.conventionalcommits.org/en/v1.0.0/#specification
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

LONGEST = 400
"""Characters of a subject that are kept for a changelog."""
_HEADER = pattern(r"(?P<type>[A-Za-z][A-Za-z-]{0,30})(?:\((?P<scope>[^()\r\n]{1,80})\))?(?P<bang>!)?:[ \t]+(?P<description>\S[^\r\n]*)")
_BREAKING = pattern(r"^BREAKING[ -]CHANGE: +(?P<why>.+?)(?=\n\n|\n[A-Za-z-]+(?:: | #)|\Z)", re.MULTILINE | re.DOTALL)
_REVERTED = pattern(r"\bThis reverts commit (?P<id>[0-9a-f]{7,64})\b|^Refs: *(?P<refs>[0-9a-f]{7,64}(?:, *[0-9a-f]{7,64})*)", re.MULTILINE)


class NoteKind(StrEnum):
    """Under which title of a changelog a commit is told. Source: https://keepachangelog.com/en/1.1.0/#how"""

    ADDED = "Added"
    CHANGED = "Changed"
    FIXED = "Fixed"


_KINDS = {
    "feat": NoteKind.ADDED,
    "feature": NoteKind.ADDED,
    "fix": NoteKind.FIXED,
    "bugfix": NoteKind.FIXED,
    "perf": NoteKind.CHANGED,
    "revert": NoteKind.CHANGED,
    "deps": NoteKind.CHANGED,
}
"""The types that users are told of; any other is told where it announces a break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitMessage:
    """A commit's id and its whole message; `paths` are the files that it touched, where they were asked for."""

    id: str
    message: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionalCommit:
    """What a commit says that it does: `type` in lower case, `breaking` by `!` or by a footer, whose words are `why`."""

    id: str
    type: str
    scope: str
    description: str
    breaking: bool
    why: str = ""
    paths: tuple[str, ...] = ()

    @property
    def kind(self) -> NoteKind | None:
        """Under which title users are told of it; None where they are not."""
        return _KINDS.get(self.type, NoteKind.CHANGED if self.breaking else None)

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return f"{self.type}{f'({self.scope})' if self.scope else ''}{'!' if self.breaking else ''}: {self.description}"

    @property
    def note(self) -> str:
        """The entry of a changelog: the description with a capital, behind its scope."""
        text = self.description[:1].upper() + self.description[1:] if self.description[:1].isascii() else self.description
        return f"{self.scope}: {self.description}" if self.scope else text


def read(commit: CommitMessage) -> ConventionalCommit | None:
    """Read a commit's message; None where it is no conventional one."""
    subject, _, body = commit.message.replace("\r\n", "\n").strip().partition("\n")
    found = _HEADER.fullmatch(subject[:LONGEST].rstrip())
    if found is None:
        return None
    footer = _BREAKING.search(body)
    return ConventionalCommit(
        id=commit.id,
        type=found["type"].lower(),
        scope=(found["scope"] or "").strip(),
        description=found["description"].strip(),
        breaking=found["bang"] is not None or footer is not None,
        why=" ".join(footer["why"].split()) if footer is not None else "",
        paths=commit.paths,
    )


def read_all(commits: Iterable[CommitMessage]) -> tuple[ConventionalCommit, ...]:
    """Read the conventional ones of some commits, without those that another of them reverts, and without what reverts them."""
    given = tuple(commits)
    gone: set[str] = set()
    for one in given:
        undone = {id_.strip() for found in _REVERTED.finditer(one.message) for id_ in (found["id"] or found["refs"]).split(",")}
        if not undone or one.id in gone or not one.message.lower().startswith("revert"):
            continue
        hit = {other.id for other in given if any(other.id.startswith(id_) for id_ in undone)}
        gone |= {*hit, one.id} if hit else set()
    return tuple(found for one in given if one.id not in gone and (found := read(one)) is not None)
