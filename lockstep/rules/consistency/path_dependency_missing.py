"""A path dependency leads to no package.

## What it does
The `path` of every dependency must lead to a folder whose manifest git tracks. A path that leads out of the repository, into a
submodule, or into a folder that a `.gitignore` of the repository ignores, is a warning: lockstep reads nothing there. What
`[workspace.dependencies]` offers counts where a member inherits it: Cargo never looks for the rest.

## Why
The build fails on every machine but the one where the folder still exists.

## Example
```toml
[dependencies]
spam-core = { path = "../core", version = "0.4.0" }   # there is no ../core/Cargo.toml
```

## Source
[Path dependencies](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#specifying-path-dependencies)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "path-dependency-missing")
