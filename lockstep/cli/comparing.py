"""What `diff`, `surface`, `bump` and `changelog` share: the moments to compare, read or remembered, and their review."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeAlias

from lockstep import __version__
from lockstep.cache import Cache
from lockstep.cli import session, together
from lockstep.cli.clock import day
from lockstep.cli.keeping import folder, stamp
from lockstep.cli.progress import reading
from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError
from lockstep.evidence.history import last_release, tag_version
from lockstep.policy.stability import classify
from lockstep.project.discovery import is_example
from lockstep.project.unused_config import idle_symbols
from lockstep.repository.git_trees import GitTree, IndexTree, WorkTree
from lockstep.review.review import Key, Moment, Review, review

if TYPE_CHECKING:
    from lockstep.cli.session import Output, Session
    from lockstep.comparison.second_opinion import Testimony
    from lockstep.config import Config
    from lockstep.model import Group, Package
    from lockstep.project.project import Project
    from lockstep.surface import Surface
    from lockstep.versions.version import Version

AnyTree: TypeAlias = WorkTree | IndexTree | GitTree
FOR_PEOPLE = (".md", ".rst", ".txt", ".adoc", ".lock")
"""What no surface is read from."""
MOST_NAMED = 3
"""Tags that are named where none is a release."""
STATING = ("Cargo.toml", "pyproject.toml", "package.json", "package-lock.json")
"""What every bump changes; that more than the version changed in them is a surface of its own."""


class NoReleaseError(UsageError):
    """There is no release to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A tree whose promises are asked for; `project` is what was discovered in it, where that is known, by past releases too or without.

    What is declared is what `later` declares, where that is given: a promise holds from the release before it was written down.
    """

    opened: Session
    project: Project | None = None
    by_history: bool = False
    later: Session | None = None

    @property
    def config(self) -> Config:
        """What counts for it."""
        return replace(self.opened.config, declared=(self.later or self.opened).config.declared)

    @property
    def depends(self) -> tuple[str, ...]:
        """All that a commit's promises depend on; empty for what is no commit, and may change."""
        tree = self.opened.tree
        return (__version__, stamp(), tree.tree_id(), repr(self.opened.config), repr(self.config.declared)) if isinstance(tree, GitTree) else ()


def moment(opened: Session, cache: Cache) -> Moment:
    """Read what a tree promises; of a commit, once and for all."""
    (found,) = moments((Wanted(opened=opened),), cache)
    return found


def moments(wanted: Sequence[Wanted], cache: Cache) -> list[Moment]:
    """Read what trees promise, those that were not read before at once."""
    found = [kept(one, cache) for one in wanted]
    left = {at: discovered(one) for at, one in enumerate(wanted) if found[at] is None}
    with ExitStack() as stack:
        asked = [
            together.Asked(tree=one.opened.tree, watched=stack.enter_context(reading(one.opened.tree)), packages=project.packages, config=one.config)
            for one, project in left.values()
        ]
        read = together.read(asked)
    for (at, (one, project)), surfaces in zip(left.items(), read, strict=True):
        tree = one.opened.tree
        made = Moment(
            ref=tree.name,
            sha=tree.sha if isinstance(tree, GitTree) else None,
            version=_version(project),
            packages=project.packages,
            waivers=one.opened.config.waivers,
            surfaces=tuple(classify(surface, one.config) for surface in surfaces if _is_shipped(surface, project)),
            by_history=one.by_history,
            lacks=isinstance(tree, GitTree) and tree.lacks,
        )
        if cache.keeps and (depends := one.depends) and not made.lacks:
            cache.keep(made, *depends, *([_tags(one.opened)] if made.by_history else []))
        found[at] = made
    return [one for one in found if one is not None]


def discovered(one: Wanted) -> tuple[Wanted, Project]:
    """Give the project of a tree, and whether past releases had a say in it."""
    if one.project is not None:
        return one, one.project
    asked: list[bool] = []
    project = one.opened.project(texts=False, asked=lambda: asked.append(True))
    return replace(one, project=project, by_history=bool(asked)), project


def _version(project: Project) -> Version | None:
    return project.groups[0].version if project.groups else None


def kept(one: Wanted, cache: Cache) -> Moment | None:
    """Give what a commit was found to promise before."""
    tree = one.opened.tree
    if not isinstance(tree, GitTree) or not cache.keeps:
        return None
    known = cache.read(Moment, *one.depends) or cache.read(Moment, *one.depends, _tags(one.opened))
    return replace(known, ref=tree.name, sha=tree.sha) if known is not None else None


