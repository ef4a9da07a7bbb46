"""What impl blocks give to the types of a library: inherent items, and the traits that are implemented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lockstep.dataclass import replace
from lockstep.pattern import pattern
from lockstep.surface import RustFact
from lockstep.surfaces.rust.paths import Path, Thing
from lockstep.surfaces.rust.spelling import parameter_names, renamed, spelled
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Declaration, Kind, Text, content, declarations, macro_arguments, macro_name, parse_expansion, under
from lockstep.surfaces.rust_source.macros import OpaqueError
from lockstep.surfaces.rust_source.module_tree import Impl, Item, Module
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import split, write
from lockstep.surfaces.rust_source.types import Named

if TYPE_CHECKING:
    from tree_sitter import Node

STANDARD = frozenset(
    {
        "Add", "AddAssign", "AsMut", "AsRef", "Binary", "BitAnd", "BitAndAssign", "BitOr", "BitOrAssign", "BitXor", "BitXorAssign", "Borrow", "BorrowMut",
        "BufRead", "Clone", "Copy", "Debug", "Default", "Deref", "DerefMut", "Deserialize", "Display", "Div", "DivAssign", "DoubleEndedIterator", "Eq",
        "Error", "ExactSizeIterator", "Extend", "From", "FromIterator", "FromStr", "FusedIterator", "Future", "Hash", "Hasher", "Index", "IndexMut", "Into",
        "IntoIterator", "Iterator", "LowerExp", "LowerHex", "Mul", "MulAssign", "Neg", "Not", "Octal", "Ord", "PartialEq", "PartialOrd", "Product", "Read",
        "Rem", "RemAssign", "RefUnwindSafe", "Seek", "Send", "Serialize", "Shl", "ShlAssign", "Shr", "ShrAssign", "Sub", "SubAssign", "Sum", "Sync",
        "ToOwned", "ToString", "TryFrom", "TryInto", "Unpin", "UnwindSafe", "UpperExp", "UpperHex", "Write",
    }
)  # fmt: skip
"""Traits of the standard library and of serde that code asks of other people's types."""
DERIVED = frozenset({"Clone", "Copy", "Debug", "Default", "Deserialize", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "Serialize"})
"""Derives that implement the trait of their name, and no other."""
PLAIN = frozenset(
    {
        "allow", "cfg", "cfg_attr", "cold", "deny", "deprecated", "derive", "doc", "expect", "export_name", "forbid", "inline", "link_name", "link_section",
        "macro_export", "macro_use", "must_use", "no_mangle", "non_exhaustive", "path", "repr", "rustfmt", "serde", "target_feature", "track_caller", "warn",
        "automatically_derived", "clippy", "default", "diagnostic", "fundamental", "stable", "unstable", "rustversion", "test", "ignore", "skip", "error",
        "from", "source", "arg", "command", "value", "clap", "pyo3", "wasm_bindgen", "schemars", "strum",
    }
)  # fmt: skip
"""Attributes that make no items: those of the language, of its tools, and of derives."""
_NEGATIVE = pattern(r"impl\s*(?:<[^{]*?>)?\s*!")


def _is_of_sibling(path: tuple[str, ...], module: Module) -> bool:
    """Say whether a path leads to another crate of the repository; what is implemented for the types of others is not followed, or each would be read."""
    siblings = module.library.siblings
    return path[0] in siblings or any(use.path[0] in siblings for use in module.named.get(path[0], ()))


