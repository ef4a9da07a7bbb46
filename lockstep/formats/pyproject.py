"""pyproject.toml: PEP 621, Poetry, where a dynamic version comes from, and requirements on siblings.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/; the manuals of maturin, hatchling, setuptools,
flit, pdm-backend, scikit-build-core and Poetry for their keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.manifest import (
    At,
    Declared,
    Derived,
    Faults,
    Here,
    Manifest,
    Mention,
    Named,
    PathDependency,
    Scope,
    Source,
    Stated,
    Unwritten,
    Workspace,
    inside,
    join,
    mention_at,
)
from lockstep.model import Ecosystem, Level, Role
from lockstep.pattern import pattern
from lockstep.text.toml import Document, Key, Table, strings
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.PYTHON
FILES = ("**/pyproject.toml",)
TOML_1_1 = (3, 15)
"""The Python since which tomllib reads TOML 1.1."""

# name [extras] (specifiers) ; marker        Source: PEP 508
_REQUIREMENT = pattern(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?\s*(?P<specifiers>[^;@()]*?)\s*\)?\s*(?:;.*)?", re.DOTALL
)
_FLOOR = pattern(r"(?:>=?|~=|===?)\s*([0-9]+)\.([0-9]+)")
_SCM = {
    "setuptools_scm": "setuptools-scm takes it from git's tags",
    "setuptools-git-versioning": "setuptools-git-versioning takes it from git's tags",
    "poetry-dynamic-versioning": "poetry-dynamic-versioning takes it from git's tags",
    "versioningit": "versioningit takes it from git's tags",
    "versioneer": "versioneer takes it from git's tags",
    "uv-dynamic-versioning": "uv-dynamic-versioning takes it from git's tags",
}


def normalize(name: str) -> str:
    """Give a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(source: Source) -> Manifest:
    """Read one pyproject.toml; a file that declares no project (settings of tools only) declares nothing.

    Raises: ManifestError when it is not TOML.
    """
    document = Document(source.path, source.text)
    faults = Faults(source)
    mentions: list[Mention] = []
    declared = tuple(_declared(source, document, mentions, faults))
    mentions += _requirements(document)
    mentions += _poetry_requirements(source, document)
    if document.newer is not None and declared and not _is_for_newer_pythons(document):
        message = "only TOML 1.1 allows this: pip and most build backends refuse the file on Python before 3.15"
        faults.add("toml-too-new", document.newer, message, "write the table in one line, escapes as \\u00HH, times with seconds", Level.WARNING)
    members = document.table("tool", "uv", "workspace").get("members")
    workspace = None
    if isinstance(document.table("tool", "uv").get("workspace"), dict):
        workspace = Workspace(
            members=tuple((member, document.where("tool", "uv", "workspace", "members", i)) for i, member in enumerate(strings(members))),
            exclude=strings(document.table("tool", "uv", "workspace").get("exclude")),
            manifest="pyproject.toml",
        )
    return Manifest(
        source=source,
        declared=declared,
        workspace=workspace,
        mentions=tuple(mentions),
        faults=tuple(faults),
        paths=tuple(_crate(source, document)),
        document=document,
    )


def _is_for_newer_pythons(document: Document) -> bool:
    """Say whether every Python that a project supports reads TOML 1.1."""
    floors = _FLOOR.findall(document.string("project", "requires-python") or "")
    return any((int(major), int(minor)) >= TOML_1_1 for major, minor in floors)


def _declared(source: Source, document: Document, mentions: list[Mention], faults: Faults) -> Iterator[Declared]:
    project, poetry = document.data.get("project"), document.table("tool", "poetry")
    name = document.string("project", "name") or document.string("tool", "poetry", "name")
    if not isinstance(project, dict) and not poetry:
        if module := document.string("tool", "flit", "metadata", "module"):  # as flit had it before PEP 621
            name = document.string("tool", "flit", "metadata", "dist-name") or module
            yield Declared(name=name, ecosystem=Ecosystem.PYTHON, version=_flit_module(source, module))
        else:
            yield from _of_crate(source, document)
        return
    if name is None:
        if isinstance(project, dict) and (project.get("version") or project.get("dynamic")):
            faults.add("manifest-incomplete", document.where("project"), "[project] has no name", 'write name = "..." in it')
        return
    stated: Stated | None = None
    for key in (("project", "version"), ("tool", "poetry", "version")):
        text = document.string(*key)
        if text is None or (key[0] == "tool" and text in ("0.0.0", "0") and _poetry_is_placeholder(document)):
            continue
        mention = mention_at(document, key, Here(), Spelling.PEP440)
        mentions.append(mention)
        stated = stated or mention
    if stated is None:
        dynamic = isinstance(project, dict) and "version" in strings(project.get("dynamic"))
        if dynamic or (poetry and "poetry" not in str(document.string("build-system", "build-backend") or "")) or _poetry_is_placeholder(document):
            stated = _dynamic(source, document)
        elif isinstance(project, dict) and (document.string("build-system", "build-backend") or "").startswith("maturin"):
            faults.add(
                "manifest-incomplete",
                document.where("project"),
                f'[project] of {name} has neither a version nor dynamic = ["version"]; maturin takes the crate\'s all the same',
                'write dynamic = ["version"]; PEP 621 asks for it',
                Level.WARNING,
            )
            stated = _maturin(source, document)
        elif isinstance(project, dict) and not poetry:
            faults.add(
                "manifest-incomplete",
                document.where("project"),
                f'[project] of {name} has neither a version nor dynamic = ["version"]',
                'write version = "..." or dynamic = ["version"]; PEP 621 asks for one of them',
            )
            stated = Unwritten(why="the manifest states none")
        else:
            stated = Unwritten(why="the manifest states none; Poetry needs one only to build a package (package-mode = false)")
    publish = None
    if any("Private :: Do Not Upload" in entry for entry in strings(document.table("project").get("classifiers"))) or poetry.get("package-mode") is False:
        publish = False
    yield Declared(name=name, ecosystem=Ecosystem.PYTHON, version=stated, publish=publish)


