"""A key of a schema was removed.

## What it does
Finds keys and operations that a declared schema had and has no more. In what we write (`direction = "out"`) that is a break; in what we read
it is one where the object refuses other keys (`additionalProperties: false`), and for a person to look at where it ignores them.

## Why
Those who read the key find nothing; those who write it are refused, or not heard.

## Example
```
schemas/report.json:6 schema-key-removed: report.json#size was removed
```

## Source
https://json-schema.org/understanding-json-schema/reference/object and https://github.com/oasdiff/oasdiff
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
    """Look for keys that were removed; what was below one was removed with it."""
    for old in comparison.removed():
        if old.kind is ItemKind.KEY and not comparison.is_removed(object_of(old.path)):
            yield comparison.finding(
                rule="schema-key-removed",
                impact=IMPACT if old.traits & {"out", "closed"} else Impact.REVIEW,
                old=old,
                new=None,
                message=f"{old.path} was removed",
                help="keep it, or give the format a new version",
            )
