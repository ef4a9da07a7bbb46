"""The line of a user's code that stops working, made from what was promised.

It is there to be read, and worked before: what is given by position is written by the parameter's name, or its default where that is a literal; no value is
made up. An object whose class needs much to be made is a variable.
"""

from __future__ import annotations

import ast
import builtins

from lockstep.surface import Item, ItemKind, Parameter, ParameterKind, Signature, Surface, Trait

MOST = 3
"""How many arguments an object may need that is made; with more it is a variable."""
MANY = 100
"""Parameters of a call that is written with nothing but what it is about."""
LONGEST = 24
"""Characters of the longest default that is repeated."""


def imported(path: str) -> str:
    """Write the import of a name, or the import of a package."""
    module, _, name = path.rpartition(".")
    return f"from {module} import {name}" if module else f"import {name}"


def starred(path: str) -> str:
    """Write a use of a name that a wildcard import brings."""
    module, _, name = path.rpartition(".")
    return f"from {module} import *; {name}"


def used(item: Item, surface: Surface) -> str:
    """Write a use of a name: an import, or an access through its class."""
    owner = surface.items.get(item.path.rpartition(".")[0])
    if owner is None or owner.kind is not ItemKind.CLASS:
        # a submodule that Rust adds is an attribute: `import a.b` finds it only where somebody put it into sys.modules
        return f"import {item.path}" if item.kind is ItemKind.MODULE and Trait.NATIVE not in item.traits else imported(item.path)
    if item.kind is ItemKind.FUNCTION and item.call is not None and not _is_special(item.name):
        return called(item, surface)
    special = _SPECIAL.get(item.name)
    if special is not None:
        return special.format(_variable(owner))
    return f"{reached(item, owner)}.{item.name}"


_SPECIAL = {
    "__len__": "len({0})",
    "__iter__": "for one in {0}: ...",
    "__call__": "{0}()",
    "__enter__": "with {0}: ...",
    "__exit__": "with {0}: ...",
    "__aenter__": "async with {0}: ...",
    "__aiter__": "async for one in {0}: ...",
    "__getitem__": "{0}[key]",
    "__setitem__": "{0}[key] = value",
    "__contains__": "one in {0}",
    "__next__": "next({0})",
    "__lt__": "{0} < other",
    "__add__": "{0} + other",
    "__bool__": "bool({0})",
    "__int__": "int({0})",
    "__float__": "float({0})",
    "__hash__": "{{{0}}}",
}


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _variable(owner: Item) -> str:
    return owner.name.lower()


def reached(item: Item, owner: Item) -> str:
    """Write how a member is reached: through the class, or through an object of it."""
    on_class = item.traits & {Trait.STATICMETHOD, Trait.CLASSMETHOD, Trait.MEMBER} or item.kind is ItemKind.CLASS
    on_class = on_class or (item.kind is ItemKind.ATTRIBUTE and item.value is not None and not item.traits & {Trait.INSTANCE, Trait.FIELD})
    if on_class:
        return owner.name
    return made(owner) if Trait.ABSTRACT not in owner.traits and Trait.PROTOCOL not in owner.traits else _variable(owner)


def made(owner: Item) -> str:
    """Write how an object of a class is made, or a variable for it where that takes much."""
    if owner.call is None or Trait.ENUM in owner.traits:
        return _variable(owner)
    required = [one for one in owner.call.parameters if one.default is None and one.kind not in _VARIADIC] if len(owner.call.parameters) <= MANY else []
    return f"{owner.name}({arguments(owner.call)})" if len(required) <= MOST else _variable(owner)


_VARIADIC = {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}


def called(item: Item, surface: Surface, *, by_name: frozenset[str] = frozenset(), up_to: str = "") -> str:
    """Write a call with all that is required, with `by_name` given as keywords, and everything before `up_to` given by position."""
    owner = surface.items.get(item.path.rpartition(".")[0])
    call = item.call or Signature(parameters=())
    given = arguments(call, by_name=by_name, up_to=up_to)
    if owner is None or owner.kind is not ItemKind.CLASS or item.kind is ItemKind.CLASS:
        return f"{item.name}({given})"
    if item.name == "__call__":
        return f"{_variable(owner)}({given})"
    if item.name == "__init_subclass__":
        return f"class Mine({owner.name}{', ' if given else ''}{given}): ..."
    return f"{reached(item, owner)}.{item.name}({given})"


def arguments(call: Signature, *, by_name: frozenset[str] = frozenset(), up_to: str = "") -> str:
    """Write arguments; of very many, those that are asked for alone, behind a variable for the others."""
    if len(call.parameters) > MANY:
        return ", ".join(("*others", *(f"{one}={_value(one)}" for one in sorted(by_name or {up_to} - {""}))))
    reach = next((place for place, one in enumerate(call.parameters) if one.name == up_to), -1)
    positions: list[str] = []
    keywords: list[str] = []
    for place, one in enumerate(call.parameters):
        match one.kind:
            case ParameterKind.VAR_POSITIONAL if one.name in by_name | {up_to}:
                positions.append(one.name)
            case ParameterKind.VAR_KEYWORD if one.name in by_name | {up_to}:
                keywords.append(f"**{one.name}")
            case ParameterKind.VAR_POSITIONAL | ParameterKind.VAR_KEYWORD:
                continue
            case ParameterKind.KEYWORD if one.default is None or one.name in by_name:
                keywords.append(f"{one.name}={_argument(one)}")
            case ParameterKind.POSITIONAL_OR_KEYWORD if one.name in by_name or keywords:
                keywords += [f"{one.name}={_argument(one)}"] if one.name in by_name or one.default is None else []
            case ParameterKind.POSITIONAL | ParameterKind.POSITIONAL_OR_KEYWORD if one.default is None or place <= reach:
                positions.append(_argument(one))
    return ", ".join((*positions, *keywords))


def _argument(one: Parameter) -> str:
    """Write a value for a parameter: its default where that is a short literal, else a variable."""
    return one.default if one.default is not None and len(one.default) <= LONGEST and _is_literal(one.default) else _value(one.name)


def _is_literal(text: str) -> bool:
    """Say whether a default says something to whoever reads it: a name means nothing in user code, and that of a factory is no value (`dict`)."""
    try:
        return ast.literal_eval(text) not in (None, ...)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False


def _value(name: str) -> str:
    """Write a variable for a parameter; one that is called as a builtin would be read as that."""
    return f"my_{name}" if hasattr(builtins, name) else name
