"""The file that a dynamic version is read from is not there.

## What it does
`dynamic = ["version"]` and the settings of the build backend name a file (the crate of a maturin wheel, hatch's `path`, setuptools'
`attr` or `file`); git must track it.

## Why
The build works only where the file happens to lie, or fails.

## Example
```toml
[tool.hatch.version]
path = "src/spam/__about__.py"     # not tracked
```

## Source
The manuals of [maturin](https://www.maturin.rs/config), [hatch](https://hatch.pypa.io/latest/version/) and
[setuptools](https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "version-source-missing")
