"""A manifest declares a package without its name, without a version where one is owed, or inherits what its workspace does not offer.

## What it does
A `[package]` or `[project]` table must name its package. `[project]` must also have a `version`, or list it in `dynamic`.
What a crate inherits (`serde.workspace = true`, `edition.workspace = true`, `[lints] workspace = true`), its workspace must offer.
A Cargo package without a version is allowed (Cargo takes 0.0.0 and never publishes it): it is shown as an outsider.

## Why
The build tool refuses the manifest, and lockstep cannot tell which package the version belongs to.

## Example
```toml
[project]
name = "spam"        # neither version nor dynamic = ["version"]
```

## Source
[PEP 621](https://peps.python.org/pep-0621/#version), [the manifest format](https://doc.rust-lang.org/cargo/reference/manifest.html#the-version-field),
[inheriting from a workspace](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#inheriting-a-dependency-from-a-workspace)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Give what discovery met."""
    return (finding for finding in project.faults if finding.rule == "manifest-incomplete")
