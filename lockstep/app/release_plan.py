"""What a group's release consists of, and in which order it goes out, as far as the manifests say: no registry is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.app.session import Session
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.locks.crates import BUILD, DEV, Crate, Crates
from lockstep.manifest import inside
from lockstep.model import Ecosystem, Group, Package, Role
from lockstep.plans.bump import choose_group
from lockstep.project.discovery import is_example
from lockstep.project.project import Project
from lockstep.release.order import Need, NeedKind, Order, order
from lockstep.surfaces.rust_source.crates import Opened, linkable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    """The packages of a group that are published, why each goes when it does, and those that stay at home."""

    group: Group
    packages: Mapping[str, Package]
    needs: tuple[Need, ...]
    order: Order
    private: tuple[Package, ...]


def plan_release(opened: Session, group: str | None = None) -> ReleasePlan:
    """Plan the release of a group, the main one without a name.

    Raises: UsageError when there is no such group.
    """
    project = opened.project()
    mine = chosen_group(project, group)
    crates = Opened(opened.tree).crates
    published = {package.id: package for package in mine.packages if is_published(opened, crates, package)}
    private = tuple(package for package in mine.packages if package.id not in published)
    needs = needs_between(crates, project, published)
    return ReleasePlan(group=mine, packages=published, needs=needs, order=order(tuple(published), needs), private=private)


def needs_between(crates: Crates, project: Project, packages: Mapping[str, Package]) -> tuple[Need, ...]:
    """Give what packages, by their ids, need of each other."""
    return tuple(sorted({*_of_crates(crates, packages), *_of_requirements(project, packages)}, key=lambda one: (one.package, one.on, one.kind, one.place)))


def chosen_group(project: Project, name: str | None) -> Group:
    """Give the group that is meant, as for a bump, where a package that moves on its own is one; the main group without a name.

    Raises: UsageError when there is none.
    """
    if name is None and not project.groups:
        raise UsageError("no package here has a version", help="lockstep show lists the groups")
    return choose_group(project, name)


def is_published(opened: Session, crates: Crates, package: Package) -> bool:
    """Say whether a package goes to its registry, as far as its manifest says."""
    return package.publish is not False and not is_example(package.root) and not _is_for_other_languages(opened, crates, package)


def _is_for_other_languages(opened: Session, crates: Crates, package: Package) -> bool:
    """Say whether a crate that does not say `publish` has nothing for users of Cargo: neither a library that Rust can link nor a program."""
    if package.ecosystem is not Ecosystem.CARGO or package.publish is not None:
        return False
    table = crates.table(package.root) or {}
    library = table.get("lib")
    kinds = library.get("crate-type", library.get("crate_type")) if isinstance(library, dict) else None
    tree, root = opened.tree, package.root
    programs = bool(table.get("bin")) or tree.has(inside(root, "src/main.rs")) or bool(tree.paths(inside(root, "src/bin/*.rs")))
    return not linkable(kinds) and not programs


def _of_crates(crates: Crates, published: Mapping[str, Package]) -> Iterator[Need]:
    """Give what crates need of each other; a dev-dependency counts where it states a version, as cargo has it."""
    here = {package.root: id_ for id_, package in published.items() if package.ecosystem is Ecosystem.CARGO}
    for folder, id_ in here.items():
        crate: Crate | None = crates.crate(folder)
        for dependency in crate.dependencies if crate is not None else ():
            on = here.get(dependency.folder) if dependency.folder is not None else None
            if on is None or on == id_ or (dependency.kind == DEV and dependency.requirement == "*"):
                continue
            kind = NeedKind.DEV if dependency.kind == DEV else NeedKind.BUILD if dependency.kind == BUILD else NeedKind.NORMAL
            kind = NeedKind.OPTIONAL if dependency.optional else kind
            place = crates.place(dependency)
            yield Need(package=id_, on=on, kind=kind, place=f"{place.path}:{place.line}")


def _of_requirements(project: Project, published: Mapping[str, Package]) -> Iterator[Need]:
    """Give what Python and npm packages require of their siblings, at a version that moves with them."""
    manifests = {package.manifest: id_ for id_, package in published.items() if package.ecosystem is not Ecosystem.CARGO}
    for site in project.sites:
        by, on = manifests.get(site.path), site.package.id
        if site.role is Role.REQUIREMENT and by is not None and on in published and by != on:
            optional = "optional" in site.key.lower()
            npm = published[by].ecosystem is Ecosystem.NPM
            kind = NeedKind.PLATFORM if optional and npm else NeedKind.OPTIONAL if optional else NeedKind.NORMAL
            yield Need(package=by, on=on, kind=kind, place=f"{site.path}:{site.line}")
