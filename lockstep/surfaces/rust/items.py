"""The things of a library as items of its surface, each with its fields, variants, methods and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.comparison.rust_types import UNKNOWN
from lockstep.dataclass import dataclass, replace
from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surface import Blind, ItemKind, RustFact, Stability
from lockstep.surface import Item as SurfaceItem
from lockstep.surfaces.manifests import stability
from lockstep.surfaces.numbers import number
from lockstep.surfaces.rust.callables import call, facts, imported, written
from lockstep.surfaces.rust.impls import Impls
from lockstep.surfaces.rust.meanings import Meanings
from lockstep.surfaces.rust.paths import Path, Thing, is_hidden
from lockstep.surfaces.rust.spelling import bounds_of, generics, parameter_names, renamed, shown, spelled
from lockstep.surfaces.rust_source.attributes import Attributes, judged
from lockstep.surfaces.rust_source.conditions import Build, joined
from lockstep.surfaces.rust_source.items import Declaration, Kind, content, members, visibility
from lockstep.surfaces.rust_source.module_tree import Item, Module, Resolved, Space
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import split, unraw, write

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 300
"""Characters of the longest signature that is shown."""


_FEATURE = pattern(r'feature = "([^"]*)"')
_NAME = pattern(r"(?<![\w:])[A-Z]\w*")
_BRIDGES = ("pymethods", "pyfunction", "pymodule", "wasm_bindgen")
"""Attributes of what is written to be called from another language: that it is `pub` says little about Rust."""
_SEALING = pattern(r"(?i)private|sealed|^__")
"""Names of modules and traits that say who may use them."""
_CHOICE = pattern(r"\b(?:any|not)\(")


@lru_cache(maxsize=1024)
def promised_under(condition: str) -> Stability:
    """Say what is promised of what exists under a condition: the least that one of its features promises, or all where any of them will do."""
    each = [stability(name) for name in _FEATURE.findall(condition)]
    choose = all if _CHOICE.search(condition) else any
    return next((one for one in (Stability.HIDDEN, Stability.EXPERIMENTAL) if each and choose(said is one for said in each)), Stability.STABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an item stands among the others: its path, what is promised of it, and when it exists."""

    path: str
    hidden: bool = False
    condition: str | None = None
    varies: bool = False
    deprecated: bool = False

    @property
    def stability(self) -> Stability:
        """What is promised: less where it waits for a feature whose name says so."""
        if self.hidden:
            return Stability.HIDDEN
        return promised_under(self.condition) if self.condition is not None else Stability.STABLE

    def below(self, path: str, attributes: Attributes, condition: str | None = None) -> Standing:
        """Give where a part of it stands."""
        return Standing(path=path, hidden=self.hidden or is_hidden(attributes), condition=joined(self.condition, attributes.condition, condition))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Field:
    name: str
    node: Node
    type: Node | None
    kind: str
    public: bool
    attributes: Attributes


