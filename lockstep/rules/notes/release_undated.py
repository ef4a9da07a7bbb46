"""The section of the release has no date.

## What it does
Where most of the last releases are dated, the one that is about to be released must be, too, once its version has moved. A project that
dates none is left in peace, and so is one whose last release had no date at its tag. A section that says Unreleased waits for its date:
only where a release is judged, it is late.

## Why
The date is what tells a reader how old a release is, and a template's placeholder is none.

## Example
```
CHANGELOG.md:8:1 release-undated: the section of 0.6.0 has no date; 0.5.0 says 2026-06-19
  help: write the date into the heading; lockstep bump does
```

## Source
https://keepachangelog.com/en/1.1.0/: the release date of each version is displayed
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.sections import says_unreleased
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look at the section of the version that moved."""
    if notes.changelog is None or notes.section is None or not notes.moved or notes.section.version is None or notes.section.date is not None:
        return
    previous = notes.previous
    if (not notes.releasing and says_unreleased(notes.section)) or (previous is not None and previous.has_section and not previous.dated):
        return
    if (custom := notes.custom_date()) is not None:
        yield Finding(
            rule="release-undated",
            level=LEVEL if previous is None or previous.dated or not previous.seen else Level.WARNING,
            place=notes.place(notes.section.start),
            message=f"the section of {notes.section.version} has no date, where the release before says {custom.text}",
            help="write the date into the heading; lockstep bump does",
        )
