"""A parameter takes fewer types than before.

## What it does
Compares types, not their spelling: what fitted the old type must fit the new one, so that a wider type is no fault. Type variables are
matched by what stands in their place. Where a class from elsewhere is in the way, a person must look. What Rust takes is converted when the
function is called: where no value fits both the old type and the new one, calls fail.

## Why
Type checkers reject calls that they took.

## Example
```python
def cook(eggs: int): ...  # was: def cook(eggs: int | str)
```

## Source
[Assignability](https://typing.python.org/en/latest/spec/concepts.html#summary-of-type-relations)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_annotations import parse, short
from lockstep.comparison.python_assignability import Answer
from lockstep.comparison.python_types import Named, Tuple, Union
from lockstep.comparison.typed_signatures import TypedCall, is_typed
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def _is_field(comparison: Comparison, cls: Item, name: str) -> bool:
    """Say whether a parameter is a field that can be set: its type is judged as that of an attribute."""
    field = comparison.head.items.get(f"{cls.path}.{name}")
    return field is not None and Trait.FIELD in field.traits and not cls.traits & {Trait.FROZEN, Trait.NAMEDTUPLE}


_KINDS = {
    **dict.fromkeys(("int", "float", "bool", "complex"), "number"),
    **dict.fromkeys(("str", "list", "tuple", "dict", "set", "frozenset", "bytes"), ""),
}
"""Builtin types that Rust converts from; numbers are converted to each other, so that they are one."""
_VALUES = {"number": "1", "str": '"text"', "list": "[1]", "tuple": "(1,)", "dict": '{"key": 1}', "set": "{1}", "frozenset": "frozenset({1})", "bytes": 'b"x"'}
_MEET = ({"list", "tuple"}, {"list", "bytes"}, {"tuple", "bytes"}, {"set", "frozenset"})
"""Kinds between which a value may fit both: PyO3 takes any sequence for a `Vec`."""


def _is_enforced(comparison: Comparison, old: Item, new: Item) -> bool:
    """Say whether both types are what Rust takes, and no stub's word."""
    native = Trait.NATIVE in old.traits & new.traits
    return native and old.origin not in comparison.base.stubs and new.origin not in comparison.head.stubs


def _kinds(annotation: str | None) -> frozenset[str]:
    """Give the kinds of builtin values that a type takes; none where one of its types is of another kind."""
    found = parse(annotation) if annotation else None
    kinds: set[str] = set()
    for one in found.members if isinstance(found, Union) else (found,):
        name = "tuple" if isinstance(one, Tuple) else one.name.removeprefix("builtins.") if isinstance(one, Named) else ""
        if name not in _KINDS:
            return frozenset()
        kinds.add(_KINDS[name] or name)
    return frozenset(kinds)


def _are_disjoint(before: str | None, after: str | None) -> bool:
    old, new = _kinds(before), _kinds(after)
    return bool(old and new) and not any(one == other or {one, other} in _MEET for one in old for other in new)


def _witness(old: Item, name: str, annotation: str | None) -> str:
    return f"{old.path}({name}={_VALUES[min(_kinds(annotation))]})"


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every parameter that no longer fits what was given."""
    names = comparison.python
    for old, new in names.pairs:
        if old.call is None or new.call is None or old.overloads or new.overloads or not is_typed(old, new) or not names.have_one_author(old, new):
            continue
        for fit in TypedCall(names, old, new, old.call, new.call).parameters():
            if fit.answer is Answer.YES or _is_field(comparison, new, fit.new.name) or names.differ_in_aliases_only(fit.old.annotation, fit.new.annotation):
                continue
            narrowed = fit.answer is Answer.NO
            fails = narrowed and _is_enforced(comparison, old, new) and _are_disjoint(fit.old.annotation, fit.new.annotation)
            yield comparison.finding(
                rule="parameter-type-narrowed",
                impact=Impact.BREAKING if fails else IMPACT if narrowed else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} takes {fit.new.name}: {short(fit.new.annotation)}, and took {short(fit.old.annotation)}",
                help="take the old type too, or name the change" if narrowed else "check that what was given still fits: one of the types is not known here",
                witness=_witness(old, fit.old.name, fit.old.annotation) if fails else None,
            )
