"""Documents that we write may have a value that they never had.

## What it does
Compares `enum` and `const` of each key in declared schemas of documents that we write (`direction` out or both).

## Why
Those who read the key may know what to do with a value that they do not know, or may not.

## Example
```
schemas/report.json:5 schema-value-added: report.json#kind may be "c" now
```

## Source
https://json-schema.org/understanding-json-schema/reference/enum
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.json_schemas import keys
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for values that are new."""
    for old, new in keys(comparison.pairs(), "out"):
        added = [one for one in new.bases if one not in old.bases] if old.bases else []
        unrestricted = bool(old.bases) and not new.bases
        if added or unrestricted:
            yield comparison.finding(
                rule="schema-value-added",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} may be {' or '.join(added) if added else 'anything'} now",
                help="say in the notes that readers must expect it",
            )
