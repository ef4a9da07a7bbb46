"""The modules of one package as griffe's objects, and where each name in them leads.

griffe reads one module; what it drops is noted beside its objects: the other definitions of a name, the condition that a definition
stands under, the syntax behind it. A name is followed here and not by griffe, for a module and a name of its package may be called
the same (`from .search import search`), and a circle of imports must end.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from lockstep.dataclass import dataclass
from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.surface import Blind
from lockstep.surfaces.python.budget import Budget
from lockstep.surfaces.python.exports import Exports
from lockstep.surfaces.python.names import dotted, plain
from lockstep.surfaces.python.recorder import Fact, Recorder, take_overloads
from lockstep.surfaces.python.source import Unreadable, module

if TYPE_CHECKING:
    import griffe

    Thing: TypeAlias = griffe.Object
    Name: TypeAlias = griffe.Object | griffe.Alias

DEEPEST = 100
"""How many imports a name is followed through."""

BUILTINS = frozenset(dir(builtins))

VENDORED = pattern(r"\._?vendor(?:ed|s)?(?:\.|$)")
"""Packages of others that are shipped inside."""


@dataclass(slots=True)
class LoadedModule:
    """One module: griffe's object, its `__all__`, and whether names appear in it when they are asked for."""

    module: griffe.Module
    path: str
    exports: Exports
    stub: bool
    native: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """The path of a module as griffe knows it: all that it asks of one that it can read is whether the name is `__init__.py`."""

    name: str

    def relative_to(self, _folder: object) -> File:
        """End the reading: griffe asks for it to log that an expression is nested too deeply, and would go on without the expression."""
        raise RecursionError


