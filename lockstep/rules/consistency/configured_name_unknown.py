"""The configuration names a package that there is not.

## What it does
Each name in `outside` and in the `packages` of a group is the name of a package that lockstep found, with or without its ecosystem.

## Why
A name that nothing has decides nothing: the package that was meant moves with the main group all the same, or with none. It was
misspelt, or what it named was renamed or removed.

## Example
```toml
[tool.lockstep]
outside = ["cargo:spam-fuz"]      # the crate is spam-fuzz
```

## Source
lockstep's own configuration; `lockstep show` lists the packages
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "configured-name-unknown")
