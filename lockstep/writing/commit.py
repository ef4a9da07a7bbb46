"""Recording a bump in git, on the user's behalf: a commit of the edited files and nothing else, and a tag. Never pushes.

The user asked for it in their own repository, so their hooks and their signing run as git runs them. What git has done is asked of git, whatever its
exit code: commit and tag are part of the write, and go with it.

Source: git-commit(1) --only, git-tag(1)
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable

from lockstep.errors import RefusedByGitError, RepositoryError, UsageError, WriteError
from lockstep.model import Record, Recorded
from lockstep.repository import git_plumbing
from lockstep.repository.programs import StrPath
from lockstep.writing import git_index, git_locks, git_process, release
from lockstep.writing.durable_files import CREATE_NEW, remove, write_all
from lockstep.writing.journal import Journal
from lockstep.writing.signals import stop_if

_FEW, _MANY = 3, 100
"""Lines of git's that stand in a message; that are shown below it."""


def refuse_existing_tag(root: StrPath, tag: str) -> None:
    """Refuse a tag that is there already, or that git does not allow, before anything is written.

    Raises: UsageError.
    """
    try:
        git_plumbing.run(os.fspath(root), ("check-ref-format", f"refs/tags/{tag}"))
    except git_plumbing.GitSaysNoError:
        raise UsageError(f"{tag!r} is no name that git allows for a tag", help="correct tag in the configuration") from None
    if release.tag_exists(os.fspath(root), tag):
        raise UsageError(f"the tag {tag} exists already", help=f"git show {tag} tells what it is; bump to another version, or delete the tag first")


def prepared(root: str, git_dir: str, wanted: Record) -> release.Release:
    """Ask git where the release will stand.

    Raises: WriteError when git knows nobody who commits, or has another index than that of the work tree.
    """
    named = os.environ.get("GIT_INDEX_FILE")
    if named and os.path.realpath(os.path.join(root, named)) != os.path.realpath(f"{git_dir}/index"):
        raise WriteError("GIT_INDEX_FILE names another index than that of the work tree; nothing was changed", help="unset it, then run the command again")
    try:
        return release.prepared(root, wanted.tag)
    except RepositoryError as error:
        raise WriteError(f"git would not commit: {error.message}; nothing was changed", help=error.help or "git config user.name and user.email") from None


def make(journal: Journal, wanted: Record, interrupted: Callable[[], bool]) -> Recorded:
    """Commit the files of a journal, which are all written, and tag the commit.

    Raises: WriteError with git's words when a hook, a signature or git itself refuses, Interrupted, OSError; what was done by then is for `undo`.
    """
    assert journal.release is not None
    staged = _staged(journal, journal.release.before)
    sign = ["--gpg-sign"] if wanted.sign else []
    files = [f"--pathspec-from-file={_list(journal.git_paths, (path for path, _ in journal.files))}", "--pathspec-file-nul"]
    _run(journal, "commit", ["--quiet", "--only", *sign, "--message", wanted.message, *files], interrupted)
    locks = git_locks.sweep(journal)
    found = release.standing(journal.root, journal.release)
    if found.commit is None:
        raise RefusedByGitError("git commit ended well, and the commit is not on the branch", help="git reflog tells what a hook did")
    _take_over(journal, found.commit, except_for=staged)
    if wanted.tag:
        _run(journal, "tag", ["--sign" if wanted.sign else "--annotate", "--message", wanted.message, wanted.tag, found.commit], interrupted)
        locks = tuple(dict.fromkeys((*locks, *git_locks.sweep(journal))))
    return Recorded(commit=found.commit, tag=wanted.tag or None, locks=tuple(path for path in locks if os.path.lexists(path)))


def _staged(journal: Journal, commit: str) -> frozenset[str]:
    """Give the files that are staged, which is to say other in the copy of the index than in a commit."""
    if not commit:
        return frozenset()
    found = git_plumbing.run(journal.root, ("diff-index", "--cached", "--name-only", "--no-renames", "-z", commit, "--"), index=journal.new_index)
    return frozenset(os.fsdecode(found).split("\0")[:-1])


def _take_over(journal: Journal, commit: str, *, except_for: frozenset[str]) -> None:
    """Bring what a hook has changed of the commit into the index, which git leaves without it; what the user has staged of other files stays."""
    assert journal.release is not None
    own = frozenset(path for path, _ in journal.files)
    other = _staged(journal, commit)
    stale = (other & own) | (other - except_for if journal.release.before else frozenset())
    if stale:
        _reset(journal, commit, stale, index=journal.new_index)


def _reset(journal: Journal, commit: str, paths: Iterable[str], *, index: str | None = None) -> None:
    """Give files of an index the content that they have in a commit."""
    listed = f"--pathspec-from-file={_list(journal.git_stale_paths, paths)}"
    git_plumbing.run(journal.root, ("--literal-pathspecs", "reset", "--quiet", listed, "--pathspec-file-nul", commit), index=index)


def undo(journal: Journal, *, begun: bool | None = None) -> bool:
    """Take back what git has of a release, and say whether that could be: work on top of it, or another ref that holds it, lets it stand.

    Whether git has `begun` is seen by its note, where nobody knows better.

    Raises: LockstepError when git does not let go of it, OSError.
    """
    assert journal.release is not None
    if _has_note(journal) if begun is None else begun:
        git_locks.clear(journal)
        found = release.standing(journal.root, journal.release)
        if found.commit is not None and not found.tip:
            return False
        if found.commit is not None:
            release.take_back(journal.root, journal.release, found)
            git_locks.clear(journal)
    remove(journal.git_paths)
    git_index.restore(journal)
    git_index.unlock(journal)
    return True


