"""Plans that make locks true again: what needs no resolver, in the text that the lock's own tool would write.

Where only versions move, the sites of the lock move them in place. Where entries come, go, or pass each other, or where a name begins or
ceases to need its version, one edit takes the whole region.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from lockstep.locks.stale import Judged
from lockstep.model import Edit, Role, Site
from lockstep.pattern import pattern
from lockstep.project.project import Project
from lockstep.versions.version import Spelling

_ENTRY = pattern(r'^name = "([^"\r\n]*)"\r?\nversion = "([^"\r\n]*)"', re.MULTILINE)
KEY = "lock"
"""The key of a site that is a region of a lock."""


def without_ambiguous_locks(project: Project, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Leave out the edits of locks in which an entry would come to say the same as another of its name: they are told apart no more then."""
    planned = tuple(edits)
    held = {lock.path: set(_ENTRY.findall(lock.text)) for lock in project.locks}
    met = {edit.site.path for edit in planned if (edit.site.key.rpartition(".")[0], edit.new) in held.get(edit.site.path, ())}
    return tuple(edit for edit in planned if edit.site.path not in met)


def already_stale_locks(before: Project, after: Project, edits: Iterable[Edit]) -> frozenset[str]:
    """Give the locks that were stale before `edits` and are so for the same reasons after them, of workspaces that they do not concern.

    To make these true is a repair, and none that the edits ask for: another workspace of the repository has its own day for it.
    """
    held = {lock.path: {(one.fault, one.message) for one in lock.stale} for lock in before.locks if lock.mended is not None}
    own = {
        path for edit in edits if edit.site.role is not Role.LOCK for path in _locks_of(edit.site.path, [lock.path for lock in after.locks if not lock.unread])
    }
    same = {lock.path for lock in after.locks if lock.path in held and {(one.fault, one.message) for one in lock.stale} <= held[lock.path]}
    return frozenset(same - own)


def _locks_of(path: str, locks: Iterable[str]) -> Iterator[str]:
    """Give the locks that a manifest is locked in: of each kind, the nearest above it."""
    nearest: dict[str, str] = {}
    for lock in locks:
        folder, _, kind = lock.rpartition("/")
        if (not folder or path.startswith(f"{folder}/")) and len(lock) > len(nearest.get(kind, "")):
            nearest[kind] = lock
    yield from nearest.values()


def relock(before: Project, after: Project, edits: Iterable[Edit], leave: Container[str] = ()) -> tuple[Edit, ...]:
    """Add to `edits`, which lead from `before` to `after`, what makes the locks of `after` true; a rewritten lock has one edit.

    The locks in `leave` get no more than the edits.
    """
    planned = tuple(edits)
    held = {lock.path: lock for lock in before.locks if lock.path not in leave}
    for lock in after.locks:
        mended = _rehashed(held[lock.path], lock, planned) or lock.mended if lock.path in held else None
        if mended is not None and before.packages:
            planned = (*(edit for edit in planned if edit.site.path != lock.path), _region(before, lock.path, held[lock.path].text, mended))
    return tuple(sorted(planned, key=lambda edit: (edit.site.path, edit.site.start)))


def _rehashed(before: Judged, after: Judged, edits: Iterable[Edit]) -> str | None:
    """Give the lock with the hash of manifests in which these edits alone, of requirements on what it holds by path, made the hash stale."""
    hashed = after.hashed
    if hashed is None or before.hashed is not None:
        return None
    moved = {edit.site.package.root for edit in edits if edit.site.role is Role.REQUIREMENT and edit.site.path in hashed.manifests}
    return hashed.text if moved <= hashed.folders else None


def _region(project: Project, path: str, old: str, new: str) -> Edit:
    """Give the edit that makes `new` of `old`: the lines between the first and the last that differ."""
    mine, theirs = old.splitlines(keepends=True), new.splitlines(keepends=True)
    first = 0
    while first < min(len(mine), len(theirs)) and mine[first] == theirs[first]:
        first += 1
    last = 0
    while last < min(len(mine), len(theirs)) - first and mine[-1 - last] == theirs[-1 - last]:
        last += 1
    start = sum(map(len, mine[:first]))
    held = next((site.package for site in project.sites if site.path == path), project.packages[0])
    site = Site(
        path=path,
        key=KEY,
        start=start,
        text="".join(mine[first : len(mine) - last]),
        line=first + 1,
        column=1,
        role=Role.LOCK,
        spelling=Spelling.SEMVER,
        package=held,
        why="entries of this repository, as the lock's tool writes them",
    )
    return Edit(site=site, new="".join(theirs[first : len(theirs) - last]))
