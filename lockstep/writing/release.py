"""The commit and the tag that belong to a write: what git holds of them, asked of git itself, and how they are taken back.

The commit is known again by where it stands and by the second in which git was told to make it, which no hook changes.

Source: git-update-ref(1), git-commit(1) on GIT_COMMITTER_DATE
"""

from __future__ import annotations

import re

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError
from lockstep.repository import git_plumbing
from lockstep.repository.git_plumbing import GitSaysNoError

MOST_ON_TOP = 1000
"""Commits that are searched for ours; above that it is nobody's to take back."""
_ID = re.compile("(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_REF = re.compile("HEAD|refs/heads/[^\0\n ~^:?*\\[\\\\]+")


@dataclass(frozen=True, slots=True)
class Release:
    """What git is asked for: a commit on the branch `ref` (HEAD where that names none) on top of `before`, made in a `second`, and a `tag`; "" is none."""

    ref: str
    before: str
    second: int
    tag: str

    @property
    def is_sound(self) -> bool:
        """Say whether it can be one of ours."""
        types: list[object] = [type(one) for one in (self.ref, self.before, self.second, self.tag)]
        return types == [str, str, int, str] and bool(_ID.fullmatch(self.before)) and bool(_REF.fullmatch(self.ref)) and "\0" not in self.tag


@dataclass(frozen=True, slots=True)
class Standing:
    """What git holds: the release's `commit`, whether it is the `tip` of its branch and of nothing else, and whether it has its tag."""

    commit: str | None
    tip: bool = False
    tagged: bool = False


def standing(root: str, release: Release) -> Standing:
    """Ask git what it has of a release.

    Raises: RepositoryError when git gives no answer.
    """
    tip = _id(root, release.ref)
    if tip is None or tip == release.before or (commit := _commit(root, release)) is None:
        return Standing(commit=None)
    tagged = bool(release.tag) and _id(root, f"refs/tags/{release.tag}^{{commit}}") == commit
    own = {release.ref, f"refs/tags/{release.tag}"}
    others = set(git_plumbing.run(root, ("for-each-ref", f"--contains={commit}", "--format=%(refname)")).decode(errors="replace").splitlines()) - own
    on_branch = release.ref == "HEAD" or _branch(root) == release.ref
    return Standing(commit=commit, tip=tip == commit and on_branch and not others, tagged=tagged)


def prepared(root: str, tag: str) -> Release:
    """Ask git where a release would stand, and who would make it.

    Raises: RepositoryError, with git's words when nobody is named who commits.
    """
    words = git_plumbing.run(root, ("var", "GIT_COMMITTER_IDENT")).decode(errors="replace").split()
    second = words[-2] if len(words) > 1 else ""
    if not second.isdecimal():
        raise RepositoryError("git does not say who commits", help="git var GIT_COMMITTER_IDENT tells why")
    return Release(ref=_branch(root), before=_id(root, "HEAD") or "", second=int(second), tag=tag)


def take_back(root: str, release: Release, found: Standing) -> None:
    """Take the tag and the commit from git, where they still are what they were when `found`.

    Raises: RepositoryError when git refuses.
    """
    assert found.commit is not None
    if found.tagged:
        tag = f"refs/tags/{release.tag}"
        git_plumbing.run(root, ("update-ref", "-d", tag, _id(root, tag) or ""))
    if release.before:
        git_plumbing.run(root, ("update-ref", "-m", "lockstep: undo", release.ref, release.before, found.commit))
    else:
        git_plumbing.run(root, ("update-ref", "-d", _branch(root) if release.ref == "HEAD" else release.ref, found.commit))


def tag_exists(root: str, tag: str) -> bool:
    """Say whether there is a tag of this name."""
    return _id(root, f"refs/tags/{tag}") is not None


def _branch(root: str) -> str:
    """Give the branch that HEAD names; HEAD where it names none."""
    try:
        return git_plumbing.run(root, ("symbolic-ref", "--quiet", "HEAD")).decode(errors="surrogateescape").rstrip("\n")
    except GitSaysNoError:
        return "HEAD"


def _id(root: str, name: str) -> str | None:
    try:
        return git_plumbing.run(root, ("rev-parse", "--verify", "--quiet", "--end-of-options", name)).decode().strip()
    except GitSaysNoError:
        return None


def _commit(root: str, release: Release) -> str | None:
    """Find the release's commit in its branch: made on top of what was there, in that second."""
    above = [f"^{release.before}"] if release.before else []
    listed = ("rev-list", "--first-parent", "--parents", "--timestamp", f"--max-count={MOST_ON_TOP}", release.ref, *above, "--")
    lines = git_plumbing.run(root, listed).decode().splitlines()
    if not lines:
        return None
    second, commit, *parents = lines[-1].split()
    return commit if int(second) == release.second and parents == ([release.before] if release.before else []) else None
