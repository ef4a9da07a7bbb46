"""The same Tree protocol over real repositories: the work tree, the index, and any ref.

Only plumbing that runs nothing of the repository is called: `rev-parse`, `ls-files` with the file system monitor off, `ls-tree`,
`cat-file`, `for-each-ref`, `rev-list`, `merge-base`, `diff-tree`. Objects that a partial clone lacks are never fetched. git itself is
none of the repository's (`programs`), and what it answers has a bound: a repository may list more files than there are atoms.
Source: gitsecurity(7), git-config(1) core.fsmonitor, git(1) GIT_NO_LAZY_FETCH and GIT_ALLOW_PROTOCOL, CVE-2023-40590.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError, UsageError
from lockstep.repository import git_files, programs
from lockstep.repository.programs import StrPath
from lockstep.tree import Listing
from lockstep.wording import did_you_mean

if TYPE_CHECKING:
    import subprocess

    from lockstep.repository.git_objects import Store

SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false", "--no-pager")
_REGULAR = {"100644", "100755", "100664"}
OWN = "lockstep.toml"
"""Our own configuration counts as soon as it is written, tracked or not."""
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0)
_READ: int = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
LARGEST_FILE = 256 * 2**20
"""Bytes; a file above this is refused rather than read."""
LARGEST_TEXT = 32 * 2**20
"""Bytes of the largest file that is read as text."""
LARGEST_KEPT = 2**20
"""Bytes; a larger file of the work tree is read anew each time."""
LARGEST_ANSWER = 128 * 2**20
"""Bytes that git may answer: a listing of two million files."""
LONGEST = 300
"""Seconds that git may take for one answer."""


def environment(root: StrPath) -> dict[str, str]:
    """Give the environment for git's plumbing: no program of the repository at `root`, no prompt, no lock, English messages.

    Nothing is fetched, by no protocol where git is too old to know what GIT_NO_LAZY_FETCH means.
    """
    return {
        **os.environ,
        "PATH": programs.search(root),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


class _SaidNoError(RepositoryError):
    """git ended with its own words."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository is: `root` of the work tree (None when it is bare), its git folder, and whether its history is cut.

    That of an `ordinary` one is all in its files, as far as `gitfiles` goes.
    """

    root: str | None
    git_dir: str
    shallow: bool
    ordinary: bool = False

    def git(self, *args: str) -> bytes:
        """Run one plumbing command and give what it prints.

        Raises: RepositoryError with git's own words when it fails.
        """
        return _git(self.root or self.git_dir, args)

    def refs(self, *below: str) -> tuple[str, ...]:
        """Give the short names of tags and branches, the newest first; of what is `below` a namespace, where one is named."""
        wanted = below or ("refs/tags", "refs/heads", "refs/remotes")
        out = self.try_git("for-each-ref", "--sort=-creatordate", "--format=%(refname:short)", *wanted)
        return tuple(os.fsdecode(out or b"").split("\n")[:-1])

    def try_git(self, *args: str) -> bytes | None:
        """Run one plumbing command; None when git says no. That it gives no answer, or one without end, is an error all the same."""
        try:
            return self.git(*args)
        except _SaidNoError:
            return None

    def commit(self, ref: str) -> str | None:
        """Give the commit id of a ref; None when there is none."""
        store = _store(self)
        if store is not None and (found := store.commit(ref)) is not None:
            return found
        out = self.try_git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return None if out is None else out.decode().strip()


def program(root: StrPath) -> str:
    """Give the absolute path of git for work on the repository at `root`, none of whose own programs is run.

    Raises: RepositoryError when there is none.
    """
    found = programs.find("git", root)
    if found.path is None and found.refused:
        raise RepositoryError(f"git is found at {found.refused[0]} alone, which may be the repository's own", help="put the system's git on the PATH")
    if found.path is None:
        raise RepositoryError("git is not installed, or not on the PATH", help="install git 2.25 or newer")
    return found.path


def _git(cwd: str, args: Iterable[str]) -> bytes:
    import subprocess  # noqa: PLC0415 - a check of an ordinary work tree needs no process
    from threading import Thread, Timer  # noqa: PLC0415 - likewise

    root = programs.repository_of(cwd)
    command = (program(root), *SAFE, *args)
    with subprocess.Popen(  # noqa: S603 - the program is git, the arguments are ours
        command, cwd=cwd, env=environment(root), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        said: list[bytes] = []
        stopped: list[None] = []

        def stop() -> None:
            stopped.append(None)
            process.kill()

        alarm, listener = Timer(LONGEST, stop), Thread(target=_drain, args=(process.stderr, said), daemon=True)
        alarm.daemon = True
        alarm.start()
        listener.start()
        try:
            assert process.stdout is not None
            out = process.stdout.read(LARGEST_ANSWER + 1)
            if len(out) <= LARGEST_ANSWER:
                process.wait()
        finally:
            alarm.cancel()
            process.kill()
            listener.join()
    name = command[len(SAFE) + 1]
    if len(out) > LARGEST_ANSWER:
        raise RepositoryError(
            f"git {name} answers with more than {LARGEST_ANSWER // 2**20} MiB; no more is read",
            help="a repository of that many files was made to stop those who read it",
        )
    if stopped:
        raise RepositoryError(f"git {name} gave no answer in {LONGEST} seconds", help="git fsck tells what is wrong with the repository")
    if process.returncode:
        words = b"".join(said).decode(errors="replace").strip().removeprefix("fatal: ")
        raise _SaidNoError(words.splitlines()[0] if words else f"git {name} failed")
    return out


def _drain(source: IO[bytes], said: list[bytes]) -> None:
    """Keep the first words of what git says; take the rest, so that it does not wait."""
    said.append(source.read(4096))
    while source.read(2**16):
        pass


def find(start: str | os.PathLike[str]) -> Repository:
    """Find the repository that holds `start`.

    Raises: RepositoryError when there is none, or when `start` does not exist.
    """
    start = os.fspath(start)
    if not os.path.isdir(start):
        raise RepositoryError(f"{start} is not a folder", help="lockstep --repo DIR takes a folder inside a git repository")
    if (ordinary := git_files.locate(start)) is not None:
        return Repository(ordinary[0], ordinary[1], shallow=ordinary[2], ordinary=True)
    try:
        out = _git(start, ("rev-parse", "--absolute-git-dir", "--is-bare-repository", "--is-shallow-repository", "--is-inside-work-tree"))
    except RepositoryError as error:
        if "not a git repository" not in error.message:
            raise
        raise RepositoryError(f"{start} is not in a git repository", help="run lockstep inside one, or name it with --repo DIR; `git init` makes one") from None
    git_dir, bare, shallow, inside = out.decode(errors="surrogateescape").rstrip("\n").rsplit("\n", 3)
    root = None
    if bare != "true":
        if inside != "true":
            raise RepositoryError(f"{start} is inside a .git folder", help="name the work tree with --repo DIR")
        root = os.fsdecode(_git(start, ("rev-parse", "--show-toplevel")).rstrip(b"\n"))
        if not _holds(os.path.realpath(root), os.path.realpath(start)):
            raise RepositoryError(f"the repository's core.worktree points to {root}, away from {start}")
        if not ({"GIT_DIR", "GIT_WORK_TREE"} & os.environ.keys() or _is_home(root, git_dir)):
            raise RepositoryError(
                f"the repository's core.worktree points to {root}, which is not where its .git stands",
                help=f"git config --unset core.worktree, or set GIT_WORK_TREE={root} if you mean it",
            )
    return Repository(root, git_dir, shallow == "true")


def _holds(folder: str, path: str) -> bool:
    """Say whether a folder is a path, or one of those above it."""
    return os.path.commonpath([folder, path]) == folder if os.path.splitdrive(folder)[0] == os.path.splitdrive(path)[0] else False


def _is_home(root: str, git_dir: str) -> bool:
    """Say whether the `.git` in a folder, or the folder that this file names, is a repository's git folder."""
    marker = os.path.join(root, ".git")
    try:
        named = marker
        if os.path.isfile(marker):
            with open(marker, "rb") as file:
                named = os.path.join(root, os.fsdecode(file.read(2**16).strip().removeprefix(b"gitdir:").strip()))
        return os.path.samefile(named, git_dir)
    except OSError:
        return False


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


