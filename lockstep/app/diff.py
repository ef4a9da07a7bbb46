"""The review of the step between two trees: from a commit, or from the last release, to what is open."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.app.cache_folder import folder
from lockstep.app.kept_reviews import reviewed, without_promises
from lockstep.app.release_day import release_day
from lockstep.app.review_cache import stamp
from lockstep.app.surfaces import Request, discovered, read_all, tags_before
from lockstep.cache import Cache
from lockstep.comparison.packages import Holders
from lockstep.dataclass import dataclass, replace
from lockstep.errors import RepositoryError, UsageError
from lockstep.evidence.release_tags import last_release, tag_version
from lockstep.project.unused_config import idle_symbols
from lockstep.repository.git_trees import GitTree, WorkTree
from lockstep.review.review import Key, Moment, Review
from lockstep.tree import below

if TYPE_CHECKING:
    from lockstep.app.diff_parts import DiffPart
    from lockstep.app.session import AnyTree, Session
    from lockstep.comparison.second_opinion import SecondOpinion
    from lockstep.model import Group
    from lockstep.project.project import Project
    from lockstep.versions.version import Version

FOR_PEOPLE = (".md", ".rst", ".txt", ".adoc", ".lock")
"""What no surface is read from."""
MOST_NAMED = 3
"""Tags that are named where none is a release."""
STATING = ("Cargo.toml", "pyproject.toml", "package.json", "package-lock.json")
"""What every bump changes; that more than the version changed in them is a surface of its own."""


class NoReleaseError(UsageError):
    """There is no release to compare with."""


def diff(head: Session, base: str | None = None, *, strict: bool = False, ask_witness: bool = False, parts: Sequence[DiffPart] = ()) -> Review:
    """Review the step to an open tree from a commit; without one, from the last release. With `ask_witness`, cargo-semver-checks is asked too.

    With `parts` nothing is read but what they do not hold. The review of two commits is kept by their ids, any other by what both moments promise. Its
    moments hold neither packages nor surfaces.

    Raises: UsageError when there is no such commit, NoReleaseError when there is no release.
    """
    cache = Cache(folder())
    wanted = Request(opened=head)
    if base is None:
        wanted, project = discovered(wanted)
        base = _last_release(head, project)
    before = head.at(base)
    today = str(release_day(None))
    depends: tuple[str, ...] = ()
    if not ask_witness and not parts and cache.keeps and isinstance(head.tree, GitTree) and isinstance(before.tree, GitTree):
        depends = (__version__, stamp(), *_named(before, before.tree), *_named(head, head.tree), today, str(strict))
        reviewed = cache.read(Review, *depends) or cache.read(Review, *depends, tags_before(before), tags_before(head))
        if reviewed is not None:
            return replace(reviewed, findings=(*reviewed.findings, *head.policy_changes))
    given = None
    if parts:
        from lockstep.app.diff_parts import merged  # noqa: PLC0415 - seldom

        given = merged(parts, before, head)
    old, after = read_all((Request(opened=before, later=head), wanted), cache, given)
    found = _review((before, old), (head, after), today, Cache(None) if depends else cache, strict=strict, ask_witness=ask_witness)
    if depends and not (found.base.lacks or found.head.lacks):
        by_history = found.base.by_history or found.head.by_history
        cache.keep(found, *depends, *([tags_before(before), tags_before(head)] if by_history else []))
    return replace(found, findings=(*found.findings, *head.policy_changes))


def write_part(head: Session, base: str | None, number: int, count: int) -> str:
    """Read one of `count` parts of a comparison with a commit, else with the last release, and write it down for `diff` to join.

    Raises: UsageError and NoReleaseError as `diff` does.
    """
    from lockstep.app import diff_parts  # noqa: PLC0415 - who compares all writes none

    before = head.at(base if base is not None else _last_release(head, discovered(Request(opened=head))[1]))
    return diff_parts.write_part(before, head, number, count)


def _named(opened: Session, tree: GitTree) -> tuple[str, ...]:
    """Give all that a review knows of one of its commits."""
    return tree.name, tree.sha, tree.tree_id(), repr(opened.config)


def _review(earlier: tuple[Session, Moment], later: tuple[Session, Moment], today: str, cache: Cache, *, strict: bool, ask_witness: bool) -> Review:
    (before, old), (head, after) = earlier, later
    old = _dated(old, None)
    after = _dated(after, old.version)
    witnesses: tuple[SecondOpinion, ...] = ()
    if ask_witness:
        from lockstep.app import external_witness  # noqa: PLC0415 - only who asks a witness pays for it

        witnesses = external_witness.ask_witness(before, old, head, after, head.listener.say)
    same = _unchanged(before, old, head, after)
    found = reviewed(cache, old, after, strict=strict, unchanged=same, today=today, witnesses=witnesses)
    idle = idle_symbols(head.tree, head.config, (*old.surfaces, *after.surfaces))
    return replace(found, base=without_promises(found.base), head=without_promises(found.head), findings=(*found.findings, *idle))


def _dated(one: Moment, before: Version | None) -> Moment:
    """Give a moment that states no version the one that its tag says; without a tag, nothing has moved yet."""
    return one if one.version is not None else replace(one, version=tag_version(one.ref) or before)


def _last_release(head: Session, project: Project) -> str:
    """Give the last release tag before an open tree: one that this very commit carries only where the work tree has moved on from it."""
    from lockstep.repository.uncommitted import dirty  # noqa: PLC0415 - only a tree that stands on its own tag pays for it

    tree, tags = head.tree, head.release_tags(project)
    main = next(iter(tags.groups), None)
    moved = lambda: isinstance(tree, WorkTree) and bool(dirty(tree, tree.paths()))  # noqa: E731 - asked only of a tagged commit
    found = last_release(head.repository, tags, main, head.head, moved) if main is not None else None
    if found is None:
        version = main.version if main is not None else None
        hint = f"lockstep diff COMMIT compares with a commit; git tag v{version or '0.1.0'} COMMIT marks one as the release"
        if head.repository.shallow:
            hint = "the clone is shallow: git fetch --tags --unshallow, or fetch-depth: 0 in CI"
        elif names := head.repository.refs("refs/tags"):
            listed, first = ", ".join(names[:MOST_NAMED]), names[0]
            hint = (
                f"the tags here ({listed}) name no release of it; lockstep diff {first} compares with one; tag in the configuration says how they are written"
            )
        raise NoReleaseError("no release tag is in this history, so there is nothing to compare with", help=hint)
    return found.ref


def newer_release(opened: Session, tag: str, group: str | None = None) -> str | None:
    """Give the tag of a newer release of a group, the main one without a name, than the `tag` that it is compared with; None where there is none."""
    from lockstep.evidence.release_tags import newer_release as newer  # noqa: PLC0415 - not every comparison is with the last release

    tags, than = opened.release_tags(opened.project(texts=False)), tag_version(tag)
    mine = next((one for one in tags.groups if group in (None, one.name)), None)
    found = newer(opened.repository, tags, mine, opened.head, than) if mine is not None and than is not None else None
    return None if found is None else found.tag


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceRelease:
    """What a group's packages offered at its last release, and offer now: `version` is that release's, `tag` its name."""

    tag: str
    version: Version
    before: Moment
    after: Moment
    unchanged: frozenset[Key]

    def step_to(self, new: Version) -> Review:
        """Review the step of the group's packages to a version."""
        packages = tuple(replace(package, version=new) for package in self.after.packages)
        after = replace(self.after, version=new, packages=packages)
        return reviewed(Cache(folder()), self.before, after, unchanged=self.unchanged, today=str(release_day(None)))


