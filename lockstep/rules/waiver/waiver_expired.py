"""A waiver's last day is past, or its version is reached.

## What it does
Every waiver says how long it holds: to a day (`expires = "2027-01-31"`), or up to a version, which it covers no more (`expires = "0.6.0"`).
One that is over accepts nothing.

## Why
A waiver is a decision for a time: the reason may hold no more, and nobody would look at it again.

## Example
```
lockstep.toml:3:1 waiver-expired: the waiver of python-floor-raised held until 2026-01-31 (end-of-life)
```

## Source
https://docs.zizmor.sh/configuration/ and https://embarkstudios.github.io/cargo-deny/checks/advisories/cfg.html for waivers with reasons
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.policy.waivers import Waiving

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(waiving: Waiving) -> Iterator[Finding]:
    """List what is over."""
    for one in waiving.expired:
        yield Finding(
            rule="waiver-expired",
            level=LEVEL,
            place=Place(path=one.path, line=one.line, column=one.column),
            message=f"the waiver of {one.rule} held until {one.expires} ({one.reason})",
            help="remove it, or decide anew and write a later end",
            symbol=one.symbol,
        )