def _linked(path: str) -> RepositoryError:
    if {"", ".", ".."} & set(path.split("/")):  # git never wrote such an entry
        return RepositoryError("this path leads out of the repository", path=path, help="git fsck tells what is wrong with the index")
    return RepositoryError("a symbolic link stands in this path; lockstep does not follow links", path=path, help="put the file itself there")


def _whole(descriptor: int, size: int) -> bytes:
    """Read a file to its end, wherever that is by now."""
    parts = [os.read(descriptor, size + 1)]
    while parts[-1]:
        parts.append(os.read(descriptor, 2**20))
    return b"".join(parts) if len(parts) > 2 else parts[0]


class WorkTree:
    """The tracked files as they stand on disk; a tracked file that was deleted, and every symlink, is not there.

    What a sparse checkout leaves out counts as it stands in the index.
    """

    name = "work tree"

    def __init__(self, repository: Repository) -> None:
        if repository.root is None:
            raise RepositoryError("this repository is bare: it has no work tree", help="lockstep check --ref HEAD reads a commit of a bare repository")
        self.repository = repository
        self.root = repository.root
        self._real = os.path.realpath(self.root)
        self._plain = {""}
        self._bytes: dict[str, bytes] = {}
        self._there: dict[str, bool] = {}
        self._skipped: set[str] = set()
        entries = _index_entries(repository, self._skipped)
        self._objects = Objects(repository)
        self._oids = {path: oid for path, (mode, oid) in entries.items() if mode in _REGULAR}
        self.others = {path: oid for path, (mode, oid) in entries.items() if mode not in _REGULAR}
        extra = [OWN] if os.path.lexists(os.path.join(self._real, OWN)) else []
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
        if not self._is_plain(path.rpartition("/")[0]) or os.path.islink(absolute := f"{self._real}/{path}"):
            raise _linked(path)
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
        if path not in self._bytes and not (path in self._skipped and not os.path.lexists(f"{self._real}/{path}") and self._is_left_out(path)):
            data = self._read(path)
            if len(data) > LARGEST_KEPT:
                return data
            self._bytes[path] = data
        return self._bytes[path]

    def _read(self, path: str) -> bytes:
        try:
            descriptor = os.open(f"{self._real}/{path}" if _NO_LINK and self._is_plain(path.rpartition("/")[0]) else self.path(path), _READ)
            try:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
                    raise RepositoryError(f"this is {kind}, expected a file", path=path, help="git status shows what became of it")
                if status.st_size > LARGEST_FILE:
                    raise RepositoryError(f"{status.st_size // 2**20} MiB; lockstep reads files up to {LARGEST_FILE // 2**20} MiB", path=path)
                return _whole(descriptor, status.st_size)
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise _linked(path) from None
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
            known = self._there[path] = os.path.lexists(f"{self._real}/{path}") or self._is_left_out(path)
        return known

    def _is_left_out(self, path: str) -> bool:
        """Say whether a sparse checkout leaves a file out; its content is then the index's, as far as git has it here."""
        if path not in self._skipped or (data := self._objects.read(self._oids[path])) is None:
            return False
        self._bytes[path] = data
        return True

    @property
    def asks_git(self) -> bool:
        """Say whether a git answers for it, and would answer a copy of this process in its place."""
        return self._objects.is_open

    def link(self, path: str) -> str | None:
        """Give what a symbolic link says that git tracks; None for a submodule."""
        return self._objects.link(self.others[path])

    def left_out(self, paths: Iterable[str]) -> list[str]:
        """Give those of the files that are not on disk, because of a sparse checkout."""
        return [path for path in paths if path in self._skipped and not os.path.lexists(f"{self._real}/{path}")]


