"""What stands where Rust could not be read, and all that it depends on in the repository: macros, and what its names mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.errors import RepositoryError
from lockstep.pattern import pattern
from lockstep.surface import Blind, Surface
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import MacroCall
from lockstep.surfaces.rust_source.program import Program
from lockstep.tree import Tree

MOST = 5_000
"""Definitions that are followed for one place; what needs more is not known."""
_FOREIGN = "!"
"""Stands in a basis behind the crate whose release still has to be joined to it."""
_STANDARD = {"thread_local"}
_WORD = pattern(r"[^\W\d]\w*")
_MEANT = (Kind.ALIAS, Kind.CONSTANT, Kind.TRAIT)
"""What names stand for, and what bounds ask for: of what else is named, a change shows where it is defined."""
_READ_FILES = {"include", "include_str", "include_bytes", "env", "option_env", "concat_idents"}
"""Macros that read more than what they are given."""


class Meanings:
    """What the names of a crate may mean: every definition of each name, wherever it stands."""

    def __init__(self, program: Program, tree: Tree) -> None:
        self._program = program
        self._tree = tree
        self._known: dict[str, list[str]] | None = None
        self._aliases: set[str] = set()
        self._macros: set[str] = set()
        self._digests: dict[tuple[tuple[str, ...], frozenset[str]], str] = {}

    def of_call(self, call: MacroCall) -> str:
        """Give a digest of a macro's call and of all that it depends on; empty where that is not known."""
        text = content(call.node)
        words = set(_WORD.findall(text)) | set(call.words)
        self._definitions()
        defined = self._program.macros.definition(call.module, call.path) is not None or call.path[-1] in self._macros
        if words & _READ_FILES:
            return ""
        uses = [f"use {'::'.join(use.path)} as {use.name}" for use in call.module.uses if use.name in words or use.name == "*"]
        found = self._digest([text, *uses], words)
        return found if defined or call.path[-1] in _STANDARD or not found else f"{_crate(call)}{_FOREIGN}{found}"

    def of_file(self, path: str) -> str:
        """Give a digest of a file that could not be read in part, and of all that it depends on; empty where that is not known."""
        try:
            text = self._tree.read(path)
        except RepositoryError:
            return ""
        words = set(_WORD.findall(text))
        return "" if words & _READ_FILES else self._digest([text], words)

    def _digest(self, texts: list[str], words: set[str]) -> str:
        key = (tuple(texts), frozenset(words))
        if key not in self._digests:
            self._digests[key] = self._digest_of(list(texts), words)
        return self._digests[key]

    def _digest_of(self, texts: list[str], words: set[str]) -> str:
        definitions, seen, pending = self._definitions(), set[str](), sorted(words)
        while pending:
            word = pending.pop()
            if word in seen:
                continue
            seen.add(word)
            for text in definitions.get(word, ()):
                texts.append(text)
                if len(texts) > MOST:
                    return ""
                if word in self._aliases or word in self._macros:
                    pending += _WORD.findall(text)
        return _hash(sorted(set(texts)))

    def _definitions(self) -> dict[str, list[str]]:
        """Give the texts behind each name: of macros, of types that stand for others, of constants and of bounds."""
        if self._known is None:
            known: dict[str, list[str]] = {}
            for module in self._program.modules:
                for item in module.items:
                    if item.kind in _MEANT:
                        known.setdefault(item.name, []).append(content(item.node))
                        self._aliases |= {item.name} if item.kind in (Kind.ALIAS, Kind.CONSTANT) else set()
                for item in module.macro_items:
                    known.setdefault(item.name, []).append(content(item.node))
                    self._macros.add(item.name)
            self._known = known
        return self._known


class Requirements:
    """Which releases of crates from elsewhere the manifests of a tree ask for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._tables: list[tuple[str, str]] | None = None
        self._known: dict[str, str] = {}

    def settle(self, found: Surface) -> Surface:
        """Join what is asked for of a macro's crate to the basis of its calls; without any, it is not known where the macro comes from."""
        if not any(_FOREIGN in one.basis for one in found.blind):
            return found
        return replace(found, blind=tuple(self._settled(one) for one in found.blind))

    def _settled(self, one: Blind) -> Blind:
        crate, mark, digest = one.basis.partition(_FOREIGN)
        if not mark:
            return one
        if crate not in self._known:
            lines = sorted(self._lines(crate))
            self._known[crate] = _hash(lines) if lines else ""
        return replace(one, basis=_hash([self._known[crate], digest]) if self._known[crate] else "")

    def _lines(self, crate: str) -> Iterator[str]:
        """Give the lines that say which release of a crate is wanted; of every crate where no name is known."""
        if self._tables is None:
            self._tables = list(self._read())
        name = re.compile(rf"(?<![\w-]){re.escape(crate).replace('_', '[-_]')}(?![\w-])")
        for head, body in self._tables:
            if not crate or head.replace("-", "_").endswith(f".{crate}"):
                yield body.rstrip()
            else:
                yield from (line for line in body.splitlines() if name.search(line))

    def _read(self) -> Iterator[tuple[str, str]]:
        for path in self._tree.paths("**/Cargo.toml"):
            try:
                text = self._tree.read(path)
            except RepositoryError:
                continue
            for section in re.split(r"^(?=\[)", text, flags=re.MULTILINE):
                if "dependencies" in (head := section.partition("]")[0]):
                    yield head, section


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode(errors="surrogatepass")).hexdigest()


def _crate(call: MacroCall) -> str:
    """Give the crate that a macro from elsewhere comes from, as far as its path or an import says it."""
    if len(call.path) > 1:
        return call.path[0]
    uses = {use.path[0] for use in call.module.named.get(call.path[0], ()) if use.path}
    return uses.pop() if len(uses) == 1 else ""
