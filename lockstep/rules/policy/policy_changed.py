"""A change brings a configuration of its own, which does not count.

## What it does
With `--base REF` the configuration of that commit judges. This note lists every option that the change itself sets in another way:
what it would leave out, waive, hide or call an outsider.

## Why
A pull request must not waive its own break, or exclude the file that it breaks. What it does to the configuration is for a person to read.

## Example
```
lockstep check --base origin/main
lockstep.toml:1:1 policy-changed: exclude adds 'python'; what origin/main says counts, not this
```

## Source
https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.policy import PolicyChange
from lockstep.wording import first_few

LEVEL = Level.NOTE
SINCE = "0.1.0"
MOST_NAMED = 5
"""Entries that are named one by one."""


def check(change: PolicyChange) -> Iterator[Finding]:
    """List the options that differ."""
    for one in change.differences:
        does = " and ".join(
            f"{verb} {first_few([repr(text) for text in texts], MOST_NAMED)}" for verb, texts in (("adds", one.added), ("drops", one.dropped)) if texts
        )
        yield Finding(
            rule="policy-changed",
            level=LEVEL,
            place=one.place,
            message=f"{one.option} {does or 'has another order'}; what {change.base} says counts, not this",
            help=f"read it as you read code: once it is merged into {change.base}, it counts",
            old=", ".join(one.dropped) or None,
            new=", ".join(one.added) or None,
        )
