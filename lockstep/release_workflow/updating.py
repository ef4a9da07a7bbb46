"""A workflow that is there, brought up to date: what lockstep wrote is written anew, what a person changed stays, and where both did it is told.

Three texts of a block are compared: the one that lockstep wrote then, of which its record has the digest, the one that is there, and what it writes now.
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.dataclass import dataclass, field
from lockstep.release_workflow.blocks import Record, blocks, digest, joined, record_of
from lockstep.release_workflow.pins import newer, pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """A workflow as `--update` leaves it.

    `kept` are blocks that a person changed, `left_out` those that a person took away, `own` those that a person added. `conflicts` are blocks that a person
    changed and that are written otherwise now, with the text of each: they stay as they are.
    """

    text: str
    kept: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    conflicts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def fresh(text: str, words: tuple[str, ...]) -> str:
    """Give the text of a workflow that is written for the first time, with its record."""
    parts = blocks(text)
    return joined(parts, Record(words=words, digests={name: digest(part) for name, part in parts.items()}))


def updated(there: str, text: str, words: tuple[str, ...], *, keep: bool = False) -> Updated:
    """Bring a workflow up to date with what is written now. With `keep`, conflicts are settled for what is there."""
    record = record_of(there)
    before = record.digests if record is not None else {}
    theirs, ours, pins = blocks(there), blocks(text), newer(there)
    parts: dict[str, str] = {}
    digests: dict[str, str] = {}
    kept, own = list[str](), list[str]()
    conflicts: dict[str, tuple[str, str]] = {}
    for name, part in theirs.items():
        now, then, mine = ours.get(name), before.get(name), digest(part)
        if now is None and then == mine:
            continue  # lockstep wrote it, and writes it no longer
        if now is not None and mine in (then, digest(now)):
            parts[name], digests[name] = pinned(now, pins), digest(now)
            continue
        parts[name] = part
        if now is None:
            (own if then is None else kept).append(name)
            continue
        if then == digest(now) or keep:
            kept.append(name)
            digests[name] = digest(now)
        else:
            conflicts[name] = part, pinned(now, pins)
            digests |= {name: then} if then is not None else {}
    left_out = tuple(name for name in ours if name not in theirs and name in before)
    digests |= {name: digest(ours[name]) for name in left_out}
    for name in ours:
        if name not in theirs and name not in before:
            parts = _inserted(parts, name, pinned(ours[name], pins), list(ours))
            digests[name] = digest(ours[name])
    ordered = {name: digests[name] for name in (*parts, *left_out) if name in digests}
    return Updated(text=joined(parts, Record(words=words, digests=ordered)), kept=tuple(kept), left_out=left_out, own=tuple(own), conflicts=conflicts)


def _inserted(parts: Mapping[str, str], name: str, part: str, order: list[str]) -> dict[str, str]:
    """Put a block behind the one that it follows where lockstep writes both."""
    before = [one for one in order[: order.index(name)] if one in parts]
    found: dict[str, str] = {} if before else {name: part}
    for one, text in parts.items():
        found[one] = text
        if before and one == before[-1]:
            found[name] = part
    return found
