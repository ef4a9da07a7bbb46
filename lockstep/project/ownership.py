"""Whose version is it? Every mention in every file is joined with the package that it names: by manifest, by path, by name.

A mention that names nobody of ours is no site, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lockstep.config import SiteConfig, version_places
from lockstep.dataclass import dataclass, replace
from lockstep.errors import LockstepError, VersionError
from lockstep.formats import RARE
from lockstep.locks.stale import Judged
from lockstep.manifest import At, Derived, Here, Inheritors, Kin, Manifest, Mention, Named, Scope, Source, Tagged, inside
from lockstep.model import Ecosystem, Finding, Level, Package, Place, Role
from lockstep.pattern import pattern
from lockstep.project.discovery import NOT_OURS, SAMPLES, Discovery, Found
from lockstep.project.grouping import Grouped, Grouping, PackageId, is_placeholder
from lockstep.project.python_backends import homes
from lockstep.tree import Globs
from lockstep.versions.agreement import PARTS, REQUIREMENTS, says
from lockstep.versions.version import Spelling, Version
from lockstep.wording import did_you_mean

if TYPE_CHECKING:
    from lockstep.project.kinship import Kinship

_WILD = pattern(r"(?<![A-Za-z0-9])[*xX](?![A-Za-z0-9])")
"""A wildcard in a requirement: a crate that Cargo takes for no package asks for no more with it than for what lies there."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mention whose owner is known."""

    source: Source
    mention: Mention
    found: Found


def once(claimed: Iterable[Claimed]) -> Iterator[Claimed]:
    """Give each place once, as the first that named it."""
    seen: set[tuple[str, int]] = set()
    for one in claimed:
        place = (one.source.path, one.mention.start)
        if place not in seen:
            seen.add(place)
            yield one


