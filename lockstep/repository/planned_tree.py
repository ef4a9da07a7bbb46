"""A commit with other texts in some of its files: what a branch would hold, before anything of it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lockstep.repository.git_trees import GitTree
from lockstep.repository.uncommitted import blob_id


class PlannedTree(GitTree):
    """The files of a commit, of which some say what is planned; none is added, and none removed."""

    def __init__(self, tree: GitTree, texts: Mapping[str, str]) -> None:
        super().__init__(tree.repository, tree.sha)
        self.name = tree.name
        self._planned = {path: text.encode() for path, text in texts.items()}

    def oid(self, path: str) -> str | None:
        """Give the object id that a file has, or will have."""
        known = super().oid(path)
        return known if known is None or path not in self._planned else blob_id(self._planned[path], known)

    def read_bytes(self, path: str) -> bytes:
        """Give a file's bytes as they are planned; raises RepositoryError when it is not there."""
        return self._planned[path] if path in self._planned else super().read_bytes(path)

    def tree_id(self) -> str:
        """Tell what it holds from what any commit holds."""
        planned = hashlib.sha256()
        for path in sorted(self._planned):
            planned.update(f"{path}\0{self.oid(path)}\0".encode(errors="surrogateescape"))
        return f"{super().tree_id()} {planned.hexdigest()}" if self._planned else super().tree_id()
