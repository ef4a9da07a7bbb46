"""A trait requires another trait.

## What it does
Compares what stands behind the colon of a trait that others can implement. One for another may be an alias: a person must look.

## Why
An implementation for a type without the other trait does not compile.

## Example
```
src/lib.rs:8 rust-supertrait-added: ordvec::Index requires Send now
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import fact_values
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, RustFact

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
        implied = closed(old.bases)
        more = [one for one in new.bases if one not in implied and not one.startswith("?")]
        if more and RustFact.SEALED not in old.traits | new.traits:
            given = fact_values(new, RustFact.GIVEN)
            replaced = set(old.bases) - set(new.bases)
            yield comparison.finding(
                rule="rust-supertrait-added",
                impact=Impact.REVIEW if replaced or given.issuperset(one.partition("<")[0].rpartition("::")[2] for one in more) else IMPACT,
                old=old,
                new=new,
                message=f"{new.path} requires {' + '.join(more)} now",
                help="ask for it where it is needed, in a where clause of the method",
            )
