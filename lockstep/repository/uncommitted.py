"""Which of these files have changes that are not committed? Told from bytes and object ids: no filter and no monitor of a repository runs.

Source: gitformat-index(5); an object id is the hash of `blob SIZE`, a NUL and the content
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from lockstep.repository.git_trees import GitTree, WorkTree


def dirty(tree: WorkTree, paths: Iterable[str]) -> list[str]:
    """Give the files whose bytes are not the index's, or whose index entry is not HEAD's; all clean where there is no commit yet.

    A file that differs from the index in its line endings alone is clean: git may have written them (core.autocrlf, eol attributes).
    """
    if tree.repository.commit("HEAD") is None:
        return []
    head = GitTree(tree.repository, "HEAD")
    return [path for path in sorted(paths) if (oid := head.oid(path)) is None or oid != tree.oid(path) or not _holds(tree.read_bytes(path), oid)]


def blob_id(data: bytes, like: str) -> str:
    """Give the object id that a content has, by the algorithm of another id: SHA-256 where that has 64 digits."""
    return hashlib.new("sha256" if len(like) == 64 else "sha1", b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _holds(data: bytes, oid: str) -> bool:
    variants = (data, data.replace(b"\r\n", b"\n")) if b"\r\n" in data else (data,)
    return any(blob_id(one, oid) == oid for one in variants)
