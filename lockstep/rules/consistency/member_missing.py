"""A workspace names a member that is not there.

## What it does
Each entry of `[workspace] members` must match at least one manifest that git tracks. An entry that leads out of the repository,
into a submodule or into a folder that a `.gitignore` ignores is a warning: lockstep reads nothing there.

## Why
Cargo refuses the whole workspace, often only on a fresh clone: the folder is still there on the machine that forgot to add it.

## Example
```toml
[workspace]
members = ["crates/core", "crates/gone"]
```

## Source
[Workspaces](https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "member-missing")
