"""The calls that one overload takes, split as type checkers split them to find who takes each: unions, `bool`, and what may be left out.

Source: https://typing.python.org/en/latest/spec/overload.html#argument-type-expansion
"""

from __future__ import annotations

from itertools import product

from lockstep.dataclass import replace
from lockstep.surface import Parameter, ParameterKind, Signature

MOST = 64
"""Kinds of calls into which one overload is split; one with more is taken as it stands."""
_BOOL = ("typing.Literal[True]", "typing.Literal[False]")
_VARIADIC = {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}


def kinds_of_calls(signature: Signature) -> tuple[Signature, ...]:
    """Give signatures that together take what one takes."""
    choices = [_choices(one) for one in signature.parameters]
    number = 1
    for one in choices:
        number *= len(one)
        if number > MOST:
            return (signature,)
    return tuple(replace(signature, parameters=_given(chosen)) for chosen in product(*choices))


def _choices(one: Parameter) -> tuple[Parameter | None, ...]:
    """Give the arguments that a parameter may get; None where it is left out."""
    if one.kind in _VARIADIC or one.annotation is None:
        return (one,)
    types = [part for whole in _parts(one.annotation) for part in (_BOOL if whole == "builtins.bool" else (whole,))]
    if len(types) == 1 and one.default is None:
        return (one,)
    left_out = () if one.default is None else (None,)
    return (*(replace(one, annotation=part, default=None) for part in types), *left_out)


def _given(chosen: tuple[Parameter | None, ...]) -> tuple[Parameter, ...]:
    """Give the parameters of a call: behind one that is left out, the others are given by name."""
    found: list[Parameter] = []
    by_name = False
    for one in chosen:
        if one is None:
            by_name = True
        elif by_name and one.kind is ParameterKind.POSITIONAL_OR_KEYWORD:
            found.append(replace(one, kind=ParameterKind.KEYWORD))
        elif not by_name or one.kind is not ParameterKind.POSITIONAL:
            found.append(one)
    return tuple(found)


def _parts(annotation: str) -> list[str]:
    """Split a union at its own bars."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(annotation):
        depth += (sign in "[(") - (sign in "])")
        if depth == 0 and annotation.startswith(" | ", at):
            found.append(annotation[start:at])
            start = at + 3
    return [*found, annotation[start:]]
