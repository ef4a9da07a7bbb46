"""Two sections are about one version.

## What it does
Finds versions that have a second section. In history it is a warning, and so it is where a release is judged.

## Why
Each of the two tells half, and what reads the changelog, `lockstep changelog show` included, takes one.

## Example
```
CHANGELOG.md:31:1 release-repeated: 0.5.0 has a section on line 8 already
  help: make one of the two
```

## Source
https://keepachangelog.com/en/1.1.0/: there is an entry for every single version
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.model import Section
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes
from lockstep.versions.version import Version

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Look for versions that come again."""
    first: dict[tuple[str, Version], Section] = {}
    for section in notes.changelog.sections if notes.changelog is not None else ():
        if section.version is None:
            continue
        known = first.setdefault((section.name, section.version), section)
        if known is not section and notes.concerns(section):
            yield Finding(
                rule="release-repeated",
                level=Level.WARNING if notes.releasing else notes.level(section),
                place=notes.place(section.start),
                message=f"{section.version} has a section on line {known.line} already",
                help="make one of the two",
            )
