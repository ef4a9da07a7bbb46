"""An extra is new.

## What it does
Finds extras that were not there before.

## Why
Users cannot ask for what no changelog names.

## Example
```
pyproject.toml:52:1 extra-added: extra fast is new
```

## Source
https://packaging.python.org/en/latest/specifications/dependency-specifiers/#extras
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for extras that are new."""
    if comparison.base.is_blind_at("project.optional-dependencies"):
        return
    for item in comparison.added():
        if item.kind is ItemKind.FEATURE:
            yield comparison.finding(
                rule="extra-added",
                impact=IMPACT,
                old=None,
                new=item,
                message=f"extra {item.path.removeprefix('extras.')} is new",
                help="name it in the changelog",
            )
