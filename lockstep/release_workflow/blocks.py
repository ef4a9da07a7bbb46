"""A workflow in blocks: each key at the top, and each job, with the comments before it. What was written and what a person changed are told apart by block.

The last lines of a workflow that lockstep wrote are its record: the command, and the digest of each block as it was written, without what pins actions.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Mapping, Sequence

from lockstep.dataclass import dataclass, field
from lockstep.pattern import pattern
from lockstep.release_workflow.pins import unpinned

TOP, JOBS = "top", "jobs"
"""The comments before everything, and the key under which jobs stand."""
_COMMAND = "# lockstep init workflow"
_RECORD = pattern(r"# lockstep init workflow(?P<words>[^\n]*)\n(?P<rows>(?:#   [^\n]*\n)*+(?:#   [^\n]*)?)\s*\Z")
_DIGEST = pattern(r"(?P<name>[A-Za-z_][\w.-]*) (?P<digest>[0-9a-f]{16})")
_KEY = pattern(r"(?P<key>[A-Za-z_][\w-]*|\"on\"|'on'):")
_JOB = pattern(r"  (?P<key>[A-Za-z_][\w-]*|\"[A-Za-z_][\w-]*\"|'[A-Za-z_][\w-]*'):")
_WIDTH = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What lockstep says of a workflow that it wrote: the options of the command, and the digest of each block."""

    words: tuple[str, ...]
    digests: Mapping[str, str] = field(default_factory=dict)


def blocks(text: str) -> dict[str, str]:
    """Give the blocks of a workflow by their names, `on` and `jobs.guard`, in their order; the record is none. A name that stands twice has both texts."""
    found: dict[str, list[str]] = {TOP: []}
    name, waiting = TOP, list[str]()
    for line in without_record(text).split("\n"):
        inner = name == JOBS or name.startswith(f"{JOBS}.")
        start = _KEY.match(line) or (_JOB.match(line) if inner else None)
        if start is not None:
            key = start["key"].strip("\"'")
            name = key if not line.startswith(" ") else f"{JOBS}.{key}"
            if name in found:
                found[name].append("")
            found.setdefault(name, []).extend([*waiting, line])
            waiting = []
        elif not line.strip() or re.match(r" {0,2}#" if inner else r"#", line):
            if name == TOP and not line.strip():
                found[TOP] += [*waiting, line]
                waiting = []
            else:
                waiting.append(line)
        else:
            found[name] += [*waiting, line]
            waiting = []
    if waiting:
        found[name] += waiting
    return {name: cut for name, lines in found.items() if (cut := _cut(lines))}


def _cut(lines: Sequence[str]) -> str:
    """Join lines, without the empty ones at both ends."""
    return re.sub(r"\A(?:[ \t]*\n)+|\s+\Z", "", "".join(f"{line}\n" for line in lines)) + "\n" if any(line.strip() for line in lines) else ""


def joined(parts: Mapping[str, str], record: Record) -> str:
    """Write blocks as a file, with its record."""
    return "\n".join([*parts.values(), written_record(record)])


def digest(block: str) -> str:
    """Give what tells a block from another, whatever its actions are pinned to."""
    return hashlib.sha256(unpinned(block).encode()).hexdigest()[:16]


def written_record(record: Record) -> str:
    """Write a record."""
    lines = [f"{_COMMAND} {shlex.join(record.words)}".rstrip()]
    row = "#  "
    for name, one in record.digests.items():
        if len(row) + len(name) + len(one) + 2 > _WIDTH:
            lines.append(row)
            row = "#  "
        row += f" {name} {one}"
    return "".join(f"{line}\n" for line in [*lines, row])


def record_of(text: str) -> Record | None:
    """Read the record of a workflow; None for one that lockstep did not write."""
    found = _RECORD.search(_unix(text))
    if found is None:
        return None
    try:
        words = tuple(shlex.split(found["words"]))
    except ValueError:
        return None
    return Record(words=words, digests={one["name"]: one["digest"] for one in _DIGEST.finditer(found["rows"])})


def without_record(text: str) -> str:
    """Give a workflow without its record."""
    text = _unix(text)
    found = _RECORD.search(text)
    return text if found is None else text[: found.start()]


def _unix(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")
