"""A section stands where neither its version nor its date belongs.

## What it does
Sections go from the newest version to the oldest, or the other way round throughout. A release of an older line that stands by its date is
in order. Where the newest come first, what is not released stands above them. In history it is a warning, and so it is where a release is judged.

## Why
A reader who looks for what came between two versions reads from one heading to the other.

## Example
```
CHANGELOG.md:12:1 release-out-of-order: 0.5.1 stands below 0.5.0
  help: move the section above that of 0.5.0
```

## Source
https://keepachangelog.com/en/1.1.0/: the latest version comes first
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lockstep.changelog.model import Section
from lockstep.changelog.sections import below_releases
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Compare each section with the one above it."""
    if notes.changelog is None:
        return
    named: dict[str, list[Section]] = {}
    for section in notes.changelog.releases:
        if section.version is not None:
            named.setdefault(section.name, []).append(section)
    pairs = [(above, below) for line in named.values() for above, below in pairwise(line) if above.version != below.version]
    yield from _passed_over(notes)
    falls = sum(_falls(above, below) for above, below in pairs)
    downward = falls * 2 >= len(pairs)
    for above, below in pairs:
        if _falls(above, below) is downward or not _dates_disagree(above, below, downward=downward) or not notes.concerns(above, below):
            continue
        at_fault = not notes.releasing and Level.ERROR in (notes.level(above), notes.level(below))
        yield Finding(
            rule="release-out-of-order",
            level=Level.ERROR if at_fault else Level.WARNING,
            place=notes.place(below.start),
            message=f"{below.version} stands below {above.version}",
            help=f"move the section {'above' if downward else 'below'} that of {above.version}, or correct its version",
        )


def _passed_over(notes: Notes) -> Iterator[Finding]:
    """Look for an Unreleased heading among the releases: the next one that is made of it would stand there, too."""
    assert notes.changelog is not None
    if notes.releasing:
        return
    for section in notes.changelog.unreleased:
        if below_releases(notes.changelog, section):
            yield Finding(
                rule="release-out-of-order",
                level=Level.WARNING,
                place=notes.place(section.start),
                message=f"{section.heading.partition(']')[0].strip('[')} stands below {notes.changelog.releases[0].title.text}",
                help="move it to the top, or make it the section of the release that it was",
            )


def _falls(above: Section, below: Section) -> bool:
    assert above.version is not None
    assert below.version is not None
    return below.version < above.version


def _dates_disagree(above: Section, below: Section, *, downward: bool) -> bool:
    """Say whether the dates do not explain the order: one is missing, or they are in the wrong order, too."""
    if above.date is None or below.date is None:
        return True
    return below.date.day > above.date.day if downward else below.date.day < above.date.day
