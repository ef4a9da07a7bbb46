"""The link of what is not released starts too early.

## What it does
Looks where the link that compares a release with the branch starts: in the definition of Unreleased, in its heading, and below it. The newest
release up to the version of the group that has a section is where it should.

## Why
Readers who ask what the next release brings are shown what they have already. A bump that moves the link shows in the section of the
release what came before it, too.

## Example
```
CHANGELOG.md:21:15 warning compare-link-stale: what is not released is compared with 0.23.0, but 0.25.0 is released
  help: let it start at 0.25.0
```

## Source
https://keepachangelog.com/en/1.1.0/: versions and sections should be linkable
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog import blocks, titles
from lockstep.changelog.sections import names_told
from lockstep.changelog.titles import Kind
from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.rules.notes import Notes
from lockstep.versions.release_links import TO_BRANCH
from lockstep.versions.version import read_any

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Compare where the link starts with the newest release."""
    if notes.changelog is None or notes.version is None or notes.releasing:
        return
    log, version = notes.changelog, notes.version
    releases = log.releases
    known = [one for one in releases if one.version is not None and one.version.final and one.version <= version and one.name == releases[0].name]
    newest = max(known, key=lambda one: one.version or version, default=None)
    if newest is None or newest.version is None or names_told(log):
        return
    for start, end in _spans(notes):
        for found in TO_BRANCH.finditer(log.text, start, end):
            try:
                since = read_any(found["version"])
            except VersionError:
                continue
            if since < newest.version:
                yield Finding(
                    rule="compare-link-stale",
                    level=LEVEL,
                    place=notes.place(found.start("version")),
                    message=f"what is not released is compared with {since}, but {newest.version} is released",
                    help=f"let it start at {newest.version}",
                    old=str(since),
                    new=str(newest.version),
                )


def _spans(notes: Notes) -> Iterator[tuple[int, int]]:
    """Give where the link of what is not released stands: definitions, headings, and what stands directly below these."""
    assert notes.changelog is not None
    for one in notes.changelog.definitions:
        title = titles.read(one.label)
        if title is not None and title.kind is Kind.UNRELEASED:
            yield one.start, one.end
    for section in notes.changelog.unreleased:
        below = blocks.leading_placeholders(section)
        yield section.start, below[-1].end if below else section.body
