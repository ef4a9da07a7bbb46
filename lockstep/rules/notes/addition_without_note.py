"""Something new is not in the changelog.

## What it does
Every public name, feature and extra that is new since the last release should be named in the section that the release is told in, wherever
in it.

## Why
Nobody uses what nobody knows of, and what is in a release is promised from then on, announced or not.

## Example
```
CHANGELOG.md:8:1 warning addition-without-note: ordvec.Rank.search_batch is new, and the changelog does not mention it
  help: lockstep changelog draft
```

## Source
https://keepachangelog.com/en/1.1.0/: Added for new features
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.changes import ChangeKind
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look for additions that nobody mentions."""
    if notes.changelog is None:
        return
    for change in notes.changes:
        if change.kind is ChangeKind.ADDITION and not notes.mention(change):
            yield Finding(
                rule="addition-without-note",
                level=LEVEL,
                place=notes.place_for(change),
                message=f"{change.message}, and the changelog does not mention it",
                help=notes.how,
                package=change.package,
                symbol=change.symbol,
                new=change.new,
            )
