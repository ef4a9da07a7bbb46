"""The project's last release bump: the commit that moved the version, and the lines that it moved with it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from lockstep.errors import LockstepError
from lockstep.formats import formats
from lockstep.manifest import Source
from lockstep.model import Site
from lockstep.project.learning import ChangedLine, PastBump
from lockstep.project.lessons import is_never_learned, lessons
from lockstep.repository.git_trees import decode
from lockstep.repository.object_reader import ObjectReader
from lockstep.repository.repository import Repository
from lockstep.versions.version import Version

MOST_COMMITS = 80
"""How many commits that touched the manifest are looked at before lockstep gives up."""
MOST_STEPS = 100
"""How many commits are read one by one before git, which is faster on the long run and slower to start, is asked."""
MOST_FILES = 2000
LARGEST_FILE = 2 * 2**20
"""Bytes; of a commit only so many files are compared, and none that is larger."""


def last_bump(repository: Repository, site: Site, head: str = "HEAD") -> PastBump | None:
    """Find the newest commit on the first-parent line that changed the version at `site`; None when the history that is here has none.

    `site` must be where a manifest states the version.
    """
    objects = ObjectReader(repository)
    try:
        for sha in _touching(repository, site.path, head):
            new, old = _version_at(objects, sha, site), _version_at(objects, f"{sha}^1", site)
            if new is None or old is None:
                return None
            if new != old:
                return PastBump(commit=sha, subject=_subject(objects, sha), old=old, new=new, lines=tuple(_moved(repository, objects, sha, old, new)))
    finally:
        objects.close()
    return None


def is_bumped_since(repository: Repository, site: Site, then: str, head: str, bump: str) -> bool | None:
    """Say whether `head` states another version at `site` than a commit of its first-parent line did, `then` or the bump before that.

    None where neither is on that line, as far as it is followed.
    """
    if not any(sha in (then, bump) for sha in _line(repository, head)):
        return None
    objects = ObjectReader(repository)
    try:
        known, now = objects.read(f"{then}:{site.path}"), objects.read(f"{head}:{site.path}")
        return known != now and _version_at(objects, then, site) != _version_at(objects, head, site)
    finally:
        objects.close()


def _line(repository: Repository, head: str) -> Iterator[str]:
    """Give the commits on the first-parent line, the newest first, a few hundred at most."""
    store, sha, steps = repository.store(), repository.commit(head), 0
    while store is not None and sha is not None and steps < MOST_STEPS:
        yield sha
        sha, steps = store.first_parent(sha), steps + 1
    if sha is not None:
        yield from (repository.try_git("rev-list", "--first-parent", f"--max-count={8 * MOST_STEPS}", sha, "--") or b"").decode().split()


def _touching(repository: Repository, path: str, head: str) -> Iterator[str]:
    """Give the commits on the first-parent line that changed a file, the newest first."""
    store, sha = repository.store(), repository.commit(head)
    if sha is None:
        return
    oid = store.named(f"{sha}:{path}") if store is not None else None
    for _ in range(MOST_STEPS if store is not None and oid is not None else 0):
        assert store is not None
        if (above := store.first_parent(sha)) is None or (store.read(above) is None and repository.shallow):
            return  # the first commit that is here
        if (before := store.named(f"{above}:{path}")) != oid:
            yield sha
        if before is None:
            return
        sha, oid = above, before
    for skipped, most in ((0, 8), (8, MOST_COMMITS - 8)):
        out = repository.try_git("rev-list", "--first-parent", f"--skip={skipped}", f"--max-count={most}", sha, "--", f":(literal,top){path}")
        shas = (out or b"").decode().split()
        yield from shas
        if len(shas) < most:
            return


def _version_at(objects: ObjectReader, commit: str, site: Site) -> Version | None:
    data = objects.read(f"{commit}:{site.path}")
    if data is None:
        return None
    try:
        source = Source(site.path, decode(site.path, data))
        for format_ in formats().values():
            if not any(site.path.endswith(pattern.removeprefix("**/")) for pattern in format_.FILES):
                continue
            for mention in format_.read(source).mentions:
                if mention.key == site.key:
                    return Version.read(mention.text, mention.spelling)
    except LockstepError:
        return None
    return None


def _subject(objects: ObjectReader, sha: str) -> str:
    data = (objects.read(sha, "commit") or b"").decode(errors="replace")
    return data.partition("\n\n")[2].partition("\n")[0]


def _moved(repository: Repository, objects: ObjectReader, sha: str, old: Version, new: Version) -> Iterator[ChangedLine]:
    """Give the lines that a commit moved from one version to the other."""
    was, now = (f"{version.major}.{version.minor}".encode() for version in (old, new))
    files = (one for one in _changed(repository, sha) if not is_never_learned(one[0]))
    for _, (path, before, after) in zip(range(MOST_FILES), files, strict=False):
        then, there = objects.read(before) or b"", objects.read(after) or b""
        if was in then and now in there and max(len(then), len(there)) <= LARGEST_FILE and b"\0" not in there:
            yield from lessons(path, then.decode(errors="replace"), there.decode(errors="replace"), old, new)


def _changed(repository: Repository, sha: str) -> Iterator[tuple[str, str, str]]:
    """Give path and both object ids of the files that a commit changed."""
    store = repository.store()
    trees = [store.peeled(commit, "tree") for commit in (store.first_parent(sha), sha) if commit is not None] if store is not None else []
    if store is not None and len(trees) == 2 and trees[0] is not None and trees[1] is not None:
        try:
            yield from list(store.changed(trees[0], trees[1]))
        except LookupError:
            pass
        else:
            return
    out = repository.try_git(
        "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-abbrev", "--diff-filter=M", f"{sha}^1", sha
    )
    words = (out or b"").split(b"\0")
    for meta, path in zip(words[::2], words[1::2], strict=False):
        before, after = meta.decode().split()[2:4]
        yield os.fsdecode(path), before, after
