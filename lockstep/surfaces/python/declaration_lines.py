"""The lines that a reader sees: `def search(query: ndarray, k: int = 10) -> list[Hit]`, `class Rank(Base)`, `limit: int = 3`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.surface import Parameter, ParameterKind, Signature
from lockstep.surfaces.python.annotations import short

LONGEST_VALUE = 60
"""Characters of the longest value that is shown."""


def class_line(name: str, bases: Sequence[str]) -> str:
    """Write a class."""
    return f"class {name}" + (f"({', '.join(bases)})" if bases else "")


def attribute_line(name: str, annotation: str | None, value: str | None = None, *, word: str = "") -> str:
    """Write a variable or a property."""
    line = f"{word}{name}" + (f": {annotation}" if annotation else "")
    return f"{line} = {value}" if value is not None and "\n" not in value and len(value) <= LONGEST_VALUE else line


def function_line(name: str, call: Signature | None, *, asynchronous: bool = False) -> str:
    """Write a function."""
    word = "async def" if asynchronous else "def"
    if call is None:
        return f"{word} {name}(...)"
    returns = f" -> {call.returns}" if call.returns else ""
    return f"{word} {name}({', '.join(_parameters(call.parameters))}){returns}"


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    """Write parameters, with the `/` and `*` that their kinds need."""
    positional, star = False, False
    for one in parameters:
        if positional and one.kind is not ParameterKind.POSITIONAL:
            yield "/"
            positional = False
        match one.kind:
            case ParameterKind.POSITIONAL:
                positional = True
            case ParameterKind.VAR_POSITIONAL:
                star = True
            case ParameterKind.KEYWORD if not star:
                yield "*"
                star = True
        mark = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}.get(one.kind, "")
        text = f"{mark}{one.name}" + (f": {one.annotation}" if one.annotation else "")
        yield text + ("" if one.default is None else f" = {one.default}" if one.annotation else f"={one.default}")
    if positional:
        yield "/"


def for_readers(call: Signature | None) -> Signature | None:
    """Give a signature with short names in its types."""
    if call is None:
        return None
    parameters = tuple(
        Parameter(name=one.name, kind=one.kind, default=one.default, annotation=short(one.annotation) if one.annotation else None) for one in call.parameters
    )
    return Signature(parameters=parameters, returns=short(call.returns) if call.returns else None)
