"""A package has another name.

## What it does
Finds a package that is published under another name than before: its manifest is in the same folder, or most of what it offers is what one
package that was removed offered. The two are compared as one; where two packages may be meant, none is paired.

## Why
Whoever asks for the old name gets no new version, and code that says the old name does not find the new one.

## Example
```
core/Cargo.toml:1 package-renamed: the crate spam-core is called spam-kernel from here on
  - spam-core = "0.4.0"
  + spam-kernel = "0.5.0"
```

## Source
https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field, https://packaging.python.org/en/latest/specifications/name-normalization/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.packages import ChangeKind, PackageChange
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING


def check(change: PackageChange) -> Iterator[Finding]:
    """Ask for this fault."""
    if change.kind is ChangeKind.RENAMED and change.before is not None:
        yield change.finding(
            rule="package-renamed",
            impact=IMPACT,
            message=f"the {change.noun} {change.before.name} is called {change.package.name} from here on",
            help="publish a last version under the old name that depends on the new one and re-exports it",
        )
