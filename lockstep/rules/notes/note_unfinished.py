"""A note is not finished.

## What it does
Finds TODO, FIXME, XXX and TBD in the section that is about to be released where they stand as marks: at the start of a line or an entry, with
a colon or alone (`TODO: say why`, `- TBD`, `**TODO(ann):** say why`), and what `lockstep changelog draft` writes anywhere. A sentence about a TODO is
none, and code is not looked at.

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

import re
from collections.abc import Iterator

from lockstep.changelog.masking import without_code
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


_MARK = pattern(
    r"(?:^[ \t>]*(?:#{1,6}[ \t]+)?(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?(?:\[[ xX]?\][ \t]+)?[*_(\[]{0,4}"
    r"(?=(?:TODO|FIXME|XXX|TBD)(?![0-9A-Za-z])(?:\([^()\r\n]{0,60}\))?[*_)\]]{0,4}[ \t]*(?::|[-\u2013\u2014][ \t]|[.!\u2026]*[ \t]*\r?$))"
    r"|(?=TODO: why, and what to write instead))(?P<mark>[^\r\n]{1,64})",
    re.MULTILINE,
)


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
            place=notes.place(section.body + found.start("mark")),
            message=found["mark"].strip("*_ "),
            help="write what only you know",
        )
