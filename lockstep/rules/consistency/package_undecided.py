"""Nobody can tell whether a package moves with the others.

## What it does
A published package is at another version than its group, and there is no release tag whose files would tell whether it was in
step then. It may have drifted, or it may always have moved on its own.

## Why
Guessing either way is wrong half of the time: a drifted package would be released at its old version, an independent one dragged along.

## Example
A shallow clone in CI has no tags. `git fetch --tags` brings them; `outside = ["cargo:name"]` in the configuration decides for good.

## Source
lockstep's own rule for groups; see `lockstep show`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "package-undecided")
