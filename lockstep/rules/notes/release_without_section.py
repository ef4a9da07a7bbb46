"""The newest section is not that of the version.

## What it does
Once the version of the group has moved, the changelog must have a section of it, and no newer one. A pre-release may wait under Unreleased.
What the project itself does decides: where the changelog had no section of the last release at its tag either, this is a note, and where no earlier
tag can be seen (a shallow clone), it is not known.

## Why
The release page, the documentation and `lockstep changelog show` look for the section by the version.

## Example
```
CHANGELOG.md:8:1 release-without-section: the group is at 0.6.0, and the newest section is 0.5.0
  help: lockstep bump promotes Unreleased; or write ## [0.6.0]
```

## Source
https://keepachangelog.com/en/1.1.0/: there is an entry for every single version
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.changelog.model import Section
from lockstep.model import Confidence, Finding, Level
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Compare the newest section with the version."""
    if notes.changelog is None or notes.version is None or not notes.moved:
        return
    version, mine = notes.version, notes.changelog.of(notes.version)
    releases = [section for section in notes.changelog.releases if section.version is not None]
    name = (mine or releases)[0].name if mine or releases else ""
    named = [section for section in releases if section.name == name]
    if (version.pre is not None or version.dev is not None or not notes.changelog.sections) and not mine:
        return
    newest = named[0] if named else None
    if mine and (newest is None or newest.version is None or newest.version <= version):
        return
    found = "none has one" if newest is None else f"the newest section is {newest.version}"
    level, confidence, more = _habit(notes, newest)
    yield Finding(
        rule="release-without-section",
        level=Level.WARNING if mine and notes.releasing else level,
        place=notes.place(newest.start if newest is not None else notes.changelog.sections[0].start),
        message=f"the version is {version}, and {found}{more}",
        help=_UNSEEN if confidence is Confidence.BLIND else "lockstep bump makes a section of what stands under Unreleased; or write its heading",
        old=None if newest is None else str(newest.version),
        new=str(version),
        confidence=Confidence.CERTAIN if mine else confidence,
    )


_UNSEEN = "git fetch --tags --unshallow, or fetch-depth: 0 in CI"


def _habit(notes: Notes, newest: Section | None) -> tuple[Level, Confidence, str]:
    """Say how much a missing section counts here, and why: a changelog that a project does not keep is no reason to refuse its release."""
    previous = notes.previous
    if previous is None or previous.has_section:
        return LEVEL, Confidence.CERTAIN, ""
    if not previous.seen:
        return Level.WARNING, Confidence.BLIND, ": whether releases have one here cannot be seen without earlier tags"
    since = "" if newest is None else f" since {newest.version}"
    return Level.NOTE, Confidence.CERTAIN, f": {previous.tag} had no section at its tag either, and the changelog has had none{since}"
