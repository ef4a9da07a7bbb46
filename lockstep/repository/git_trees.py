"""The trees of a repository: the work tree, the index and any commit, read by the Tree protocol."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from lockstep.errors import RepositoryError
from lockstep.repository import git_files
from lockstep.repository.object_reader import LARGEST_FILE, ContentCache, ObjectReader
from lockstep.repository.repository import Repository, resolve
from lockstep.tree import Listing
from lockstep.wording import ALL_OBJECTS

_REGULAR = {"100644", "100755", "100664"}
OWN = "lockstep.toml"
"""Our own configuration counts as soon as it is written, tracked or not."""
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
_READ: int = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
LARGEST_TEXT = 32 * 2**20
"""Bytes of the largest file that is read as text."""
LARGEST_KEPT = 2**20
"""Bytes; a larger file of the work tree is read anew each time."""


class Looks(NamedTuple):
    """What was looked at in a work tree: files that were read, with what the file system said just then; what was looked for; folders that were no links."""

    read: Mapping[str, os.stat_result]
    there: Mapping[str, bool]
    folders: Collection[str]


class WorkTree:
    """The tracked files as they stand on disk; a tracked file that was deleted, and every symlink, is not there.

    What a sparse checkout leaves out counts as it stands in the index. `buffers` are texts that stand in for what is on disk, as an editor has them.
    """

    name = "work tree"

    def __init__(self, repository: Repository, buffers: Mapping[str, bytes] | None = None) -> None:
        if repository.root is None:
            raise RepositoryError("this repository is bare: it has no work tree", help="lockstep check --ref HEAD reads a commit of a bare repository")
        self.repository = repository
        self.root = repository.root
        self._real = os.path.realpath(self.root)
        self._plain = {""}
        self.buffers: Mapping[str, bytes] = buffers or {}
        self._bytes: dict[str, bytes] = {}
        self._there: dict[str, bool] = {}
        self._statuses: dict[str, os.stat_result] = {}
        self._failed = False
        self.unsteady = False
        """Whether a file was another one when it was read again: what was made of it may be of the one or of the other."""
        self._skipped: set[str] = set()
        self.unseen: set[str] = set()
        """What was asked for, and is neither on disk, where a sparse checkout leaves it out, nor in this partial clone."""
        entries = _index_entries(repository, self._skipped)
        self._objects = ObjectReader(repository)
        self._oids = {path: oid for path, (mode, oid) in entries.items() if mode in _REGULAR}
        self.others = {path: oid for path, (mode, oid) in entries.items() if mode not in _REGULAR}
        extra = [OWN] if OWN in self.buffers or os.path.lexists(os.path.join(self._real, OWN)) else []
        self._listing = Listing([*self._oids, *extra])

    def oid(self, path: str) -> str | None:
        """Give the object id that the index has for a tracked file."""
        return self._oids.get(path)

    def untracked(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the files of these names that git neither tracks nor ignores, sorted; the ignore files of the repository count, and no others."""
        found = self.repository.try_git("ls-files", "-z", "--others", "--exclude-per-directory=.gitignore", "--", *(f":(glob)**/{name}" for name in names))
        return tuple(sorted(os.fsdecode(found or b"").split("\0")[:-1]))

    def path(self, path: str) -> str:
        """Give the file's absolute path.

        Raises: RepositoryError when a link leads out of the repository.
        """
        if _is_misread(path):
            raise RepositoryError("Windows can have no file of this name", path=path, help="rename it; lockstep check --ref HEAD reads what is committed")
        if not self._is_plain(path.rpartition("/")[0]) or os.path.islink(absolute := f"{self._real}/{path}"):
            raise _behind_link(path)
        return absolute

    def _is_plain(self, folder: str) -> bool:
        """Say whether a folder is what its path says: no part of it is a link, none leads up."""
        if folder in self._plain:
            return True
        above, _, name = folder.rpartition("/")
        absolute = f"{self._real}/{folder}"
        if (
            name in {"", ".", ".."}
            or not self._is_plain(above)
            or (os.path.realpath(absolute) != os.path.normpath(absolute) if os.altsep else os.path.islink(absolute))
        ):
            return False
        self._plain.add(folder)
        return True

    def read(self, path: str) -> str:
        """Give a file's text; raises RepositoryError when it is missing, unreadable, no regular file, or not UTF-8."""
        return decode(path, self.read_bytes(path))

    def read_bytes(self, path: str) -> bytes:
        """Give a file's bytes, read once; raises RepositoryError like `read`."""
        if path not in self._bytes and not (path in self._skipped and not self._is_on_disk(path) and self._is_left_out(path)):
            data = self._read(path)
            if len(data) > LARGEST_KEPT:
                return data
            self._bytes[path] = data
        return self._bytes[path]

    def was_read(self, path: str) -> bool:
        """Say whether somebody has read a file: what it says has no part in what was found, otherwise."""
        return path in self._bytes or path in self._statuses

    def _read(self, path: str) -> bytes:
        if (buffer := self.buffers.get(path)) is not None:
            self._bytes[path] = buffer
            return buffer
        try:
            descriptor = os.open(f"{self._real}/{path}" if _NO_LINK and self._is_plain(path.rpartition("/")[0]) else self.path(path), _READ)
            try:
                status = os.fstat(descriptor)
                if git_files.identity(self._statuses.setdefault(path, status)) != git_files.identity(status):
                    self.unsteady = True
                if not stat.S_ISREG(status.st_mode):
                    kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
                    raise RepositoryError(f"this is {kind}, expected a file", path=path, help="git status shows what became of it")
                if status.st_size > LARGEST_FILE:
                    raise RepositoryError(f"{status.st_size // 2**20} MiB; lockstep reads files up to {LARGEST_FILE // 2**20} MiB", path=path)
                return _read_to_end(descriptor, status.st_size)
            finally:
                os.close(descriptor)
        except OSError as error:
            self._failed = True
            if error.errno == errno.ELOOP:
                raise _behind_link(path) from None
            raise RepositoryError(f"cannot be read: {(error.strerror or str(error)).lower()}", path=path, help="git status shows what became of it") from None

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the tracked files that match and that are on disk, sorted."""
        found = self._listing.match(pattern)
        return found if pattern == "**" else tuple(path for path in found if self._is_there(path))

    def has(self, path: str) -> bool:
        """Say whether git tracks `path` and it is on disk."""
        return path in self._listing and self._is_there(path)

    def _is_there(self, path: str) -> bool:
        if path in self._bytes:
            return True
        if (known := self._there.get(path)) is None:
            known = self._there[path] = self._is_on_disk(path) or self._is_left_out(path)
        return known

    def _is_on_disk(self, path: str) -> bool:
        """Say whether something stands at a path.

        Raises: RepositoryError when that cannot be seen, in a folder that may not be read: what cannot be seen is not deleted.
        """
        if path in self.buffers:
            return True
        if _is_misread(path):
            return False
        try:
            os.lstat(f"{self._real}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise RepositoryError(f"cannot be read: {(error.strerror or str(error)).lower()}", path=path, help="git status shows what became of it") from None
        return True

    def _is_left_out(self, path: str) -> bool:
        """Say whether a sparse checkout leaves a file out; its content is then the index's, as far as git has it here."""
        if path not in self._skipped:
            return False
        if (data := self._objects.read(self._oids[path])) is None:
            self.unseen.add(path)
            return False
        self._bytes[path] = data
        return True

    def looks(self) -> Looks | None:
        """Give what was looked at; None where that is not all on disk, or could not be read."""
        if self._failed or self._skipped or self.unsteady or self.buffers:
            return None
        return Looks(self._statuses, {OWN: os.path.lexists(f"{self._real}/{OWN}")} | self._there, self._plain)

    @property
    def asks_git(self) -> bool:
        """Say whether a git answers for it, and would answer a copy of this process in its place."""
        return self._objects.is_open

    def link(self, path: str) -> str | None:
        """Give what a symbolic link says that git tracks; None for a submodule."""
        return self._objects.link(self.others[path])

    def left_out(self, paths: Iterable[str]) -> list[str]:
        """Give those of the files that are not on disk, because of a sparse checkout."""
        return [path for path in paths if path in self._skipped and not self._is_on_disk(path)]


