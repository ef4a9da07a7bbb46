"""Which definition a macro invocation means, and what it expands to, within the budget of one program.

Source: https://doc.rust-lang.org/reference/macros-by-example.html#scoping-exporting-and-importing
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.dataclass import replace
from lockstep.model import Place
from lockstep.surfaces.rust_source import expansions, known_macros
from lockstep.surfaces.rust_source.crates import Gap
from lockstep.surfaces.rust_source.expansions import Expansion
from lockstep.surfaces.rust_source.items import Declaration, content
from lockstep.surfaces.rust_source.macros import MacroRules, OpaqueError, read_trees
from lockstep.surfaces.rust_source.module_tree import Module
from lockstep.surfaces.rust_source.tokens import Group, Tree, trees

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_EXPANSIONS = 20_000
MOST_STEPS = 1_000
"""Calls that one call may come to, each all of what the last one expands to."""
MOST_TOKENS = 1_000_000
"""Tokens that all expansions together may give."""


class MacroResolver:
    """Holds the macro definitions of a program and expands invocations.

    `load` reads the path dependency that a module uses under a name, for its macros may be meant; `gaps` learns when the budget is spent.
    """

    def __init__(self, load: Callable[[Module, str], None], gaps: list[Gap]) -> None:
        self._load = load
        self._gaps = gaps
        self._definitions: dict[str, list[tuple[MacroRules, Module]]] = {}
        self._expansions = 0
        self._tokens = 0
        self._exhausted = False

    def define(self, module: Module, declaration: Declaration) -> None:
        """Take the definition of a macro."""
        rules = _rules(declaration.node, declaration.name)
        if rules is not None:
            module.macros[declaration.name] = (rules, module)
            self._definitions.setdefault(declaration.name, []).append((rules, module))

    def defines(self, module: Module, path: tuple[str, ...]) -> bool:
        """Say whether what an invocation expands to can be known."""
        return self.definition(module, path) is not None or known_macros.knows(path[-1])

    def definition(self, module: Module, path: tuple[str, ...]) -> tuple[MacroRules, Module] | None:
        """Give the definition that an invocation means, and where it stands."""
        name = path[-1]
        scope: Module | None = module if len(path) == 1 else None
        while scope is not None:
            if name in scope.macros:
                return scope.macros[name]
            scope = scope.parent
        home: str | None = path[0] if len(path) > 1 else None
        for use in module.named.get(path[0], ()):
            name = use.path[-1] if len(path) == 1 else name
            home = use.path[0]
        if home is not None:
            self._load(module, home)
        else:
            for use in module.globs:
                self._load(module, use.path[0])
        found = self._definitions.get(name, [])
        own = [one for one in found if one[1].library is module.library]
        chosen = own or found
        return chosen[-1] if len({id(one[0]) for one in chosen}) == 1 else None

    def expand(self, path: tuple[str, ...], arguments: tuple[Tree, ...], module: Module) -> Expansion:
        """Expand an invocation of a macro that is defined in the repository.

        Raises: OpaqueError when it is not, or cannot be.
        """
        found = self._expand_once(path, arguments, module)
        for _ in range(MOST_STEPS):
            if not found.is_call or found.following is None or not self.defines(module, found.following[0]):
                break
            try:
                found = self._expand_once(*found.following, module)
            except OpaqueError:  # it is told where it is met
                break
        return found

    def _expand_once(self, path: tuple[str, ...], arguments: tuple[Tree, ...], module: Module) -> Expansion:
        self._expansions += 1
        if self._expansions > MOST_EXPANSIONS or self._tokens > MOST_TOKENS:
            if not self._exhausted:
                self._exhausted = True
                self._gaps.append(Gap(place=Place(path=module.file), why="macros expand to too much; the rest is not read", cut=True))
            raise OpaqueError("macros expand to too much")
        definition = self.definition(module, path)
        if definition is not None:
            rules, home = definition
            found = expansions.expand(rules, arguments, "crate" if home.library is module.library else f"::{home.library.name}")
        elif (known := known_macros.expand(path[-1], arguments, module.library.build)) is not None:
            found = Expansion(known)
        else:
            raise OpaqueError(f"{path[-1]}! is not defined in the repository")
        self._tokens += found.size
        return found

    def refund(self, tokens: int) -> None:
        """Give back tokens that were counted and are neither written nor parsed."""
        self._tokens -= tokens


@lru_cache(maxsize=8192)
def _rules(node: Node, name: str) -> MacroRules | None:
    """Read a definition, once for all crates that see it; two that say the same are still two."""
    found = _definition(content(node), name)
    return replace(found) if found is not None else None


@lru_cache(maxsize=8192)
def _definition(text: str, name: str) -> MacroRules | None:
    parts = trees(text)
    body = parts[3] if len(parts) > 3 else None  # macro_rules ! name { ... }
    return read_trees(name, body.trees) if isinstance(body, Group) else None
