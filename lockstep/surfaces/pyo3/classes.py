"""Classes as Python sees them: `#[pyclass]` structs and enums with all their `#[pymethods]`, and exceptions.

Source: pyo3-macros-backend/src/pyclass.rs, pymethod.rs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass, field, replace
from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surface import Parameter, ParameterKind, Signature
from lockstep.surfaces.pyo3 import protocols
from lockstep.surfaces.pyo3.annotations import Annotator, Position
from lockstep.surfaces.pyo3.class_names import builtin, is_class, is_exception, is_exception_name, python_name
from lockstep.surfaces.pyo3.functions import Function, Functions, python_default, text_signature
from lockstep.surfaces.pyo3.model import Binding, NativeClass, NativeFunction, NativeMember, NativeValue
from lockstep.surfaces.pyo3.options import Options, constant_text, options, renamed, text
from lockstep.surfaces.rust_source.attributes import Attributes, deprecation
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.crates import NEWEST_PYO3, Gap
from lockstep.surfaces.rust_source.items import Kind, Text, content, members, name_of
from lockstep.surfaces.rust_source.module_tree import Foreign, Impl, Item
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, split
from lockstep.surfaces.rust_source.types import Named, RustType, read

if TYPE_CHECKING:
    from tree_sitter import Node

IMPLICIT_EQUALITY_ENDED = (0, 24)
"""From this PyO3 on, a simple enum compares only when it is told to (changelog of 0.24.0, #4730)."""


_TYPE_OBJECT = pattern(r"\{(?:py\.get_type(?:_bound)?::<([\w:]+)>\(\)|([\w:]+)::type_object(?:_bound)?\(py\))\}")


@dataclass(slots=True)
class _Draft:
    """A class while it is read."""

    item: Item
    options: Options
    members: dict[str, NativeMember] = field(default_factory=dict)

    def put(self, member: NativeMember) -> None:
        self.members[member.name] = member


class Classes:
    """Reads the classes of one program, each once."""

    def __init__(self, program: Program, annotator: Annotator, functions: Functions) -> None:
        self._program = program
        self._annotator = annotator
        self._functions = functions
        self._known: dict[Item, NativeClass] = {}
        self._reading: set[Item] = set()
        self._methods: dict[Item, list[Impl]] = {}
        self._seen_impls = 0
        self.orphans: list[Gap] = []
        self.inactive: dict[Item, list[Place]] = {}
        """Where parts of a class stand that wait for a feature."""
        self.unknown: dict[Item, list[tuple[str, Place]]] = {}
        """Class attributes that are classes which nothing tells."""

    def native(self, item: Item) -> NativeClass:
        """Give an item that is a class as Python sees it."""
        if item not in self._known:
            self._reading.add(item)
            self._known[item] = self._exception(item) if is_exception(item) else self._class(item)
        return self._known[item]

    @property
    def read(self) -> dict[Item, NativeClass]:
        """The classes that were asked for so far."""
        return self._known

    # ---- exceptions

    def _exception(self, item: Item) -> NativeClass:
        parts = split(item.arguments)
        base = read("".join(one.text for one in parts[2] if isinstance(one, Token))) if len(parts) > 2 else Named(("PyException",))
        return NativeClass(name=item.name, place=item.place, bases=(self._base(base, item),), final=False, exception=True, condition=item.condition)

    def _base(self, found: RustType, item: Item) -> str:
        if not isinstance(found, Named):
            return "builtins.object"
        target = self._program.names.resolve(found.path, item.module)
        if isinstance(target, Item):
            return python_name(target) or target.name
        name = target.name if isinstance(target, Foreign) else found.name
        return builtin(name)

    def _native_base(self, base: RustType, item: Item) -> NativeClass | None:
        """Give a base that is a class of the repository; one that is being read descends from itself."""
        target = self._program.names.resolve(base.path, item.module) if isinstance(base, Named) else None
        if isinstance(target, Item) and target.kind is Kind.ALIAS:
            aliased = self._program.names.alias(target)
            target = aliased if isinstance(aliased, Item) else target
        if not isinstance(target, Item) or not is_class(target) or (target in self._reading and target not in self._known):
            return None
        return self.native(target)

    # ---- classes

    def _class(self, item: Item) -> NativeClass:
        found = options(item.attributes, "pyclass")
        draft = _Draft(item, found)
        enum = item.kind is Kind.ENUM
        simple = False
        if enum:
            simple = self._variants(draft)
        else:
            self._fields(draft)
        self._derived(draft, simple=simple)
        for impl in self.blocks(item):
            self._block(draft, impl)
        self._remove_hash(draft)
        bases: tuple[str, ...] = ()
        native: NativeClass | None = None
        if "extends" in found:
            base = _type_of(found["extends"])
            bases, native = (self._base(base, item),), self._native_base(base, item)
        return NativeClass(
            name=text(found, "name") or item.name,
            place=item.place,
            bases=bases,
            members=draft.members,
            base=native,
            final="subclass" not in found,
            frozen="frozen" in found,
            enum=enum and simple,
            exception=bool(bases) and is_exception_name(bases[0]),
            deprecated=deprecation(item.attributes),
            module=text(found, "module"),
            condition=item.condition,
        )

    def _fields(self, draft: _Draft) -> None:
        body = draft.item.node.child_by_field_name("body")
        if body is None:
            return
        rule = text(draft.options, "rename_all")
        made: list[Parameter] = []
        skipped: list[Node] = []
        for index, (node, attributes) in enumerate(members(body, draft.item.module.library.build, skipped=skipped)):
            named = node.type == "field_declaration"
            own = options(attributes)
            written = content(node.child_by_field_name("type")) if named else content(node)
            name = text(own, "name") or (renamed(name_of(node), rule) if named else str(index))
            kind = read(written)
            made.append(self._parameter(name_of(node) if named else f"_{index}", kind, draft.item))
            get, settable = "get" in own or "get_all" in draft.options, "set" in own or "set_all" in draft.options
            if get or settable:
                draft.put(
                    NativeValue(
                        name=name,
                        place=draft.item.text.place(node),
                        annotation=self._annotator.annotation(kind, draft.item.module, Position.RETURN, own=draft.item),
                        field=True,
                        settable=settable,
                        condition=attributes.condition,
                    )
                )
        if draft.options.keys() & {"get_all", "set_all"}:
            self._note_inactive(draft, skipped, draft.item.text)
        if text(draft.options, "new") == "from_fields":
            draft.put(_constructor(draft.item.place, made, draft.item))

    def _parameter(self, name: str, kind: RustType, item: Item) -> Parameter:
        annotation = self._annotator.annotation(kind, item.module, Position.PARAMETER, own=item)
        return Parameter(name=name, kind=ParameterKind.POSITIONAL_OR_KEYWORD, annotation=annotation)

    # ---- enums

    def _variants(self, draft: _Draft) -> bool:
        """Read the variants; say whether the enum is simple, that is, none of them holds anything."""
        build = draft.item.module.library.build
        body = draft.item.node.child_by_field_name("body")
        skipped: list[Node] = []
        variants = list(members(body, build, "enum_variant", skipped=skipped))
        self._note_inactive(draft, skipped, draft.item.text)
        simple = all(node.child_by_field_name("body") is None for node, _ in variants)
        rule = text(draft.options, "rename_all")
        own = python_name(draft.item)
        for node, attributes in variants:
            found = options(attributes)
            name = text(found, "name") or renamed(name_of(node), rule)
            place = draft.item.text.place(node)
            if simple:
                value = node.child_by_field_name("value")
                draft.put(NativeValue(name=name, place=place, annotation=own, value=content(value) or None, condition=attributes.condition))
            else:
                draft.put(self._variant(draft, node, name, found, attributes.condition))
        return simple

    def _variant(self, draft: _Draft, node: Node, name: str, found: Options, condition: str | None) -> NativeClass:
        """Give the class that PyO3 makes of a variant of an enum that is not simple."""
        item, place = draft.item, draft.item.text.place(node)
        body = node.child_by_field_name("body")
        tuple_like = body is not None and body.type == "ordered_field_declaration_list"
        fields: list[tuple[str, RustType]] = []
        for index, (one, _) in enumerate(members(body, item.module.library.build)):
            fields.append((f"_{index}", read(content(one))) if tuple_like else (name_of(one), read(content(one.child_by_field_name("type")))))
        inner: dict[str, NativeMember] = {
            field_name: NativeValue(
                name=field_name, place=place, annotation=self._annotator.annotation(kind, item.module, Position.RETURN, own=item), field=True
            )
            for field_name, kind in fields
        }
        parameters = [self._parameter(field_name, kind, item) for field_name, kind in fields]
        if "constructor" in found:
            signature = self._functions.declared(found["constructor"])
            known = {one.name: one.annotation for one in parameters}
            parameters = [replace(one, annotation=known.get(one.name)) for one in signature]
        constructor = _constructor(place, parameters, item)
        inner[constructor.name] = constructor
        inner["__match_args__"] = NativeValue(name="__match_args__", place=place, annotation="tuple", value=repr(tuple(one for one, _ in fields)))
        if tuple_like:
            for special in ("__len__", "__getitem__"):
                inner[special] = _slot(special, place)
        own = python_name(item) or item.name
        return NativeClass(name=name, place=place, bases=(own,), members=inner, module=text(draft.options, "module"), condition=condition)

    # ---- what options and PyO3 itself add

    def _derived(self, draft: _Draft, *, simple: bool) -> None:
        found, place = draft.options, draft.item.place
        version = draft.item.module.library.pyo3 or NEWEST_PYO3
        names: list[str] = []
        if simple:
            names += ["__repr__", "__int__"]
        if {"eq", "ord", "eq_int"} & set(found) or (simple and version < IMPLICIT_EQUALITY_ENDED):
            names += protocols.COMPARISONS
        names += [f"__{one}__" for one in ("hash", "str") if one in found]
        for name in names:
            unordered = name in protocols.COMPARISONS and "ord" not in found and protocols.refuses(name, written="__eq__")
            draft.put(_slot(name, place, returns=protocols.REFUSED if unordered else None))
        if "generic" in found:
            draft.put(NativeFunction(name="__class_getitem__", place=place, call=_one("key"), binding=Binding.CLASSMETHOD))
        if "dict" in found:
            draft.put(NativeValue(name="__dict__", place=place, annotation="dict", field=True, settable=True))
        if "weakref" in found:
            draft.put(NativeValue(name="__weakref__", place=place, field=True))

    @staticmethod
    def _remove_hash(draft: _Draft) -> None:
        """Take the hash from a class that compares and has none: CPython's type_ready_set_hash."""
        if "__eq__" in draft.members and "__hash__" not in draft.members:
            draft.put(NativeValue(name="__hash__", place=draft.item.place, annotation="None", value="None"))

    # ---- methods

    def blocks(self, item: Item) -> list[Impl]:
        """Give the `#[pymethods]` blocks of a class, wherever they stand."""
        while self._seen_impls < len(self._program.impls):
            impl = self._program.impls[self._seen_impls]
            self._seen_impls += 1
            if not impl.attributes.has("pymethods", "pyproto"):  # #[pyproto]: before 0.17
                continue
            target = self._program.names.resolve(impl.type.path, impl.module) if isinstance(impl.type, Named) else None
            if isinstance(target, Item) and target.kind is Kind.ALIAS:
                aliased = self._program.names.alias(target)
                target = aliased if isinstance(aliased, Item) else target
            if isinstance(target, Item):
                self._methods.setdefault(target, []).append(impl)
            else:
                self.orphans.append(Gap(place=impl.place, why="the type of this #[pymethods] block is not known"))
        return self._methods.get(item, [])

    def _block(self, draft: _Draft, impl: Impl) -> None:
        body = impl.node.child_by_field_name("body")
        skipped: list[Node] = []
        for node, attributes in members(body, draft.item.module.library.build, "function_item", "const_item", skipped=skipped):
            condition = joined(impl.condition, attributes.condition)
            if node.type == "const_item":
                if attributes.has("classattr"):
                    self._class_constant(draft, impl, node, attributes, condition)
                continue
            function = Function(node=node, text=impl.text, module=impl.module, attributes=attributes, own=draft.item)
            self._method(draft, function, condition)
        self._note_inactive(draft, skipped, impl.text)

    def _note_inactive(self, draft: _Draft, nodes: Sequence[Node], text: Text) -> None:
        self.inactive.setdefault(draft.item, []).extend(text.place(node) for node in nodes)

    def _class_constant(self, draft: _Draft, impl: Impl, node: Node, attributes: Attributes, condition: str | None) -> None:
        annotation = self._annotator.annotation(read(content(node.child_by_field_name("type"))), impl.module, Position.RETURN, own=draft.item)
        value = content(node.child_by_field_name("value")) or None
        name = text(options(attributes), "name") or name_of(node)
        draft.put(
            NativeValue(name=name, place=impl.text.place(node), annotation=annotation, value=python_default(value) if value else None, condition=condition)
        )

    def _method(self, draft: _Draft, function: Function, condition: str | None) -> None:
        attributes = function.attributes
        for kind in ("getter", "setter", "deleter"):
            if attributes.has(kind):
                self._property(draft, function, kind, condition)
                return
        if attributes.has("classattr"):
            self._class_attribute(draft, function, condition)
            return
        new = attributes.has("new", "__new__") or function.name == "__new__"
        if attributes.has("call", "__call__"):  # before 0.16
            draft.put(self._functions.native(function, Binding.METHOD, name="__call__", condition=condition))
            return
        binding = Binding.STATICMETHOD if attributes.has("staticmethod") or new else Binding.METHOD
        if attributes.has("classmethod"):
            binding = Binding.CLASSMETHOD
        if new:
            native = self._functions.native(function, binding, name="__new__", condition=condition)
            # Before 0.19 the text stood on the class: changelog of 0.19.0, #2980
            shown = native.text_signature or text_signature(draft.options)
            draft.put(replace(native, binding=Binding.STATICMETHOD, text_signature=shown))
        elif function.name in protocols.SLOTS:
            self._slots(draft, function, binding, condition)
        else:
            draft.put(self._functions.native(function, binding, condition=condition))

    def _class_attribute(self, draft: _Draft, function: Function, condition: str | None) -> None:
        """Put what a `#[classattr]` function gives: a class of the repository is the class itself."""
        if function.name in ("__qualname__", "__module__"):  # it names the class, and CPython takes it from there
            return
        place = function.text.place(function.node)
        whole = self._program.whole(function.node, function.text)
        found = _TYPE_OBJECT.fullmatch("".join(content(whole.child_by_field_name("body")).split())) if whole is not None else None
        named = read(found[1] or found[2]) if found is not None else None
        target = self._program.names.resolve(named.path, function.module) if isinstance(named, Named) and named.path != ("Self",) else None
        if isinstance(target, Item) and is_class(target) and target not in self._reading:
            draft.put(replace(self.native(target), name=function.name, condition=condition))
        else:
            annotation = self._functions.returns(function)
            if annotation == "type":
                self.unknown.setdefault(draft.item, []).append((function.name, place))
            draft.put(NativeValue(name=function.name, place=place, annotation=annotation, condition=condition))

    def _slots(self, draft: _Draft, function: Function, binding: Binding, condition: str | None) -> None:
        """Put what the slot behind a special method shows."""
        place = function.text.place(function.node)
        annotations, returns = self._functions.annotations(function, binding), self._functions.returns(function)
        shown = protocols.SLOTS[function.name]
        for name in shown:
            exact = name == function.name or len(shown) == 1
            given = protocols.REFUSED if protocols.refuses(name, written=function.name) else None
            if not exact and isinstance(known := draft.members.get(name), NativeFunction) and (given or not known.slot):
                continue
            call = protocols.signature(name, annotations if exact else (), returns if exact or function.name == "__richcmp__" else given)
            draft.put(NativeFunction(name=name, place=place, call=call, binding=Binding.METHOD, slot=not exact, condition=condition))

    def _property(self, draft: _Draft, function: Function, kind: str, condition: str | None) -> None:
        said = next((constant_text(one.arguments or one.value) for one in function.attributes.named(kind)), None)
        name = said or text(function.options, "name") or name_of(function.node).removeprefix({"getter": "get_", "setter": "set_", "deleter": "delete_"}[kind])
        known = draft.members.get(name)
        known = known if isinstance(known, NativeValue) and known.field else None
        place = function.text.place(function.node)
        annotation = self._functions.returns(function) if kind == "getter" else None
        if kind == "setter" and known is None:
            annotations = self._functions.annotations(function, Binding.METHOD)
            annotation = annotations[0] if annotations else None
        draft.put(
            NativeValue(
                name=name,
                place=place if kind == "getter" or known is None else known.place,
                annotation=annotation or (known.annotation if known else None),
                field=True,
                settable=kind == "setter" or (known is not None and known.settable),
                deprecated=deprecation(function.attributes),
                condition=condition,
            )
        )


def _type_of(parts: tuple[Tree, ...]) -> RustType:
    match parts:
        case (Group(trees=inner),):
            return _type_of(inner)
    return read("".join(one.text for one in parts if isinstance(one, Token)))


def _slot(name: str, place: Place, *, returns: str | None = None) -> NativeFunction:
    return NativeFunction(name=name, place=place, call=protocols.signature(name, returns=returns), binding=Binding.METHOD, slot=True)


def _one(name: str) -> Signature:
    return Signature(parameters=(Parameter(name=name, kind=ParameterKind.POSITIONAL_OR_KEYWORD),))


def _constructor(place: Place, parameters: list[Parameter], item: Item) -> NativeFunction:
    return NativeFunction(name="__new__", place=place, call=Signature(parameters=tuple(parameters), returns=python_name(item)), binding=Binding.STATICMETHOD)
