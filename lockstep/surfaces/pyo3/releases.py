"""What the tasks of a repository say about how a release is built: the features that no manifest turns on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError
from lockstep.pattern import pattern
from lockstep.tree import Tree

TASKS = (".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", ".circleci/config.yml", "Makefile", "justfile", "noxfile.py")
BUILDERS = ("maturin", "cibuildwheel", "setuptools_rust", "setuptools-rust", "-m build", "uv build")

_BUILD = pattern(r"maturin[ '\",]+(?:build|publish)\b|^\s*args:.*(?:--release|-r\b)")
_FEATURES = pattern(r"(?:--features|-F)[ =]+(?:\"([^\"]+)\"|'([^']+)'|([\w,/.-]+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """`visible` says whether the repository holds a task that builds wheels; `features` are those that every such line of one task turns on."""

    visible: bool = False
    features: tuple[str, ...] = ()


def release(tree: Tree) -> Release:
    """Read the tasks of a repository; an sdist holds none."""
    visible = False
    found: dict[str, None] = {}
    for text in _tasks(tree):
        visible = True
        if "maturin" not in text or not re.search(r"(?i)pypi|twine|maturin publish", text):
            continue  # a test's build turns on what it tests
        found |= dict.fromkeys(_turned_on(text))
    return Release(visible=visible, features=tuple(found))


@lru_cache(maxsize=256)
def _turned_on(text: str) -> tuple[str, ...]:
    """Give the features that every line of a task which builds turns on; the tasks are the same for all crates, and mostly at both moments."""
    lines = [set(features(line)) for line in text.splitlines() if _BUILD.search(line)]
    return tuple(sorted(set.intersection(*lines))) if lines else ()


def _tasks(tree: Tree) -> Iterator[str]:
    for files in TASKS:
        for path in tree.paths(files):
            try:
                text = tree.read(path)
            except RepositoryError:
                continue
            if any(one in text for one in BUILDERS):
                yield text


def features(line: str) -> Iterator[str]:
    """Give the features that a command line turns on."""
    for found in _FEATURES.finditer(line):
        yield from re.split(r"[ ,]+", found[1] or found[2] or found[3])
