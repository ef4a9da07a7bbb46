"""Does a value of one type go where another type is asked for?

`assignable` answers as a type checker would, and says that it does not know where it does not: a class from elsewhere, a protocol.

Source: https://typing.python.org/en/latest/spec/concepts.html#assignability
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache

from lockstep.comparison.python_stdlib import STRUCTURAL, standard_ancestors, standard_classes
from lockstep.comparison.python_type_variables import substituted
from lockstep.comparison.python_types import ANY, DEEPEST, NEVER, OBJECT, Function, Literal, Named, Opaque, Tuple, Type, Union, is_any, union
from lockstep.dataclass import dataclass, field

MOST_STEPS = 500_000
"""How many times types are compared for one package; after that nothing more is known of them."""
WIDEST = 20_000
"""Pairs of members of two unions; where there are more, nothing is known."""


class Answer(Enum):
    """Whether a type fits another."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """What is known of the classes of a package.

    `ancestors` gives all bases of a class of its own, None for a name that it does not define. `is_protocol` says that a class is fit by its methods.
    `bounds` are those of type variables, by their names: what is not one of them and has no dot is a class that nobody knows. `steps` are
    those that are left: every comparison takes one.
    """

    ancestors: Callable[[str], tuple[str, ...] | None]
    is_protocol: Callable[[str], bool] = lambda _: False
    bounds: Mapping[str, Type] = field(default_factory=dict)
    steps: Iterator[int] = field(default_factory=lambda: iter(range(MOST_STEPS)))


def assignable(source: Type, target: Type, hierarchy: Hierarchy, depth: int = 0) -> Answer:  # noqa: C901, PLR0911, PLR0912 - one case a form
    """Say whether a value of `source` goes where `target` is asked for."""
    if source in (target, NEVER) or is_any(source) or is_any(target) or target == OBJECT:
        return Answer.YES
    if depth > DEEPEST or next(hierarchy.steps, None) is None:
        return Answer.UNKNOWN
    deeper = depth + 1
    match source, target:
        case (Union(), _):
            left = source.members - target.members if isinstance(target, Union) else source.members
            if isinstance(target, Union) and len(left) * len(target.members) > WIDEST:
                return Answer.UNKNOWN
            return _all(_union_member(one, source, target, hierarchy, deeper) for one in left)
        case (Named(name=name), _) if name in hierarchy.bounds and not (isinstance(target, Union) and source in target.members):
            return assignable(hierarchy.bounds[name], target, hierarchy, deeper)
        case (_, Union()):
            if source == Named("builtins.bool") and {Literal("True", "builtins.bool"), Literal("False", "builtins.bool")} <= target.members:
                return Answer.YES
            return _any(assignable(source, one, hierarchy, deeper) for one in target.members)
        case (_, Named(name=name)) if name in hierarchy.bounds:
            return Answer.UNKNOWN
        case (Opaque(), _) | (_, Opaque()):
            return Answer.UNKNOWN
        case (Literal(), Literal()):
            return Answer.NO
        case (Literal(cls=cls), _):
            return assignable(Named(cls), target, hierarchy, deeper)
        case (_, Literal()):
            return Answer.NO if _is_known(source, hierarchy) else Answer.UNKNOWN
        case (Function(), Function()):
            return _functions(source, target, hierarchy, deeper)
        case (Function(), Named()):
            if not _is_known(target, hierarchy) or hierarchy.is_protocol(target.name):
                return Answer.UNKNOWN
            return _answer(target.name == "collections.abc.Hashable")
        case (Named(name="builtins.type"), Function()):
            return Answer.YES
        case (_, Function()):
            return Answer.UNKNOWN if isinstance(source, Named) and not _is_standard(source) else Answer.NO
        case (Tuple(), Tuple()):
            return _tuples(source, target, hierarchy, deeper)
        case (Tuple(), Named()):
            if target.name == "collections.abc.Hashable":
                return Answer.YES
            item = union([*source.items, *([source.rest] if source.rest else [])]) if source.items or source.rest else NEVER
            return _classes(Named("collections.abc.Sequence", (item,)), target, hierarchy, deeper)
        case (Named(), Tuple()):
            if _is_standard(source):
                return Answer.NO
            return Answer.YES if "builtins.tuple" in (_ancestors(source.name, hierarchy) or ()) else _unrelated(source, hierarchy)
        case (Named(), Named()):
            if not source.arguments and not target.arguments and _is_standard(source) and _is_standard(target):
                return _among_standard_classes(source, target)
            return _classes(source, target, hierarchy, deeper)
    return Answer.UNKNOWN


@lru_cache(maxsize=4096)
def _among_standard_classes(source: Named, target: Named) -> Answer:
    """Answer for two classes of Python itself, once: no package has a say in it, and every package asks."""
    return _classes(source, target, Hierarchy(ancestors=lambda _: None), 1)


def _union_member(one: Type, source: Union, target: Type, hierarchy: Hierarchy, depth: int) -> Answer:
    """Judge a member of a union: who wrote `Pan | str` meant that the two are not the same, so that `Pan` alone does not take a str."""
    answer = assignable(one, target, hierarchy, depth)
    left = target.members if isinstance(target, Union) else frozenset((target,))
    return Answer.NO if answer is Answer.UNKNOWN and one not in left and left < source.members else answer


def _all(answers: Iterable[Answer]) -> Answer:
    return _decided(answers, Answer.NO, Answer.YES)


def _any(answers: Iterable[Answer]) -> Answer:
    return _decided(answers, Answer.YES, Answer.NO)


def _decided(answers: Iterable[Answer], decisive: Answer, otherwise: Answer) -> Answer:
    """Give the answer that decides, at once; else that something is not known; else the other one."""
    for answer in answers:
        if answer is decisive:
            return decisive
        otherwise = Answer.UNKNOWN if answer is Answer.UNKNOWN else otherwise
    return otherwise


def _answer(holds: bool) -> Answer:  # noqa: FBT001 - it is the value
    return Answer.YES if holds else Answer.NO


def _is_standard(one: Type) -> bool:
    return not isinstance(one, Named) or one.name in standard_classes()


def _is_known(one: Type, hierarchy: Hierarchy) -> bool:
    return _is_standard(one) or (isinstance(one, Named) and hierarchy.ancestors(one.name) is not None)


def _unrelated(source: Named, hierarchy: Hierarchy) -> Answer:
    """Answer where no base of `source` fits: no, if all of its bases are known."""
    ancestors = _ancestors(source.name, hierarchy)
    known = ancestors is not None and all(name in standard_classes() or hierarchy.ancestors(name) is not None for name in ancestors)
    return Answer.NO if known else Answer.UNKNOWN


def _ancestors(name: str, hierarchy: Hierarchy) -> tuple[str, ...] | None:
    if name in standard_classes():
        return standard_ancestors(name)
    return hierarchy.ancestors(name)


def _functions(source: Function, target: Function, hierarchy: Hierarchy, depth: int) -> Answer:
    returns = assignable(source.returns, target.returns, hierarchy, depth)
    if source.parameters is None or target.parameters is None:
        return returns
    if len(source.parameters) != len(target.parameters):
        return Answer.NO
    return _all([returns, *(assignable(theirs, ours, hierarchy, depth) for ours, theirs in zip(source.parameters, target.parameters, strict=True))])


def _tuples(source: Tuple, target: Tuple, hierarchy: Hierarchy, depth: int) -> Answer:
    if target.rest is not None:
        parts = [*source.items, *([source.rest] if source.rest is not None else [])]
        return _all(assignable(one, target.rest, hierarchy, depth) for one in parts)
    if source.rest is not None:
        return _answer(source.rest == ANY)
    if len(source.items) != len(target.items):
        return Answer.NO
    return _all(assignable(one, other, hierarchy, depth) for one, other in zip(source.items, target.items, strict=True))


def _classes(source: Named, target: Named, hierarchy: Hierarchy, depth: int) -> Answer:
    if source.name == target.name:
        return _arguments(source, target, hierarchy, depth)
    if (ours := standard_classes().get(source.name)) is not None:
        if target.name not in standard_classes():
            return Answer.NO if hierarchy.ancestors(target.name) is not None and not hierarchy.is_protocol(target.name) else Answer.UNKNOWN
        given = dict(zip((one.lstrip("+-") for one in ours.parameters), source.arguments or (ANY,) * len(ours.parameters), strict=False))
        return _any(assignable(substituted(base, given), target, hierarchy, depth) for base in ours.bases)
    ancestors = hierarchy.ancestors(source.name)
    if ancestors is None or hierarchy.is_protocol(target.name):
        return Answer.YES if ancestors and target.name in ancestors else Answer.UNKNOWN
    if target.name in ancestors or target.name == "collections.abc.Hashable":
        return Answer.YES
    if target.name not in standard_classes():
        return _unrelated(source, hierarchy)
    found = _any(assignable(Named(one), target, hierarchy, depth) for one in ancestors if one in standard_classes())
    return found if found is Answer.YES else Answer.UNKNOWN if target.name in STRUCTURAL else _unrelated(source, hierarchy)


def _arguments(source: Named, target: Named, hierarchy: Hierarchy, depth: int) -> Answer:
    if not source.arguments or not target.arguments:
        return Answer.YES
    if len(source.arguments) != len(target.arguments):
        return Answer.UNKNOWN
    ours = standard_classes().get(source.name)
    marks = [one[0] for one in ours.parameters] if ours else []
    answers: list[Answer] = []
    for i, (one, other) in enumerate(zip(source.arguments, target.arguments, strict=True)):
        there, back = assignable(one, other, hierarchy, depth), assignable(other, one, hierarchy, depth)
        match marks[i] if i < len(marks) else "?":
            case "+":
                answers.append(there)
            case "-":
                answers.append(back)
            case "?":  # a class whose variance nobody wrote down
                answers.append(there if there is back else Answer.UNKNOWN)
            case _:
                answers.append(_all((there, back)))
    return _all(answers)
