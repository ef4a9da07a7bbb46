"""A function has another calling convention.

## What it does
Compares `extern "..."` on functions and methods.

## Why
The type of the function is another, and foreign callers call it wrongly.

## Example
```
src/lib.rs:7 rust-abi-changed: ordvec::ffi::open changed from extern "C" to extern "system"
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import fact_value
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare calling conventions."""
    for old, new in comparison.rust.functions():
        before, now = fact_value(old, RustFact.ABI), fact_value(new, RustFact.ABI)
        if before != now:
            impact = Impact.REVIEW if comparison.rust.has_uncertain_part(old, new) else IMPACT
            yield comparison.finding(
                rule="rust-abi-changed",
                impact=impact,
                old=old,
                new=new,
                message=f'{new.path} changed from extern "{before or "Rust"}" to extern "{now or "Rust"}"',
                help="add a function with another name",
            )