def _tags(opened: Session) -> str:
    """Tell apart what the releases before a commit may say: by the tags that it contains."""
    found = opened.repository.try_git("for-each-ref", f"--merged={opened.head}", "--format=%(objectname) %(refname)", "refs/tags")
    return (found or b"").decode(errors="surrogateescape")


def _is_shipped(surface: Surface, project: Project) -> bool:
    """Say whether a surface is of more than an example, a benchmark or a tool of the repository."""
    roots = [package.root for package in project.packages if package.name == surface.package]
    return not roots or not all(map(is_example, roots))


def compare(head: Session, base: str | None, config: str | None, *, strict: bool, say: Callable[[str], None] | None = None) -> Review:
    """Review the step to an open tree from a commit; without one, from the last release. With `say`, a witness is asked, and that tells what it does.

    The review of two commits is kept like what they promise. Its moments hold neither packages nor surfaces.

    Raises: UsageError when there is no such commit, NoReleaseError when there is no release.
    """
    cache = Cache(folder())
    wanted = Wanted(opened=head)
    if base is None:
        if (known := kept(wanted, cache)) is not None:
            packages, version = known.packages, known.version
        else:
            wanted, project = discovered(wanted)
            packages, version = project.packages, _version(project)
        base = _last_release(head, packages, version)
    before = session.at_commit(head.repository, config, base)
    today = str(day(None))
    depends: tuple[str, ...] = ()
    if say is None and cache.keeps and isinstance(head.tree, GitTree) and isinstance(before.tree, GitTree):
        depends = (__version__, stamp(), *_named(before, before.tree), *_named(head, head.tree), today, str(strict))
        reviewed = cache.read(Review, *depends) or cache.read(Review, *depends, _tags(before), _tags(head))
        if reviewed is not None:
            return replace(reviewed, findings=(*reviewed.findings, *head.told))
    old, after = moments((Wanted(opened=before, later=head), wanted), cache)
    found = _review((before, old), (head, after), today, strict=strict, say=say)
    if depends and not (found.base.lacks or found.head.lacks):
        by_history = found.base.by_history or found.head.by_history
        cache.keep(found, *depends, *([_tags(before), _tags(head)] if by_history else []))
    return replace(found, findings=(*found.findings, *head.told))


def _named(opened: Session, tree: GitTree) -> tuple[str, ...]:
    """Give all that a review knows of one of its commits."""
    return tree.name, tree.sha, tree.tree_id(), repr(opened.config)


def _review(earlier: tuple[Session, Moment], later: tuple[Session, Moment], today: str, *, strict: bool, say: Callable[[str], None] | None) -> Review:
    (before, old), (head, after) = earlier, later
    old = _dated(old, None)
    after = _dated(after, old.version)
    witnesses: tuple[Testimony, ...] = ()
    if say is not None:
        from lockstep.cli.hearing import hear  # noqa: PLC0415 - only who asks a witness pays for it

        witnesses = hear(before, old, head, after, say)
    found = review(old, after, strict=strict, unchanged=_unchanged(before, old, head, after), today=today, witnesses=witnesses)
    idle = idle_symbols(head.tree, head.config, (*old.surfaces, *after.surfaces))
    return replace(found, base=_without_items(found.base), head=_without_items(found.head), findings=(*found.findings, *idle))


def _without_items(one: Moment) -> Moment:
    """Give a moment without what it promises, which is most of it, and which the rows and findings of a review have told."""
    return replace(one, packages=(), surfaces=())


def _dated(one: Moment, before: Version | None) -> Moment:
    """Give a moment that states no version the one that its tag says; without a tag, nothing has moved yet."""
    return one if one.version is not None else replace(one, version=tag_version(one.ref) or before)


def _last_release(head: Session, packages: Sequence[Package], version: Version | None) -> str:
    """Give the last release tag before an open tree: one that this very commit carries only where the work tree has moved on from it."""
    from lockstep.repository.uncommitted import dirty  # noqa: PLC0415 - only a tree that stands on its own tag pays for it

    tree = head.tree
    names = {name for package in packages if package.version == version for name in (package.name, package.group or package.name)}
    found = last_release(head.repository, head.head, version, names=names, moved=lambda: isinstance(tree, WorkTree) and bool(dirty(tree, tree.paths())))
    if found is None:
        hint = f"lockstep diff COMMIT compares with a commit; git tag v{version or '0.1.0'} COMMIT marks one as the release"
        if head.repository.shallow:
            hint = "the clone is shallow: git fetch --tags --unshallow, or fetch-depth: 0 in CI"
        elif tags := head.repository.refs("refs/tags"):
            listed = ", ".join(tags[:MOST_NAMED])
            hint = (
                f"the tags here ({listed}) name no release of it; lockstep diff {tags[0]} compares with one; tag in the configuration says how they are written"
            )
        raise NoReleaseError("no release tag is in this history, so there is nothing to compare with", help=hint)
    return found[0]


