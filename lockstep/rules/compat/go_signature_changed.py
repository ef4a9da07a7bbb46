"""A Go function or method takes or gives something else.

## What it does
Compares the types of parameters and results, type parameters, and whether a method needs a pointer now. Names of parameters do not count.
A variadic parameter that is new counts: calls still compile, but the function is no value of its old type any more.

## Why
Callers do not compile; types that satisfied an interface with the method do no more.

## Example
```
a.go:3 go-signature-changed: a.Open changed from `func Open(string) error` to `func Open(string, int) error`
```

## Source
https://go.dev/blog/module-compatibility and https://pkg.go.dev/golang.org/x/exp/apidiff
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("go",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is called by one name."""
    for old, new in comparison.pairs():
        if old.kind is not ItemKind.FUNCTION or new.kind is not ItemKind.FUNCTION or old.call is None or new.call is None:
            continue
        pointer = "pointer" in new.traits and "pointer" not in old.traits
        if _types(old) != _types(new) or pointer:
            message = f"{new.path} changed from `{old.signature}` to `{new.signature}`"
            yield comparison.finding(
                rule="go-signature-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=message + (" on a pointer: a value no longer has it" if pointer else ""),
                help="add a function with another name and keep this one, or take the new options in a struct",
            )


def _types(item: Item) -> tuple[str | None, ...]:
    call = item.call
    generics = None if "method" in item.traits else item.annotation  # a method repeats those of its type
    return (generics, call.returns, *(one.annotation for one in call.parameters)) if call is not None else ()
