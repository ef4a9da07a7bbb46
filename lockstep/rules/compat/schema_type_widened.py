"""Documents that we write may have a type that they never had.

## What it does
Compares the types of each key in declared schemas of documents that we write (`direction` out or both); an integer is a number.

## Why
Those who read the key as what it always was fail on the first document with another type.

## Example
```
schemas/report.json:6 schema-type-widened: report.json#hash may be null now
```

## Source
https://json-schema.org/understanding-json-schema/reference/type
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.json_schemas import keys, refused
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for types that are new."""
    for old, new in keys(comparison.pairs(), "out"):
        if added := refused(new.annotation, old.annotation):
            yield comparison.finding(
                rule="schema-type-widened",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} may be {' or '.join(added)} now",
                help="add a key with the new type beside it, or give the format a new version",
            )
