"""A release pull request as data: what it releases and why, and the mark by which it is found again.

The mark is a comment of HTML in the body. Whoever may edit the pull request may edit it: it is never believed, only compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

from lockstep.dataclass import dataclass, field

BEGIN, END = "<!-- lockstep:begin -->", "<!-- lockstep:end -->"
"""Between these a body is written anew; what stands around them is a person's."""
_MARK = re.compile(r"<!-- lockstep:pr (\{[^\n]{0,20000}\}) -->")
SCHEMA = 1
_NOTED = re.compile(r"<!-- lockstep:note -->.*?<!-- lockstep:noted -->\n*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A package that gets another version: a row of the table."""

    package: str
    ecosystem: str
    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRelease:
    """What is released of a group: its versions and tag, the step (None where no surface changed), why, its packages, and its notes in Markdown.

    `since` is the tag of the last release. `disputed` says where commits and comparison disagree, `unproven` that something could not be seen,
    `unread` that no surface of it is read at all, `unfinished` how many notes wait for a person.
    """

    group: str
    old: str
    new: str
    tag: str
    since: str
    level: str | None
    why: str
    packages: tuple[Moved, ...]
    notes: str = ""
    notes_path: str = ""
    unfinished: int = 0
    disputed: tuple[str, ...] = ()
    unproven: bool = False
    unread: bool = False
    dependent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A group that is not released, and why."""

    group: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pull request: its branch, what it releases, its title and body, the message of its commit, and the bytes of every file that it changes.

    `changed` are the lines that are added and removed, by file; `left` says what a person or another tool has to do.
    """

    branch: str
    releases: tuple[GroupRelease, ...]
    title: str
    body: str
    message: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    changed: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    left: tuple[str, ...] = ()


class Outcome(StrEnum):
    """What came of a pull request, or of its tag."""

    OPENED = "opened"
    UPDATED = "updated"
    CURRENT = "current"  # it says all that already
    CLOSED = "closed"  # nothing is left to release
    NOTHING = "nothing"  # there is none, and none is needed
    SUPERSEDED = "superseded"  # the base branch has moved on: the run for its head does it
    TAGGED = "tagged"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # no answer says whether it was done


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was done with a pull request: its branch and commit, the tags of that, its number and address where they are known, why, and the way out."""

    branch: str
    outcome: Outcome
    why: str
    help: str = ""
    number: int | None = None
    url: str = ""
    commit: str = ""
    tag: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a body says of the pull request that lockstep made: its title as it was written, and version and tag by group."""

    title: str
    versions: Mapping[str, str]
    tags: Mapping[str, str]


def mark(title: str, releases: tuple[GroupRelease, ...]) -> str:
    """Write the mark of a pull request."""
    said = {"schema": SCHEMA, "title": title, "releases": [{"group": one.group, "version": one.new, "tag": one.tag} for one in releases]}
    text = json.dumps(said, sort_keys=True).replace("--", "-\\u002d").replace(">", "\\u003e").replace("<", "\\u003c")
    return f"<!-- lockstep:pr {text} -->"


def read_mark(body: str) -> Mark | None:
    """Read the mark of a body; None where it has none, or one that is not whole."""
    found = _MARK.search(body)
    try:
        said = json.loads(found[1]) if found is not None else None
    except ValueError:
        return None
    match said:
        case {"schema": 1, "title": str(title), "releases": [*releases]}:
            versions, tags = {}, {}
            for one in releases:
                match one:
                    case {"group": str(group), "version": str(version), "tag": str(tag)}:
                        versions[group], tags[group] = version, tag
                    case _:
                        return None
            return Mark(title=title, versions=versions, tags=tags)
    return None


def merged_body(old: str, new: str) -> str:
    """Put a body in the place of the one that was written before, with its note; what a person wrote above and below stays.

    A body without its marks was a person's as a whole: the new one stands below it.
    """
    old = _NOTED.sub("", old.replace("\r\n", "\n"))
    start, end = old.find(BEGIN), old.rfind(END)
    if start == -1 or end < start:
        return f"{old.rstrip()}\n\n{new}" if old.strip() else new
    return f"{old[:start]}{new.rstrip()}{old[end + len(END) :]}"


def with_note(body: str, text: str) -> str:
    """Give a body with a note at its top, in the place of one that it had: why it is not kept current."""
    note = f"<!-- lockstep:note -->\n> [!WARNING]\n> {' '.join(text.split())}\n<!-- lockstep:noted -->\n\n"
    rest = _NOTED.sub("", body.replace("\r\n", "\n"))
    start = rest.find(BEGIN)
    if start == -1:
        return f"{note}{rest}"
    at = start + len(BEGIN) + 1
    return f"{rest[:at]}{note}{rest[at:]}"


def same_body(one: str, other: str) -> bool:
    """Say whether two bodies are the same but for what a server makes of line ends and space around a text."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


SEAL = "Lockstep-Seal"
"""The trailer of a commit that lockstep made: over its tree, its parent and the rest of its message."""


def sealed_message(message: str, releases: tuple[GroupRelease, ...], tree: str, parent: str) -> str:
    """Write the message of a commit of ours, with what it releases, and the seal by which it is known to be ours and unchanged."""
    lines = [f"Lockstep-Release: {one.group}@{one.new}" for one in releases]
    text = "\n".join([message.strip(), "", *lines])
    return f"{text}\n{SEAL}: {_seal(tree, (parent,), text)}\n"


def is_ours(commit: bytes) -> bool:
    """Say whether a commit, as git stores it, is one of ours, and as it was made: nobody amended it, or put it on something else."""
    head, _, message = commit.decode(errors="replace").partition("\n\n")
    trees = [line.removeprefix("tree ") for line in head.split("\n") if line.startswith("tree ")]
    parents = tuple(line.removeprefix("parent ") for line in head.split("\n") if line.startswith("parent "))
    text, mark, said = message.rstrip("\n").rpartition(f"\n{SEAL}: ")
    return bool(mark) and len(trees) == 1 and said == _seal(trees[0], parents, text)


def made_by(commit: bytes) -> str:
    """Give who made a commit, by name."""
    head = commit.decode(errors="replace").partition("\n\n")[0]
    found = re.search(r"^author (.*?) <", head, re.MULTILINE)
    return found[1] if found is not None else "somebody"


def _seal(tree: str, parents: tuple[str, ...], text: str) -> str:
    return sha256("\0".join([tree, *parents, text]).encode()).hexdigest()[:40]
