"""A repository that is open at a moment, with the configuration that counts there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeAlias

from lockstep.config import Config
from lockstep.config.reading import load
from lockstep.dataclass import dataclass, field, replace
from lockstep.errors import RepositoryError
from lockstep.model import Finding, Group, Role, Site
from lockstep.project.project import Project, discover
from lockstep.repository import git_trees
from lockstep.repository.repository import Repository, find
from lockstep.tree import Tree
from lockstep.wording import counted
from lockstep.writing import journal_files

if TYPE_CHECKING:
    from lockstep.project.grouping import PackageId, PastRelease
    from lockstep.project.release_tags import ReleaseTags
    from lockstep.versions.version import Version

DECLARING = ("Cargo.toml", "pyproject.toml", "package.json")
"""The manifests that people forget to add; the name of a file says nothing about the others."""

MOST_ALONE = 32
"""How many packages that move alone are asked what their last bump taught."""

AnyTree: TypeAlias = git_trees.WorkTree | git_trees.IndexTree | git_trees.GitTree


def _ignore(_: str) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who follows the work: `say` takes a sentence for a person, `reading` gives the tree to read from, and sees how far that is."""

    say: Callable[[str], None] = _ignore
    reading: Callable[[Tree], AbstractContextManager[Tree]] = nullcontext


SILENT = Listener()


