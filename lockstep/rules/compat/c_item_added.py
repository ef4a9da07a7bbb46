"""Something is new in a C header.

## What it does
Finds functions, variables, types, constants, macros and headers that were not there before.

## Why
Users cannot use what no changelog names; a program that uses it needs this release at least.

## Example
```
include/ordvec.h:208 c-item-added: function ordvec_index_probe is new
```

## Source
https://semver.org/#spec-item-7
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
SURFACES = ("c",)


_WORDS = {ItemKind.ATTRIBUTE: "variable", ItemKind.TYPE_ALIAS: "type", ItemKind.FILE: "header"}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for names that are new."""
    for item in comparison.added():
        if "unread" not in item.traits:
            yield comparison.finding(
                rule="c-item-added",
                impact=IMPACT,
                old=None,
                new=item,
                message=f"{_WORDS.get(item.kind, item.kind.value)} {item.path} is new",
                help="name it in the changelog",
            )