class Kept:
    """Contents of objects, by id: what is the same in two commits is read once. The oldest go when there are too many."""

    MOST_BYTES = 64 * 2**20

    def __init__(self) -> None:
        self._data: dict[tuple[str, str], bytes] = {}
        self._size = 0

    def get(self, key: tuple[str, str]) -> bytes | None:
        """Give a content that is kept."""
        return self._data.get(key)

    def keep(self, key: tuple[str, str], data: bytes) -> None:
        """Keep a content."""
        if key not in self._data and len(data) <= self.MOST_BYTES // 16:
            self._data[key] = data
            self._size += len(data)
            while self._size > self.MOST_BYTES:
                self._size -= len(self._data.pop(next(iter(self._data))))


_KEPT = Kept()


class Objects:
    """One `git cat-file --batch` that answers as long as it is asked."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, spec: str, kind: str = "blob") -> bytes | None:
        """Give the content of an object named by id or as `ref:path`; None when there is none of this kind.

        Raises: RepositoryError when it is too large.
        """
        if "\n" in spec:
            return None
        store = _store(self._repository)
        oid = spec if len(spec) == 40 or store is None else store.named(spec)
        if store is not None and oid is not None and (known := store.read(oid, LARGEST_FILE)) is not None:
            return known[1] if known[0] == kind else None
        if self._process is None:
            import subprocess  # noqa: PLC0415 - likewise

            root = self._repository.root or self._repository.git_dir
            self._process = subprocess.Popen(  # noqa: S603 - the program is git, the arguments are ours
                [program(root), *SAFE, "cat-file", "--batch"],
                cwd=root,
                env=environment(root),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        source, sink = _pipes(self._process)
        sink.write(os.fsencode(spec) + b"\n")
        sink.flush()
        head = source.readline().split()
        if len(head) < 3 or head[-1] in (b"missing", b"ambiguous"):
            return None
        size = int(head[2])
        if size > LARGEST_FILE:
            self._process.kill()
            self.close()
            raise RepositoryError(
                f"{spec} has {size // 2**20} MiB; lockstep reads files up to {LARGEST_FILE // 2**20} MiB", help="exclude it, or make it smaller"
            )
        data = source.read(size)
        source.read(1)
        return data if head[1].decode() == kind else None

    @property
    def is_open(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None

    def link(self, oid: str) -> str | None:
        """Give what a symbolic link says; None for a submodule, whose commit is not here."""
        data = self.read(oid)
        return os.fsdecode(data) if data is not None and b"\0" not in data else None

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            source, sink = _pipes(self._process)
            sink.close()
            source.close()
            self._process.wait()
            self._process = None

    def __del__(self) -> None:
        self.close()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdout is not None
    assert process.stdin is not None
    return process.stdout, process.stdin


class ObjectTree:
    """Files that are objects of git: what a commit or the index holds."""

    def __init__(self, repository: Repository, name: str, entries: Mapping[str, tuple[str, str]]) -> None:
        self.repository = repository
        self.name = name
        self._oids = {path: oid for path, (mode, oid) in entries.items() if mode in _REGULAR}
        self.others = {path: oid for path, (mode, oid) in entries.items() if mode not in _REGULAR}
        self._listing = Listing(self._oids)
        self._objects = Objects(repository)
        self.lacks = False
        """Whether a content was asked for that is not in this clone."""

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
        key = (self.repository.git_dir, oid)
        if (data := _KEPT.get(key)) is not None:
            return data
        data = self._objects.read(oid)
        if data is None:
            self.lacks = True
            raise RepositoryError(f"git does not have the content of this file ({oid[:12]})", path=path, help="git fetch brings what a partial clone left out")
        _KEPT.keep(key, data)
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
        super().__init__(repository, "index", _index_entries(repository))


class GitTree(ObjectTree):
    """What a commit holds.

    Raises: UsageError when there is no such ref.
    """

    def __init__(self, repository: Repository, ref: str) -> None:
        self.sha = resolve(repository, ref)
        store = _store(repository)
        self._tree = store.peeled(self.sha, "tree") if store is not None else None
        entries = store.files(self._tree) if store is not None and self._tree is not None else None
        super().__init__(repository, ref.removeprefix("refs/tags/").removeprefix("refs/heads/"), _listed(repository, self.sha) if entries is None else entries)

    def tree_id(self) -> str:
        """Give the object id of what the commit holds: commits that hold the same have the same."""
        if self._tree is None:
            self._tree = self.repository.git("rev-parse", f"{self.sha}^{{tree}}").decode().strip()
        return self._tree


def _store(repository: Repository) -> Store | None:
    """Give the objects of a repository whose files may be read without git."""
    if not repository.ordinary:
        return None
    from lockstep.repository.git_objects import store  # noqa: PLC0415 - only who reads what is committed

    return store(os.fspath(repository.git_dir))


def _listed(repository: Repository, sha: str) -> dict[str, tuple[str, str]]:
    """Give mode and object id of a commit's files by path, as git says."""
    entries = {}
    for entry in repository.git("ls-tree", "-r", "-z", "--full-tree", sha).split(b"\0"):
        if entry:
            meta, _, path = entry.partition(b"\t")
            mode, _kind, oid = meta.decode().split()
            entries[os.fsdecode(path)] = (mode, oid)
    return entries


