"""A waiver accepts nothing that was found.

## What it does
Finds waivers that still hold, and whose rule, symbol and package meet no finding of this comparison.

## Why
What it was written for was mended or released, or its names are misspelt: then the finding that it was meant for is not waived.

## Example
```
lockstep.toml:3:1 waiver-unused: the waiver of python-floor-raised meets no finding
```

## Source
https://docs.astral.sh/ruff/rules/unused-noqa/ for the same rule about `noqa`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.policy.waivers import Waiving
from lockstep.rules import names
from lockstep.wording import did_you_mean

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(waiving: Waiving) -> Iterator[Finding]:
    """List what met nothing."""
    for one in waiving.unused:
        about = "" if one.symbol == "*" else f" for {one.symbol}"
        known = names()
        met = "meets no finding" if one.rule in known else "is of no rule that there is"
        yield Finding(
            rule="waiver-unused",
            level=LEVEL,
            place=Place(path=one.path, line=one.line, column=one.column),
            message=f"the waiver of {one.rule}{about} {met}",
            help="remove it, or correct its names" if one.rule in known else did_you_mean(one.rule, known, "lockstep explain lists the rules"),
            symbol=one.symbol,
        )
