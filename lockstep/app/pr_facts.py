"""What is known of each group that may be released: its last release, what changed since, and what the comparison and the commits ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from posixpath import basename
from typing import TYPE_CHECKING

from lockstep.app.commit_notes import commits_of, folders_of, said_of
from lockstep.app.diff import SinceRelease, since_release
from lockstep.app.release_plan import is_published
from lockstep.changelog.announced import hold
from lockstep.changelog.conventional import ConventionalCommit
from lockstep.dataclass import dataclass, field
from lockstep.evidence.release_tags import Release, last_release, newer_release
from lockstep.model import Ecosystem, Group, Requires
from lockstep.plans.bump import choose_group
from lockstep.plans.release_step import announced
from lockstep.project.grouping import MAIN, is_placeholder
from lockstep.project.shipped import is_shipped, says_more
from lockstep.repository.git_trees import GitTree
from lockstep.review.notes_owed import owed
from lockstep.surfaces.rust_source.crates import Opened
from lockstep.versions.version import Version

MANIFESTS = ("Cargo.toml", "pyproject.toml")

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.changelog.changes import Change
    from lockstep.project.project import Project


@dataclass(slots=True, kw_only=True)
class GroupFacts:
    """A group, the name that tells it from the others, and its last release, None where there is none; the rest is read when it is asked for, once.

    `alone` says that it is a package which moves on its own, `is_released_pre` that the pre-release at which it is has a tag. `elsewhere` is the tag of a
    release that is no older than where the group is, and not in this history.
    """

    group: Group
    name: str
    release: Release | None
    alone: bool = False
    is_released_pre: bool = False
    elsewhere: str = ""
    _since: list[SinceRelease | None] = field(default_factory=list)
    _commits: list[tuple[ConventionalCommit, ...]] = field(default_factory=list)

    @property
    def version(self) -> Version:
        """The version that the group is at."""
        assert self.group.version is not None
        return self.group.version

    @property
    def since(self) -> SinceRelease | None:
        """The comparison with the last release, None where nobody asked for it."""
        return self._since[0] if self._since else None

    def compared(self, opened: Session, project: Project) -> SinceRelease | None:
        """Compare the group with its last release."""
        if not self._since:
            self._since.append(since_release(opened, project, self.group))
        return self._since[0]

    def required(self, opened: Session, project: Project) -> Requires | None:
        """Give the step that the comparison asks for, None where no surface changed."""
        found = self.compared(opened, project)
        return None if found is None else found.step_to(self.version).level

    def is_read(self, opened: Session, project: Project) -> bool:
        """Say whether any surface of the group was compared: of npm packages none is."""
        found = self.compared(opened, project)
        return found is not None and any(one.surface != "npm" for one in (*found.before.surfaces, *found.after.surfaces))

    def commits(self, opened: Session, project: Project) -> tuple[ConventionalCommit, ...]:
        """Give the conventional commits since the last release, where the project uses them."""
        if not self._commits:
            self._commits.append(() if self.release is None else commits_of(opened, project, self.group, self.release.ref))
        return self._commits[0]

    def announced(self, opened: Session, project: Project) -> Requires | None:
        """Give the step that commits announce."""
        return None if self.release is None else announced(self.commits(opened, project), self.release.version)

    def changes(self, opened: Session, project: Project) -> tuple[Change, ...]:
        """Give what the notes owe: breaks, and where commits do not tell of them, additions."""
        found = self.compared(opened, project)
        return () if found is None else owed(found.step_to(self.version), additions=not opened.config.changelog.commits)

    def disputed(self, opened: Session, project: Project) -> list[str]:
        """Say where commits and comparison disagree."""
        if not opened.config.changelog.commits or self.release is None:
            return []
        return said_of(hold(self.commits(opened, project), self.changes(opened, project)), self.release.tag)

    def changed(self, opened: Session, project: Project) -> bool:
        """Say whether anything changed that users get; where the project uses conventional commits, whether these say so, or a surface does."""
        if self.release is None:
            return False
        tree, before = opened.tree, opened.at(self.release.ref).tree
        assert isinstance(tree, GitTree)
        assert isinstance(before, GitTree)
        mine, without = folders_of(project, self.group)
        touched = {path for path in {*tree.paths(), *before.paths()} if tree.oid(path) != before.oid(path)}
        shipped = {path for path in touched if any(_is_in(path, root) and not _is_in_any(path, without, root) and is_shipped(path, root) for root in mine)}
        above = "Cargo.toml" in touched and any(package.ecosystem is Ecosystem.CARGO for package in self.group.packages)
        if not shipped and not above:
            return False
        if opened.config.changelog.commits:
            return self.announced(opened, project) is not None or self.required(opened, project) is not None
        seen = {path for path in shipped if basename(path) not in MANIFESTS or not (before.has(path) and tree.has(path))}
        seen |= {path for path in shipped - seen if says_more(path, before.read(path), tree.read(path))}
        return bool(seen) or self.required(opened, project) is not None


def _is_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _is_in_any(path: str, folders: tuple[str, ...], root: str) -> bool:
    """Say whether a path lies in one of some folders that are below a root."""
    return any(_is_in(path, one) and (not root or one.startswith(f"{root}/")) for one in folders)


def _shown(group: Group, configured: set[str]) -> str:
    """Give what people call a group: its package, where it has one of one name; else that of the root, or the one that the others are named after."""
    names = {package.name for package in group.packages}
    if group.name == MAIN and len(names) > 1:
        above = {package.name for package in group.packages if not package.root and package.publish is not False}
        first = min(names, key=len)
        names = above if len(above) == 1 else {first} if all(one == first or one.startswith((f"{first}-", f"{first}_")) for one in names) else names
    return names.pop() if len(names) == 1 and group.name not in configured else group.name


def facts_of(opened: Session, project: Project, name: str | None = None) -> Iterator[GroupFacts]:
    """Give what is known of each group that may be released: those with a package that is published, and packages that move on their own.

    Raises: UsageError when there is no group of that name.
    """
    crates = Opened(opened.tree).crates
    groups = [(one, False) for one in project.groups if any(is_published(opened, crates, package) for package in one.packages) or len(project.groups) == 1]
    groups += [(one, True) for one in project.alone if is_published(opened, crates, one.packages[0])]
    configured = {one.name for one in opened.config.groups}
    if name is not None:
        called = [one for one in groups if name == _shown(one[0], configured)]
        chosen = called[0][0] if len(called) == 1 else choose_group(project, name)
        groups = [(chosen, chosen.basis == "on its own")]
    tags, names = opened.release_tags(project), Counter(_shown(group, configured) for group, _ in groups)
    for group, is_alone in groups:
        if group.version is None or is_placeholder(group.version):
            continue
        release = last_release(opened.repository, tags, group, opened.head, lambda: True)
        pre = not group.version.final and any(one.version == group.version for one in tags.of(group))
        newer = None if release is None else newer_release(opened.repository, tags, group, opened.head, release.version)
        elsewhere = newer.tag if newer is not None and newer.version >= group.version else ""
        shown = _shown(group, configured)
        shown = group.packages[0].id if names[shown] > 1 and len(group.packages) == 1 else group.name if names[shown] > 1 else shown
        yield GroupFacts(group=group, name=shown, release=release, alone=is_alone, is_released_pre=pre, elsewhere=elsewhere)
