"""The modules of a library and of its siblings: files joined, macros expanded, names resolved; everything within a budget.

Sources: https://doc.rust-lang.org/reference/items/modules.html, .../names/name-resolution.html, .../items/use-declarations.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.errors import RepositoryError
from lockstep.manifest import inside, join
from lockstep.model import Place
from lockstep.surfaces.rust_source import expansions, foreign, known_macros, macros
from lockstep.surfaces.rust_source.attributes import NONE, Attributes
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.crates import Gap, Libraries, Library
from lockstep.surfaces.rust_source.expansions import Expansion
from lockstep.surfaces.rust_source.items import (
    Declaration,
    Kind,
    Parsed,
    Text,
    content,
    declarations,
    imports,
    macro_arguments,
    macro_name,
    parse,
    parse_expansion,
    under,
)
from lockstep.surfaces.rust_source.tokens import Group, Tree, literal, names, trees, unraw
from lockstep.surfaces.rust_source.types import Named, RustType
from lockstep.surfaces.rust_source.types import read as read_type
from lockstep.tree import Tree as Repository

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_FILES = 20_000
MOST_EXPANSIONS = 20_000
MOST_STEPS = 1_000
"""Calls that one call may come to, each all of what the last one expands to."""
MOST_TOKENS = 1_000_000
"""Tokens that all expansions together may give."""
DEEPEST = 64
"""How deep macros may call macros, modules may nest, and imports may follow imports."""
MOST_REACHED = 20_000
"""Modules that the globs of one module may reach."""
EDITION_OF_ROOTS = 2015
"""The edition in which every import starts at the root of its crate."""
LARGEST = 4 * 1024 * 1024
"""Characters of the largest file that is parsed."""


class Space(StrEnum):
    """The two namespaces in which items stand."""

    TYPES = "types"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """A declared item; `public` means that a visibility is written, `exported` that it is a plain `pub`.

    `condition` is what of its cfg, and of its modules', is not known. `arguments` are those of the macro that declares it. `block` is the
    `extern` block that imports it.
    """

    kind: Kind
    name: str
    node: Node
    text: Text
    module: Module
    attributes: Attributes
    public: bool
    exported: bool = False
    condition: str | None = None
    arguments: tuple[Tree, ...] = ()
    block: Node | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place(self.node)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Impl:
    """An impl block."""

    node: Node
    text: Text
    module: Module
    attributes: Attributes
    type: RustType
    trait: RustType | None
    condition: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place(self.node)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Use:
    """One imported name in a module; `is_crate` is what `extern crate` names, wherever it stands."""

    name: str
    path: tuple[str, ...]
    absolute: bool
    public: bool
    attributes: Attributes
    place: Place
    exported: bool = False
    is_crate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """A macro invocation where items stand that could not be expanded, and why."""

    path: tuple[str, ...]
    arguments: tuple[Tree, ...]
    module: Module
    text: Text
    node: Node
    why: str = ""
    words: frozenset[str] = frozenset()
    """The names in its arguments and, where its definition is known, in that."""
    block: Node | None = None
    """The `extern` block that it stands in."""
    condition: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place(self.node)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something of a crate from elsewhere, by its full path; the first part is the crate's real name."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last part."""
        return self.path[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Associated:
    """An associated function or constant, or a variant, of a local type."""

    owner: Item
    name: str


class Module:
    """A module: `block` marks the inside of a function, which also sees what its surroundings see."""

    def __init__(self, library: Library, path: tuple[str, ...], parent: Module | None, *, block: bool = False, condition: str | None = None) -> None:
        self.library = library
        self.path = path
        self.parent = parent
        self.block = block
        self.condition = condition
        self.item: Item | None = None
        self.spaces: dict[Space, dict[str, Item | Module]] = {Space.TYPES: {}, Space.VALUES: {}}
        self.items: list[Item] = []
        self.uses: list[Use] = []
        self.named: dict[str, list[Use]] = {}
        self.macros: dict[str, tuple[macros.MacroRules, Module]] = {}
        self.macro_items: list[Item] = []
        self.text: Text | None = None

    @property
    def root(self) -> Module:
        """The root of the library."""
        module = self
        while module.parent is not None:
            module = module.parent
        return module

    def contains(self, other: Module) -> bool:
        """Say whether `other` is this module or stands inside of it."""
        return self.library is other.library and other.path[: len(self.path)] == self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds a text: the folder where its modules are looked for, the files that it stands in, and those still to be read."""

    folder: str
    above: frozenset[str]
    pending: Pending

    def within(self, path: str) -> Around:
        """Give the surroundings of what stands in a file."""
        return replace(self, above=self.above | {path})


Pending: TypeAlias = deque[tuple[Module, str, Around]]
Resolved: TypeAlias = Item | Module | Associated | Foreign
Declaring: TypeAlias = Callable[[Sequence[Tree]], str | None]


class Program:
    """Reads libraries when they are asked for and answers what names mean in them.

    `declaring` says which macros from elsewhere declare a type, and how its name is found in their arguments. Of a library that links PyO3,
    siblings that do not are no part. With `linking` off it is read for those who use it from Rust: every sibling counts, and is only read where its
    names are asked for or passed on.
    """

    def __init__(
        self, tree: Repository, libraries: Libraries, *, declaring: Mapping[str, Declaring], linking: bool = True, parse: Callable[[str], Parsed] = parse
    ) -> None:
        self._tree = tree
        self._read = parse
        self._linking = linking
        self._libraries = libraries
        self._declaring = declaring
        self._roots: dict[str, Module | None] = {}
        self._files = 0
        self._expansions = 0
        self._tokens = 0
        self._exhausted = False
        self.gaps: list[Gap] = []
        self.modules: list[Module] = []
        self.impls: list[Impl] = []
        self.waiting: list[Impl] = []
        """The impl blocks that only exist with a feature that this build leaves off."""
        self.calls: list[Call] = []
        self._deferred: dict[str, list[tuple[Call, Around]]] = {}
        self._exported: dict[str, list[tuple[macros.MacroRules, Module]]] = {}
        self._edges: dict[Module, list[tuple[Module, Use]]] = {}
        self._globs_known: set[str] = set()
        self._definers: dict[str, list[Module]] = {}
        self._reached: dict[Module, dict[Module, int]] = {}
        self._memo: dict[Module, dict[tuple[str, Space, Module], Resolved | None]] = {}
        self._active: set[tuple[Module, str, Space]] = set()

    # ---- reading

    def main(self) -> Module | None:
        """Give the root module of the library that is built."""
        return self.root(self._libraries.folder)

    def root(self, folder: str) -> Module | None:
        """Give the root module of the library in a folder."""
        if folder not in self._roots:
            self._roots[folder] = None
            library = self._libraries.at(folder)
            if library is not None:
                self._roots[folder] = self._load(library)
        return self._roots[folder]

    def sibling(self, module: Module, name: str) -> Module | None:
        """Give the root module of a path dependency; of a library that links PyO3, of one that links it too."""
        folder = module.library.siblings.get(name)
        library = self._libraries.at(folder) if folder is not None else None
        if folder is None or library is None or library.procedural or (self._linking and library.pyo3 is None and module.library.pyo3 is not None):
            return None
        return self.root(folder)

    def _load(self, library: Library) -> Module | None:
        root = Module(library, (library.name,), None)
        start = len(self.modules)
        self.modules.append(root)
        self._roots[library.folder] = root
        pending: Pending = deque()
        pending.append((root, library.root, Around(folder=library.root.rpartition("/")[0], above=frozenset(), pending=pending)))
        deferred = self._deferred.setdefault(library.folder, [])
        while pending or deferred:
            if not pending:
                self._expand_deferred(deferred)
                continue
            module, path, around = pending.popleft()
            if path in around.above or len(module.path) > DEEPEST:
                self.gaps.append(Gap(place=Place(path=path), why="the module contains itself"))
                continue
            node = self._parse(path)
            if node is not None:
                text = Text(path=path)
                module.text = text
                self._declare(module, node, text, around.within(path))
        for module in self.modules[start:]:
            if module.library is library:
                self._index(module)
        return root

    def _parse(self, path: str) -> Node | None:
        self._files += 1
        if self._files > MOST_FILES:
            if self._files == MOST_FILES + 1:
                self.gaps.append(Gap(place=Place(path=path), why=f"more than {MOST_FILES} files; the rest is not read", cut=True))
            return None
        try:
            source = self._tree.read(path)
        except RepositoryError as error:
            self.gaps.append(Gap(place=Place(path=path), why=error.message))
            return None
        if len(source) > LARGEST:
            self.gaps.append(Gap(place=Place(path=path), why="the file is too large to be parsed"))
            return None
        parsed = self._read(source)
        for fault in parsed.faults:
            self.gaps.append(Gap(place=Text(path=path).place(fault), why="this is not Rust that can be read"))
        return parsed.root

    def _declare(self, module: Module, node: Node, text: Text, around: Around) -> None:
        skipped: list[Node] = []
        for declared in declarations(node, module.library.build, skipped):
            one = under(declared, text.condition)
            match one.kind:
                case Kind.USE:
                    self._import(module, one, text)
                case Kind.EXTERN_CRATE:
                    alias = unraw(content(one.node.child_by_field_name("alias"))) or one.name
                    self._add_use(
                        module,
                        Use(
                            name=alias,
                            path=(one.name,),
                            absolute=True,
                            public=one.public,
                            attributes=one.attributes,
                            place=text.place(one.node),
                            exported=one.exported,
                            is_crate=True,
                        ),
                    )
                case Kind.IMPL:
                    self.impls.append(_impl(module, one, text))
                case Kind.MACRO:
                    self._define(module, one)
                    module.macro_items.append(_item(module, one, text))
                case Kind.CALL:
                    self._call(module, one, text, around)
                case Kind.MODULE:
                    self._submodule(module, one, text, around)
                case Kind.EXTERN_BLOCK:
                    self._import_foreign(module, one, text, around)
                case _:
                    self._put(module, _item(module, one, text))

        for left in skipped:
            if left.type == "impl_item":
                self.waiting.append(_waiting(module, left, text))

    def _import_foreign(self, module: Module, block: Declaration, text: Text, around: Around) -> None:
        """Declare what an `extern` block imports: its names stand in the module around it.

        Source: https://doc.rust-lang.org/reference/items/external-blocks.html
        """
        body = block.node.child_by_field_name("body")
        if body is None:
            return
        condition = block.attributes.condition
        for one, node in foreign.types(body, module.library.build):
            item = _item(module, one, _at(text, node))
            self._put(module, replace(item, condition=joined(item.condition, condition)))
        bound = block.attributes.has("wasm_bindgen")
        for one in declarations(body, module.library.build):
            match one.kind:
                case Kind.FUNCTION | Kind.CONSTANT:
                    if bound and (found := foreign.member(one)) is not None:
                        owner, source = found
                        made = parse_expansion(source).root.named_children[0]
                        whole = joined(module.condition, condition, one.attributes.condition)
                        self.impls.append(Impl(node=made, text=_at(text, one.node), module=module, attributes=NONE, type=owner, trait=None, condition=whole))
                        continue
                    item = _item(module, one, text)
                    self._put(module, replace(item, condition=joined(item.condition, condition), block=None if bound else block.node))
                case Kind.CALL:
                    self._call(module, under(one, condition), text, around, block.node)
                case _:
                    pass

    def _put(self, module: Module, item: Item) -> None:
        module.items.append(item)
        spaces = (Space.VALUES,) if item.kind in (Kind.FUNCTION, Kind.CONSTANT) else (Space.TYPES,)
        for space in spaces:
            known = module.spaces[space].get(item.name)
            # Of two that exclude each other by a cfg that is not known, the first speaks; one that certainly exists goes before both.
            if known is None or (known.condition is not None and item.condition is None):
                module.spaces[space][item.name] = item

    def _submodule(self, module: Module, one: Declaration, text: Text, around: Around) -> None:
        inner = Module(module.library, (*module.path, one.name), module, condition=joined(module.condition, one.attributes.condition))
        item = _item(module, one, text)
        inner.item = item
        module.items.append(item)
        # Of two that exclude each other, one that certainly exists goes first: `#[cfg(windows)] mod imp` does not hide the one of unix.
        known = module.spaces[Space.TYPES].get(one.name)
        if not isinstance(known, Module) or item.condition is None or known.condition is not None:
            module.spaces[Space.TYPES][one.name] = inner
        self.modules.append(inner)
        body = one.node.child_by_field_name("body")
        pointed = one.attributes.value("path")
        if body is not None:
            inner.text = text
            if len(inner.path) > DEEPEST:
                self.gaps.append(Gap(place=item.place, why="modules nest too deeply"))
                return
            self._declare(inner, body, replace(text, condition=None), replace(around, folder=inside(around.folder, one.name)))
            return
        folder = around.folder
        base = text.path.rpartition("/")[0] if _is_file(module) else folder
        candidates = [join(base, pointed)] if pointed else [inside(folder, f"{one.name}.rs"), inside(folder, f"{one.name}/mod.rs")]
        found = next((path for path in candidates if path is not None and self._tree.has(path)), None)
        if found is None:
            self.gaps.append(Gap(place=item.place, why=f"the file of module {one.name} is not in the repository"))
            return
        # https://doc.rust-lang.org/reference/items/modules.html#the-path-attribute: a file named by `path` looks for its own modules beside itself
        around.pending.append((inner, found, replace(around, folder=found.rpartition("/")[0] if pointed else inside(folder, one.name))))

    def _import(self, module: Module, one: Declaration, text: Text) -> None:
        place = text.place(one.node)
        for imported in imports(one.node):
            self._add_use(
                module,
                Use(
                    name=imported.name,
                    path=imported.path,
                    absolute=imported.absolute,
                    public=one.public,
                    attributes=one.attributes,
                    place=place,
                    exported=one.exported,
                ),
            )

    def _add_use(self, module: Module, use: Use) -> None:
        module.uses.append(use)
        if use.name != "*":
            module.named.setdefault(use.name, []).append(use)

    def inside_function(self, module: Module, body: Node, text: Text) -> Module:
        """Give the module that the items and imports inside of a function make; the function's own surroundings when there are none."""
        block = Module(module.library, (*module.path, f"{{{body.start_byte}}}"), module, block=True, condition=module.condition)
        block.text = text
        return block if self.declare_more(block, body, text) else module

    def declare_more(self, block: Module, body: Node, text: Text) -> bool:
        """Add to the inside of a function what a block declares; say whether that is anything. Macros are left to those who run the function."""
        before = len(block.items) + len(block.uses) + len(block.macros)
        self._declare(block, body, text, Around(folder="", above=frozenset(), pending=deque()))
        if len(block.items) + len(block.uses) + len(block.macros) == before:
            return False
        self._memo.pop(block, None)
        self._index(block)
        self._link([block])
        return True

    # ---- macros

    def _define(self, module: Module, one: Declaration) -> None:
        rules = _rules(one.node, one.name)
        if rules is not None:
            module.macros[one.name] = (rules, module)
            self._exported.setdefault(one.name, []).append((rules, module))

    def defines(self, module: Module, path: tuple[str, ...]) -> bool:
        """Say whether what an invocation expands to can be known."""
        return self.macro(module, path) is not None or known_macros.knows(path[-1])

    def macro(self, module: Module, path: tuple[str, ...]) -> tuple[macros.MacroRules, Module] | None:
        """Give the definition that an invocation means, and where it stands."""
        name = path[-1]
        scope: Module | None = module if len(path) == 1 else None
        while scope is not None:
            if name in scope.macros:
                return scope.macros[name]
            scope = scope.parent
        home: str | None = path[0] if len(path) > 1 else None
        for use in module.named.get(path[0], ()):
            name = use.path[-1] if len(path) == 1 else name
            home = use.path[0]
        if home is not None:
            self._any_sibling(module, home)
        else:
            for use in module.uses:
                if use.name == "*":
                    self._any_sibling(module, use.path[0])
        found = self._exported.get(name, [])
        own = [one for one in found if one[1].library is module.library]
        chosen = own or found
        return chosen[-1] if len({id(one[0]) for one in chosen}) == 1 else None

    def _any_sibling(self, module: Module, name: str) -> None:
        """Read a path dependency whose macros may be meant."""
        folder = module.library.siblings.get(name)
        library = self._libraries.at(folder) if folder is not None else None
        if folder is not None and library is not None and not library.procedural:
            self.root(folder)

    def _call(self, module: Module, one: Declaration, text: Text, around: Around, block: Node | None = None) -> None:
        path = macro_name(one.node)
        if not path:
            return
        arguments = macro_arguments(one.node)
        call = Call(path=path, arguments=arguments, module=module, text=text, node=one.node, block=block, condition=one.attributes.condition)
        if path == ("include",) and (name := literal(arguments)) is not None:
            self._include(module, name, Text(path=text.path, condition=call.condition), around)
        elif (declaring := self._declaring.get(path[-1])) is not None and self.macro(module, path) is None:
            name = declaring(arguments)
            if name is not None:
                self._put(module, _item(module, one, text, name=name, arguments=arguments))
        elif module.block:
            return
        elif self.defines(module, path):
            self._expand(call, around)
        else:
            self._deferred.setdefault(module.library.folder, []).append((call, around))

    def _include(self, module: Module, name: str, text: Text, around: Around) -> None:
        path = join(text.path.rpartition("/")[0], name)
        if path is None or not self._tree.has(path) or path in around.above:
            return
        node = self._parse(path)
        if node is not None:
            self._declare(module, node, replace(text, path=path), around.within(path))

    def expand(self, path: tuple[str, ...], arguments: tuple[Tree, ...], module: Module) -> Expansion:
        """Expand an invocation of a macro that is defined in the repository.

        Raises: OpaqueError when it is not, or cannot be.
        """
        found = self._expand_once(path, arguments, module)
        for _ in range(MOST_STEPS):
            if not found.is_call or found.following is None or not self.defines(module, found.following[0]):
                break
            try:
                found = self._expand_once(*found.following, module)
            except macros.OpaqueError:  # it is told where it is met
                break
        return found

    def _expand_once(self, path: tuple[str, ...], arguments: tuple[Tree, ...], module: Module) -> Expansion:
        self._expansions += 1
        if self._expansions > MOST_EXPANSIONS or self._tokens > MOST_TOKENS:
            if not self._exhausted:
                self._exhausted = True
                self.gaps.append(
                    Gap(
                        place=Place(path=module.text.path if module.text else module.library.root),
                        why="macros expand to too much; the rest is not read",
                        cut=True,
                    )
                )
            raise macros.OpaqueError("macros expand to too much")
        definition = self.macro(module, path)
        if definition is not None:
            rules, home = definition
            found = expansions.expand(rules, arguments, "crate" if home.library is module.library else f"::{home.library.name}")
        elif (known := known_macros.expand(path[-1], arguments, module.library.build)) is not None:
            found = Expansion(known)
        else:
            raise macros.OpaqueError(f"{path[-1]}! is not defined in the repository")
        self._tokens += found.size
        return found

    def _expand(self, call: Call, around: Around) -> None:
        if call.text.depth >= DEEPEST:
            self._opaque(call, "macros call macros too deeply")
            return
        text = Text(path=call.text.path, line=call.place.line, depth=call.text.depth + 1, condition=call.condition)
        one: Call = call
        while True:
            try:
                found = self.expand(one.path, one.arguments, one.module)
            except macros.OpaqueError as error:
                self._opaque(one, str(error))
                return
            following = found.following
            goes_on = following is not None and not found.is_call and self.defines(one.module, following[0])
            parsed = parse_expansion(_in_block(one.block, found.written(whole=not goes_on)))
            if parsed.faults:
                self._opaque(one, "the expansion is not Rust that can be read")
            self._declare(one.module, parsed.root, text, around)
            if following is None or not goes_on:
                return
            # What eats its items one by one ends in a call with all the others: these are neither written, parsed nor counted each time.
            self._tokens -= found.left
            one = replace(one, path=following[0], arguments=following[1])

    def _opaque(self, call: Call, why: str) -> None:
        definition = self.macro(call.module, call.path)
        words = frozenset(names(call.arguments)) | (definition[0].words if definition is not None else frozenset())
        self.calls.append(replace(call, why=why, words=words))

    def _expand_deferred(self, deferred: list[tuple[Call, Around]]) -> None:
        """Expand what was called before its definition was read."""
        waiting = list(deferred)
        deferred.clear()
        for call, around in waiting:
            if self.defines(call.module, call.path):
                self._expand(call, around)
            else:
                self._opaque(call, f"{call.path[-1]}! is not defined in the repository")

    # ---- names

    def _index(self, module: Module) -> None:
        names = {*module.spaces[Space.TYPES], *module.spaces[Space.VALUES], *module.named}
        for name in names:
            self._definers.setdefault(name, []).append(module)

    def resolve(self, path: Sequence[str], module: Module, space: Space = Space.TYPES, *, absolute: bool = False) -> Resolved | None:
        """Say what a path means in a module; None when nothing of the repository has that name."""
        if not path or len(path) > DEEPEST:
            return None
        head, *rest = path
        current: Resolved | None
        if absolute:
            current = self._crate(module, head)
        elif head in ("crate", "self", "super", "Self"):
            current, rest = self._relative(path, module)
        else:
            current = self.lookup(module, head, Space.TYPES if rest else space, module) or self._crate(module, head)
        for index, name in enumerate(rest):
            current = self._step(current, name, Space.TYPES if index + 1 < len(rest) else space, module)
            if current is None:
                return None
        return current

    def imported(self, use: Use, module: Module, space: Space = Space.TYPES, below: Sequence[str] = ()) -> Resolved | None:
        """Say what an import means, or what is `below` it: in the edition of 2015 its path starts at the root of the crate.

        Source: https://doc.rust-lang.org/edition-guide/rust-2018/path-changes.html
        """
        path = (*use.path, *below)
        if module.library.edition <= EDITION_OF_ROOTS and not use.is_crate and path[0] not in ("crate", "self", "super"):
            found = self.resolve(("crate", *path), module, space)
            if found is not None:
                return found
        return self.resolve(path, module, space, absolute=use.absolute)

    def _relative(self, path: Sequence[str], module: Module) -> tuple[Resolved | None, list[str]]:
        current: Module | None = module
        while current is not None and current.block:
            current = current.parent
        index = 0
        if path[0] == "crate":
            return module.root, list(path[1:])
        if path[0] == "Self":
            return None, []
        while index < len(path) and path[index] in ("self", "super") and current is not None:
            if path[index] == "super":
                current = current.parent
            index += 1
        return current, list(path[index:])

    def _crate(self, module: Module, name: str) -> Resolved | None:
        if name in module.library.siblings:
            return self.sibling(module, name) or Foreign((name,))
        if name in module.library.foreign:
            return Foreign((module.library.foreign[name],))
        if name == module.library.name:
            return module.root
        return Foreign((name,)) if name in ("std", "core", "alloc", "pyo3") else None

    def _step(self, current: Resolved | None, name: str, space: Space, viewer: Module) -> Resolved | None:
        match current:
            case None:
                return None
            case Foreign(path=path):
                return Foreign((*path, name))
            case Module():
                return self.lookup(current, name, space, viewer)
            case Item(kind=Kind.ALIAS):
                target = self.alias(current)
                return self._step(target, name, space, viewer) if target is not None else Associated(current, name)
            case Item():
                return Associated(current, name)
            case Associated():
                return None

    def alias(self, item: Item) -> Resolved | None:
        """Say what a type alias stands for; None when it is no plain path."""
        key = (item.module, f"type {item.name}", Space.TYPES)
        if key in self._active or len(self._active) > DEEPEST:
            return None
        self._active.add(key)
        try:
            found = read_type(content(item.node.child_by_field_name("type")))
            return self.resolve(found.path, item.module) if isinstance(found, Named) else None
        finally:
            self._active.discard(key)

    def lookup(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        """Say what a name means in a module for one who looks from `viewer`."""
        key = (name, space, viewer)
        memo = self._memo.setdefault(module, {})
        if key in memo:
            return memo[key]
        active = (module, name, space)
        if active in self._active or len(self._active) > DEEPEST:
            return None
        self._active.add(active)
        try:
            found = self._lookup(module, name, space, viewer)
        finally:
            self._active.discard(active)
        if found is not None or not self._active:
            self._memo.setdefault(module, {})[key] = found
        return found

    def _lookup(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        found: Resolved | None = self._own(module, name, space, viewer)
        if found is None:
            self._link_library(module.library)
            reached = self._within(module)
            for other in sorted((one for one in self._definers.get(name, ()) if one in reached and one is not module), key=reached.__getitem__):
                found = self._own(other, name, space, viewer)
                if found is not None:
                    break
        if found is None and module.block and module.parent is not None:
            return self.lookup(module.parent, name, space, viewer)
        return found

    def _own(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        """Give what a module declares or imports by name."""
        own = module.spaces[space].get(name)
        if own is not None:
            return own
        foreign: Resolved | None = None
        for use in module.named.get(name, ()):
            if not use.public and not module.contains(viewer):
                continue
            itself = use.path == (name,) and (use.is_crate or (not use.absolute and (module.library.edition > EDITION_OF_ROOTS or module.parent is None)))
            found = self._crate(module, name) if itself else self.imported(use, module, space)
            if found is not None and not isinstance(found, Foreign):
                return found
            foreign = foreign or found or self._elsewhere(use, module)
        return foreign

    def _elsewhere(self, use: Use, module: Module) -> Foreign | None:
        return None if use.path[0] in ("crate", "self", "super") or self.resolve(use.path[:1], module) is not None else Foreign(use.path)

    # ---- globs

    def _within(self, module: Module) -> Mapping[Module, int]:
        """Give the modules that the globs of a module reach, with how near each is."""
        if module not in self._reached:
            found: dict[Module, int] = {module: 0}
            pending = deque([module])
            while pending and len(found) < MOST_REACHED:
                current = pending.popleft()
                for target, use in self._edges.get(current, ()):
                    if target not in found and (current is module or use.public or current.contains(module)):
                        found[target] = len(found)
                        pending.append(target)
            if pending:
                self.gaps.append(
                    Gap(place=Place(path=module.text.path if module.text else module.library.root), why="its globs reach too many modules", cut=True)
                )
            self._reached[module] = found
        return self._reached[module]

    def _link_library(self, library: Library) -> None:
        """Find the targets of every glob of a library, once."""
        if library.folder in self._globs_known:
            return
        self._globs_known.add(library.folder)
        self._link([module for module in self.modules if module.library is library])

    def _link(self, modules: Sequence[Module]) -> None:
        """Resolve globs, again while those found open the way to more."""
        waiting = [(module, use) for module in modules for use in module.uses if use.name == "*" and (self._linking or not _is_private(use, module))]
        while waiting:
            left = []
            for module, use in waiting:
                target = self.imported(use, module)
                if isinstance(target, Module) and target is not module:
                    self._edges.setdefault(module, []).append((target, use))
                elif target is None:
                    left.append((module, use))
            self._reached.clear()
            self._memo.clear()
            if len(left) == len(waiting):
                break
            waiting = left


def _at(text: Text, node: Node) -> Text:
    """Give a text that stands where a node does."""
    return Text(path=text.path, line=text.place(node).line, depth=text.depth)


def _is_private(use: Use, module: Module) -> bool:
    """Say whether a glob brings names of another crate that are not passed on."""
    return not use.public and use.path[0] in module.library.siblings


def _is_file(module: Module) -> bool:
    """Say whether the module is the top of its file, where `path` attributes are relative to the file's folder."""
    return module.item is None or module.item.node.child_by_field_name("body") is None


def _item(module: Module, one: Declaration, text: Text, *, name: str = "", arguments: tuple[Tree, ...] = ()) -> Item:
    return Item(
        kind=one.kind,
        name=name or one.name,
        node=one.node,
        text=text,
        module=module,
        attributes=one.attributes,
        public=one.public,
        exported=one.exported,
        condition=joined(module.condition, one.attributes.condition),
        arguments=arguments,
    )


def _in_block(block: Node | None, source: str) -> str:
    """Write what a macro expands to as it stands in its `extern` block."""
    if block is None:
        return source
    head = " ".join(content(child) for child in block.children if child.type in ("unsafe", "extern_modifier"))
    return f"{head} {{ {source} }}"


def _impl(module: Module, one: Declaration, text: Text) -> Impl:
    trait = one.node.child_by_field_name("trait")
    return Impl(
        node=one.node,
        text=text,
        module=module,
        attributes=one.attributes,
        type=read_type(content(one.node.child_by_field_name("type"))),
        trait=read_type(content(trait)) if trait is not None else None,
        condition=joined(module.condition, one.attributes.condition),
    )


def _waiting(module: Module, node: Node, text: Text) -> Impl:
    return Impl(node=node, text=text, module=module, attributes=NONE, type=read_type(content(node.child_by_field_name("type"))), trait=None)


@lru_cache(maxsize=8192)
def _rules(node: Node, name: str) -> macros.MacroRules | None:
    """Read a definition, once for all crates that see it; two that say the same are still two."""
    found = _definition(content(node), name)
    return replace(found) if found is not None else None


@lru_cache(maxsize=8192)
def _definition(text: str, name: str) -> macros.MacroRules | None:
    parts = trees(text)
    body = parts[3] if len(parts) > 3 else None  # macro_rules ! name { ... }
    return macros.read_trees(name, body.trees) if isinstance(body, Group) else None
