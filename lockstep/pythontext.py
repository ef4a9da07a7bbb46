"""Python source with places: what a module assigns, and the spans of version literals. Located with `ast`, never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from lockstep.version import Spelling


class Module:
    """A parsed module: the text, its syntax tree, and offsets that count characters from 0.

    Raises: SyntaxError when this Python cannot parse it.
    """

    def __init__(self, text: str) -> None:
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
            start, end = self._span(value, value)
            at = self.text.find(value.value, start, end)
            quoted = (
                at != -1
                and re.fullmatch(r"[rRuU]?('''|\"\"\"|'|\")", self.text[start:at])
                and self.text[at + len(value.value) : end] in ("'''", '"""', "'", '"')
            )
            return (at + self._shift, value.value, Spelling.PEP440) if quoted else None
        if isinstance(value, ast.Tuple) and 2 <= len(value.elts) <= 4 and all(isinstance(one, ast.Constant) and type(one.value) is int for one in value.elts):
            start, end = self._span(value.elts[0], value.elts[-1])
            return start + self._shift, self.text[start:end], Spelling.TUPLE
        return None

    def _span(self, first: ast.expr, last: ast.expr) -> tuple[int, int]:
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
    """Say whether two modules are the same concrete syntax but for at most `places` literals; libcst keeps every byte, so it decides.

    A module that libcst cannot parse (it is for another Python) is the same when `places` lines at most differ.
    """
    import libcst  # noqa: PLC0415 - heavy, and only for what is about to be written

    if before.startswith("\ufeff") and after.startswith("\ufeff"):
        before, after = before[1:], after[1:]  # libcst leaves it out of the code that it gives back
    try:
        old, new = libcst.parse_module(before), libcst.parse_module(after)
    except libcst.ParserSyntaxError:
        lines = list(zip(before.splitlines(), after.splitlines(), strict=False))
        return before.count("\n") == after.count("\n") and sum(one != other for one, other in lines) <= places
    changed: list[int] = []

    def walk(one: libcst.CSTNode, other: libcst.CSTNode) -> bool:
        if type(one) is not type(other):
            return False
        if isinstance(one, libcst.SimpleString | libcst.FormattedStringText | libcst.Integer | libcst.Comment) and not one.deep_equals(other):
            changed.append(1)
            return True
        if len(one.children) != len(other.children):
            return False
        return all(walk(left, right) for left, right in zip(one.children, other.children, strict=True)) if one.children else one.deep_equals(other)

    return new.code == after and walk(old, new) and len(changed) <= places * 4
