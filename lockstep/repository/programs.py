"""Which program a name means: of the PATH only what is absolute and lies outside of the repository, for nothing of it ever runs.

A link counts by where it stands and by where it leads. What a program starts in its turn is found the same way: it gets such a PATH too.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TypeAlias

from lockstep.dataclass import dataclass

StrPath: TypeAlias = "str | os.PathLike[str]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A program: the path of the first that may run, None where there is none; `refused` are those of the repository that were passed over."""

    path: str | None
    refused: tuple[str, ...] = ()


def find(name: str, root: StrPath) -> Found:
    """Find a program for work on the repository at `root`."""
    return _find(name, os.path.realpath(root), os.environ.get("PATH", os.defpath))


def safe_path(root: StrPath) -> str:
    """Give the PATH without what is not absolute or lies in the repository at `root`."""
    return _safe_path(os.path.realpath(root), os.environ.get("PATH", os.defpath))


def repository_of(folder: StrPath) -> str:
    """Give the folder that a `.git` makes a repository, above or at `folder`; that folder itself where none does."""
    here = above = os.path.realpath(folder)
    while not os.path.lexists(os.path.join(above, ".git")):
        if above == (above := os.path.dirname(above)):
            return here
    return above


@lru_cache(maxsize=16)
def _find(name: str, root: str, path: str) -> Found:
    refused: list[str] = []
    for folder in [os.path.dirname(name)] if os.path.dirname(name) else _folders(path):
        for one in (os.path.join(folder, os.path.basename(name) + ending) for ending in _ENDINGS):
            if not (os.path.isfile(one) and os.access(one, os.X_OK)):
                continue
            if os.path.isabs(one) and not _is_inside(one, root):
                return Found(path=one, refused=tuple(refused))
            refused.append(one)
    return Found(path=None, refused=tuple(refused))


@lru_cache(maxsize=16)
def _safe_path(root: str, path: str) -> str:
    return os.pathsep.join(folder for folder in _folders(path) if os.path.isabs(folder) and not _is_inside(folder, root))


_ENDINGS = (".exe", ".cmd", ".bat") if os.name == "nt" else ("",)


def _folders(path: str) -> list[str]:
    return [folder or os.curdir for folder in path.split(os.pathsep)]


def _is_inside(path: str, root: str) -> bool:
    """Say whether a path stands in a folder, or leads into it; the root of all files is no such folder: every program stands there."""
    stands = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    return os.path.dirname(root) != root and any(_is_below(one, root) for one in (os.path.abspath(path), stands, os.path.realpath(path)))


def _is_below(path: str, root: str) -> bool:
    """Say whether a path is a folder or below it, by its text or by what the system takes it for: on Windows and macOS a folder has names in every case."""
    above, named = os.path.normcase(path), os.path.normcase(root)
    if above == named or above.startswith(named + os.sep):
        return True
    while not (is_same := _is_same(path, root)) and path != (path := os.path.dirname(path)):
        pass
    return is_same


def _is_same(path: str, other: str) -> bool:
    """Say whether two paths are one file or folder; what is not there is none."""
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False