class Items:
    """Makes items; `blind` is what could not be seen in them. `public` gives the paths by which users can name things."""

    def __init__(self, program: Program, impls: Impls, public: Mapping[Thing, list[Path]], spoken: frozenset[str]) -> None:
        self._program = program
        self._impls = impls
        self._public = public
        self._spoken = spoken
        self._meanings = Meanings()
        self.blind: list[Blind] = []

    def of(self, item: Item, at: Standing) -> Iterator[SurfaceItem]:
        """Give an item and everything below it."""
        match item.kind:
            case Kind.STRUCT | Kind.UNION:
                yield from self._struct(item, at)
            case Kind.ENUM:
                yield from self._enum(item, at)
            case Kind.TRAIT:
                yield from self._trait(item, at)
            case Kind.FUNCTION:
                bridged = {RustFact.BRIDGED} if item.attributes.has(*_BRIDGES) and item.block is None else set[str]()
                yield self._function(item.node, item.attributes, item.module, item.place, at, {}, _imported(item) | bridged)
            case Kind.CONSTANT:
                yield self._value(item.node, item.attributes, item.module, item.place, at, {}, _imported(item) & {RustFact.UNSAFE})
            case Kind.ALIAS:
                names = parameter_names(item.node, item.module.library.build)
                written_type = item.node.child_by_field_name("type")
                said = renamed(spelled(content(written_type)), names)
                parameters = generics(item.node, item.module.library.build, names)
                text = f"type {item.name}{shown(parameters)} = {said}"
                types = self._meant([written_type], item.module, names)
                yield self._item(at, ItemKind.TYPE_ALIAS, item.place, item.attributes, text, annotation=said, types=types, type_parameters=parameters)
            case Kind.MACRO:
                yield self._item(at, ItemKind.MACRO, item.place, item.attributes, f"macro_rules! {item.name}")
            case _:
                yield self._item(at, ItemKind.TYPE_ALIAS, item.place, item.attributes, item.name, traits={RustFact.FOREIGN})

    def _item(
        self,
        at: Standing,
        kind: ItemKind,
        place: Place,
        attributes: Attributes,
        signature: str,
        *,
        traits: set[str] | frozenset[str] = frozenset(),
        **more: object,
    ) -> SurfaceItem:
        found = set(traits)
        for name, fact in (("must_use", RustFact.MUST_USE), ("deprecated", RustFact.DEPRECATED), ("non_exhaustive", RustFact.NON_EXHAUSTIVE)):
            if attributes.has(name):
                found.add(fact)
        if at.varies:
            found.add(RustFact.VARIES)
        if at.deprecated:
            found.add(RustFact.DEPRECATED)
        found |= {f"{RustFact.REPR} {write(one).replace(' ', '')}" for each in attributes.named("repr") for one in split(each.arguments)}
        return SurfaceItem(
            path=at.path,
            kind=kind,
            place=place,
            origin=at.path,
            signature=signature[:LONGEST],
            traits=frozenset(str(one) for one in found),
            stability=at.stability,
            condition=at.condition,
            **more,  # type: ignore[arg-type]
        )

    # ---- structs and enums

    def _struct(self, item: Item, at: Standing) -> Iterator[SurfaceItem]:
        names = parameter_names(item.node, item.module.library.build)
        parameters = generics(item.node, item.module.library.build, names)
        fields, shape = _fields(item.node.child_by_field_name("body"), item.module.library.build, names or {"Self": item.name}, public=False)
        traits = {shape, *self._implemented(item)}
        if all(one.public and not is_hidden(one.attributes) for one in fields):
            if not item.attributes.has("non_exhaustive"):
                traits.add(RustFact.LITERAL)
        elif not all(one.public for one in fields):
            traits.add(RustFact.PRIVATE)
        kind = ItemKind.UNION if item.kind is Kind.UNION else ItemKind.STRUCT
        text = f"{kind.value} {item.name}{shown(parameters)}{_shape(shape, fields)}"
        yield self._item(at, kind, item.place, item.attributes, text, traits=traits, type_parameters=parameters)
        for one in fields:
            if one.public:
                yield self._field(one, item, at, names)
        yield from self._inherent(item, at)

    def _field(self, one: _Field, item: Item, at: Standing, names: Mapping[str, str]) -> SurfaceItem:
        where = at.below(f"{at.path}.{one.name}", one.attributes)
        types = self._meant([one.type], item.module, names)
        return self._item(where, ItemKind.FIELD, item.text.place(one.node), one.attributes, f"{one.name}: {one.kind}", annotation=one.kind, types=types)

    def _meant(self, nodes: Sequence[Node | None], module: Module, names: Mapping[str, str]) -> tuple[str, ...]:
        """Say what types certainly mean; `names` are what generic parameters are called here, which stand for any."""
        given = {name: UNKNOWN for name, known in names.items() if known != "Self"} if names else names
        found = tuple([self._meanings.of(node, module, given) for node in nodes])
        return found if any(one != UNKNOWN for one in found) else ()

    def _implemented(self, item: Item) -> set[str]:
        found = {str(one) for one in self._impls.implements(item)}
        return found | {RustFact.OPAQUE} if item.name in self._spoken else found

    def _enum(self, item: Item, at: Standing) -> Iterator[SurfaceItem]:
        names = parameter_names(item.node, item.module.library.build)
        parameters = generics(item.node, item.module.library.build, names)
        text = f"enum {item.name}{shown(parameters)}"
        yield self._item(at, ItemKind.ENUM, item.place, item.attributes, text, traits=self._implemented(item), type_parameters=parameters)
        body, build = item.node.child_by_field_name("body"), item.module.library.build
        following: int | None = 0
        for node, attributes in members(body, build, "enum_variant"):
            written_value = node.child_by_field_name("value")
            if written_value is not None:
                following = _integer(content(written_value))
            fields, shape = _fields(node.child_by_field_name("body"), build, names or {"Self": item.name}, public=True)
            traits: set[str] = {shape}
            if not attributes.has("non_exhaustive"):
                traits.add(RustFact.LITERAL)
            name = unraw(content(node.child_by_field_name("name")))
            where = at.below(f"{at.path}::{name}", attributes)
            value = str(following) if following is not None else None
            yield self._item(
                where, ItemKind.VARIANT, item.text.place(node), attributes, f"{item.name}::{name}{_shape(shape, fields)}", traits=traits, value=value
            )
            for one in fields:
                yield self._field(one, item, where, names)
            following = following + 1 if following is not None else None
        yield from self._inherent(item, at)

    def _inherent(self, item: Item, at: Standing) -> Iterator[SurfaceItem]:
        """Give the methods and constants of the inherent impl blocks; of several with one name, one that always exists, or the first."""
        found: dict[str, list[SurfaceItem]] = {}
        for block in self._impls.inherent(item):
            names = parameter_names(block.node, block.module.library.build, "S")
            itself = spelled(content(block.node.child_by_field_name("type")))
            hidden = is_hidden(block.attributes)
            for one, text, condition in self._impls.members(block):
                if one.kind is Kind.CALL:
                    self._tell(one, text.place(one.node), at)
                elif one.exported:
                    where = at.below(f"{at.path}::{one.name}", one.attributes, condition)
                    where = Standing(path=where.path, hidden=where.hidden or hidden, condition=where.condition)
                    member = self._member(one, text.place(one.node), where, names, itself, block.module, in_trait=False)
                    if member is not None and block.attributes.has(*_BRIDGES):
                        member = replace(member, traits=member.traits | {RustFact.BRIDGED.value})
                    if member is not None:
                        found.setdefault(member.path, []).append(member)
        for each in found.values():
            chosen = next((one for one in each if one.condition is None), each[0])
            if len(each) == 1:
                yield chosen
            else:
                yield _varying(chosen)

    def _tell(self, one: Declaration, place: Place, at: Standing) -> None:
        if not at.hidden:
            self.blind.append(Blind(symbol=at.path, place=place, why=f"{content(one.node.child_by_field_name('macro'))}! may define more of it"))

    def _member(
        self, one: Declaration, place: Place, at: Standing, names: Mapping[str, str], itself: str, module: Module, *, in_trait: bool
    ) -> SurfaceItem | None:
        """Give an item of an impl block or a trait; `itself` is the text of the type that `Self` stands for."""
        known = {**names, itself: "Self"} if itself.isidentifier() else names
        build = module.library.build
        body = one.node.child_by_field_name("body") or one.node.child_by_field_name("value")
        traits: set[str] = ({RustFact.DEFAULT} if body is not None else {RustFact.REQUIRED}) if in_trait else set()
        match one.kind:
            case Kind.FUNCTION:
                return self._function(one.node, one.attributes, module, place, at, known, traits)
            case Kind.CONSTANT:
                return self._value(one.node, one.attributes, module, place, at, known, traits)
            case Kind.ALIAS:
                written_type = one.node.child_by_field_name("type")
                if in_trait:
                    traits = {RustFact.DEFAULT} if written_type is not None else {RustFact.REQUIRED}
                own = {**known, **parameter_names(one.node, build)}
                said = renamed(spelled(content(written_type)), own) or None
                return self._item(
                    at,
                    ItemKind.TYPE_ALIAS,
                    place,
                    one.attributes,
                    f"type {one.name}",
                    traits=traits,
                    annotation=said,
                    bases=bounds_of(one.node, own),
                    type_parameters=generics(one.node, build, own),
                )
            case _:
                return None

    # ---- traits

    def _trait(self, item: Item, at: Standing) -> Iterator[SurfaceItem]:
        names = parameter_names(item.node, item.module.library.build)
        parameters = generics(item.node, item.module.library.build, names)
        traits: set[str] = set()
        if any(child.type == "unsafe" for child in item.node.children[:3]):
            traits.add(RustFact.UNSAFE)
        if item.name in self._spoken:
            traits.add(RustFact.OPAQUE)
        below: list[SurfaceItem] = []
        for one, text, _ in self._impls.members(item):
            if one.kind is Kind.CALL:
                self._tell(one, text.place(one.node), at)
                continue
            where = at.below(f"{at.path}::{one.name}", one.attributes)
            member = self._member(one, text.place(one.node), where, names, "Self", item.module, in_trait=True)
            if member is not None:
                below.append(member)
        if self._is_sealed(item) or any(self._is_unwritable(one, at, item.module) for one in below):
            traits.add(RustFact.SEALED)
        bases = bounds_of(item.node, names)
        bases += tuple(one for parameter in parameters if parameter.name == "where Self" for one in (parameter.bound or "").split(" + "))
        if _makes_objects(bases, below):
            traits.add(RustFact.DYN)
        said = f"{'unsafe ' if RustFact.UNSAFE in traits else ''}trait {item.name}{shown(parameters)}{': ' if bases else ''}{' + '.join(bases)}"
        yield self._item(at, ItemKind.TRAIT, item.place, item.attributes, said, traits=traits, type_parameters=parameters, bases=bases)
        yield from below

    def _is_sealed(self, item: Item, depth: int = 0) -> bool:
        """Say whether a trait asks for one that users cannot name.

        Source: https://rust-lang.github.io/api-guidelines/future-proofing.html#c-sealed
        """
        held = item.node.child_by_field_name("bounds")
        for node in held.named_children if held is not None else ():
            named = node.child_by_field_name("type") if node.type == "generic_type" else node
            path = [part.strip() for part in content(named).split("::") if part.strip()]
            target = self._program.names.resolve(path, item.module) if path and path[0].replace("_", "a").isalnum() else None
            if target is None and path:
                target = self._of_sibling(path, item.module)
            if (
                isinstance(target, Item)
                and target.kind is Kind.TRAIT
                and (self._is_private(target, item.module) or (depth < 8 and self._is_sealed(target, depth + 1)))
            ):
                return True
        return False

    def _is_private(self, item: Item, viewer: Module) -> bool:
        """Say whether users cannot name something, or are told not to; what comes from a sibling is public there, or nothing here could name it."""
        paths = self._public.get(item)
        if paths or item.module.library is viewer.library:
            return not paths or paths[0].hidden
        return any(is_hidden(one.attributes) or _SEALING.search(one.name) for one in (item, *_modules_around(item)))

    def _is_unwritable(self, member: SurfaceItem, at: Standing, module: Module) -> bool:
        """Say whether an item that must be written is hidden, or names a type that users cannot name: nobody else can write it."""
        if RustFact.REQUIRED not in member.traits:
            return False
        if member.stability is Stability.HIDDEN and not at.hidden:
            return True
        types = [one.annotation or "" for one in member.call.parameters] + [member.call.returns or ""] if member.call is not None else []
        for name in {word for said in types for word in _NAME.findall(said)} - {"Self"}:
            found = self._program.names.lookup(module, name, Space.TYPES, module)
            if isinstance(found, Item) and found.kind in (Kind.STRUCT, Kind.ENUM) and self._is_private(found, module):
                return True
        return False

    def _of_sibling(self, path: list[str], module: Module) -> Resolved | None:
        """Seek a trait behind the private globs of other crates of the repository, which the program does not follow."""
        for use in module.uses:
            if use.name == "*" and use.path[0] in module.library.siblings:
                found = self._program.names.imported(use, module, below=path)
                if found is not None:
                    return found
        return None

    # ---- functions and values

    def _function(
        self, node: Node, attributes: Attributes, module: Module, place: Place, at: Standing, names: Mapping[str, str], traits: set[str] | None = None
    ) -> SurfaceItem:
        build = module.library.build
        known = {**names, **parameter_names(node, build)}
        parameters = generics(node, build, known)
        said, types = call(node, build, known)
        modifiers = facts(node) | (traits or set())
        text = written(at.path.rpartition("::")[2], shown(parameters), said, modifiers)
        return self._item(
            at, ItemKind.FUNCTION, place, attributes, text, traits=modifiers, call=said, types=self._meant(types, module, known), type_parameters=parameters
        )

    def _value(
        self, node: Node, attributes: Attributes, module: Module, place: Place, at: Standing, names: Mapping[str, str], traits: set[str] | None = None
    ) -> SurfaceItem:
        written_type = node.child_by_field_name("type")
        annotation = renamed(spelled(content(written_type)), names)
        found: set[str] = set(traits or ())
        kind = ItemKind.CONSTANT
        if node.type == "static_item":
            kind = ItemKind.STATIC
            if any(child.type == "mutable_specifier" for child in node.children):
                found.add(RustFact.MUTABLE)
        word = "const" if kind is ItemKind.CONSTANT else "static mut" if RustFact.MUTABLE in found else "static"
        word = f"unsafe {word}" if RustFact.UNSAFE in found else word
        value = " ".join(content(node.child_by_field_name("value"))[:LONGEST].split()) or None
        text = f"{word} {at.path.rpartition('::')[2]}: {annotation}"
        types = self._meant([written_type], module, names)
        return self._item(at, kind, place, attributes, text, traits=found, annotation=annotation, types=types, value=value)