def since_release(opened: Session, project: Project, group: Group, *, base: str | None = None, moved: Callable[[], bool] = lambda: True) -> SinceRelease | None:
    """Read what a group's packages promised at its last release, or at `base`, and promise now; None where there is nothing to compare with.

    `moved` says whether the tree has moved on from a release that this very commit carries.
    """
    release = None if base is not None else last_release(opened.repository, opened.release_tags(project), group, opened.head, moved)
    ref, version = (base, None) if release is None else (release.ref, release.version)
    if ref is None:
        return None
    cache = Cache(folder())
    members = {package.id for package in group.packages}
    tagged = opened.at(ref)
    before, after = (_only(one, members) for one in read_all((Request(opened=tagged, later=opened), Request(opened=opened, project=project)), cache))
    stated = before.version or version
    if stated is None:
        return None
    return SinceRelease(tag=before.ref, version=stated, before=before, after=after, unchanged=_unchanged(tagged, before, opened, after))


def _only(one: Moment, members: set[str]) -> Moment:
    """Keep the packages of a group, what they promise, and the version that most of them are at: a group beside the main one has its own."""
    packages = tuple(package for package in one.packages if package.id in members)
    named = Holders(one.packages)
    surfaces = tuple(surface for surface in one.surfaces if any(holder.id in members for holder in named.of(surface)))
    stated = [package.version for package in packages if package.version is not None]
    own = one.version if not stated or one.version in stated else max(stated, key=Counter(stated).__getitem__)
    return replace(one, packages=packages, surfaces=surfaces, version=own)


def _unchanged(old: Session, before: Moment, new: Session, after: Moment) -> frozenset[Key]:
    """Give the surfaces with blind spots whose sources are the same at both moments, byte for byte but for the version: nothing hides in them.

    The sources are what git tracks in the package's folder, or everywhere when a blind spot lies outside of it; texts for people aside.
    """
    blind: dict[Key, list[str]] = {}
    for surface in (*before.surfaces, *after.surfaces):
        if surface.blind and surface.surface != "npm":  # which tells by itself whether its sources are the same
            blind.setdefault((surface.surface, surface.package), []).extend(one.place.path for one in surface.blind)
    roots = {package.name: package.root for package in after.packages}
    versions = (str(before.version).encode(), str(after.version).encode())
    same: dict[str, bool] = {}
    found = set()
    for key, places in blind.items():
        root = roots.get(key[1], "")
        above = root if all(path.startswith(f"{root}/") for path in places) else ""
        if above not in same:
            same[above] = _is_same(old.tree, new.tree, above, versions)
        if same[above]:
            found.add(key)
    return frozenset(found)


def _is_same(old: AnyTree, new: AnyTree, above: str, versions: tuple[bytes, bytes]) -> bool:
    paths, others = _sources(old, above)
    if (paths, others) != _sources(new, above):
        return False
    for path in paths:
        if old.oid(path) == new.oid(path) and not isinstance(new, WorkTree):
            continue
        try:
            before, after = old.read_bytes(path), new.read_bytes(path)
        except RepositoryError:  # a partial clone may lack it: what cannot be read is not known to be the same
            return False
        if before != after and before.replace(*versions) != after:
            return False
    return True


def _sources(tree: AnyTree, above: str) -> tuple[list[str], dict[str, str]]:
    """Give the files that may say what is offered, and the links and submodules with what they point to."""
    counted = list(filter(_is_source, below(tree.paths(), above)))
    return counted, {path: oid for path, oid in tree.others.items() if not above or path.startswith(f"{above}/")}


def _is_source(path: str) -> bool:
    name = posixpath.basename(path)
    return name not in STATING and not name.endswith(FOR_PEOPLE) and not path.startswith(".github/")
