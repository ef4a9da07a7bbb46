"""A member inherits a version that no workspace states.

## What it does
`version.workspace = true` needs a `[workspace.package] version` in the workspace root.

## Why
Cargo refuses the manifest.

## Example
```toml
[package]
name = "spam"
version.workspace = true     # the root has no [workspace.package] version
```

## Source
[The package table](https://doc.rust-lang.org/cargo/reference/workspaces.html#the-package-table)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "version-not-inherited")
