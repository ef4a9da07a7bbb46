"""The value of a constant expression of C or Go, where plain integers decide it."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping

from lockstep.pattern import pattern

LONGEST = 200
"""Characters of the longest expression that is computed."""

_SUFFIX = pattern(r"\b(0[xX][0-9A-Fa-f]+|0[bB][01]+|[0-9]+)(?:[uU](?:ll|LL|[lL])?|(?:ll|LL|[lL])[uU]?)\b")
_OCTAL = pattern(r"\b0([0-7]+)\b")
_CAST = pattern(r"\(\s*(?:u?int(?:8|16|32|64)?_t|size_t|unsigned(?:\s+(?:int|long|char))?|int|long)\s*\)")
_BINARY: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
_WORD = 64


def number(text: str, known: Mapping[str, str]) -> int | None:
    """Compute an expression; `known` are the constants before it. None where something else than integers takes part."""
    if len(text) > LONGEST or '"' in text:
        return None
    plain = _OCTAL.sub(r"0o\1", _SUFFIX.sub(r"\1", _CAST.sub("", text)))
    try:
        value = _value(ast.parse(plain.strip(), mode="eval").body, known)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return value if value is not None and abs(value) < 1 << _WORD else None


def _value(node: ast.expr, known: Mapping[str, str]) -> int | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int(value)) if abs(value) < 1 << _WORD:
            return value
        case ast.Constant(value=str(value)) if len(value) == 1 and ord(value) < 128:
            return ord(value)
        case ast.Name(id=name):
            text = known.get(name, "")
            return int(text) if re.fullmatch(r"-?[0-9]{1,20}", text) else None
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert() as sign, operand=operand):
            inner = _value(operand, known)
            return None if inner is None else -inner if isinstance(sign, ast.USub) else ~inner if isinstance(sign, ast.Invert) else inner
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, known), _value(right, known)
            if one is None or other is None:
                return None
            if isinstance(op, ast.LShift | ast.RShift):
                return (one << other if isinstance(op, ast.LShift) else one >> other) if 0 <= other < _WORD and abs(one) < 1 << _WORD else None
            return _BINARY[type(op)](one, other) if type(op) in _BINARY else None
        case _:
            return None
