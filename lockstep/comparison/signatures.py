"""Two signatures of one function: which calls that fitted the old one no longer fit the new one, and why.

A parameter is followed by its name, and by its place where nobody can write its name. What `*args` and `**kwargs` take over still fits, and
an optional parameter with a private name is nobody's to give.

Source: https://docs.python.org/3/reference/expressions.html#calls
"""

from __future__ import annotations

import ast
from enum import StrEnum
from functools import lru_cache

from lockstep.dataclass import dataclass, replace
from lockstep.surface import Parameter, ParameterKind, Signature


class Fault(StrEnum):
    """What happened to a parameter."""

    REMOVED = "removed"
    RENAMED = "renamed"
    ALIASED = "aliased"  # its place has another name now, and an optional parameter further on has the old one
    MADE_REQUIRED = "made required"
    ADDED_REQUIRED = "added required"
    MOVED = "moved"
    MADE_KEYWORD_ONLY = "made keyword-only"
    MADE_POSITIONAL_ONLY = "made positional-only"
    VARIADIC_REMOVED = "variadic removed"
    SHADOWS = "shadows"  # it takes what went to **kwargs
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fault, with the parameter before and after, where there are such."""

    fault: Fault
    old: Parameter | None = None
    new: Parameter | None = None

    @property
    def before(self) -> Parameter:
        """The parameter as it was, of a fault of one that was there."""
        assert self.old is not None
        return self.old

    @property
    def after(self) -> Parameter:
        """The parameter as it is, of a fault of one that is there."""
        assert self.new is not None
        return self.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed, and which parameter became which."""

    changes: tuple[Change, ...]
    matched: tuple[tuple[Parameter, Parameter], ...]

    @property
    def fits(self) -> bool:
        """Whether every old call still fits."""
        return all(one.fault in {Fault.ADDED, Fault.SHADOWS} for one in self.changes)


POSITIONAL = {ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_OR_KEYWORD}
VARIADIC = {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}


def positional_only(signature: Signature) -> Signature:
    """Give the signature of what is called by an operator: nobody writes the names of its parameters, and their number is given."""
    parameters = (one for one in signature.parameters if one.kind in POSITIONAL or one.default is None)
    return Signature(
        parameters=tuple(replace(one, kind=ParameterKind.POSITIONAL) if one.kind in POSITIONAL else one for one in parameters),
        returns=signature.returns,
    )


@lru_cache(maxsize=16384)
def compare(old: Signature, new: Signature) -> Changes:
    """Follow every parameter from `old` to `new`."""
    return _Comparison(with_positional_only(old), with_positional_only(new)).changes()


def with_positional_only(signature: Signature) -> list[Parameter]:
    """Take `__name` for positional-only: https://typing.python.org/en/latest/spec/historical.html#positional-only-parameters."""
    found: list[Parameter] = []
    first = True
    for one in signature.parameters:
        historical = first and one.kind is ParameterKind.POSITIONAL_OR_KEYWORD and one.name.startswith("__") and not one.name.endswith("__")
        found.append(replace(one, kind=ParameterKind.POSITIONAL) if historical else one)
        first &= found[-1].kind is ParameterKind.POSITIONAL
    return found


