"""Which files git ignores: what lies there is made before the build, and is no part of the repository.

Only the `.gitignore` files of the tree count: what a person's own configuration ignores is nothing that others have.

Source: https://git-scm.com/docs/gitignore#_pattern_format
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import LockstepError
from lockstep.manifest import inside
from lockstep.pattern import pattern
from lockstep.tree import Tree, glob

_ESCAPED = pattern(r"\\(?P<char>[^/])")
_BRACE = pattern(r"[{}]")


def ignored_by(tree: Tree, path: str) -> str | None:
    """Give the `.gitignore` that ignores a file, or a folder above it: git looks at nothing below that."""
    end = path.find("/")
    while end != -1:
        if (found := _decided(tree, path[:end], is_folder=True)) is not None:
            return found
        end = path.find("/", end + 1)
    return _decided(tree, path, is_folder=False)


def _decided(tree: Tree, path: str, *, is_folder: bool) -> str | None:
    """Give the file whose pattern ignores a path: the nearest file decides, and of its patterns the last that matches."""
    above = path.rpartition("/")[0]
    while True:
        file = inside(above, ".gitignore")
        rest = path[len(above) + 1 :] if above else path
        for is_negated, expression in _patterns(tree, file, is_folder=is_folder):
            if glob(expression).fullmatch(rest):
                return None if is_negated else file
        if not above:
            return None
        above = above.rpartition("/")[0]


def _patterns(tree: Tree, file: str, *, is_folder: bool) -> Iterator[tuple[bool, str]]:
    """Give the patterns of a file for files or folders, the last first: whether each takes back, and its glob, relative to the file's folder."""
    if not tree.has(file):
        return
    try:
        lines = tree.read(file).splitlines()
    except LockstepError:
        return
    for line in reversed(lines):
        text = line.rstrip()
        if not text or text.startswith("#") or (text.endswith("/") and not is_folder):
            continue
        is_negated = text.startswith("!")
        text = text.removeprefix("!").rstrip("/")
        if not text:
            continue
        text = _BRACE.sub(lambda one: f"[{one[0]}]", _ESCAPED.sub(lambda one: one["char"] if one["char"] in "!^" else f"[{one['char']}]", text))
        yield is_negated, text.removeprefix("/") if "/" in text else f"**/{text}"
