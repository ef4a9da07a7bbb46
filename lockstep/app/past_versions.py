"""The versions of all packages at a tag: found once for its commit, and kept in the user's cache after that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError
from lockstep.project.discovery import Discovery, read_version
from lockstep.versions.version import Spelling

if TYPE_CHECKING:
    from lockstep.config import Config
    from lockstep.project.grouping import PackageId
    from lockstep.repository.repository import Repository
    from lockstep.versions.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A package by its manifest and its name, and its version as it was written; without a spelling where none was."""

    manifest: str
    name: str
    text: str = ""
    spelling: Spelling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The packages of a commit."""

    all: tuple[_Row, ...]


def versions_at(repository: Repository, config: Config, tag: str) -> Mapping[PackageId, Version | None] | None:
    """Give the versions of the packages at a tag; None when its files cannot be read."""
    commit = repository.commit(f"refs/tags/{tag}")
    return None if commit is None else versions_of(repository, commit, config)


@lru_cache(maxsize=256)
def versions_of(repository: Repository, commit: str, config: Config) -> Mapping[PackageId, Version | None] | None:
    """Give the versions of the packages at a commit; None when its files cannot be read."""
    from lockstep import __version__  # noqa: PLC0415 - few ask for what was
    from lockstep.app.cache_folder import folder  # noqa: PLC0415 - likewise
    from lockstep.app.code_stamp import installed_stamp  # noqa: PLC0415 - likewise
    from lockstep.cache import Cache  # noqa: PLC0415 - likewise

    cache = Cache(folder())
    depends = ("versions", __version__, installed_stamp() if cache.keeps else "", commit, *config.exclude)
    rows = cache.read(_Rows, *depends)
    if rows is None:
        rows, whole = _read(repository, commit, config)
        if rows is not None and whole:
            cache.keep(rows, *depends)
    return None if rows is None else {(one.manifest, one.name): None if one.spelling is None else read_version(one.text, one.spelling) for one in rows.all}


def _read(repository: Repository, commit: str, config: Config) -> tuple[_Rows | None, bool]:
    """Discover the packages of a commit; say too whether all of its manifests could be read."""
    from lockstep.repository.git_trees import GitTree  # noqa: PLC0415 - what is kept is found without it

    try:
        discovery = Discovery(GitTree(repository, commit), config)
    except LockstepError:
        return None, False
    named = ((*one.id, one.stated) for one in discovery.packages)
    rows = tuple(
        _Row(manifest=path, name=name) if stated is None else _Row(manifest=path, name=name, text=stated.text, spelling=stated.spelling)
        for path, name, stated in named
    )
    return _Rows(all=rows), not discovery.errors
