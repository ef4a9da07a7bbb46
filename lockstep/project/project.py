"""A tree and its configuration become packages, groups and sites: what belongs together, where it is written, and why.

`check` judges a Project, `bump` plans from one: they can never disagree about where the versions are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError, VersionError
from lockstep.locks.stale import Judged, unread
from lockstep.manifest import Named, Source, inside, join
from lockstep.model import Ecosystem, Finding, Group, Package, Role, Site
from lockstep.project.discovery import SAMPLES, Discovery
from lockstep.project.grouping import Claim, Grouping, PackageId, PastRelease
from lockstep.project.ownership import Claimed, Owners, once, value
from lockstep.project.unused_config import idle
from lockstep.text.toml import Document, Table
from lockstep.tree import Tree
from lockstep.versions.agreement import REQUIREMENTS
from lockstep.versions.version import Spelling, Version

Past = Callable[[], Iterable[PastRelease]]
CHANGESETS = ".changeset/config.json"
SHARED_LOCKS = ("uv_lock", "poetry_lock", "pdm_lock", "package_lock")
"""The locks of Python and of npm, which a workspace may share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What lockstep knows of one tree. `faults` are findings about the manifests themselves."""

    tree: str
    packages: tuple[Package, ...]
    groups: tuple[Group, ...]
    sites: tuple[Site, ...]
    faults: tuple[Finding, ...]
    locks: tuple[Judged, ...] = ()
    resting: tuple[tuple[str, Site], ...] = ()
    """Entries of locks that stay where they are as long as what a manifest requires does, each with the folder of that manifest."""
    alone: tuple[Group, ...] = ()
    """The packages that are published, and that history shows to move on their own; each is a group of one."""

    def group_of(self, package: Package) -> Group | None:
        """Give the group that a package moves with, which may be itself alone."""
        return self.groups_of((package,))[package]

    def groups_of(self, packages: Iterable[Package]) -> dict[Package, Group | None]:
        """Give the group of each of many packages: the first that bears the name of its group, or has it."""
        tables: list[dict[Package | str | None, int]] = [{}, {}]
        for table, groups in zip(tables, (self.groups, self.alone), strict=True):
            for number, group in enumerate(groups):
                table.setdefault(group.name, number)
                for package in group.packages:
                    table.setdefault(package, number)
        found: dict[Package, Group | None] = {}
        for one in packages:
            groups, table = (self.groups, tables[0]) if one.group is not None else (self.alone, tables[1])
            numbers = [table[key] for key in (one.group, one) if key in table]
            found[one] = groups[min(numbers)] if numbers else None
        return found

    @property
    def outsiders(self) -> tuple[Package, ...]:
        """The packages that move with nobody."""
        return tuple(package for package in self.packages if package.group is None)

    def group(self, name: str) -> Group | None:
        """Give a group by its name."""
        return next((group for group in self.groups if group.name == name), None)


def no_history() -> Iterable[PastRelease]:
    """Say that there is no history to ask."""
    return ()


def discover(tree: Tree, config: Config, past: Past = no_history, *, texts: bool = True, awaited: bool = False) -> Project:
    """Find everything in a tree; without `texts`, not what READMEs, sources and other texts say: packages and groups do not depend on it.

    With `awaited`, texts are sites too that stay with the last release while the group is at a pre-release.

    Raises: LockstepError when a manifest cannot be read; when there are several such files, `__notes__` names the others.
    """
    discovery = Discovery(tree, config)
    faults = list(discovery.faults)
    locks = tuple(_locks(discovery))
    owners = Owners(discovery, faults, locks)
    claimed = list(owners.firm())
    _raise(discovery.errors)
    grouping = Grouping(
        packages=discovery.packages,
        claims=tuple(_claims(claimed)),
        config=config,
        past=past,
        links=tuple(_links(discovery)),
    ).run()
    if not config.groups and tree.has(CHANGESETS):
        from lockstep.project import changesets  # noqa: PLC0415 - few repositories use it

        changesets.separate(grouping, tree)
    packages, groups = _build(discovery, grouping)
    claimed += [*owners.configured(grouping), *(owners.texts(grouping, awaited=awaited) if texts else ())]
    resting: list[tuple[str, Site]] = []
    sites = sorted(_sites(once(claimed), packages, owners, resting), key=lambda site: (site.path, site.start))
    return Project(
        tree=tree.name,
        packages=tuple(packages[found.id] for found in discovery.packages),
        groups=groups,
        sites=tuple(sites),
        resting=tuple(resting),
        faults=(*faults, *grouping.faults, *idle(tree, config, ((found.declared.ecosystem, found.declared.name) for found in discovery.packages))),
        locks=locks,
        alone=tuple(Group(name=one.declared.name, version=one.version, basis="on its own", packages=(packages[one.id],)) for one in grouping.alone),
    )


def _locks(discovery: Discovery) -> Iterator[Judged]:
    """Compare every lock with the manifests beside it; crates that Cargo refuses as packages are manifests all the same."""
    crates = {path: manifest for path, (name, manifest) in (*discovery.manifests.items(), *discovery.strays.items()) if name == "cargo_toml"}
    for name, manifest in discovery.manifests.values():
        if name in SHARED_LOCKS:
            yield from _shared_lock(discovery, name, manifest.source)
        if manifest.lock is None or (SAMPLES.search(manifest.source.path) and inside(manifest.source.folder, "Cargo.toml") in discovery.strays):
            continue  # a sample's lock is as it should be for what it shows
        root = crates.get(inside(manifest.source.folder, "Cargo.toml"))
        named: list[str] = []
        whole = True
        for member, _ in root.workspace.members if root is not None and root.workspace is not None else ():
            folder = join(manifest.source.folder, member)
            found = () if folder is None else discovery.tree.paths(inside(folder, "Cargo.toml"))
            named += [path.rpartition("/")[0] for path in found]
            whole = whole and bool(found)
        from lockstep.locks import cargo  # noqa: PLC0415 - likewise

        yield cargo.judge(manifest.source, manifest.lock, crates, named, complete=whole, configured=_configured(discovery, manifest.source.folder))


def _configured(discovery: Discovery, folder: str) -> dict[str, Table]:
    """Give cargo's configuration for what lies in a folder, the nearest first, by the folder that holds `.cargo`.

    Source: https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure; the older name comes first.
    """
    found = {}
    for above in (folder, *(folder[:i] for i in range(len(folder) - 1, 0, -1) if folder[i] == "/"), ""):
        path = next((one for name in ("config", "config.toml") if discovery.tree.has(one := inside(above, f".cargo/{name}"))), None)
        if path is not None and above not in found:
            try:
                found[above] = Document(path, discovery.source(path).text).data
            except LockstepError as error:
                error.path = error.path or path
                if all(str(one) != str(error) for one in discovery.errors):  # several locks may lie below it
                    discovery.errors.append(error)
    return found


def _shared_lock(discovery: Discovery, name: str, source: Source) -> Iterator[Judged]:
    from lockstep.project import lock_workspaces  # noqa: PLC0415 - not every repository has such a lock

    if (above := lock_workspaces.above(discovery, name, source.path)) is not None:
        yield unread(source, *above)
        return
    manifests = {path: one for path, (_, one) in discovery.manifests.items()}
    match name:
        case "uv_lock":
            from lockstep.locks import uv  # noqa: PLC0415 - a repository has locks of one kind, or two

            settings = lock_workspaces.uv_settings(discovery, source.folder)
            yield uv.judge(source, manifests, lock_workspaces.uv_members(discovery, source.folder), settings)
        case "poetry_lock":
            from lockstep.locks import poetry  # noqa: PLC0415 - likewise

            yield poetry.judge(source, manifests)
        case "pdm_lock":
            from lockstep.locks import pdm  # noqa: PLC0415 - likewise

            yield pdm.judge(source, manifests, lock_workspaces.pdm_members(discovery, source.folder))
        case _:
            pass  # what npm's lock says of our packages are sites


def _raise(errors: list[LockstepError]) -> None:
    if errors:
        first = errors[0]
        first.others = tuple(errors[1:])
        for other in first.others:
            first.add_note(f"{other}" + (f"\nhelp: {other.help}" if other.help else ""))
        raise first


# ---- what belongs together


def _claims(claimed: Iterable[Claimed]) -> Iterator[Claim]:
    for one in claimed:
        mention = one.mention
        version = value(mention)
        if version is None and mention.role is Role.REQUIREMENT:
            try:
                version = Version.read(mention.text.lstrip("=^~ "))
            except VersionError:
                continue
        if version is not None and mention.role is not Role.OWN and mention.spelling is not Spelling.PREFIX:
            firm = mention.role is Role.MIRROR and not mention.weak
            yield Claim(package=one.found.id, version=version, firm=firm, whole=mention.spelling is not Spelling.TUPLE)


def _links(discovery: Discovery) -> Iterator[tuple[PackageId, PackageId]]:
    """Give the pairs that are built together: a wheel and the crate in its folder, or the one that maturin is told to build."""
    crates = {found.manifest.source.path: found for found in discovery.packages if found.declared.ecosystem is Ecosystem.CARGO}
    for found in discovery.packages:
        if found.declared.ecosystem is not Ecosystem.PYTHON:
            continue
        built = [inside(path.folder, "Cargo.toml") for path in found.manifest.paths] or [inside(found.root, "Cargo.toml")]
        for path in built:
            if path in crates:
                yield found.id, crates[path].id


def _build(discovery: Discovery, grouping: Grouping) -> tuple[dict[PackageId, Package], tuple[Group, ...]]:
    group_of = {member: group.name for group in grouping.groups for member in group.members}
    packages = {
        found.id: Package(
            name=found.declared.name,
            ecosystem=found.declared.ecosystem,
            root=found.root,
            manifest=found.manifest.source.path,
            version=found.version,
            publish=found.declared.publish,
            group=group_of.get(found.id),
            tagged=found.tagged,
            why="; ".join(part for part in (grouping.reasons.get(found.id, ""), found.why if found.id in group_of else "") if part),
        )
        for found in discovery.packages
    }
    groups = tuple(
        Group(name=group.name, version=group.version, basis=group.basis, packages=tuple(packages[member] for member in group.members))
        for group in grouping.groups
    )
    return packages, groups


def _sites(claimed: Iterable[Claimed], packages: dict[PackageId, Package], owners: Owners, resting: list[tuple[str, Site]]) -> Iterator[Site]:
    """Give the sites; what a lock repeats of an example's manifest goes to `resting`."""
    for one in claimed:
        mention = one.mention
        package = packages[one.found.id]
        rests = mention.spelling in REQUIREMENTS and isinstance(mention.owner, Named) and not owners.moves_with(one.source, package, packages, mention.home)
        if rests and (mention.role is not Role.LOCK or mention.home is None):
            continue  # an example that pins the published release must not follow one that is not published yet
        line, column = one.source.at(mention.start)
        site = Site(
            path=one.source.path,
            key=mention.key,
            start=mention.start,
            text=mention.text,
            line=line,
            column=column,
            role=mention.role,
            spelling=mention.spelling,
            package=package,
            why=mention.why,
            installs=mention.installs,
            kept=mention.kept and not mention.awaits,
            awaits=mention.awaits,
        )
        if rests and mention.home is not None:
            resting.append((mention.home, site))
        else:
            yield site
