"""The import packages that each build backend puts into a wheel.

Source: the manuals of setuptools, hatchling, flit, pdm-backend, poetry-core, uv_build, scikit-build-core and maturin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.pyproject import normalize
from lockstep.project.python_project import SOURCES, PythonProject, Root
from lockstep.text.toml import strings


def roots(project: PythonProject) -> Iterator[Root]:
    """Give the import packages and modules of a distribution; where its backend says nothing that helps, those that its name leads to."""
    known = next((read for prefix, read in _BACKENDS.items() if project.backend.startswith(prefix)), _setuptools)
    found = list(dict.fromkeys(known(project)))
    yield from found or (() if known is _maturin else dict.fromkeys(_guess(project)))


def homes(project: PythonProject) -> Iterator[tuple[str, bool]]:
    """Give the folders of the import packages, and the modules without their ending, that may repeat a distribution's version.

    With each: whether it is the distribution's own for certain. Of several packages only the one of its name is: another may be at a version of its own.
    """
    found: dict[str, str] = {}
    for root in roots(project):
        for name, path in _packages(project, root):
            found.setdefault(path, name)
    for path, name in found.items():
        yield path, len(found) == 1 or normalize(name) == normalize(project.name)


def _packages(project: PythonProject, root: Root) -> Iterator[tuple[str, str]]:
    """Give a package, or those that a namespace holds: the outermost folders with an `__init__` of their own."""
    if root.path.endswith((".py", ".pyi")):
        yield root.name, re.sub(r"\.pyi?$", "", root.path)
        return
    outer: list[str] = []
    if any(project.tree.has(f"{root.path}/__init__.{end}") for end in ("py", "pyi")):
        yield root.name, root.path
        return
    below = project.tree.paths(f"{root.path}/**" if root.path else "**")
    folders = {path.rpartition("/")[0] for path in below if path.endswith(("/__init__.py", "/__init__.pyi"))}
    for folder in sorted(folders, key=lambda folder: (folder.count("/"), folder)):
        if not any(folder == one or folder.startswith(f"{one}/") for one in outer):
            outer.append(folder)
    for folder in outer or [root.path]:
        inner = folder.removeprefix(root.path).strip("/").replace("/", ".")
        yield ".".join(part for part in (root.name, inner) if part), folder


def _guess(project: PythonProject) -> Iterator[Root]:
    """Find the packages by the distribution's name (`a-b` may be `a_b` or `a.b`), else take what lies there."""
    name = project.name.replace("-", "_")
    stubs = project.module.removeprefix("types_").removesuffix("_stubs")
    for one in dict.fromkeys((project.module, name, project.name.replace("-", "."), stubs, name.removeprefix("python_"), name.removesuffix("_python"))):
        if found := list(project.at(one, *SOURCES)):
            yield from found
            return
    if (path := project.path("src")) and project.is_folder(path):
        yield from project.all_in("src", guess=True)
        return
    yield from project.all_in("", namespaces=False, guess=True)


def _named(project: PythonProject, text: str, *folders: str) -> Iterator[Root]:
    yield from project.at(text.replace("-", "_").replace("/", "."), *folders)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _setuptools(project: PythonProject) -> Iterator[Root]:
    table, setup = project.document.table("tool", "setuptools"), project.setup
    folders = {**setup.folders, **{key: value for key, value in project.document.table("tool", "setuptools", "package-dir").items() if isinstance(value, str)}}
    packages = strings(table.get("packages")) or setup.packages
    modules = strings(table.get("py-modules")) or setup.modules
    find = project.document.table("tool", "setuptools", "packages", "find")
    where = strings(find.get("where")) or ((".",) if "find" in project.document.table("tool", "setuptools", "packages") else setup.find)
    for name in (*(packages or ()), *(modules or ())):
        yield from _placed(project, name, folders)
    if packages is None and where is not None:
        include = [one.rstrip("*").rstrip(".") for one in strings(find.get("include"))]
        for folder in where:
            inner = folders.get("", "") if folder == "." else folder
            namespaces = setup.namespaces or ("find" in project.document.table("tool", "setuptools", "packages") and find.get("namespaces") is not False)
            for root in project.all_in(inner, namespaces=namespaces and bool(inner or include), guess=not include):
                if (not include or any(root.name.startswith(one.partition(".")[0]) for one in include)) and not root.path.endswith((".py", ".pyi")):
                    yield root
    elif packages is None and modules is None and folders.get(""):
        yield from project.all_in(folders[""], guess=True)


def _placed(project: PythonProject, name: str, folders: dict[str, str]) -> Iterator[Root]:
    """Find a package where package-dir puts it: the longest prefix that is mapped decides."""
    parts = name.split(".")
    for i in range(len(parts), -1, -1):
        if (prefix := ".".join(parts[:i])) in folders:
            path = project.path(folders[prefix], *parts[i:])
            if path is not None:
                yield from (Root(name, found) for found in (path, f"{path}.py", f"{path}.pyi") if project.is_folder(found) or project.tree.has(found))
            return
    yield from project.at(name, "")


