"""Documents that we read may not have a type any more that they could have.

## What it does
Compares the types of each key in declared schemas of documents that users write (`direction` in or both); a number takes integers.

## Why
Documents that were valid yesterday are refused.

## Example
```
schemas/config.json:6 schema-type-narrowed: config.json#hash takes null no more
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
    """Look for types that are refused."""
    for old, new in keys(comparison.pairs(), "in"):
        if removed := refused(old.annotation, new.annotation):
            yield comparison.finding(
                rule="schema-type-narrowed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer takes {' or '.join(removed)}",
                help="go on to read the type, or give the format a new version",
            )
