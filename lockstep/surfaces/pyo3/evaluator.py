"""The functions that receive a module, read as data by a small evaluator: it knows modules, classes, texts, lists and calls, and nothing else.

What it does not know and what touches the module becomes a blind spot. Here is what it keeps while it reads, and how functions and blocks run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from lockstep.model import Place
from lockstep.surfaces.pyo3.annotations import Annotator
from lockstep.surfaces.pyo3.syntax import expressions, field, is_error
from lockstep.surfaces.pyo3.value_resolution import ValueResolver
from lockstep.surfaces.pyo3.values import UNKNOWN, Closure, Draft, Ended, Scope, Series, Value, Wrapped, captured, miss
from lockstep.surfaces.rust_source.attributes import Attributes, awaits_feature, judged
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import content, members
from lockstep.surfaces.rust_source.module_tree import Item
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import names, split, trees, unraw, write

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 40
"""How deep functions may call functions that fill a module."""
DEEPEST_EXPRESSION = 150
"""How deep expressions may nest, those of called functions included."""
MOST_STEPS = 50_000
"""Expressions that are looked at for one extension."""


class Adder(Protocol):
    """Puts a value into a module, under its own name unless one is given."""

    def __call__(self, draft: Draft, value: Value, name: str | None, place: Place, condition: str | None) -> None:
        """Add it."""
        ...


class Evaluator:
    """Reads the code of one program; `add` is told what goes into which module, `expressions` says how each kind of expression is read."""

    def __init__(self, program: Program, annotator: Annotator, add: Adder, expressions: Mapping[str, ExpressionReader]) -> None:
        self.program = program
        self.annotator = annotator
        self.add = add
        self.names = ValueResolver(program, self.evaluate)
        self._expressions = expressions
        self._steps = 0
        self._depth = 0
        self._active: set[tuple[int, int]] = set()
        self._closures: dict[int, Closure] = {}
        self._ran: set[int] = set()
        self.drafts: list[Draft] = []
        """The modules that are read, all of which a budget that runs out concerns."""
        self.patched: list[tuple[Item, Place, str]] = []
        """Classes on which an attribute is set after they are made, and its name."""
        self.inactive_statements: list[tuple[Draft, Place]] = []
        """Statements about a module that wait for a feature."""

    def run(self, node: Node, scope: Scope, arguments: Sequence[Value]) -> Value:
        """Read the body of a function with its parameters bound."""
        key = (node.id, id(next((one for one in arguments if isinstance(one, Draft)), None)))
        whole = self.program.whole(node, scope.text)
        body = whole.child_by_field_name("body") if whole is not None else None
        if whole is None or body is None or key in self._active or scope.depth > DEEPEST:
            why = "what a macro is given for this function is not read" if whole is None else "functions call each other too deeply"
            if whole is None or body is not None:
                miss(arguments, scope.text.place(node), why, cut=True)
            return UNKNOWN
        node = whole
        parameters = members(node.child_by_field_name("parameters"), scope.module.library.build, "parameter", "self_parameter")
        for (parameter, _), value in zip(parameters, arguments, strict=False):
            self.bind(parameter.child_by_field_name("pattern") if parameter.type == "parameter" else None, value, scope)
            if parameter.type == "self_parameter":
                scope.variables["self"] = value
        if body.has_error:
            for one in arguments:
                if isinstance(one, Draft):
                    one.miss(scope.text.place(body), "lockstep's parser cannot read this")
        scope.module = self.program.inside_function(scope.module, body, scope.text)
        self._active.add(key)
        try:
            result = self.block(body, scope)
        finally:
            self._active.discard(key)
        last = next((one for one in reversed(body.named_children) if one.type not in ("line_comment", "block_comment")), body)
        if scope.ended is Ended.FAILED or is_error(last):
            miss(arguments, scope.text.place(last), "the code that fills the module fails")
        self._add_inner_functions(scope)
        self._tell_closures(scope)
        return result

    def closure(self, node: Node, scope: Scope) -> Closure:
        """Take a closure as it is, to be run when it is called."""
        return self._closures.setdefault(node.id, Closure(node, scope))

    def _tell_closures(self, scope: Scope) -> None:
        """Tell the modules that a closure of a function changes, where nothing that was read has run it: whoever has it may run it, or not."""
        for number, closure in tuple(self._closures.items()):
            if closure.scope is not scope or number in self._ran:
                continue
            drafts = captured(closure)
            copies = {name: Draft(name=draft.name, place=draft.place, members=dict(draft.members)) for name, draft in drafts.items()}
            kept, add = dict(scope.variables), self.add
            scope.variables.update(copies)
            self.add = _note_addition
            try:
                self.run_closure(closure, ())
            finally:
                self.add = add
                scope.variables.clear()
                scope.variables.update(kept)
            for name, draft in drafts.items():
                if copies[name].blind or copies[name].members.keys() != draft.members.keys():
                    draft.miss(scope.text.place(closure.node), "what runs this closure is not known")

    def _add_inner_functions(self, scope: Scope) -> None:
        """Add the `#[pyfn(m)]` functions inside of a function."""
        for item in scope.module.items if scope.module.block else ():
            for attribute in item.attributes.named("pyfn"):
                parts = split(attribute.arguments)
                target = scope.variables.get(write(parts[0])) if parts else None
                if isinstance(target, Draft):
                    self.add(target, Wrapped(item), None, item.place, None)

    def run_closure(self, closure: Closure, arguments: Sequence[Value]) -> Value:
        """Read the body of a closure with its parameters bound; one that calls itself ends there."""
        scope = closure.scope
        key = (closure.node.id, 0)
        if key in self._active:
            return UNKNOWN
        parameters = closure.node.child_by_field_name("parameters")
        for parameter, value in zip(expressions(parameters), arguments, strict=False):
            self.bind(parameter.child_by_field_name("pattern") if parameter.type == "parameter" else parameter, value, scope)
        self._active.add(key)
        self._ran.add(closure.node.id)
        before = scope.ended, scope.rest
        scope.ended = None
        try:
            return self.evaluate(field(closure.node, "body"), scope)
        finally:
            scope.ended, scope.rest = before
            self._active.discard(key)

    def bind(self, pattern: Node | None, value: Value, scope: Scope) -> None:
        """Bind the names of a pattern."""
        match pattern.type if pattern is not None else "":
            case "identifier":
                scope.variables[unraw(content(pattern))] = value
            case "mut_pattern" | "ref_pattern" | "reference_pattern" | "captured_pattern" | "tuple_struct_pattern" if pattern is not None:
                self.bind(pattern.named_children[-1] if pattern.named_children else None, value, scope)
            case "tuple_pattern" if pattern is not None:
                values = value.values if isinstance(value, Series) else ()
                for index, one in enumerate(child for child in pattern.named_children):
                    self.bind(one, values[index] if index < len(values) else UNKNOWN, scope)

    def block(self, node: Node, scope: Scope) -> Value:
        """Read the statements of a block that this build has; give the value of the last."""
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
                self._note_inactive(child, scope)
            raws = []
            if attributes is not None:
                rest = scope.rest if scope.rest != before else None
                scope.condition = joined(outer, rest, attributes.condition)
                result = self.evaluate(child, scope) if attributes.condition is None else self.maybe(child, scope, f"not({attributes.condition})")
        scope.condition = outer
        return result

    def _note_inactive(self, node: Node, scope: Scope) -> None:
        """Note a statement about a module that waits for a feature."""
        words = set(names(trees(content(node))))
        for name, value in scope.variables.items():
            if isinstance(value, Draft) and name in words:
                self.inactive_statements.append((value, scope.text.place(node)))

    def branch(self, node: Node, scope: Scope) -> tuple[Value, Ended | None]:
        """Read code that may not run; say how it ends the function."""
        scope.ended = None
        value = self.evaluate(node, scope)
        ended, scope.ended = scope.ended, None
        return value, ended

    def maybe(self, node: Node, scope: Scope, unless: str) -> Value:
        """Read code that may not run; where it returns, what follows stands under `unless`."""
        value, ended = self.branch(node, scope)
        if ended is Ended.RETURNED:
            scope.rest = joined(scope.rest, unless)
        return value

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """Give the value of an expression or a statement, doing what it does to modules."""
        self._steps += 1
        if self._steps > MOST_STEPS or self._depth > DEEPEST_EXPRESSION:
            self._give_up(node, scope)
            return UNKNOWN
        reading = self._expressions.get(node.type)
        if reading is not None:
            self._depth += 1
            try:
                return reading(self, node, scope)
            finally:
                self._depth -= 1
        if node.type not in _DECLARATIONS:
            self._depth += 1
            self.evaluate_parts(node, scope)
            self._depth -= 1
        return UNKNOWN

    def evaluate_parts(self, node: Node, scope: Scope, index: int = -1) -> Value:
        """Evaluate the parts of an expression; give the value of one of them."""
        values = [self.evaluate(one, scope) for one in expressions(node)]
        return values[index] if values else UNKNOWN

    def _give_up(self, node: Node, scope: Scope) -> None:
        """Tell every module that not all of the code that fills it was read."""
        why = f"more than {MOST_STEPS} expressions fill the module" if self._steps > MOST_STEPS else "expressions nest too deeply"
        for draft in self.drafts:
            if not any(one.why == why for one in draft.blind):
                draft.miss(scope.text.place(node), why, cut=True)


def _note_addition(draft: Draft, value: Value, name: str | None, place: Place, condition: str | None) -> None:
    """Note that something is added to a module, whatever it is."""
    del value, name, condition
    draft.miss(place, "something is added")


_DECLARATIONS = {
    "function_item", "use_declaration", "struct_item", "impl_item", "enum_item", "const_item", "static_item", "mod_item", "macro_definition", "type_item",
    "line_comment", "block_comment", "empty_statement",
}  # fmt: skip

ExpressionReader: TypeAlias = Callable[[Evaluator, "Node", Scope], Value]
"""Gives the value of one kind of expression, doing what it does to modules."""
