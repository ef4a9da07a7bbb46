"""What a group's release consists of, and in which order it goes out, as far as the manifests say: no registry is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from lockstep.app.session import Session
from lockstep.dataclass import replace
from lockstep.errors import UsageError, VersionError
from lockstep.locks.crates import BUILD, DEV, Crate, Crates, Dependency
from lockstep.manifest import inside
from lockstep.model import Ecosystem, Group, Package, Role
from lockstep.plans.bump import choose_group
from lockstep.project.discovery import is_example
from lockstep.project.napi import platform_packages
from lockstep.project.project import Project
from lockstep.project.release_tags import ReleaseTags
from lockstep.release.order import Need, NeedKind, order
from lockstep.release.plan import ReleasePlan
from lockstep.surfaces.rust_source.crates import Opened, linkable
from lockstep.versions.requirement import satisfies
from lockstep.versions.tag_names import TagName
from lockstep.versions.version import Spelling
from lockstep.wording import first_few


def plan_release(opened: Session, group: str | None = None, tag: str | None = None) -> ReleasePlan:
    """Plan the release of a group, the main one without a name. Where versions come from git's tags, `tag` says which one is released.

    Raises: UsageError when there is no such group, or the tag names no version.
    """
    project = opened.project()
    mine = chosen_group(project, group)
    version_from = "" if mine.version is not None else _version_from(opened, project, mine)
    if mine.version is None and tag is not None:
        mine = _at(opened, project, mine, tag)
    crates = Opened(opened.tree).crates
    everywhere = {one.id: one for one in (*project.packages, *mine.packages) if is_published(opened, crates, one)}
    published = {package.id: package for package in mine.packages if package.id in everywhere}
    private = tuple(package for package in mine.packages if package.id not in published)
    platforms = {one.id: (one, main) for main in published.values() for one in _platform_packages(opened, main) if one.id not in published}
    published |= {id_: one for id_, (one, _) in platforms.items()}
    of_platforms = {Need(package=main.id, on=id_, kind=NeedKind.PLATFORM, place=f"{main.manifest}:1") for id_, (_, main) in platforms.items()}
    all_ = everywhere | published
    needs = tuple(sorted({*needs_between(crates, project, all_, published), *of_platforms}, key=_by_package))
    mutual = tuple(one for one in needs if one.on in published)
    return ReleasePlan(
        group=mine,
        packages=published,
        needs=mutual,
        order=order(tuple(published), mutual),
        private=private,
        version_from=version_from,
        elsewhere=tuple(one for one in needs if one.on not in published),
    )


def needs_between(crates: Crates, project: Project, packages: Mapping[str, Package], of: Mapping[str, Package] | None = None) -> tuple[Need, ...]:
    """Give what packages, by their ids, need of each other; what those of `of` alone need, where it is given."""
    asked = packages if of is None else of
    found = {*_of_crates(crates, packages, asked), *_of_requirements(project, packages, asked)}
    return tuple(sorted(found, key=_by_package))


def _by_package(one: Need) -> tuple[str, str, str, str]:
    return (one.package, one.on, one.kind, one.place)


def chosen_group(project: Project, name: str | None) -> Group:
    """Give the group that is meant, as for a bump, where a package that moves on its own is one; the main group without a name.

    Where there is no group, it is the packages whose versions come from git's tags.

    Raises: UsageError when there is none.
    """
    tagged = sorted((one for one in project.outsiders if one.tagged and one.publish is not False and not is_example(one.root)), key=lambda one: one.root)
    if name is not None:
        tagged = [one for one in tagged if name in (one.name, one.id) and project.group(name) is None]
    if tagged and (name is not None or not project.groups):
        return Group(name=tagged[0].name, version=None, basis="their versions come from git's tags", packages=tuple(tagged))
    if name is None and not project.groups:
        alone = [one.name for one in project.outsiders if one.version is not None]
        said = f"no packages here move together; on their own: {first_few(alone, 6)}" if alone else "no package here has a version"
        raise UsageError(said, help="name one: --group NAME" if alone else "lockstep show tells which packages were found, and why")
    return choose_group(project, name)


def tags_of(tags: ReleaseTags, group: Group) -> list[TagName]:
    """Give the release tags of a group, the newest first: where versions come from tags, those of each of its packages."""
    if group.version is not None:
        return tags.of(group)
    each = [tags.of(Group(name=one.name, version=None, basis="", packages=(one,))) for one in group.packages]
    return list({one.tag: one for some in each for one in some}.values())


def _version_from(opened: Session, project: Project, group: Group) -> str:
    """Say from where the version of a group comes that no manifest states."""
    newest = next((one.tag for one in tags_of(opened.release_tags(project), group) if one.version.final), None)
    whys = dict.fromkeys(one.why.removeprefix("outside: ") for one in group.packages if one.tagged)
    return "; ".join((*whys, f"the newest is {newest}" if newest is not None else "there is no release tag yet"))


def _at(opened: Session, project: Project, group: Group, tag: str) -> Group:
    """Give a group at the version that a tag names.

    Raises: UsageError when it names none.
    """
    name = opened.release_tags(project).read(tag).name
    if name is None:
        raise UsageError(f"{tag} names no version, and the version of {group.name} comes from git's tags", help="name a release tag: v1.2.3")
    return replace(group, version=name.version, packages=tuple(replace(one, version=name.version) if one.tagged else one for one in group.packages))


def is_published(opened: Session, crates: Crates, package: Package) -> bool:
    """Say whether a package goes to its registry, as far as its manifest says: what `release plan`, `pr` and `audit publishers` ask."""
    if package.publish is False or is_example(package.root):
        return False
    return not _is_for_other_languages(opened, crates, package) and not _is_refused(crates, package)


def _is_refused(crates: Crates, package: Package) -> bool:
    """Say whether cargo would not publish a crate: what it needs from a path or from git says no version.

    Source: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#multiple-locations
    """
    crate = crates.crate(package.root) if package.ecosystem is Ecosystem.CARGO and package.publish is None else None
    return crate is not None and any(
        one.kind != DEV and one.requirement == "*" and (one.folder is not None or one.outside or one.git is not None) for one in crate.dependencies
    )


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


def _platform_packages(opened: Session, main: Package) -> Iterator[Package]:
    """Give the packages that napi-rs writes for the targets of an npm package when it is released; those that git tracks are known without."""
    if main.ecosystem is not Ecosystem.NPM or '"napi"' not in (text := opened.tree.read(main.manifest)):
        return
    manifest = json.loads(text.removeprefix("\ufeff"))
    tracked = any(opened.tree.paths(inside(main.root, "npm/*/package.json")))
    for name in platform_packages(manifest) if isinstance(manifest, dict) and not tracked else ():
        yield replace(main, name=name, publish=True)


def _of_crates(crates: Crates, packages: Mapping[str, Package], published: Mapping[str, Package]) -> Iterator[Need]:
    """Give what crates that are published need of the packages; a dev-dependency counts where it states a version, as cargo has it."""
    here = {package.root: id_ for id_, package in packages.items() if package.ecosystem is Ecosystem.CARGO}
    named = {package.name: package for package in packages.values() if package.ecosystem is Ecosystem.CARGO}
    for folder, id_ in here.items():
        if id_ not in published:
            continue
        crate: Crate | None = crates.crate(folder)
        for dependency in crate.dependencies if crate is not None else ():
            on = here.get(dependency.folder) if dependency.folder is not None else _by_version(dependency, named)
            if on is None or on == id_ or (dependency.kind == DEV and dependency.requirement == "*"):
                continue
            kind = NeedKind.DEV if dependency.kind == DEV else NeedKind.BUILD if dependency.kind == BUILD else NeedKind.NORMAL
            kind = NeedKind.OPTIONAL if dependency.optional else kind
            place = crates.place(dependency)
            yield Need(package=id_, on=on, kind=kind, place=f"{place.path}:{place.line}")


def _by_version(dependency: Dependency, named: Mapping[str, Package]) -> str | None:
    """Give the package that a crate takes from the registry at the version that it is at here: it has to be there before."""
    package = named.get(dependency.name)
    if package is None or package.version is None or dependency.git is not None or dependency.outside or dependency.kind == DEV:
        return None
    try:
        return package.id if satisfies(dependency.requirement, Spelling.CARGO_REQUIREMENT, package.version) else None
    except VersionError:
        return None


def _of_requirements(project: Project, packages: Mapping[str, Package], published: Mapping[str, Package]) -> Iterator[Need]:
    """Give what Python and npm packages that are published require of the packages here."""
    manifests = {package.manifest: id_ for id_, package in published.items() if package.ecosystem is not Ecosystem.CARGO}
    for site in project.sites:
        by, on = manifests.get(site.path), site.package.id
        if site.role is Role.REQUIREMENT and by is not None and on in packages and by != on:
            optional = "optional" in site.key.lower()
            npm = published[by].ecosystem is Ecosystem.NPM
            kind = NeedKind.PLATFORM if optional and npm else NeedKind.OPTIONAL if optional else NeedKind.NORMAL
            yield Need(package=by, on=on, kind=kind, place=f"{site.path}:{site.line}")
