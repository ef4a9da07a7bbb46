"""What a crate offers to Rust code: everything that `pub` reaches from its root, by the paths that users write.

Read from source with what Cargo turns on by default; what waits for another feature or target is listed under its condition. What a
macro of another crate makes is not seen, and told where it may be public.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lockstep.dataclass import replace
from lockstep.model import Ecosystem, Package, Place
from lockstep.project.discovery import is_example
from lockstep.surface import Blind, Item, ItemKind, RustFact, Stability, Surface
from lockstep.surfaces.observed_tree import ObservedTree
from lockstep.surfaces.rust.exposure import Exposure
from lockstep.surfaces.rust.impls import Impls
from lockstep.surfaces.rust.items import Items
from lockstep.surfaces.rust.paths import Kin, Path, Paths, Thing, Unknown, is_hidden
from lockstep.surfaces.rust.surface_cache import RecordingTree, cached, store
from lockstep.surfaces.rust_source.attributes import Attribute, deprecation
from lockstep.surfaces.rust_source.crates import Gap, Libraries, Library, Opened
from lockstep.surfaces.rust_source.items import Kind
from lockstep.surfaces.rust_source.module_tree import Associated, Foreign, MacroCall, Module
from lockstep.surfaces.rust_source.module_tree import Item as Declared
from lockstep.surfaces.rust_source.outline import Outlined, parse_outline
from lockstep.surfaces.rust_source.program import UNPARSED, Program
from lockstep.surfaces.rust_source.tokens import Group, Token, split, unraw
from lockstep.tree import Tree

if TYPE_CHECKING:
    from lockstep.surfaces.rust.blind_basis import Meanings

SURFACE = "rust"
VERSION = 1

MOST_NAMES = 60_000
"""Of one library; what is above it is blind."""

_SILENT = frozenset({"compile_error", "thread_local", "include_str", "doc_comment", "global_asm", "assert_impl_all", "const_assert", "const_assert_eq"})
"""Macros of elsewhere that make nothing public unless `pub` stands in what they are given."""


def read(tree: Tree, packages: Sequence[Package], _beside: Sequence[Package] = ()) -> tuple[Surface, ...]:
    """Read the library of every crate, private ones too: one that is published later has users that depended on its source before."""
    outlined, opened = _shared(cast("Hashable", tree.base if isinstance(tree, ObservedTree) else tree))
    if isinstance(tree, ObservedTree):
        tree.open("**/Cargo.toml")  # once for all crates
    crates = [package for package in packages if package.ecosystem is Ecosystem.CARGO and not is_example(package.root)]
    found = [surface for package in crates if (surface := _crate(tree, outlined, opened, package)) is not None]
    if not any(one.basis for surface in found for one in surface.blind):
        return tuple(found)
    from lockstep.surfaces.rust.blind_basis import Requirements  # noqa: PLC0415 - where all is seen, nothing is followed

    return tuple(map(Requirements(tree).settle, found))


@lru_cache(maxsize=2)
def _shared(tree: Hashable) -> tuple[Outlined, Opened]:
    """Give what the crates of a tree are read from, once for those who read one at a time."""
    same = cast("Tree", tree)
    return Outlined(same), Opened(same)


def _crate(tree: Tree, outlined: Outlined, opened: Opened, package: Package) -> Surface | None:
    libraries = Libraries(tree, package.manifest, choices=True, opened=opened)
    library = libraries.main()
    if library is None or not library.linkable:
        return None
    key = (package.name, package.manifest)
    if (known := cached(key, libraries, outlined)) is not None:
        _note(tree, known.texts, known.there)
        return known.surface
    recorded = RecordingTree(outlined)
    program = Program(recorded, libraries, declaring={}, linking=False, parse=parse_outline)
    try:
        found = _surface(program, library, libraries, package, recorded)
    finally:
        program.close()
    if found is not None:
        found = store(key, found, libraries, recorded)
        _note(tree, recorded.contents, recorded.there)
    return found


def _surface(program: Program, library: Library, libraries: Libraries, package: Package, recorded: RecordingTree) -> Surface | None:
    root = program.main()
    if root is None:
        return None
    items: dict[str, Item] = {}
    blind: list[Blind] = []
    if library.procedural:
        for item in _procedural(root):
            items.setdefault(item.path, item)
    else:
        _library(program, root, items, blind, recorded)
    top = (*libraries.gaps, *program.gaps)
    blind = [*_gaps(program, library.name, top, recorded), *blind]
    return Surface(surface=SURFACE, package=package.name, items=items, blind=tuple(dict.fromkeys(blind)))


def _note(tree: Tree, texts: Mapping[str, str | None], there: Mapping[str, bool]) -> None:
    """Tell a tree that is observed what was asked of it where files are read once for all crates."""
    if isinstance(tree, ObservedTree):
        tree.note(texts, there)
        tree.failed |= None in texts.values()


def _library(program: Program, root: Module, items: dict[str, Item], blind: list[Blind], tree: Tree) -> None:
    paths = Paths(program, root)
    things = paths.things()
    mentioned: dict[str, list[MacroCall]] = {}
    for call in program.unexpanded:
        for word in call.words:
            mentioned.setdefault(word, []).append(call)
    made = Items(program, Impls(program), things, mentioned)
    types = {one.path for thing, each in things.items() if not isinstance(thing, Module) for one in each if one.kin is Kin.TYPE}
    for thing, unnamed in things.items():
        first, *others = (_apart(one, types) for one in unnamed)
        found = tuple(_items(made, thing, first))
        for item in found:
            items.setdefault(item.path, item)
        if len(items) > MOST_NAMES:
            where = Place(path=root.library.root)
            blind.append(Blind(symbol=root.library.name, place=where, why=f"more than {MOST_NAMES} names; the rest is not read", cut=True))
            break
        if found:
            for other in others:
                alias = _alias(found[0], other)
                items.setdefault(alias.path, alias)
    for path, target, place in paths.foreign_globs:
        name = "::".join((*path, "*"))
        said = f"pub use {'::'.join(target.path)}::*"
        items.setdefault(name, Item(path=name, kind=ItemKind.MODULE, place=place, origin=name, signature=said, traits=frozenset({RustFact.FOREIGN})))
    if paths.cut:
        blind.append(Blind(symbol=root.library.name, place=Place(path=root.library.root), why=paths.cut, cut=True))
    blind += made.blind
    blind += _opaque(program, root, paths, tree)


def _items(made: Items, thing: Thing, path: Path) -> Iterator[Item]:
    name = _name(path)
    at = Exposure(path=name, hidden=path.hidden, condition=path.condition, varies=path.entry.varies, deprecated=path.entry.deprecated)
    match thing:
        case Declared():
            yield from made.of(thing, at)
        case Module():
            place = thing.item.place if thing.item is not None else Place(path=thing.library.root, line=1)
            here = thing.item.attributes.here if thing.item is not None and not at.varies else None
            facts = (f"{RustFact.HERE} {here}",) if here is not None else ()
            yield _plain(at, ItemKind.MODULE, path.entry.place if thing.item is None else place, f"mod {path.path[-1]}", *facts)
        case Foreign():
            said = f"pub use {'::'.join(thing.path)}"
            yield _plain(at, ItemKind.TYPE_ALIAS, path.entry.place, said, RustFact.FOREIGN)
        case Associated():
            yield _plain(at, ItemKind.VARIANT, path.entry.place, f"pub use {thing.owner.name}::{thing.name}", RustFact.ALIAS)
        case Unknown():
            yield _plain(at, ItemKind.TYPE_ALIAS, path.entry.place, f"pub use {'::'.join(thing.path)}", RustFact.FOREIGN, RustFact.OPAQUE)


def _apart(path: Path, types: set[tuple[str, ...]]) -> Path:
    """Write a function or a constant that stands beside a type of the same name with `()` behind it: both are there."""
    if path.kin is not Kin.VALUE or path.path not in types:
        return path
    return replace(path, path=(*path.path[:-1], f"{path.path[-1]}()"))


def _name(path: Path) -> str:
    """Write a path; a macro ends in `!`, for a module or a function may have the same name."""
    return "::".join(path.path) + ("!" if path.kin is Kin.MACRO else "")


def _plain(at: Exposure, kind: ItemKind, place: Place, signature: str, *traits: str) -> Item:
    return Item(
        path=f"mod {at.path}" if kind is ItemKind.MODULE else at.path,
        kind=kind,
        place=place,
        origin=at.path,
        signature=signature,
        traits=frozenset({*traits, *([RustFact.DEPRECATED] if at.deprecated is not None else [])}),
        stability=at.stability,
        condition=at.condition,
        deprecation=at.deprecated or "",
    )


def _alias(item: Item, path: Path) -> Item:
    """Give another path of an item: what is below it is listed once."""
    name = f"mod {_name(path)}" if item.kind is ItemKind.MODULE else _name(path)
    return replace(
        item,
        path=name,
        place=path.entry.place,
        origin=item.path,
        traits=item.traits | {RustFact.ALIAS} | ({RustFact.DEPRECATED} if path.entry.deprecated is not None else set()),
        stability=Exposure(path=name, hidden=path.hidden, condition=path.condition).stability,
        condition=path.condition,
        deprecation=path.entry.deprecated or item.deprecation,
    )


# ---- procedural macros


def _procedural(root: Module) -> Iterator[Item]:
    """Give the macros of a library of procedural macros.

    Source: https://doc.rust-lang.org/reference/procedural-macros.html
    """
    name = root.library.name
    for item in root.items:
        if item.kind is not Kind.FUNCTION:
            continue
        for one in item.attributes.all:
            match one.name:
                case "proc_macro":
                    yield _macro(f"{name}::{item.name}!", f"{item.name}!", item)
                case "proc_macro_attribute":
                    yield _macro(f"{name}::{item.name}", f"#[{item.name}]", item)
                case "proc_macro_derive":
                    derived, helpers = _derive(one)
                    yield _macro(f"{name}::{derived}", f"#[derive({derived})]", item, *(f"{RustFact.HELPER} {helper}" for helper in helpers))
                case _:
                    pass


def _derive(attribute: Attribute) -> tuple[str, list[str]]:
    derived, helpers = "", list[str]()
    for part in split(attribute.arguments):
        match part:
            case (Token(text="attributes"), Group(trees=inner)):
                helpers += [unraw(one.text) for one in inner if isinstance(one, Token) and one.is_name]
            case (Token(text=text), *_) if not derived:
                derived = unraw(text)
            case _:
                pass
    return derived, helpers


def _macro(path: str, signature: str, item: Declared, *traits: str) -> Item:
    facts = {str(RustFact.DEPRECATED)} if item.attributes.has("deprecated") else set()
    return Item(
        path=path,
        kind=ItemKind.MACRO,
        place=item.place,
        origin=path,
        signature=signature,
        traits=frozenset({*traits, *facts}),
        stability=Stability.HIDDEN if is_hidden(item.attributes) else Stability.STABLE,
        condition=item.condition,
        deprecation=deprecation(item.attributes) or "",
    )


# ---- what could not be seen


def _opaque(program: Program, root: Module, paths: Paths, tree: Tree) -> Iterator[Blind]:
    meanings: Meanings | None = None
    for call in program.unexpanded:
        shown = call.module in paths.visited
        if call.module.library is root.library and ("pub" in call.words or (shown and call.path[-1] not in _SILENT and _may_export(call))):
            meanings = meanings or _meanings(program, tree)
            symbol = "::".join(call.module.path)
            yield Blind(symbol=symbol, place=call.place, why=call.why or f"{call.path[-1]}! cannot be expanded", basis=meanings.of_call(call))


def _gaps(program: Program, symbol: str, gaps: Iterable[Gap], tree: Tree) -> Iterator[Blind]:
    """Tell what could not be read of files; a file that could not be parsed says the same as long as it is the same."""
    meanings: Meanings | None = None
    for gap in gaps:
        basis = ""
        if gap.why == UNPARSED:
            meanings = meanings or _meanings(program, tree)
            basis = meanings.of_file(gap.place.path)
        yield Blind(symbol=symbol, place=gap.place, why=gap.why, cut=gap.cut, basis=basis)


def _meanings(program: Program, tree: Tree) -> Meanings:
    from lockstep.surfaces.rust.blind_basis import Meanings  # noqa: PLC0415 - where all is seen, nothing is followed

    return Meanings(program, tree)


def _may_export(call: MacroCall) -> bool:
    return not call.path[-1].startswith(("assert_", "static_assert", "const_assert"))
