"""What Python itself finds in an installed package, held against what is read from its files.

Of every name that is read as stable: is it there when the package is imported, and is it called as it is read?
Of every public name that the modules define: was it read?
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from lockstep.model import Ecosystem, Package
from lockstep.surface import Item, ItemKind, Stability, Surface, Trait
from lockstep.surfaces import python
from lockstep.tree import MemoryTree


@dataclass(kw_only=True)
class Truth:
    """How reading and importing agree: counts, and the names that differ."""

    names: int = 0
    calls: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def read(name: str) -> Surface:
    """Read an installed package from its files."""
    origin = importlib.import_module(name).__file__
    assert origin is not None
    root = Path(origin).parent
    texts = {f"{name}/{path.relative_to(root).as_posix()}": path.read_text() for path in [*root.rglob("*.py"), *root.rglob("*.pyi")]}
    texts["pyproject.toml"] = f'[project]\nname = "{name}"\nversion = "1.0"\n'
    [found] = python.read(MemoryTree(texts), [Package(name=name, ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=None)])
    return found


def compare(name: str) -> Truth:
    """Read a package and import it."""
    surface, truth = read(name), Truth()
    outer = {above for path in surface.items for above in _above(path)}  # some are modules that a name hides: `pkg.search.Hit` beside `pkg.search()`
    candidates = [*outer, *(path for path, item in surface.items.items() if item.kind is ItemKind.MODULE)]
    modules = {path: module for path in dict.fromkeys(candidates) if (module := _imported(path)) is not None}
    for path, item in surface.items.items():
        if (
            item.stability is not Stability.STABLE
            or item.traits & {Trait.TYPING_ONLY, Trait.INSTANCE, Trait.FIELD}
            or item.condition
            or item.kind is ItemKind.MODULE
        ):
            continue
        holder = next((one for one in _above(path) if one in modules or (one in surface.items and surface.items[one].kind is ItemKind.MODULE)), None)
        if holder is None or holder not in modules:
            continue  # a module that cannot be imported here
        truth.names += 1
        found, there = _value(modules[holder], path.removeprefix(f"{holder}."))
        if not there:
            truth.false.append(path)
        elif (difference := _difference(item, found)) is not None:
            truth.different.append(f"{path}: {difference}")
        else:
            truth.calls += item.call is not None and item.kind is ItemKind.FUNCTION
    for path, module in modules.items():
        if path in surface.items and surface.items[path].stability is Stability.STABLE and surface.items[path].kind is ItemKind.MODULE:
            truth.missed += [f"{path}.{one}" for one in _public(module) if f"{path}.{one}" not in surface.items]
    return truth


def _above(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _imported(path: str) -> ModuleType | None:
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return importlib.import_module(path)
    except (ImportError, SystemExit, AttributeError, AssertionError, LookupError, OSError, RuntimeError):
        return None


def _value(module: ModuleType, path: str) -> tuple[object, bool]:
    value: object = module
    for part in path.split("."):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = inspect.getattr_static(value, part) if isinstance(value, type) else getattr(value, part)
        except AttributeError:
            return None, False
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__ if isinstance(value, staticmethod) else value
    return value, True


def _difference(item: Item, value: object) -> str | None:
    """Say how a function is called otherwise than it was read; None where it is not."""
    function = value.__func__ if isinstance(value, classmethod) else value
    if item.kind is not ItemKind.FUNCTION or item.call is None or not inspect.isfunction(function) or hasattr(function, "__wrapped__"):
        return None
    parameters = list(inspect.signature(function).parameters.values())
    owner_bound = inspect.isfunction(value) and "." in value.__qualname__ and Trait.STATICMETHOD not in item.traits and "<locals>" not in value.__qualname__
    if isinstance(value, classmethod) or owner_bound:
        parameters = parameters[1:]
    there = [(one.name.partition("__")[0] or one.name, int(one.kind), one.default is not one.empty) for one in parameters]
    kinds = ["positional", "positional_or_keyword", "var_positional", "keyword", "var_keyword"]
    read = [(one.name.partition("__")[0] or one.name, kinds.index(one.kind), one.default is not None) for one in item.call.parameters]
    return None if there == read else f"{item.signature} is {inspect.signature(function)}"


def _public(module: ModuleType) -> Iterator[str]:
    listed = getattr(module, "__all__", None)
    for name, value in vars(module).items():
        if listed is not None:
            if name in listed:
                yield name
        elif not name.startswith("_") and getattr(value, "__module__", None) == module.__name__ and (inspect.isclass(value) or inspect.isfunction(value)):
            yield name