@dataclass(slots=True, kw_only=True)
class Observed:
    """What a project depends on beside its tree: the paths whose past teaches, and whether the tags were asked."""

    taught: set[str] = field(default_factory=set)
    tags: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A repository that is open, and its configuration.

    `config_file` is the file that was named for it, None for the usual places. `policy_changes` says what of the tree's own configuration does not count,
    where that of another commit does.
    """

    repository: Repository
    tree: AnyTree
    config: Config
    config_file: str | None = None
    head: str = "HEAD"
    policy_changes: tuple[Finding, ...] = ()
    listener: Listener = SILENT
    observed: Observed = field(default_factory=Observed, compare=False)
    _versions: dict[str, Mapping[PackageId, Version | None] | None] = field(default_factory=dict, compare=False)
    """Those of the packages at the tags that were asked."""

    def project(self, tree: Tree | None = None, *, texts: bool = True, awaited: bool = False, on_history: Callable[[], None] = lambda: None) -> Project:
        """Discover a project; the session's own tree unless another is given, without sites in `texts` where nobody needs them.

        `on_history` is called when history is read: the same tree may be another project where other tags are.
        """

        def past() -> Iterator[PastRelease]:
            from lockstep.evidence.release_tags import past_releases  # noqa: PLC0415 - read only when a package is at another version

            self.observed.tags = True
            on_history()
            return past_releases(self.repository, self._versions_at, self.head)

        return discover(tree or self.tree, self.config, past, texts=texts, awaited=awaited)

    def release_tags(self, project: Project) -> ReleaseTags:
        """Give the release tags of a project: which of the repository's tags release which group."""
        from lockstep.evidence.release_tags import release_tags  # noqa: PLC0415 - most checks need no tag

        return release_tags(self.repository, self.config, project, self._versions_at)

    def _versions_at(self, tag: str) -> Mapping[PackageId, Version | None] | None:
        if tag not in self._versions:
            from lockstep.app.past_versions import versions_at  # noqa: PLC0415 - only who asks for what was

            self._versions[tag] = versions_at(self.repository, self.config, tag)
        return self._versions[tag]

    def project_with_learned_sites(self, project: Project | None = None, tree: Tree | None = None) -> Project:
        """Discover the project, or take one of `tree`, with the sites that the last bump of each group teaches."""
        project = project or self.project()
        for group in project.groups:
            project = self.learned(project, group, tree)
        for group in project.alone[:MOST_ALONE]:
            project = self.learned(project, group, tree, folder=group.packages[0].root)
        return project

    def checked_project(self, project: Project | None = None, tree: Tree | None = None) -> Project:
        """Do the same for a check, which learns where it can keep what it learned: it runs often."""
        from lockstep.app.cache_folder import folder  # noqa: PLC0415 - only a check asks

        project = project or self.project()
        return self.project_with_learned_sites(project, tree) if folder() is not None else project

    def learned(self, project: Project, group: Group, tree: Tree | None = None, *, folder: str = "") -> Project:
        """Add the sites that the project's own last bump teaches for a group, in a folder: those in step, and those that are no longer."""
        from lockstep.app.past_bumps import last_bump  # noqa: PLC0415 - who discovers alone learns nothing

        members = {(package.manifest, package.name) for package in group.packages}
        own = [site for site in project.sites if site.role is Role.OWN and (site.package.manifest, site.package.name) in members]
        if not own or group.version is None:
            return project
        stated = min(own, key=lambda site: (site.package.version != group.version, site.path.count("/"), site.path))
        self.observed.taught.add(stated.path)
        bump = last_bump(self.repository, stated, self.head, group.version)
        if bump is None or not bump.lines:
            return project
        from lockstep.project.learning import followers, is_ahead, learn  # noqa: PLC0415 - most groups have nothing to learn

        known = frozenset((site.path, site.line) for site in project.sites)
        taught = [
            site
            for site in learn(tree or self.tree, bump, group.version, stated.package, project.packages, known)
            if not self.config.excludes(site.path) and (not folder or site.path.startswith(f"{folder}/"))
        ]
        taught = [kept for site in taught if (kept := self._ahead(site, tree or self.tree) if is_ahead(site, group.version) else site) is not None]
        taught += [site for site in followers(tree or self.tree, taught, project.resting) if site not in project.sites]
        return replace(project, sites=tuple(sorted((*project.sites, *taught), key=lambda site: (site.path, site.start)))) if taught else project

    def _ahead(self, site: Site, tree: Tree) -> Site | None:
        """Judge a place that is ahead of its group: None where it has been for longer than a commit, and so goes its own way.

        It is a weak one where it may be meant: the last commit brought it there, or another branch has released that version. A release that follows this
        commit is the next step, and not there yet.
        """
        from lockstep.evidence.release_tags import tag_names, tag_version  # noqa: PLC0415 - only a place that is ahead asks
        from lockstep.repository.object_reader import ObjectReader  # noqa: PLC0415 - likewise
        from lockstep.versions.version import read_any  # noqa: PLC0415 - likewise

        self.observed.tags = True
        line = tree.read(site.path).split("\n")[site.line - 1]
        objects = ObjectReader(self.repository)
        before, now = (line.encode() in (objects.read(f"{self.head}{at}:{site.path}") or b"").split(b"\n") for at in ("^1", ""))
        objects.close()
        if before:
            return None
        version = read_any(site.text)
        tags = [name for name in tag_names(self.repository) if tag_version(name) == version]
        return replace(site, weak=now or any(not self.repository.contains(f"refs/tags/{name}", self.head) for name in tags))

    def was_read(self, path: str) -> bool:
        """Say whether a file of the work tree was read: what it says has no part in what was found, otherwise."""
        return not isinstance(self.tree, git_trees.WorkTree) or self.tree.was_read(path)

    def untracked_manifests(self) -> tuple[str, ...]:
        """Give the manifests that lie in the work tree and are not looked at, since git does not track them."""
        from lockstep.project.discovery import NOT_OURS, SAMPLES  # noqa: PLC0415 - loaded by who discovers

        if not isinstance(self.tree, git_trees.WorkTree):
            return ()
        return tuple(one for one in self.tree.untracked(DECLARING) if not (NOT_OURS.search(one) or SAMPLES.search(one) or self.config.excludes(one)))

    def unseen_manifests(self) -> tuple[str, ...]:
        """Give the manifests that a sparse checkout leaves out and a partial clone does not have: nobody can look at them here."""
        found = self.tree.unseen if isinstance(self.tree, git_trees.WorkTree) else ()
        return tuple(sorted(one for one in found if one.rpartition("/")[2] in DECLARING))

    def at(self, ref: str) -> Session:
        """Open a commit of the same repository, with its own configuration."""
        return open_commit(self.repository, ref, config_file=self.config_file, listener=self.listener)


