"""A type in a signature, a field, a constant or an alias is another one, or is written otherwise.

## What it does
Compares types. Two that are known, and that Rust does not make of each other by itself, are a break: types of the language, of its standard library,
structs and enums of the crate beside those, also inside of references, tuples, arrays and generic arguments. Where a generic parameter, `impl Trait`, a
type of another crate, a macro or a condition has a part in it, or where Rust would take the one for the other (`&String` for `&str`), only the texts are
compared, without modules, lifetimes and names of generic parameters: these may mean one type, and a person must look.

## Why
Code that gives or takes the old type does not compile.

## Example
```
src/rank.rs:40 rust-type-changed: ordvec::Rank::search changed from `fn search(&self, &[f32])` to `fn search(&self, &[f64])`
```

## Source
https://doc.rust-lang.org/reference/type-coercions.html and https://doc.rust-lang.org/cargo/reference/semver.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import arguments
from lockstep.comparison.rust_types import UNKNOWN, differ, may_differ, same, taken
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)
_WORD = pattern(r"'?\w+|[^\w\s]")
_IMPL = pattern(r"((?:&(?:mut )?)?)impl (.+)")


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what types mean, as far as that is certain, and else their texts."""
    for old, new in comparison.rust.alike():
        if old.kind in (ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION, ItemKind.TRAIT, ItemKind.MODULE, ItemKind.MACRO):
            continue
        if old.call is not None and new.call is not None:
            if len(arguments(old)) != len(arguments(new)):
                continue
            certain = _call_breaks(comparison, old, new) or _lives_shorter(old, new) or _names_another(comparison, old, new)
        else:
            certain = _value_breaks(old, new)
        if certain or _is_written_otherwise(comparison, old, new):
            uncertain = not certain or comparison.rust.has_uncertain_part(old, new)
            yield comparison.finding(
                rule="rust-type-changed",
                impact=Impact.REVIEW if uncertain else IMPACT,
                old=old,
                new=new,
                message=f"{new.path} changed from `{_shown(old, new)}` to `{_shown(new, old)}`",
                help="look whether the two mean one type, or the new one takes all that the old one did"
                if uncertain
                else "keep the type until the next breaking release, or give the new one another name",
            )


def _is_written_otherwise(comparison: Comparison, old: Item, new: Item) -> bool:
    """Say whether the texts differ where the types are not certainly the same."""
    before, now = _texts(old), _texts(new)
    if old.call is not None and new.call is not None:
        returns_nothing = new.call.returns == "()" and old.call.returns not in ("()", "!")  # a fault of its own
        if returns_nothing or RustFact.ASYNC in old.traits ^ new.traits:
            before, now = before[:-1], now[:-1]
    known = len(old.types) == len(new.types)
    eased = len(before) - 1 if old.call is not None and not comparison.rust.is_implemented_by_users(old) else 0
    different = (
        index for index, (one, other) in enumerate(zip(before, now, strict=True)) if one != other and not (index < eased and _asks_for_less(one, other))
    )
    if known and any(map(may_differ, old.types, new.types)):
        return True
    return any(not (known and old.types and same(old.types[index], new.types[index])) for index in different)


def _asks_for_less(old: str | None, new: str | None) -> bool:
    """Say whether a parameter takes whatever satisfies some bounds, and they are looser now: `impl Fn()` and `impl FnOnce()`."""
    before, now = (_IMPL.fullmatch(one or "") for one in (old, new))
    if before is None or now is None or before[1] != now[1]:
        return False
    from lockstep.comparison.rust_bounds import Change, change  # noqa: PLC0415 - only where two of them differ

    return change("", before[2], now[2]) is Change.LOOSER


def _shown(item: Item, other: Item) -> str:
    """Write an item for readers; with what its types mean where it is written as the other is."""
    return item.signature if item.signature != other.signature else f"{item.signature}` with `{', '.join(item.types)}"


def _texts(item: Item) -> tuple[str | None, ...]:
    return (*arguments(item), item.call.returns) if item.call is not None else (item.annotation,)


def _call_breaks(comparison: Comparison, old: Item, new: Item) -> bool:
    """Say whether those who call a function, or who implement it, certainly get or give another type."""
    *before, result = old.types or (UNKNOWN,)
    *now, given = new.types or (UNKNOWN,)
    if len(before) != len(now):
        return False
    implemented = comparison.rust.is_implemented_by_users(old)
    if any(differ(one, other) and (implemented or not taken(one, other)) for one, other in zip(before, now, strict=True)):
        return True
    if RustFact.ASYNC in old.traits ^ new.traits or "()" in (result, given):  # what gave nothing may give something, and the other way is a fault of its own
        return False
    return differ(result, given) and (implemented or not taken(given, result))


def _lives_shorter(old: Item, new: Item) -> bool:
    """Say whether what a function gives was `'static`, and is borrowed now: who keeps it no longer compiles."""
    assert old.call is not None
    assert new.call is not None
    before, now = old.call.returns or "", new.call.returns or ""
    return "'static" not in now and before.count("&'static ") == before.count("'static") > 0 and before.replace("&'static ", "&") == now


def _names_another(comparison: Comparison, old: Item, new: Item) -> bool:
    """Say whether the only difference is that a function takes or gives another struct, enum or union of the crate, where both are there before and after."""
    if len(old.types) != len(new.types) or len(old.types) != len(_texts(old)) or comparison.rust.is_implemented_by_users(old):
        return False
    apart = set[tuple[str, str]]()
    for before, now, was, given in zip(_texts(old), _texts(new), old.types, new.types, strict=True):
        words, others = _WORD.findall(before or ""), _WORD.findall(now or "")
        if was != given or (before != now and (UNKNOWN in was or len(words) != len(others))):
            return False
        apart |= {(one, other) for one, other in zip(words, others, strict=False) if one != other}
    return bool(apart) and all(comparison.rust.are_two_types(one, other) for one, other in apart)


def _value_breaks(old: Item, new: Item) -> bool:
    for one, other in zip(old.types, new.types, strict=False):
        if old.kind is ItemKind.CONSTANT:  # it is read alone, and a list in it may well grow
            return differ(one, other, lengths=False) and not taken(other, one)
        return differ(one, other)
    return False