def _modules_around(item: Item) -> Iterator[Item]:
    """Give the modules that an item stands in, as items."""
    module: Module | None = item.module
    while module is not None and module.item is not None:
        yield module.item
        module = module.parent


def _imported(item: Item) -> set[str]:
    return imported(item.node, item.block) if item.block is not None else set()


def _varying(item: SurfaceItem) -> SurfaceItem:
    return replace(item, traits=item.traits | {RustFact.VARIES})


def _integer(text: str) -> int | None:
    return number(text.replace("_", ""), {})


def _shape(shape: str, fields: list[_Field]) -> str:
    match shape:
        case RustFact.TUPLE:
            return f"({', '.join(one.kind if one.public else '_' for one in fields)})"
        case RustFact.NAMED:
            seen = [f"{one.name}: {one.kind}" for one in fields if one.public]
            seen += [".."] if len(seen) < len(fields) else []
            return f" {{ {', '.join(seen)} }}" if seen else " {}"
        case _:
            return ""


def _fields(body: Node | None, build: Build, names: Mapping[str, str], *, public: bool) -> tuple[list[_Field], str]:
    """Give the fields of a struct or a variant, and its shape; those of a variant are as public as the variant."""
    found: list[_Field] = []
    if body is None:
        return found, RustFact.UNIT
    if body.type == "ordered_field_declaration_list":
        raws: list[str] = []
        seen = ""
        for child in body.named_children:
            match child.type:
                case "attribute_item":
                    raws.append(content(child.named_children[0]) if child.named_child_count else "")
                case "visibility_modifier":
                    seen = content(child)
                case "line_comment" | "block_comment":
                    pass
                case _:
                    attributes = judged(raws, build)
                    if attributes is not None:
                        kind = renamed(spelled(content(child)), names)
                        found.append(_Field(name=str(len(found)), node=child, type=child, kind=kind, public=public or seen == "pub", attributes=attributes))
                    raws, seen = [], ""
        return found, RustFact.TUPLE
    for node, attributes in members(body, build, "field_declaration"):
        name = unraw(content(node.child_by_field_name("name")))
        written_type = node.child_by_field_name("type")
        kind = renamed(spelled(content(written_type)), names)
        shown_to_all = public or visibility(node) == "pub"
        found.append(_Field(name=name, node=node, type=written_type, kind=kind, public=shown_to_all, attributes=attributes))
    return found, RustFact.NAMED


