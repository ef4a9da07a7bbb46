"""An item is there for some users only.

## What it does
Finds items that needed nothing, or only a feature that is on by default, and now wait for a feature that is off. Of other conditions, as of
a target, a person must look.

## Why
Users without the feature do not compile.

## Example
```
src/lib.rs:4 rust-item-conditional: ordvec::fastscan needs feature = "simd" now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#item-remove
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)
_FEATURE = pattern(r'feature = "[^"]*"|\b(?:all|any|not)\b')
_OTHER = pattern(r"\w")


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare conditions."""
    conditional = set[str]()
    for old, new in comparison.rust.pairs():
        if old.condition is not None or new.condition is None:
            continue
        conditional.add(old.path)
        if not comparison.rust.is_below(old, conditional):
            features = not _OTHER.search(_FEATURE.sub("", new.condition)) and not comparison.rust.has_uncertain_part(old, new)
            yield comparison.finding(
                rule="rust-item-conditional",
                impact=IMPACT if features else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} needs {new.condition} now",
                help="turn the feature on by default, or do this in a breaking release",
            )
