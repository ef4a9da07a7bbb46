"""What the commits since a release say, for a group: where the project drafts notes from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.changelog.announced import Announced
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.changelog.conventional import ConventionalCommit
    from lockstep.model import Group
    from lockstep.project.project import Project

MOST_NAMED = 5
"""Commits and breaks that are named one by one."""


def commits_of(opened: Session, project: Project, group: Group, since: str) -> tuple[ConventionalCommit, ...]:
    """Give the conventional commits since a ref that touched a group's packages; none where the project does not draft from them.

    Raises: RepositoryError when git gives no answer.
    """
    if not opened.config.changelog.commits:
        return ()
    from lockstep.changelog.conventional import read_all  # noqa: PLC0415 - few projects ask
    from lockstep.evidence.commits import commits_since  # noqa: PLC0415 - likewise

    return read_all(commits_since(opened.repository, since, opened.head, *folders_of(project, group)))


def folders_of(project: Project, group: Group) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the folders that are a group's, and those below them that are of packages which move without it."""
    mine = {package.root for package in group.packages}
    others = {package.root for package in project.packages} - mine
    below = {one for one in others if any(not root or one.startswith(f"{root}/") for root in mine)}
    return tuple(sorted(mine)), tuple(sorted(one for one in below if not any(root.startswith(f"{one}/") for root in mine)))


def said_of(found: Announced, since: str) -> list[str]:
    """Say in words where commits and comparison disagree."""
    lines = []
    if found.unseen:
        subjects = "; ".join(f"{one.id[:9]} {one.subject}" for one in found.unseen[:MOST_NAMED])
        rest = f" and {len(found.unseen) - MOST_NAMED} more" if len(found.unseen) > MOST_NAMED else ""
        which = "a commit announces a break" if len(found.unseen) == 1 else f"{len(found.unseen)} commits announce breaks"
        lines.append(f"{which} that the comparison with {since} does not show: {subjects}{rest}; a signature does not show it, or the ! is too much")
    if found.silent:
        symbols = ", ".join(one.symbol for one in found.silent[:MOST_NAMED])
        rest = f" and {len(found.silent) - MOST_NAMED} more" if len(found.silent) > MOST_NAMED else ""
        lines.append(f"{counted(len(found.silent), 'break')} since {since} that no commit announces with ! or BREAKING CHANGE: {symbols}{rest}")
    return lines