def settle(journal: Journal) -> bool:
    """After a kill: finish what git has whole, take back what it has in part, and say whether the release stands.

    Raises: WriteError while git is still at work; LockstepError when it does not let go of the release, OSError.
    """
    assert journal.release is not None
    if not git_process.wait_for(journal.git_note):
        raise WriteError(
            f"git (process {git_process.number_of(journal.git_note)}), which a killed lockstep had started, is still making a release",
            help="wait for it, or end it; then run the command again",
        )
    # A loss of power may keep the commit, and not the note
    begun = _has_note(journal) or release.standing(journal.root, journal.release).commit is not None
    if begun:
        git_locks.clear(journal)
        found = release.standing(journal.root, journal.release)
        if (found.commit is None and _is_committed(journal)) or (found.commit is not None and (found.tagged or not journal.release.tag)):
            stand(journal)
            return True
    if undo(journal, begun=begun):
        return False
    stand(journal)
    return True


def stand(journal: Journal) -> None:
    """Let the release stand, and the index hold it.

    Raises: LockstepError when git does not write the index, OSError.
    """
    assert journal.release is not None
    if git_index.is_ours(journal) and release.standing(journal.root, journal.release).commit is not None:
        if os.path.lexists(lock := f"{journal.new_index}.lock"):  # git was killed between its commit and its index
            remove(lock)
            _reset(journal, "HEAD", (path for path, _ in journal.files), index=journal.new_index)
        git_index.publish(journal)
        git_index.unlock(journal)
    else:
        git_index.unlock(journal)
        _reset(journal, "HEAD", (path for path, _ in journal.files))
    journal.commit()


def lacks_tag(journal: Journal) -> WriteError | None:
    """Give what is to be told of a release that stands without its tag."""
    assert journal.release is not None
    found = release.standing(journal.root, journal.release)
    if not journal.release.tag or found.tagged:
        return None
    commit = (found.commit or "HEAD")[:12]
    return WriteError(
        f"the release commit {commit} stands, for something was built on it meanwhile, but its tag {journal.release.tag} does not",
        help=f"git tag --annotate {journal.release.tag} {commit} makes it",
    )


def keeper(journal: Journal, said: list[str]) -> Callable[[str], bool]:
    """Give what keeps a file, before it is overwritten, as an object of git's, and adds to `said` how it is got back."""

    def keep(path: str) -> bool:
        if not os.path.lexists(path):
            return True
        if os.path.islink(path) or not os.path.isfile(path):
            return False
        try:
            kept = git_plumbing.run(journal.root, ("hash-object", "-w", "--no-filters", "--", path)).decode().strip()
        except RepositoryError:
            return False
        name = os.path.relpath(path, journal.root)
        said.append(f"{name} was rewritten meanwhile, by a hook or by hand, and is the old one again; git cat-file blob {kept[:12]} prints what stood there")
        return True

    return keep


def _run(journal: Journal, step: str, arguments: list[str], interrupted: Callable[[], bool]) -> None:
    ended = git_process.run(journal.root, (step, *arguments), environment=_environment(journal), note=journal.git_note, interrupted=interrupted)
    stop_if(interrupted)
    if not ended.code:
        return
    words = [line.rstrip() for line in ended.words if line.strip()]
    short = "; ".join(line.strip() for line in words) if len(words) <= _FEW else words[-1].strip()
    killed = f"killed by signal {-ended.code}" if ended.code < 0 else "no reason given"
    help_ = "mend that (a hook, a signing key, user.name), then run the command again"
    error = RefusedByGitError(f"git {step} refused: {short or killed}", help=help_)
    if len(words) > _FEW:
        error.add_note("\n".join([f"git {step} and its hooks said:", *words[-_MANY:]]))
    raise error


def _environment(journal: Journal) -> dict[str, str]:
    """Give the user's own environment, with the copy of the index, and with the second by which the commit is known again."""
    assert journal.release is not None
    second = journal.release.second
    own = {"GIT_INDEX_FILE": journal.new_index, "GIT_COMMITTER_DATE": f"@{second} {time.strftime('%z', time.localtime(second))}"}
    if {"GIT_DIR", "GIT_WORK_TREE"} & os.environ.keys():  # they may be relative to where lockstep was called
        own |= {"GIT_DIR": journal.git_dir, "GIT_WORK_TREE": journal.root}
    return {**os.environ, **own}


def _has_note(journal: Journal) -> bool:
    return os.path.lexists(journal.git_note)


def _is_committed(journal: Journal) -> bool:
    """Say whether somebody has committed all the new files by hand."""
    for path, wanted in journal.files:
        try:
            data = git_plumbing.run(journal.root, ("cat-file", "blob", f"HEAD:{path}"))
        except RepositoryError:
            return False
        if hashlib.sha256(data).hexdigest() != wanted:
            return False
    return True


def _list(name: str, paths: Iterable[str]) -> str:
    """Write a list of files for git, and give its name."""
    remove(name)
    descriptor = os.open(name, CREATE_NEW, 0o600)
    try:
        write_all(descriptor, b"".join(os.fsencode(path) + b"\0" for path in paths))
    finally:
        os.close(descriptor)
    return name