def _of_crate(source: Source, document: Document) -> Iterator[Declared]:
    """Give the wheel that maturin makes without [project]: name and version are the crate's.

    Source: https://www.maturin.rs/metadata#cargotoml
    """
    if "project" not in document.data and (document.string("build-system", "build-backend") or "").startswith("maturin"):
        crate = _maturin_manifest(source, document)
        version = Derived(paths=(crate,), reader="cargo_toml", optional=True)
        yield Declared(name="", named_in=crate, ecosystem=Ecosystem.PYTHON, version=version)


def _poetry_is_placeholder(document: Document) -> bool:
    tool = document.table("tool")
    return "poetry-dynamic-versioning" in tool or "poetry-version-plugin" in tool


def _dynamic(source: Source, document: Document) -> Stated:
    """Find where a dynamic version is read from when the package is built."""
    backend = document.string("build-system", "build-backend") or "setuptools.build_meta"
    requires = " ".join(strings(document.table("build-system").get("requires")))
    if isinstance(named := document.table("tool", "setuptools-git-versioning").get("version_file"), str):
        return _file(source.folder, named)
    for name, why in _SCM.items():
        if name in document.table("tool") or normalize(name) in normalize(requires):
            return Unwritten(why=why, tagged=True)
    known = next((find for prefix, find in _BACKENDS.items() if backend.startswith(prefix)), _setuptools if "setuptools" in requires else None)
    return known(source, document) if known else Unwritten(why=f"{backend} provides it when it builds")


def _maturin(source: Source, document: Document) -> Stated:
    return Derived(paths=(_maturin_manifest(source, document),), reader="cargo_toml")


def _hatch(source: Source, document: Document) -> Stated:
    hatch = document.table("tool", "hatch", "version")
    path, origin = hatch.get("path"), hatch.get("source", "regex")
    if origin == "nodejs":
        return Derived(paths=(inside(source.folder, path if isinstance(path, str) else "package.json"),), reader="package_json")
    if origin == "regex" and isinstance(path, str):
        found = _file(source.folder, path)
        return replace(found, paths=(*found.paths, *_put_there(source.folder, document, found.paths[0])))
    return Unwritten(why=f"hatch takes it from {origin}", tagged=origin == "vcs")


def _put_there(here: str, document: Document, target: str) -> Iterator[str]:
    """Give the files that hatch puts where it reads the version, in a source distribution.

    Source: https://hatch.pypa.io/latest/config/build/#forced-inclusion
    """
    for key in (("build",), ("build", "targets", "sdist")):
        for origin, place in document.table("tool", "hatch", *key, "force-include").items():
            if isinstance(place, str) and join(here, place) == target and (found := join(here, origin)) is not None:
                yield found


def _setuptools(source: Source, document: Document) -> Stated:
    dynamic = document.table("tool", "setuptools", "dynamic", "version")
    if isinstance(attr := dynamic.get("attr"), str):
        return _attribute(source.folder, attr, document)
    files = dynamic.get("file")
    if path := next(iter(strings(files)), files if isinstance(files, str) else None):
        return _file(source.folder, path)
    return Derived(paths=(inside(source.folder, "setup.py"), inside(source.folder, "setup.cfg")), reader="", optional=True)


def _flit(source: Source, document: Document) -> Stated:
    return _flit_module(source, document.string("tool", "flit", "module", "name") or document.string("project", "name") or "")


def _flit_module(source: Source, module: str) -> Stated:
    path = module.replace("-", "_").replace(".", "/")
    paths = (inside(source.folder, path), inside(source.folder, f"src/{path}"))
    return Derived(paths=paths, reader="python_source", attribute="__version__")


def _pdm(source: Source, document: Document) -> Stated:
    pdm = document.table("tool", "pdm", "version")
    if isinstance(path := pdm.get("path"), str):
        return _file(source.folder, path)
    return Unwritten(why=f"pdm takes it from {pdm.get('source', 'nowhere that is named')}", tagged=pdm.get("source") == "scm")