class Owners:
    """Knows whose version each mention is: by the manifest that it stands in, by path, by name."""

    def __init__(self, discovery: Discovery, faults: list[Finding], locks: tuple[Judged, ...]) -> None:
        self._discovery = discovery
        self._locks = {lock.path: lock.owners for lock in locks}
        self._unread = {lock.path for lock in locks if lock.unread}
        self._faults = faults
        self._at: dict[tuple[Ecosystem | None, str], Found] = {}
        self._named: dict[tuple[Ecosystem, str], list[Found]] = {}
        self._declared: dict[str, list[Found]] = {}
        self._by_id = {found.id: found for found in discovery.packages}
        self._kinship: Kinship | None = None
        self._holders: dict[str, set[str]] = {}
        """The folders of the packages that may hold a Python module."""
        self._slug: str | None = None
        self._homes: dict[PackageId, tuple[tuple[str, bool], ...]] = {}
        """The import packages of each distribution, and whether each is its own for certain."""
        for found in discovery.packages:
            if found.declared.ecosystem is Ecosystem.PYTHON:
                self._homes[found.id] = tuple(homes(discovery.python_project(found)))
            for module, _ in self._homes.get(found.id, ()):
                self._holders.setdefault(module, set()).add(found.root)
            self._at.setdefault((found.declared.ecosystem, found.root), found)
            self._declared.setdefault(found.manifest.source.path, []).append(found)
            self._named.setdefault((found.declared.ecosystem, _normal(found.declared.ecosystem, found.declared.name)), []).append(found)

    def firm(self) -> Iterator[Claimed]:
        """Give the mentions of manifests, locks and version modules: what states a version first."""
        discovery = self._discovery
        for found in discovery.packages:
            if found.stated is not None and isinstance(found.declared.version, Derived) and found.stated_in.path not in discovery.manifests:
                yield Claimed(found.stated_in, replace(found.stated, role=Role.OWN, weak=False, why=found.why), found)
        for name, manifest in (*discovery.manifests.values(), *discovery.strays.values()):
            yield from self._of_manifest(name, manifest, stray=manifest.source.path in discovery.strays)
        folders = {path.rpartition("/")[0] for path in discovery.tree.paths("**") if path.endswith((".py", ".pyi"))}
        for name, format_ in discovery.scoped(Scope.MODULE):
            for found in discovery.packages:
                for path, certain in self._modules(found, format_.FILES, folders):
                    yield from (one for one in self._read(name, path, found, certain=certain) if isinstance(one.mention.owner, Here))

    def _modules(self, found: Found, files: tuple[str, ...], folders: set[str]) -> Iterator[tuple[str, bool]]:
        """Give the files that may repeat a package's version, in its import packages or its one module, and whether each is its own for certain."""
        discovery = self._discovery
        for module, certain in self._homes.get(found.id, ()):
            if self._is_nearer_to_another(module, found):
                continue
            inner = [inside(module, file) for file in files] if module in folders else []
            for path in (f"{module}.py", *inner) if module.rpartition("/")[0] in folders else inner:
                if discovery.tree.has(path) and not discovery.config.excludes(path):
                    yield path, certain

    def _is_nearer_to_another(self, module: str, found: Found) -> bool:
        """Say whether a wheel below another one's folder may hold a module, too: it is theirs then."""
        start = f"{found.root}/" if found.root else ""
        return any(root != found.root and root.startswith(start) for root in self._holders[module])

    def texts(self, grouping: Grouping, *, awaited: bool = False) -> Iterator[Claimed]:
        """Give the mentions of files that only repeat a version: beside a package of a group, and in the root of the repository.

        With `awaited`, also those that wait for the release which a pre-release announces.
        """
        leads: dict[str, Found] = {}
        for group in reversed(grouping.groups):
            for found in self._members(group):
                if found.version == group.version or found.root not in leads:
                    leads[found.root] = found
        if grouping.groups:
            leads.setdefault("", self._lead(grouping.groups[0]))
        alone = {found.root: found for found in grouping.alone if found.root and found.root not in leads}
        leads |= alone
        for name, path, folder in self._beside(set(leads)):
            if folder in alone and name not in NAMING:
                continue  # what only lies beside a package may be of something that it wraps
            if name not in RARE or not _is_foreign(path):
                yield from self._read(name, path, leads[folder], grouping, awaited=awaited)

    def _members(self, group: Grouped) -> list[Found]:
        return [self._by_id[member] for member in group.members]

    def _lead(self, group: Grouped) -> Found:
        """Give the package that stands for a group: at its version, and nearest to the root."""
        return min(self._members(group), key=lambda found: (found.version != group.version, found.root.count("/")))

    def configured(self, grouping: Grouping) -> Iterator[Claimed]:
        """Give the places that the configuration names; one that is not there is a fault."""
        discovery = self._discovery
        for wanted in discovery.config.sites:
            group = next((group for group in grouping.groups if group.name == wanted.group or not wanted.group), None)
            lead = self._lead(group) if group else None
            count = 0
            for path in discovery.tree.paths(wanted.path) if lead else ():
                try:
                    source = discovery.source(path)
                except LockstepError as error:
                    discovery.errors.append(error)
                    continue
                for start, text in version_places(wanted.pattern, source.text):
                    count += 1
                    mention = Mention(
                        key=wanted.pattern,
                        start=start,
                        text=text,
                        role=Role.MIRROR,
                        spelling=Spelling(wanted.spelling),
                        owner=Here(),
                        why=f"configured in {discovery.config.path}",
                    )
                    if lead is not None:
                        yield Claimed(source, mention, lead)
            if not count:
                self._missing(wanted, None if group is not None else [one.name for one in grouping.groups])

    def _missing(self, wanted: SiteConfig, groups: list[str] | None) -> None:
        """Say that a configured place is not there, or which groups there are in place of the one that it names."""
        place = Place(path=self._discovery.config.path, line=wanted.line, column=wanted.column)
        tree = self._discovery.tree
        if groups is not None:
            what, help_ = f"there is no group {wanted.group!r}", did_you_mean(wanted.group, groups, "lockstep show lists the groups")
        elif not tree.paths(wanted.path):
            what = f"git tracks no file {wanted.path}, where {wanted.pattern!r} is to stand"
            help_ = did_you_mean(wanted.path, tree.paths(), "correct the path, git add the file, or delete the entry")
        else:
            what, help_ = f"{wanted.pattern!r} stands nowhere in {wanted.path}", "correct the pattern, or delete the entry"
        self._faults.append(Finding(rule="configured-site-missing", level=Level.ERROR, place=place, message=what, help=help_))

    def _beside(self, folders: set[str]) -> Iterator[tuple[str, str, str]]:
        """Give (format, file, folder) of each file that a format looks for below a folder, the innermost folder first."""
        discovery = self._discovery
        globs = {name: format_.FILES for name, format_ in discovery.scoped(Scope.TEXT)}
        by_name = {name: Globs(pattern.rpartition("/")[2] for pattern in files) for name, files in globs.items()}
        wanted: dict[str, Globs] = {}
        known: dict[str, list[str]] = {}
        for path in discovery.tree.paths("**"):
            file = path.rpartition("/")[2]
            if (fitting := known.get(file)) is None:
                fitting = known[file] = [name for name, names in by_name.items() if names.fullmatch(file)]
            if not fitting or discovery.config.excludes(path) or not discovery.tree.has(path):
                continue
            wanted |= {name: Globs(globs[name]) for name in fitting if name not in wanted}
            folder, below = path.rpartition("/")[0], False
            while True:
                if folder in folders:
                    for name in (name for name in fitting if wanted[name].fullmatch(path[len(folder) + 1 :] if folder else path)):
                        below = True
                        yield name, path, folder
                if below or not folder:
                    break
                folder = folder.rpartition("/")[0]

    def _read(self, name: str, path: str, beside: Found, grouping: Grouping | None = None, *, awaited: bool = False, certain: bool = True) -> Iterator[Claimed]:
        """Read a file that `beside` points to; a text that is not UTF-8 has no sites, a module may hold one that nobody can see."""
        format_ = self._discovery.formats[name]
        try:
            manifest = format_.read(self._discovery.source(path))
        except LockstepError as error:
            if format_.SCOPE is Scope.MODULE:
                self._discovery.errors.append(error)
            return
        for mention in manifest.mentions:
            if isinstance(mention.owner, Kin):
                if grouping is not None and (claim := self._kin(grouping).claim(manifest.source, mention, beside, format_.read, awaited=awaited)):
                    yield Claimed(manifest.source, *claim)
                continue
            is_besides = isinstance(mention.owner, Here) or (isinstance(mention.owner, Tagged) and self._is_here(mention.owner.slug))
            found = beside if is_besides else self._owner(name, manifest, mention)
            if found is None:
                continue
            if _counts(mention if certain else replace(mention, weak=True), found):
                yield Claimed(manifest.source, mention, found)
            elif (
                grouping is not None
                and self._may_wait(mention, found, awaited=awaited)
                and (tag := self._was_kept(name, manifest.source, mention, found, grouping))
            ):
                yield Claimed(manifest.source, replace(mention, weak=False, why=f"{mention.why or mention.key}; in step at {tag}"), found)

    def _kin(self, grouping: Grouping) -> Kinship:
        """Give what knows of other ecosystems; few repositories ask it."""
        if self._kinship is None:
            from lockstep.project.kinship import Kinship  # noqa: PLC0415 - few repositories have such a file

            self._kinship = Kinship(self._discovery.packages, grouping)
        return self._kinship

    def _is_here(self, slug: str) -> bool:
        """Say whether a repository is this one, as its own manifests call it."""
        if self._slug is None:
            from lockstep.project.repository_url import repository_url  # noqa: PLC0415 - few pages name a repository's tag

            url = repository_url(self._discovery.tree, "").lower()
            self._slug = "/".join(url.split("/")[3:])
        return slug.lower() == self._slug

    @staticmethod
    def _may_wait(mention: Mention, found: Found, *, awaited: bool) -> bool:
        """Say whether a mention may be one that was left behind; a project at a pre-release leaves its readers with the last release, on purpose."""
        return mention.kept and found.version is not None and (awaited or found.version.final)

    def _was_kept(self, name: str, source: Source, mention: Mention, found: Found, grouping: Grouping) -> str | None:
        """Give the last release tag, if what a mention says now was left behind since: there the same line said that release."""
        last = next((one for one in grouping.tags() if one.version.final), None)
        text = last.text(source.path) if last is not None else None
        if last is None or text is None:
            return None
        read, line = self._discovery.formats[name].read, _line_around(source.text, mention)
        now, then = ([one for one in read(each).mentions if _line_around(each.text, one) == line] for each in (source, Source(source.path, text)))
        if len(now) != len(then) or mention not in now:
            return None  # lines of this kind came or went: nobody can tell which of them is which
        at = (last.read() or {}).get(found.id)
        return last.tag if at is not None and _says(then[now.index(mention)], at) else None

    def _of_manifest(self, name: str, manifest: Manifest, *, stray: bool) -> Iterator[Claimed]:
        if manifest.source.path in self._unread:
            return
        if not stray:
            self._check_paths(name, manifest)
        for mention in manifest.mentions:
            found = self._owner(name, manifest, mention)
            if found is None or (stray and (not isinstance(mention.owner, At) or _WILD.search(mention.text))) or not _counts(mention, found):
                continue
            yield Claimed(manifest.source, mention, found)

    def _owner(self, name: str, manifest: Manifest, mention: Mention) -> Found | None:
        match mention.owner:
            case Here():
                own = self._declared.get(manifest.source.path)
                return own[0] if own else self._at.get((self._discovery.formats[name].ECOSYSTEM, manifest.source.folder))
            case Inheritors():
                heirs = [found for found in self._discovery.packages if found.stated is mention]
                return next((found for found in heirs if found.root == manifest.source.folder), heirs[0] if heirs else None)
            case Tagged():
                return None  # the tag of another repository
            case At(folder=folder):
                return self._at.get((self._discovery.formats[name].ECOSYSTEM, folder))
            case Named(name=wanted) if (wanted, mention.text) in (held := self._locks.get(manifest.source.path, {})):
                home = held[wanted, mention.text]
                return None if home is None else self._at.get((Ecosystem.CARGO, home))
            case Named(ecosystem=ecosystem, name=wanted):
                return self._nearest(self._named.get((ecosystem, _normal(ecosystem, wanted)), []), manifest.source.folder)
            case Kin():
                return None

    def moves_with(self, source: Source, package: Package, packages: dict[PackageId, Package], home: str | None = None) -> bool:
        """Say whether the manifest in `source`, the one beside a lock, or the one at `home` declares a package of the same group.

        One that declares no package moves along. A lock never does for a sample, whose manifest is no site of ours either.
        """
        folder = source.folder if home is None else home
        if home is not None and inside(home, "package.json") not in self._discovery.manifests:  # npm's locks alone speak for many
            return False
        beside = [found for ecosystem in Ecosystem if (found := self._at.get((ecosystem, folder)))]
        mine = [packages[found.id] for found in self._declared.get(source.path, beside)]
        if package.group is None:
            return False
        return not mine or any(one.group == package.group for one in mine)

    @staticmethod
    def _nearest(candidates: list[Found], folder: str) -> Found | None:
        """Of packages with one name, give the one in the folder of the file that names it, else the first."""
        prefix = f"{folder}/" if folder else ""
        return min(candidates, key=lambda found: (not f"{found.root}/".startswith(prefix), found.root), default=None)

    def _check_paths(self, name: str, manifest: Manifest) -> None:
        tree, folder = self._discovery.tree, manifest.source.folder
        if name != "cargo_toml":
            return
        members = (inside(folder, inside(member, "Cargo.toml")) for member, _ in (manifest.workspace.members if manifest.workspace else ()))
        if all(tree.has(inside(one.folder, "Cargo.toml")) for one in manifest.paths) and all(map(tree.paths, members)):
            return
        from lockstep.project.missing_paths import missing_paths  # noqa: PLC0415 - few manifests lead to what is not there

        self._faults += missing_paths(self._discovery, manifest)


