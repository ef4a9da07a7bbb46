"""A repository at one moment: the protocol that every reader speaks, and the two trees that live in memory.

Paths are POSIX and relative to the repository's root. Text is decoded UTF-8 with every line ending and a byte order
mark kept, so that a span found in it can be written back without touching another byte.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from posixpath import basename
from typing import Protocol

from lockstep.errors import RepositoryError, WriteError
from lockstep.model import Edit
from lockstep.pattern import pattern as later


class Tree(Protocol):
    """A repository at one moment."""

    @property
    def name(self) -> str:
        """What to call it: `work tree`, `index`, a ref."""
        ...

    def read(self, path: str) -> str:
        """Give a file's text.

        Raises: RepositoryError when it is not there, not a regular file, or not UTF-8.
        """
        ...

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the tracked regular files that match a glob (`*` stays within a folder, `**` does not), sorted."""
        ...

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        ...


class Globs:
    """Globs that match what any of them does: names and `name*.ending`, in one folder or below `**/`, are compared as texts, the others are one expression."""

    __slots__ = ("_anywhere", "_here", "_others", "_together")

    def __init__(self, patterns: Iterable[str]) -> None:
        here, anywhere, others = list[str](), list[str](), []
        for pattern in patterns:
            is_plain = not {"[", "?"} & {*pattern} and pattern.count("{") <= MOST_ALTERNATIVES
            parts = _alternatives(pattern) if is_plain else None
            if parts is None:
                others.append(pattern)
            elif all(part.count("*") <= 1 for part in parts):
                here += parts
            elif all(part.startswith("**/") and part.count("*") <= 3 and "/" not in part[3:] for part in parts):
                anywhere += [part[3:] for part in parts]
            else:
                others.append(pattern)
        self._here, self._anywhere = _Affixes(here), _Affixes(anywhere)
        self._others = others
        self._together: re.Pattern[str] | None = None

    def fullmatch(self, path: str) -> bool:
        """Say whether one of the globs matches a whole path."""
        if self._here.fit(path) or self._anywhere.fit(path.rpartition("/")[2]):
            return True
        if not self._others:
            return False
        if self._together is None:
            self._together = _together(self._others)
        return self._together.fullmatch(path) is not None


class _Affixes:
    """Globs with one `*` or none."""

    __slots__ = ("_exact", "_headed", "_heads", "_tailed", "_tails")

    def __init__(self, patterns: Sequence[str]) -> None:
        self._exact = frozenset(pattern for pattern in patterns if "*" not in pattern)
        affixes = [(pattern[: pattern.index("*")], pattern[pattern.index("*") + 1 :]) for pattern in patterns if "*" in pattern]
        self._headed = tuple((head, tail) for head, tail in affixes if head)
        self._tailed = tuple((head, tail) for head, tail in affixes if not head)
        self._heads, self._tails = tuple(head for head, _ in self._headed), tuple(tail for _, tail in self._tailed)

    def fit(self, path: str) -> bool:
        return (
            path in self._exact
            or (path.startswith(self._heads) and any(_is_between(path, head, tail) for head, tail in self._headed))
            or (path.endswith(self._tails) and any(_is_between(path, head, tail) for head, tail in self._tailed))
        )


def _is_between(path: str, head: str, tail: str) -> bool:
    """Say whether a path is `head*tail`."""
    end = len(path) - len(tail)
    return len(head) <= end and path.startswith(head) and path.endswith(tail) and "/" not in path[len(head) : end]


