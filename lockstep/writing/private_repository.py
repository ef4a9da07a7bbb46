"""A repository of our own, for a moment: commits and tags are made there on top of the user's objects, and pushed from there.

It borrows the objects of the user's repository (gitrepository-layout(5), objects/info/alternates) and nothing else of it: neither work tree, index, refs
nor HEAD are touched, and none of its configuration and hooks counts. It is gone afterwards.

Source: git-commit-tree(1), git-read-tree(1), git-update-index(1) --index-info
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError, WriteError
from lockstep.repository import git_plumbing
from lockstep.repository.repository import Repository
from lockstep.writing.durable_files import CREATE_NEW, write_all
from lockstep.writing.private_folder import private_folder

SECONDS = 300
"""Seconds that git may take for one step; a push may take as long."""
_OF_ANOTHER = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR"),
    *("GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_CONFIG"),
)


_QUIET = ("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.logAllRefUpdates=false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How git ended: its exit code, and what it printed and said."""

    code: int
    out: bytes
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who makes a commit or a tag, and when: a second since 1970 and a zone, as git writes them."""

    name: str
    email: str
    date: str

    def environment(self) -> dict[str, str]:
        """Give it as git takes it."""
        pairs = (("NAME", self.name), ("EMAIL", self.email), ("DATE", self.date))
        return {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateRepository:
    """A bare repository in a private folder, whose objects come before those of the user's; `root` is where that stands."""

    folder: str
    root: str

    def run(self, *args: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Ended:
        """Run git in it; `environment` is added to what every git of lockstep has.

        Raises: RepositoryError when it gives no answer.
        """
        kept = {name: value for name, value in git_plumbing.environment(self.root).items() if name not in _OF_ANOTHER}
        kept |= {name: value for name, value in (environment or {}).items() if name not in _OF_ANOTHER}
        kept |= {"GIT_DIR": self.folder, "GIT_INDEX_FILE": os.path.join(self.folder, "lockstep-index")}
        command = (git_plumbing.program(self.root), *git_plumbing.SAFE, *_QUIET, *args)
        try:
            done = subprocess.run(  # noqa: S603 - the program is git, the arguments are ours
                command, cwd=self.folder, env=kept, input=stdin, capture_output=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            raise RepositoryError(f"git {args[0]} gave no answer in {SECONDS} seconds", help="run the command again") from None
        return Ended(code=done.returncode, out=done.stdout[: git_plumbing.LARGEST_ANSWER], err=done.stderr[:65536].decode(errors="replace"))

    def git(self, *args: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """Run git in it, and give what it prints.

        Raises: WriteError with git's own words when it fails.
        """
        ended = self.run(*args, stdin=stdin, environment=environment)
        if ended.code:
            raise WriteError(f"git {args[0]} refused: {words(ended.err)}", help="mend that (a signing key, user.name), then run the command again")
        return ended.out

    def commit(self, parent: str, files: Mapping[str, bytes], message: str, who: Signature, *, sign: bool = False) -> tuple[str, str]:
        """Make a commit of a parent with other bytes in some of its files; give its id and that of its tree.

        Raises: WriteError when git refuses.
        """
        tree = self.tree(parent, files)
        signing = ("--gpg-sign",) if sign else ("--no-gpg-sign",)
        made = self.git("commit-tree", *signing, "-p", parent, "-F", "-", tree, stdin=message.encode(), environment=who.environment())
        return made.decode().strip(), tree

    def tree(self, parent: str, files: Mapping[str, bytes]) -> str:
        """Make the tree of a commit with other bytes in some of its files, which keep their modes.

        Raises: WriteError when git refuses.
        """
        self.git("read-tree", parent)
        modes = self._modes(parent, files)
        lines = []
        for path, data in files.items():
            blob = self.git("hash-object", "-w", "--no-filters", "--stdin", stdin=data).decode().strip()
            lines.append(f"{modes[path]} {blob} 0\t".encode() + os.fsencode(path) + b"\0")
        self.git("update-index", "-z", "--index-info", stdin=b"".join(lines))
        return self.git("write-tree", "--missing-ok").decode().strip()

    def _modes(self, commit: str, paths: Iterable[str]) -> dict[str, str]:
        listed = self.git("ls-tree", "-r", "-z", "--full-tree", commit)
        found = {}
        for entry in listed.split(b"\0")[:-1]:
            meta, _, name = entry.partition(b"\t")
            found[os.fsdecode(name)] = meta.decode().split()[0]
        for path in paths:
            if not found.get(path, "").startswith("100"):
                raise WriteError("there is no such file in the commit", path=path)
        return found

    def tag(self, name: str, commit: str, message: str, who: Signature, *, sign: bool = False) -> str:
        """Make an annotated tag of a commit, and give its id.

        Raises: WriteError when git refuses.
        """
        signing = "--sign" if sign else "--no-sign"
        self.git("tag", "--annotate", signing, "--cleanup=verbatim", "-F", "-", "--", name, commit, stdin=message.encode(), environment=who.environment())
        return self.git("rev-parse", "--verify", "--end-of-options", f"refs/tags/{name}").decode().strip()

    def raw_commit(self, commit: str) -> bytes | None:
        """Give a commit as git stores it; None where it is not here."""
        ended = self.run("cat-file", "commit", commit)
        return ended.out if ended.code == 0 else None


@contextmanager
def private_repository(repository: Repository) -> Iterator[PrivateRepository]:
    """Make a repository that borrows the objects of the user's.

    Raises: WriteError when it cannot be made.
    """
    root = repository.root or repository.git_dir
    head = repository.commit("HEAD") or ""
    objects, shallow = (_place(repository, name) for name in ("objects", "shallow"))
    with private_folder({}) as folder:
        made = PrivateRepository(folder=os.path.join(folder, "repository.git"), root=root)
        os.mkdir(made.folder, 0o700)
        kind = ("--object-format=sha256",) if len(head) == 64 else ()
        made.git("init", "--bare", "--quiet", "--template=", *kind, made.folder)
        os.makedirs(os.path.join(made.folder, "objects", "info"), exist_ok=True)
        _write(os.path.join(made.folder, "objects", "info", "alternates"), _listed(objects))
        if os.path.isfile(shallow):
            with open(shallow, "rb") as file:
                _write(os.path.join(made.folder, "shallow"), file.read())
        yield made


def words(err: str) -> str:
    """Give the line of git's that says why, the first of its errors."""
    lines = [line.strip() for line in err.splitlines() if line.strip() and not line.startswith("hint:")]
    first = next((line for line in lines if line.startswith(("fatal:", "error:", "remote: error:", "remote: fatal:", "ERROR:"))), lines[0] if lines else "")
    return first.removeprefix("fatal:").removeprefix("error:").strip()[:300] or "no reason given"


def _place(repository: Repository, name: str) -> str:
    """Give the absolute path of a file of the user's repository, wherever its work trees share it."""
    said = os.fsdecode(repository.git("rev-parse", "--git-path", name).rstrip(b"\n"))
    return os.path.normpath(os.path.join(repository.root or repository.git_dir, said))


def _listed(objects: str) -> bytes:
    """Write a path as a line of alternates; a quoted one may hold anything."""
    plain = os.fsencode(objects)
    if plain[:1] not in (b'"', b"#") and b"\n" not in plain:
        return plain + b"\n"
    return b'"' + plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"\n'


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, CREATE_NEW, 0o600)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)
