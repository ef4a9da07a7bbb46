"""Python text becomes a syntax tree: bodies of functions, which promise nothing, are dropped; what cannot be parsed is a fault with its line."""

from __future__ import annotations

import ast
import re
import warnings

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.surfaces.python.budget import MOST_KEPT, too_large
from lockstep.surfaces.python.decorators import decorators
from lockstep.surfaces.python.exports import Exports, exports
from lockstep.surfaces.python.functional_syntax import as_class_statements
from lockstep.surfaces.python.import_effects import import_effects
from lockstep.surfaces.python.names import add_children, within
from lockstep.surfaces.python.newer_syntax import lower
from lockstep.surfaces.python.skeleton import reduce_to_skeleton
from lockstep.surfaces.sized_cache import SizedCache

_KEPT = {"__init__", "__getattr__"}
"""Functions whose body says something about the surface: the attributes of instances, the names that a module makes when it is asked."""

_PYTHON_2 = pattern(r"^\s*(?:print\s+[^(=.\s]|exec\s+[^(=.\s]|raise\s+\w+\s*,|except\s+\w[\w.]*\s*,\s*\w+\s*:)", re.MULTILINE)


class Unreadable(Exception):  # noqa: N818 - what the text is
    """The text is no module that this reader understands; `line` is where that shows, 1-based, None for the whole file. `cut`: it is too large."""

    def __init__(self, why: str, line: int | None = None, *, cut: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Read:
    """What griffe sees of a module, what the module says of its own names, and how many nodes are left without the bodies of functions."""

    tree: ast.Module
    exports: Exports
    nodes: int


_TOO_DEEP = "it is nested too deeply"


def _module(text: str) -> Read:
    tree = parse(text)
    try:
        return _read(tree, text)
    except RecursionError:  # Python parses a chain of some thousand `elif`, each of which is nested in the one before
        raise Unreadable(_TOO_DEEP) from None


def _read(tree: ast.Module, text: str) -> Read:
    said = exports(tree, text)
    said.decorators = decorators(tree)
    said.unseen = import_effects(tree)
    _prune(tree.body, yields="yield" in text)
    nodes = sum(1 for _ in within(tree))
    tree.body = as_class_statements(tree.body)
    reduce_to_skeleton(tree.body)
    return Read(tree, said, nodes)


module = SizedCache(_module, lambda _, read: read.nodes, MOST_KEPT)
"""Gives what griffe sees of a module, and what it says of its own names; the same text is read once, for two refs share most of their files.

Raises: Unreadable.
"""


def parse(text: str) -> ast.Module:
    """Parse a module.

    Raises: Unreadable.
    """
    if why := too_large(text):
        raise Unreadable(why, cut=True)
    body = text.removeprefix("\ufeff")
    try:
        return _compile(body)
    except SyntaxError as error:
        return _newer(body, error)
    except ValueError:
        raise Unreadable("there is a null byte in it") from None
    except (RecursionError, MemoryError):
        raise Unreadable(_TOO_DEEP) from None


def _newer(text: str, error: SyntaxError) -> ast.Module:
    """Parse a module whose syntax may be newer than the running Python's."""
    for lowered in lower(text):
        try:
            tree = _compile(lowered.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            name = node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else getattr(node, "name", "")
            if name and (found := lowered.parameters.get((getattr(node, "lineno", 0), name))):
                node.type_params = list(found)  # type: ignore[attr-defined]
        return tree
    raise _unreadable(text, error)


def _compile(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _unreadable(text: str, error: SyntaxError) -> Unreadable:
    if found := _PYTHON_2.search(text):
        return Unreadable("it is written for Python 2", text.count("\n", 0, found.start()) + 1)
    return Unreadable(f"it is not valid Python: {error.msg}", error.lineno)


def _yields(body: list[ast.stmt]) -> bool:
    """Say whether a function's own body yields: that makes it a generator."""
    pending: list[ast.AST] = list(body)
    while pending:
        one = pending.pop()
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.GeneratorExp):
            add_children(one, pending)
    return False


def is_generator(node: ast.AST | None) -> bool:
    """Say whether a function of a parsed module is a generator."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _yields(node.body)


def _prune(body: list[ast.stmt], *, yields: bool) -> None:
    """Drop the bodies of functions: they are most of a file, and promise nothing. `yields` is off where no function can yield, for the word is nowhere."""
    pending: list[ast.AST] = list(body)
    while pending:
        one = pending.pop()
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            if one.name not in _KEPT:
                one.body = [ast.Expr(ast.Yield())] if yields and _yields(one.body) else []
        else:
            if isinstance(one, ast.ClassDef):
                one.body = as_class_statements(one.body)
            pending += (inner for inner in ast.iter_child_nodes(one) if isinstance(inner, ast.stmt | ast.excepthandler | ast.match_case))
