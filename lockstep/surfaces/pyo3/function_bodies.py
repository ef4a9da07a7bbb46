"""Rust texts as a native module is read from them: without the bodies of functions that say nothing to Python, which are read where one is called.

Most of the Rust behind a native module is its engine; what is parsed is a fraction of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.errors import RepositoryError
from lockstep.surfaces.rust_source.items import Text, content, parse_once
from lockstep.surfaces.rust_source.outline import outline
from lockstep.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

LEFT_OUT = "_body_left_out_"
"""Stands in a body that is left out."""
SPEAKS_TO_PYTHON = (
    *("pyclass", "pymethods", "pyfunction", "pymodule", "pyfn", "PyModule", "wrap_py", "create_exception", "add_class"),
    *(".add(", ".add_", ".set_item(", "setattr"),
)
"""What stands in functions that make a module, or in what macros are given to make one."""


class Engine:
    """A tree whose Rust texts are without the bodies that say nothing to Python."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @property
    def name(self) -> str:
        """What to call it."""
        return self._tree.name

    def read(self, path: str) -> str:
        """Give a file's text; raises RepositoryError as the tree does."""
        return _outlined(self._tree.read(path))

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the files that match a glob."""
        return self._tree.paths(pattern)

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        return self._tree.has(path)

    def whole(self, function: Node, text: Text) -> Node | None:
        """Give a function with its body; None where that was left out of what a macro is given, and cannot be found."""
        body = function.child_by_field_name("body")
        if body is None or not is_left_out(body):
            return function
        if text.line is not None:
            return None
        try:
            root = parse_once(self._tree.read(text.path)).root
        except RepositoryError:  # it was read before
            return None
        line, name = function.start_point[0], content(function.child_by_field_name("name"))
        pending, found = [root], []
        while pending:
            node = pending.pop()
            if node.type == "function_item" and node.start_point[0] == line and content(node.child_by_field_name("name")) == name:
                found.append(node)
            pending += [one for one in node.named_children if one.start_point[0] <= line <= one.end_point[0]]
        return found[0] if len(found) == 1 else None


def is_left_out(body: Node) -> bool:
    """Say whether a body was left out."""
    return body.named_child_count == 1 and content(body.named_children[0]) == LEFT_OUT


@lru_cache(maxsize=8192)
def _outlined(source: str) -> str:
    return outline(source, SPEAKS_TO_PYTHON, LEFT_OUT)
