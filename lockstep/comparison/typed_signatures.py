"""Two signatures as a type checker sees them: does what callers give still fit, and is what they get still what it was?

What is given may become wider, what comes back narrower; type variables are matched by what stands in their place.
Source: https://typing.python.org/en/latest/spec/callables.html#assignability-rules-for-callables
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lockstep.comparison.call_results import changed_outcomes, result_type
from lockstep.comparison.python_annotations import parse, short
from lockstep.comparison.python_assignability import Answer, assignable
from lockstep.comparison.python_items import CONSTRUCTORS, parent
from lockstep.comparison.python_pairs import PythonPairs
from lockstep.comparison.python_type_variables import bind, free_variables, substituted
from lockstep.comparison.python_types import ANY, NONE, OBJECT, Named, Type, is_any, union
from lockstep.comparison.signatures import Changes, compare
from lockstep.dataclass import dataclass, replace
from lockstep.surface import Item, ItemKind, Parameter, Signature, Surface, Trait, TypeParameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whether what was given for a parameter still fits."""

    old: Parameter
    new: Parameter
    answer: Answer


class TypedCall:
    """One function at two moments; `before` and `after` are its signatures, or two of its overloads."""

    def __init__(self, names: PythonPairs, old: Item, new: Item, before: Signature, after: Signature) -> None:
        self._old, self._new = old, new
        self.before, self.after = before, after
        self.changes: Changes = compare(before, after)
        ours, theirs = _variables(names.base, old), _variables(names.head, new)
        self._known = names.hierarchy(new)
        bounds = {**self._known.bounds, **{name: bound(one) for name, one in ours.items()}}
        self._known = replace(self._known, bounds=bounds)
        self._theirs = theirs
        self._bound = self._bind(_class_variables(names.base, old), _class_variables(names.head, new))

    def _bind(self, old: list[str], new: list[str]) -> dict[str, Type]:
        """Find what the new type variables stand for: those of the class by their order, the others by what stands in their place."""
        found: dict[str, Type] = {theirs: Named(ours) for ours, theirs in zip(old, new, strict=False)}
        for before, after in self.changes.matched:
            if after.annotation is not None:
                wanted = parse(after.annotation)
                bind(wanted, parse(before.annotation) if before.annotation is not None else ANY, free_variables(wanted).union(self._theirs), found)
        return found

    def parameters(self) -> Iterator[Fit]:
        """Judge every parameter that is there at both moments and has a type now."""
        for before, after in self.changes.matched:
            if after.annotation is not None and before.annotation is not None and before.annotation != after.annotation:
                yield Fit(old=before, new=after, answer=self._argument_fits(before, after))
            elif after.annotation is not None and before.annotation is not None and not self._in_bounds(after):
                yield Fit(old=before, new=after, answer=Answer.NO)

    def _argument_fits(self, before: Parameter, after: Parameter) -> Answer:
        source, target = _declared(before), _declared(after)
        if not self._in_bounds(after):
            return Answer.NO
        target = substituted(target, self._bound)
        if is_any(source) and not is_any(target) and target != OBJECT:
            return Answer.UNKNOWN
        return assignable(source, target, self._known)

    def _in_bounds(self, after: Parameter) -> bool:
        """Say whether what a bare type variable stands for lies within its bound."""
        match parse(after.annotation or ""):
            case Named(name=name) if name in self._theirs and name in self._bound:
                return assignable(self._bound[name], bound(self._theirs[name]), self._known) is not Answer.NO
        return True

    def returns(self) -> Answer | None:
        """Judge what comes back; None where a type is not written, or where the caller must do another thing with it anyway."""
        if changed_outcomes(self._old, self._new) is not None or self.before.returns is None or self.after.returns is None:
            return None
        before = result_type(replace(self._old, call=self.before))
        after = result_type(replace(self._new, call=self.after))
        if before is None or after is None:
            return None
        after = substituted(after, self._bound)
        if is_any(before) and not is_any(after):
            return Answer.UNKNOWN
        return assignable(after, before, self._known)

    def accepts_old_calls(self) -> bool:
        """Say whether a caller of the old signature can call the new one, as far as is known."""
        return self.changes.fits and Answer.NO not in {one.answer for one in self.parameters()} and self.returns() is not Answer.NO


def _declared(one: Parameter) -> Type:
    """Give the type of a parameter; a default of None means None too: https://peps.python.org/pep-0484/#union-types."""
    declared = parse(one.annotation or "typing.Any")
    return union((declared, NONE)) if one.default == "None" else declared


def bound(one: TypeParameter) -> Type:
    """Give what a type parameter may stand for."""
    if one.bound is not None:
        return parse(one.bound)
    return union(parse(part) for part in one.constraints) if one.constraints else OBJECT


def variable_types(names: PythonPairs, old: Item, new: Item) -> tuple[Type, Type] | None:
    """Give the types of a variable at both moments, with the same type variables; None where one is not written."""
    if old.annotation is None or new.annotation is None:
        return None
    before, after = parse(old.annotation), parse(new.annotation)
    ours, theirs = _class_variables(names.base, old), _class_variables(names.head, new)
    found: dict[str, Type] = {new_one: Named(old_one) for old_one, new_one in zip(ours, theirs, strict=False)}
    bind(after, before, free_variables(after), found)
    return before, substituted(after, found)


def is_typed(old: Item, new: Item) -> bool:
    """Say whether the types of a call are its own: those of a constructor are the class's, and a TypedDict, a protocol and an enum have none."""
    if old.kind is ItemKind.CLASS or new.kind is ItemKind.CLASS:
        return not (old.traits | new.traits) & {Trait.TYPEDDICT, Trait.PROTOCOL, Trait.ENUM}
    return old.name not in CONSTRUCTORS


def written(signature: Signature) -> str:
    """Write the parameters of an overload for readers."""
    return ", ".join(one.name + (f": {short(one.annotation)}" if one.annotation else "") for one in signature.parameters)


def _scopes(surface_items: Iterable[Item | None]) -> Iterator[TypeParameter]:
    for item in surface_items:
        if item is not None:
            yield from item.type_parameters


def _variables(surface: Surface, item: Item) -> dict[str, TypeParameter]:
    return {one.name.lstrip("*"): one for one in _scopes((surface.items.get(parent(item.path)), item))}


def _class_variables(surface: Surface, item: Item) -> list[str]:
    return [one.name.lstrip("*") for one in _scopes((surface.items.get(parent(item.path)),))]
