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

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.project.project import Project
from lockstep.versions.agreement import PARTS, REQUIREMENTS
from lockstep.versions.version import Version

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Read every place that states a version."""
    for site in project.sites:
        if site.spelling in (*REQUIREMENTS, *PARTS):
            continue
        try:
            Version.read(site.text, site.spelling)
        except VersionError as error:
            yield Finding(
                rule="version-unreadable",
                level=LEVEL,
                place=site.place,
                message=error.message,
                help=error.help or "write a version, such as 1.2.0",
                package=site.package.name,
                old=site.text,
            )
