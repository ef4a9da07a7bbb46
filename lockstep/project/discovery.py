"""Which packages does a repository hold, and where does each of them state its version?

Packages are declared, never globbed: a Cargo manifest counts when Cargo would take it for a package of this repository (a workspace
root, a member, an excluded or standalone crate, a path dependency of one of these), a pyproject.toml and a package.json when git tracks
them outside of vendored code, templates and test data.

Source: https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lockstep.config import Config
from lockstep.dataclass import dataclass, replace
from lockstep.errors import LockstepError, ManifestError, RepositoryError, VersionError
from lockstep.formats import Format, formats
from lockstep.manifest import Declared, Derived, Inherited, Inheritors, Manifest, Mention, Scope, Source, Unwritten, Workspace, inside, is_below, join
from lockstep.model import Ecosystem, Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.project.python_project import PythonProject
from lockstep.tree import Tree
from lockstep.versions.version import Spelling, Version

NOT_OURS = pattern(
    r"(?:^|/)(?:vendor|vendored|_vendor|third[_-]?party|external|extern|node_modules|testdata|test[_-]data|test[_-]projects|test[_-]crates"
    r"|fixtures?|__fixtures__|snapshots|templates?|cookiecutter[^/]*|\{\{[^/]*|deps|\.[^/]+|tests?/(?:.*/)?(?:data|projects|packages|resources|workspaces?))(?:/|$)",
    re.IGNORECASE,
)
"""Folders of vendored code, templates and test data; what lies below them is ours only when a manifest of ours declares it."""

SAMPLES = pattern(r"(?:^|/)(?:tests?|testing|tests?[_-][^/]*|samples?|syntax[_-]tests?)/", re.IGNORECASE)
"""Folders where a manifest that nobody declares is a sample: it is no package of ours, and may be broken on purpose."""
_LONGEST_CHAIN = 8
"""Modules that import a version from each other."""
DECLARING = ("cargo_toml", "pyproject", "setup_py", "setup_cfg", "package_json")
"""The formats that declare packages; a lock counts wherever it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A package as its manifest declares it: the version it is at, and the mention that states it, if one does."""

    declared: Declared
    manifest: Manifest
    version: Version | None
    stated: Mention | None
    stated_in: Source
    why: str
    tagged: bool = False
    """Whether its version comes from git's tags."""

    @property
    def id(self) -> tuple[str, str]:
        """Tell packages apart: a manifest and the name that it declares."""
        return (self.manifest.source.path, self.declared.name)

    @property
    def root(self) -> str:
        """The folder of the manifest."""
        return self.manifest.source.folder


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the version of a package stands: the mention, the file that holds it, and how that is known."""

    version: Version | None
    stated: Mention | None
    source: Source
    why: str = ""
    tagged: bool = False


class Discovery:
    """Reads a tree once; `packages`, `manifests` and `faults` are what it found."""

    def __init__(self, tree: Tree, config: Config) -> None:
        self.tree = tree
        self.config = config
        self.formats: dict[str, Format] = formats()
        self.manifests: dict[str, tuple[str, Manifest]] = {}
        self.strays: dict[str, tuple[str, Manifest]] = {}
        self.faults: list[Finding] = []
        self.errors: list[LockstepError] = []
        self._sources: dict[str, Source] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        """Those of each workspace, by the path of its root."""
        self._outer: dict[str, Manifest] | None = None
        """The first workspace that names a manifest."""
        self._read_all()
        self.packages: tuple[Found, ...] = tuple(self._packages())

    # ---- reading

    def source(self, path: str) -> Source:
        """Read a file once."""
        if path not in self._sources:
            self._sources[path] = Source(path, self.tree.read(path))
        return self._sources[path]

    def scoped(self, scope: Scope) -> Iterator[tuple[str, Format]]:
        """Give the formats of one scope."""
        return ((name, format_) for name, format_ in self.formats.items() if format_.SCOPE is scope)

    def _read_all(self) -> None:
        for name, format_ in self.scoped(Scope.TREE):
            pending = [path for pattern in format_.FILES for path in self.tree.paths(pattern) if not self.config.excludes(path)]
            foreign = {path for path in pending if NOT_OURS.search(path)}
            samples = {path for path in pending if SAMPLES.search(path)} - foreign if name in DECLARING else set()
            for path in pending:
                if path not in foreign and path not in samples:
                    self._read(name, format_, path, self.manifests)
            reached = self._reach(name, format_, foreign | samples)
            for path in sorted(samples - reached):
                self._read(name, format_, path, self.strays)
        self._name_nameless()
        self._set_strays_aside()
        self._name_twins()
        self._name_uninheritable()
        for fault in (fault for _, manifest in self.manifests.values() for fault in manifest.faults):
            self.faults.append(fault)

    def _read(self, name: str, format_: Format, path: str, into: dict[str, tuple[str, Manifest]]) -> Manifest | None:
        """Read one manifest; one that nobody declares may be anything, so that it cannot be read is no error."""
        try:
            manifest = format_.read(self.source(path))
        except (ManifestError, RepositoryError) as error:
            if into is self.manifests:
                error.path = error.path or path
                self.errors.append(error)
            return None
        into[path] = (name, manifest)
        return manifest

    def _reach(self, name: str, format_: Format, later: set[str]) -> set[str]:
        """Read what a manifest of ours declares although it lies where foreign things lie: members, path dependencies. Give their paths."""
        pending, reached = list(self.manifests), set[str]()
        while len(reached) < len(later) and pending:
            _, manifest = self.manifests[pending.pop()]
            for path in self._declared_paths(manifest):
                if path in later and path not in reached:
                    reached.add(path)
                    if self._read(name, format_, path, self.manifests):
                        pending.append(path)
        return reached

    def _declared_paths(self, manifest: Manifest) -> Iterator[str]:
        here = manifest.source.folder
        for dependency in manifest.paths:
            yield inside(dependency.folder, "Cargo.toml")
        if (workspace := manifest.workspace) is not None:
            for member, _ in workspace.members:
                if (folder := join(here, member)) is not None:
                    yield from self.tree.paths(inside(folder, workspace.manifest))

    def _name_nameless(self) -> None:
        """Name packages after those of the manifests that name them; one whose manifest is not here is none."""
        for path, (format_, manifest) in self.manifests.items():
            if any(not one.name for one in manifest.declared):
                declared = tuple(replace(one, name=name) for one in manifest.declared if (name := one.name or self._name_in(one.named_in)))
                self.manifests[path] = (format_, replace(manifest, declared=declared))

    def _name_in(self, path: str) -> str:
        entry = self.manifests.get(path)
        return next((one.name for one in entry[1].declared), "") if entry is not None else ""

    def _set_strays_aside(self) -> None:
        """Set crates aside that lie in a workspace which neither names nor excludes them: Cargo refuses these as packages.

        A requirement by path on a package of ours counts in them all the same.
        """
        crates = {path: entry for path, entry in self.manifests.items() if path.rpartition("/")[2] == "Cargo.toml"}
        workspaces = [manifest for _, manifest in crates.values() if manifest.workspace is not None]
        claimed = {path for manifest in workspaces for path in self.members(manifest)}
        reached = {inside(dependency.folder, "Cargo.toml") for _, manifest in self.manifests.values() for dependency in manifest.paths}
        for path, entry in crates.items():
            manifest = entry[1]
            if manifest.workspace is not None or path in claimed or path in reached:
                continue
            if any(self._would_claim(workspace, path) for workspace in workspaces):
                self.strays[path] = self.manifests.pop(path)
                self._members.clear()

    def _name_twins(self) -> None:
        """Note packages that share a name within one Cargo workspace."""
        for root in [manifest for name, manifest in self.manifests.values() if manifest.workspace is not None and name == "cargo_toml"]:
            first: dict[str, str] = {}
            for path in self.members(root):
                manifest = self.manifests[path][1] if path in self.manifests else None
                for declared in manifest.declared if manifest else ():
                    other = first.setdefault(declared.name, path)
                    if manifest is not None and other != path:
                        self._fault(
                            "package-duplicated",
                            manifest.source,
                            0,
                            f"{other} declares a package named {declared.name} too",
                            "rename one of them; Cargo refuses two in a workspace",
                        )

    def _name_uninheritable(self) -> None:
        """Note what crates inherit and their workspace does not offer."""
        from lockstep.formats import cargo_toml  # noqa: PLC0415 - loaded with the formats

        for name, manifest in self.manifests.values():
            root = self.workspace_of(manifest) if name == "cargo_toml" else None
            if root is None or root.document is None or manifest.document is None:
                continue
            for what, key in cargo_toml.not_offered(manifest.document, root.document):
                self._fault(
                    "manifest-incomplete",
                    manifest.source,
                    manifest.document.where(*key),
                    f"this is inherited, but {root.source.path} has no {what}",
                    "add it there, or write it here; Cargo refuses the manifest",
                )

    def _would_claim(self, root: Manifest, path: str) -> bool:
        here = root.source.folder
        if here and not path.startswith(here + "/"):
            return False
        assert root.workspace is not None
        excluded = [folder for one in root.workspace.exclude if (folder := join(here, one))]
        return not any(path == inside(folder, "Cargo.toml") or path.startswith(folder + "/") for folder in excluded)

    def members(self, root: Manifest) -> tuple[str, ...]:
        """Give the manifests of a Cargo or uv workspace: the root, what the globs name, and path dependencies below the root."""
        if root.workspace is None:
            return ()
        if (known := self._members.get(root.source.path)) is None:
            known = self._members[root.source.path] = self._find_members(root, root.workspace)
        return known

    def _find_members(self, root: Manifest, workspace: Workspace) -> tuple[str, ...]:
        here = root.source.folder
        excluded = {folder for one in workspace.exclude if (folder := join(here, one))}
        found: dict[str, None] = {root.source.path: None} if root.declared else {}
        for member, _ in workspace.members:
            if (folder := join(here, member)) is not None:
                literal = not any(char in member for char in "*?[")
                for path in self.tree.paths(inside(folder, workspace.manifest)):
                    if literal or not is_below(path, excluded):
                        found[path] = None
        pending = [*found, root.source.path]
        while pending:
            entry = self.manifests.get(pending.pop())
            for dependency in entry[1].paths if entry else ():
                path = inside(dependency.folder, workspace.manifest)
                below = not here or path.startswith(here + "/")
                if path not in found and path in self.manifests and below and not is_below(path, excluded):
                    found[path] = None
                    pending.append(path)
        return tuple(found)

    def inherits(self, root: Manifest, alias: str) -> bool:
        """Say whether a member of a Cargo workspace needs what its root offers; Cargo never looks for what none does."""
        from lockstep.formats import cargo_toml  # noqa: PLC0415 - only where a path leads nowhere

        entries = (self.manifests.get(path) for path in {root.source.path, *self.members(root)})
        return any(entry[1].document is not None and cargo_toml.inherits(entry[1].document, alias) for entry in entries if entry is not None)

    # ---- packages

    def python_project(self, found: Found) -> PythonProject:
        """Give a Python package as its build backend sees it."""
        entry = self.manifests.get(inside(found.root, "pyproject.toml"))
        return PythonProject(self.tree, found.root, found.declared.name, entry[1].document if entry is not None else None)

    def _packages(self) -> Iterator[Found]:
        homes: dict[tuple[Ecosystem, str], tuple[Declared, Manifest]] = {}
        for _, manifest in self.manifests.values():
            for declared in manifest.declared:  # setup.py beside a pyproject.toml or a setup.cfg is the same package: what states a version counts
                home = (declared.ecosystem, manifest.source.folder)
                if home not in homes or (isinstance(homes[home][0].version, Unwritten) and not isinstance(declared.version, Unwritten)):
                    homes[home] = declared, manifest
        yield from (self._found(declared, manifest) for declared, manifest in homes.values())

    def _found(self, declared: Declared, manifest: Manifest) -> Found:
        origin = self._version(declared, manifest, ())
        if origin.stated is None and not origin.tagged and manifest.source.path.endswith("setup.cfg"):
            origin = self._tagged(manifest.source.folder) or origin
        if declared.inherits_publish and (root := self.workspace_of(manifest)) is not None and root.workspace is not None:
            declared = replace(declared, publish=root.workspace.publish)
        return Found(
            declared=declared,
            manifest=manifest,
            version=origin.version,
            stated=origin.stated,
            stated_in=origin.source,
            why=origin.why,
            tagged=origin.tagged,
        )

    def _tagged(self, folder: str) -> _Origin | None:
        """Say that the version of a setup.cfg comes from the tags, where the pyproject.toml beside it, which declares no project, says so."""
        _, beside = self.manifests.get(inside(folder, "pyproject.toml"), (None, None))
        if beside is None or beside.document is None or "setuptools_scm" not in beside.document.table("tool"):
            return None
        return _Origin(None, None, beside.source, "setuptools-scm takes it from git's tags", tagged=True)

    def _version(self, declared: Declared, manifest: Manifest, seen: tuple[str, ...]) -> _Origin:
        source = manifest.source
        match declared.version:
            case Mention() as mention:
                return _Origin(read_version(mention.text, mention.spelling), mention, source)
            case Unwritten(why=why, tagged=tagged):
                return _Origin(None, None, source, why, tagged)
            case Inherited(start=start):
                root = self.workspace_of(manifest)
                shared = next((one for one in root.mentions if isinstance(one.owner, Inheritors)), None) if root else None
                if root is None or shared is None:
                    where = "no workspace above it states one" if root is None else f"[workspace.package] of {root.source.path} states none"
                    self._fault(
                        "version-not-inherited",
                        source,
                        start,
                        f"{declared.name} inherits its version, but {where}",
                        'write version = "..." in [workspace.package]',
                    )
                    return _Origin(None, None, source, "it inherits a version that nobody states")
                return _Origin(read_version(shared.text, shared.spelling), shared, root.source, f"inherited from {root.source.path}")
            case Derived() as derived:
                return self._derived(declared, derived, source, seen)

    def _derived(self, declared: Declared, derived: Derived, source: Source, seen: tuple[str, ...]) -> _Origin:
        named = " or ".join(derived.paths)
        unread = _Origin(None, None, source, f"its version comes from {named}, where no literal states it")
        targets = [path for path in self._readable(derived.paths) if path not in seen]
        if not targets and derived.reader == "python_source" and not seen:
            targets = [*self._readable(self._mapped(derived, source))]
        if not targets and not derived.optional and not self._is_stray(source):
            self._fault(
                "version-source-missing",
                source,
                0,
                f"the version of {declared.name} is read from {named}, which git does not track",
                "correct the path, or git add the file",
            )
        for target in targets:
            if target in self.manifests and (packages := self.manifests[target][1].declared):
                origin = self._version(packages[0], self.manifests[target][1], (*seen, target))
                return origin if origin.stated is None else replace(origin, why=f"taken from {target} when it is built")
            if target in self.manifests and (stated := self.manifests[target][1].stated) is not None:
                return self._version(replace(declared, version=stated), self.manifests[target][1], (*seen, target))
            reader = self.formats.get(derived.reader or _reader(target))
            try:
                mentions = reader.read(self.source(target)).mentions if reader else ()
            except LockstepError as error:
                self.errors.append(error)
                return unread
            mention = _stating(mentions, derived.attribute)
            if mention is not None:
                return _Origin(read_version(mention.text, mention.spelling), mention, self.source(target), f"read from {target} when it is built")
            followed = self._imported(declared, target, derived.attribute, source, seen) if target.endswith(".py") else None
            if followed is not None:
                return followed
        return unread

    def _is_stray(self, source: Source) -> bool:
        """Say whether a manifest stands without a module of its package, as samples and copies of other projects do: nobody builds it."""
        return bool(source.folder) and not any(path.endswith((".py", ".pyi")) for path in self.tree.paths(f"{source.folder}/**") if path != source.path)

    def _readable(self, paths: Iterable[str]) -> Iterator[str]:
        """Give the files that paths of modules without an ending, or of files, stand for."""
        return (path for one in paths for path in (one, f"{one}.py", f"{one}/__init__.py") if self.tree.has(path))

    def _mapped(self, derived: Derived, source: Source) -> Iterator[str]:
        """Give the paths of a module where the package_dir of a setup.py beside the manifest puts it."""
        folders = PythonProject(self.tree, source.folder, "").setup.folders if self.tree.has(inside(source.folder, "setup.py")) else {}
        for path in derived.paths[-2:-1]:  # the one beside the manifest
            inner = path.removeprefix(f"{source.folder}/") if source.folder else path
            top, mark, rest = inner.partition("/")
            mapped = f"{folders[top]}{mark}{rest}" if top in folders else f"{folders['']}/{inner}" if folders.get("") else None
            if mapped is not None and (found := join(source.folder, mapped)) is not None:
                yield found

    def _imported(self, declared: Declared, target: str, attribute: str, source: Source, seen: tuple[str, ...]) -> _Origin | None:
        """Follow a module that imports the version from another one of the repository; None where it does not, or no literal stands there."""
        from lockstep.formats.python_source import imported_from  # noqa: PLC0415 - most modules state it

        given = imported_from(self.source(target), attribute) if len(seen) < _LONGEST_CHAIN else None
        origin = None if given is None else self._derived(declared, given, source, (*seen, target))
        return origin if origin is not None and origin.stated is not None else None

    def workspace_of(self, manifest: Manifest) -> Manifest | None:
        """Give the workspace root of a crate: itself, or the nearest manifest above it that has one."""
        if manifest.workspace is not None:
            return manifest
        folder = manifest.source.folder
        name = manifest.source.path.rpartition("/")[2]
        while folder:
            folder = folder.rpartition("/")[0]
            entry = self.manifests.get(inside(folder, name))
            if entry is not None and entry[1].workspace is not None:
                return entry[1]
        if self._outer is None:
            self._outer = {}
            for root in (one for _, one in self.manifests.values() if one.workspace is not None):
                for path in self.members(root):
                    self._outer.setdefault(path, root)
        return self._outer.get(manifest.source.path)

    def _fault(self, rule: str, source: Source, offset: int, message: str, help_: str) -> None:
        finding = Finding(rule=rule, level=Level.ERROR, place=source.place(offset), message=message, help=help_)
        if finding not in self.faults:
            self.faults.append(finding)


def read_version(text: str, spelling: Spelling) -> Version | None:
    """Read a version as a manifest states it; the rule version-unreadable says what is wrong with one that is none."""
    try:
        version = Version.read(text, spelling)
    except VersionError:
        return None
    return replace(version, text="") if spelling is Spelling.TUPLE else version


def _reader(path: str) -> str:
    """Give the format that knows a file from which a version is read; a manifest is known already, or says none."""
    name = path.rpartition("/")[2]
    return "" if name in ("setup.py", "setup.cfg") else "python_source" if name.endswith((".py", ".pyi")) else "version_file"


def _stating(mentions: Sequence[Mention], attribute: str) -> Mention | None:
    """Give the mention that states what a variable is: itself, else the only other one, from which it is computed."""
    whole = [one for one in mentions if not one.whole]
    named = next((one for one in whole if not attribute or one.key == attribute), None)
    return named or (whole[0] if len(whole) == 1 else None)


def is_example(path: str) -> bool:
    """Say whether a folder is for showing, trying or measuring things: what lies there is not shipped."""
    return (
        re.search(
            r"(?:^|/)(?:examples?|samples?|demos?|docs?|docs?[_-][^/]*|website|www|site|bench(?:es|mark|marks)?|tests?|fuzz|e2e|integration[_-]tests?|playground|tools?|scripts|ci|xtask)(?:/|$)",
            path,
        )
        is not None
    )


def place_of(found: Found) -> Place:
    """Give the place where a package's version is stated, or its manifest."""
    if found.stated is None:
        return Place(path=found.manifest.source.path, line=1, column=1)
    return found.stated_in.place(found.stated.start)
