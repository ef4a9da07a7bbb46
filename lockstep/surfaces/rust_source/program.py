"""The libraries of a program, read into module trees: files joined, macros expanded; everything within a budget.

Source: https://doc.rust-lang.org/reference/items/modules.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.errors import RepositoryError
from lockstep.manifest import inside, join
from lockstep.model import Place
from lockstep.surfaces.rust_source import extern_blocks
from lockstep.surfaces.rust_source.attributes import NONE
from lockstep.surfaces.rust_source.budget import Budget
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.crates import Gap, Libraries, Library
from lockstep.surfaces.rust_source.items import (
    Declaration,
    Kind,
    Parsed,
    Text,
    content,
    declarations,
    macro_arguments,
    macro_name,
    parse,
    parse_expansion,
    under,
)
from lockstep.surfaces.rust_source.layouts import Plain, layout_of
from lockstep.surfaces.rust_source.macro_resolution import MacroResolver
from lockstep.surfaces.rust_source.macros import OpaqueError
from lockstep.surfaces.rust_source.module_tree import Impl, MacroCall, Module, Space, item_of
from lockstep.surfaces.rust_source.name_resolution import Resolver
from lockstep.surfaces.rust_source.tokens import Tree, literal, names
from lockstep.tree import Tree as Repository

if TYPE_CHECKING:
    from tree_sitter import Node

UNPARSED = "lockstep's parser cannot read this"
DEEPEST = 64
"""How deep macros may call macros, and modules may nest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContext:
    """Where a text is read: the folder in which its modules are looked for, the files that it stands in, and the queue of those still to be read."""

    folder: str
    above: frozenset[str]
    pending: Pending

    def within(self, path: str) -> FileContext:
        """Give the context of what stands in a file."""
        return replace(self, above=self.above | {path})


Pending: TypeAlias = deque[tuple[Module, str, FileContext]]
DeclaredName: TypeAlias = Callable[[Sequence[Tree]], str | None]


