r"""A pyproject.toml says what older Pythons cannot read.

## What it does
Finds the first place of a pyproject.toml that only TOML 1.1 allows: an inline table of several lines or with a comma at its end, `\e` and `\xHH` in
a text, a time without seconds. Nothing is said where `requires-python` leaves no Python before 3.15, and nothing about Cargo.toml: Cargo writes the
manifest anew when it packages a crate.

## Why
uv reads such a file, but pip and most build backends read it with Python's tomllib, and before Python 3.15 that refuses it: the source
distribution cannot be built there.

## Example
```
pyproject.toml:7:10 warning toml-too-new: only TOML 1.1 allows this: pip and most build backends refuse the file on Python before 3.15
```

## Source
[TOML 1.1](https://toml.io/en/v1.1.0), [tomllib](https://docs.python.org/3/library/tomllib.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "toml-too-new")
