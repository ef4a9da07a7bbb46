"""A name means another kind of thing.

## What it does
Reports a class that became a function or an object, a property that became a method or the other way round, a function that became a plain
value. A function that became a class is called as before and is not reported; an attribute that became a property that can be set is not
either, and neither is a special method that was set to None. What is made by a call nobody can read is for a person to judge.

## Why
`isinstance`, `class Mine(Egg)`, `egg.weight()` against `egg.weight`: the old use fails.

## Example
```python
class Egg:
    @property
    def weight(self): ...  # was: def weight(self)
```

## Source
[PEP 387](https://peps.python.org/pep-0387/), on what is public and what breaks it
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lockstep.comparison.python_items import is_refused, parent
from lockstep.comparison.witness import called, reached, used
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)

_SAME_USE = {
    (ItemKind.FUNCTION, ItemKind.CLASS),
    (ItemKind.PROPERTY, ItemKind.ATTRIBUTE),
    (ItemKind.ATTRIBUTE, ItemKind.PROPERTY),
    (ItemKind.ATTRIBUTE, ItemKind.TYPE_ALIAS),
    (ItemKind.TYPE_ALIAS, ItemKind.ATTRIBUTE),
}
"""What is used as before, or judged by another rule."""
_ANYTHING = {"typing.Any", "builtins.object"}


def _impact(comparison: Comparison, old: Item, new: Item) -> Impact | None:
    if old.kind is new.kind or Trait.EXTERNAL in old.traits | new.traits or (old.kind, new.kind) in _SAME_USE or is_refused(old):
        return None
    match old.kind, new.kind:
        case (ItemKind.CLASS, ItemKind.FUNCTION) | (ItemKind.FUNCTION, ItemKind.PROPERTY) | (ItemKind.PROPERTY, ItemKind.FUNCTION):
            return IMPACT
        case (ItemKind.CLASS, ItemKind.TYPE_ALIAS) if new.annotation is not None and {"[", "|"} & set(new.annotation):
            return IMPACT  # neither isinstance nor a child of it works
        case (ItemKind.CLASS | ItemKind.FUNCTION, ItemKind.ATTRIBUTE) if _is_value(comparison, new):
            return IMPACT
        case (ItemKind.ATTRIBUTE, ItemKind.FUNCTION | ItemKind.CLASS) if _is_value(comparison, old):
            return IMPACT
        case (ItemKind.ATTRIBUTE, ItemKind.FUNCTION) if (old.value or "").startswith("lambda"):
            return None
    return Impact.REVIEW


def _is_value(comparison: Comparison, item: Item) -> bool:
    """Say whether an attribute is certainly something that cannot be called."""
    if item.value is None:
        return item.annotation is not None and item.annotation not in _ANYTHING and "Callable" not in item.annotation
    try:
        node = ast.parse(item.value, mode="eval").body
    except SyntaxError:
        return False
    match node:
        case ast.Constant() | ast.List() | ast.Dict() | ast.Tuple() | ast.Set() | ast.JoinedStr():
            return True
        case ast.Call(func=ast.Name(id=name)):  # an object of a class of the same module
            made = comparison.head.items.get(f"{parent(item.origin or item.path)}.{name}")
            return made is not None and made.kind is ItemKind.CLASS and f"{made.path}.__call__" not in comparison.head.items
        case _:
            return False


def _word(comparison: Comparison, item: Item) -> str:
    owner = comparison.head.items.get(parent(item.path))
    in_class = owner is not None and owner.kind is ItemKind.CLASS
    match item.kind:
        case ItemKind.FUNCTION:
            return "method" if in_class else "function"
        case ItemKind.ATTRIBUTE:
            return "plain attribute" if in_class else "plain value"
        case other:
            return other.value.replace("_", " ")


def _witness(comparison: Comparison, old: Item) -> str:
    if old.kind is ItemKind.CLASS:
        return f"class Mine({old.name}): ..."
    owner = comparison.base.items.get(parent(old.path))
    if owner is not None and owner.kind is ItemKind.CLASS and old.kind is ItemKind.PROPERTY:
        return f"{reached(old, owner)}.{old.name}"
    return used(old, comparison.base) if old.kind is not ItemKind.FUNCTION else called(old, comparison.base)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every name whose kind changed in a way that its users feel."""
    for old, new in comparison.python.pairs:
        if (impact := _impact(comparison, old, new)) is not None:
            yield comparison.finding(
                rule="kind-changed",
                impact=impact,
                old=old,
                new=new,
                message=f"{new.path} was a {_word(comparison, old)}, and is a {_word(comparison, new)}",
                help="keep the old form under the old name, and give the new one another" if impact is IMPACT else "check that it is still used the same way",
                witness=_witness(comparison, old) if impact is IMPACT else None,
                unless=Trait.OTHER_CALL,
            )
