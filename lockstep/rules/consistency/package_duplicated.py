"""Two packages of one workspace have the same name.

## What it does
Within a Cargo workspace every package needs a name of its own. (A crate and a wheel may share a name, and so may crates of separate
workspaces.)

## Why
Cargo refuses the workspace, and a lock cannot say which of the two an entry means.

## Example
```toml
[workspace]
members = ["core", "copy-of-core"]      # both are named "spam-core"
```

## Source
[Workspaces](https://doc.rust-lang.org/cargo/reference/workspaces.html); cargo's error "two packages named ... in this workspace"
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "package-duplicated")