def _scikit_build(source: Source, document: Document) -> Stated:
    scikit = document.table("tool", "scikit-build", "metadata", "version")
    if isinstance(path := scikit.get("input"), str):
        return _file(source.folder, path)
    provider = scikit.get("provider", "nowhere that is named")
    return Unwritten(why=f"scikit-build-core takes it from {provider}", tagged="setuptools_scm" in str(provider))


def _meson(source: Source, _: Document) -> Stated:
    """Point to the `project(version:)` that meson-python takes; source: https://mesonbuild.com/meson-python/tutorials/introduction.html."""
    return Derived(paths=(inside(source.folder, "meson.build"),), reader="meson_project")


_BACKENDS = {
    "maturin": _maturin,
    "hatchling": _hatch,
    "setuptools": _setuptools,
    "flit": _flit,
    "pdm": _pdm,
    "scikit_build_core": _scikit_build,
    "mesonpy": _meson,
}


def _file(here: str, path: str) -> Derived:
    """Point to the file that a backend reads; a pattern of the project is never run, `version_file` knows the usual shapes."""
    target = join(here, path) or path
    reader = "python_source" if path.endswith((".py", ".pyi")) else "package_json" if path.endswith("package.json") else "version_file"
    return Derived(paths=(target,), reader=reader)


def _attribute(here: str, attr: str, document: Document) -> Derived:
    """Resolve setuptools' `attr = "pkg.module.name"`: a module or a package, below package-dir."""
    module, _, name = attr.rpartition(".")
    where = strings(document.table("tool", "setuptools", "packages", "find").get("where"))
    mapped = document.table("tool", "setuptools", "package-dir").get("")
    folders = [*where, *([mapped] if isinstance(mapped, str) else []), "", "src"]
    paths = tuple(inside(join(here, folder) or here, module.replace(".", "/")) for folder in dict.fromkeys(folders))
    return Derived(paths=paths, reader="python_source", attribute=name)


def _maturin_manifest(source: Source, document: Document) -> str:
    path = document.string("tool", "maturin", "manifest-path") or "Cargo.toml"
    return join(source.folder, path) or path


def _crate(source: Source, document: Document) -> Iterator[PathDependency]:
    """Give the crate that maturin or setuptools-rust builds into this package, so that it is known to be ours."""
    if (document.string("build-system", "build-backend") or "").startswith("maturin") or "maturin" in document.table("tool"):
        manifest = _maturin_manifest(source, document)
        span = document.span("tool", "maturin", "manifest-path")
        if span is not None:
            yield PathDependency(name="", folder=manifest.rpartition("/")[0], start=span.key)


def _requirements(document: Document) -> Iterator[Mention]:
    """Give the requirements by name; those of the build are no siblings, for a build takes them from the registry.

    A project that requires its own name means another one that bears it; only its extras require the project itself.
    """
    own = normalize(document.string("project", "name") or "")
    lists: list[tuple[Key, object]] = [(("project", "dependencies"), document.table("project").get("dependencies"))]
    lists += [(("project", "optional-dependencies", extra), items) for extra, items in document.table("project", "optional-dependencies").items()]
    lists += [(("dependency-groups", group), items) for group, items in document.table("dependency-groups").items()]
    for key, items in lists:
        for i, item in enumerate(items if isinstance(items, list) else ()):
            found = _REQUIREMENT.fullmatch(item) if isinstance(item, str) else None
            span = document.span(*key, i)
            if found is None or not found["specifiers"] or span is None or document.text[span.start : span.end] != item:
                continue
            if key == ("project", "dependencies") and normalize(found["name"]) == own:
                continue
            yield Mention(
                key=".".join((*map(str, key), found["name"])),
                start=span.start + found.start("specifiers"),
                text=found["specifiers"],
                role=Role.REQUIREMENT,
                spelling=Spelling.PEP440_SPECIFIERS,
                owner=Named(Ecosystem.PYTHON, normalize(found["name"])),
                why="requirement on a package of this repository",
            )


def _poetry_requirements(source: Source, document: Document) -> Iterator[Mention]:
    poetry = document.table("tool", "poetry")
    own = normalize(document.string("tool", "poetry", "name") or document.string("project", "name") or "")
    groups: list[tuple[Key, object]] = [
        (("tool", "poetry", "dependencies"), poetry.get("dependencies")),
        (("tool", "poetry", "dev-dependencies"), poetry.get("dev-dependencies")),
    ]
    for group, body in document.table("tool", "poetry", "group").items():
        if isinstance(body, dict):
            groups.append((("tool", "poetry", "group", group, "dependencies"), body.get("dependencies")))
    for key, table in groups:
        for name, value in (table if isinstance(table, dict) else Table()).items():
            where: Key = (*key, name) if isinstance(value, str) else (*key, name, "version")
            if document.string(*where) is None or normalize(name) == own:
                continue
            path = value.get("path") if isinstance(value, dict) else None
            folder = join(source.folder, path) if isinstance(path, str) else None
            owner = Named(Ecosystem.PYTHON, normalize(name)) if folder is None else At(folder, normalize(name))
            yield mention_at(document, where, owner, Spelling.PEP440_SPECIFIERS, Role.REQUIREMENT, "requirement on a package of this repository")