class Impls:
    """The impl blocks of a program, by the type that they are for."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known = 0
        self._inherent: dict[Item, list[Impl]] = {}
        self._traits: dict[Item, list[Impl]] = {}
        self._blanket: dict[Item, list[Impl]] = {}

    def _read(self) -> None:
        """Sort what has been loaded since the last time: another library is read when a re-export asks for it."""
        while self._known < len(self._program.impls):
            one = self._program.impls[self._known]
            self._known += 1
            if one.trait is not None and isinstance(one.type, Named) and one.type.name in parameter_names(one.node, one.module.library.build):
                of = self._trait_of(one)
                if of is not None:
                    self._blanket.setdefault(of, []).append(one)
            elif isinstance(one.type, Named) and not _is_of_sibling(one.type.path, one.module):
                target = self._program.names.resolve(one.type.path, one.module)
                seen: set[Item] = set()
                while isinstance(target, Item) and target.kind == "alias" and target not in seen:
                    seen.add(target)
                    target = self._program.names.alias(target)
                if isinstance(target, Item):
                    (self._inherent if one.trait is None else self._traits).setdefault(target, []).append(one)

    def inherent(self, item: Item) -> list[Impl]:
        """Give the inherent impl blocks of a type."""
        self._read()
        return self._inherent.get(item, [])

    def blanket(self, trait: Item) -> list[Impl]:
        """Give the implementations of a trait of the repository for every type that satisfies some bounds."""
        self._read()
        return self._blanket.get(trait, [])

    def _trait_of(self, block: Impl) -> Item | None:
        if not isinstance(block.trait, Named) or _is_of_sibling(block.trait.path, block.module):
            return None
        found = self._program.names.resolve(block.trait.path, block.module)
        return found if isinstance(found, Item) and found.kind == "trait" else None

    def implements(self, item: Item, public: Mapping[Thing, list[Path]]) -> Iterator[str]:
        """Give facts about the traits of a type: well-known ones that are derived or written by hand, and the crate's own by their public path."""
        self._read()
        for attribute in item.attributes.named("derive"):
            for one in split(attribute.arguments):
                name = spelled(write(one))
                if name in DERIVED:
                    yield f"{RustFact.IMPLEMENTS} {name}"
                    if name == "PartialOrd":
                        yield RustFact.ORDERED
                else:
                    yield RustFact.OPAQUE
        if any(one.path[0] not in PLAIN for one in item.attributes.all):
            yield RustFact.OPAQUE
        for block in self._traits.get(item, ()):
            held = block.node.child_by_field_name("trait")
            text = spelled(content(held))
            own = self._trait_of(block)
            if own is not None and own.module.library is item.module.library:
                paths = public.get(own, ())
                if paths and not paths[0].hidden and not any(child.type == "!" for child in block.node.children[:4]):
                    yield f"{RustFact.IMPLEMENTS} {'::'.join(paths[0].path)}{f' if {block.condition}' if block.condition else ''}"
                continue
            if text.partition("<")[0] not in STANDARD or any(child.type == "!" for child in block.node.children[:4]):
                continue
            text = renamed(text, parameter_names(block.node, block.module.library.build))
            if text.endswith((f"<{item.name}>", "<Self>")):
                text = text.partition("<")[0]
            yield f"{RustFact.IMPLEMENTS} {text}{f' if {block.condition}' if block.condition else ''}"

    def traits_of(self, item: Item) -> Iterator[tuple[tuple[str, ...], Module, bool]]:
        """Give the path of each trait of a type and where it is written; False for what a derive makes, which may be no trait of that name."""
        self._read()
        for attribute in item.attributes.named("derive"):
            for one in split(attribute.arguments):
                yield tuple(part.strip() for part in write(one).split("::") if part.strip()), item.module, False
        yield from ((block.trait.path, block.module, True) for block in self._traits.get(item, ()) if isinstance(block.trait, Named))

    def deref_target(self, item: Item) -> tuple[Node, Impl] | None:
        """Give where the only implementation of `Deref` says what the type derefs to."""
        self._read()
        blocks = [one for one in self._traits.get(item, ()) if isinstance(one.trait, Named) and one.trait.name == "Deref"]
        body = blocks[0].node.child_by_field_name("body") if len(blocks) == 1 else None
        for one in body.named_children if body is not None else ():
            if one.type == "type_item" and content(one.child_by_field_name("name")) == "Target" and (said := one.child_by_field_name("type")) is not None:
                return said, blocks[0]
        return None

    def members(self, block: Impl | Item) -> Iterator[tuple[Declaration, Text, str | None]]:
        """Give what stands in an impl block or a trait, macros expanded; a call that cannot be expanded is given as it stands."""
        body = block.node.child_by_field_name("body")
        if body is not None:
            yield from self._inside(block, body, replace(block.text, condition=None), 0)

    def _inside(self, block: Impl | Item, body: Node, text: Text, depth: int) -> Iterator[tuple[Declaration, Text, str | None]]:
        for declared in declarations(body, block.module.library.build):
            one = under(declared, text.condition)
            if one.kind != "call":
                yield one, text, joined(block.condition, one.attributes.condition)
                continue
            try:
                name = macro_name(one.node)
                found = self._program.macros.expand(name, macro_arguments(one.node), block.module) if depth < 8 and name else None
            except OpaqueError:
                found = None
            if found is None:
                yield one, text, None
                continue
            word = "trait" if isinstance(block, Item) else "impl"
            inner = parse_expansion(f"{word} X {{ {found.written(whole=True)} }}").root
            held = inner.named_children[0].child_by_field_name("body") if inner.named_child_count else None
            if held is not None:
                where = Text(path=text.path, line=text.place(one.node).line, depth=depth + 1, condition=one.attributes.condition)
                yield from self._inside(block, held, where, depth + 1)


def calls_macros(block: Impl | Item) -> bool:
    """Say whether a macro has a part in what stands in an impl block or a trait: which one that is depends on the crates that are read."""
    body = block.node.child_by_field_name("body")
    return body is not None and any(one.kind is Kind.CALL for one in declarations(body, block.module.library.build))
