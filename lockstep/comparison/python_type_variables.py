"""Type variables: what they stand for, and types with something else in a place."""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.comparison.python_types import DEEPEST, NEVER, Function, Named, Tuple, Type, Union, union


def bind(template: Type, given: Type, variables: frozenset[str], bound: dict[str, Type]) -> None:  # noqa: C901 - one case a form
    """Find what the type variables of `template` stand for where `given` is in its place; what is bound first stays."""
    match template, given:
        case (Named(name=name), _) if name in variables:
            bound.setdefault(name, given)
        case (Named(name=name, arguments=ours), Named(name=other, arguments=theirs)) if name == other:
            for one, two in zip(ours, theirs, strict=False):
                bind(one, two, variables, bound)
        case (Tuple(items=ours, rest=rest), Tuple(items=theirs, rest=last)):
            for one, two in zip(ours, theirs, strict=False):
                bind(one, two, variables, bound)
            if rest is not None and last is not None:
                bind(rest, last, variables, bound)
        case (Function(parameters=ours_taken, returns=returned), Function(parameters=theirs_taken, returns=other_returned)):
            for one, two in zip(ours_taken or (), theirs_taken or (), strict=False):
                bind(one, two, variables, bound)
            bind(returned, other_returned, variables, bound)
        case (Union(members=ours_members), Union(members=theirs_members)):
            rest_ours, rest_theirs = ours_members - theirs_members, theirs_members - ours_members
            if len(rest_ours) == 1:
                bind(next(iter(rest_ours)), union(rest_theirs) if rest_theirs else NEVER, variables, bound)
        case (Union(members=members), _):
            for one in members:
                bind(one, given, variables, bound)


def free_variables(one: Type, depth: int = 0) -> frozenset[str]:
    """Give the names without a dot: classes are written in full, so that these are type variables, if only of a base."""
    if depth > DEEPEST:
        return frozenset()
    match one:
        case Named(name=name, arguments=arguments):
            own = frozenset((name,)) if "." not in name and name != "None" else frozenset()
            return own.union(*(free_variables(part, depth + 1) for part in arguments))
        case Union(members=members):
            return frozenset[str]().union(*(free_variables(part, depth + 1) for part in members))
        case Function(parameters=parameters, returns=returns):
            return free_variables(returns, depth + 1).union(*(free_variables(part, depth + 1) for part in parameters or ()))
        case Tuple(items=items, rest=rest):
            return frozenset[str]().union(*(free_variables(part, depth + 1) for part in (*items, *((rest,) if rest is not None else ()))))
    return frozenset()


def substituted(one: Type, bound: Mapping[str, Type], depth: int = 0) -> Type:
    """Put what they stand for in the place of type variables."""
    if not bound or depth > DEEPEST:
        return one

    def inner(part: Type) -> Type:
        return substituted(part, bound, depth + 1)

    match one:
        case Named(name=name) if name in bound:
            return bound[name]
        case Named(name=name, arguments=arguments):
            return Named(name, tuple(inner(part) for part in arguments))
        case Union(members=members):
            return union(inner(part) for part in members)
        case Function(parameters=parameters, returns=returns):
            return Function(None if parameters is None else tuple(inner(part) for part in parameters), inner(returns))
        case Tuple(items=items, rest=rest):
            return Tuple(tuple(inner(part) for part in items), None if rest is None else inner(rest))
    return one


def replaced(one: Type, old: Type, new: Type, depth: int = 0) -> Type:
    """Put `new` wherever `old` stands, in a union too that has its members among others."""
    if one == old:
        return new
    if depth > DEEPEST:
        return one

    def inner(part: Type) -> Type:
        return replaced(part, old, new, depth + 1)

    match one:
        case Named(name=name, arguments=arguments):
            return Named(name, tuple(inner(part) for part in arguments))
        case Union(members=members):
            wanted = old.members if isinstance(old, Union) else frozenset((old,))
            if wanted <= members:
                return union([new, *(inner(part) for part in members - wanted)])
            return union(inner(part) for part in members)
        case Function(parameters=parameters, returns=returns):
            return Function(None if parameters is None else tuple(inner(part) for part in parameters), inner(returns))
        case Tuple(items=items, rest=rest):
            return Tuple(tuple(inner(part) for part in items), None if rest is None else inner(rest))
    return one
