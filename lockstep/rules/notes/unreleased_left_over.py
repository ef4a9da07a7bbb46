"""Entries stand under Unreleased while the version is released.

## What it does
When the version has moved since the last release and has its section, nothing may wait under Unreleased: what is in this release belongs
into its section.

## Why
What was merged between the bump and the tag is in the release, and its note says that it is not.

## Example
```
CHANGELOG.md:9:1 unreleased-left-over: 2 entries stand under Unreleased, while 0.6.0 has its section
  help: move them into the section of 0.6.0
```

## Source
https://keepachangelog.com/en/1.1.0/: at release time, the Unreleased section moves into a release section
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog import blocks
from lockstep.changelog.sections import entries
from lockstep.changelog.titles import Kind
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look under Unreleased."""
    if (
        notes.changelog is None
        or notes.version is None
        or not notes.moved
        or not any(one.title.kind is Kind.RELEASE for one in notes.changelog.of(notes.version))
    ):
        return
    for section in notes.changelog.unreleased:
        left = list(entries(notes.changelog, section)) if blocks.entry_blocks(section) else []
        if left:
            yield Finding(
                rule="unreleased-left-over",
                level=LEVEL,
                place=notes.place(left[0].start),
                message=f"{len(left)} {'entry stands' if len(left) == 1 else 'entries stand'} under Unreleased, while {notes.version} has its section",
                help=f"move what is in this release into the section of {notes.version}",
            )
