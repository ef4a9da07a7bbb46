"""The layout of a type is promised otherwise.

## What it does
Compares `#[repr]`: C that was removed, the integer of an enum that is another or gone, packed that came or went. What is transparent no longer
is for a person to see, for
not everybody may rely on it.

## Why
Foreign code and `unsafe` code that rely on the layout break, with no word from the compiler.

## Example
```
src/lib.rs:4 rust-repr-changed: ordvec::Status changed from repr(u8) to repr(u32)
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#type-layout
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import fact_values
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare layouts."""
    for old, new in comparison.rust.alike():
        before, now = fact_values(old, RustFact.REPR), fact_values(new, RustFact.REPR)
        lost, gained = before - now, now - before
        packed = any(one.startswith("packed") for one in lost | gained)
        sure = packed or any(one == "C" or one[:1] in ("u", "i") for one in lost)
        if sure or any(one == "transparent" or one.startswith("align") for one in lost):
            yield comparison.finding(
                rule="rust-repr-changed",
                impact=IMPACT if sure else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} changed from repr({', '.join(sorted(before)) or 'Rust'}) to repr({', '.join(sorted(now)) or 'Rust'})",
                help="keep the layout until the next breaking release",
            )
