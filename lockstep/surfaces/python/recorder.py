"""What griffe drops of a module, noted while it reads: every definition of a name, the condition that each stands under, the syntax behind it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from lockstep.dataclass import dataclass, field
from lockstep.model import Place
from lockstep.surface import Signature
from lockstep.surfaces.python.names import dotted
from lockstep.surfaces.python.reachability import truth_of
from lockstep.surfaces.python.skeleton import whole

if TYPE_CHECKING:
    import griffe

    Name: TypeAlias = griffe.Object | griffe.Alias


@dataclass(slots=True, kw_only=True)
class Fact:
    """What stands behind one of griffe's objects, `thing`; it is held here, for facts are found by the identity of their things.

    `node` is its syntax, None for what Rust defines. `guarded`: only type checkers see it. `explicit`: imported as `X as X`.
    """

    thing: object = None
    node: ast.AST | None = None
    line: int | None = None
    condition: str | None = None
    guarded: bool = False
    explicit: bool = False
    instance: bool = False
    place: Place | None = None
    call: Signature | None = None
    annotation: str | None = None
    value: str | None = None
    bases: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    deprecation: str = ""


@dataclass(slots=True)
class _Bound:
    """One definition of a name in a scope."""

    thing: Name
    fact: Fact
    branch: tuple[tuple[int, int], ...]
    """The choices that it stands in: (which `if` or `try`, which part of it)."""


def take_overloads(scope: griffe.Module | griffe.Class) -> None:
    """Let the first overload stand for a function that has no other definition: a stub's way."""
    for name, overloads in scope.overloads.items():
        if overloads and name not in scope.members:
            overloads[0].overloads = list(overloads)
            overloads[0].parent = scope
            scope.members[name] = overloads[0]
    for member in list(scope.members.values()):
        if not member.is_alias and member.is_class:
            take_overloads(cast("griffe.Class", member))


@dataclass(slots=True)
class Recorder:
    """Stands where griffe expects its extensions, and notes what it is told: every definition of every name."""

    facts: dict[int, Fact]
    bound: dict[tuple[int, str], list[_Bound]] = field(default_factory=dict)
    scopes: dict[int, griffe.Module | griffe.Class] = field(default_factory=dict)

    def has_hooks(self, *_: str) -> bool:
        """Say that every event is wanted."""
        return True

    def call(self, event: str, **told: Any) -> None:  # noqa: ANN401 - griffe's own signature
        """Note one definition; events of other kinds are passed over."""
        if event == "on_attribute_node":
            told["node"].parent = _Alone(told["node"].parent)
            return
        if event == "on_instance":
            thing = told["obj"]
        elif event == "on_alias_instance":
            thing = told["alias"]
        else:
            return
        node, scope = told["node"], told["agent"].current
        instance = scope is not None and scope.is_function
        if instance:
            scope = scope.parent
        fact, branch = _fact(node, thing, instance=instance)
        self.facts[id(thing)] = fact
        alias = event == "on_alias_instance"
        owner = thing.parent if not alias and thing.is_class else scope
        if owner is not None and (alias or not thing.is_module) and owner.members.get(thing.name) is thing:
            self.scopes[id(owner)] = owner
            self.bound.setdefault((id(owner), thing.name), []).append(_Bound(thing, fact, branch))

    def settle(self) -> None:
        """Choose the definition that a name stands for, where there are several."""
        for (scope, name), found in self.bound.items():
            if len(found) > 1 or found[0].fact.condition:
                self.scopes[scope].members[name] = _chosen(found)


class _Alone(ast.AST):
    """Stands for the parent of an assignment: griffe walks through all that the parent has to find the docstring behind each one, which nobody asks for."""

    _fields = ()

    def __init__(self, parent: ast.AST) -> None:
        super().__init__()
        self.parent = parent


def _parent(node: ast.AST) -> Any:  # noqa: ANN401 - a statement of any kind, None for a module
    found = getattr(node, "parent", None)
    return found.parent if isinstance(found, _Alone) else found


def _fact(node: ast.AST, thing: Name, *, instance: bool) -> tuple[Fact, tuple[tuple[int, int], ...]]:
    conditions: list[str] = []
    branch: list[tuple[int, int]] = []
    guarded = False
    inner, outer = node, _parent(node)
    while outer is not None and not isinstance(outer, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        match whole(outer):
            case ast.If(test=test) if truth_of(test) is not None:
                pass  # the side that is not taken is not here
            case ast.If(test=test):
                negative = id(inner) in outer.otherwise
                if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _is_type_checking(test.operand):
                    test, negative = test.operand, not negative
                typing = _is_type_checking(test)
                guarded |= typing and not negative
                branch.append((id(outer), int(negative)))
                if not typing:
                    conditions.append(f"not ({ast.unparse(test)})" if negative else ast.unparse(test))
            case ast.Try():
                handlers = [one for one in outer.handlers if one is inner]
                branch.append((id(outer), outer.handlers.index(inner) + 1 if handlers else 0))
                if handlers:
                    kind = getattr(whole(inner), "type", None)
                    conditions.append(f"except {ast.unparse(kind)}" if kind else "except")
                elif needed := _needed(outer, inner):
                    conditions.append(f"try {needed}")
        inner, outer = outer, _parent(outer)
    explicit = False
    if isinstance(node, ast.Import | ast.ImportFrom):
        explicit = any(one.asname is not None and one.asname == one.name == thing.name for one in node.names)
    fact = Fact(
        thing=thing,
        node=whole(node),
        line=getattr(node, "lineno", None),
        condition=" and ".join(reversed(conditions)) or None,
        guarded=guarded,
        explicit=explicit,
        instance=instance,
    )
    return fact, tuple(branch)


def _needed(choice: ast.Try, inner: ast.AST) -> str:
    """Give the import without which the rest of a `try` does not run, where a handler goes on as if nothing were: empty without one."""
    if inner not in choice.body or all(isinstance((whole(one).body or [None])[-1], ast.Raise) for one in choice.handlers):  # type: ignore[attr-defined]
        return ""
    before = choice.body[: choice.body.index(inner)]
    return ", ".join(ast.unparse(one) for one in before if isinstance(one, ast.Import | ast.ImportFrom))


def _is_type_checking(test: ast.expr) -> bool:
    return dotted(test).rpartition(".")[2] == "TYPE_CHECKING"


def _chosen(found: list[_Bound]) -> Name:
    """Give the definition that stands: what a class body says before what `__init__` assigns, the last that needs no condition, else the first."""
    body = [one for one in found if not one.fact.instance] or found
    real = [one for one in body if not is_nothing(one.fact.node)] or body
    always = [one for one in real if not one.branch]
    chosen = always[-1] if always else real[0]
    if always or _is_exhaustive(body):
        chosen.fact.condition = None
    chosen.fact.guarded = all(one.fact.guarded for one in found)
    return chosen.thing


def is_nothing(node: ast.AST | None) -> bool:
    """Say whether a definition only stands in for one that is missing: `np = None`."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value in (None, False)


def _is_exhaustive(found: list[_Bound]) -> bool:
    """Say whether the name is bound whichever way a choice goes."""
    parts: dict[int, set[int]] = {}
    for one in found:
        for choice, part in one.branch[-1:]:
            parts.setdefault(choice, set()).add(part)
    return any(len(sides) > 1 for sides in parts.values())
