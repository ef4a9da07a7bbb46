"""Which crates a Python project builds into which modules, and with what features: maturin, setuptools-rust, and the tasks that call them.

Sources: https://www.maturin.rs/config, https://setuptools-rust.readthedocs.io/en/latest/reference.html
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lockstep.declaration import inside, join
from lockstep.errors import ManifestError, RepositoryError
from lockstep.toml import Document, Table, strings
from lockstep.tree import Tree

NO_MODULE = {"bin", "cffi", "uniffi"}
"""What maturin builds that is no native module."""
TASKS = (".github/workflows/*.yml", ".github/workflows/*.yaml", "Makefile", "justfile", "noxfile.py", "tox.ini", "tasks.py")
"""Where a release's command line stands, and with it the features that nothing else turns on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One native module of a project: its dotted name, the manifest of its crate, and the features that it is built with."""

    module: str
    manifest: str
    features: tuple[str, ...] = ()
    default_features: bool = True

    @property
    def name(self) -> str:
        """The last part of its dotted name."""
        return self.module.rpartition(".")[2]


def extensions(tree: Tree, pyproject: str = "pyproject.toml") -> tuple[Extension, ...]:
    """Give the native modules of the project that a pyproject.toml, or a setup.py beside it, describes."""
    folder = pyproject.rpartition("/")[0]
    table = _table(tree, pyproject)
    found = [*_maturin(tree, folder, table), *_setuptools(table, folder), *_setup_py(tree, inside(folder, "setup.py"))]
    unique: dict[str, Extension] = {}
    for one in found:
        if tree.has(one.manifest) and one.module:
            known = unique.get(one.module)
            unique[one.module] = replace(one, features=tuple(dict.fromkeys((*known.features, *one.features)))) if known else one
    tasks = tuple(_task_features(tree, folder))
    return tuple(replace(one, features=tuple(dict.fromkeys((*one.features, *_of(tree, one, tasks))))) for one in unique.values())


def _table(tree: Tree, path: str) -> Table:
    if not tree.has(path):
        return {}
    try:
        return Document(path, tree.read(path)).data
    except (ManifestError, RepositoryError):
        return {}


def _inner(table: Table, *keys: str) -> Table:
    for key in keys:
        value = table.get(key)
        if not isinstance(value, dict):
            return {}
        table = value
    return table


# ---- maturin


def _maturin(tree: Tree, folder: str, table: Table) -> Iterator[Extension]:
    settings, system = _inner(table, "tool", "maturin"), _inner(table, "build-system")
    backend = str(system.get("build-backend", ""))
    if backend != "maturin" and not (settings or any(one.startswith("maturin") for one in strings(system.get("requires")))):
        return
    if settings.get("bindings") in NO_MODULE:
        return
    written = settings.get("manifest-path")
    candidates = [written] if isinstance(written, str) else ["Cargo.toml", "rust/Cargo.toml"]
    manifest = next((path for one in candidates if (path := join(folder, one)) is not None and tree.has(path)), None)
    if manifest is None:
        return
    crate = _table(tree, manifest)
    name = _inner(crate, "lib").get("name") or _inner(crate, "package").get("name")
    if not isinstance(name, str):
        return
    library = name.replace("-", "_")
    module = settings.get("module-name") or _inner(crate, "package", "metadata", "maturin").get("name")
    if not isinstance(module, str):
        source = settings.get("python-source")
        base = join(folder, source) if isinstance(source, str) else folder
        mixed = base is not None and tree.has(inside(base, f"{library}/__init__.py"))
        module = f"{library}.{library}" if mixed else library
    features = [*_features(settings.get("features")), *_arguments(strings(settings.get("cargo-extra-args")) or (settings.get("cargo-extra-args"),))]
    if settings.get("all-features") is True:
        features += list(_inner(crate, "features"))
    yield Extension(module=module, manifest=manifest, features=tuple(features), default_features=settings.get("no-default-features") is not True)