def resolve(repository: Repository, ref: str) -> str:
    """Give the commit id of a ref.

    Raises: UsageError when there is none.
    """
    found = repository.commit(ref)
    if found is None:
        hint = (
            "the clone is shallow: fetch the ref first (git fetch --tags, or fetch-depth: 0 in CI)"
            if repository.shallow
            else did_you_mean(ref, repository.refs(), "git tag and git branch list what there is")
        )
        raise UsageError(f"no commit is named {ref!r}", help=hint)
    return found


def _index_entries(repository: Repository, skipped: set[str] | None = None) -> dict[str, tuple[str, str]]:
    """Give path -> (mode, object id) of the index; an unmerged path counts once, with our side where there is one.

    `skipped` is filled with the paths that a sparse checkout leaves out of the work tree.
    """
    found = git_files.index(repository.git_dir) if repository.ordinary else None
    entries: dict[str, tuple[str, str]] = {}
    for path, mode, oid, stage, left_out in _asked(repository) if found is None else found:
        if stage in (0, 2) or path not in entries:
            entries[path] = (mode, oid)
        if left_out and skipped is not None:
            skipped.add(path)
    return entries


def _asked(repository: Repository) -> Iterator[tuple[str, str, str, int, bool]]:
    for entry in repository.git("ls-files", "-s", "-t", "-z").split(b"\0"):
        if entry:
            meta, _, path = entry.partition(b"\t")
            status, mode, oid, stage = meta.decode().split()
            yield os.fsdecode(path), mode, oid, int(stage), status == "S"
