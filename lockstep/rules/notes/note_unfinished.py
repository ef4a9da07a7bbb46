"""A note is not finished.

## What it does
Finds TODO, FIXME, XXX and TBD in the section that is about to be released; code is not looked at.

## Why
`lockstep changelog draft` leaves a TODO where only a person knows why something changed, and what to write instead. Released, it says that
nobody did.

## Example
```
CHANGELOG.md:14:3 note-unfinished: TODO: why, and what to write instead
  help: write what only you know
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.masking import without_code
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


_MARK = pattern(r"\b(?:TODO|FIXME|XXX|TBD)\b[^\r\n]{0,60}")


def check(notes: Notes) -> Iterator[Finding]:
    """Look for marks of unfinished work outside of code."""
    if notes.changelog is None or notes.section is None:
        return
    section = notes.section
    text = without_code(notes.changelog.text[section.body : section.end])
    for found in _MARK.finditer(text):
        yield Finding(
            rule="note-unfinished",
            level=LEVEL,
            place=notes.place(section.body + found.start()),
            message=found[0].strip(),
            help="write what only you know",
        )
