"""Which names each module of a package exports: what its `__all__` lists, what a wildcard import brings, what it makes when it is asked.

Source: https://docs.python.org/3/reference/simple_stmts.html#the-import-statement; PEP 562
"""

from __future__ import annotations

from lockstep.model import Place
from lockstep.surface import Blind
from lockstep.surfaces.python import exports
from lockstep.surfaces.python.symbol_table import SymbolTable


class ExportTable:
    """The exports of the modules of a symbol table, each list of names put together once."""

    def __init__(self, symbols: SymbolTable) -> None:
        self._symbols = symbols
        self._modules = symbols.modules
        self._exported: dict[str, list[str]] = {}
        self._sets: dict[str, frozenset[str]] = {}

    def wildcard_names(self, name: str) -> list[str]:
        """Give the names that `from name import *` brings; of what a stub imports, only what it gives on.

        Source: https://typing.python.org/en/latest/spec/distributing.html#import-conventions
        """
        exported = self.exported(name)
        if exported is not None:
            return exported
        if self._modules[name].native:
            return self._native_names(name)
        loaded = self._modules[name]
        found = [(key, member) for key, member in loaded.module.members.items() if not key.startswith("_") and "/" not in key]
        if loaded.stub:
            found = [(key, member) for key, member in found if not member.is_alias or self._symbols.fact(member).explicit]
        return [key for key, member in found if not self._symbols.fact(member).guarded]

    def _native_names(self, name: str) -> list[str]:
        """Give the `__all__` of a native module: PyO3 lists there what is added, whatever its name.

        Source: https://docs.rs/pyo3/latest/pyo3/types/trait.PyModuleMethods.html#tymethod.add
        """
        below = f"{name}."
        modules = (other.removeprefix(below) for other in self._modules if other.startswith(below) and "." not in other[len(below) :])
        return list(dict.fromkeys((*self._modules[name].module.members, *modules)))

    def exported(self, name: str, seen: frozenset[str] = frozenset()) -> list[str] | None:
        """Give the names of a module's `__all__`, those of other lists that it adds included; None without one."""
        if name in self._exported:
            return self._exported[name]
        said = self._modules[name].exports
        if said.names is None:
            return None
        names = list(said.names)
        module = self._modules[name].module
        for source in said.sources:
            target = self._symbols.lookup(source, module)
            if target is not None and not isinstance(target, str) and not target.is_module and target.name == "__all__":
                target = target.parent
            if target is None or isinstance(target, str) or not target.is_module or target.path in seen:
                self._note_unreadable(name, said.computed, f"its `__all__` takes that of {source.removesuffix('!')}, which is not known")
                continue
            if self._modules[target.path].native:  # nobody chose what is listed there: a private name is still private
                names += [one for one in self._native_names(target.path) if not one.startswith("_") or one.endswith("__")]
                continue
            names += self.exported(target.path, seen | {name}) or []
        if said.computed is not None:
            cut = said.steps > exports.MOST_STEPS
            why = f"its `__all__` is put together of more than {exports.MOST_STEPS} entries" if cut else "its `__all__` is computed"
            self._note_unreadable(name, said.computed, why, cut=cut)
            if not names:
                return None
        self._exported[name] = list(dict.fromkeys(names))
        return self._exported[name]

    def exported_set(self, name: str) -> frozenset[str] | None:
        """Give the names of a module's `__all__` for those who look for one of many."""
        if name not in self._sets:
            exported = self.exported(name)
            if name not in self._exported:
                return exported if exported is None else frozenset(exported)
            self._sets[name] = frozenset(exported or ())
        return self._sets[name]

    def _note_unreadable(self, name: str, line: int | None, why: str, *, cut: bool = False) -> None:
        blind = Blind(symbol=name, place=Place(path=self._modules[name].path, line=line), why=why, cut=cut)
        if blind not in self._symbols.blind:
            self._symbols.blind.append(blind)

    def is_lazy(self, module: str, name: str) -> bool:
        """Say whether a module gives a name when it is asked for it, which only type checkers see bound: a lazy import."""
        said = self._modules[module].exports
        return said.dynamic is not None and (said.lazy_names is None or name in said.lazy_names or name in (said.names or ()))

    def open_from(self, name: str) -> int | None:
        """Give the line where a module begins to give names that cannot be listed, None where it does not."""
        said = self._modules[name].exports
        return said.dynamic if said.lazy_names is None and not said.stub else None

    def is_only_declared(self, path: str) -> bool:
        """Say whether a module makes a name when it is asked, or has it in its `__all__` alone, where no code could bind it unseen."""
        above, _, name = path.rpartition(".")
        if above not in self._modules:
            return False
        said = self._modules[above].exports
        return name in (said.lazy_names or {}) or (name in (said.names or ()) and not said.assembled)

    def lazy_names(self, name: str) -> dict[str, str]:
        """Give the names that a module makes when it is asked, as far as they can be read, and the path where each comes from."""
        module = self._modules[name].module
        package = name if module.is_init_module else name.rpartition(".")[0]
        found: dict[str, str] = {}
        for made, origin in (self._modules[name].exports.lazy_names or {}).items():
            if origin is None or origin.startswith(":"):
                found[made] = f"{name}.{origin[1:] if origin else made}"
            else:
                found[made] = self._lazy_origin(package, made, origin)
        return found

    def _lazy_origin(self, package: str, name: str, origin: str) -> str:
        where, _, other = origin.partition(":")
        parts = package.split(".")
        dots = len(where) - len(where.lstrip("."))
        if dots:
            where = ".".join([*parts[: len(parts) - dots + 1], where.lstrip(".")]).rstrip(".")
        elif where not in self._modules and f"{package}.{where}" in self._modules:
            where = f"{package}.{where}"
        if other:
            return f"{where}.{other}"
        return where if where.rpartition(".")[2] == name and where not in self._modules else f"{where}.{name}"