def open_work_tree(
    folder: str,
    *,
    config_file: str | None = None,
    base: str | None = None,
    listener: Listener = SILENT,
    buffers: Mapping[str, str] | None = None,
    read_only: bool = False,
) -> Session:
    """Open the work tree that holds a folder, after finishing or undoing a write that was interrupted.

    With `base` the configuration of that commit counts. `buffers` are texts in place of what files say, by their paths; with them, or `read_only`, nothing
    is written, and a write that was interrupted stays as it is.

    Raises: RepositoryError when there is none, or when a write goes on or was interrupted and stays so, ConfigError when its configuration is wrong.
    """
    repository = find(folder)
    if not read_only and buffers is None:
        _recover(repository, listener)
    elif journal_files.exist(repository.git_dir):
        raise RepositoryError("a write of lockstep goes on here, or was interrupted", help="if nothing runs: lockstep check finishes or undoes it")
    # Half a surrogate is no character, and what is no UTF-8 is told as such where it is read.
    texts = {path: text.encode(errors="surrogatepass") for path, text in (buffers or {}).items()}
    return _open(repository, git_trees.WorkTree(repository, texts), config_file, base, listener)


def open_index(folder: str, *, config_file: str | None = None, base: str | None = None, listener: Listener = SILENT) -> Session:
    """Open what the next commit would hold; raises as `open_work_tree` does."""
    repository = find(folder)
    _recover(repository, listener)
    return _open(repository, git_trees.IndexTree(repository), config_file, base, listener)


def open_ref(folder: str, ref: str, *, config_file: str | None = None, base: str | None = None, listener: Listener = SILENT) -> Session:
    """Open a commit of the repository that holds a folder; raises UsageError too, when there is no such commit."""
    return open_commit(find(folder), ref, config_file=config_file, base=base, listener=listener)


def open_commit(repository: Repository, ref: str, *, config_file: str | None = None, base: str | None = None, listener: Listener = SILENT) -> Session:
    """Open a commit of a repository that is found already; raises as `open_ref` does."""
    return _open(repository, git_trees.GitTree(repository, ref), config_file, base, listener)


def _open(repository: Repository, tree: AnyTree, config_file: str | None, base: str | None, listener: Listener) -> Session:
    """Read the configuration: the tree's own, or that of the commit `base`, which a change cannot alter.

    The tree's own is read in any case: one that is wrong is an error before it is merged, not after.
    """
    config = load(tree, config_file)
    changes: tuple[Finding, ...] = ()
    if base is not None:
        config, changes = _from_base(repository, tree, config_file, config, base)
    head = tree.sha if isinstance(tree, git_trees.GitTree) else "HEAD"
    return Session(repository=repository, tree=tree, config=config, config_file=config_file, head=head, policy_changes=changes, listener=listener)


def _from_base(repository: Repository, tree: AnyTree, config_file: str | None, own: Config, base: str) -> tuple[Config, tuple[Finding, ...]]:
    """Give the configuration of a commit, and what differs from it in a tree's own."""
    from lockstep.config.entries import entries  # noqa: PLC0415 - only in CI
    from lockstep.config.reading import place_of_option  # noqa: PLC0415 - likewise
    from lockstep.model import Place  # noqa: PLC0415
    from lockstep.rules import judge_policy  # noqa: PLC0415
    from lockstep.rules.policy import Difference, PolicyChange  # noqa: PLC0415

    theirs = git_trees.GitTree(repository, base)
    counts = load(theirs, config_file)
    ours, differences = entries(own), []
    for option, texts in entries(counts).items():
        mine = ours[option]
        if texts == mine:
            continue
        line, column = place_of_option(tree, own, option) if own.path else (1, 1)
        where = Place(path=own.path or counts.path, line=line, column=column)
        added, dropped = (tuple(one for one in some if one not in others) for some, others in ((mine, texts), (texts, mine)))
        differences.append(Difference(option=option, added=added, dropped=dropped, place=where))
    return counts, tuple(judge_policy(PolicyChange(base=theirs.name, differences=tuple(differences))))


def _recover(repository: Repository, listener: Listener) -> None:
    """Finish or undo a write that was interrupted, and say so."""
    if repository.root is None or not journal_files.exist(repository.git_dir):
        return
    from lockstep.writing.recovery import recover  # noqa: PLC0415 - most commands find nothing to recover

    done = recover(repository.root, repository.git_dir)
    if done is not None:
        what = "finished" if done.finished else "undid"
        kept = "the new" if done.finished else "the old"
        git = " and of its commit" if done.released else ""
        listener.say(f"{what} an interrupted write of {counted(len(done.paths), 'file')}{git}: the tree is {kept} one")
