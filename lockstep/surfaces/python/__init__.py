"""What a Python distribution promises: the API of its import packages, read with griffe from texts, stubs and native modules joined.

Nothing is imported, built or run, and no work tree is needed.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence

from lockstep.errors import RepositoryError
from lockstep.model import Ecosystem, Package, Place
from lockstep.surface import Blind, Surface
from lockstep.surfaces.pyo3.model import NativeClass, NativeMember, NativeModule
from lockstep.surfaces.python.export_table import ExportTable
from lockstep.surfaces.python.extensions import Extension
from lockstep.surfaces.python.items import Items
from lockstep.surfaces.python.layout import Layout, layout
from lockstep.surfaces.python.native import add_native
from lockstep.surfaces.python.stubs import Stubs
from lockstep.surfaces.python.symbol_table import SymbolTable
from lockstep.surfaces.python.wildcard_imports import expand_wildcards
from lockstep.tree import Tree

SURFACE = "python"
MANY = 2_000_000
"""Objects that are worth the time to look which are garbage: those of a symbol table and of syntax trees know each other in circles."""


def read(tree: Tree, packages: Sequence[Package], beside: Sequence[Package] = ()) -> tuple[Surface, ...]:
    """Give the surface of every Python distribution that has an import package; `beside` are all of the tree, where `packages` are not."""
    roots = [other.root for other in beside or packages if other.ecosystem is Ecosystem.PYTHON]
    return tuple(_surfaces(tree, [package for package in packages if package.ecosystem is Ecosystem.PYTHON], roots))


def release() -> None:
    """Let go of the syntax trees of native modules, and of the modules of packages, which hold each other; where these are few they are left."""
    if gc.get_count()[0] < MANY // 4:
        return
    from lockstep.surfaces.rust_source.items import parse_once  # noqa: PLC0415 - a small package without Rust pays nothing for it

    parse_once.cache_clear()
    gc.collect()


def _surfaces(tree: Tree, packages: Sequence[Package], roots: Sequence[str]) -> Iterator[Surface]:
    for package in packages:
        plan = layout(tree, package, roots)
        if plan.modules or plan.extensions:
            yield _surface(tree, package, plan)
            if gc.get_count()[0] > MANY:
                gc.collect()
        elif plan.builds and package.publish is not False:
            place = Place(path=package.manifest)
            yield Surface(surface=SURFACE, package=package.name, blind=(Blind(symbol=package.name, place=place, why="its import packages were not found"),))


def _surface(tree: Tree, package: Package, plan: Layout) -> Surface:
    symbols = SymbolTable()
    _read_modules(tree, plan, symbols, stubs=False)
    for extension in plan.extensions:
        _read_extension(tree, package, plan, extension, symbols)
    exports = ExportTable(symbols)
    expand_wildcards(symbols, exports)
    reader = Items(symbols, exports)
    items = reader.all()
    blind = _with_basis(dict.fromkeys((*symbols.blind, *reader.blind)), tree, symbols)
    native = frozenset(name for name, loaded in symbols.modules.items() if loaded.native)
    if not any(path.endswith(".pyi") and (name in native or len(paths) > 1) for name, paths in plan.modules.items() for path in paths):
        return Surface(surface=SURFACE, package=package.name, items=items, blind=blind, imported=reader.imported())
    typing = SymbolTable()
    _read_modules(tree, plan, typing, stubs=True)
    for name in native:
        if name not in typing.modules:
            typing.take(name, symbols)
    typing_exports = ExportTable(typing)
    expand_wildcards(typing, typing_exports)
    typed = Items(typing, typing_exports).all()
    open_ = frozenset(name for name in symbols.modules if exports.open_from(name))
    stubs = Stubs(items, typed, blind, native, open_)
    joined = stubs.joined()
    said = stubs.of_native()
    if any(path not in joined for path in said):
        elsewhere = _of_every_feature(tree, plan)
        said = {path: item for path, item in said.items() if path in joined or path not in elsewhere}
    left = stubs.blind(joined)
    known = {(one.symbol, one.place, one.why) for one in left}
    more = (one for one in _with_basis(typing.blind, tree, typing) if (one.symbol, one.place, one.why) not in known)
    blind = tuple(dict.fromkeys((*left, *more)))
    return Surface(surface=SURFACE, package=package.name, items=joined, blind=blind, stubs=said, imported=reader.imported())


def _with_basis(blind: Iterable[Blind], tree: Tree, symbols: SymbolTable) -> tuple[Blind, ...]:
    found = tuple(blind)
    if not found:
        return ()
    from lockstep.surfaces.python.blind_basis import with_basis  # noqa: PLC0415 - where all is seen, nothing is followed

    return with_basis(found, tree, symbols)


def _read_modules(tree: Tree, plan: Layout, symbols: SymbolTable, *, stubs: bool) -> None:
    """Read every module from the file that Python takes, or with `stubs` from the one that type checkers take."""
    native = {extension.name for extension in plan.extensions if extension.manifest}
    for name, paths in plan.modules.items():
        path = _chosen(name, paths, symbols, stubs=stubs)
        if not stubs and name in native and path.endswith(".pyi"):
            continue
        try:
            text = tree.read(path)
        except RepositoryError as error:
            symbols.blind.append(Blind(symbol=name, place=Place(path=path, line=error.line), why=error.message))
            continue
        symbols.add(name, path, text)


def _chosen(name: str, paths: Sequence[str], symbols: SymbolTable, *, stubs: bool) -> str:
    """Choose among the files of a module: a package goes before a module, and two that are equal are told."""
    suffix = ".pyi" if stubs else ".py"
    wanted = [path for path in paths if path.endswith(suffix)] or list(paths)
    packages = [path for path in wanted if path.rpartition("/")[2].startswith("__init__.")]
    chosen = (packages or wanted)[0]
    if len(wanted) > 1:
        others = ", ".join(path for path in wanted if path != chosen)
        symbols.blind.append(Blind(symbol=name, place=Place(path=chosen), why=f"{others} is the same module; what it says is not read"))
    return chosen


def _read_extension(tree: Tree, package: Package, plan: Layout, extension: Extension, symbols: SymbolTable) -> None:
    """Read a native module from Rust; where there is none to read, the stub is all that is known, and without one nothing is."""
    found = tuple(_native(tree, extension))
    if extension.manifest and not tree.has(extension.manifest):
        why = f"it is compiled from {extension.manifest}, which is not in the repository"
        symbols.blind.append(Blind(symbol=extension.name, place=Place(path=package.manifest), why=why, cut=True))
    for name, native in found:
        add_native(symbols, name, native)
    if found:
        return
    if stubs := [path for path in plan.modules.get(extension.name, ()) if path.endswith(".pyi")]:
        if extension.name not in symbols.modules:
            symbols.add(extension.name, stubs[0], tree.read(stubs[0]))
        return
    if extension.name in symbols.modules or (extension.manifest and not tree.has(extension.manifest)):
        return
    why = "no module for Python was found in this crate" if extension.manifest else "it is compiled, and no stub says what is in it"
    symbols.blind.append(Blind(symbol=extension.name, place=Place(path=extension.manifest or package.manifest), why=why))


def _native(tree: Tree, extension: Extension, *, every_feature: bool = False) -> Iterator[tuple[str, NativeModule]]:
    """Read the modules of an extension from Rust, each with its dotted name."""
    from lockstep.surfaces.pyo3 import native_modules  # noqa: PLC0415 - a package without Rust pays nothing for it

    if not extension.manifest or not tree.has(extension.manifest):
        return
    above, _, last = extension.name.rpartition(".")
    found = native_modules(
        tree,
        extension.manifest,
        features=extension.features,
        default_features=extension.default_features,
        name=last if extension.named else None,
        every_feature=every_feature,
    )
    for one in found:
        named = len(found) == 1 and (extension.named or one.name == last)
        yield extension.name if named else ".".join(part for part in (above, one.name) if part), one


def _of_every_feature(tree: Tree, plan: Layout) -> set[str]:
    """Give the names that native modules have when all features are on: another wheel may be built so."""
    pending: list[tuple[str, NativeMember]] = [one for extension in plan.extensions for one in _native(tree, extension, every_feature=True)]
    found: set[str] = set()
    while pending:
        path, member = pending.pop()
        found.add(path)
        if isinstance(member, NativeModule | NativeClass):
            pending += [(f"{path}.{name}", one) for name, one in member.members.items()]
    return found
