"""What a comparison of a lock with its manifests finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from lockstep.dataclass import dataclass, field
from lockstep.manifest import Source
from lockstep.model import Confidence, Finding, Level, Place


class Fault(StrEnum):
    """What is wrong with a lock; each is a rule of `rules/consistency`."""

    MALFORMED = "lock-malformed"
    UNREAD = "lock-unread"
    MISSING = "lock-entry-missing"
    ORPHANED = "lock-entry-orphaned"
    UNSATISFIED = "lock-requirement-unsatisfied"
    REFERENCE = "lock-reference-stale"
    LAYOUT = "lock-layout-differs"
    HASH = "lock-hash-stale"
    UNPROVEN = "lock-not-provable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """One thing that is stale: where in the lock, since when, and the smallest repair."""

    fault: Fault
    level: Level
    place: Place
    message: str
    help: str
    package: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """A lock whose hash of `manifests` is stale.

    `text` is the lock with the right hash: the truth only where no more has changed than requirements on the packages in `folders`, which
    the lock holds by path.
    """

    text: str = field(repr=False)
    manifests: frozenset[str]
    folders: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A lock that was compared: `mended` is its text after the repair that needs no resolver, None where that is the text as it is.

    `owners` gives the manifest of each entry of ours, by the name and the version that the lock has; None for an entry of nobody.
    """

    path: str
    text: str = field(repr=False)
    stale: tuple[Stale, ...] = ()
    mended: str | None = field(default=None, repr=False)
    owners: Mapping[tuple[str, str], str | None] = field(default_factory=dict, repr=False)
    hashed: Hashed | None = None

    @property
    def unread(self) -> bool:
        """Whether no tool reads it."""
        return any(one.fault is Fault.UNREAD for one in self.stale)


def unread(source: Source, tool: str, manifest: str, above: str, owners: Mapping[tuple[str, str], str | None] | None = None) -> Judged:
    """Say that a tool reads the lock of the workspace in `above`, and never this one beside `manifest`."""
    message = f"{tool} never reads this lock: {manifest} belongs to the workspace of {above}"
    help_ = "delete the lock, or exclude the package from that workspace"
    stale = Stale(fault=Fault.UNREAD, level=Level.WARNING, place=source.place(0), message=message, help=help_)
    return Judged(path=source.path, text=source.text, stale=(stale,), owners=owners or {})


def findings(locks: Iterable[Judged], fault: Fault) -> Iterator[Finding]:
    """Give one fault of all locks as findings; its name is the rule's."""
    for lock in locks:
        for one in lock.stale:
            if one.fault is fault:
                yield Finding(
                    rule=fault.value,
                    level=one.level,
                    place=one.place,
                    message=one.message,
                    help=one.help,
                    confidence=Confidence.BLIND if fault is Fault.UNPROVEN else Confidence.CERTAIN,
                    package=one.package,
                    old=one.old,
                    new=one.new,
                )