_CONTENTS = ContentCache()


class ObjectTree:
    """Files that are objects of git: what a commit or the index holds."""

    def __init__(self, repository: Repository, name: str, entries: Mapping[str, tuple[str, str]]) -> None:
        self.repository = repository
        self.name = name
        self._oids = {path: oid for path, (mode, oid) in entries.items() if mode in _REGULAR}
        self.others = {path: oid for path, (mode, oid) in entries.items() if mode not in _REGULAR}
        self._listing = Listing(self._oids)
        self._objects = ObjectReader(repository)
        self.lacks = False
        """Whether a content was asked for that is not in this clone."""
        self.oids_read: dict[str, str] = {}

    def oid(self, path: str) -> str | None:
        """Give the object id of a file."""
        return self._oids.get(path)

    def read(self, path: str) -> str:
        """Give a file's text; raises RepositoryError when it is not there or not UTF-8."""
        return decode(path, self.read_bytes(path))

    def read_bytes(self, path: str) -> bytes:
        """Give a file's bytes; raises RepositoryError when it is not there."""
        oid = self._oids.get(path)
        if oid is None:
            raise RepositoryError(f"there is no such file in {self.name}", path=path)
        self.oids_read[path] = oid
        key = (self.repository.git_dir, oid)
        if (data := _CONTENTS.get(key)) is not None:
            return data
        try:
            data = self._objects.read(oid)
        except RepositoryError as error:
            raise RepositoryError(error.message.removeprefix(f"{oid} has "), path=path, help=error.help) from None
        if data is None:
            self.lacks = True
            raise RepositoryError(
                f"git does not have the content of this file ({oid[:12]})", path=path, help=f"{ALL_OBJECTS} brings what a partial clone left out"
            )
        _CONTENTS.keep(key, data)
        return data

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the files that match, sorted."""
        return self._listing.match(pattern)

    def has(self, path: str) -> bool:
        """Say whether the tree holds `path`."""
        return path in self._oids

    @property
    def asks_git(self) -> bool:
        """Say whether a git answers for it, and would answer a copy of this process in its place."""
        return self._objects.is_open

    def link(self, path: str) -> str | None:
        """Give what a symbolic link says that git tracks; None for a submodule."""
        return self._objects.link(self.others[path])


class IndexTree(ObjectTree):
    """What the next commit would hold: for the pre-commit hook."""

    def __init__(self, repository: Repository) -> None:
        if repository.root is None:
            raise RepositoryError("this repository is bare: nobody stages in it", help="lockstep check --ref HEAD reads a commit of a bare repository")
        super().__init__(repository, "index", _index_entries(repository))


class GitTree(ObjectTree):
    """What a commit holds.

    Raises: UsageError when there is no such ref.
    """

    def __init__(self, repository: Repository, ref: str) -> None:
        self.sha = resolve(repository, ref)
        store = repository.store()
        self._tree = store.peeled(self.sha, "tree") if store is not None else None
        entries = store.files(self._tree) if store is not None and self._tree is not None else None
        name = ref.removeprefix("refs/tags/").removeprefix("refs/heads/")
        super().__init__(repository, name, _files_by_git(repository, self.sha) if entries is None else entries)

    def tree_id(self) -> str:
        """Give the object id of what the commit holds: commits that hold the same have the same."""
        if self._tree is None:
            self._tree = self.repository.git("rev-parse", f"{self.sha}^{{tree}}").decode().strip()
        return self._tree


def decode(path: str, data: bytes) -> str:
    """Decode a file's bytes as UTF-8, every byte kept.

    Raises: RepositoryError that names the first byte that is not UTF-8, or when the file is too large for a text.
    """
    if len(data) > LARGEST_TEXT:
        raise RepositoryError(
            f"{len(data) // 2**20} MiB; lockstep reads texts up to {LARGEST_TEXT // 2**20} MiB", path=path, help="exclude it, or make it smaller"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise RepositoryError(f"not UTF-8: byte 0x{data[error.start]:02x}", path=path, line=line, column=column, help="save the file as UTF-8") from None


def _is_misread(path: str) -> bool:
    """Say whether this system takes a path for another than git does."""
    if os.name != "nt":
        return False
    from lockstep.repository.windows_names import names_itself  # noqa: PLC0415 - one system alone needs it

    return not names_itself(path)


def _behind_link(path: str) -> RepositoryError:
    if {"", ".", ".."} & set(path.split("/")):  # git never wrote such an entry
        return RepositoryError("this path leads out of the repository", path=path, help="git fsck tells what is wrong with the index")
    return RepositoryError("a symbolic link stands in this path; lockstep does not follow links", path=path, help="put the file itself there")


def _read_to_end(descriptor: int, size: int) -> bytes:
    """Read a file to its end, wherever that is by now."""
    parts = [os.read(descriptor, size + 1)]
    while parts[-1]:
        parts.append(os.read(descriptor, 2**20))
    return b"".join(parts) if len(parts) > 2 else parts[0]


def _index_entries(repository: Repository, skipped: set[str] | None = None) -> dict[str, tuple[str, str]]:
    """Give path -> (mode, object id) of the index; an unmerged path counts once, with our side where there is one.

    `skipped` is filled with the paths that a sparse checkout leaves out of the work tree.
    """
    found = git_files.index(repository.git_dir) if repository.ordinary else None
    entries: dict[str, tuple[str, str]] = {}
    for path, mode, oid, stage, left_out in _listed_by_git(repository) if found is None else found:
        if stage in (0, 2) or path not in entries:
            entries[path] = (mode, oid)
        if left_out and skipped is not None:
            skipped.add(path)
    return entries


def _listed_by_git(repository: Repository) -> Iterator[tuple[str, str, str, int, bool]]:
    for entry in repository.git("ls-files", "-s", "-t", "-z").split(b"\0"):
        if entry:
            meta, _, path = entry.partition(b"\t")
            status, mode, oid, stage = meta.decode().split()
            yield os.fsdecode(path), mode, oid, int(stage), status == "S"


def _files_by_git(repository: Repository, sha: str) -> dict[str, tuple[str, str]]:
    """Give mode and object id of a commit's files by path, as git says."""
    entries = {}
    for entry in repository.git("ls-tree", "-r", "-z", "--full-tree", sha).split(b"\0"):
        if entry:
            meta, _, path = entry.partition(b"\t")
            mode, _kind, oid = meta.decode().split()
            entries[os.fsdecode(path)] = (mode, oid)
    return entries
