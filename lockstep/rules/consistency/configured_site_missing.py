"""A place that the configuration names is not there.

## What it does
Each entry of `sites` must match at least once: the file is there, and the text of `pattern` stands in it around a version.

## Why
The entry was written because this place must move with the version. A rewritten sentence or a renamed file would end that silently.

## Example
```toml
[[tool.lockstep.sites]]
path = "docs/install.md"
pattern = "spam {version} or newer"      # the sentence was rewritten
```

## Source
lockstep's own configuration; `lockstep init` writes such entries for the places that the last bump moved
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "configured-site-missing")
