"""The version makes a smaller step than the changes since the last release require.

## What it does
Compares what the packages promise with the last release, as `lockstep diff` does, where the version has moved since: the step must be as large
as the largest change asks.

## Why
A patch release is installed without a second look. What breaks in one breaks where nobody expects it.

## Example
```
Cargo.toml:1 release-too-small: 0.4.1 is too small for what changed since v0.4.0, which requires a minor release
```

## Source
https://semver.org/#spec-item-6 and https://doc.rust-lang.org/cargo/reference/semver.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.rules.notes import Notes

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(notes: Notes) -> Iterator[Finding]:
    """Say what the step should be."""
    if notes.insufficient is not None:
        yield Finding(
            rule="release-too-small",
            level=LEVEL,
            place=Place(path=notes.insufficient.manifest, line=1),
            message=f"{notes.version} is too small for what changed since {notes.insufficient.since}, which requires a {notes.insufficient.required} release",
            help=f"lockstep diff tells why; lockstep bump {notes.insufficient.required}",
            requires=notes.insufficient.required,
            new=str(notes.version),
        )
