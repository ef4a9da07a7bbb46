"""What the packages of a tree offer: read once, and found in the cache afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from lockstep import __version__
from lockstep.app import parallel_surfaces
from lockstep.app.cache_folder import folder
from lockstep.app.kept_surfaces import KeptSurfaces
from lockstep.app.review_cache import stamp
from lockstep.cache import Cache
from lockstep.comparison.packages import Holders
from lockstep.dataclass import dataclass, replace
from lockstep.policy.stability import classify
from lockstep.project.discovery import is_example
from lockstep.repository.git_trees import GitTree
from lockstep.review.review import Moment

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.comparison.packages import PackageKey
    from lockstep.config import Config
    from lockstep.model import Package
    from lockstep.project.project import Project
    from lockstep.surface import Surface
    from lockstep.versions.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A tree whose surfaces are wanted; `project` is what was discovered in it, where that is known, by past releases too or without.

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


def read_surfaces(opened: Session) -> Moment:
    """Read what every package of a tree offers; of a commit, once and for all.

    Raises: LockstepError when a manifest cannot be read.
    """
    (found,) = read_all((Request(opened=opened),), Cache(folder()))
    return found


def read_all(requests: Sequence[Request], cache: Cache, given: parallel_surfaces.Found | None = None) -> list[Moment]:
    """Read what the packages of trees offer, all together; what is in the cache, or `given`, is not read again."""
    projects = [discovered(one) for one in requests]
    with _readings(projects) as readings:
        read = parallel_surfaces.read(readings, _kept(cache), given)
    return [_moment(one, project, surfaces) for (one, project), surfaces in zip(projects, read, strict=True)]


def read_share(requests: Sequence[Request], cache: Cache, number: int, count: int) -> parallel_surfaces.Found:
    """Read one of `count` shares of what the packages of trees offer."""
    with _readings([discovered(one) for one in requests]) as readings:
        return parallel_surfaces.read_share(readings, _kept(cache), number, count)


@contextmanager
def _readings(projects: Sequence[tuple[Request, Project]]) -> Iterator[list[parallel_surfaces.Reading]]:
    unasked = _private(projects)
    with ExitStack() as stack:
        yield [
            parallel_surfaces.Reading(
                tree=one.opened.tree,
                watched=stack.enter_context(one.opened.listener.reading(one.opened.tree)),
                packages=project.packages,
                config=one.config,
                unasked=_examples(project.packages) | unasked,
            )
            for one, project in projects
        ]


def _examples(packages: Sequence[Package]) -> frozenset[PackageKey]:
    """Give the packages that are examples, benchmarks or tools of the repository alone, in whatever folders they are."""
    return frozenset((one.ecosystem, one.name) for one in packages) - {(one.ecosystem, one.name) for one in packages if not is_example(one.root)}


def _private(projects: Sequence[tuple[Request, Project]]) -> frozenset[PackageKey]:
    """Give the packages that are published at no moment of a comparison; none where a pattern of symbols may mean what is in them."""
    if len(projects) == 1 or any(one.config.experimental or one.config.hidden for one, _ in projects):
        return frozenset()
    packages = [package for _, project in projects for package in project.packages]
    return frozenset((one.ecosystem, one.name) for one in packages) - {(one.ecosystem, one.name) for one in packages if one.publish is not False}


def _kept(cache: Cache) -> KeptSurfaces:
    return KeptSurfaces(cache, __version__, stamp() if cache.keeps else "")


def _moment(one: Request, project: Project, surfaces: Sequence[Surface]) -> Moment:
    tree, holders = one.opened.tree, Holders(project.packages)
    return Moment(
        ref=tree.name,
        sha=tree.sha if isinstance(tree, GitTree) else None,
        version=main_version(project),
        packages=project.packages,
        waivers=one.opened.config.waivers,
        surfaces=tuple(classify(surface, one.config) for surface in surfaces if _is_shipped(surface, holders)),
        by_history=one.by_history,
        lacks=isinstance(tree, GitTree) and tree.lacks,
    )


def discovered(one: Request) -> tuple[Request, Project]:
    """Give the project of a tree, and whether past releases had a say in it."""
    if one.project is not None:
        return one, one.project
    history: list[bool] = []
    project = one.opened.project(texts=False, on_history=lambda: history.append(True))
    return replace(one, project=project, by_history=bool(history)), project


def main_version(project: Project) -> Version | None:
    """Give the version of the main group."""
    return project.groups[0].version if project.groups else None


def tags_before(opened: Session) -> str:
    """Tell apart what the releases before a commit may say: by the tags that it contains."""
    found = opened.repository.try_git("for-each-ref", f"--merged={opened.head}", "--format=%(objectname) %(refname)", "refs/tags")
    return (found or b"").decode(errors="surrogateescape")


def _is_shipped(surface: Surface, holders: Holders) -> bool:
    """Say whether a surface is of more than an example, a benchmark or a tool of the repository."""
    roots = [package.root for package in holders.of(surface)]
    return not roots or not all(map(is_example, roots))