class _Comparison:
    """One comparison under way."""

    def __init__(self, old: list[Parameter], new: list[Parameter]) -> None:
        self.old_places = [one for one in old if one.kind in POSITIONAL]
        self.new_places = [one for one in new if one.kind in POSITIONAL]
        self.old_keywords = [one for one in old if one.kind is ParameterKind.KEYWORD]
        self.new_keywords = [one for one in new if one.kind is ParameterKind.KEYWORD]
        self.places = {one.name: place for places in (self.old_places, self.old_keywords) for place, one in enumerate(places)}
        self.old_names = {one.name: one for one in old if one.kind not in VARIADIC}
        self.new_names = {one.name: one for one in new if one.kind not in VARIADIC}
        self.old_args, self.old_kwargs = _variadic(old)
        self.new_args, self.new_kwargs = _variadic(new)
        self.found: list[Change] = []
        self.matched: list[tuple[Parameter, Parameter]] = []
        self.taken: set[str] = set()

    def changes(self) -> Changes:
        for place, one in enumerate(self.old_places):
            if one.kind is ParameterKind.POSITIONAL:
                self._positional_only(place, one)
            else:
                self._positional_or_keyword(place, one)
        for one in self.old_keywords:
            self._keyword(one)
        for before, after in ((self.old_args, self.new_args), (self.old_kwargs, self.new_kwargs)):
            if before is not None and after is None:
                self._add(Fault.VARIADIC_REMOVED, before)
            elif before is not None and after is not None:
                self.matched.append((before, after))
        self._order()
        self._new()
        return Changes(changes=tuple(self.found), matched=tuple(self.matched))

    def _add(self, fault: Fault, old: Parameter | None = None, new: Parameter | None = None) -> None:
        if old is not None and old.default is not None and old.name.startswith("_") and fault not in {Fault.MOVED, Fault.SHADOWS}:
            return  # a private name, that nobody is meant to give
        if old is not None and old.name.startswith("_") and fault in {Fault.RENAMED, Fault.MADE_POSITIONAL_ONLY}:
            return  # it is given by its place, and nobody is meant to write the name
        self.found.append(Change(fault=fault, old=old, new=new))

    def _match(self, old: Parameter, new: Parameter) -> None:
        self.taken.add(new.name)
        self.matched.append((old, new))
        if old.default is not None and new.default is None:
            self._add(Fault.MADE_REQUIRED, old, new)

    def _at(self, place: int) -> Parameter | None:
        """Give the new parameter at a place, if it is not an old one that moved there."""
        if place >= len(self.new_places):
            return None
        one = self.new_places[place]
        return one if one.name not in self.old_names and one.name not in self.taken else None

    def _renamed_with_alias(self, place: int, one: Parameter) -> Parameter | None:
        """Give the parameter that has the place of an old one, and is the same but for its name, where the old name is still taken further on.

        An alias must tell whether it was given, so that its default is another one.
        """
        same, here = self.new_names.get(one.name), self._at(place)
        if same is None or here is None or same.default is None or (here.default is None and one.default is not None) or same.name in self.taken:
            return None
        if same.kind is ParameterKind.KEYWORD and one.name.replace("_", "").lower() == here.name.replace("_", "").lower():
            return here  # parseAll became parse_all, and is taken by its old name
        if here.default is None:
            return None
        told = one.annotation is not None or (one.default is not None and one.default != "None")
        alike = here.annotation == one.annotation and (one.default is None or same_value(one.default, here.default))
        is_alias = one.default is None or one.default == "None" or not same_value(one.default, same.default)
        return here if told and alike and is_alias and here.kind is ParameterKind.POSITIONAL_OR_KEYWORD else None

    def _positional_only(self, place: int, one: Parameter) -> None:
        same = self.new_names.get(one.name)
        if same is not None and same.name not in self.taken:
            self._match(one, same)
            if same.kind is ParameterKind.KEYWORD:
                self._add(Fault.MADE_KEYWORD_ONLY, one, same)
        elif (other := self._at(place)) is not None:
            self._match(one, other)
        elif self.new_args is None:
            self._add(Fault.REMOVED, one)

    def _positional_or_keyword(self, place: int, one: Parameter) -> None:
        same = self.new_names.get(one.name)
        if same is not None and (renamed := self._renamed_with_alias(place, one)) is not None:
            self.taken |= {renamed.name, same.name}
            self.matched.append((one, renamed))
            self._add(Fault.ALIASED, one, renamed)
            return
        if same is not None and same.name not in self.taken:
            self._match(one, same)
            if same.kind is ParameterKind.KEYWORD:
                self._add(Fault.MADE_KEYWORD_ONLY, one, same)
            elif same.kind is ParameterKind.POSITIONAL:
                self._add(Fault.MADE_POSITIONAL_ONLY, one, same)
            return
        if (other := self._at(place)) is not None and (one.default is None or other.default is not None or self._has_no_more_places()):
            self.taken.add(other.name)
            self.matched.append((one, other))
            if other.kind is ParameterKind.POSITIONAL:
                self._add(Fault.MADE_POSITIONAL_ONLY, one, other)
            elif self.new_kwargs is None or other.default is None:
                self._add(Fault.RENAMED, one, other)
        elif self.new_args is not None and self.new_kwargs is not None:
            return
        elif self.new_args is not None:
            self._add(Fault.MADE_POSITIONAL_ONLY, one, self.new_args)
        elif self.new_kwargs is not None:
            self._add(Fault.MADE_KEYWORD_ONLY, one, self.new_kwargs)
        else:
            self._add(Fault.REMOVED, one)

    def _has_no_more_places(self) -> bool:
        return len(self.new_places) <= len(self.old_places)

    def _keyword(self, one: Parameter) -> None:
        same = self.new_names.get(one.name)
        if same is not None and same.name not in self.taken:
            self._match(one, same)
            if same.kind is ParameterKind.POSITIONAL:
                self._add(Fault.MADE_POSITIONAL_ONLY, one, same)
            return
        if self.new_kwargs is not None:
            return
        place = self.places[one.name]
        other = self.new_keywords[place] if len(self.new_keywords) == len(self.old_keywords) else None
        if other is not None and other.name not in self.old_names:
            self.taken.add(other.name)
            self.matched.append((one, other))
            self._add(Fault.RENAMED, one, other)
        else:
            self._add(Fault.REMOVED, one)

    def _order(self) -> None:
        """Report what was given by position and goes to another parameter now, unless a removal before it says so already."""
        said = {one.old.name for one in self.found if one.old is not None} | {one.new.name for one in self.found if one.new is not None}
        became = {old.name: new for old, new in self.matched}
        places = {one.name: place for place, one in enumerate(self.new_places)}
        kept = [one for one in self.old_places if one.name in became and became[one.name].name in places]
        order = [places[became[one.name].name] for one in kept]
        if order != (straight := sorted(order)):
            first = next(i for i, place in enumerate(order) if place != straight[i])
            self._add(Fault.MOVED, kept[first], became[kept[first].name])
            return
        stayed = {became[one.name].name for one in kept}
        keywords = {became[one.name].name for one in self.old_keywords if one.name in became}
        added = [one for one in self.new_places if one.name not in stayed]
        pushing = [one for one in added if one.default is not None or one.name in keywords]
        pushed_from = min((places[one.name] for one in pushing), default=len(places))
        for one in (one for one in kept if not one.name.startswith("_")):
            new = became[one.name]
            if pushed_from < places[new.name] > self.places[one.name] and one.name not in said:
                self._add(Fault.MOVED, one, new)
                return
        if self.old_args is not None and self.new_args is not None and pushing and len(self.new_places) > len(self.old_places):
            self._add(Fault.MOVED, self.old_args, self.new_args)
        self._pulled(kept, became, places)

    def _pulled(self, kept: list[Parameter], became: dict[str, Parameter], places: dict[str, int]) -> None:
        """Report what takes the place of a parameter that `*args` could have taken, had it stood last."""
        removed = {one.before.name for one in self.found if one.fault is Fault.REMOVED}
        gone = [one for one in self.old_places if one.name not in became and one.name not in removed]
        pulled_from = min((self.places[one.name] for one in gone if not (one.name.startswith("_") and one.default is not None)), default=len(self.old_places))
        for one in kept:
            place = self.places[one.name]
            if pulled_from < place > places[became[one.name].name] and not one.name.startswith("_"):
                self._add(Fault.MOVED, one, became[one.name])
                return

    def _new(self) -> None:
        known = {new.name for _, new in self.matched}
        for one in (*self.new_places, *self.new_keywords):
            if one.name in known or one.name in self.taken:
                continue
            if one.default is None:
                self._add(Fault.ADDED_REQUIRED, None, one)
            elif self.old_kwargs is not None and one.kind is not ParameterKind.POSITIONAL:
                self._add(Fault.SHADOWS, self.old_kwargs, one)
            else:
                self._add(Fault.ADDED, None, one)
        if len(self.matched) < len(self.old_names):
            return  # what is variadic now stands for what was named
        for before, after in ((self.old_args, self.new_args), (self.old_kwargs, self.new_kwargs)):
            if before is None and after is not None:
                self._add(Fault.ADDED, None, after)


