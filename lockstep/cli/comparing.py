"""What `diff`, `surface`, `bump` and `changelog` share: the moments to compare, read or remembered, and their review."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.cache import Cache
from lockstep.cli import session
from lockstep.cli.clock import day
from lockstep.cli.options import Format
from lockstep.discovery import is_example
from lockstep.errors import UsageError
from lockstep.evidence.history import last_release
from lockstep.repo import GitTree, WorkTree
from lockstep.review import Moment, Review, review
from lockstep.stability import classify
from lockstep.surfaces import readers

if TYPE_CHECKING:
    from lockstep.cli.session import Output, Session
    from lockstep.model import Group
    from lockstep.project import Project
    from lockstep.surface import Surface
    from lockstep.version import Version

PARSERS = ("griffe", "tree_sitter", "tree_sitter_rust", "tree_sitter_c", "tree_sitter_go")
CACHE_FOLDER = "LOCKSTEP_CACHE_DIR"
"""Names the cache's folder; empty, nothing is kept."""
SOURCES = (".c", ".go", ".h", ".hpp", ".json", ".py", ".pyi", ".pyx", ".rs", ".toml", ".yaml", ".yml")
"""What surfaces are read from."""
STATING = ("Cargo.toml", "pyproject.toml", "package.json", "package-lock.json")
"""What every bump changes; that more than the version changed in them is a surface of its own."""


def folder() -> Path | None:
    """Give the folder where surfaces are kept, None where none is wanted."""
    if (named := os.environ.get(CACHE_FOLDER)) is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where surfaces are read

    return user_cache_path("lockstep", appauthor=False)


def moment(opened: Session, cache: Cache, project: Project | None = None) -> Moment:
    """Read what a tree promises; of a commit, once and for all. `project` is what was discovered in it, where that is known."""
    tree = opened.tree
    depends: tuple[str, ...] = ()
    if isinstance(tree, GitTree):
        depends = (__version__, _stamp(), tree.tree_id(), repr(opened.config))
        if (known := cache.read(Moment, *depends)) is not None:
            return replace(known, ref=tree.name, sha=tree.sha)
    project = project or opened.project(texts=False)
    found = Moment(
        ref=tree.name,
        sha=tree.sha if isinstance(tree, GitTree) else None,
        version=project.groups[0].version if project.groups else None,
        packages=project.packages,
        waivers=opened.config.waivers,
        surfaces=tuple(
            classify(surface, opened.config) for reader in readers() for surface in reader.read(tree, project.packages) if _is_shipped(surface, project)
        ),
    )
    if depends:
        cache.keep(found, *depends)
    return found


def _is_shipped(surface: Surface, project: Project) -> bool:
    """Say whether a surface is of more than an example, a benchmark or a tool of the repository."""
    roots = [package.root for package in project.packages if package.name == surface.package]
    return not roots or not all(map(is_example, roots))


def _stamp() -> str:
    """Tell these readers from others: what older code, or another parser, has read does not count."""
    specs = [find_spec(name) for name in PARSERS]
    files = [*sorted(Path(__file__).parent.parent.rglob("*.py")), *(Path(spec.origin) for spec in specs if spec is not None and spec.origin is not None)]
    return ",".join(f"{file.name}:{status.st_size}:{status.st_mtime_ns}" for file in files for status in (file.stat(),))


def compare(head: Session, base: str | None, config: str | None, *, strict: bool) -> Review:
    """Review the step to an open tree from a commit; without one, from the last release.

    Raises: UsageError when there is no such commit, or no release.
    """
    cache = Cache(folder())
    after = moment(head, cache)
    before = session.at_commit(head.repository, config, base or _last_release(head, after))
    old = moment(before, cache)
    return review(old, after, strict=strict, same_sources=_hides_no_change(before, old, head, after), today=str(day(None)))


def _last_release(head: Session, after: Moment) -> str:
    """Give the last release tag before an open tree: one that this very commit carries only where the work tree has moved on from it."""
    from lockstep.dirt import dirty  # noqa: PLC0415 - only a tree that stands on its own tag pays for it

    tree = head.tree
    found = last_release(head.repository, head.head, after.version, moved=lambda: isinstance(tree, WorkTree) and bool(dirty(tree, tree.paths())))
    if found is None:
        hint = "the clone is shallow: git fetch --tags --unshallow, or fetch-depth: 0 in CI" if head.repository.shallow else "name a commit to compare with"
        raise UsageError("no release tag is in this history, so there is nothing to compare with", help=hint)
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What a group's last release promised, and the work tree does: `version` is that release's, `tag` its name."""

    tag: str
    version: Version
    before: Moment
    after: Moment
    same_sources: bool

    def step_to(self, new: Version) -> Review:
        """Review the step of the group's packages to a version."""
        packages = tuple(replace(package, version=new) for package in self.after.packages)
        return review(self.before, replace(self.after, version=new, packages=packages), same_sources=self.same_sources, today=str(day(None)))


def since_release(
    opened: Session, project: Project, group: Group, config: str | None, *, base: str | None = None, moved: Callable[[], bool] = lambda: True
) -> Since | None:
    """Read what a group's packages promised at its last release, or at `base`, and promise now; None where there is nothing to compare with.

    `moved` says whether the tree has moved on from a release that this very commit carries.
    """
    names = [group.name, *(package.name for package in group.packages)]
    release = (base, None) if base is not None else last_release(opened.repository, opened.head, group.version, moved, names)
    if release is None:
        return None
    cache, (ref, version) = Cache(folder()), release
    members = {package.id for package in group.packages}
    tagged = session.at_commit(opened.repository, config, ref)
    before, after = (_only(one, members) for one in (moment(tagged, cache), moment(opened, cache, project)))
    stated = before.version or version
    if stated is None:
        return None
    same = _hides_no_change(tagged, before, opened, after)
    return Since(tag=before.ref, version=stated, before=before, after=after, same_sources=same)


def _only(one: Moment, members: set[str]) -> Moment:
    """Keep the packages of a group, and what they promise."""
    packages = tuple(package for package in one.packages if package.id in members)
    names = {package.name for package in packages}
    return replace(one, packages=packages, surfaces=tuple(surface for surface in one.surfaces if surface.package in names))


def report(output: Output, found: Review) -> None:
    """Print a review in the format that is wanted."""
    from lockstep.reports import data, github, markdown, words  # noqa: PLC0415 - only what compares reports a review
    from lockstep.reports import review as text  # noqa: PLC0415

    match output.format:
        case Format.JSON:
            output.document(data.diff(found))
        case Format.GITHUB:
            output.report(github.findings(found.findings))
            output.say(words.verdict(found).rstrip("\n"))
        case Format.MARKDOWN:
            output.report(markdown.review(found))
        case Format.TEXT:
            output.report(text.text(found, output.paint, verbose=output.verbose, quiet=output.quiet))


def _hides_no_change(old: Session, old_moment: Moment, new: Session, new_moment: Moment) -> bool:
    """Say whether what could not be seen is the same at both moments: the source files are, byte for byte; those that state versions aside."""
    if not any(surface.blind for one in (old_moment, new_moment) for surface in one.surfaces):
        return True
    before, after = old.tree, new.tree
    paths = [path for path in before.paths() if path.endswith(SOURCES) and posixpath.basename(path) not in STATING]
    if paths != [path for path in after.paths() if path.endswith(SOURCES) and posixpath.basename(path) not in STATING]:
        return False
    if isinstance(before, GitTree) and isinstance(after, GitTree):
        return all(before.oid(path) == after.oid(path) for path in paths)
    return all(before.read_bytes(path) == after.read_bytes(path) for path in paths)
