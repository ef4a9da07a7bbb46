"""A link of the release leads nowhere.

## What it does
Follows the links of the section that is about to be released as far as the repository goes: to files, to headings of this file, to link
definitions. The network is never asked.

## Why
Release notes are read on other pages than the repository's, by people who do not know where the file went.

## Example
```
CHANGELOG.md:12:20 warning changelog-link-broken: docs/migration.md is not in the repository
```

## Source
https://spec.commonmark.org/0.31.2/#links
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.links import broken, local_links
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Follow the links of the section."""
    if notes.changelog is None or notes.section is None:
        return
    changelog, section = notes.changelog, notes.section
    for link in local_links(changelog, section.start, section.end):
        if (fault := broken(changelog, link, notes.files)) is not None:
            yield Finding(rule="changelog-link-broken", level=LEVEL, place=notes.place(link.start), message=fault, help="correct the link")
