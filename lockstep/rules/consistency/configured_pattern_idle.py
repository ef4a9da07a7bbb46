"""A pattern of the configuration fits nothing.

## What it does
Each pattern in `exclude` fits a file that git tracks, each pattern in `outside` and in the `packages` of a group fits a package, and (in
`lockstep diff`) each pattern in `experimental` and `hidden` fits a symbol.

## Why
A misspelt `exclude` leaves the files in that it was written for. It is a warning: what it is for may come later.

## Example
```toml
[tool.lockstep]
exclude = ["vendr"]      # the folder is vendor
```

## Source
lockstep's own configuration; what git does not track is never looked at, and need not be excluded
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "configured-pattern-idle")