def _hatch(project: PythonProject) -> Iterator[Root]:
    build = project.document.table("tool", "hatch", "build")
    wheel = {**build, **project.document.table("tool", "hatch", "build", "targets", "wheel")}
    for path in strings(wheel.get("packages")):
        yield from _at_path(project, path, path.strip("/").rpartition("/")[2])
    sources = wheel.get("sources")
    renamed = {key: value for key, value in sources.items() if isinstance(value, str)} if isinstance(sources, dict) else dict.fromkeys(strings(sources), "")
    for path in strings(wheel.get("only-include")):
        yield from _at_path(project, path, _renamed(path.strip("/"), renamed))
    forced = wheel.get("force-include")
    for path, target in forced.items() if isinstance(forced, dict) else ():
        if isinstance(target, str) and not target.startswith("."):
            yield from _at_path(project, path, target.removesuffix(".py").removesuffix(".pyi").strip("/").replace("/", "."))
    if not strings(wheel.get("packages")) and not strings(wheel.get("only-include")):
        for pattern in strings(wheel.get("include")):
            name = pattern.strip("/").partition("*")[0].strip("/")
            if name and "/" not in name and not name.startswith("."):
                yield from _at_path(project, name, name.removesuffix(".py"))
        yield from _named(project, project.module, "", "src")


def _at_path(project: PythonProject, path: str, name: str) -> Iterator[Root]:
    found = project.path(path.lstrip("/"))
    if found and (project.tree.has(found) or project.is_folder(found)):
        yield Root(name.removesuffix("-stubs").removesuffix(".py"), found)


def _renamed(path: str, sources: dict[str, str]) -> str:
    """Give the dotted name of a path whose beginning is renamed."""
    for old, new in sources.items():
        inner = path.removeprefix(old.strip("/"))
        if inner != path and (not inner or inner.startswith("/")):
            path = f"{new}{inner}".strip("/")
            break
    return path.removesuffix(".py").replace("/", ".")


def _flit(project: PythonProject) -> Iterator[Root]:
    yield from _named(project, project.document.string("tool", "flit", "module", "name") or project.name, "", "src")


def _poetry(project: PythonProject) -> Iterator[Root]:
    packages = project.document.table("tool", "poetry").get("packages")
    for entry in packages if isinstance(packages, list) else ():
        if isinstance(entry, dict) and (include := _text(entry.get("include"))):
            name = include.partition("*")[0].strip("/").removesuffix(".py")
            target = _text(entry.get("to"))
            for root in project.at(name.replace("/", "."), _text(entry.get("from"))):
                yield Root(f"{target.replace('/', '.')}.{root.name}" if target else root.name, root.path)
    if not packages:
        yield from _named(project, project.module, "", "src")


def _pdm(project: PythonProject) -> Iterator[Root]:
    build = project.document.table("tool", "pdm", "build")
    source = _text(build.get("package-dir"))
    includes = [one.strip("/") for one in strings(build.get("includes"))]
    if not source and (path := project.path("src")) and project.is_folder(path):
        source = "src"
    for one in includes:
        name = one.removeprefix(f"{source}/") if source else one
        if name != source and "*" not in name:
            yield from project.at(name.removesuffix(".py").replace("/", "."), source)
    if not includes or source in includes:
        named = list(project.at(project.module, source))
        yield from named or project.all_in(source, guess=True)


def _uv(project: PythonProject) -> Iterator[Root]:
    table = project.document.table("tool", "uv", "build-backend")
    source = table.get("module-root")
    folder = source if isinstance(source, str) else "src"
    names = strings(table.get("module-name")) or ((_text(table.get("module-name"))),)
    for name in names:
        yield from _named(project, name or project.module, folder)


def _scikit(project: PythonProject) -> Iterator[Root]:
    packages = project.document.table("tool", "scikit-build", "wheel").get("packages")
    if isinstance(packages, dict):
        for name, path in packages.items():
            if isinstance(path, str):
                yield from _at_path(project, path, name.replace("/", "."))
    for path in strings(packages):
        yield from _at_path(project, path, path.strip("/").rpartition("/")[2])


def _maturin(project: PythonProject) -> Iterator[Root]:
    table = project.document.table("tool", "maturin")
    source = table.get("python-source")
    folders = (source,) if isinstance(source, str) else ("", "src", "python")
    module = _text(table.get("module-name")) or project.library or project.module
    names = [module.partition(".")[0], project.module, *strings(table.get("python-packages"))]
    for name in dict.fromkeys(names):
        yield from project.at(name, *folders)


_BACKENDS = {
    "hatchling": _hatch,
    "flit": _flit,
    "poetry": _poetry,
    "pdm": _pdm,
    "uv_build": _uv,
    "scikit_build_core": _scikit,
    "maturin": _maturin,
    "setuptools": _setuptools,
}