def _together(patterns: Sequence[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{_written(pattern)})" for pattern in patterns), re.DOTALL)
    except re.error:
        return re.compile("|".join(f"(?:{glob(pattern).pattern})" for pattern in patterns), re.DOTALL)


MOST_STARS = 8
"""How many wildcards a glob, or one of its alternatives, may have; one with more is taken literally, for matching it could take for ever."""


MOST_ALTERNATIVES = 64
"""How many patterns the braces of a glob may make; one with more is taken literally."""


@lru_cache(maxsize=4096)
def glob(pattern: str) -> re.Pattern[str]:
    """Compile a glob: `*` and `?` stay within a folder, `**` spans folders, `[...]` is a set, `{a,b}` are alternatives.

    The time that matching takes grows with the square of a path's length at most, whatever the pattern: what stands between two wildcards
    is taken where it comes first, and never looked for again, since the later wildcard takes whatever is left.
    """
    try:
        return re.compile(_written(pattern), re.DOTALL)
    except re.error:
        return re.compile(re.escape(_plain(pattern)))


@lru_cache(maxsize=4096)
def _written(pattern: str) -> str:
    """Write a glob as a regular expression, which has no meaning where a set of the glob has none."""
    pattern = _plain(pattern)
    alternatives = _alternatives(pattern) if pattern.count("{") <= MOST_ALTERNATIVES else None
    if alternatives is None or any(len(re.findall(r"\*+", one)) > MOST_STARS for one in alternatives):
        return re.escape(pattern)
    return "|".join(map(_expression, alternatives))


def _plain(pattern: str) -> str:
    """Leave stars out that mean no more and cost time."""
    if "***" in pattern:
        pattern = re.sub(r"\*{3,}", "**", pattern)
    return re.sub(r"(?:\*\*/){2,}", "**/", pattern) if "**/**/" in pattern else pattern


def _alternatives(pattern: str) -> list[str] | None:
    """Write the braces of a glob out; None when they are too many."""
    close = 0
    while (start := pattern.find("{", close)) != -1:
        bracket = pattern.find("[", close, start)
        if bracket != -1 and (close := pattern.find("]", bracket + 2) + 1):
            continue
        end, commas = _braces(pattern, start)
        if end == -1:
            return [pattern]
        found: list[str] = []
        for left, right in pairwise([start, *commas, end]):
            inner = _alternatives(pattern[:start] + pattern[left + 1 : right] + pattern[end + 1 :])
            if inner is None or len(found) + len(inner) > MOST_ALTERNATIVES:
                return None
            found += inner
        return found
    return [pattern]


def _braces(pattern: str, start: int) -> tuple[int, list[int]]:
    """Give where the brace that opens at `start` closes, -1 when it does not, and the commas between."""
    depth = 0
    commas: list[int] = []
    for at in range(start, len(pattern)):
        match pattern[at]:
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if not depth:
                    return at, commas
            case "," if depth == 1:
                commas.append(at)
            case _:
                pass
    return -1, []


_WILDCARD = later(r"(?:(?<![^/])\*\*/)|\*\*|\*")
_SPANS = {"**/": "(?:.*?/)??", "**": ".*?"}


def _expression(pattern: str) -> str:
    """Give the expression of a glob without braces."""
    literals, wildcards, end = [], [], 0
    for found in _wildcards(pattern):
        literals.append(_single(pattern[end : found.start()]))
        wildcards.append(found[0])
        end = found.end()
    literals.append(_single(pattern[end:]))
    out, open_ = [literals[0]], 0
    for number, (wildcard, literal) in enumerate(zip(wildcards, literals[1:], strict=True), 1):
        spans = _SPANS.get(wildcard)
        more = wildcards[number:]
        if spans is not None:
            out.append(")" * open_)
            open_ = any(one in _SPANS for one in more)
            out.append(("(?>" if open_ else "") + spans + literal)
        else:
            out.append(f"(?>[^/]*?{literal})" if more else f"[^/]*{literal}")
    return "".join([*out, ")" * open_])


def _wildcards(pattern: str) -> Iterator[re.Match[str]]:
    """Give the wildcards that stand outside of sets."""
    at = 0
    while found := _WILDCARD.search(pattern, at):
        bracket = pattern.find("[", at, found.start())
        if bracket != -1 and (close := pattern.find("]", bracket + 2)) != -1:
            at = close + 1
            continue
        yield found
        at = found.end()


def _single(text: str) -> str:
    """Give the expression of the part of a glob between two wildcards, each of whose elements is one character."""
    out, i = [], 0
    while i < len(text):
        close = text.find("]", i + 2) if text[i] == "[" else -1
        if close != -1:
            out.append(_set(text[i + 1 : close]))
            i = close
        else:
            out.append("[^/]" if text[i] == "?" else re.escape(text[i]))
        i += 1
    return "".join(out)


def _set(body: str) -> str:
    """Compile what stands between brackets: characters, ranges, or with ! or ^ none of them; never a slash."""
    negation = "^" if body[0] in "!^" else ""
    chars = "".join(char if char == "-" else re.escape(char) for char in body[len(negation) :]).replace("--", r"-\-")
    return f"(?!/)[{negation}{chars}]"


class Listing:
    """The files of a tree, found by glob; shared by every tree."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._named: dict[str, list[str]] | None = None
        self._found: dict[str, tuple[str, ...]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def match(self, pattern: str) -> tuple[str, ...]:
        """Give the files that match, sorted; a path matches itself whatever is in it, and `**/name` does not walk the whole list."""
        if (known := self._found.get(pattern)) is not None:
            return known
        name = basename(pattern)
        candidates: Iterable[str]
        if pattern == "**":
            found = tuple(sorted(self._files))
        elif pattern.endswith("/**") and not any(char in pattern[:-3] for char in "*?[{"):
            found = self._below(pattern[:-2])
        elif pattern in self._files or not any(char in pattern for char in "*?[{"):
            found = (pattern,) if pattern in self._files else ()
        else:
            candidates, plain = self._files, False
            if not any(char in name for char in "*?[]{}"):
                if self._named is None:
                    self._named = {}
                    for path in self._files:
                        self._named.setdefault(basename(path), []).append(path)
                candidates, plain = self._named.get(name, ()), pattern == f"**/{name}"
            found = tuple(sorted(candidates if plain else filter(glob(pattern).fullmatch, candidates)))
        self._found[pattern] = found
        return found

    def _below(self, prefix: str) -> tuple[str, ...]:
        """Give the files below a folder, whose path ends in a slash: they stand together in the sorted list."""
        return below(self.match("**"), prefix[:-1])


def below(paths: tuple[str, ...], folder: str) -> tuple[str, ...]:
    """Give those of sorted paths that are below a folder, where they stand together; all of them below the root, which is empty."""
    if not folder:
        return paths
    start = bisect_left(paths, f"{folder}/")
    return paths[start : bisect_left(paths, f"{folder}0", start)]  # 0 comes after the slash


class MemoryTree:
    """A tree made of a dict: for tests, and for a plan that is not written yet."""

    def __init__(self, files: Mapping[str, str], name: str = "memory") -> None:
        self.name = name
        self._texts = dict(files)
        self._listing = Listing(self._texts)

    def read(self, path: str) -> str:
        """Give a file's text; raises RepositoryError when it is not there."""
        try:
            return self._texts[path]
        except KeyError:
            raise RepositoryError("there is no such file", path=path) from None

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the files that match, sorted."""
        return self._listing.match(pattern)

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        return path in self._texts


class Overlay:
    """A tree with edits on top: what the repository would be."""

    def __init__(self, tree: Tree, edits: Iterable[Edit]) -> None:
        self._tree = tree
        self.name = f"{tree.name} with the plan applied"
        by_path: dict[str, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.site.path, []).append(edit)
        self.texts = {path: splice(tree.read(path), found) for path, found in sorted(by_path.items())}

    def read(self, path: str) -> str:
        """Give a file's text as the plan leaves it."""
        text = self.texts.get(path)
        return self._tree.read(path) if text is None else text

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the files that match, sorted: a plan adds none and removes none."""
        return self._tree.paths(pattern)

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        return self._tree.has(path)


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Write edits into a text: the only function of lockstep that does.

    Raises: WriteError when the text says anything but `site.text` at a site, or when two edits overlap.
    """
    out, end = [], 0
    for edit in sorted(edits, key=lambda one: one.site.start):
        site = edit.site
        if site.start < end:
            raise WriteError(f"two edits overlap at {site.key}", path=site.path, line=site.line, column=site.column)
        if not text.startswith(site.text, site.start):
            found = text[site.start : site.start + len(site.text)]
            raise WriteError(
                f"the file changed while lockstep was working: {found!r} stands where {site.text!r} stood",
                path=site.path,
                line=site.line,
                column=site.column,
                help="run the command again",
            )
        out += [text[end : site.start], edit.new]
        end = site.start + len(site.text)
    out.append(text[end:])
    return "".join(out)
