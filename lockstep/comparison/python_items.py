"""What a Python item is by its name, its kind and its value: special methods, constructors, type variables."""

from __future__ import annotations

from lockstep.surface import Item, ItemKind

CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "__attrs_post_init__"}
CALLED_BY_NAME = {*CONSTRUCTORS, "__call__", "__init_subclass__", "__class_getitem__"}
"""Special methods whose arguments a person writes; the others are called by operators."""
IMPLICIT_METHODS = {
    "__del__",
    "__getstate__",
    "__setstate__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__getinitargs__",
    "__getnewargs__",
    "__getnewargs_ex__",
    "__reduce_ex__",
    "__set_name__",
    "__rich_repr__",
    "__wrapped__",
}
"""Special methods that do something on the way and whose absence has a default: nobody calls them."""


def parent(path: str) -> str:
    """Give the path above."""
    return path.rpartition(".")[0]


def field_names(cls: Item) -> list[str]:
    """Give the names of what makes an object of a class."""
    return [one.name for one in cls.call.parameters] if cls.call is not None else []


def is_type_variable(item: Item) -> bool:
    """Say whether a variable is a TypeVar or its like: types are written with it, and nobody asks it for more."""
    return (item.value or "").partition("(")[0].rpartition(".")[2] in {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType"}


def is_annotation_variable(item: Item) -> bool:
    """Say whether a variable is one that a module makes for its own annotations: a NewType is a type, which others name."""
    return is_type_variable(item) and "NewType" not in (item.value or "")


def is_refused(item: Item | None) -> bool:
    """Say whether an item is a special method that fails: one set to None, or a native one that gives NotImplemented alone.

    Source: https://docs.python.org/3/reference/datamodel.html#special-method-names
    """
    if item is None or not (item.name.startswith("__") and item.name.endswith("__")):
        return False
    if item.kind is ItemKind.FUNCTION:
        return item.call is not None and item.call.returns == "types.NotImplementedType"
    return item.kind is ItemKind.ATTRIBUTE and item.value == "None"


def is_given_all(item: Item) -> bool:
    """Say whether an item is a special method that operators give every argument: `pow` and `round` may leave the last one out.

    Source: https://docs.python.org/3/reference/datamodel.html#special-method-names
    """
    return is_operator_method(item) and item.name not in {"__pow__", "__rpow__", "__ipow__", "__round__"}


def is_operator_method(item: Item) -> bool:
    """Say whether an item is a special method that operators call."""
    name = item.name
    return name.startswith("__") and name.endswith("__") and name not in CALLED_BY_NAME
