"""The commits between a release and a commit, with their messages, as git's history has them: merges aside."""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.changelog.conventional import CommitMessage, read
from lockstep.dataclass import replace
from lockstep.repository.repository import Repository

MOST = 5_000
"""Commits that are read."""
MOST_PATHS = 200
"""Commits that announce a break and are asked which files they touched."""


def commits_since(repository: Repository, base: str, head: str, folders: Iterable[str] = (), without: Iterable[str] = ()) -> tuple[CommitMessage, ...]:
    """Give the commits of `head` that `base` does not hold, the oldest first.

    With `folders` those that touched any of these ("" is everywhere), but for what lies in the folders `without`.

    Those that announce a break come with the files that they touched.

    Raises: RepositoryError when git gives no answer.
    """
    wanted, left_out = sorted(set(folders)), sorted(set(without))
    below = [f":(top,literal){one}" if one else ":(top)" for one in wanted if one or left_out]
    below = [] if "" in wanted and not left_out else ["--", *below, *(f":(top,exclude,literal){one}" for one in left_out)] if wanted else []
    out = repository.git("rev-list", "--no-merges", "--reverse", "--topo-order", f"--max-count={MOST}", "--format=%x00%H%n%B%x00", head, f"^{base}", *below)
    found = []
    for one in out.decode(errors="replace").split("\0")[1::2]:
        id_, _, message = one.partition("\n")
        found.append(CommitMessage(id=id_, message=message.strip()))
    breaking = [number for number, one in enumerate(found) if (said := read(one)) is not None and said.breaking][:MOST_PATHS]
    for number in breaking:
        found[number] = replace(found[number], paths=_touched(repository, found[number].id))
    return tuple(found)


def _touched(repository: Repository, commit: str) -> tuple[str, ...]:
    out = repository.git("diff-tree", "-r", "-z", "--root", "--no-commit-id", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", commit)
    return tuple(out.decode(errors="surrogateescape").split("\0")[:-1])
