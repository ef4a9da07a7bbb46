"""Files of a tree as a folder of their own, for programs that read folders: below the system's temporary folder, and gone afterwards.

Nothing is checked out: contents come from git's objects, or the work tree's files, so that no hook and no filter of the repository runs and
nothing of it is written to.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockstep.errors import RepositoryError
from lockstep.repository.git_trees import GitTree, IndexTree, WorkTree
from lockstep.repository.repository import Repository
from lockstep.repository.windows_names import names_itself


@contextmanager
def temporary_folder(repository: Repository) -> Iterator[Path]:
    """Give an empty folder that nobody else can read, outside of the repository; it goes with all that was built in it.

    Raises: RepositoryError where the temporary folder is a part of the repository.
    """
    above = Path(os.path.realpath(tempfile.gettempdir()))
    if repository.root is not None and above.is_relative_to(os.path.realpath(repository.root)):
        raise RepositoryError(f"the temporary folder {above} is inside of the repository", help="set TMPDIR to a folder outside of it")
    with tempfile.TemporaryDirectory(prefix="lockstep-", dir=above, ignore_cleanup_errors=True) as name:
        yield Path(name)


def export(tree: WorkTree | IndexTree | GitTree, root: Path) -> None:
    """Write the files of a tree below a new folder: links last, and only those that stay inside of it.

    Raises: RepositoryError where a path or a file cannot be read.
    """
    os.makedirs(root)
    for path in tree.paths():
        _file_below(root, path).write_bytes(tree.read_bytes(path))
    for path in sorted(tree.others):
        target = tree.link(path)
        if target is None:  # a submodule is not a part of the tree
            continue
        inside = os.path.normpath(os.path.join(os.path.dirname(path), target))
        if not os.path.isabs(target) and inside.split(os.sep)[0] != os.pardir:
            _file_below(root, path).symlink_to(target)


def _file_below(root: Path, path: str) -> Path:
    parts = path.split("/")
    if any(part in ("", os.curdir, os.pardir) or part.lower() == ".git" or "\0" in part for part in parts) or not names_itself(path):
        raise RepositoryError("no file can have this path", path=path)
    os.makedirs(root.joinpath(*parts[:-1]), exist_ok=True)
    return root.joinpath(*parts)
