"""How the evaluator reads calls of functions and methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.surfaces.pyo3.annotations import Position
from lockstep.surfaces.pyo3.evaluator import Evaluator
from lockstep.surfaces.pyo3.module_methods import extension_method, module_method, set_on_class
from lockstep.surfaces.pyo3.syntax import expressions, field, path_segments, type_arguments
from lockstep.surfaces.pyo3.values import (
    TRANSPARENT,
    UNKNOWN,
    Class,
    Closure,
    Code,
    Draft,
    Member,
    RustFunction,
    Scope,
    Series,
    String,
    Struct,
    Value,
    Wrapped,
    captured,
    holds_module,
    miss,
    modules_in,
    part,
)
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import Foreign, Item, Space
from lockstep.surfaces.rust_source.types import RustType, Tuple, read

if TYPE_CHECKING:
    from tree_sitter import Node


_TAKES_CLOSURE = {
    "for_each", "try_for_each", "map", "try_fold", "and_then", "inspect", "then", "or_else", "unwrap_or_else", "with_gil", "attach", "filter", "flat_map",
}  # fmt: skip
"""Methods that run a closure on what they are called on, or on each of its parts."""
_REGISTRARS = {("pyo3_object_store", "register_store_module"), ("pyo3_object_store", "register_exceptions_module")}
"""Functions of other crates that add one submodule, whose name is their last text, and nothing else: https://docs.rs/pyo3-object_store."""
_RUN = {"run", "run_bound", "eval", "eval_bound"}
"""What runs Python code: with the code, its globals and its locals."""


