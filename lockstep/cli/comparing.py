"""What `diff`, `surface`, `bump` and `changelog` share: the moments to compare, read or remembered, and their review."""

from __future__ import annotations

import os
import posixpath
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.cache import Cache
from lockstep.cli import session
from lockstep.errors import UsageError
from lockstep.evidence.history import last_release
from lockstep.repo import GitTree, WorkTree
from lockstep.review import Moment, Review, review
from lockstep.surfaces import readers

if TYPE_CHECKING:
    from lockstep.cli.session import Session
    from lockstep.version import Version

CACHE_FOLDER = "LOCKSTEP_CACHE_DIR"
"""Names the cache's folder; empty, nothing is kept."""
SOURCES = (".c", ".go", ".h", ".hpp", ".json", ".py", ".pyi", ".pyx", ".rs", ".toml", ".yaml", ".yml")
"""What surfaces are read from."""
STATING = ("Cargo.toml", "pyproject.toml", "package.json", "package-lock.json")
"""What every bump changes; that more than the version changed in them is a surface of its own."""


def folder() -> Path | None:
    """Give the folder where surfaces are kept, None where none is wanted."""
    if (named := os.environ.get(CACHE_FOLDER)) is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where surfaces are read

    return user_cache_path("lockstep", appauthor=False)


def moment(opened: Session, cache: Cache) -> Moment:
    """Read what a tree promises; of a commit, once and for all."""
    chosen = readers()
    tree = opened.tree
    depends: tuple[str, ...] = ()
    if isinstance(tree, GitTree):
        versions = ",".join(f"{reader.SURFACE}:{reader.VERSION}" for reader in chosen)
        depends = (__version__, _stamp(), versions, tree.tree_id(), repr(opened.config))
        if (known := cache.read(Moment, *depends)) is not None:
            return replace(known, ref=tree.name, sha=tree.sha)
    project = opened.project()
    found = Moment(
        ref=tree.name,
        sha=tree.sha if isinstance(tree, GitTree) else None,
        version=project.groups[0].version if project.groups else None,
        packages=project.packages,
        surfaces=tuple(surface for reader in chosen for surface in reader.read(tree, project.packages)),
    )
    if depends:
        cache.keep(found, *depends)
    return found


def _stamp() -> str:
    """Tell this lockstep from another of the same version, for those who work on it."""
    package = Path(__file__).parent.parent
    files = sorted(Path(package, "surfaces").rglob("*.py"))
    return ",".join(f"{file.name}:{status.st_size}:{status.st_mtime_ns}" for file in files for status in (file.stat(),))


def compare(head: Session, base: str | None, config: str | None, *, strict: bool) -> Review:
    """Review the step to an open tree from a commit; without one, from the last release.

    Raises: UsageError when there is no such commit, or no release.
    """
    cache = Cache(folder())
    after = moment(head, cache)
    before = session.at_commit(head.repository, config, base or default_base(head, after.version))
    found = review(moment(before, cache), after, strict=strict)
    if any(row.blind for row in found.rows) and _same_sources(before, head):
        found = review(found.base, after, strict=strict, same_sources=True)
    return found


def default_base(head: Session, version: Version | None) -> str:
    """Give the last release tag before an open tree.

    Raises: UsageError when there is none.
    """
    found = last_tag(head, version)
    if found is None:
        hint = "the clone is shallow: git fetch --tags --unshallow, or fetch-depth: 0 in CI" if head.repository.shallow else "name a commit to compare with"
        raise UsageError("no release tag is in this history, so there is nothing to compare with", help=hint)
    return found


def last_tag(head: Session, version: Version | None) -> str | None:
    """Give the last release tag before an open tree: one that this very commit carries only where the work tree has moved on from it."""
    from lockstep.dirt import dirty  # noqa: PLC0415 - only a tree that stands on its own tag pays for it

    tree = head.tree
    return last_release(head.repository, head.head, version, moved=lambda: isinstance(tree, WorkTree) and bool(dirty(tree, tree.paths())))


def _same_sources(old: Session, new: Session) -> bool:
    """Say whether two trees hold the same source files, byte for byte; those that state versions aside."""
    before, after = old.tree, new.tree
    paths = [path for path in before.paths() if path.endswith(SOURCES) and posixpath.basename(path) not in STATING]
    if paths != [path for path in after.paths() if path.endswith(SOURCES) and posixpath.basename(path) not in STATING]:
        return False
    if isinstance(before, GitTree) and isinstance(after, GitTree):
        return all(before.oid(path) == after.oid(path) for path in paths)
    return all(before.read_bytes(path) == after.read_bytes(path) for path in paths)
