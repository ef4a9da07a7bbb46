"""What a check said when it found nothing, kept in the user's cache for as long as all that it read is the same.

A hook runs at every commit, and most commits touch nothing that a check reads. An entry is for a repository, and for its work tree or its index. It holds

- the commit that was HEAD: a later one on the first-parent line is as good, where each between them has the same objects at the paths whose past teaches
  and no tag was asked; where one was, what the file system says of the tags' files;
- the paths, modes and stages of the index, and the ids of what is no regular file;
- of the work tree each file that was read, with what the file system says of it, each that was looked for, and the folders that were no links; of the
  index the object ids of what was read.

A file counts as unchanged as git counts it: by its size, its times and its number, and never when it was written just before it was read, for then a later
change may bear the same time. What depends on more than this is not kept.

Source: https://git-scm.com/docs/racy-git
"""

from __future__ import annotations

import os
import stat
import time
import zlib
from typing import TYPE_CHECKING

from lockstep.app.cache_folder import folder
from lockstep.app.code_stamp import installed_stamp
from lockstep.repository import git_files
from lockstep.writing import journal_files

if TYPE_CHECKING:
    from lockstep.app.session import AnyTree, Session

_FORM = "1"
_END, _GAP, _NUL = "\x1e", "\x1f", "\0"
MOST_KEPT = 16 * 2**20
"""Bytes of an entry that is kept."""
RACY = 2 * 10**9
"""Nanoseconds; a file that was written later than this before it was read may have changed since without a trace."""
MOST_COMMITS = 32
"""How many commits HEAD may have moved on."""
_FILE, _THERE, _ABSENT, _FOLDER, _OBJECT = "f", "t", "a", "d", "o"


class KeptCheck:
    """The entry of a repository's work tree, or of its index."""

    def __init__(self, root: str, git_dir: str, *, staged: bool, kept_in: str) -> None:
        self._root, self._git_dir, self._staged = root, git_dir, staged
        today = os.environ.get("SOURCE_DATE_EPOCH") or time.strftime("%Y-%m-%d", time.gmtime())  # a waiver ends
        self._depends = _GAP.join((_FORM, installed_stamp(), git_dir, git_files.boundary(git_dir), "index" if staged else "work tree", today))
        place = _GAP.join((git_dir, "index" if staged else "work tree"))
        self._path = f"{kept_in}/{zlib.crc32(place.encode(errors='surrogateescape')):08x}.check"
        self._started = time.time_ns()
        self._before = git_files.moving_parts(git_dir)

    def said(self) -> str | None:
        """Give what the check said; None where there is no entry, or it may say something else today."""
        try:
            with open(self._path, "rb") as file:
                data = file.read(2 * MOST_KEPT)
        except OSError:
            return None
        checksum, _, body = data.partition(b"\n")
        if checksum != b"%08x" % zlib.crc32(body):
            return None
        parts = body.decode(errors="surrogateescape").split(_END)
        if len(parts) != 7 or parts[0] != self._depends:
            return None
        _, head, tags, taught, listing, seen, said = parts
        now = git_files.index(self._git_dir)
        if now is None or _listing(now) != listing or not self._has_same_past(head, tags, taught.split(_GAP) if taught else []):
            return None
        objects = {path: oid for path, _, oid, _, _ in now} if self._staged else {}
        return said if all(map(self._is_same, seen.split(_GAP), [objects] * (seen.count(_GAP) + 1))) else None

    def _is_same(self, one: str, objects: dict[str, str]) -> bool:
        kind, identity, path = one.split(" ", 2)
        if kind == _OBJECT:
            return objects.get(path, "") == identity
        try:
            status = os.lstat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return kind == _ABSENT
        except OSError:
            return False
        if kind == _FOLDER:
            return stat.S_ISDIR(status.st_mode)
        return kind == _THERE or (kind == _FILE and git_files.identity(status) == identity)

    def _has_same_past(self, head: str, tags: str, taught: list[str]) -> bool:
        """Say whether HEAD is the commit of then, or follows it on the first-parent line without a change at these paths; and whether the tags are the same."""
        here = git_files.head(self._git_dir)
        if here is None or here == head or tags:
            return here == head and (not tags or git_files.tags_identity(self._git_dir, self._started) == tags)
        from lockstep.repository.git_objects import store  # noqa: PLC0415 - once a commit

        if (objects := store(self._git_dir)) is None:
            return False
        for _ in range(MOST_COMMITS):
            above = objects.first_parent(here)
            if above is None or any((oid := objects.named(f"{here}:{path}")) is None or oid != objects.named(f"{above}:{path}") for path in taught):
                return False
            if above == head:
                return True
            here = above
        return False

    def keep(self, opened: Session, said: str) -> None:
        """Keep what a check said, where all that it depends on is known, and HEAD and the index are still those that it read."""
        observed, before = opened.observed, self._started - RACY
        tags = git_files.tags_identity(self._git_dir, before) if observed.tags else ""
        seen, now, head = self._seen(opened.tree, before), git_files.index(self._git_dir), git_files.head(self._git_dir)
        if not opened.repository.ordinary or tags is None or seen is None or now is None or head is None:
            return
        if self._before is None or git_files.moving_parts(self._git_dir) != self._before:
            return
        parts = (self._depends, head, tags, _GAP.join(sorted(observed.taught)), _listing(now), _GAP.join(seen), said)
        if any(_END in part for part in parts) or any(_GAP in one for one in (*seen, *observed.taught)):
            return
        body = _END.join(parts).encode(errors="surrogateescape")
        if len(body) > MOST_KEPT:
            return
        from lockstep.cache import keep_file  # noqa: PLC0415 - only who has something to keep

        above, _, name = self._path.rpartition("/")
        keep_file(above, name, b"%08x\n" % zlib.crc32(body) + body)

    def _seen(self, tree: AnyTree, before: int) -> list[str] | None:
        """Say what was seen of a tree; None where a part of it may have changed without a trace."""
        from lockstep.repository.git_trees import WorkTree  # noqa: PLC0415 - who checks has loaded it

        if not isinstance(tree, WorkTree):
            return [f"{_OBJECT} {oid} {path}" for path, oid in tree.oids_read.items()]
        if (looks := tree.looks()) is None or any(max(one.st_mtime_ns, one.st_ctime_ns) >= before for one in looks.read.values()):
            return None
        seen = [f"{_FILE} {git_files.identity(status)} {path}" for path, status in looks.read.items()]
        seen += (f"{_THERE if there else _ABSENT} - {path}" for path, there in looks.there.items() if path not in looks.read)
        seen += (f"{_FOLDER} - {path}" for path in looks.folders if path)
        return seen


def kept_check(repo: str, *, staged: bool) -> KeptCheck | None:
    """Give the entry of the repository that holds a folder; None where nothing is kept, where git has to say what there is, and where a write goes on."""
    if (kept_in := folder()) is None or (located := git_files.locate(repo)) is None or journal_files.exist(located[1]):
        return None
    return KeptCheck(located[0], located[1], staged=staged, kept_in=kept_in)


def _listing(entries: list[tuple[str, str, str, int, bool]]) -> str:
    """Write down which paths the index has, as what, and what those hold that are no regular files."""
    return _NUL.join(
        f"{path} {mode}{stage}{left_out:d}" if mode.startswith("100") else f"{path} {mode}{stage} {oid}" for path, mode, oid, stage, left_out in entries
    )
