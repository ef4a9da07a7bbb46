"""Python modules that state their package's version: `__version__ = "1.2.0"`, `VERSION`, `version_info = (1, 2, 0)`.

Located with `ast`, never run. A version read from `importlib.metadata` or from another module is no literal, so no site.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from lockstep.declaration import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.version import Spelling

SCOPE = Scope.MODULE
FILES = (
    "__init__.py",
    "__init__.pyi",
    "_version.py",
    "version.py",
    "__version__.py",
    "__about__.py",
    "_about.py",
    "about.py",
    "_meta.py",
    "__meta__.py",
    "_metadata.py",
)

CERTAIN = "__version__"
NAMES = {CERTAIN, "__VERSION__", "VERSION", "version", "_version", "PKG_VERSION", "__version_info__", "version_info", "VERSION_INFO", "version_tuple"}
_ANCHORED = re.compile(r"^__version__[ \t]*(?::[ \t]*[\w.\[\]]+[ \t]*)?=[ \t]*(['\"])(?P<text>[^'\"\r\n]*)\1", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the literal versions that a module assigns at its top level. A file that this Python cannot parse is scanned for `__version__`."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    if not any(name in text for name in ("version", "VERSION")):
        return
    body = text.removeprefix("\ufeff")
    shift = len(text) - len(body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        for found in _ANCHORED.finditer(text):
            yield _mention(CERTAIN, found.start("text"), found["text"], Spelling.PEP440)
        return
    offsets = Offsets(body)
    for statement in _top(tree.body):
        for name, value in assigned(statement):
            if name in NAMES and (span := literal(value, offsets, body)):
                start, end, spelling = span
                yield _mention(name, start + shift, body[start:end], spelling)


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements of a module, those under `if` and `try` included: they are its top level too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If):
            yield from _top(statement.body)
            yield from _top(statement.orelse)
        elif isinstance(statement, ast.Try):
            yield from _top(statement.body)


def assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Give (name, value) of each plain name that a statement assigns."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


class Offsets:
    """Character offsets of ast's positions, which count lines from 1 and UTF-8 bytes from 0."""

    def __init__(self, text: str) -> None:
        self._lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def of(self, line: int, column: int) -> int:
        """Give the 0-based character offset of an ast position."""
        text = self._lines[line - 1]
        return self._starts[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))


def literal(value: ast.expr, offsets: Offsets, text: str) -> tuple[int, int, Spelling] | None:
    """Give the span of a version literal, without its quotes or parentheses; None when the value is anything else."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.end_lineno is not None and value.end_col_offset is not None:
        start, end = offsets.of(value.lineno, value.col_offset), offsets.of(value.end_lineno, value.end_col_offset)
        at = text.find(value.value, start, end)
        plain = (
            value.value
            and at != -1
            and re.fullmatch(r"[rRuU]?('''|\"\"\"|'|\")", text[start:at])
            and re.fullmatch(r"'''|\"\"\"|'|\"", text[at + len(value.value) : end])
        )
        return (at, at + len(value.value), Spelling.PEP440) if plain else None
    if isinstance(value, ast.Tuple) and 2 <= len(value.elts) <= 4 and all(isinstance(one, ast.Constant) and type(one.value) is int for one in value.elts):
        first, last = value.elts[0], value.elts[-1]
        if last.end_lineno is not None and last.end_col_offset is not None:
            return offsets.of(first.lineno, first.col_offset), offsets.of(last.end_lineno, last.end_col_offset), Spelling.TUPLE
    return None


def _mention(name: str, start: int, text: str, spelling: Spelling) -> Mention:
    return Mention(key=name, start=start, text=text, role=Role.MIRROR, spelling=spelling, owner=Here(), weak=name != CERTAIN)


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
        if isinstance(one, libcst.SimpleString | libcst.Integer) and not one.deep_equals(other):
            changed.append(1)
            return True
        if len(one.children) != len(other.children):
            return False
        return all(walk(left, right) for left, right in zip(one.children, other.children, strict=True)) if one.children else one.deep_equals(other)

    return new.code == after and walk(old, new) and len(changed) <= places * 4
