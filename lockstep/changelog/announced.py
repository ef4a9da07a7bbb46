"""What commits announce, held against what the comparison found: a break that is none, and a break of which no commit says so."""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.conventional import ConventionalCommit
from lockstep.changelog.mentions import SearchText, mentions
from lockstep.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Where the two disagree: commits that announce a break which the comparison does not show, and breaks that no commit announces."""

    unseen: tuple[ConventionalCommit, ...] = ()
    silent: tuple[Change, ...] = ()


def hold(commits: Iterable[ConventionalCommit], changes: Iterable[Change]) -> Announced:
    """Hold commits against breaks. A commit announces the breaks in the files that it touched, and those that its words name."""
    breaking = [one for one in commits if one.breaking]
    breaks = [one for one in changes if one.kind is ChangeKind.BREAK]
    met: set[str] = set()
    silent = []
    for change in breaks:
        by = [one.id for one in breaking if _announces(one, change)]
        met.update(by)
        silent += [] if by else [change]
    return Announced(unseen=tuple(one for one in breaking if one.id not in met), silent=tuple(silent))


def _announces(commit: ConventionalCommit, change: Change) -> bool:
    if change.place.path in commit.paths:
        return True
    said = SearchText.of(f"{commit.description}\n{commit.why}")
    return any(mentions(said, name) for name in (change.symbol, *change.kin))
