"""Documents that we read may not have a value any more that they could have.

## What it does
Compares `enum` and `const` of each key in declared schemas of documents that users write (`direction` in or both).

## Why
Documents that were valid yesterday are refused.

## Example
```
schemas/config.json:7 schema-value-removed: config.json#kind takes "b" no more
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

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for values that are refused; a key that took anything refuses all that is not listed."""
    for old, new in keys(comparison.pairs(), "in"):
        removed = [one for one in old.bases if one not in new.bases] if new.bases else []
        restricted = bool(new.bases) and not old.bases
        if removed or restricted:
            yield comparison.finding(
                rule="schema-value-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer takes {' or '.join(removed)}" if removed else f"{new.path} takes {' or '.join(new.bases)} only",
                help="go on to read the value, or give the format a new version",
            )
