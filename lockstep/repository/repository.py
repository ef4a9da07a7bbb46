"""A repository: where it is, which commits and refs it has, and what git says of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError, UsageError
from lockstep.repository import git_files
from lockstep.wording import did_you_mean

if TYPE_CHECKING:
    from lockstep.repository.git_objects import Store


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository is: `root` of the work tree (None when it is bare), its git folder, and whether its history is cut.

    That of an `ordinary` one is all in its files, as far as `git_files` goes.
    """

    root: str | None
    git_dir: str
    shallow: bool
    ordinary: bool = False

    def git(self, *args: str) -> bytes:
        """Run one plumbing command and give what it prints.

        Raises: RepositoryError with git's own words when it fails.
        """
        from lockstep.repository import git_plumbing  # noqa: PLC0415 - a check of an ordinary work tree needs no process

        return git_plumbing.run(self.root or self.git_dir, args)

    def refs(self, *below: str) -> tuple[str, ...]:
        """Give the short names of tags and branches, the newest first; of what is `below` a namespace, where one is named."""
        wanted = below or ("refs/tags", "refs/heads", "refs/remotes")
        out = self.try_git("for-each-ref", "--sort=-creatordate", "--format=%(refname:short)", *wanted)
        return tuple(os.fsdecode(out or b"").split("\n")[:-1])

    def try_git(self, *args: str) -> bytes | None:
        """Run one plumbing command; None when git says no. That it gives no answer, or one without end, is an error all the same."""
        from lockstep.repository.git_plumbing import GitFailedError  # noqa: PLC0415 - likewise

        try:
            return self.git(*args)
        except GitFailedError:
            return None

    def commit(self, ref: str) -> str | None:
        """Give the commit id of a ref; None when there is none."""
        if "\0" in ref:
            return None  # no word of a command line holds it
        store = self.store()
        if store is not None and (found := store.commit(ref)) is not None:
            return found
        out = self.try_git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return None if out is None else out.decode().strip()

    def contains(self, ref: str, commit: str) -> bool:
        """Say whether the history of `ref` holds a commit; it holds its own."""
        return self.try_git("merge-base", "--is-ancestor", commit, ref) is not None

    def store(self) -> Store | None:
        """Give the objects of a repository whose files may be read without git."""
        if not self.ordinary:
            return None
        from lockstep.repository.git_objects import store  # noqa: PLC0415 - only who reads what is committed

        return store(self.git_dir)


def find(start: str | os.PathLike[str]) -> Repository:
    """Find the repository that holds `start`.

    Raises: RepositoryError when there is none, or when `start` does not exist.
    """
    start = os.fspath(start)
    if not os.path.isdir(start):
        raise RepositoryError(f"{start} is not a folder", help="lockstep --repo DIR takes a folder inside a git repository")
    if (ordinary := git_files.locate(start)) is not None:
        return Repository(ordinary[0], ordinary[1], shallow=ordinary[2], ordinary=True)
    from lockstep.repository import git_plumbing, programs  # noqa: PLC0415 - likewise

    try:
        out = git_plumbing.run(start, ("rev-parse", "--absolute-git-dir", "--is-bare-repository", "--is-shallow-repository", "--is-inside-work-tree"))
    except RepositoryError as error:
        if "not a git repository" not in error.message:
            raise
        raise RepositoryError(f"{start} is not in a git repository", help="run lockstep inside one, or name it with --repo DIR; `git init` makes one") from None
    git_dir, bare, shallow, inside = out.decode(errors="surrogateescape").rstrip("\n").rsplit("\n", 3)
    root = None
    if bare != "true":
        named = "GIT_WORK_TREE" in os.environ
        if inside != "true" and not named:
            if "GIT_DIR" in os.environ:
                raise RepositoryError(f"{start} is not in the work tree of {git_dir}, which GIT_DIR names", help="unset GIT_DIR, or set GIT_WORK_TREE too")
            raise RepositoryError(f"{start} is inside a .git folder", help="name the work tree with --repo DIR")
        root = os.fsdecode(git_plumbing.run(start, ("rev-parse", "--show-toplevel")).rstrip(b"\n"))
        if not named and not contains(os.path.realpath(root), os.path.realpath(start)):
            raise RepositoryError(f"the repository's core.worktree points to {root}, away from {start}")
        if not ({"GIT_DIR", "GIT_WORK_TREE"} & os.environ.keys() or _has_git_dir(root, git_dir)):
            raise RepositoryError(
                f"the repository's core.worktree points to {root}, which is not where its .git stands",
                help=f"git config --unset core.worktree, or set GIT_WORK_TREE={root} if you mean it",
            )
    _refuse_another(root or programs.repository_of(start), git_dir, bare=root is None)
    return Repository(root, git_dir, shallow == "true")


def _refuse_another(root: str, git_dir: str, *, bare: bool) -> None:
    """Refuse a `.git` file that names a repository which is another's: of a work tree with a `.git` folder, a linked one that is there, or none at all.

    Raises: RepositoryError.
    """
    if "GIT_DIR" in os.environ or not os.path.isfile(f"{root}/.git"):
        return
    if bare:
        whose = "" if contains(os.path.realpath(root), os.path.realpath(git_dir)) else "a bare repository elsewhere"
    else:
        whose = "that of another work tree" if os.path.basename(git_dir) == ".git" or _is_linked_elsewhere(root, git_dir) else ""
    if whose:
        raise RepositoryError(f"the .git of {root} is a file, and names {git_dir}, which is {whose}", help=f"set GIT_DIR={git_dir} if you mean it")


def _is_linked_elsewhere(root: str, git_dir: str) -> bool:
    """Say whether the git folder of a linked work tree belongs to another one, which is there: one that was moved by hand, or mounted, is not."""
    try:
        with open(os.path.join(git_dir, "gitdir"), "rb") as file:
            own = os.path.join(git_dir, os.fsdecode(file.read(2**16).strip()))
        return not os.path.samefile(own, os.path.join(root, ".git"))
    except OSError:
        return False


def contains(folder: str, path: str) -> bool:
    """Say whether a folder is a path, or one of those above it."""
    drives = {os.path.splitdrive(one)[0].lower() for one in (folder, path)}
    return len(drives) == 1 and os.path.commonpath([folder, path]) == folder


def _has_git_dir(root: str, git_dir: str) -> bool:
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