class Program:
    """Reads libraries when they are asked for; `names` resolves what stands in them, `macros` expands what they call.

    `declaring` says which macros from elsewhere declare a type, and how its name is found in their arguments. Of a library that links PyO3,
    siblings that do not are no part but for their macros. With `linking` off it is read for those who use it from Rust: every sibling counts, and is
    only read where its names are asked for or passed on. `whole` gives a function with its body, where the texts of the tree are without.
    """

    def __init__(
        self,
        tree: Repository,
        libraries: Libraries,
        *,
        declaring: Mapping[str, DeclaredName],
        linking: bool = True,
        parse: Callable[[str], Parsed] = parse,
        whole: Callable[[Node, Text], Node | None] = lambda function, _: function,
    ) -> None:
        self._tree = tree
        self._read = parse
        self.whole = whole
        self._libraries = libraries
        main = libraries.main()
        self._among_linking = linking and main is not None and main.pyo3 is not None
        self._declaring = declaring
        self._roots: dict[str, Module | None] = {}
        self._budget = Budget()
        self.gaps: list[Gap] = []
        self.modules: list[Module] = []
        self.impls: list[Impl] = []
        self.inactive_impls: list[Impl] = []
        """The impl blocks that only exist with a feature that this build leaves off."""
        self.unexpanded: list[MacroCall] = []
        self._deferred: dict[str, list[tuple[MacroCall, FileContext]]] = {}
        self.names = Resolver(self.sibling, self.modules, self.gaps, private_globs=linking)
        self.macros = MacroResolver(self._load_sibling, self.gaps)

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

    def close(self) -> None:
        """Let go of all that was read, once nobody asks any more: modules and what stands in them hold each other."""
        for module in self.modules:
            module.__dict__.clear()
        self.__dict__.clear()

    def sibling(self, module: Module, name: str) -> Module | None:
        """Give the root module of a path dependency; of a library that links PyO3, of one that links it too."""
        folder = module.library.siblings.get(name)
        library = self._libraries.at(folder) if folder is not None else None
        if folder is None or library is None or library.procedural or (self._among_linking and library.pyo3 is None):
            return None
        return self.root(folder)

    def procedural(self, module: Module, name: str) -> Library | None:
        """Give the library of procedural macros that a module knows as `name`, where it is in the repository."""
        folder = module.library.siblings.get(name)
        library = self._libraries.at(folder) if folder is not None else None
        return library if library is not None and library.procedural else None

    def text(self, library: Library) -> str:
        """Give the text of a library's root, nothing where it cannot be read."""
        try:
            return self._tree.read(library.root)
        except RepositoryError:
            return ""

    def _load(self, library: Library) -> Module | None:
        root = Module(library, (library.name,), None)
        start = len(self.modules)
        self.modules.append(root)
        self._roots[library.folder] = root
        pending: Pending = deque()
        pending.append((root, library.root, FileContext(folder=library.root.rpartition("/")[0], above=frozenset(), pending=pending)))
        deferred = self._deferred.setdefault(library.folder, [])
        while pending or deferred:
            if not pending:
                self._expand_deferred(deferred)
                continue
            module, path, context = pending.popleft()
            if path in context.above or len(module.path) > DEEPEST:
                self.gaps.append(Gap(place=Place(path=path), why="the module contains itself"))
                continue
            node = self._parse(path)
            if node is not None:
                text = Text(path=path)
                module.text = text
                self._declare(module, node, text, context.within(path))
        for module in self.modules[start:]:
            if module.library is library:
                self.names.index(module)
        return root

    def _parse(self, path: str) -> Node | None:
        if (why := self._budget.refuses_more()) is not None:
            if why:
                self.gaps.append(Gap(place=Place(path=path), why=why, cut=True))
            return None
        try:
            source = self._tree.read(path)
        except RepositoryError as error:
            self.gaps.append(Gap(place=Place(path=path), why=error.message))
            return None
        if (why := self._budget.refuses(source)) is not None:
            self.gaps.append(Gap(place=Place(path=path), why=why, cut=True))
            return None
        parsed = self._read(source)
        for fault in parsed.faults:
            self.gaps.append(Gap(place=Text(path=path).place(fault), why=UNPARSED))
        return parsed.root

    def _declare(self, module: Module, node: Node, text: Text, context: FileContext) -> None:
        layout = layout_of(node, text, module.library.build)
        for one in layout.steps:
            if isinstance(one, Plain):
                self.impls += one.put(module, text)
                continue
            match one.kind:
                case Kind.MACRO:
                    self.macros.define(module, one)
                    module.macro_items.append(item_of(module, one, text))
                case Kind.CALL:
                    self._declare_call(module, one, text, context)
                case Kind.MODULE:
                    self._declare_module(module, one, text, context)
                case _:
                    self._declare_extern_block(module, one, text, context)
        self.inactive_impls += layout.inactive_impls(module, text)

    def _declare_extern_block(self, module: Module, block: Declaration, text: Text, context: FileContext) -> None:
        """Declare what an `extern` block imports: its names stand in the module around it.

        Source: https://doc.rust-lang.org/reference/items/external-blocks.html
        """
        body = block.node.child_by_field_name("body")
        if body is None:
            return
        condition = block.attributes.condition
        for one, node in extern_blocks.types(body, module.library.build):
            item = item_of(module, one, _at(text, node))
            module.declare(replace(item, condition=joined(item.condition, condition)))
        bound = block.attributes.has("wasm_bindgen")
        for one in declarations(body, module.library.build):
            match one.kind:
                case Kind.FUNCTION | Kind.CONSTANT:
                    if bound and (found := extern_blocks.member(one)) is not None:
                        owner, source = found
                        made = parse_expansion(source).root.named_children[0]
                        whole = joined(module.condition, condition, one.attributes.condition)
                        self.impls.append(Impl(node=made, text=_at(text, one.node), module=module, attributes=NONE, type=owner, trait=None, condition=whole))
                        continue
                    item = item_of(module, one, text)
                    module.declare(replace(item, condition=joined(item.condition, condition), block=None if bound else block.node))
                case Kind.CALL:
                    self._declare_call(module, under(one, condition), text, context, block.node)
                case _:
                    pass

    def _declare_module(self, module: Module, one: Declaration, text: Text, context: FileContext) -> None:
        inner = Module(module.library, (*module.path, one.name), module, condition=joined(module.condition, one.attributes.condition))
        item = item_of(module, one, text)
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
            self._declare(inner, body, replace(text, condition=None), replace(context, folder=inside(context.folder, one.name)))
            return
        folder = context.folder
        base = text.path.rpartition("/")[0] if _is_file(module) else folder
        candidates = [join(base, pointed)] if pointed else [inside(folder, f"{one.name}.rs"), inside(folder, f"{one.name}/mod.rs")]
        found = next((path for path in candidates if path is not None and self._tree.has(path)), None)
        if found is None:
            self.gaps.append(Gap(place=item.place, why=f"the file of module {one.name} is not in the repository"))
            return
        # https://doc.rust-lang.org/reference/items/modules.html#the-path-attribute: a file named by `path` looks for its own modules beside itself
        context.pending.append((inner, found, replace(context, folder=found.rpartition("/")[0] if pointed else inside(folder, one.name))))

    def inside_function(self, module: Module, body: Node, text: Text) -> Module:
        """Give the module that the items and imports inside of a function make; the function's own surroundings when there are none."""
        block = Module(module.library, (*module.path, f"{{{body.start_byte}}}"), module, block=True, condition=module.condition)
        block.text = text
        return block if self.declare_more(block, body, text) else module

    def declare_more(self, block: Module, body: Node, text: Text) -> bool:
        """Add to the inside of a function what a block declares; say whether that is anything. Macros are left to those who run the function."""
        before = len(block.items) + len(block.uses) + len(block.macros)
        self._declare(block, body, text, FileContext(folder="", above=frozenset(), pending=deque()))
        if len(block.items) + len(block.uses) + len(block.macros) == before:
            return False
        self.names.index_block(block)
        return True

    # ---- macros

    def _load_sibling(self, module: Module, name: str) -> None:
        """Read a path dependency whose macros may be meant."""
        folder = module.library.siblings.get(name)
        library = self._libraries.at(folder) if folder is not None else None
        if folder is not None and library is not None and not library.procedural:
            self.root(folder)

    def _declare_call(self, module: Module, one: Declaration, text: Text, context: FileContext, block: Node | None = None) -> None:
        path = macro_name(one.node)
        if not path:
            return
        arguments = macro_arguments(one.node)
        call = MacroCall(path=path, arguments=arguments, module=module, text=text, node=one.node, block=block, condition=one.attributes.condition)
        if path == ("include",) and (name := literal(arguments)) is not None:
            if not self._include(module, name, Text(path=text.path, condition=call.condition), context) and not module.block:
                self._leave_unexpanded(call, f"{name}, which include! names, is not in the repository")
        elif (declaring := self._declaring.get(path[-1])) is not None and self.macros.definition(module, path) is None:
            name = declaring(arguments)
            if name is not None:
                module.declare(item_of(module, one, text, name=name, arguments=arguments))
        elif module.block:
            return
        elif self.macros.defines(module, path):
            self._expand(call, context)
        else:
            self._deferred.setdefault(module.library.folder, []).append((call, context))

    def _include(self, module: Module, name: str, text: Text, context: FileContext) -> bool:
        """Read a file where another one includes it; say whether it is there."""
        path = join(text.path.rpartition("/")[0], name)
        if path is None or not self._tree.has(path):
            return False
        node = self._parse(path) if path not in context.above else None
        if node is not None:
            self._declare(module, node, replace(text, path=path), context.within(path))
        return True

    def _expand(self, call: MacroCall, context: FileContext) -> None:
        if call.text.depth >= DEEPEST:
            self._leave_unexpanded(call, "macros call macros too deeply")
            return
        text = Text(path=call.text.path, line=call.place.line, depth=call.text.depth + 1, condition=call.condition)
        one: MacroCall = call
        while True:
            try:
                found = self.macros.expand(one.path, one.arguments, one.module)
            except OpaqueError as error:
                self._leave_unexpanded(one, str(error))
                return
            following = found.following
            goes_on = following is not None and not found.is_call and self.macros.defines(one.module, following[0])
            parsed = parse_expansion(_in_block(one.block, found.written(whole=not goes_on)))
            if parsed.faults:
                self._leave_unexpanded(one, "lockstep's parser cannot read the expansion")
            self._declare(one.module, parsed.root, text, context)
            if following is None or not goes_on:
                return
            # What eats its items one by one ends in a call with all the others: these are neither written, parsed nor counted each time.
            self.macros.refund(found.left)
            one = replace(one, path=following[0], arguments=following[1])

    def _leave_unexpanded(self, call: MacroCall, why: str) -> None:
        definition = self.macros.definition(call.module, call.path)
        words = frozenset(names(call.arguments)) | (definition[0].words if definition is not None else frozenset())
        self.unexpanded.append(replace(call, why=why, words=words))

    def _expand_deferred(self, deferred: list[tuple[MacroCall, FileContext]]) -> None:
        """Expand what was called before its definition was read."""
        waiting = list(deferred)
        deferred.clear()
        for call, context in waiting:
            if self.macros.defines(call.module, call.path):
                self._expand(call, context)
            else:
                self._leave_unexpanded(call, f"{call.path[-1]}! is not defined in the repository")


def _at(text: Text, node: Node) -> Text:
    """Give a text that stands where a node does."""
    return Text(path=text.path, line=text.place(node).line, depth=text.depth)


def _is_file(module: Module) -> bool:
    """Say whether the module is the top of its file, where `path` attributes are relative to the file's folder."""
    return module.item is None or module.item.node.child_by_field_name("body") is None


def _in_block(block: Node | None, source: str) -> str:
    """Write what a macro expands to as it stands in its `extern` block."""
    if block is None:
        return source
    head = " ".join(content(child) for child in block.children if child.type in ("unsafe", "extern_modifier"))
    return f"{head} {{ {source} }}"
