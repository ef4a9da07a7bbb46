"""Is a commit the head of the branch that is released? Evidence: a Position."""

from __future__ import annotations

from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.model import Place

NAMES = ("commit_behind_head", "commit_inside_merge", "commit_off_branch", "remote_unseen")


class Stands(StrEnum):
    """Where a commit stands, seen from the branch on the remote."""

    HEAD = "head"
    BEHIND = "behind"  # the branch was there once
    MERGED = "merged"  # on a branch that was merged into it: it never was the head
    AHEAD = "ahead"  # not pushed yet
    ELSEWHERE = "elsewhere"  # not in the branch
    UNKNOWN = "unknown"  # not the head; what else cannot be told from this clone
    UNSEEN = "unseen"  # the remote cannot be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A commit, and where it stands. `count` is how many commits the branch is ahead, `merge` the one that brought it in, `others` branches that hold it.

    `tips` are those of the others whose head it is.
    """

    ref: str
    commit: str
    remote: str
    stands: Stands
    branch: str = ""
    head: str = ""
    count: int = 0
    merge: str = ""
    others: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()
    why: str = ""
    """What is wrong with the remote, or with this clone."""
    absent: str = ""
    """What a remote that answers does not have, and in `hint` what to do about it."""
    hint: str = ""

    def place(self) -> Place:
        """Give the place of a finding: the ref."""
        return Place(path=self.ref)
