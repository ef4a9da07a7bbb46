"""The functions that receive a module, read as data by a small evaluator: it knows modules, classes, texts, lists and calls, and nothing else.

What it does not know and what touches the module becomes a blind spot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surfaces.pyo3.annotations import Annotator, Position
from lockstep.surfaces.pyo3.classes import is_class
from lockstep.surfaces.pyo3.functions import python_default
from lockstep.surfaces.pyo3.model import NativeClass, NativeValue
from lockstep.surfaces.pyo3.options import constant_text
from lockstep.surfaces.pyo3.values import (
    UNKNOWN,
    Class,
    Closure,
    Code,
    Draft,
    Ended,
    Member,
    OtherClass,
    Record,
    Routine,
    Scope,
    Series,
    Value,
    Words,
    Wrapped,
    holds_module,
    modules_in,
    part,
)
from lockstep.surfaces.rust_source.attributes import Attributes, awaits_feature, judged
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Kind, Text, content, declarations, macro_arguments, macro_name, members, parse
from lockstep.surfaces.rust_source.macros import OpaqueError
from lockstep.surfaces.rust_source.module_tree import Associated, Foreign, Impl, Item, Module, Resolved, Space
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, names, split, trees, unquote, unraw, write
from lockstep.surfaces.rust_source.types import Named, RustType, Tuple, read

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 40
"""How deep functions may call functions that fill a module."""
DEEPEST_EXPRESSION = 150
"""How deep expressions may nest, those of called functions included."""
MOST_STEPS = 50_000
"""Expressions that are looked at for one extension."""

THROUGH = {
    "as_ref", "bind", "clone", "borrow", "borrow_mut", "as_borrowed", "to_owned", "into_any", "unbind", "into_py", "as_any", "unwrap", "expect",
    "as_gil_ref", "clone_ref", "into_bound", "into_ref", "as_mut", "to_object", "into_pyobject", "into_pyobject_or_pyerr", "into_py_any",
    "as_unbound", "downcast", "cast", "into", "dict", "iter", "into_iter", "iter_mut", "as_slice", "to_vec", "as_str", "to_string", "as_module",
    "ok", "transpose", "downcast_into", "cast_into", "copied", "cloned", "by_ref", "map_err", "with_context", "context", "__dict__",
    "into_boxed_slice", "detach", "as_bound", "into_inner", "deref", "leak",
}  # fmt: skip
"""Methods that give, for what matters here, what they are called on."""
METADATA = {"__all__", "__doc__", "__name__", "__qualname__", "__module__", "__file__", "__path__", "__package__"}
"""What every module or class has, whatever is set."""
TAKES_CLOSURE = {
    "for_each", "try_for_each", "map", "try_fold", "and_then", "inspect", "then", "or_else", "unwrap_or_else", "with_gil", "attach", "filter", "flat_map",
}  # fmt: skip
"""Methods that run a closure on what they are called on, or on each of its parts."""
HARMLESS = {
    "py", "name", "filename", "hasattr", "getattr", "index", "gil_used", "is_none", "getattr_opt",
    "repr", "str", "get_type", "as_ptr", "is", "get_refcnt", "is_instance", "filename_object", "state", "hash", "contains",
    "dir", "get_item", "is_empty", "len", "package", "doc",
}  # fmt: skip
"""Methods of a module that add nothing to it."""


_DISTURBS = {"delattr", "del_item", "pop", "clear", "update", "update_if_missing", "call_method", "call_method0", "call_method1"}
"""Methods of a module, or of its dict, that may change the names in it."""


class Adder(Protocol):
    """Puts a value into a module, under its own name unless one is given."""

    def __call__(self, draft: Draft, value: Value, name: str | None, place: Place, condition: str | None) -> None:
        """Add it."""
        ...


class Evaluator:
    """Reads the code of one program; `add` is told what goes into which module."""

    def __init__(self, program: Program, annotator: Annotator, add: Adder) -> None:
        self._program = program
        self._annotator = annotator
        self._add = add
        self._steps = 0
        self._depth = 0
        self._active: set[tuple[int, int]] = set()
        self._impls: dict[str, list[Impl]] = {}
        self._indexed = 0
        self.drafts: list[Draft] = []
        """The modules that are read, all of which a budget that runs out concerns."""
        self.patched: list[tuple[Item, Place, str]] = []
        """Classes on which an attribute is set after they are made, and its name."""
        self.waiting: list[tuple[Draft, Place]] = []
        """Statements about a module that wait for a feature."""

    # ---- names

    def find(self, path: Sequence[str], module: Module, *, absolute: bool = False) -> Resolved | None:
        """Say what is added under a path: a class, a function or a module, whichever of the namespaces has it."""
        values = self._program.names.resolve(path, module, Space.VALUES, absolute=absolute)
        if isinstance(values, Item) and values.attributes.has("pyfunction", "pymodule", "pyfn"):
            return values
        types = self._program.names.resolve(path, module, Space.TYPES, absolute=absolute)
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
                return Routine(found)
            case Item(kind=Kind.CONSTANT):
                value = found.node.child_by_field_name("value")
                scope = Scope(module=found.module, text=found.text)
                return self._evaluate(value, scope) if value is not None else UNKNOWN
            case Item(kind=Kind.CALL):  # import_exception!
                return OtherClass(found.name)
            case Module() if found.item is not None and found.item.attributes.has("pymodule"):
                return Wrapped(found)
            case Foreign():
                return OtherClass("::".join(found.path))
        return UNKNOWN

    def _class_of(self, found: RustType | Item | None, scope: Scope, depth: int = 0) -> Value:
        """Give the class that a type argument names."""
        match found:
            case Item():
                return Class(found) if is_class(found) else UNKNOWN
            case Named(path=("Self",)) if scope.own is not None:
                return self._class_of(scope.own, scope)
            case Named(path=(name,)) if name in scope.types and depth < DEEPEST:
                return self._class_of(scope.types[name], scope, depth + 1)
            case Named(path=path):
                target = self.find(path, scope.module)
                if target is None and path[-1].startswith("Py"):
                    return OtherClass(path[-1])
                if isinstance(target, Item) and not is_class(target) and target.kind is not Kind.CALL:
                    return UNKNOWN
                return self.value(target)
        return UNKNOWN

    # ---- running

    def run(self, node: Node, scope: Scope, arguments: Sequence[Value]) -> Value:
        """Read the body of a function with its parameters bound."""
        key = (node.id, id(next((one for one in arguments if isinstance(one, Draft)), None)))
        body = node.child_by_field_name("body")
        if body is None or key in self._active or scope.depth > DEEPEST:
            for one in arguments:
                if isinstance(one, Draft) and body is not None:
                    one.miss(scope.text.place(node), "functions call each other too deeply")
            return UNKNOWN
        parameters = members(node.child_by_field_name("parameters"), scope.module.library.build, "parameter", "self_parameter")
        for (parameter, _), value in zip(parameters, arguments, strict=False):
            self._bind(parameter.child_by_field_name("pattern") if parameter.type == "parameter" else None, value, scope)
            if parameter.type == "self_parameter":
                scope.variables["self"] = value
        if body.has_error:
            for one in arguments:
                if isinstance(one, Draft):
                    one.miss(scope.text.place(body), "this is not Rust that can be read")
        scope.module = self._program.inside_function(scope.module, body, scope.text)
        self._active.add(key)
        try:
            result = self._block(body, scope)
        finally:
            self._active.discard(key)
        last = next((one for one in reversed(body.named_children) if one.type not in ("line_comment", "block_comment")), body)
        if scope.ended is Ended.FAILED or _fails(last):
            for draft in (one for value in arguments for one in modules_in(value)):
                draft.miss(scope.text.place(last), "the code that fills the module fails")
        self._nested(scope)
        return result

    def _nested(self, scope: Scope) -> None:
        """Add the `#[pyfn(m)]` functions inside of a function."""
        for item in scope.module.items if scope.module.block else ():
            for attribute in item.attributes.named("pyfn"):
                parts = split(attribute.arguments)
                target = scope.variables.get(write(parts[0])) if parts else None
                if isinstance(target, Draft):
                    self._add(target, Wrapped(item), None, item.place, None)

    def _bind(self, pattern: Node | None, value: Value, scope: Scope) -> None:
        """Bind the names of a pattern."""
        match pattern.type if pattern is not None else "":
            case "identifier":
                scope.variables[unraw(content(pattern))] = value
            case "mut_pattern" | "ref_pattern" | "reference_pattern" | "captured_pattern" | "tuple_struct_pattern" if pattern is not None:
                self._bind(pattern.named_children[-1] if pattern.named_children else None, value, scope)
            case "tuple_pattern" if pattern is not None:
                values = value.values if isinstance(value, Series) else ()
                for index, one in enumerate(child for child in pattern.named_children):
                    self._bind(one, values[index] if index < len(values) else UNKNOWN, scope)

    def _block(self, node: Node, scope: Scope) -> Value:
        raws: list[str] = []
        result: Value = UNKNOWN
        outer, before = scope.condition, scope.rest
        for child in node.named_children:
            if scope.ended is not None:
                break
            if child.type == "attribute_item":
                raws.append(content(child.named_children[0]) if child.named_child_count else "")
                continue
            if child.type in ("line_comment", "block_comment"):
                continue
            build = scope.module.library.build
            attributes = judged(raws, build) if raws else Attributes()
            if attributes is None and awaits_feature(raws, build):
                self._wait(child, scope)
            raws = []
            if attributes is not None:
                rest = scope.rest if scope.rest != before else None
                scope.condition = joined(outer, rest, attributes.condition)
                result = self._evaluate(child, scope) if attributes.condition is None else self._maybe(child, scope, f"not({attributes.condition})")
        scope.condition = outer
        return result

    def _wait(self, node: Node, scope: Scope) -> None:
        """Note a statement about a module that waits for a feature."""
        words = set(names(trees(content(node))))
        for name, value in scope.variables.items():
            if isinstance(value, Draft) and name in words:
                self.waiting.append((value, scope.text.place(node)))

    def _evaluate(self, node: Node, scope: Scope) -> Value:
        """Give the value of an expression or a statement, doing what it does to modules."""
        self._steps += 1
        if self._steps > MOST_STEPS or self._depth > DEEPEST_EXPRESSION:
            self._give_up(node, scope)
            return UNKNOWN
        reading = _READINGS.get(node.type)
        if reading is not None:
            self._depth += 1
            try:
                return reading(self, node, scope)
            finally:
                self._depth -= 1
        if node.type not in _DECLARATIONS:
            self._depth += 1
            self._last(node, scope)
            self._depth -= 1
        return UNKNOWN

    def _give_up(self, node: Node, scope: Scope) -> None:
        """Tell every module that not all of the code that fills it was read."""
        why = f"more than {MOST_STEPS} expressions fill the module" if self._steps > MOST_STEPS else "expressions nest too deeply"
        for draft in self.drafts:
            if not any(one.why == why for one in draft.blind):
                draft.miss(scope.text.place(node), why)

    def _literal(self, node: Node, scope: Scope) -> Value:
        del scope
        written = content(node)
        said = unquote(written)
        return Words(said) if said is not None else Code(python_default(trees(written)), _LITERALS.get(node.type))

    def _series(self, node: Node, scope: Scope) -> Value:
        return Series(tuple(self._evaluate(one, scope) for one in _expressions(node)))

    def _index(self, node: Node, scope: Scope) -> Value:
        """Give a field: of a tuple, what stands there."""
        value = self._evaluate(_field(node, "value"), scope)
        index = content(node.child_by_field_name("field"))
        if isinstance(value, Record):
            return value.fields.get(index, UNKNOWN)
        return value.values[int(index)] if isinstance(value, Series) and index.isdigit() and int(index) < len(value.values) else UNKNOWN

    def _record(self, node: Node, scope: Scope) -> Value:
        """Give a struct with the values of its fields."""
        fields: dict[str, Value] = {}
        for one in _expressions(node.child_by_field_name("body")):
            if one.type == "shorthand_field_initializer":
                fields[content(one)] = scope.variables.get(content(one), UNKNOWN)
            elif one.type == "field_initializer":
                fields[content(one.child_by_field_name("field"))] = self._evaluate(_field(one, "value"), scope)
        path = _segments(content(node.child_by_field_name("name")))
        return Record((scope.own.name,) if path == ("Self",) and scope.own is not None else path, fields)

    def _first(self, node: Node, scope: Scope) -> Value:
        return self._last(node, scope, index=0)

    def _made(self, node: Node, scope: Scope) -> Value:
        """Take a closure as it is, to be run when it is called."""
        del self
        return Closure(node, scope)

    def _last(self, node: Node, scope: Scope, index: int = -1) -> Value:
        """Evaluate the parts of an expression; give the value of one of them."""
        values = [self._evaluate(one, scope) for one in _expressions(node)]
        return values[index] if values else UNKNOWN

    def _let(self, node: Node, scope: Scope) -> Value:
        value = node.child_by_field_name("value")
        found = self._evaluate(value, scope) if value is not None else UNKNOWN
        self._bind(node.child_by_field_name("pattern"), found, scope)
        alternative = node.child_by_field_name("alternative")
        if alternative is not None:
            pattern = " ".join(content(node.child_by_field_name("pattern")).split())
            self._maybe(alternative, scope, f"let {pattern}")
        return UNKNOWN

    def _return(self, node: Node, scope: Scope) -> Value:
        value = self._last(node, scope)
        scope.ended = Ended.FAILED if any(_fails(one) for one in _expressions(node)) else Ended.RETURNED
        return value

    def _branch(self, node: Node, scope: Scope) -> tuple[Value, Ended | None]:
        """Read code that may not run; say how it ends the function."""
        scope.ended = None
        value = self._evaluate(node, scope)
        ended, scope.ended = scope.ended, None
        return value, ended

    def _maybe(self, node: Node, scope: Scope, unless: str) -> Value:
        """Read code that may not run; where it returns, what follows stands under `unless`."""
        value, ended = self._branch(node, scope)
        if ended is Ended.RETURNED:
            scope.rest = joined(scope.rest, unless)
        return value

    def _while(self, node: Node, scope: Scope) -> Value:
        """Read a loop that may not run at all."""
        self._evaluate(_field(node, "condition"), scope)
        return self._maybe(_field(node, "body"), scope, f"not({' '.join(content(node.child_by_field_name('condition')).split())})")

    def _if(self, node: Node, scope: Scope) -> Value:
        condition = _field(node, "condition")
        outer = scope.condition
        truth: bool | None = None
        if condition.type == "macro_invocation" and macro_name(condition)[-1:] == ("cfg",):
            truth = scope.module.library.build.holds(macro_arguments(condition))
        elif condition.type == "let_condition":
            self._bind(condition.child_by_field_name("pattern"), self._evaluate(_field(condition, "value"), scope), scope)
        else:
            self._evaluate(condition, scope)
        written = " ".join(content(condition).split())
        if condition.type == "boolean_literal":
            truth = written == "true"
        result: Value = UNKNOWN
        ends: list[Ended | None] = [None, None]
        if truth is not False:
            scope.condition = outer if truth else joined(outer, written)
            result, ends[0] = self._branch(_field(node, "consequence"), scope)
        alternative = node.child_by_field_name("alternative")
        if alternative is not None and truth is not True:
            scope.condition = outer if truth is False else joined(outer, f"not({written})")
            other, ends[1] = self._branch(alternative, scope)
            result = other if isinstance(other, Code) else result
        scope.condition = outer
        match truth, ends:
            case (True, [ended, _]) | (False, [_, ended]):
                scope.ended = ended
            case _, [Ended() as first, Ended() as second]:
                scope.ended = Ended.FAILED if first is second is Ended.FAILED else Ended.RETURNED
            case _, [Ended.RETURNED, None]:
                scope.rest = joined(scope.rest, f"not({written})")
            case _, [None, Ended.RETURNED]:
                scope.rest = joined(scope.rest, written)
        return result

    def _match(self, node: Node, scope: Scope) -> Value:
        """Read every arm; the value is that of the first which holds a module, for each of them may be taken."""
        subject = self._evaluate(_field(node, "value"), scope)
        results: list[Value] = []
        ends: list[Ended | None] = []
        for arm in _field(node, "body").named_children:
            if arm.type == "match_arm":
                pattern = arm.child_by_field_name("pattern")
                self._bind(pattern.named_children[0] if pattern is not None and pattern.named_children else None, subject, scope)
                value = arm.child_by_field_name("value")
                if value is not None:
                    result, ended = self._branch(value, scope)
                    results.append(result)
                    ends.append(ended)
        if ends and all(ends):
            scope.ended = Ended.RETURNED if Ended.RETURNED in ends else Ended.FAILED
        elif Ended.RETURNED in ends:
            scope.rest = joined(scope.rest, f"match {' '.join(content(node.child_by_field_name('value')).split())}")
        return next((one for one in results if holds_module(one)), UNKNOWN)

    def _element(self, node: Node, scope: Scope) -> Value:
        """Give what stands at an index; at one that is not known, whichever it is may be a module."""
        base, *rest = (*_expressions(node), node)[:2]
        value = self._evaluate(base, scope)
        index = content(rest[0]) if rest else ""
        if isinstance(value, Series) and index.isdigit() and int(index) < len(value.values):
            return value.values[int(index)]
        for draft in modules_in(value):
            draft.miss(scope.text.place(node), "which of several modules this is, is not known")
        return UNKNOWN

    def _for(self, node: Node, scope: Scope) -> Value:
        series = self._evaluate(_field(node, "value"), scope)
        pattern, body = node.child_by_field_name("pattern"), _field(node, "body")
        if isinstance(series, Series):
            for value in series.values:
                self._bind(pattern, value, scope)
                self._maybe(body, scope, "the loop goes on")
        else:
            self._bind(pattern, UNKNOWN, scope)
            self._maybe(body, scope, "the loop goes on")
        return UNKNOWN

    # ---- names and macros

    def _path(self, node: Node, scope: Scope) -> Value:
        path = _segments(content(node))
        if len(path) == 1 and path[0] in scope.variables:
            return scope.variables[path[0]]
        if not path:
            return UNKNOWN
        target = self._program.names.resolve(path, scope.module, Space.VALUES) if path[0] != "Self" else None
        if isinstance(target, Item | Module):
            found = self.value(target)
            if not (isinstance(found, Code) and not found.text):
                return found
        if isinstance(target, Associated) or path[0] == "Self":
            owner = target.owner if isinstance(target, Associated) else scope.own
            found_value = self._associated_value(owner, path[-1])
            if found_value is not None:
                return found_value
        return Code("::".join(path))

    def _associated_value(self, owner: Item | None, name: str) -> Value | None:
        """Give an associated constant or function of a type."""
        if owner is None:
            return None
        for impl in self._blocks(owner.name):
            target = self._program.names.resolve(impl.type.path, impl.module) if isinstance(impl.type, Named) else None
            if target is not owner:
                continue
            for one in declarations(_field(impl.node, "body"), impl.module.library.build):
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

    def _macro(self, node: Node, scope: Scope) -> Value:
        path, arguments = macro_name(node), macro_arguments(node)
        match path[-1:]:
            case ("wrap_pyfunction" | "wrap_pyfunction_bound" | "wrap_pymodule",):
                return self._wrapped(arguments, scope)
            case ("stringify" | "concat" | "intern" | "c_str",):
                said = constant_text((Token(path[-1]), Token("!"), Group("(", arguments)))
                if said is None and path[-1] in ("intern", "concat"):
                    return self._texts(arguments, scope, joining=path[-1] == "concat")
                return Words(said) if said is not None else UNKNOWN
            case ("vec",):
                return self._evaluate_text(f"[{write(arguments)}]", node, scope)
            case ("env" | "option_env" | "format",):
                return Code(content(node), "str")
            case ("panic" | "todo" | "unimplemented" | "unreachable",):
                scope.ended = Ended.FAILED
                return UNKNOWN
        if not self._program.macros.defines(scope.module, path):
            return self._unknown_macro(node, path, arguments, scope)
        try:
            expanded = self._program.macros.expand(path, arguments, scope.module)
        except OpaqueError as error:
            self._miss_drafts(arguments, scope, node, str(error))
            return UNKNOWN
        return self._evaluate_text(expanded.written(whole=True), node, scope)

    def _texts(self, arguments: Sequence[Tree], scope: Scope, *, joining: bool) -> Value:
        found = [self._evaluate_tokens(part, scope) for part in split(arguments)]
        if joining:
            return Words("".join(one.text for one in found if isinstance(one, Words))) if all(isinstance(one, Words) for one in found) else UNKNOWN
        return found[-1] if found else UNKNOWN

    def _evaluate_tokens(self, parts: Sequence[Tree], scope: Scope) -> Value:
        return self._evaluate_text(write(parts), None, scope)

    def _evaluate_text(self, source: str, node: Node | None, scope: Scope) -> Value:
        """Evaluate Rust text where an expression or statements stand."""
        if scope.text.depth > DEEPEST:
            return UNKNOWN
        root = parse(f"fn expanded() {{ {source}\n }}").root
        function = next((one for one in root.named_children if one.type == "function_item"), None)
        body = function.child_by_field_name("body") if function is not None else None
        if body is None:
            return UNKNOWN
        outer = scope.text
        line = outer.line if outer.line is not None or node is None else node.start_point[0] + 1
        scope.text = Text(path=outer.path, line=line, depth=outer.depth + 1)
        if scope.module.block:
            self._program.declare_more(scope.module, body, scope.text)
        else:
            scope.module = self._program.inside_function(scope.module, body, scope.text)
        try:
            return self._block(body, scope)
        finally:
            scope.text = outer

    def _unknown_macro(self, node: Node, path: tuple[str, ...], arguments: Sequence[Tree], scope: Scope) -> Value:
        if path[-1] not in (
            "println",
            "eprintln",
            "debug",
            "info",
            "assert",
            "debug_assert",
            "panic",
            "dbg",
            "matches",
            "cfg",
            "compile_error",
            "todo",
            "write",
        ):
            self._miss_drafts(arguments, scope, node, f"{path[-1]}! is not defined in the repository")
        return Code(content(node))

    def _miss_drafts(self, arguments: Sequence[Tree], scope: Scope, node: Node, why: str) -> None:
        """Tell the modules that a macro names that something may have happened to them."""
        for name in names(arguments):
            value = scope.variables.get(name)
            if isinstance(value, Draft):
                value.miss(scope.text.place(node), why)

    def _wrapped(self, arguments: Sequence[Tree], scope: Scope) -> Value:
        parts = split(arguments)
        path = _segments(write(parts[0])) if parts else ()
        if len(path) == 1 and path[0] in scope.variables:
            return scope.variables[path[0]]
        found = self.find(path, scope.module) if path else None
        match found:
            case Item() | Module():
                return self.value(found)
        return Code(f"{'::'.join(path)}", "unresolved")

    # ---- calls

    def _call(self, node: Node, scope: Scope) -> Value:
        function = _field(node, "function")
        generics: tuple[RustType, ...] = ()
        if function.type == "generic_function":
            generics = _type_arguments(function.child_by_field_name("type_arguments"))
            function = _field(function, "function")
        given = _field(node, "arguments")
        if function.type == "field_expression":
            receiver_node = _field(function, "value")
            receiver = self._evaluate(receiver_node, scope)
            arguments = [self._evaluate(one, scope) for one in _expressions(given)]
            return self._method(node, receiver, content(function.child_by_field_name("field")), arguments, generics, scope)
        arguments = [self._evaluate(one, scope) for one in _expressions(given)]
        path = _segments(content(function))
        target = scope.variables.get(path[0]) if len(path) == 1 else None
        if isinstance(target, Closure):
            return self._closure(target, arguments)
        if isinstance(target, Routine):
            return self._follow(target.item, arguments, generics, scope)
        if isinstance(target, Wrapped):
            runs = isinstance(target.item, Item) and target.item.kind is Kind.FUNCTION and any(map(holds_module, arguments))
            return self._follow(target.item, arguments, generics, scope) if runs and isinstance(target.item, Item) else target
        known = self._constructor(path, function, arguments, generics, scope, node)
        if known is not None:
            return known
        inner = self._evaluate(function, scope) if function.type not in ("identifier", "scoped_identifier") else None
        if isinstance(inner, Wrapped | Draft):
            return inner
        if isinstance(inner, Closure):
            return self._closure(inner, arguments)
        return self._function_call(path, function, arguments, generics, scope, node)

    def _constructor(
        self, path: tuple[str, ...], function: Node, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope, node: Node
    ) -> Value | None:
        """Give what a function of PyO3 or of the standard library makes; None for any other."""
        match path[-2:]:
            case (*_, "Ok" | "Some" | "Box" | "Arc" | "String" | "Cow"):
                return arguments[0] if arguments else UNKNOWN
            case ("PyModule", "new" | "new_bound"):
                name = next((one.text for one in arguments if isinstance(one, Words)), None)
                return Draft(name=(name or "").rpartition(".")[2], place=scope.text.place(node))
            case ("PyModule", word) if word.startswith("from_code"):
                draft = Draft(name=next((one.text for one in reversed(arguments) if isinstance(one, Words)), ""), place=scope.text.place(node))
                draft.miss(draft.place, "the module is made from Python code inside of Rust")
                return draft
            case (*_, "type_object" | "type_object_bound" | "lazy_type_object"):
                owner = content(function).rpartition("::")[0]
                found = read(owner.strip("<>").partition(" as ")[0]) if owner else read("")
                return self._class_of(found, scope)
            case ("PyType", "new" | "new_bound") if generics:
                return self._class_of(generics[0], scope)
            case ("String" | "Cow" | "PyString" | "CString" | "Arc" | "Rc" | "Box" | "Some", "from" | "new" | "new_bound" | "intern" | "Borrowed" | "Owned"):
                return next((one for one in arguments if isinstance(one, Words | Series | Draft)), UNKNOWN)
        return None

    def _function_call(self, path: tuple[str, ...], function: Node, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope, node: Node) -> Value:
        """Follow a function of the repository when a module goes in or comes out."""
        given = [one for one in arguments if holds_module(one)]
        item, own = self._callee(path, scope)
        if item is not None and (given or self._gives_module(item)):
            return self._follow(item, arguments, generics, scope, own=own)
        if item is not None:
            return Code(content(node), self._annotator.annotation(_result(item), item.module, Position.RETURN, own=own))
        if path[-1:] == ("Err",):
            return UNKNOWN
        resolved = self._program.names.resolve(path, scope.module, Space.VALUES) if path and path[0] != "Self" else None
        foreign = isinstance(resolved, Foreign) and resolved.path[0] in ("std", "core", "alloc", "pyo3")
        for one in given:
            for draft in modules_in(one):
                if not foreign:
                    draft.miss(scope.text.place(node), f"{content(function)} is not found in the repository")
        return given[0] if foreign and given else Code(content(node) if len(content(node)) < 200 else "")

    def _callee(self, path: tuple[str, ...], scope: Scope) -> tuple[Item | None, Item | None]:
        """Find the function that a path calls, and the type that it belongs to."""
        if not path:
            return None, None
        owner: Item | None = None
        if path[0] == "Self" and scope.own is not None and len(path) == 2:
            owner = scope.own
        elif len(path) == 2 and path[0] in scope.types:
            found = scope.types[path[0]]
            named = self._class_of(found, scope)
            owner = named.item if isinstance(named, Class) else found if isinstance(found, Item) else None
        else:
            target = self._program.names.resolve(path, scope.module, Space.VALUES)
            if isinstance(target, Item) and target.kind is Kind.FUNCTION:
                return target, None
            owner = target.owner if isinstance(target, Associated) else None
        if owner is None:
            return None, None
        value = self._associated_value(owner, path[-1])
        return (value.item if isinstance(value, Routine | Wrapped) and isinstance(value.item, Item) else None), owner

    @staticmethod
    def _gives_module(item: Item) -> bool:
        return "PyModule" in content(item.node.child_by_field_name("return_type"))

    def _follow(self, item: Item, arguments: Sequence[Value], generics: tuple[RustType, ...], scope: Scope, *, own: Item | None = None) -> Value:
        """Read a function of the repository with what it is given."""
        inner = Scope(module=item.module, text=item.text, own=own, depth=scope.depth + 1, condition=joined(scope.condition, item.condition))
        parameters = item.node.child_by_field_name("type_parameters")
        generic = (
            [content(one.child_by_field_name("name")) for one in parameters.named_children if one.type == "type_parameter"] if parameters is not None else []
        )
        for name, found in zip(generic, generics, strict=False):
            value = self._class_of(found, scope)
            inner.types[name] = value.item if isinstance(value, Class) else found
        return self.run(item.node, inner, arguments)

    def _closure(self, closure: Closure, arguments: Sequence[Value]) -> Value:
        scope = closure.scope
        key = (closure.node.id, 0)
        if key in self._active:
            return UNKNOWN
        parameters = closure.node.child_by_field_name("parameters")
        for parameter, value in zip(_expressions(parameters), arguments, strict=False):
            self._bind(parameter.child_by_field_name("pattern") if parameter.type == "parameter" else parameter, value, scope)
        self._active.add(key)
        before = scope.ended, scope.rest
        scope.ended = None
        try:
            return self._evaluate(_field(closure.node, "body"), scope)
        finally:
            scope.ended, scope.rest = before
            self._active.discard(key)

    def _method(self, node: Node, receiver: Value, name: str, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope) -> Value:
        if isinstance(receiver, Draft) and not (name in TAKES_CLOSURE and arguments and isinstance(arguments[-1], Closure)):
            return self._module_method(node, receiver, name, arguments, generics, scope)
        if name in ("get_type", "get_type_bound") and generics:
            return self._class_of(generics[0], scope)
        if isinstance(receiver, Record) and (found := self._of_record(receiver, name, scope)) is not None:
            return self._follow(found[0], [receiver, *arguments], generics, scope, own=found[1])
        closure = arguments[-1] if arguments else None
        if isinstance(closure, Closure) and name in TAKES_CLOSURE:
            each = receiver.values if isinstance(receiver, Series) else (receiver,)
            results = tuple(self._closure(closure, [one]) for one in each)
            return Series(results) if isinstance(receiver, Series) else results[0]
        if name in _RUN and len(arguments) == 3:
            for draft in {id(one): one for value in scope.variables.values() for one in modules_in(value)}.values():
                draft.miss(scope.text.place(node), f"{name} runs Python code that may change the module")
        if name in THROUGH:
            return receiver
        if (taken := part(receiver, name, arguments)) is not None:
            return taken
        if name in ("set_item", "append", "insert", "push", "setattr", "add"):  # of a class, or of a dict that holds the module: sys.modules
            if isinstance(receiver, Class | Member) and arguments:
                self._set_on_class(receiver, arguments, scope.text.place(node), scope.condition)
            return UNKNOWN
        if holds_module(receiver) or any(map(holds_module, arguments)):
            self._extension(node, receiver, name, arguments, scope)
        return Code(content(node) if len(content(node)) < 200 else "")

    def _of_record(self, receiver: Record, name: str, scope: Scope) -> tuple[Item, Item] | None:
        """Find a method of a struct of the repository, and the struct."""
        owner = self._program.names.resolve(receiver.type, scope.module)
        value = self._associated_value(owner, name) if isinstance(owner, Item) else None
        found = value.item if isinstance(value, Routine | Wrapped) else None
        return (found, owner) if isinstance(found, Item) and isinstance(owner, Item) else None

    def _set_on_class(self, receiver: Class | Member, arguments: Sequence[Value], place: Place, condition: str | None) -> None:
        """Add what the code sets on a class; on one that does not come out of a module, that is only noted."""
        key = arguments[0]
        if isinstance(key, Words) and key.text in METADATA:
            return
        if isinstance(receiver, Member) and isinstance(key, Words):
            receiver.put(NativeValue(name=key.text, place=place, condition=condition))
        elif isinstance(receiver, Member):
            receiver.owner.miss(place, "the name that is set on the class is not known", receiver.name)
        else:
            self.patched.append((receiver.item, place, key.text if isinstance(key, Words) else ""))

    def _extension(self, node: Node, receiver: Value, name: str, arguments: Sequence[Value], scope: Scope) -> None:
        """Follow a method of the repository that receives a module: the type of its receiver is not known, so its name must be unique."""
        found = [(impl, one) for impl in self._program.impls for one in _methods(impl, name) if "PyModule" in _heads(impl, one)]
        if len(found) == 1:
            impl, one = found[0]
            inner = Scope(module=impl.module, text=impl.text, depth=scope.depth + 1, condition=scope.condition)
            self.run(one, inner, [receiver, *arguments])
            return
        if name in ("call", "call1", "call_method1", "set_item", "append", "eq", "ne"):
            return
        for value in (receiver, *arguments):
            for draft in modules_in(value):
                draft.miss(scope.text.place(node), f"what the method {name} does to the module is not known")

    def _module_method(self, node: Node, draft: Draft, name: str, arguments: list[Value], generics: tuple[RustType, ...], scope: Scope) -> Value:
        place = scope.text.place(node)
        match name:
            case "add_class":
                found = self._class_of(generics[0], scope) if generics else UNKNOWN
                if isinstance(found, Class):
                    self._add(draft, found, None, place, scope.condition)
                else:
                    said = _spelled(generics[0]) if generics else "?"
                    self._miss_class(draft, said, generics, scope, place)
            case "add_function" | "add_wrapped" | "add_submodule":
                value = arguments[0] if arguments else UNKNOWN
                if isinstance(value, Code | Words | Series | OtherClass):
                    said = value.text if isinstance(value, Code) else "?"
                    draft.miss(place, f"{said or content(node)[:80]} is not found in the repository", said.rpartition("::")[2] if said.isidentifier() else "")
                else:
                    self._add(draft, value, None, place, scope.condition)
            case "add" | "setattr" | "set_item":
                self._add_named(node, draft, arguments, place, scope)
            case "add_pyclass" | "add_exception" if generics:
                self._add(draft, self._class_of(generics[0], scope), None, place, scope.condition)
            case "getattr" if arguments and isinstance(key := arguments[0], Words):
                inner = draft.members.get(key.text)
                if isinstance(inner, NativeClass):
                    return Member(draft, key.text)
                return inner if isinstance(inner, Draft) else UNKNOWN
            case _ if name in _DISTURBS:
                self._disturb(draft, name, arguments, place, scope)
            case _ if name in THROUGH:
                return draft
            case _ if name in HARMLESS:
                return UNKNOWN
            case _:
                self._extension(node, draft, name, arguments, scope)
        return draft

    @staticmethod
    def _disturb(draft: Draft, name: str, arguments: Sequence[Value], place: Place, scope: Scope) -> None:
        """Take a name away again, or say that names may be changed: under a condition, under a name that is not known, by other methods."""
        key = arguments[0] if arguments and name in ("delattr", "del_item") else UNKNOWN
        if isinstance(key, Words) and scope.condition in (None, draft.condition):
            draft.members.pop(key.text, None)
        else:
            draft.miss(place, f"what {name} takes away or changes is not known", key.text if isinstance(key, Words) else "")

    def _miss_class(self, draft: Draft, said: str, generics: tuple[RustType, ...], scope: Scope, place: Place) -> None:
        """Tell why what is added is no class that can be read; what Python calls a class from elsewhere is not known."""
        found = generics[0] if generics else None
        target = self.find(found.path, scope.module) if isinstance(found, Named) else None
        if isinstance(target, Item) and target.kind in (Kind.STRUCT, Kind.ENUM):
            draft.miss(place, f"{said} is no #[pyclass] in the source: a macro makes it one", target.name)
        else:
            draft.miss(place, f"the class {said} is not found in the repository")

    def _add_named(self, node: Node, draft: Draft, arguments: list[Value], place: Place, scope: Scope) -> None:
        key, value = (*arguments, UNKNOWN, UNKNOWN)[:2]
        if isinstance(key, Draft):
            key = Words(key.name)
        if isinstance(key, Words):
            if key.text in METADATA:
                return
            if isinstance(value, Code) and value.type is None:
                value = Code(" ".join(value.text.split()))
            self._add(draft, value, key.text, place, scope.condition)
        else:
            said = next(iter(_expressions(_field(node, "arguments"))), None)
            draft.miss(place, f"the name {content(said)[:60]} is not known")


_RUN = {"run", "run_bound", "eval", "eval_bound"}
"""What runs Python code: with the code, its globals and its locals."""


def _fails(node: Node) -> bool:
    """Say whether an expression is an error: `Err(...)`."""
    return node.type == "call_expression" and content(node.child_by_field_name("function")) in ("Err", "Result::Err")


def _result(item: Item) -> RustType:
    node = item.node.child_by_field_name("return_type")
    return read(content(node)) if node is not None else Tuple()


def _field(node: Node, name: str) -> Node:
    found = node.child_by_field_name(name)
    return found if found is not None else next(reversed(node.named_children), node)


def _expressions(node: Node | None) -> Iterator[Node]:
    if node is None:
        return iter(())
    return (one for one in node.named_children if one.type not in ("line_comment", "block_comment", "attribute_item", "mutable_specifier", "label"))


_QUALIFIED = pattern(r"<\s*([\w:]+)\s+as\s+[^>]+>\s*::\s*(\w+)")


def _segments(written: str) -> tuple[str, ...]:
    """Give the parts of a path, without generic arguments and references; `<A as B>::c` is `A::c`."""
    qualified = _QUALIFIED.fullmatch(written)
    found = read(f"{qualified[1]}::{qualified[2]}" if qualified is not None else written.lstrip("& "))
    return found.path if isinstance(found, Named) else ()


def _type_arguments(node: Node | None) -> tuple[RustType, ...]:
    return tuple(read(content(one)) for one in _expressions(node) if one.type != "lifetime")


def _spelled(found: RustType) -> str:
    return "::".join(found.path) if isinstance(found, Named) else "?"


def _holds_any(values: Sequence[Value]) -> bool:
    return any(holds_module(one) for one in values)


def _methods(impl: Impl, name: str) -> Iterator[Node]:
    body = impl.node.child_by_field_name("body")
    for one in declarations(body, impl.module.library.build) if body is not None else ():
        if one.kind is Kind.FUNCTION and one.name == name:
            yield one.node


def _heads(impl: Impl, method: Node) -> str:
    return content(impl.node.child_by_field_name("type")) + content(method.child_by_field_name("parameters"))


_LITERALS = {"integer_literal": "int", "negative_literal": "int", "float_literal": "float", "boolean_literal": "bool", "char_literal": "str"}
_DECLARATIONS = {
    "function_item", "use_declaration", "struct_item", "impl_item", "enum_item", "const_item", "static_item", "mod_item", "macro_definition", "type_item",
    "line_comment", "block_comment", "empty_statement",
}  # fmt: skip
# ruff: noqa: SLF001
_READINGS: Mapping[str, Callable[[Evaluator, Node, Scope], Value]] = {
    "block": Evaluator._block,
    "let_declaration": Evaluator._let,
    "struct_expression": Evaluator._record,
    "call_expression": Evaluator._call,
    "macro_invocation": Evaluator._macro,
    "closure_expression": Evaluator._made,
    "for_expression": Evaluator._for,
    "while_expression": Evaluator._while,
    "return_expression": Evaluator._return,
    "if_expression": Evaluator._if,
    "match_expression": Evaluator._match,
    "field_expression": Evaluator._index,
    "index_expression": Evaluator._element,
    **dict.fromkeys(("identifier", "scoped_identifier", "self"), Evaluator._path),
    **dict.fromkeys(("string_literal", "raw_string_literal", *_LITERALS), Evaluator._literal),
    **dict.fromkeys(("array_expression", "tuple_expression"), Evaluator._series),
    **dict.fromkeys(("try_expression", "reference_expression", "parenthesized_expression", "expression_statement"), Evaluator._last),
    **dict.fromkeys(("unsafe_block", "async_block", "const_block", "await_expression"), Evaluator._last),
    **dict.fromkeys(("type_cast_expression", "unary_expression", "assignment_expression"), Evaluator._first),
}
"""How each kind of expression is read; what is not here is looked into for its effects."""
