"""Entries stand under Unreleased while the version is released.

## What it does
When the version has moved since the last release and has its section, nothing may wait under Unreleased: what is in this release belongs
into its section. Where entries stood there at the tag of the last release, too, it is a warning; what stands below older releases is history.

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
from lockstep.changelog.model import Section
from lockstep.changelog.sections import entries, oldest_first
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
        if _is_older(notes, section):
            continue
        left = list(entries(notes.changelog, section)) if blocks.entry_blocks(section) else []
        if left:
            yield Finding(
                rule="unreleased-left-over",
                level=Level.WARNING if notes.previous is not None and notes.previous.left_over else LEVEL,
                place=notes.place(left[0].start),
                message=f"{len(left)} {'entry stands' if len(left) == 1 else 'entries stand'} under Unreleased, while {notes.version} has its section",
                help=f"move what is in this release into the section of {notes.version}",
            )


def _is_older(notes: Notes, waiting: Section) -> bool:
    """Say whether an older release stands above what waits: it was passed over long ago."""
    assert notes.changelog is not None
    assert notes.version is not None
    above = [one.version for one in notes.changelog.releases if one.start < waiting.start and one.version is not None]
    return not oldest_first(notes.changelog) and any(version < notes.version for version in above)