def call(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Give what a call gives, doing what it does to modules."""
    function = field(node, "function")
    generics: tuple[RustType, ...] = ()
    if function.type == "generic_function":
        generics = type_arguments(function.child_by_field_name("type_arguments"))
        function = field(function, "function")
    given = field(node, "arguments")
    if function.type == "field_expression":
        receiver_node = field(function, "value")
        receiver = evaluator.evaluate(receiver_node, scope)
        arguments = [evaluator.evaluate(one, scope) for one in expressions(given)]
        return _method(evaluator, node, receiver, content(function.child_by_field_name("field")), arguments, generics, scope)
    arguments = [evaluator.evaluate(one, scope) for one in expressions(given)]
    path = path_segments(content(function))
    target = scope.variables.get(path[0]) if len(path) == 1 else None
    if isinstance(target, Closure):
        return evaluator.run_closure(target, arguments)
    if isinstance(target, RustFunction):
        return _follow(evaluator, target.item, arguments, generics, scope)
    if isinstance(target, Wrapped):
        runs = isinstance(target.item, Item) and target.item.kind is Kind.FUNCTION and any(map(holds_module, arguments))
        return _follow(evaluator, target.item, arguments, generics, scope) if runs and isinstance(target.item, Item) else target
    known = _constructor(evaluator, path, function, arguments, generics, scope, node)
    if known is not None:
        return known
    inner = evaluator.evaluate(function, scope) if function.type not in ("identifier", "scoped_identifier") else None
    if isinstance(inner, Wrapped | Draft):
        return inner
    if isinstance(inner, Closure):
        return evaluator.run_closure(inner, arguments)
    if inner is not None:
        return _nameless_call(evaluator, inner, function, arguments, generics, scope, node)
    return _function_call(evaluator, path, function, arguments, generics, scope, node)


def _nameless_call(
    evaluator: Evaluator, called: Value, function: Node, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope, node: Node
) -> Value:
    """Follow a call of what no path names: `table[0](m)`, `make()(m)`."""
    if isinstance(called, RustFunction):
        return _follow(evaluator, called.item, arguments, generics, scope)
    miss(arguments, scope.text.place(node), f"what {content(function)[:60]} calls is not known")
    return UNKNOWN


def _constructor(
    evaluator: Evaluator, path: tuple[str, ...], function: Node, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope, node: Node
) -> Value | None:
    """Give what a function of PyO3 or of the standard library makes; None for any other."""
    match path[-2:]:
        case (*_, "Ok" | "Some" | "Box" | "Arc" | "String" | "Cow"):
            return arguments[0] if arguments else UNKNOWN
        case ("PyModule", "new" | "new_bound"):
            name = next((one.text for one in arguments if isinstance(one, String)), None)
            return Draft(name=(name or "").rpartition(".")[2], place=scope.text.place(node))
        case ("PyModule", word) if word.startswith("from_code"):
            draft = Draft(name=next((one.text for one in reversed(arguments) if isinstance(one, String)), ""), place=scope.text.place(node))
            draft.miss(draft.place, "the module is made from Python code inside of Rust")
            return draft
        case (*_, "type_object" | "type_object_bound" | "lazy_type_object"):
            owner = content(function).rpartition("::")[0]
            found = read(owner.strip("<>").partition(" as ")[0]) if owner else read("")
            return evaluator.names.class_of(found, scope)
        case ("PyType", "new" | "new_bound") if generics:
            return evaluator.names.class_of(generics[0], scope)
        case ("String" | "Cow" | "PyString" | "CString" | "Arc" | "Rc" | "Box" | "Some", "from" | "new" | "new_bound" | "intern" | "Borrowed" | "Owned"):
            return next((one for one in arguments if isinstance(one, String | Series | Draft)), UNKNOWN)
    return None


def _function_call(
    evaluator: Evaluator, path: tuple[str, ...], function: Node, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope, node: Node
) -> Value:
    """Follow a function of the repository when a module goes in or comes out."""
    given = [one for one in arguments if holds_module(one)]
    runs = any(isinstance(one, Closure) and captured(one) for one in arguments)
    item, own = evaluator.names.callee(path, scope)
    if item is not None and (given or runs or _gives_module(item)):
        return _follow(evaluator, item, arguments, generics, scope, own=own)
    if item is not None:
        return Code(content(node), evaluator.annotator.annotation(_result(item), item.module, Position.RETURN, own=own))
    if path[-1:] == ("Err",):
        return UNKNOWN
    resolved = evaluator.program.names.resolve(path, scope.module, Space.VALUES) if path and path[0] != "Self" else None
    if given and (resolved.path if isinstance(resolved, Foreign) else path) in _REGISTRARS and isinstance(name := arguments[-1], String):
        made = Draft(name=name.text, place=scope.text.place(node))
        made.miss(made.place, f"{path[-1]} fills it, which is not in the repository")
        for draft in modules_in(given[0]):
            evaluator.add(draft, made, None, made.place, scope.condition)
        return made
    foreign = isinstance(resolved, Foreign) and resolved.path[0] in ("std", "core", "alloc", "pyo3")
    if not foreign:
        miss(given, scope.text.place(node), f"{content(function)} is not found in the repository")
    return given[0] if foreign and given else Code(content(node) if len(content(node)) < 200 else "")


def _gives_module(item: Item) -> bool:
    return "PyModule" in content(item.node.child_by_field_name("return_type"))


def _follow(evaluator: Evaluator, item: Item, arguments: Sequence[Value], generics: tuple[RustType, ...], scope: Scope, *, own: Item | None = None) -> Value:
    """Read a function of the repository with what it is given."""
    inner = Scope(module=item.module, text=item.text, own=own, depth=scope.depth + 1, condition=joined(scope.condition, item.condition))
    parameters = item.node.child_by_field_name("type_parameters")
    generic = [content(one.child_by_field_name("name")) for one in parameters.named_children if one.type == "type_parameter"] if parameters is not None else []
    for name, found in zip(generic, generics, strict=False):
        value = evaluator.names.class_of(found, scope)
        inner.types[name] = value.item if isinstance(value, Class) else found
    return evaluator.run(item.node, inner, arguments)


def _method(evaluator: Evaluator, node: Node, receiver: Value, name: str, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope) -> Value:
    if isinstance(receiver, Draft) and not (name in _TAKES_CLOSURE and arguments and isinstance(arguments[-1], Closure)):
        return module_method(evaluator, node, receiver, name, arguments, generics, scope)
    if name in ("get_type", "get_type_bound") and generics:
        return evaluator.names.class_of(generics[0], scope)
    if isinstance(receiver, Struct) and (found := evaluator.names.method_of(receiver, name, scope)) is not None:
        return _follow(evaluator, found[0], [receiver, *arguments], generics, scope, own=found[1])
    closure = arguments[-1] if arguments else None
    if isinstance(closure, Closure) and name in _TAKES_CLOSURE:
        each = receiver.values if isinstance(receiver, Series) else (receiver,)
        results = tuple(evaluator.run_closure(closure, [one]) for one in each)
        return Series(results) if isinstance(receiver, Series) else results[0]
    if name in _RUN and len(arguments) == 3:
        for draft in {id(one): one for value in scope.variables.values() for one in modules_in(value)}.values():
            draft.miss(scope.text.place(node), f"{name} runs Python code that may change the module")
    if name in TRANSPARENT:
        return receiver
    if (taken := part(receiver, name, arguments)) is not None:
        return taken
    if name in ("set_item", "append", "insert", "push", "setattr", "add"):  # of a class, or of a dict that holds the module: sys.modules
        if isinstance(receiver, Class | Member) and arguments:
            set_on_class(evaluator, receiver, arguments, scope.text.place(node), scope.condition)
        return UNKNOWN
    if holds_module(receiver) or any(map(holds_module, arguments)):
        extension_method(evaluator, node, receiver, name, arguments, scope)
    return Code(content(node) if len(content(node)) < 200 else "")


def _result(item: Item) -> RustType:
    node = item.node.child_by_field_name("return_type")
    return read(content(node)) if node is not None else Tuple()
