"""Reads what a few files promise."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from lockstep.model import Ecosystem, Package
from lockstep.surface import Item, Surface
from lockstep.surfaces import python
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version


def surface(files: Mapping[str, str], *, name: str = "pkg", manifest: str = "") -> Surface:
    """Read the surface of one distribution of the given files; paths below `pkg` unless they say otherwise."""
    texts = {path: dedent(text) for path, text in files.items()} | {"pyproject.toml": dedent(manifest) or f'[project]\nname = "{name}"\nversion = "1.0"\n'}
    package = Package(name=name, ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=Version.read("1.0.0"))
    [found] = python.read(MemoryTree(texts), [package])
    return found


def items(text: str) -> Mapping[str, Item]:
    """Read a package of one file; paths are below it."""
    return {path.removeprefix("pkg."): item for path, item in surface({"pkg/__init__.py": text}).items.items()}
