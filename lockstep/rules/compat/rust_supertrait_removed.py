"""A trait no longer promises another trait.

## What it does
Compares what stands behind the colon of a trait. One for another may promise as much: a person must look.

## Why
Code that is generic over the trait, and uses the other, does not compile.

## Example
```
src/lib.rs:8 rust-supertrait-removed: ordvec::Index no longer requires Debug
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare supertraits."""
    from lockstep.comparison.rust_bounds import closed  # noqa: PLC0415 - only where Rust is compared

    for old, new in comparison.rust.alike():
        if old.kind is not ItemKind.TRAIT or old.bases == new.bases:
            continue
        implied = closed(new.bases)
        less = [one for one in old.bases if one not in implied and not one.startswith("?") and one != "'static"]
        if less:
            replaced = set(new.bases) - set(old.bases)
            yield comparison.finding(
                rule="rust-supertrait-removed",
                impact=Impact.REVIEW if replaced else IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer requires {' + '.join(less)}",
                help="keep it until the next breaking release",
            )