class SymbolTable:
    """Modules by their dotted names, the facts behind their objects, and what a name in them stands for."""

    def __init__(self) -> None:
        self.modules: dict[str, LoadedModule] = {}
        self.blind: list[Blind] = []
        self._facts: dict[int, Fact] = {}
        self._tops: set[str] = set()
        self._budget = Budget()

    # ---- reading

    def add(self, name: str, path: str, text: str) -> None:
        """Read a module from its text; one that cannot be read is blind."""
        import griffe  # noqa: PLC0415 - heavy

        if (why := self._budget.refuses(text)) is not None:
            if why:
                self.blind.append(Blind(symbol=name.partition(".")[0], place=Place(path=path), why=why, cut=True))
            return
        try:
            read = module(text)
        except Unreadable as fault:
            self.blind.append(Blind(symbol=name, place=Place(path=path, line=fault.line), why=fault.why, cut=fault.cut))
            return
        self._budget.keep(read.nodes)
        said = read.exports
        above, _, last = name.rpartition(".")
        recorder = Recorder(self._facts)
        visitor = griffe.Visitor(
            last,
            cast("Any", File(path.rpartition("/")[2])),
            "",
            cast("griffe.Extensions", recorder),
            parent=self.namespace(above) if above else None,
        )
        try:
            visitor.visit(read.tree)
        except (RecursionError, griffe.GriffeError) as error:
            why = "it is nested too deeply" if isinstance(error, RecursionError) else "griffe cannot read it"
            self.blind.append(Blind(symbol=name, place=Place(path=path), why=why))
            return
        top = visitor.current.module
        recorder.settle()
        take_overloads(top)
        for deleted, line in said.deleted.items():
            if (member := top.members.get(deleted)) is not None and (self.fact(member).line or 0) < line:
                del top.members[deleted]
        for one in said.unseen:
            self.blind.append(Blind(symbol=f"{name}.{one.name}".rstrip("."), place=Place(path=path, line=one.line), why=one.why))
        self.put(name, LoadedModule(top, path, said, path.endswith(".pyi")))

    def put(self, name: str, loaded: LoadedModule, facts: Mapping[int, Fact] | None = None) -> None:
        """Take a module that was read."""
        self.modules[name] = loaded
        self._tops.add(name.partition(".")[0])
        self._facts.update(facts or {})

    def take(self, name: str, other: SymbolTable) -> None:
        """Take a module as another table has it."""
        self.put(name, other.modules[name], other._facts)

    def namespace(self, name: str) -> griffe.Module:
        """Give a module, or make one for a folder without `__init__`."""
        import griffe  # noqa: PLC0415 - heavy

        if name not in self.modules:
            above, _, last = name.rpartition(".")
            module = griffe.Module(last, filepath=cast("Any", [File(last)]), parent=self.namespace(above) if above else None)
            self.put(name, LoadedModule(module, "", Exports(), stub=False))
        return self.modules[name].module

    # ---- asking

    def fact(self, thing: Name) -> Fact:
        """Give what stands behind an object."""
        return self._facts.get(id(thing)) or Fact(line=thing.alias_lineno if thing.is_alias else thing.lineno)  # type: ignore[union-attr]

    def note(self, thing: Name, fact: Fact) -> None:
        """Say what stands behind an object."""
        fact.thing = thing
        self._facts[id(thing)] = fact

    def file(self, name: Name) -> str:
        """Give the file that a name stands in."""
        scope: Name | None = name.parent if name.is_alias else name
        loaded = self.modules.get(cast("Thing", scope).module.path) if scope is not None else None
        return loaded.path if loaded else ""

    def place(self, name: Name) -> Place:
        """Give the place where a name stands."""
        fact = self.fact(name)
        return fact.place or Place(path=self.file(name), line=fact.line or 1)

    def owns(self, path: str) -> bool:
        """Say whether a dotted path lies in one of our packages, and not in what is vendored there."""
        return path.partition(".")[0] in self._tops and not VENDORED.search(path)

    def is_unseen(self, path: str) -> bool:
        """Say whether a path lies in what could not be seen."""
        return any(path == one.symbol or path.startswith(f"{one.symbol}.") for one in self.blind)

    def is_given_on(self, alias: griffe.Alias, loaded: LoadedModule) -> bool:
        """Say whether an import is meant for those who import the module."""
        fact = self.fact(alias)
        if fact.explicit:
            return True
        return loaded.module.is_init_module and not loaded.stub and isinstance(fact.node, ast.ImportFrom) and self.owns(alias.target_path)

    # ---- where names lead

    def follow_assignment(self, thing: Thing) -> Thing:
        """Give what `name = other` stands for, when the other is a class or a function of ours; else the thing itself."""
        for _ in range(DEEPEST):
            node = self.fact(thing).node
            if not thing.is_attribute or not isinstance(node, ast.Assign) or self.fact(thing).instance or not (path := plain(node.value)):
                break
            target = self.lookup(path, thing.parent)
            if target is None or isinstance(target, str) or target is thing or not (target.is_class or target.is_function):
                break
            if target.is_class and thing.parent is not None and thing.parent.is_class:
                break  # request_class = Request: a child sets another
            thing = target
        return thing

    def split(self, path: str) -> tuple[str, list[str]]:
        """Split a dotted path into the longest module that there is and the names below it."""
        parts = path.split(".")
        for i in range(len(parts), 0, -1):
            if (module := ".".join(parts[:i])) in self.modules:
                return module, parts[i:]
        return "", parts

    def find(self, path: str, seen: frozenset[str] = frozenset()) -> Thing | str | None:
        """Give what a dotted path leads to: an object, the path where it leaves our packages, or None when it leads nowhere."""
        if path in seen or len(seen) > DEEPEST:
            return None
        seen |= {path}
        module, names = self.split(path)
        if not module:
            return path
        here: Thing = self.modules[module].module
        if not names:
            above, _, last = module.rpartition(".")
            # a name that a package binds itself hides its submodule of the same name, once both are imported
            if above and (bound := self.modules[above].module.members.get(last)) is not None and path not in self._targets(bound):
                found = self.follow(bound, seen)
                return here if found is None or isinstance(found, str) or found.is_module else found
            return here
        for i, name in enumerate(names):
            member = here.members.get(name)
            if member is None and here.is_class:
                member = next((one.members[name] for one in self.ancestors(cast("griffe.Class", here)) if name in one.members), None)
            if member is None:
                return None
            found = self.follow(member, seen)
            if isinstance(found, str):
                return ".".join((found, *names[i + 1 :]))
            if found is None:
                return None
            if found.is_module and names[i + 1 :]:
                return self.find(".".join((found.path, *names[i + 1 :])), seen)
            here = found
        return here

    @staticmethod
    def _targets(name: Name) -> tuple[str, ...]:
        return (cast("griffe.Alias", name).target_path,) if name.is_alias else ()

    def follow(self, name: Name, seen: frozenset[str] = frozenset()) -> Thing | str | None:
        """Give what a name stands for; see `find`."""
        if not name.is_alias:
            return cast("Thing", name)
        alias = cast("griffe.Alias", name)
        target = alias.target_path
        if target in self.modules and self._is_module_import(alias):
            return self.modules[target].module
        return self.find(target, seen)

    def _is_module_import(self, alias: griffe.Alias) -> bool:
        return isinstance(self.fact(alias).node, ast.Import)

    def ancestors(self, cls: griffe.Class, seen: frozenset[str] = frozenset()) -> list[griffe.Class]:
        """Give the base classes that are ours, nearest first: enough to find a member of a base that a class names in its body."""
        if cls.path in seen or len(seen) > DEEPEST:
            return []
        found: dict[int, griffe.Class] = {}
        for base in self.bases(cls):
            if not isinstance(base, str):
                found |= {id(one): one for one in (base, *self.ancestors(base, seen | {cls.path}))}
        return list(found.values())

    def bases(self, cls: griffe.Class) -> list[griffe.Class | str]:
        """Give the direct base classes: an object of ours, or the path of one that is not."""
        found: list[griffe.Class | str] = []
        node = self.fact(cls).node
        for path in [*self.fact(cls).bases, *(dotted(base) for base in (node.bases if isinstance(node, ast.ClassDef) else ()))]:
            if path:
                target = self.lookup(path, cls.parent)
                found.append(cast("griffe.Class", target) if target is not None and not isinstance(target, str) and target.is_class else _text(target, path))
        return found

    def lookup(self, path: str, scope: griffe.Object | griffe.Alias | None, *, types: bool = False) -> Thing | str | None:
        """Give what a dotted name means where it is written; a name that nobody binds is a builtin.

        With `types` a name of a class that cannot be a type is passed over: in `date: date | None` the second is the module's.
        """
        first, _, rest = path.partition(".")
        here = scope
        while here is not None:
            member = here.members.get(first)
            if member is not None and not (here.is_class and (here is not scope or (types and not self._may_be_type(member)))):
                found = self.follow(member)
                if rest and found is not None:
                    return f"{found}.{rest}" if isinstance(found, str) else self.find(f"{found.path}.{rest}")
                return found
            if here.is_class and here.name == path:
                return cast("Thing", here)
            here = here.parent if not here.is_module else None
        if scope is not None and f"{scope.module.path}.{first}" in self.modules:  # griffe drops `from . import first`
            return self.find(f"{scope.module.path}.{path}")
        return f"builtins.{path}" if first in BUILTINS else path

    def _may_be_type(self, member: Name) -> bool:
        return member.is_alias or member.is_class or (member.is_attribute and self.alias_value(cast("Thing", member)) is not None)

    def alias_value(self, thing: Thing) -> ast.expr | None:
        """Give the type that an alias stands for; None when the object is no alias of a type."""
        if thing.is_type_alias or thing.is_attribute:
            node = self.fact(thing).node
            match node:
                case ast.AnnAssign(annotation=annotation, value=ast.expr() as value) if dotted(annotation).rpartition(".")[2] == "TypeAlias":
                    return value
                case ast.Assign(targets=[ast.Name()], value=ast.Subscript(value=head) as value) if dotted(head):
                    return value
                case ast.Assign(targets=[ast.Name()], value=(ast.Name() | ast.Attribute() | ast.BinOp(op=ast.BitOr())) as value):
                    return value
                case _ if type(node).__name__ == "TypeAlias":  # PEP 695, since Python 3.12
                    return cast("ast.expr", getattr(node, "value", None))
        return None


def _text(target: object, path: str) -> str:
    return target if isinstance(target, str) else path
