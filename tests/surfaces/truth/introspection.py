# ruff: noqa: ANN401 - what a module holds can be anything
"""What a compiled module shows, as JSON: run as a program of its own, with nothing but the standard library.

`python introspection.py DOTTED_NAME SHARED_LIBRARY FOLDER...`: the library is loaded by its path, so that no `__init__.py` adds to it or takes away.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import sys
import types
from typing import Any

HIDDEN = {"__all__", "__doc__", "__name__", "__loader__", "__package__", "__spec__", "__file__", "__path__", "__builtins__"}
OF_EVERY_CLASS = {"__new__", "__doc__", "__module__", "__dict__", "__weakref__", "__qualname__", "__firstlineno__", "__static_attributes__"}
PROPERTIES = ("getset_descriptor", "member_descriptor", "property")
SLOTS = ("wrapper_descriptor", "method-wrapper", "slot wrapper")
FUNCTIONS = ("method_descriptor", "builtin_function_or_method", "classmethod_descriptor", "staticmethod", "classmethod", "function")


def parameters(thing: Any) -> list[list[str | None]] | None:
    """Give [name, kind, default] of each parameter, None where nothing tells."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return None
    return [
        [one.name, one.kind.name.lower(), None if one.default is one.empty else "..." if one.default is ... else repr(one.default)]
        for one in found.parameters.values()
    ]


def function(thing: Any, raw: Any) -> dict[str, Any]:
    found = parameters(thing)
    if type(raw).__name__ == "method_descriptor" and found and found[0][0] == "self":
        found = found[1:]
    return {"kind": "function", "parameters": found}


def class_(thing: type, depth: int = 0) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, raw in vars(thing).items():
        kind = type(raw).__name__
        if name in OF_EVERY_CLASS:
            if name == "__new__":
                members[name] = {"kind": "function", "parameters": parameters(thing)}
        elif isinstance(raw, type):
            members[name] = class_(raw, depth + 1) if depth < 2 and raw is not thing else {"kind": "value"}
        elif kind in PROPERTIES:
            members[name] = {"kind": "property"}
        elif kind in SLOTS:
            members[name] = {"kind": "function", "parameters": None}
        elif kind in FUNCTIONS:
            members[name] = function(raw if kind == "method_descriptor" else getattr(thing, name), raw)
        else:
            members[name] = {"kind": "value"}
    return {"kind": "class", "exception": issubclass(thing, BaseException), "bases": [one.__name__ for one in thing.__bases__], "members": members}


def module(thing: types.ModuleType, seen: dict[int, dict[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    seen[id(thing)] = {"kind": "module", "members": {}}  # for one that contains itself
    for name, value in list(vars(thing).items()):
        if name in HIDDEN:
            continue
        if isinstance(value, types.ModuleType):
            if value.__spec__ is not None and value.__spec__.origin is not None:
                continue
            members[name] = seen[id(value)] if id(value) in seen else module(value, seen)
        elif isinstance(value, type):
            foreign = value.__module__.split(".")[0] in sys.stdlib_module_names
            members[name] = {"kind": "value"} if foreign and getattr(sys.modules.get(value.__module__), value.__name__, None) is value else class_(value)
        elif type(value).__name__ == "builtin_function_or_method":
            members[name] = function(value, None)
        else:
            members[name] = {"kind": "value"}
    seen[id(thing)] = {"kind": "module", "members": members}
    return seen[id(thing)]


def load(name: str, library: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, library)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def main(name: str, library: str, *folders: str) -> None:
    sys.path[:0] = folders
    try:
        loaded = load(name, library)
    except (ImportError, AttributeError):  # some libraries need their package while they start
        loaded = importlib.import_module(name)
    json.dump(module(loaded, {}), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
