"""The things of a library as items of its surface, each with its fields, variants, methods and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from lockstep.comparison.rust_types import UNKNOWN
from lockstep.dataclass import replace
from lockstep.model import Place
from lockstep.surface import Blind, ItemKind, RustFact
from lockstep.surface import Item as SurfaceItem
from lockstep.surfaces.constant_expressions import number
from lockstep.surfaces.rust.callables import call, facts, imported, written
from lockstep.surfaces.rust.exposure import Exposure
from lockstep.surfaces.rust.fields import Field, fields_of, shape_text
from lockstep.surfaces.rust.impls import DERIVED, PLAIN, Impls, calls_macros
from lockstep.surfaces.rust.paths import Path, Thing, is_hidden
from lockstep.surfaces.rust.shared_items import Names, SharedItems
from lockstep.surfaces.rust.spelling import Scope, asked_around, bounds_of, generics, parameter_names, renamed, shown, spelled, within
from lockstep.surfaces.rust.traits import Sealing, is_dyn_compatible
from lockstep.surfaces.rust_source.attributes import Attributes, deprecation
from lockstep.surfaces.rust_source.items import Declaration, Kind, content, members
from lockstep.surfaces.rust_source.module_tree import Impl, Item, MacroCall, Module
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import split, unraw, write

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 300
"""Characters of the longest signature that is shown."""

_BRIDGES = ("pymethods", "pyfunction", "pymodule", "wasm_bindgen")
"""Attributes of what is written to be called from another language: that it is `pub` says little about Rust."""


class Items:
    """Makes items; `blind` is what could not be seen in them. `public` gives the paths by which users can name things.

    `mentioned` are the names in macro calls that could not be expanded, with those calls.
    """

    def __init__(self, program: Program, impls: Impls, public: Mapping[Thing, list[Path]], mentioned: Mapping[str, list[MacroCall]]) -> None:
        self._impls = impls
        self._public = public
        self._sealing = Sealing(program.names, public, impls)
        self._mentioned = mentioned
        self._program = program
        self._macros = program.macros
        self._names = Names()
        self._shared = SharedItems(self._names)
        self.blind: list[Blind] = []

    def of(self, item: Item, at: Exposure) -> Iterator[SurfaceItem]:
        """Give an item and everything below it."""
        match item.kind:
            case Kind.STRUCT | Kind.UNION:
                yield from self._struct(item, at)
            case Kind.ENUM:
                yield from self._enum(item, at)
            case Kind.TRAIT:
                yield from self._trait(item, at)
            case Kind.FUNCTION | Kind.CONSTANT | Kind.ALIAS:
                imported = _imported(item)
                what = (item.kind, at.path.rpartition("::")[2], frozenset(imported))
                yield from self._shared.of(what, item, at, lambda: ([self._alone(item, at, imported)], True))
            case Kind.MACRO:
                yield self._item(at, ItemKind.MACRO, item.place, item.attributes, f"macro_rules! {item.name}")
            case _:
                yield self._item(at, ItemKind.TYPE_ALIAS, item.place, item.attributes, item.name, traits={RustFact.FOREIGN})

    def _alone(self, item: Item, at: Exposure, imported: set[str]) -> SurfaceItem:
        """Give a function, a constant or an alias that stands in a module."""
        if item.kind is Kind.FUNCTION:
            bridged = {RustFact.BRIDGED} if item.attributes.has(*_BRIDGES) and item.block is None else set[str]()
            return self._function(item.node, item.attributes, item.module, item.place, at, {}, imported | bridged)
        if item.kind is Kind.CONSTANT:
            return self._value(item.node, item.attributes, item.module, item.place, at, {}, imported & {RustFact.UNSAFE})
        names = parameter_names(item.node, item.module.library.build)
        written_type = item.node.child_by_field_name("type")
        said = renamed(spelled(content(written_type)), names)
        parameters = generics(item.node, item.module.library.build, names, self._scope(item.module))
        text = f"type {item.name}{shown(parameters)} = {said}"
        types = self._resolved_types([written_type], item.module, names)
        crates = self._names.crates(item.node, item.module, names)
        return self._item(at, ItemKind.TYPE_ALIAS, item.place, item.attributes, text, traits=crates, annotation=said, types=types, type_parameters=parameters)

    def _item(
        self,
        at: Exposure,
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
        if attributes.here is not None:
            found.add(f"{RustFact.HERE} {attributes.here}")
        said = deprecation(attributes)
        if at.deprecated is not None:
            found.add(RustFact.DEPRECATED)
            said = at.deprecated or said
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
            deprecation=said or "",
            **more,  # type: ignore[arg-type]
        )

    def _scope(self, module: Module) -> Scope:
        return partial(self._names.trait_prefix, module)

    # ---- structs and enums

    def _struct(self, item: Item, at: Exposure) -> Iterator[SurfaceItem]:
        names = parameter_names(item.node, item.module.library.build)
        parameters = generics(item.node, item.module.library.build, names, self._scope(item.module))
        fields, shape = fields_of(item.node.child_by_field_name("body"), item.module.library.build, names or {"Self": item.name}, public=False)
        traits = {shape, *self._implemented(item)}
        if all(one.public and not is_hidden(one.attributes) for one in fields):
            if not item.attributes.has("non_exhaustive"):
                traits.add(RustFact.LITERAL)
        elif not all(one.public for one in fields):
            traits.add(RustFact.PRIVATE)
        kind = ItemKind.UNION if item.kind is Kind.UNION else ItemKind.STRUCT
        text = f"{kind.value} {item.name}{shown(parameters)}{shape_text(shape, fields)}"
        self._note_rewritten(item, at)
        yield self._item(at, kind, item.place, item.attributes, text, traits=traits, type_parameters=parameters)
        yield from self._shared.of("fields", item, at, lambda: ([self._field(one, item, at, names) for one in fields if one.public], True))
        yield from self._inherent(item, at)

    def _field(self, one: Field, item: Item, at: Exposure, names: Mapping[str, str]) -> SurfaceItem:
        where = at.below(f"{at.path}.{one.name}", one.attributes)
        types = self._resolved_types([one.type], item.module, names)
        crates = self._names.crates_of_type(one.type, item.module, names)
        place, text = item.text.place(one.node), f"{one.name}: {one.kind}"
        return self._item(where, ItemKind.FIELD, place, one.attributes, text, traits=crates, annotation=one.kind, types=types)

    def _resolved_types(self, nodes: Sequence[Node | None], module: Module, names: Mapping[str, str]) -> tuple[str, ...]:
        """Say what types certainly mean; `names` are what generic parameters are called here, which stand for any."""
        given = {name: UNKNOWN for name, known in names.items() if known != "Self"} if names else names
        found = tuple([self._names.type(node, module, given) for node in nodes])
        return found if any(one != UNKNOWN for one in found) else ()

    def _implemented(self, item: Item) -> set[str]:
        found = {str(one) for one in self._impls.implements(item, self._public)} | self._dereferenced(item)
        if item.module.library.foreign:
            found |= {
                fact for path, module, written in self._impls.traits_of(item) if path for fact in self._names.foreign.of_path(path, module, certain=written)
            }
        if item.name in self._mentioned:
            found.add(RustFact.OPAQUE)
        return found | self._made_from(item) if RustFact.OPAQUE in found else found

    def _made_from(self, item: Item) -> set[str]:
        """Give a digest of what macros of other crates are given of a type; nothing where a macro of the repository has a part in it."""
        calls = self._mentioned.get(item.name, ())
        if any(self._macros.definition(one.module, one.path) is not None for one in calls):
            return set()
        attributes = (f"{one.name}({write(one.arguments)})" for one in item.attributes.all if one.name != "derive")
        derives = (name for each in item.attributes.named("derive") for one in split(each.arguments) if (name := write(one)) not in DERIVED)
        texts = (content(item.node), *attributes, *derives, *sorted(content(one.node) for one in calls))
        return {f"{RustFact.MADE_FROM} {sha256(chr(0).join(' '.join(one.split()) for one in texts).encode()).hexdigest()[:16]}"}

    def _dereferenced(self, item: Item) -> set[str]:
        held = self._impls.deref_target(item)
        if held is None:
            return set()
        node, block = held
        own = self._names.types.own(node, block.module)
        if own is not None:
            paths = self._public.get(own, ())
            return {f"{RustFact.DEREFS} {'::'.join(paths[0].path)}"} if paths and not paths[0].hidden else set()
        types = self._resolved_types([node], block.module, parameter_names(block.node, block.module.library.build))
        return {f"{RustFact.DEREFS} {one}" for one in types}

    def _enum(self, item: Item, at: Exposure) -> Iterator[SurfaceItem]:
        names = parameter_names(item.node, item.module.library.build)
        parameters = generics(item.node, item.module.library.build, names, self._scope(item.module))
        text = f"enum {item.name}{shown(parameters)}"
        self._note_rewritten(item, at)
        yield self._item(at, ItemKind.ENUM, item.place, item.attributes, text, traits=self._implemented(item), type_parameters=parameters)
        yield from self._shared.of("variants", item, at, lambda: (list(self._variants(item, at, names)), True))
        yield from self._inherent(item, at)

    def _variants(self, item: Item, at: Exposure, names: Mapping[str, str]) -> Iterator[SurfaceItem]:
        body, build = item.node.child_by_field_name("body"), item.module.library.build
        following: int | None = 0
        for node, attributes in members(body, build, "enum_variant"):
            written_value = node.child_by_field_name("value")
            if written_value is not None:
                following = _integer(content(written_value))
            fields, shape = fields_of(node.child_by_field_name("body"), build, names or {"Self": item.name}, public=True)
            traits: set[str] = {shape}
            if not attributes.has("non_exhaustive"):
                traits.add(RustFact.LITERAL)
            name = unraw(content(node.child_by_field_name("name")))
            where = at.below(f"{at.path}::{name}", attributes)
            value = str(following) if following is not None else None
            yield self._item(
                where, ItemKind.VARIANT, item.text.place(node), attributes, f"{item.name}::{name}{shape_text(shape, fields)}", traits=traits, value=value
            )
            for one in fields:
                yield self._field(one, item, where, names)
            following = following + 1 if following is not None else None

    def _inherent(self, item: Item, at: Exposure) -> Iterator[SurfaceItem]:
        """Give the methods and constants of the inherent impl blocks; of several with one name, one that always exists, or the first."""
        found: dict[str, list[SurfaceItem]] = {}
        for block in self._impls.inherent(item):
            for member in self._shared.of("members", block, at, partial(self._block, block, at)):
                found.setdefault(member.path, []).append(member)
        for each in found.values():
            chosen = next((one for one in each if one.condition is None), each[0])
            if len(each) == 1:
                yield chosen
            else:
                yield _varying(chosen)

    def _block(self, block: Impl, at: Exposure) -> tuple[list[SurfaceItem], bool]:
        """Give the members of one inherent impl block, and whether no macro has a part in it."""
        found: list[SurfaceItem] = []
        names = parameter_names(block.node, block.module.library.build, "S")
        itself = spelled(content(block.node.child_by_field_name("type")))
        hidden = is_hidden(block.attributes)
        asked = asked_around(block.node, block.module.library.build, names, self._scope(block.module))
        for one, text, condition in self._impls.members(block):
            if one.kind is Kind.CALL:
                self._note_unexpanded(one, text.place(one.node), at)
            elif one.exported:
                where = at.below(f"{at.path}::{one.name}", one.attributes, condition)
                where = Exposure(path=where.path, hidden=where.hidden or hidden, condition=where.condition)
                member = self._member(one, text.place(one.node), where, names, itself, block.module, in_trait=False)
                if member is not None and block.attributes.has(*_BRIDGES):
                    member = replace(member, traits=member.traits | {RustFact.BRIDGED.value})
                if member is not None and block.attributes.here is not None:
                    member = replace(member, traits=member.traits | {f"{RustFact.HERE} {block.attributes.here}"})
                if member is not None:
                    found.append(replace(member, type_parameters=within(member.type_parameters, asked)) if asked else member)
        return found, not calls_macros(block)

    def _note_unexpanded(self, one: Declaration, place: Place, at: Exposure) -> None:
        if not at.hidden:
            self.blind.append(Blind(symbol=at.path, place=place, why=f"{content(one.node.child_by_field_name('macro'))}! may define more of it"))

    def _member(
        self, one: Declaration, place: Place, at: Exposure, names: Mapping[str, str], itself: str, module: Module, *, in_trait: bool
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
                    bases=bounds_of(one.node, own, self._scope(module)),
                    type_parameters=generics(one.node, build, own, self._scope(module)),
                )
            case _:
                return None

    def _note_rewritten(self, item: Item, at: Exposure) -> None:
        """Say that an attribute macro of the repository may have made a type otherwise than it is written.

        Attributes that only a derive knows are told from macros by their import. The same text, given to the same macro, makes the same type.
        """
        for one in () if at.hidden else item.attributes.all:
            if one.path[0] in PLAIN:
                continue
            uses = item.module.named.get(one.path[0], ())
            homes = [one.path[0]] if len(one.path) > 1 else [use.path[0] for use in uses]
            found = next((library for home in homes if (library := self._program.procedural(item.module, home)) is not None), None)
            if found is None:
                continue
            text = "\0".join((self._program.text(found), *(write(each.arguments) for each in item.attributes.all), " ".join(content(item.node).split())))
            why = f"#[{'::'.join(one.path)}] of {found.package} may add to it, or make other parts of it public, which is not read"
            self.blind.append(Blind(symbol=at.path, place=item.place, why=why, basis=sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]))

    # ---- traits

    def _trait(self, item: Item, at: Exposure) -> Iterator[SurfaceItem]:
        names = parameter_names(item.node, item.module.library.build)
        parameters = generics(item.node, item.module.library.build, names, self._scope(item.module))
        traits: set[str] = set()
        if any(child.type == "unsafe" for child in item.node.children[:3]):
            traits.add(RustFact.UNSAFE)
        if item.name in self._mentioned:
            traits.add(RustFact.OPAQUE)
        below = self._shared.of("members", item, at, partial(self._trait_members, item, at, names))
        if self._impls.blanket(item):
            traits.add(RustFact.BLANKET)
        traits |= {f"{RustFact.GIVEN} {name}" for name in self._sealing.given(item)}
        if self._sealing.is_sealed(item) or any(self._sealing.is_unwritable(one, at, item.module) for one in below):
            traits.add(RustFact.SEALED)
        bases = bounds_of(item.node, names, self._scope(item.module))
        bases += tuple(one for parameter in parameters if parameter.name == "where Self" for one in (parameter.bound or "").split(" + "))
        if is_dyn_compatible(bases, below):
            traits.add(RustFact.DYN)
        said = f"{'unsafe ' if RustFact.UNSAFE in traits else ''}trait {item.name}{shown(parameters)}{': ' if bases else ''}{' + '.join(bases)}"
        yield self._item(at, ItemKind.TRAIT, item.place, item.attributes, said, traits=traits, type_parameters=parameters, bases=bases)
        yield from below

    def _trait_members(self, item: Item, at: Exposure, names: Mapping[str, str]) -> tuple[list[SurfaceItem], bool]:
        """Give the members of a trait, and whether no macro has a part in them."""
        found: list[SurfaceItem] = []
        for one, text, _ in self._impls.members(item):
            if one.kind is Kind.CALL:
                self._note_unexpanded(one, text.place(one.node), at)
                continue
            where = at.below(f"{at.path}::{one.name}", one.attributes)
            member = self._member(one, text.place(one.node), where, names, "Self", item.module, in_trait=True)
            if member is not None:
                found.append(member)
        return found, not calls_macros(item)

    # ---- functions and values

    def _function(
        self, node: Node, attributes: Attributes, module: Module, place: Place, at: Exposure, names: Mapping[str, str], traits: set[str] | None = None
    ) -> SurfaceItem:
        build = module.library.build
        known = {**names, **parameter_names(node, build)}
        parameters = generics(node, build, known, self._scope(module))
        said, types = call(node, build, known)
        modifiers = facts(node) | (traits or set())
        text = written(at.path.rpartition("::")[2].removesuffix("()"), shown(parameters), said, modifiers)
        return self._item(
            at,
            ItemKind.FUNCTION,
            place,
            attributes,
            text,
            traits=modifiers | self._names.crates(node, module, known),
            call=said,
            types=self._resolved_types(types, module, known),
            type_parameters=parameters,
        )

    def _value(
        self, node: Node, attributes: Attributes, module: Module, place: Place, at: Exposure, names: Mapping[str, str], traits: set[str] | None = None
    ) -> SurfaceItem:
        written_type = node.child_by_field_name("type")
        annotation = renamed(spelled(content(written_type)), names)
        found: set[str] = {*(traits or ()), *self._names.crates_of_type(written_type, module, names)}
        kind = ItemKind.CONSTANT
        if node.type == "static_item":
            kind = ItemKind.STATIC
            if any(child.type == "mutable_specifier" for child in node.children):
                found.add(RustFact.MUTABLE)
        word = "const" if kind is ItemKind.CONSTANT else "static mut" if RustFact.MUTABLE in found else "static"
        word = f"unsafe {word}" if RustFact.UNSAFE in found else word
        value = " ".join(content(node.child_by_field_name("value"))[:LONGEST].split()) or None
        text = f"{word} {at.path.rpartition('::')[2]}: {annotation}"
        types = self._resolved_types([written_type], module, names)
        return self._item(at, kind, place, attributes, text, traits=found, annotation=annotation, types=types, value=value)


def _imported(item: Item) -> set[str]:
    return imported(item.node, item.block) if item.block is not None else set()


def _varying(item: SurfaceItem) -> SurfaceItem:
    return replace(item, traits=item.traits | {RustFact.VARIES})


def _integer(text: str) -> int | None:
    return number(text.replace("_", ""), {})