def _features(value: object) -> Iterator[str]:
    """Give features, those that depend on the Python too: `{ feature = "x", python-version = ">=3.11" }`."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict) and isinstance(feature := one.get("feature"), str):
            yield feature


_FEATURES = re.compile(r"(?:--features|-F)[ =]+(?:\"([^\"]+)\"|'([^']+)'|([\w,/.-]+))")


def _arguments(texts: Iterable[object]) -> Iterator[str]:
    """Give the features that command lines turn on."""
    for found in _FEATURES.finditer(" ".join(text for text in texts if isinstance(text, str))):
        yield from re.split(r"[ ,]+", found[1] or found[2] or found[3])


def _task_features(tree: Tree, folder: str) -> Iterator[str]:
    """Give the features on the lines of build tasks that speak of maturin's or a wheel's build."""
    for base in dict.fromkeys(("", folder)):
        for pattern in TASKS:
            for path in tree.paths(inside(base, pattern)):
                try:
                    text = tree.read(path)
                except RepositoryError:
                    continue
                if "maturin" in text:
                    yield from _arguments(line for line in text.splitlines() if "maturin" in line or re.match(r"\s*args:", line))


def _of(tree: Tree, one: Extension, features: Iterable[str]) -> Iterator[str]:
    known = _inner(_table(tree, one.manifest), "features")
    return (feature for feature in features if feature in known)


# ---- setuptools-rust


def _setuptools(table: Table, folder: str) -> Iterator[Extension]:
    modules = _inner(table, "tool", "setuptools-rust").get("ext-modules")
    for one in modules if isinstance(modules, list) else ():
        if isinstance(one, dict) and one.get("binding", "PyO3") == "PyO3":
            args = strings(one.get("args"))
            yield from _extension(folder, one.get("target"), one.get("path"), [*strings(one.get("features")), *_arguments(args)], args)


def _extension(folder: str, target: object, path: object, features: list[str], args: Iterable[str]) -> Iterator[Extension]:
    manifest = join(folder, path if isinstance(path, str) else "Cargo.toml")
    if isinstance(target, str) and manifest is not None:
        yield Extension(module=target, manifest=manifest, features=tuple(features), default_features="--no-default-features" not in args)


def _setup_py(tree: Tree, path: str) -> Iterator[Extension]:
    """Read `RustExtension(...)` of a setup.py as data; names that the file assigns to literals are followed."""
    if not tree.has(path):
        return
    try:
        text = tree.read(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text) if "RustExtension" in text else None
    except (RepositoryError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
    nodes = list(ast.walk(module)) if module is not None else []
    assigned = {target.id: node.value for node in nodes if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    for node in nodes:
        name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        if isinstance(node, ast.Call) and "RustExtension" in (name, node.func.id if isinstance(node.func, ast.Name) else ""):
            given = {one.arg: one.value for one in node.keywords if one.arg}
            given |= dict(zip(("target", "path", "args", "features"), node.args, strict=False))
            if isinstance(binding := given.get("binding"), ast.Attribute) and binding.attr != "PyO3":
                continue
            args = list(_texts(given.get("args"), assigned))
            target = next(iter(_texts(given.get("target"), assigned)), None)
            manifest = next(iter(_texts(given.get("path"), assigned)), None)
            yield from _extension(path.rpartition("/")[0], target, manifest, [*_texts(given.get("features"), assigned), *_arguments([" ".join(args)])], args)


def _texts(node: ast.expr | None, assigned: dict[str, ast.expr], depth: int = 0) -> Iterator[str]:
    """Give the texts of an expression: a literal, a list, a choice (both sides), a sum, or a name for one of these; keys of a dict."""
    if depth > 8:
        return
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _texts(part, assigned, depth + 1)
        case ast.Dict(keys=keys):
            for key in keys:
                yield from _texts(key, assigned, depth + 1)
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
            yield from _texts(left, assigned, depth + 1)
            yield from _texts(right, assigned, depth + 1)
        case ast.Name(id=name) if name in assigned:
            yield from _texts(assigned[name], assigned, depth + 1)
