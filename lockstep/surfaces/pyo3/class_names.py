"""Which items Python sees as classes, and what it calls them."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.surfaces.pyo3.options import options, text
from lockstep.surfaces.rust_source.items import Kind, macro_name
from lockstep.surfaces.rust_source.module_tree import Item
from lockstep.surfaces.rust_source.tokens import Token, Tree, split, unraw

EXCEPTIONS = ("create_exception", "import_exception", "create_exception_bound", "import_exception_bound")
"""Macros that declare an exception."""


def exception_name(arguments: Sequence[Tree]) -> str | None:
    """Give the type that `create_exception!(module, Name, Base)` declares."""
    parts = split(arguments)
    name = parts[1][-1] if len(parts) > 1 else None
    return unraw(name.text) if isinstance(name, Token) else None


def is_class(item: Item) -> bool:
    """Say whether Python sees an item as a class."""
    return (item.kind in (Kind.STRUCT, Kind.ENUM) and item.attributes.has("pyclass")) or is_exception(item)


def is_exception(item: Item) -> bool:
    """Say whether an item is an exception made by a macro."""
    return item.kind is Kind.CALL and macro_name(item.node)[-1].startswith("create_exception")


def python_name(item: Item) -> str | None:
    """Give the Python name of a class; None for what is none."""
    if not is_class(item):
        return None
    return text(options(item.attributes, "pyclass"), "name") or item.name


def builtin(name: str) -> str:
    """Give the Python name of a type of PyO3: `PyValueError` is `builtins.ValueError`, `PyDict` is `builtins.dict`."""
    bare = name.removeprefix("Py")
    if is_exception_name(bare):
        return f"builtins.{bare}"
    return {"Any": "builtins.object", "Int": "builtins.int", "Long": "builtins.int", "String": "builtins.str"}.get(bare, f"builtins.{bare.lower()}")


def is_exception_name(name: str) -> bool:
    """Say whether a class is an exception by its name."""
    return name.endswith(("Error", "Exception", "Warning", "Exit", "Interrupt", "StopIteration", "StopAsyncIteration"))
