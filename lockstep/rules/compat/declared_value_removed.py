"""A value that the project declared as promised is there no more.

## What it does
Compares the values that the configuration lists by a pattern (`kind = "values"`): formats that are still read, options of a program, codes of
errors, keys of its output.

## Why
What was written in a format that is no longer read is lost; a script that gives an option that was removed fails; one that waits for a code waits for ever.

## Example
```
src/format.rs:7 declared-value-removed: readable formats: 1 was removed (Version::V1 =>)
```

## Source
ordvec's compatibility policy (persisted formats, command line), https://semver.org/#spec-item-8
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for values that were removed; of a list without any, one speaks for all."""
    lists = {path.partition("#")[0] for path, item in comparison.head.items.items() if "listed" in item.traits}
    left: set[str] = set()
    for old in comparison.removed():
        name, _, value = old.path.partition("#")
        if "listed" not in old.traits or name in left:
            continue
        if name not in lists:  # the text that is looked for may be written otherwise now
            left.add(name)
        yield comparison.finding(
            rule="declared-value-removed",
            impact=IMPACT if name in lists else Impact.REVIEW,
            old=old,
            new=None,
            message=f"{name}: {value} was removed ({old.signature})" if name in lists else f"{name}: no value is left",
            help="keep it, deprecated, until the next breaking release, and say in the notes what to use instead",
        )
