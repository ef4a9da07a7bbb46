"""A key of a schema is new.

## What it does
Finds keys and operations of declared schemas that were not there before; what is below a new key is not listed, and one that documents must
have is schema-key-made-required.

## Why
Users cannot read or write what no changelog names.

## Example
```
schemas/report.json:7 schema-key-added: report.json#extra is new
```

## Source
https://json-schema.org/understanding-json-schema/reference/object
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.json_schemas import object_of
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for keys that are new."""
    for new in comparison.added():
        if new.kind is ItemKind.KEY and not comparison.is_added(object_of(new.path)) and not {"in", "required"} <= new.traits:
            yield comparison.finding(
                rule="schema-key-added",
                impact=IMPACT,
                old=None,
                new=new,
                message=f"{new.path} is new",
                help="name it in the changelog",
            )
