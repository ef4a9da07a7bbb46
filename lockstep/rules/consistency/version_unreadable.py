"""A place that states a version holds a text that is none.

## What it does
Cargo and npm read SemVer (`1.2.0`, `1.2.0-rc.1`), Python reads PEP 440 (`1.2.0`, `1.2.0rc1`).

## Why
The package cannot be built, and nothing can be compared with it.

## Example
```toml
[package]
version = "1.2"        # Cargo wants three numbers
```

## Source
[SemVer 2.0.0](https://semver.org), [version specifiers](https://packaging.python.org/en/latest/specifications/version-specifiers/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "version-unreadable")
