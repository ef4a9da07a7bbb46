"""An extra was removed.

## What it does
Finds extras that the distribution had and has no more; names are compared as PEP 685 does. Extras for those who work on the project
(dev, test, docs) may go in a patch.

## Why
`pip install a[grpc]` warns and goes on: what the extra brought is missing, and the import fails later.

## Example
```
pyproject.toml:52:1 extra-removed: extra grpc was removed: pip warns, and no longer installs grpcio>=1.50
```

## Source
https://packaging.python.org/en/latest/specifications/dependency-specifiers/#extras and https://peps.python.org/pep-0685/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind
from lockstep.wording import first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for extras that were removed."""
    if comparison.head.is_blind_at("project.optional-dependencies"):
        return
    for item in comparison.removed():
        if item.kind is ItemKind.FEATURE:
            name = item.path.removeprefix("extras.")
            yield comparison.finding(
                rule="extra-removed",
                impact=IMPACT,
                old=item,
                new=None,
                message=f"extra {name} was removed: pip warns, and no longer installs {first_few(list(item.bases), 2)}"
                if item.bases
                else f"extra {name} was removed",
                help=f"keep it, empty if need be ({name} = []), until the next breaking release",
            )
