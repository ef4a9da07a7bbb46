"""A Rust text without what no user of a crate can see: comments, the bodies of functions, modules of tests.

Lines stay where they are. What is left is a fraction of the text, and so is the time that it takes to parse it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from lockstep.pattern import pattern
from lockstep.surfaces.rust_source.items import Parsed, parse
from lockstep.tree import Tree

_QUOTED = r"""(?P<raw>\b(?:br|cr|r)\#*")|"(?:\\(?s:.)|[^"\\])*"|'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}']*\}|.)|[^\\'\n])'"""
_COMMENT = r"//[^\n]*|/\*"
_START = re.compile(rf"{_QUOTED}|(?P<comment>{_COMMENT})|(?P<fn>\bfn\s+[$\w#]+)|(?P<test>\#\[cfg\(test\)\]\s*(?:\#\[[^\]]*\]\s*)*(?:pub\s+)?mod\s+\w+\s*\{{)")
_HEAD = re.compile(rf"{_QUOTED}|(?P<comment>{_COMMENT})|[()\[\]{{}};]|\bfn\s+[$\w]")
_BODY = re.compile(rf"{_QUOTED}|(?P<comment>{_COMMENT})|[{{}}]")
_LEVELS = 4


def _balanced(number: int = 1) -> str:
    """Write what matches as much of a body as can be taken in one go: texts, comments, words, and braces within braces, some levels deep.

    It takes the same pieces as `_BODY` finds, one after the other, and stops before what needs more than an expression.
    """
    raw = rf'(?:br|cr|r)(\#*)"(?s:.*?)"\{number}'
    text = r'"(?:\\(?s:.)|[^"\\])*+"|' + r"'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}']*\}|.)|[^\\'\n])'"
    comment = r"//[^\n]*+|/\*(?:[^*/]|\*(?!/)|/(?!\*))*+\*/"
    plain = r"""(?!(?:br|cr|r)\#*")\w++|[^{}"'/\w]++"""
    rest = r"""["']|/(?![/*])"""
    inner = rf"|\{{{_balanced(number + 1)}\}}" if number <= _LEVELS else ""
    return f"(?:{raw}|{plain}|{text}|{comment}|{rest}{inner})*+"


_MUCH = pattern(_balanced())
_NESTED = re.compile(r"/\*|\*/")


class Outlined:
    """A tree whose files are outlines of Rust texts, each made once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, str] = {}

    @property
    def name(self) -> str:
        """What to call it."""
        return self._tree.name

    def read(self, path: str) -> str:
        """Give the outline of a file.

        Raises: RepositoryError as the tree does.
        """
        if path not in self._known:
            self._known[path] = _outline_once(self._tree.read(path))
        return self._known[path]

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the files that match a glob."""
        return self._tree.paths(pattern)

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        return self._tree.has(path)


@lru_cache(maxsize=8192)
def parse_outline(outlined: str) -> Parsed:
    """Parse an outline; most files are the same in two releases, and a sibling's are read for all who re-export it."""
    return parse(outlined)


@lru_cache(maxsize=8192)
def _outline_once(source: str) -> str:
    return outline(source)


def outline(source: str, keeping: Collection[str] = (), instead: str = "") -> str:
    """Leave out comments, the bodies of functions and modules of tests; every line keeps its number.

    Functions in which one of the texts of `keeping` stands are kept whole; `instead` stands in the place of a body that is left out.
    """
    out: list[str] = []
    kept = position = 0
    while (found := _START.search(source, position)) is not None:
        position = found.end()
        if found["raw"]:
            position = _past_raw(source, found)
            continue
        if found["comment"]:
            end = _past_comment(source, found)
            out += (source[kept : found.start()], _lines(source, found.start(), end) or " ")
            kept = position = end
            continue
        opening = _opening(source, position) if found["fn"] else position - 1 if found["test"] else None
        if opening is None:
            continue
        end = _past_body(source, opening + 1)
        if "$" in source[opening:end]:  # a macro's: a repetition may need the variables in it
            position = end
            continue
        if found["fn"] and any(source.find(one, found.start(), end) >= 0 for one in keeping):
            position = end
            continue
        if found["fn"]:
            header = source[found.end() : opening]
            out += (source[kept : found.end()], outline(header) if "/" in header else header, "{", instead)
        else:
            out += (source[kept:opening], "{")
        out += (_lines(source, opening, end), "}")
        kept = position = end
    out.append(source[kept:])
    return "".join(out)


def _lines(source: str, start: int, end: int) -> str:
    return "\n" * source.count("\n", start, end)


def _past_raw(source: str, found: re.Match[str]) -> int:
    """Give where a raw text ends."""
    end = source.find('"' + "#" * found["raw"].count("#"), found.end())
    return end + 1 + found["raw"].count("#") if end >= 0 else len(source)


def _past_comment(source: str, found: re.Match[str]) -> int:
    """Give where a comment ends; those in `/* */` nest."""
    if not found["comment"].startswith("/*"):
        return found.end()
    depth = 1
    for one in _NESTED.finditer(source, found.end()):
        depth += 1 if one[0] == "/*" else -1
        if not depth:
            return one.end()
    return len(source)


def _opening(source: str, position: int) -> int | None:
    """Give where the body of a function opens, None for one without: `;` comes first, or what surrounds it ends."""
    depth = 0
    while (found := _HEAD.search(source, position)) is not None:
        position = found.end()
        if found["comment"] or found["raw"]:
            position = _past_comment(source, found) if found["comment"] else _past_raw(source, found)
            continue
        match found[0]:
            case "{" if not depth:
                return found.start()
            case "(" | "[" | "{":
                depth += 1
            case ")" | "]" | "}":
                depth -= 1
                if depth < 0:
                    return None
            case ";" if not depth:
                return None
            case text if text.startswith("fn"):  # another function: this was the head of none
                return None
            case _:
                pass
    return None


def _past_body(source: str, position: int) -> int:
    """Give where a body ends, behind its closing brace."""
    depth, most = 1, _MUCH.match(source, position)
    position = most.end() if most is not None else position
    while (found := _BODY.search(source, position)) is not None:
        position = found.end()
        match found[0]:
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if not depth:
                    return position
            case _:
                if found["comment"]:
                    position = _past_comment(source, found)
                elif found["raw"]:
                    position = _past_raw(source, found)
    return len(source)
