"""A type no longer implements a trait of its crate, or a well-known one.

## What it does
Compares derives, and impl blocks of the crate's own public traits and of those of the standard library and of serde. Where a derive or an attribute of
another crate may implement it, or another implementation may cover it, one for all types or one with other arguments, a person must look.

## Why
Code that prints, clones, compares or converts the type does not compile.

## Example
```
src/lib.rs:4 rust-implementation-lost: ordvec::Hit no longer implements Clone
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import fact_values
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)
_SURE = frozenset(
    {
        "Add", "AddAssign", "AsMut", "AsRef", "Binary", "BitAnd", "BitAndAssign", "BitOr", "BitOrAssign", "BitXor", "BitXorAssign", "Clone", "Copy", "Debug",
        "Default", "Deref", "DerefMut", "Deserialize", "Display", "Div", "DivAssign", "DoubleEndedIterator", "Eq", "Error", "ExactSizeIterator", "Extend",
        "From", "FromIterator", "FromStr", "FusedIterator", "Hash", "Index", "IndexMut", "Iterator", "LowerExp", "LowerHex", "Mul", "MulAssign", "Neg", "Not",
        "Octal", "Ord", "PartialEq", "PartialOrd", "Product", "Rem", "RemAssign", "Serialize", "Shl", "ShlAssign", "Shr", "ShrAssign", "Sub", "SubAssign",
        "Sum", "UpperExp", "UpperHex",
    }
)  # fmt: skip
"""Traits that nothing but a derive or an impl block of the crate implements."""
_AUTO = frozenset({"RefUnwindSafe", "Send", "Sync", "Unpin", "UnwindSafe"})
"""Auto traits: an `unsafe impl` that is gone may have become needless. Source: https://doc.rust-lang.org/reference/special-types-and-traits.html"""
_GENERIC = pattern(r"\bT\d")


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is implemented."""
    for old, new in comparison.rust.alike():
        if old.kind not in (ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION):
            continue
        has = fact_values(new, RustFact.IMPLEMENTS)
        had = fact_values(old, RustFact.IMPLEMENTS)
        lost = sorted(one for one in had - has if " if " not in one and not comparison.rust.is_trait_lost(one))
        plain = not comparison.rust.may_be_made(old, new)
        auto = [one for one in lost if one in _AUTO]
        lost = [one for one in lost if one not in _AUTO]
        if auto:
            yield comparison.finding(
                rule="rust-implementation-lost",
                impact=Impact.REVIEW,
                old=old,
                new=new,
                message=f"the implementation of {', '.join(auto)} for {new.path} was removed: it holds by itself where it holds for every field",
                help="a test that asks for it decides: fn check<T: Send + Sync>() {}",
            )
        surely = [one for one in lost if plain and not _may_be_covered(one, had, has) and not comparison.rust.is_given_to_all(one)]
        for names, impact in ((surely, IMPACT), ([one for one in lost if one not in surely], Impact.REVIEW)):
            if names:
                yield comparison.finding(
                    rule="rust-implementation-lost",
                    impact=impact,
                    old=old,
                    new=new,
                    message=f"{new.path} no longer implements {', '.join(names)}",
                    help="keep the implementation until the next breaking release",
                )


def _may_be_covered(lost: str, had: frozenset[str], has: frozenset[str]) -> bool:
    """Say whether another implementation of the same trait may stand for one that was removed."""
    if "::" in lost:
        return any(one.startswith(f"{lost} if ") for one in has)
    name = lost.partition("<")[0]
    same = {one for one in has if one.partition("<")[0].partition(" ")[0] == name}
    return name not in _SURE or bool(same - had) or any(_GENERIC.search(one) for one in same)