def say_newer(output: Output, opened: Session, tag: str, stated: Version | None, how: str) -> None:
    """Say that there is a newer release than the one that is compared with, where this history does not hold it; `how` compares with it."""
    from lockstep.evidence.history import newer_elsewhere  # noqa: PLC0415 - not every comparison is with the last release

    name = tag.removeprefix("refs/tags/")
    if (newer := newer_elsewhere(opened.repository, opened.head, name, stated)) is not None:
        output.say(f"{newer} is newer than {name}, but not in this history (a release branch?), and is not compared with; {how.format(newer)} does")


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What a group's last release promised, and the work tree does: `version` is that release's, `tag` its name."""

    tag: str
    version: Version
    before: Moment
    after: Moment
    unchanged: frozenset[Key]

    def step_to(self, new: Version) -> Review:
        """Review the step of the group's packages to a version."""
        packages = tuple(replace(package, version=new) for package in self.after.packages)
        return review(self.before, replace(self.after, version=new, packages=packages), unchanged=self.unchanged, today=str(day(None)))


def since_release(
    opened: Session, project: Project, group: Group, config: str | None, *, base: str | None = None, moved: Callable[[], bool] = lambda: True
) -> Since | None:
    """Read what a group's packages promised at its last release, or at `base`, and promise now; None where there is nothing to compare with.

    `moved` says whether the tree has moved on from a release that this very commit carries.
    """
    release = (base, None) if base is not None else last_release(opened.repository, opened.head, group.version, moved, group.names)
    if release is None:
        return None
    cache, (ref, version) = Cache(folder()), release
    members = {package.id for package in group.packages}
    tagged = session.at_commit(opened.repository, config, ref)
    before, after = (_only(one, members) for one in moments((Wanted(opened=tagged, later=opened), Wanted(opened=opened, project=project)), cache))
    stated = before.version or version
    if stated is None:
        return None
    return Since(tag=before.ref, version=stated, before=before, after=after, unchanged=_unchanged(tagged, before, opened, after))


def _only(one: Moment, members: set[str]) -> Moment:
    """Keep the packages of a group, and what they promise."""
    packages = tuple(package for package in one.packages if package.id in members)
    names = {package.name for package in packages}
    return replace(one, packages=packages, surfaces=tuple(surface for surface in one.surfaces if surface.package in names))


def _unchanged(old: Session, before: Moment, new: Session, after: Moment) -> frozenset[Key]:
    """Give the surfaces with blind spots whose sources are the same at both moments, byte for byte but for the version: nothing hides in them.

    The sources are what git tracks in the package's folder, or everywhere when a blind spot lies outside of it; texts for people aside.
    """
    blind: dict[Key, list[str]] = {}
    for surface in (*before.surfaces, *after.surfaces):
        if surface.blind:
            blind.setdefault((surface.surface, surface.package), []).extend(one.place.path for one in surface.blind)
    roots = {package.name: package.root for package in after.packages}
    versions = (str(before.version).encode(), str(after.version).encode())
    same: dict[str, bool] = {}
    found = set()
    for key, places in blind.items():
        root = roots.get(key[1], "")
        folder_ = root if all(path.startswith(f"{root}/") for path in places) else ""
        if folder_ not in same:
            same[folder_] = _is_same(old.tree, new.tree, folder_, versions)
        if same[folder_]:
            found.add(key)
    return frozenset(found)


def _is_same(old: AnyTree, new: AnyTree, below: str, versions: tuple[bytes, bytes]) -> bool:
    paths, others = _sources(old, below)
    if (paths, others) != _sources(new, below):
        return False
    for path in paths:
        if old.oid(path) == new.oid(path) and not isinstance(new, WorkTree):
            continue
        before, after = old.read_bytes(path), new.read_bytes(path)
        if before != after and before.replace(*versions) != after:
            return False
    return True


def _sources(tree: AnyTree, below: str) -> tuple[list[str], dict[str, str]]:
    """Give the files that may say what is offered, and the links and submodules with what they point to."""
    counted = [path for path in tree.paths() if _is_source(path) and (not below or path.startswith(f"{below}/"))]
    return counted, {path: oid for path, oid in tree.others.items() if not below or path.startswith(f"{below}/")}


def _is_source(path: str) -> bool:
    name = posixpath.basename(path)
    return name not in STATING and not name.endswith(FOR_PEOPLE) and not path.startswith(".github/")
