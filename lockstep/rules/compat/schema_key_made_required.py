"""Documents that we read must have a key that they could leave out.

## What it does
Finds keys that are required now, new ones among them, in declared schemas of documents that users write (`direction` in or both).

## Why
Documents that were valid yesterday are refused.

## Example
```
schemas/config.json:5 schema-key-made-required: config.json#name must be there now
```

## Source
https://json-schema.org/understanding-json-schema/reference/object#required
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.json_schemas import object_of
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for keys that must be there; a new object may ask for what it likes."""
    for path, new in comparison.head.items.items():
        old = comparison.base.items.get(path)
        required = old is not None and "required" in old.traits
        if new.kind is ItemKind.KEY and {"in", "required"} <= new.traits and not required and not comparison.is_added(object_of(path)):
            yield comparison.finding(
                rule="schema-key-made-required",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{path} must be there now",
                help="give it a default, or give the format a new version",
            )
