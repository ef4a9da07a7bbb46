"""cargo-semver-checks, asked for with `--witness cargo-semver-checks`, finds what the sources alone do not tell.

## What it does
Adds what cargo-semver-checks finds in a crate and no other rule does, with the name of its lint. Where a rule finds the same, that finding has the name of
the lint; where a rule finds what it looks for and does not find, that finding is for a person to judge. What it says of Cargo features is left to the
rules about them.

## Why
It builds both versions, so it knows what the compiler does: auto traits, what macros of other crates make, types that are the same under two names.

## Example
```
src/lib.rs:14 semver-check-failed: type Held is no longer Send (auto trait no longer implemented)
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.model import Confidence, Finding, Level, Requires
from lockstep.policy.semver import Impact, requires
from lockstep.rules.compat import LEVELS, Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Give all that was said, in its order."""
    reconciliation = comparison.reconciliation
    for result in reconciliation.opinion.lints if reconciliation is not None else ():
        assert reconciliation is not None
        old, new = reconciliation.item(result)
        impact = IMPACT if result.requires is Requires.MAJOR else Impact.ADDITION
        message, help_ = f"{result.text} ({result.title})", f"cargo semver-checks --explain {result.lint}"
        if old is not None or new is not None:
            found = comparison.finding(rule="semver-check-failed", impact=impact, old=old, new=new, message=message, help=help_)
            yield replace(found, lint=result.lint, place=result.place or found.place)
        else:
            yield Finding(
                rule="semver-check-failed",
                level=LEVELS[impact],
                place=result.place or reconciliation.opinion.place,
                message=message,
                help=help_,
                requires=requires(impact, comparison.version),
                confidence=Confidence.CERTAIN,
                surface=comparison.base.surface,
                package=comparison.base.package,
                symbol=reconciliation.symbol(result),
                lint=result.lint,
            )
