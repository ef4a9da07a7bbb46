"""What names stand for in the code that fills a module, as values: classes, functions, constants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lockstep.surfaces.pyo3.class_names import is_class
from lockstep.surfaces.pyo3.syntax import field
from lockstep.surfaces.pyo3.values import UNKNOWN, Class, ExternalClass, RustFunction, Scope, Struct, Value, Wrapped
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Kind, declarations
from lockstep.surfaces.rust_source.module_tree import Associated, Foreign, Impl, Item, Module, Resolved, Space, Use
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.types import Named, RustType

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 40
"""How many type parameters may stand for one another."""


class ValueResolver:
    """Resolves the names of one program to values; `evaluate` gives the value of a constant's expression."""

    def __init__(self, program: Program, evaluate: Callable[[Node, Scope], Value]) -> None:
        self._program = program
        self._evaluate = evaluate
        self._impls: dict[str, list[Impl]] = {}
        self._indexed = 0

    def find(self, path: Sequence[str], module: Module, *, absolute: bool = False) -> Resolved | None:
        """Say what is added under a path: a class, a function or a module, whichever of the namespaces has it."""
        return self._added(lambda space: self._program.names.resolve(path, module, space, absolute=absolute))

    def exported(self, use: Use, module: Module) -> Resolved | None:
        """Say what is added by an import: a class, a function or a module, whichever of the namespaces has it."""
        return self._added(lambda space: self._program.names.imported(use, module, space))

    def _added(self, found: Callable[[Space], Resolved | None]) -> Resolved | None:
        values = found(Space.VALUES)
        if isinstance(values, Item) and values.attributes.has("pyfunction", "pymodule", "pyfn"):
            return values
        types = found(Space.TYPES)
        if isinstance(types, Item) and types.kind is Kind.ALIAS:
            types = self._program.names.alias(types) or types
        if isinstance(types, Module) and types.item is not None and types.item.attributes.has("pymodule"):
            return types
        if isinstance(types, Item) and is_class(types):
            return types
        return values if isinstance(values, Item | Associated) else types or values

    def value(self, found: Resolved | None) -> Value:
        """Give what a name stands for as a value."""
        match found:
            case Item() if is_class(found):
                return Class(found)
            case Item(kind=Kind.FUNCTION) if found.attributes.has("pyfunction", "pymodule", "pyfn"):
                return Wrapped(found)
            case Item(kind=Kind.FUNCTION):
                return RustFunction(found)
            case Item(kind=Kind.CONSTANT):
                value = found.node.child_by_field_name("value")
                scope = Scope(module=found.module, text=found.text)
                return self._evaluate(value, scope) if value is not None else UNKNOWN
            case Item(kind=Kind.CALL):  # import_exception!
                return ExternalClass(found.name)
            case Module() if found.item is not None and found.item.attributes.has("pymodule"):
                return Wrapped(found)
            case Foreign():
                return ExternalClass("::".join(found.path))
        return UNKNOWN

    def class_of(self, found: RustType | Item | None, scope: Scope, depth: int = 0) -> Value:
        """Give the class that a type argument names."""
        match found:
            case Item():
                return Class(found) if is_class(found) else UNKNOWN
            case Named(path=("Self",)) if scope.own is not None:
                return self.class_of(scope.own, scope)
            case Named(path=(name,)) if name in scope.types and depth < DEEPEST:
                return self.class_of(scope.types[name], scope, depth + 1)
            case Named(path=path):
                target = self.find(path, scope.module)
                if target is None and path[-1].startswith("Py"):
                    return ExternalClass(path[-1])
                if isinstance(target, Item) and not is_class(target) and target.kind is not Kind.CALL:
                    return UNKNOWN
                return self.value(target)
        return UNKNOWN

    def associated_value(self, owner: Item | None, name: str) -> Value | None:
        """Give an associated constant or function of a type."""
        if owner is None:
            return None
        for impl in self._blocks(owner.name):
            target = self._program.names.resolve(impl.type.path, impl.module) if isinstance(impl.type, Named) else None
            if target is not owner:
                continue
            for one in declarations(field(impl.node, "body"), impl.module.library.build):
                if one.name == name and one.kind in (Kind.CONSTANT, Kind.FUNCTION):
                    item = Item(
                        kind=one.kind, name=name, node=one.node, text=impl.text, module=impl.module, attributes=one.attributes, public=one.public,
                        condition=joined(impl.condition, one.attributes.condition),
                    )  # fmt: skip
                    return self.value(item)
        return None

    def _blocks(self, name: str) -> Sequence[Impl]:
        """Give the impl blocks of types with a name."""
        while self._indexed < len(self._program.impls):
            impl = self._program.impls[self._indexed]
            self._indexed += 1
            if isinstance(impl.type, Named):
                self._impls.setdefault(impl.type.name, []).append(impl)
        return self._impls.get(name, ())

    def callee(self, path: tuple[str, ...], scope: Scope) -> tuple[Item | None, Item | None]:
        """Find the function that a path calls, and the type that it belongs to."""
        if not path:
            return None, None
        owner: Item | None = None
        if path[0] == "Self" and scope.own is not None and len(path) == 2:
            owner = scope.own
        elif len(path) == 2 and path[0] in scope.types:
            found = scope.types[path[0]]
            named = self.class_of(found, scope)
            owner = named.item if isinstance(named, Class) else found if isinstance(found, Item) else None
        else:
            target = self._program.names.resolve(path, scope.module, Space.VALUES)
            if isinstance(target, Item) and target.kind is Kind.FUNCTION:
                return target, None
            owner = target.owner if isinstance(target, Associated) else None
        if owner is None:
            return None, None
        value = self.associated_value(owner, path[-1])
        return (value.item if isinstance(value, RustFunction | Wrapped) and isinstance(value.item, Item) else None), owner

    def method_of(self, receiver: Struct, name: str, scope: Scope) -> tuple[Item, Item] | None:
        """Find a method of a struct of the repository, and the struct."""
        owner = self._program.names.resolve(receiver.type, scope.module)
        value = self.associated_value(owner, name) if isinstance(owner, Item) else None
        found = value.item if isinstance(value, RustFunction | Wrapped) else None
        return (found, owner) if isinstance(found, Item) and isinstance(owner, Item) else None
