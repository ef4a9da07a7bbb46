"""Repositories that can be made of any size: what grows in each, and the command that is asked about it.

A shape is one dimension in which somebody's repository may be larger than all others. `python -m tests.hostile.growth` measures what twice as much of it
takes; `test_growth.py` counts calls at small sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from tests.conftest import Repo

Files = Mapping[str, str]
NAMES = ("python", "python_modules", "rust", "rust_macros", "pyo3", "c_and_go", "texts", "manifests", "workflows", "changelogs", "git", "packages")

WHEEL = '[project]\nname = "spam"\nversion = "1.0.0"\n'
CRATE = '[package]\nname = "spam"\nversion = "1.0.0"\nedition = "2021"\n'
PACKAGE = '{"name": "spam", "version": "1.0.0"'
SURFACE, CHECK, AUDIT = ("surface",), ("check",), ("audit", "workflow", "--no-zizmor")
DIFF = ("diff", "HEAD~1", "HEAD")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """`make` fills an empty repository with `n` of something and commits it; `ask` are the arguments of the command.

    `size` is the number for which a test counts calls, none where calls say nothing; `large` is where the measure of time begins.
    """

    make: Callable[[Repo, int], object]
    ask: tuple[str, ...]
    size: int = 0
    large: int = 0
    square: bool = False
    """The text, or what is promised, is the square of the number."""


def one(files: Callable[[int], Files], ask: tuple[str, ...], size: int, large: int = 0, *, square: bool = False) -> Shape:
    """Give the shape of a repository with one commit."""
    return Shape(make=lambda repo, count: repo.write(files(count)).commit(), ask=ask, size=size, large=large, square=square)


def step(old: Callable[[int], Files], new: Callable[[int], Files], size: int, large: int = 0) -> Shape:
    """Give the shape of a repository with two commits that are compared."""
    return Shape(make=lambda repo, count: repo.write(old(count)).commit().write(new(count)).commit(), ask=DIFF, size=size, large=large)


def module_of(text: str) -> Files:
    """Give a Python package with this as its only module."""
    return {"pyproject.toml": WHEEL, "spam/__init__.py": text}


def crate_of(text: str, manifest: str = "") -> Files:
    """Give a crate with this as its only file."""
    return {"Cargo.toml": CRATE + manifest, "src/lib.rs": text}


def times(count: int, line: Callable[[int], str]) -> str:
    """Give a text of numbered lines."""
    return "".join(map(line, range(count)))


def nested(count: int, before: str, inner: str, after: str) -> str:
    """Give a text within brackets."""
    return before * count + inner + after * count


def shapes() -> Iterator[tuple[str, Shape]]:
    """Give all shapes by their names."""
    for name in NAMES:
        yield from import_module(f"{__name__}.{name}").SHAPES.items()
