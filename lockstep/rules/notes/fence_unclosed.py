"""A code fence or a comment is never closed.

## What it does
Finds the fence of three backticks or tildes, or the `<!--`, that runs to the end of the file.

## Why
All sections below it are code, or invisible, to whoever renders the file. `lockstep bump` leaves such a changelog alone.

## Example
```
CHANGELOG.md:14:1 fence-unclosed: the code fence is never closed, and hides the rest of the file
```

## Source
https://spec.commonmark.org/0.31.2/#fenced-code-blocks
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look for what is opened and never closed."""
    if notes.changelog is not None and (found := notes.changelog.unclosed) is not None:
        past = notes.releasing and notes.section is not None and notes.section.end <= found.start
        yield Finding(
            rule="fence-unclosed",
            level=Level.WARNING if past else LEVEL,
            place=notes.place(found.start),
            message=f"the {found.what} is never closed, and hides the rest of the file",
            help="close it",
        )
