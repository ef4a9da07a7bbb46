"""Documents that we write may leave out a key that was always there.

## What it does
Finds keys that are no longer required in declared schemas of documents that we write (`direction` out or both).

## Why
Those who read the key without asking whether it is there fail on the first document without it.

## Example
```
schemas/report.json:4 schema-key-made-optional: report.json#name may be missing now
```

## Source
https://json-schema.org/understanding-json-schema/reference/object#required
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.json_schemas import keys
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for keys that may be missing."""
    for old, new in keys(comparison.pairs(), "out"):
        if "required" in old.traits and "required" not in new.traits:
            yield comparison.finding(
                rule="schema-key-made-optional",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} may be missing now",
                help="write it always, or give the format a new version",
            )
