"""A parameter takes fewer types than before.

## What it does
Compares types, not their spelling: what fitted the old type must fit the new one, so that a wider type is no fault. Type variables are
matched by what stands in their place. Where a class from elsewhere is in the way, a person must look. What Rust takes is converted when the
function is called: where no value fits both the old type and the new one, calls fail, whatever a stub says.

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

from collections.abc import Iterator, Mapping

from lockstep.comparison.python_annotations import parse, short
from lockstep.comparison.python_assignability import Answer
from lockstep.comparison.python_types import NONE, Named, Tuple, Type, Union
from lockstep.comparison.typed_signatures import TypedCall, is_typed
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, Surface, Trait

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


def _taken(item: Item, surface: Surface) -> Mapping[str, str]:
    """Give the types that Rust takes by the names of parameters; none where only a stub tells them."""
    if Trait.NATIVE not in item.traits:
        return {}
    if item.types:
        return dict(one.split(": ", 1) for one in item.types)
    if item.call is None or item.origin in surface.stubs:
        return {}
    return {one.name: one.annotation for one in item.call.parameters if one.annotation}


def _kind(one: Type, surface: Surface) -> str:
    """Give the kind of values that Rust takes for a type, "" where it is not known: a builtin, or a class of Rust."""
    name = "tuple" if isinstance(one, Tuple) else one.name if isinstance(one, Named) else ""
    bare = name.removeprefix("builtins.")
    if bare in _KINDS:
        return _KINDS[bare] or bare
    cls = surface.items.get(name)
    return name if cls is not None and cls.kind is ItemKind.CLASS and Trait.NATIVE in cls.traits and not cls.ancestors else ""


def _members(found: Type) -> list[Type]:
    return list(found.members) if isinstance(found, Union) else [found]


def _are_disjoint(before: Type, after: Type, comparison: Comparison) -> bool:
    """Say whether no value of the old type fits the new one; of a dictionary, none with anything in it."""
    old, new = _members(before), _members(after)
    match old, new:
        case [Named(arguments=(_, was)) as one], [Named(arguments=(_, now)) as other] if one.name == other.name == "builtins.dict":
            return _are_disjoint(was, now, comparison)
    if NONE in old and NONE in new:
        return False
    kinds, others = {_kind(one, comparison.base) for one in old if one != NONE}, {_kind(one, comparison.head) for one in new if one != NONE}
    return bool(kinds and others) and not {""} & (kinds | others) and not any(one == other or {one, other} in _MEET for one in kinds for other in others)


def _failing(comparison: Comparison, old: Item, new: Item) -> Mapping[str, tuple[str, str]]:
    """Give the parameters for which calls that gave something fail now, each with both types."""
    before, after = _taken(old, comparison.base), _taken(new, comparison.head)
    return {
        name: (was, after[name])
        for name, was in before.items()
        if name in after and was != after[name] and _are_disjoint(parse(was), parse(after[name]), comparison)
    }


def _witness(old: Item, name: str, annotation: str) -> str | None:
    value = _value(parse(annotation))
    return f"{old.path}({name}={value})" if value is not None else None


def _value(found: Type) -> str | None:
    """Write a value of a type, None where none is known."""
    for one in _members(found):
        if isinstance(one, Named) and one.name == "builtins.dict" and len(one.arguments) == 2:
            inner = _value(one.arguments[1])
            return f'{{"key": {inner}}}' if inner is not None else None
    kinds = {kind for one in _members(found) if (kind := _builtin(one)) in _VALUES}
    return _VALUES[min(kinds)] if kinds else None


def _builtin(one: Type) -> str:
    name = "tuple" if isinstance(one, Tuple) else one.name.removeprefix("builtins.") if isinstance(one, Named) else ""
    return _KINDS.get(name) or name


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every parameter that no longer fits what was given."""
    names = comparison.python
    for old, new in names.pairs:
        if old.call is None or new.call is None:
            continue
        failing = dict(_failing(comparison, old, new))
        if not (old.overloads or new.overloads or not is_typed(old, new) or not names.have_one_author(old, new)):
            for fit in TypedCall(names, old, new, old.call, new.call).parameters():
                if fit.new.name in failing or fit.answer is Answer.YES or _is_field(comparison, new, fit.new.name):
                    continue
                if names.differ_in_aliases_only(fit.old.annotation, fit.new.annotation):
                    continue
                narrowed = fit.answer is Answer.NO
                yield comparison.finding(
                    rule="parameter-type-narrowed",
                    impact=IMPACT if narrowed else Impact.REVIEW,
                    old=old,
                    new=new,
                    message=f"{new.path} takes {fit.new.name}: {short(fit.new.annotation)}, and took {short(fit.old.annotation)}",
                    help="take the old type too, or name the change"
                    if narrowed
                    else "check that what was given still fits: one of the types is not known here",
                    unless=Trait.OTHER_CALL,
                )
        for name, (was, now) in failing.items():
            yield comparison.finding(
                rule="parameter-type-narrowed",
                impact=Impact.BREAKING,
                old=old,
                new=new,
                message=f"{new.path} takes {name}: {short(now)}, and took {short(was)}",
                help="take the old type too, or name the change",
                witness=_witness(old, name, was),
                unless=Trait.OTHER_CALL,
            )
