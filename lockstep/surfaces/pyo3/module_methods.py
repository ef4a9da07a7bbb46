"""What the methods of a module, and those that set something on a class, do to what Python sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lockstep.model import Place
from lockstep.surfaces.pyo3.evaluator import Evaluator
from lockstep.surfaces.pyo3.model import NativeValue
from lockstep.surfaces.pyo3.syntax import expressions, field, type_path
from lockstep.surfaces.pyo3.values import TRANSPARENT, UNKNOWN, Class, Code, Draft, ExternalClass, Member, Scope, Series, String, Value, miss
from lockstep.surfaces.rust_source.items import Kind, content, declarations
from lockstep.surfaces.rust_source.module_tree import Impl, Item
from lockstep.surfaces.rust_source.types import Named, RustType

if TYPE_CHECKING:
    from tree_sitter import Node


_METADATA = {"__all__", "__doc__", "__name__", "__qualname__", "__module__", "__file__", "__path__", "__package__"}
"""What every module or class has, whatever is set."""
_READ_ONLY = {
    "py", "name", "filename", "hasattr", "getattr", "index", "gil_used", "is_none", "getattr_opt",
    "repr", "str", "get_type", "as_ptr", "is", "get_refcnt", "is_instance", "filename_object", "state", "hash", "contains",
    "dir", "get_item", "is_empty", "len", "package", "doc",
}  # fmt: skip
"""Methods of a module that add nothing to it."""


_MUTATES = {"delattr", "del_item", "pop", "clear", "update", "update_if_missing", "call_method", "call_method0", "call_method1"}
"""Methods of a module, or of its dict, that may change the names in it."""


def module_method(evaluator: Evaluator, node: Node, draft: Draft, name: str, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope) -> Value:
    """Do what a method of a module does to it; give what it gives."""
    place = scope.text.place(node)
    match name:
        case "add_class":
            found = evaluator.names.class_of(generics[0], scope) if generics else UNKNOWN
            if isinstance(found, Class):
                evaluator.add(draft, found, None, place, scope.condition)
            else:
                said = type_path(generics[0]) if generics else "?"
                _miss_class(evaluator, draft, said, generics, scope, place)
        case "add_function" | "add_wrapped" | "add_submodule":
            value = arguments[0] if arguments else UNKNOWN
            if isinstance(value, Code | String | Series | ExternalClass):
                said = value.text if isinstance(value, Code) else "?"
                draft.miss(place, f"{said or content(node)[:80]} is not found in the repository", said.rpartition("::")[2] if said.isidentifier() else "")
            else:
                evaluator.add(draft, value, None, place, scope.condition)
        case "add" | "setattr" | "set_item":
            _add_named(evaluator, node, draft, arguments, place, scope)
        case "add_pyclass" | "add_exception" if generics:
            evaluator.add(draft, evaluator.names.class_of(generics[0], scope), None, place, scope.condition)
        case "getattr" | "get_item" if arguments and isinstance(key := arguments[0], String):
            inner = draft.members.get(key.text)
            return inner if isinstance(inner, Draft) else UNKNOWN if inner is None else Member(draft, key.text)
        case _ if name in _MUTATES:
            _disturb(draft, name, arguments, place, scope)
        case _ if name in TRANSPARENT:
            return draft
        case _ if name in _READ_ONLY:
            return UNKNOWN
        case _:
            extension_method(evaluator, node, draft, name, arguments, scope)
    return draft


def _disturb(draft: Draft, name: str, arguments: Sequence[Value], place: Place, scope: Scope) -> None:
    """Take a name away again, or say that names may be changed: under a condition, under a name that is not known, by other methods."""
    key = arguments[0] if arguments and name in ("delattr", "del_item") else UNKNOWN
    if isinstance(key, String) and scope.condition in (None, draft.condition):
        draft.members.pop(key.text, None)
    else:
        draft.miss(place, f"what {name} takes away or changes is not known", key.text if isinstance(key, String) else "")


def _miss_class(evaluator: Evaluator, draft: Draft, said: str, generics: tuple[RustType, ...], scope: Scope, place: Place) -> None:
    """Tell why what is added is no class that can be read; what Python calls a class from elsewhere is not known."""
    found = generics[0] if generics else None
    target = evaluator.names.find(found.path, scope.module) if isinstance(found, Named) else None
    if isinstance(target, Item) and target.kind in (Kind.STRUCT, Kind.ENUM):
        draft.miss(place, f"{said} is no #[pyclass] in the source: a macro makes it one", target.name)
    else:
        draft.miss(place, f"the class {said} is not found in the repository")


def _add_named(evaluator: Evaluator, node: Node, draft: Draft, arguments: list[Value], place: Place, scope: Scope) -> None:
    key, value = (*arguments, UNKNOWN, UNKNOWN)[:2]
    if isinstance(key, Draft):
        key = String(key.name)
    if isinstance(key, String):
        if key.text in _METADATA:
            return
        if isinstance(value, Code) and value.type is None:
            value = Code(" ".join(value.text.split()))
        evaluator.add(draft, value, key.text, place, scope.condition)
    else:
        said = next(iter(expressions(field(node, "arguments"))), None)
        draft.miss(place, f"the name {content(said)[:60]} is not known")


def set_on_class(evaluator: Evaluator, receiver: Class | Member, arguments: Sequence[Value], place: Place, condition: str | None) -> None:
    """Add what the code sets on a class; on one that does not come out of a module, that is only noted."""
    key = arguments[0]
    if isinstance(key, String) and key.text in _METADATA:
        return
    if isinstance(receiver, Member) and isinstance(key, String):
        receiver.put(NativeValue(name=key.text, place=place, condition=condition))
    elif isinstance(receiver, Member):
        receiver.owner.miss(place, "the name that is set on the class is not known", receiver.name)
    else:
        evaluator.patched.append((receiver.item, place, key.text if isinstance(key, String) else ""))


def extension_method(evaluator: Evaluator, node: Node, receiver: Value, name: str, arguments: Sequence[Value], scope: Scope) -> None:
    """Follow a method of the repository that receives a module: the type of its receiver is not known, so its name must be unique."""
    found = [(impl, one) for impl in evaluator.program.impls for one in _methods(impl, name) if "PyModule" in _heads(impl, one)]
    if len(found) == 1:
        impl, one = found[0]
        inner = Scope(module=impl.module, text=impl.text, depth=scope.depth + 1, condition=scope.condition)
        evaluator.run(one, inner, [receiver, *arguments])
        return
    if name in ("call", "call1", "call_method1", "set_item", "append", "eq", "ne"):
        return
    miss((receiver, *arguments), scope.text.place(node), f"what the method {name} does to the module is not known")


def _methods(impl: Impl, name: str) -> Iterator[Node]:
    body = impl.node.child_by_field_name("body")
    for one in declarations(body, impl.module.library.build) if body is not None else ():
        if one.kind is Kind.FUNCTION and one.name == name:
            yield one.node


def _heads(impl: Impl, method: Node) -> str:
    return content(impl.node.child_by_field_name("type")) + content(method.child_by_field_name("parameters"))
