"""Recording a bump in git, on the user's behalf: a commit of the edited files and nothing else, and a tag. Never pushes.

The user asked for it in their own repository, so their hooks and their signing run as git runs them. A hook or a signature that fails
takes the commit and the tag back; the caller takes the edits back.

Source: git-commit(1) --only, git-tag(1)
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.errors import UsageError, WriteError
from lockstep.model import Record, Recorded
from lockstep.repository.git_plumbing import program
from lockstep.repository.programs import StrPath

if TYPE_CHECKING:
    from git import Repo


def _opened(root: StrPath) -> Repo:
    """Open the repository with the git that all of lockstep calls, which GitPython calls as soon as it is imported."""
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = program(root)
    import git  # noqa: PLC0415 - only a bump with --commit or --tag pays for it

    return git.Repo(root)


def refuse_existing_tag(root: StrPath, tag: str) -> None:
    """Refuse a tag that is there already, or that git does not allow, before anything is written.

    Raises: UsageError.
    """
    repository = _opened(root)
    import git  # noqa: PLC0415 - likewise

    try:
        repository.git.check_ref_format(f"refs/tags/{tag}")
    except git.GitCommandError:
        raise UsageError(f"{tag!r} is no name that git allows for a tag", help="correct tag in the configuration") from None
    if tag in {one.name for one in repository.tags}:
        raise UsageError(f"the tag {tag} exists already", help=f"git show {tag} tells what it is; bump to another version, or delete the tag first")


def record(root: StrPath, paths: Sequence[str], wanted: Record) -> Recorded:
    """Commit the files and tag the commit.

    Raises: WriteError with git's words when a hook, a signature or git itself refuses; HEAD, index and tags are then as they were.
    """
    repository = _opened(root)
    import git  # noqa: PLC0415 - likewise

    before = repository.head.commit.hexsha if repository.head.is_valid() else None
    commit = None
    try:
        if wanted.commit:
            repository.git.commit("--quiet", "--only", *(["--gpg-sign"] if wanted.sign else []), "--message", wanted.message, "--", *paths)
            commit = repository.head.commit.hexsha
        if wanted.tag:
            repository.git.tag("--sign" if wanted.sign else "--annotate", "--message", wanted.message, wanted.tag)
    except (git.GitCommandError, KeyboardInterrupt) as error:
        if commit is not None and before is not None:
            repository.git.update_ref("-m", "lockstep: undo", "HEAD", before, commit)
            repository.git.reset("--quiet", before, "--", *paths)
        if isinstance(error, KeyboardInterrupt):
            raise
        words = (error.stderr or error.stdout or "").replace("stderr: ", "").replace("stdout: ", "").strip().strip("'")
        said = "; ".join(line.strip() for line in words.splitlines() if line.strip())
        step = "tag" if commit is not None or not wanted.commit else "commit"
        raise WriteError(
            f"git {step} refused: {said or 'no reason given'}; the edits were taken back",
            help="mend that (a hook, a signing key, user.name), then run the command again",
        ) from None
    return Recorded(commit=commit, tag=wanted.tag or None)
