"""What a statement of a module depends on, in the sources of its package: all that it reads, and all that the code that it runs reads.

A place that could not be followed says the same of two releases where the statement and all of this is the same. What code runs is followed through its
bodies; what is only named, as far as others see it. A name that is looked for by means that no text shows makes the whole unknown, which is no proof.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from lockstep.errors import RepositoryError
from lockstep.surfaces.python.module_statements import Entry, ModuleStatements, Reading, is_registry
from lockstep.surfaces.python.names import add_children, plain
from lockstep.surfaces.python.source import Unreadable, parse
from lockstep.text.python import MOST_SIGNS, signs
from lockstep.tree import Tree

Need: TypeAlias = tuple[str, str, bool]
"""A module, a name in it (empty for all of them), and whether its code runs."""

MOST = 20_000
"""Statements that are followed for one place; what needs more is not known."""
LONGEST = 5_000_000
"""Characters of syntax, some forty for each sign of source, that are followed for all places of a package; what is left then is not known."""
_OWN_NAMES = {"globals", "vars", "locals", "dir", "exec", "eval"}
_ELSEWHERE = {"__import__", "import_module", "iter_modules", "walk_packages", "listdir", "scandir", "glob", "rglob", "iterdir", "find_spec", "__subclasses__"}
_FILES = {"open", "read_text", "read_bytes", "open_text", "open_binary", "read_binary", "get_data", "files"}


_SETS = {"delattr", "setattr"}
"""Functions that run nothing of what their first argument is."""
_WRITES = {"update", "setdefault", "pop", "__setitem__", "__delitem__"}
"""Methods that change the names of a module, and read none of them."""


class UnknownError(Exception):
    """What it depends on cannot be told."""


class Dependencies:
    """Follows names through the modules of a package. `paths` are the files of its modules.

    `importers` says whether others import a name of a module, `folder` where the code runs: None where that is not known.
    """

    def __init__(
        self, tree: Tree, paths: Mapping[str, str], importers: Callable[[str, str], bool] = lambda _module, _name: False, folder: str | None = None
    ) -> None:
        self._tree = tree
        self._paths = paths
        self._folder = folder
        self._tops = {name for name in paths if "." not in name or name.rpartition(".")[0] not in paths}
        self._importers = importers
        self._modules: dict[str, ModuleStatements | None] = {}
        self._readings: dict[tuple[int, int | None, bool], Reading] = {}
        self._left = LONGEST
        self._signs_left = MOST_SIGNS

    def digest(self, module: str, line: int, name: str = "") -> str:
        """Give a digest of the statement at a line and of all that it depends on; empty where that is not known.

        `name` is the name that it is about, where the statement imports several.
        """
        try:
            found = _Closure(self).of(module, line, name)
        except (UnknownError, RecursionError):
            return ""
        return hashlib.sha256("\0".join(found).encode(errors="surrogatepass")).hexdigest()

    def statements(self, module: str) -> ModuleStatements:
        """Read a module of ours.

        Raises: UnknownError where it cannot be read.
        """
        if module not in self._modules:
            path = self._path(module)
            try:
                self._modules[module] = ModuleStatements(self._parsed(path)) if path else None
            except (Unreadable, RepositoryError):
                self._modules[module] = None
        known = self._modules[module]
        if known is None:
            raise UnknownError
        return known

    def reading(self, entry: Entry, line: int | None, *, runs: bool) -> Reading:
        """Read a statement, once for all places that depend on it."""
        key = (id(entry), line, runs)
        if (known := self._readings.get(key)) is None:
            known = self._readings[key] = entry.read(line, runs=runs)
        return known

    def _parsed(self, path: str) -> ast.Module:
        text = self._tree.read(path)
        self._signs_left -= signs(text)
        if self._signs_left < 0:
            raise UnknownError
        return parse(text)

    def spend(self, characters: int) -> None:
        """Count what a place needs.

        Raises: UnknownError when all places need too much.
        """
        self._left -= characters
        if self._left < 0:
            raise UnknownError

    def is_ours(self, module: str) -> bool:
        """Say whether a module is of this package, whether or not it is there."""
        return any(module == top or module.startswith(f"{top}.") for top in self._tops)

    def is_there(self, module: str) -> bool:
        """Say whether there is a file of a module."""
        return bool(self._path(module))

    def package_of(self, module: str) -> str:
        """Give the package that relative imports of a module start from."""
        return module if self._path(module).rpartition("/")[2].startswith("__init__.") else module.rpartition(".")[0]

    def is_filled_elsewhere(self, module: str, name: str) -> bool:
        """Say whether other modules can reach a name, so that their code may change what it holds."""
        return self._importers(module, name)

    def text(self, path: str) -> str:
        """Give a file that code reads by its name.

        Raises: UnknownError where there is none, and where it is not known which it is.
        """
        if self._folder is None:
            raise UnknownError
        try:
            return self._tree.read(f"{self._folder}/{path}" if self._folder else path)
        except RepositoryError:
            raise UnknownError from None

    def _path(self, module: str) -> str:
        if module in self._paths:
            return self._paths[module]
        above, _, last = module.rpartition(".")
        if not above or not (parent := self._path(above)).rpartition("/")[2].startswith("__init__."):
            return ""
        folder = parent.rpartition("/")[0]
        return next((path for path in (f"{folder}/{last}/__init__.py", f"{folder}/{last}.py") if self._tree.has(path)), "")


class _Closure:
    """One question: what was asked for already, and the texts of what was found."""

    def __init__(self, known: Dependencies) -> None:
        self._known = known
        self._seen: set[Need] = set()
        self._done: set[tuple[str, int, bool]] = set()
        self._pending: list[Need] = []
        self._texts: list[str] = []

    def of(self, module: str, line: int, name: str) -> list[str]:
        """Give the texts, sorted: where they stand says nothing."""
        entry = self._known.statements(module).at(line)
        if entry is None or isinstance(getattr(entry.node, "value", None), ast.Constant) or (name and name not in entry.words):
            raise UnknownError
        if entry.imports and name:
            self._need(module, name, runs=False)
        else:
            self._take(module, entry, line, runs=not (entry.imports or isinstance(entry.node, ast.Assign | ast.AnnAssign)))
            self._done |= {(module, id(entry), False), (module, id(entry), True)}
        while self._pending:
            self._follow(*self._pending.pop())
        return sorted(self._texts)

    def _need(self, module: str, name: str, *, runs: bool) -> None:
        need = (module, name, runs)
        if need in self._seen or (not runs and (module, name, True) in self._seen):
            return
        self._seen.add(need)
        self._pending.append(need)

    def _follow(self, module: str, name: str, runs: bool) -> None:  # noqa: FBT001 - as a need says it
        known = self._known.statements(module)
        if not name:
            for entry in known.entries:
                self._take(module, entry, None, runs=runs)
            return
        found = known.about(name)
        if not any(name in entry.binds for entry in found):
            for source in known.stars:
                self._star(module, source, name, runs=runs)
            inner = f"{module}.{name}"
            if self._known.is_there(inner):
                self._need(inner, "", runs=runs)
        if runs and any(is_registry(entry, name) for entry in found) and (known.is_changed_in_function(name) or self._known.is_filled_elsewhere(module, name)):
            raise UnknownError
        for entry in found:
            self._take(module, entry, None, runs=runs and name in entry.binds, name=name)

    def _star(self, module: str, source: ast.ImportFrom, name: str, *, runs: bool) -> None:
        target = self._target(module, source)
        if not self._known.is_ours(target):
            self._texts.append(f"{module}: {ast.unparse(source)}")
        elif target != module:
            self._need(target, name, runs=runs)

    def _take(self, module: str, entry: Entry, line: int | None, *, runs: bool, name: str = "") -> None:
        """Take a statement: its text, and what it reads."""
        key = (module, id(entry), runs)
        if entry.imports:
            self._imported(module, entry.node, name, runs=runs)
            return
        if key in self._done:
            return
        if len(self._done) > MOST:
            raise UnknownError
        self._done.add(key)
        self._known.spend(1)
        read = self._known.reading(entry, line, runs=runs)
        self._known.spend(len(read.text))
        self._texts.append(f"{module}: {read.text}")
        for test in entry.under:
            self._take(module, test, None, runs=True)
        self._names(module, read.run, runs=True)
        self._names(module, read.named, runs=False)

    def _imported(self, module: str, node: ast.AST, name: str, *, runs: bool) -> None:
        for alias in getattr(node, "names", ()):
            bound = alias.asname or (alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0])
            if name and bound != name:
                continue
            if isinstance(node, ast.ImportFrom):
                target = self._target(module, node)
                if self._known.is_ours(target):
                    self._of_ours(target, alias.name, runs=runs)
                    continue
            elif self._known.is_ours(alias.name):
                self._need(alias.name if alias.asname else bound, "", runs=runs)
                continue
            where = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            self._texts.append(f"{module}: {bound} is {where}")

    def _of_ours(self, target: str, name: str, *, runs: bool) -> None:
        """Take a name of a module of ours: what the module binds, and its submodule of that name, for both may be meant."""
        if name == "*":
            self._need(target, "", runs=runs)
            return
        inner, known = f"{target}.{name}", self._known
        is_module = known.is_there(inner)
        if is_module:
            self._need(inner, "", runs=runs)
        if known.is_there(target) and (known.statements(target).binds(name) or (not is_module and known.statements(target).stars)):
            self._need(target, name, runs=runs)
        elif not is_module:
            raise UnknownError

    def _target(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self._known.package_of(module).split(".")
        return ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])

    def _names(self, module: str, nodes: list[ast.AST], *, runs: bool) -> None:
        pending = list(nodes)
        while pending:
            one = pending.pop()
            match one:
                case ast.Attribute(value=ast.Name(id=owner), attr=attribute) if target := self._module_named(module, owner):
                    self._of_ours(target, attribute, runs=runs)
                    continue
                case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="globals" | "locals" | "vars"), args=[]), attr=word)) if word in _WRITES:
                    pending += [*one.args, *one.keywords]
                    continue
                case ast.Subscript(value=ast.Call(func=ast.Name(id="globals" | "locals" | "vars"), args=[]), slice=key, ctx=ast.Store() | ast.Del()):
                    pending.append(key)
                    continue
                case ast.Subscript(value=ast.Attribute(attr="modules", value=ast.Name(id="sys")), slice=ast.Name(id="__name__")):
                    self._need(module, "", runs=runs)
                    continue
                case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                    raise UnknownError
                case ast.Call(func=ast.Name(id=word), args=[ast.Name(id=name), *rest]) if word in _SETS and not self._binds(module, word):
                    self._need(module, name, runs=False)
                    pending += [*rest, *one.keywords]
                    continue
                case ast.Call(func=func, args=args) if runs:
                    self._called(module, plain(func).rpartition(".")[2] or getattr(func, "attr", ""), args)
                case ast.Name(id=name):
                    self._need(module, name, runs=runs)
                case ast.ImportFrom() | ast.Import():
                    self._imported(module, one, "", runs=runs)
            add_children(one, pending)

    def _module_named(self, module: str, name: str) -> str:
        """Give the module of ours that a name stands for, where it surely is one."""
        bound = [entry for entry in self._known.statements(module).about(name) if name in entry.binds]
        if len(bound) != 1 or not isinstance(bound[0].node, ast.ImportFrom):
            return ""
        target = self._target(module, bound[0].node)
        alias = next((one.name for one in bound[0].node.names if (one.asname or one.name) == name), "")
        inner = f"{target}.{alias}"
        if not self._known.is_ours(target) or not self._known.is_there(inner):
            return ""
        return "" if self._known.is_there(target) and self._known.statements(target).binds(alias) else inner

    def _binds(self, module: str, name: str) -> bool:
        return self._known.statements(module).binds(name)

    def _called(self, module: str, name: str, args: list[ast.expr]) -> None:
        match name, args:
            case "__import__" | "import_module", [ast.Constant(value=str(path)), *_] if not path.startswith(".") and not self._known.is_ours(path):
                return
        match name, args:
            case "exec" | "eval", [ast.Constant(value=str(text)), *_]:
                try:
                    self._names(module, [parse(text)], runs=True)
                except Unreadable:
                    raise UnknownError from None
                return
        if name in _ELSEWHERE:
            raise UnknownError
        if name in _FILES:
            match args:
                case [ast.Constant(value=str(path)), *_]:
                    self._texts.append(f"{path}: {self._known.text(path)}")
                case _:
                    raise UnknownError
        if name in _OWN_NAMES:
            self._need(module, "", runs=True)
