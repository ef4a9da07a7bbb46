"""What one Rust text declares: items with their attributes, imports, impl blocks, macros, as far as one build has them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass, field, replace
from lockstep.model import Place
from lockstep.surfaces.rust_source.attributes import Attributes, awaits_feature, judged, judged_always
from lockstep.surfaces.rust_source.budget import MOST_SIGNS, signs
from lockstep.surfaces.rust_source.conditions import Build, joined
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, split, trees, unraw
from lockstep.surfaces.sized_cache import SizedCache

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


class Kind(StrEnum):
    """What an item is."""

    STRUCT = "struct"
    ENUM = "enum"
    UNION = "union"
    TRAIT = "trait"
    ALIAS = "alias"
    MODULE = "module"
    FUNCTION = "function"
    CONSTANT = "constant"
    IMPL = "impl"
    EXTERN_BLOCK = "extern_block"
    USE = "use"
    EXTERN_CRATE = "extern_crate"
    MACRO = "macro"
    CALL = "call"  # of a macro, where items stand


KINDS = {
    "struct_item": Kind.STRUCT,
    "enum_item": Kind.ENUM,
    "union_item": Kind.UNION,
    "trait_item": Kind.TRAIT,
    "type_item": Kind.ALIAS,
    "associated_type": Kind.ALIAS,
    "mod_item": Kind.MODULE,
    "function_item": Kind.FUNCTION,
    "function_signature_item": Kind.FUNCTION,
    "const_item": Kind.CONSTANT,
    "static_item": Kind.CONSTANT,
    "impl_item": Kind.IMPL,
    "foreign_mod_item": Kind.EXTERN_BLOCK,
    "use_declaration": Kind.USE,
    "extern_crate_declaration": Kind.EXTERN_CRATE,
    "macro_definition": Kind.MACRO,
    "macro_invocation": Kind.CALL,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Text:
    """Where nodes come from: a file, or, with `line`, what a macro invocation on that line of it expands to; `condition` is that invocation's."""

    path: str
    line: int | None = None
    depth: int = 0
    condition: str | None = None

    def place(self, node: Node | None) -> Place:
        """Say where a node stands."""
        if self.line is not None or node is None:
            return Place(path=self.path, line=self.line)
        return Place(path=self.path, line=node.start_point[0] + 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Declaration:
    """One item as it stands in a text, before it has a module."""

    kind: Kind
    name: str
    node: Node
    attributes: Attributes
    public: bool
    exported: bool = False
    """Whether its visibility is `pub` without a restriction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One name that a `use` brings; `name` is `*` for a glob, `_` for a trait without a name."""

    name: str
    path: tuple[str, ...]
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed text. `faults` are the nodes outside of function bodies that are no Rust."""

    root: Node
    faults: tuple[Node, ...] = field(default=())


@cache
def _parser() -> Parser:
    import tree_sitter  # noqa: PLC0415 - only who reads Rust pays for it
    import tree_sitter_rust  # noqa: PLC0415 - likewise

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))


def parse(source: str) -> Parsed:
    """Parse a Rust text; what is wrong in it stays where it is."""
    first = _parsed(source)
    if not first.faults:
        return first
    from lockstep.surfaces.rust_source import grammar_gaps  # noqa: PLC0415 - few texts say what the grammar does not know

    if (other := grammar_gaps.reworded(source)) == source:
        return first
    return min(first, _parsed(other), key=lambda one: len(one.faults))


def _parsed(source: str) -> Parsed:
    root = _parser().parse(source.encode("utf-8", "surrogatepass")).root_node
    return Parsed(root, tuple(_faults(root)) if root.has_error else ())


parse_once = SizedCache(parse, lambda text, _: signs(text), MOST_SIGNS)
"""Parses a text that is read again: for another module of the same build, or in the other of two releases."""


@lru_cache(maxsize=16_384)
def parse_expansion(source: str) -> Parsed:
    """Parse what a macro expands to; the same again and again, for what is read for several crates expands in each."""
    return parse(source)


MOST_FAULTS = 20
"""How many syntax errors of one file are told."""

TOKENS = ("token_tree", "token_tree_pattern", "token_repetition", "token_repetition_pattern")
"""What macros take and give: their tokens are read from the text."""

UNKNOWN_TOKENS = frozenset("$~ \t\r\n")
"""Signs of tokens that no expression has, and that macros take all the same: `T![~]`."""


def _faults(root: Node) -> Iterator[Node]:
    pending, found = [root], 0
    while pending and found < MOST_FAULTS:
        node = pending.pop()
        if node.is_error or node.is_missing:
            if node.parent is None or node.parent.type not in TOKENS or set(content(node)) - UNKNOWN_TOKENS:
                found += 1
                yield node
        elif node.type not in ("block", "foreign_mod_item"):  # types in extern blocks are unstable, and the grammar does not know them
            pending += [child for child in reversed(node.children) if child.has_error]


def content(node: Node | None) -> str:
    """Give the text of a node."""
    return node.text.decode("utf-8", "replace") if node is not None and node.text is not None else ""


def name_of(node: Node) -> str:
    """Give the name that an item declares."""
    return unraw(content(node.child_by_field_name("name")))


def visibility(node: Node) -> str:
    """Give the visibility that is written before an item or a field: `pub`, `pub(crate)`, nothing."""
    return next((content(one) for one in node.children[:3] if one.type == "visibility_modifier"), "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Written:
    """One item as it stands in a text, for every build; `raws` are the texts of its attributes."""

    kind: Kind
    name: str
    node: Node
    raws: tuple[str, ...]
    public: bool
    exported: bool

    def declared(self, attributes: Attributes) -> Declaration:
        """Give its declaration in a build, which judges its attributes."""
        return Declaration(kind=self.kind, name=self.name, node=self.node, attributes=attributes, public=self.public, exported=self.exported)


@lru_cache(maxsize=65_536)
def _written(node: Node) -> tuple[_Written | Declaration, ...]:
    """Give the items right below a node, declared where no build has another; most texts are read for several crates, and in both of two releases."""
    found: list[_Written | Declaration] = []
    raws: list[str] = []
    before = ""
    for child in node.named_children:
        kind = child.type
        if kind == "attribute_item":
            if child.named_child_count:
                raws.append(content(child.named_children[0]))
            continue
        if kind in ("line_comment", "block_comment", "inner_attribute_item"):
            continue
        if kind == "ERROR":
            if (before := visibility(child)) and child.named_child_count == 1:  # `pub unsafe static` of an extern block
                continue
            found += _written(child)
            raws = []
            continue
        if kind == "expression_statement" and child.named_child_count and child.named_children[0].type == "macro_invocation":
            child, kind = child.named_children[0], "macro_invocation"  # noqa: PLW2901 - a call with a semicolon is a call
        known = KINDS.get(kind)
        if known is not None:
            seen = visibility(child) or before
            one = _Written(kind=known, name=name_of(child), node=child, raws=tuple(raws), public=bool(seen), exported=seen == "pub")
            always = judged_always(one.raws)
            found.append(one if always is None else one.declared(always))
        raws, before = [], ""
    return tuple(found)


def declarations(node: Node, build: Build) -> Iterator[Declaration]:
    """Give the items right below a node that exist in this build."""
    for one in _written(node):
        if isinstance(one, Declaration):
            yield one
        elif (attributes := judged(one.raws, build)) is not None:
            yield one.declared(attributes)


def awaiting(node: Node, build: Build) -> Iterator[Node]:
    """Give the items right below a node that wait for a feature in this build."""
    for one in _written(node):
        if not isinstance(one, Declaration) and judged(one.raws, build) is None and awaits_feature(one.raws, build):
            yield one.node


def raws_of(node: Node) -> list[str]:
    """Give the texts of the attributes right below a node by which builds differ."""
    return [raw for one in _written(node) if not isinstance(one, Declaration) for raw in one.raws if "cfg" in raw]


def under(one: Declaration, condition: str | None) -> Declaration:
    """Give a declaration that waits for a condition of what surrounds it, too."""
    return one if condition is None else replace(one, attributes=replace(one.attributes, condition=joined(condition, one.attributes.condition)))


def members(node: Node | None, build: Build, *kinds: str, skipped: list[Node] | None = None) -> Iterator[tuple[Node, Attributes]]:
    """Give the fields, variants or parameters below a node with their attributes; those of `kinds` alone when any are named.

    Those that wait for a feature go to `skipped`.
    """
    raws: list[str] = []
    for child in node.named_children if node is not None else ():
        if child.type == "attribute_item":
            if child.named_child_count:
                raws.append(content(child.named_children[0]))
        elif child.type not in ("line_comment", "block_comment", "visibility_modifier"):
            if not kinds or child.type in kinds:
                attributes = judged(raws, build)
                if attributes is not None:
                    yield child, attributes
                elif skipped is not None and awaits_feature(raws, build):
                    skipped.append(child)
            raws = []


@lru_cache(maxsize=16_384)
def macro_name(node: Node) -> tuple[str, ...]:
    """Give the path of the macro that an invocation calls."""
    return tuple(unraw(part.strip()) for part in content(node.child_by_field_name("macro")).split("::") if part.strip())


@lru_cache(maxsize=16_384)
def macro_arguments(node: Node) -> tuple[Tree, ...]:
    """Give the token trees of an invocation, without their delimiters."""
    return _arguments(content(next((child for child in reversed(node.named_children) if child.type == "token_tree"), None)))


@lru_cache(maxsize=16_384)
def _arguments(text: str) -> tuple[Tree, ...]:
    """Read the arguments of a macro; the same text gives the same object, by which its expansion is found again."""
    found = trees(text)
    return found[0].trees if found and isinstance(found[0], Group) else ()


@lru_cache(maxsize=65_536)
def imports(node: Node) -> tuple[Imported, ...]:
    """Give what a `use` declaration brings into scope."""
    return tuple(_imports(trees(content(node.child_by_field_name("argument"))), (), absolute=False))


def _imports(parts: tuple[Tree, ...], prefix: tuple[str, ...], *, absolute: bool) -> Iterator[Imported]:
    path = list(prefix)
    for index, part in enumerate(parts):
        match part:
            case Group(trees=inner):
                for one in split(inner):
                    yield from _imports(one, tuple(path), absolute=absolute)
                return
            case Token(text="*"):
                if path:
                    yield Imported(name="*", path=tuple(path), absolute=absolute)
                return
            case Token(text="::"):
                absolute = absolute or (index == 0 and not prefix)
            case Token(text="as"):
                alias = parts[index + 1] if index + 1 < len(parts) else None
                if isinstance(alias, Token):
                    yield from _named(unraw(alias.text), path, absolute=absolute)
                return
            case Token(text=name):
                path.append(unraw(name))
    yield from _named("", path, absolute=absolute)


def _named(alias: str, path: list[str], *, absolute: bool) -> Iterator[Imported]:
    if len(path) > 1 and path[-1] == "self":
        path = path[:-1]
    if path:
        yield Imported(name=alias or path[-1], path=tuple(path), absolute=absolute)
