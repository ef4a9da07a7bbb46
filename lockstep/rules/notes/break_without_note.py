"""A break has no migration note.

## What it does
Every change since the last release that breaks those who use a package must be named, by its symbol, in the section of the changelog that
the release is told in: that of the new version, or Unreleased while the version has not moved. The symbol may stand in code or plain, with its
owner or alone (`Rank.search`, `Rank::search`, `search_batch`). Under Added, Fixed, Security and the like the entry must say that something
breaks: removed, renamed, no longer, now requires. What breaks type checkers alone is a warning. So is, where a release is judged, a break in a
project that keeps no changelog: there is none, or the one that is there ends before the last release.

## Why
Whoever upgrades reads the changelog to learn what to change. A break that is not there is found in production.

## Example
```
CHANGELOG.md:8:1 break-without-note: the function ordvec.search_asymmetric_byte_lut was removed, and no note names it
  help: lockstep changelog draft
```

## Source
https://keepachangelog.com/en/1.1.0/ and [PEP 387](https://peps.python.org/pep-0387/): what breaks is announced
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.changes import ChangeKind
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look for breaks that nobody mentions."""
    for change in notes.changes:
        if change.kind is not ChangeKind.ADDITION and not notes.mention(change):
            yield Finding(
                rule="break-without-note",
                level=Level.WARNING if change.kind is ChangeKind.TYPING or (notes.releasing and not notes.is_kept) else LEVEL,
                place=notes.place_for(change),
                message=f"{change.message}, and no note names it",
                help=notes.how if notes.changelog is not None else "start a CHANGELOG.md, then lockstep changelog draft",
                package=change.package,
                symbol=change.symbol,
                old=change.old,
                new=change.new,
                witness=change.witness,
            )
