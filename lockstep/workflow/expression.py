"""Expressions of GitHub Actions: `${{ ... }}` and `if`, parsed, and evaluated as far as what is known goes.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

DEEPEST = 50
"""Levels of brackets and operators; GitHub's own limit."""
LONGEST = 21_000
"""Characters of an expression; GitHub's own limit: `ExpressionConstants.MaxLength` of actions/runner."""


class Unknown(Enum):
    """What cannot be known before the workflow runs."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
Value: TypeAlias = str | float | bool | Unknown | None


class ExpressionError(ValueError):
    """The text is no expression."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, boolean or null."""

    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A context: `needs.guard.outputs.ok` is its parts in lower case; an index that is computed is `*`."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function, its name in lower case."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator; `!` has one operand."""

    operator: str
    operands: tuple[Expression, ...]


Expression: TypeAlias = Literal | Reference | Call | Operation

STATUS = frozenset({"always", "failure", "cancelled"})
"""Functions that let a job or step run although something before it failed or was skipped."""

_TOKEN = pattern(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>[-+]?(?:0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<operator>==|!=|<=|>=|&&|\|\||[!<>()\[\].,*])|(?P<end>$))"
)
_OPEN = pattern(r"\$\{\{((?:[^'}]++|'[^']*+'|\}(?!\}))*+)\}\}")
"""An expression ends at the first `}}` that stands in no string; where a string never ends, nor does it."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Parse what stands between `${{` and `}}`.

    Raises: ExpressionError.
    """
    return _Parser(text).whole()


def embedded(text: str) -> Iterator[tuple[int, Expression | None]]:
    """Give every `${{ ... }}` of a text with its offset; None for one that is no expression."""
    at = text.find("${{")
    while at != -1:
        found = _OPEN.match(text, at)
        if found is None:
            return  # it never ends, and so does none behind it
        try:
            yield at, parse(found[1])
        except ExpressionError:
            yield at, None
        at = text.find("${{", found.end())


def condition(text: str) -> Expression:
    """Give what an `if` asks; with text around `${{ ... }}` it is a string, and a string is true.

    Raises: ExpressionError.
    """
    if (whole := _OPEN.fullmatch(text.strip(" "))) is not None:
        return parse(whole[1])
    if "${{" in text:
        return Literal(text)
    return parse(text)


def references(one: Expression | None) -> Iterator[tuple[str, ...]]:
    """Give every context that an expression names."""
    match one:
        case Reference(parts=parts):
            yield parts
        case Call(arguments=inner) | Operation(operands=inner):
            for each in inner:
                yield from references(each)
        case _:
            pass


_TRUE_OR_FALSE = frozenset({"contains", "startswith", "endswith", "hashfiles", "success", *STATUS})
"""Functions whose answer holds nothing of the texts that they are given."""


def shown(one: Expression | None, known: Mapping[str, str | bool] | None = None) -> Iterator[tuple[str, ...]]:
    """Give every context whose text may become a part of what an expression gives: what is only compared, negated or searched in does not.

    With `known` contexts a branch that they rule out is left out.
    """
    match one:
        case Reference(parts=parts):
            yield parts
        case Call(name=name, arguments=inner) if name not in _TRUE_OR_FALSE:
            for each in inner:
                yield from shown(each, known)
        case Operation(operator="&&", operands=(left, right)):  # the left side is given where it is false: then it is empty
            if known is None or (value := evaluate(left, known)) is UNKNOWN or truthy(value):
                yield from shown(right, known)
        case Operation(operator="||", operands=(left, right)):
            yield from shown(left, known)
            if known is None or (value := evaluate(left, known)) is UNKNOWN or not truthy(value):
                yield from shown(right, known)
        case Operation(operator="[]", operands=(whole, _)):
            yield from shown(whole, known)
        case _:
            pass


def functions(one: Expression | None) -> Iterator[str]:
    """Give the name of every function that an expression calls."""
    match one:
        case Call(name=name, arguments=inner):
            yield name
            for each in inner:
                yield from functions(each)
        case Operation(operands=inner):
            for each in inner:
                yield from functions(each)
        case _:
            pass


def evaluate(one: Expression, known: Mapping[str, str | bool]) -> Value:
    """Give the value of an expression where everything before it succeeded; `known` are contexts by their dotted names."""
    value: Value
    match one:
        case Literal(value=constant):
            return constant
        case Reference(parts=parts):
            return None if parts[0] == "inputs" and known.get("inputs") is False else known.get(".".join(parts), UNKNOWN)
        case Call(name=name, arguments=arguments):
            if name in ("failure", "cancelled"):
                return known.get("failure()", False)
            return _call(name, [evaluate(each, known) for each in arguments])
        case Operation(operator="!", operands=(inner,)):
            value = evaluate(inner, known)
            return UNKNOWN if value is UNKNOWN else not truthy(value)
        case Operation(operator="&&" | "||" as operator, operands=(left, right)):
            return _logical(operator, evaluate(left, known), evaluate(right, known))
        case Operation(operator=operator, operands=operands):
            left_, right_ = (evaluate(each, known) for each in operands)
            return UNKNOWN if left_ is UNKNOWN or right_ is UNKNOWN else _compare(operator, left_, right_)


def truthy(value: Value) -> bool:
    """Say whether GitHub takes a value as true."""
    return value not in (False, None, "", 0) and value == value  # noqa: PLR0124 - NaN is not itself


def _logical(operator: str, left: Value, right: Value) -> Value:
    decides = operator == "||"  # a true value decides `||`, a false one `&&`
    if left is not UNKNOWN:
        return left if truthy(left) is decides else right
    return right if right is not UNKNOWN and truthy(right) is decides else UNKNOWN


def _call(name: str, values: list[Value]) -> Value:
    match name:
        case "always" | "success":
            return True
        case "contains" | "startswith" | "endswith" if len(values) == 2 and isinstance(values[0], str) and isinstance(values[1], str):
            text, part = values[0].casefold(), values[1].casefold()
            return part in text if name == "contains" else text.startswith(part) if name == "startswith" else text.endswith(part)
        case "fromjson" if len(values) == 1 and isinstance(values[0], str) and values[0].strip() in ("true", "false"):
            return values[0].strip() == "true"
        case _:
            return UNKNOWN


def _compare(operator: str, left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        one: str | float = left.casefold()
        other: str | float = right.casefold()
    elif type(left) is type(right) and isinstance(left, bool | None) and operator in ("==", "!="):
        return (left == right) is (operator == "==")
    else:
        one, other = _number(left), _number(right)
    match operator:
        case "==":
            return one == other
        case "!=":
            return one != other
        case _ if isinstance(one, str) or isinstance(other, str):
            return UNKNOWN
        case "<":
            return one < other
        case "<=":
            return one <= other
        case ">":
            return one > other
        case _:
            return one >= other


def _number(value: Value) -> float:
    match value:
        case bool() | None:
            return float(bool(value))
        case str():
            try:
                return float(value) if value.strip() else 0.0
            except ValueError:
                return float("nan")
        case Unknown():
            return float("nan")
        case _:
            return float(value)


class _Parser:
    """A parser by precedence: `||`, `&&`, comparisons, `!`, then names, calls and literals."""

    _LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
    _COMPARISONS = 2

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ExpressionError(f"longer than {LONGEST} characters")
        self._text = text
        self._at = 0
        self._depth = 0
        self._kind, self._token = "", ""
        self._next()

    def whole(self) -> Expression:
        """Parse everything."""
        one = self._binary(0)
        if self._kind != "end":
            raise ExpressionError(f"unexpected {self._token!r}")
        return one

    def _next(self) -> None:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise ExpressionError(f"unexpected {self._text[self._at : self._at + 10]!r}")
        self._at = found.end()
        self._kind = found.lastgroup or "end"
        self._token = found[self._kind]

    def _take(self, token: str) -> bool:
        if self._kind == "operator" and self._token == token:
            self._next()
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise ExpressionError(f"expected {token!r} before {self._token!r}")

    def _binary(self, level: int) -> Expression:
        if level == len(self._LEVELS):
            return self._unary()
        operands, operator, chained = [self._binary(level + 1)], "", 0
        while self._kind == "operator" and self._token in self._LEVELS[level]:
            if level >= self._COMPARISONS and len(operands) > 1:
                operands = [Operation(operator, tuple(operands))]
                chained += 1
                if chained > DEEPEST:
                    raise ExpressionError(f"more than {DEEPEST} comparisons of each other")
            operator = self._token
            self._next()
            operands.append(self._binary(level + 1))
        return _balanced(operator, operands)

    def _unary(self) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"nested more than {DEEPEST} levels deep")
        try:
            return Operation("!", (self._unary(),)) if self._take("!") else self._primary()
        finally:
            self._depth -= 1

    def _primary(self) -> Expression:
        kind, token = self._kind, self._token
        if self._take("("):
            inner = self._binary(0)
            self._need(")")
            return self._tail(inner)
        self._next()
        match kind:
            case "string":
                return Literal(token[1:-1].replace("''", "'"))
            case "number":
                return Literal(float(int(token, 16)) if "x" in token.lower() else float(token))
            case "name":
                name = token.lower()
                if name in ("true", "false", "null"):
                    return Literal({"true": True, "false": False}.get(name))
                return self._tail(self._arguments(name) if self._take("(") else Reference((name,)))
            case _:
                raise ExpressionError(f"unexpected {token!r}")

    def _arguments(self, name: str) -> Call:
        arguments: list[Expression] = []
        if not self._take(")"):
            arguments.append(self._binary(0))
            while self._take(","):
                arguments.append(self._binary(0))
            self._need(")")
        return Call(name, tuple(arguments))

    def _tail(self, one: Expression) -> Expression:
        for _ in range(DEEPEST):
            if self._take("."):
                part = self._token.lower()
                if self._kind != "name" and part != "*":
                    raise ExpressionError(f"expected a name before {self._token!r}")
                self._next()
            elif self._take("["):
                index = self._binary(0)
                self._need("]")
                part = index.value.lower() if isinstance(index, Literal) and isinstance(index.value, str) else "*"
                if not isinstance(index, Literal) and part == "*":
                    one = Operation("[]", (one, index)) if not isinstance(one, Reference) else one
            else:
                return one
            one = Reference((*one.parts, part)) if isinstance(one, Reference) else one
        raise ExpressionError(f"more than {DEEPEST} names in a row")


def _balanced(operator: str, operands: list[Expression]) -> Expression:
    """Join operands by `&&` or `||`, or two by any operator, in few levels: the value is the same however these are bracketed."""
    while len(operands) > 1:
        pairs = [Operation(operator, (one, other)) for one, other in zip(operands[::2], operands[1::2], strict=False)]
        operands = [*pairs, *operands[len(operands) & ~1 :]]
    return operands[0]
