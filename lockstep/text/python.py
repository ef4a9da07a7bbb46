"""Python source with places: what a module assigns, and the spans of version literals. Located with `ast`, never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

MOST_SIGNS = 420_000
"""Lines, commas, brackets and operators of the largest module that is parsed; reading it takes some 1,000 bytes for each."""

_SIGNS = b"\n,.([{=+-*/%&|^<>@:~;"
_ENDS = (b"\n", b";")
"""A statement of one word takes twice as much."""
_WORDS = (b"not ", b" if ", b" and ", b" or ", b" is ", b" in ")
"""Operators that are words."""


def signs(text: str) -> int:
    """Count what a syntax tree grows with."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data) - len(data.translate(None, _SIGNS)) + sum(data.count(one) for one in (*_ENDS, *_WORDS))


_FIELDS = {("major", "minor", third) for third in ("micro", "patch")}
"""The first fields of a version, where they are named."""


def _sequence(value: ast.expr) -> tuple[ast.expr | ast.keyword | None, list[ast.expr]]:
    """Give the elements of a tuple, a list or a call that makes a version of numbers, and where the first of them begins."""
    match value:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return next(iter(elements), None), elements
        case ast.Call(args=[ast.Constant(value=number) as first, *_] as elements, keywords=[]) if str(number).isdecimal():
            return first, elements
        case ast.Call(args=[], keywords=keywords) if tuple(one.arg for one in keywords[:3]) in _FIELDS:
            return keywords[0], [one.value for one in keywords]
    return None, []


def _is_plain(value: ast.expr) -> bool:
    """Say whether a value is one of those that a version tuple holds."""
    return isinstance(value, ast.Constant) and (value.value is None or type(value.value) in (int, str))


MOST_FIELDS = 20_000
"""Fields of one f-string: Python 3.11 and older look for the place of each from the beginning of the string."""
_F_STRING = pattern(
    r"\b(?:[fF][rR]?|[rR][fF])(?:\"{3}(?:(?!\"{3})[^\\]|\\.)*+|'{3}(?:(?!'{3})[^\\]|\\.)*+|\"(?:[^\"\\\n]|\\.)*+|'(?:[^'\\\n]|\\.)*+)", re.DOTALL
)


def has_endless_f_string(text: str) -> bool:
    """Say whether one f-string has more fields than are parsed."""
    return text.count("{") > MOST_FIELDS and any(one[0].count("{") > MOST_FIELDS for one in _F_STRING.finditer(text))


class Module:
    """A parsed module: the text, its syntax tree, and offsets that count characters from 0.

    Raises: SyntaxError when this Python cannot parse it, and when it is too large.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MOST_SIGNS // 3 and signs(text) > MOST_SIGNS:
            raise SyntaxError(f"the module is too large to be parsed: more than {MOST_SIGNS} lines, commas, brackets and operators")
        if has_endless_f_string(text):
            raise SyntaxError(f"the module is too large to be parsed: an f-string has more than {MOST_FIELDS} fields")
        self.text = text.removeprefix("\ufeff")
        self._shift = len(text) - len(self.text)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.tree = ast.parse(self.text)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
        self._lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", self.text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def assigned(self) -> Iterator[tuple[str, ast.expr]]:
        """Give (name, value) of every plain name that the top level assigns, under `if` and `try` too."""
        for statement in _top(self.tree.body):
            match statement:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        if isinstance(target, ast.Name):
                            yield target.id, value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    yield name, value

    def version(self, value: ast.expr) -> tuple[int, str, Spelling] | None:
        """Give (start, text, spelling) of a version literal, without its quotes or parentheses; None when the value is anything else."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            return self._quoted(value, value.value)
        if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords and "version" in ast.unparse(value.func).lower():
            (only,) = value.args
            return self.version(only) if isinstance(only, ast.Constant) and str(only.value)[:1].isdecimal() else None
        first, values = _sequence(value)
        if first is None or not 2 <= len(values) <= 5 or not all(_is_plain(one) for one in values):
            return None
        start, end = self._span(first, values[-1])
        return start + self._shift, self.text[start:end], Spelling.TUPLE

    def number(self, value: ast.expr) -> tuple[int, str] | None:
        """Give (start, text) of a number or a text, without its quotes, the empty text too; None when the value is anything else."""
        if isinstance(value, ast.Constant) and type(value.value) is int:
            start, end = self._span(value, value)
            return start + self._shift, self.text[start:end]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found = self._quoted(value, value.value)
            return found and found[:2]
        return None

    def _quoted(self, value: ast.expr, said: str) -> tuple[int, str, Spelling] | None:
        start, end = self._span(value, value)
        at = self.text.find(said, start, end) if said else start + len(self.text[start:end]) // 2
        quoted = at != -1 and re.fullmatch(r"[rRuU]?('''|\"\"\"|'|\")", self.text[start:at]) and self.text[at + len(said) : end] in ("'''", '"""', "'", '"')
        return (at + self._shift, said, Spelling.PEP440) if quoted else None

    def _span(self, first: ast.expr | ast.keyword, last: ast.expr) -> tuple[int, int]:
        assert last.end_lineno is not None
        assert last.end_col_offset is not None
        return self._offset(first.lineno, first.col_offset), self._offset(last.end_lineno, last.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        """Convert ast's positions, which count lines from 1 and UTF-8 bytes from 0."""
        text = self._lines[line - 1]
        return self._starts[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _top(statement.body)
            yield from _top(statement.orelse)
        elif isinstance(statement, ast.Try):
            yield from _top(statement.body)


def same_but_for(before: str, after: str, places: int) -> bool:
    """Say whether two modules are the same program but for at most `places` literals.

    The edit was spliced, so every byte outside of the places is as it was; what is left to prove is that no literal broke out of its
    quotes. `ast` proves it where this Python can parse the module, libcst, which knows the syntax of every Python, where it cannot.
    """
    old, new = _literals(before), _literals(after)
    if old is None and new is None:
        old, new = _cst_literals(before), _cst_literals(after)
    if old is None or new is None:
        return old is None and new is None and before.count("\n") == after.count("\n")
    return old[0] == new[0] and sum(one != other for one, other in zip(old[1], new[1], strict=True)) <= places * 4


def _literals(text: str) -> tuple[list[object], list[object]] | None:
    """Give the shape of a module and the values of its literals, None when this Python cannot parse it."""
    try:
        tree = Module(text).tree
    except SyntaxError:
        return None
    values: list[object] = []
    shape: list[object] = []
    pending: list[object] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Constant):
            values.append(node.value)
            shape.append(str if node.value is None else type(node.value))  # a version tuple says None, or the text of a pre-release
        elif isinstance(node, ast.AST):
            shape.append(type(node))
            pending += [getattr(node, name, None) for name in node._fields]
        elif isinstance(node, list):
            shape.append(len(node))
            pending += node
        else:
            shape.append(node)
    return shape, values


def _cst_literals(text: str) -> tuple[list[object], list[object]] | None:
    """Do the same with libcst."""
    import libcst  # noqa: PLC0415 - heavy, and only for a module of another Python

    try:
        module = libcst.parse_module(text.removeprefix("\ufeff"))
    except libcst.ParserSyntaxError:
        return None
    values: list[object] = []
    shape: list[object] = []
    pending: list[libcst.CSTNode] = [module]
    while pending:
        node = pending.pop()
        shape.append(type(node))
        pending += node.children
        if isinstance(node, libcst.SimpleString | libcst.Integer | libcst.Comment | libcst.Name):
            values.append(node.value)
    return shape, values