def _variadic(parameters: list[Parameter]) -> tuple[Parameter | None, Parameter | None]:
    def first(kind: ParameterKind) -> Parameter | None:
        return next((one for one in parameters if one.kind is kind), None)

    return first(ParameterKind.VAR_POSITIONAL), first(ParameterKind.VAR_KEYWORD)


def written(signature: Signature) -> str:
    """Write the parameters of a signature without their types, with the `/` and `*` that their kinds need."""
    out: list[str] = []
    before: ParameterKind | None = None
    for one in signature.parameters:
        if before is ParameterKind.POSITIONAL and one.kind is not before:
            out.append("/")
        if one.kind is ParameterKind.KEYWORD and before not in {ParameterKind.KEYWORD, ParameterKind.VAR_POSITIONAL}:
            out.append("*")
        out.append(_MARKS.get(one.kind, "") + one.name + ("" if one.default is None else "=..."))
        before = one.kind
    return ", ".join([*out, "/"] if before is ParameterKind.POSITIONAL else out)


_MARKS = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}


# ---- values


def same_value(one: str, other: str) -> bool:
    """Say whether two expressions are the same value, as far as their text says."""
    return one == other or normal(one) == normal(other)


@lru_cache(maxsize=16384)
def normal(text: str) -> str:
    """Write an expression one way: quotes, underscores in numbers and other spellings are gone."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ast.unparse(node)
    return f"{type(value).__name__} {value!r}"
