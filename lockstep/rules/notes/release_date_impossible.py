"""A section is dated with a day that the calendar does not have.

## What it does
Reads the date of every section, in the heading or in the line below it. In history it is a warning.

## Why
Whatever sorts releases by their dates stops there, and readers wonder which day was meant.

## Example
```
CHANGELOG.md:8:13 release-date-impossible: 2026-02-30 is no day of the calendar
```

## Source
https://keepachangelog.com/en/1.1.0/: dates are written as ISO 8601 has them
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look for days that do not exist."""
    for section in notes.changelog.sections if notes.changelog is not None else ():
        if section.date is not None and not section.date.day.exists and notes.concerns(section):
            yield Finding(
                rule="release-date-impossible",
                level=notes.level(section),
                place=notes.place(section.date.start),
                message=f"{section.date.text} is no day of the calendar",
                help="write the day of the release",
            )