NAMING = ("install_snippet", "html_root_url")
"""The formats whose mentions name the package."""


def _is_foreign(path: str) -> bool:
    """Say whether a file is vendored, a template or a sample; a folder that is hidden is neither."""
    seen = path.replace("/.", "/").removeprefix(".")
    return NOT_OURS.search(seen) is not None or SAMPLES.search(seen) is not None


def _normal(ecosystem: Ecosystem, name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-") if ecosystem is Ecosystem.PYTHON else name


def _counts(mention: Mention, found: Found) -> bool:
    """Say whether a mention is a site: a weak one only while it says the package's version, a copy only if it is no mere filler."""
    if not mention.weak and mention.role is not Role.MIRROR:
        return True
    try:
        if mention.weak:
            return found.version is not None and _agrees(mention, found.version)
        return not is_placeholder(Version.read(mention.text, mention.spelling)) or found.version is None
    except VersionError:
        return not mention.weak and mention.text[:1].isdecimal()


def _agrees(mention: Mention, version: Version) -> bool:
    """Say whether a weak mention says a version. The numbers of one say that of a pre-release, too: it may stand beside them, or nowhere."""
    if not mention.whole:
        return says(mention.text, mention.spelling, version)
    numbers = version if version.pre is None else replace(version, pre=None, text="")
    return says(mention.whole, Spelling.PREFIX, numbers) and says(mention.text, mention.spelling, version)


def _line_around(text: str, mention: Mention) -> tuple[str, str]:
    """Give what stands before and behind a mention in its line."""
    end = mention.start + len(mention.text)
    newline = text.find("\n", end)
    return text[text.rfind("\n", 0, mention.start) + 1 : mention.start], text[end : newline if newline != -1 else len(text)].rstrip("\r")


def _says(mention: Mention, version: Version) -> bool:
    try:
        return says(mention.text, mention.spelling, version)
    except VersionError:
        return False


def value(mention: Mention) -> Version | None:
    """Give the version that a mention says, None when it is a requirement, one number, or no version."""
    if mention.spelling in (*REQUIREMENTS, *PARTS):
        return None
    try:
        return Version.read(mention.text, mention.spelling)
    except VersionError:
        return None