_NEVER_OBJECTS = frozenset({"Sized", "Clone", "Copy", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"})


def _makes_objects(bases: tuple[str, ...], below: list[SurfaceItem]) -> bool:
    """Say whether `dyn` of a trait is possible, as far as the trait itself tells.

    Source: https://doc.rust-lang.org/reference/items/traits.html#dyn-compatibility
    """
    if _NEVER_OBJECTS & {one.partition("<")[0] for one in bases}:
        return False
    for one in below:
        if any(parameter.name == "where Self" and "Sized" in (parameter.bound or "") for parameter in one.type_parameters):
            continue
        if one.kind is ItemKind.CONSTANT or (one.kind is ItemKind.TYPE_ALIAS and one.type_parameters):
            return False
        if one.kind is ItemKind.FUNCTION and one.call is not None:
            if any(not parameter.name.startswith(("'", "where ")) for parameter in one.type_parameters) or RustFact.ASYNC in one.traits:
                return False
            if not any(parameter.name == "self" for parameter in one.call.parameters):
                return False
            types = [one.call.returns or "", *(parameter.annotation or "" for parameter in one.call.parameters if parameter.name != "self")]
            if any(_names_itself(said) or said.startswith("impl ") for said in types):
                return False
    return True


def _names_itself(said: str) -> bool:
    position = said.find("Self")
    while position >= 0:
        before, after = said[:position][-1:], said[position + 4 :][:2]
        if not (before.isalnum() or before == "_") and after != "::" and not (after[:1].isalnum() or after[:1] == "_"):
            return True
        position = said.find("Self", position + 4)
    return False
