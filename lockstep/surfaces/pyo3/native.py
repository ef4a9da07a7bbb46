"""The native modules of a crate, from its manifest to the names that Python sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lockstep.model import Place
from lockstep.surface import Blind
from lockstep.surfaces.pyo3.annotations import Annotator
from lockstep.surfaces.pyo3.classes import EXCEPTIONS, Classes, exception_name, python_name
from lockstep.surfaces.pyo3.functions import Functions
from lockstep.surfaces.pyo3.model import NativeModule
from lockstep.surfaces.pyo3.modules import Draft, Modules
from lockstep.surfaces.pyo3.options import options, text
from lockstep.surfaces.rust_source.crates import Libraries
from lockstep.surfaces.rust_source.items import Kind
from lockstep.surfaces.rust_source.program import Item, Module, Program, Space
from lockstep.surfaces.rust_source.tokens import Group, Tree
from lockstep.tree import Tree as Repository

SPEAKS = {"pyclass", "pymethods", "pyfunction", "pymodule", "create_exception", "wrap_pyfunction", "wrap_pymodule", "add_class"}
"""Words that tell that a macro makes something for Python."""


def native_modules(
    tree: Repository,
    manifest: str,
    *,
    features: Iterable[str] = (),
    default_features: bool = True,
    name: str | None = None,
    python: tuple[int, int] = (3, 11),
) -> tuple[NativeModule, ...]:
    """Read the native modules that the crate of a Cargo.toml makes.

    `name` is the last part of the module's dotted name where the build says one; the library's name decides otherwise, and a library whose name fits
    none of its modules gives all that Python could import. Without source to read, the answer is an empty module that says so.
    """
    libraries = Libraries(tree, manifest, features=features, default_features=default_features, python=python)
    program = Program(tree, libraries, declaring=dict.fromkeys(EXCEPTIONS, exception_name))
    root = program.main()
    library = libraries.main()
    if root is None or library is None:
        why = next((gap.why for gap in libraries.gaps), "the crate has no library whose source is in the repository")
        place = Place(path=manifest)
        return (NativeModule(name=name or "", place=place, blind=(Blind(symbol="", place=place, why=why),)),)
    annotator = Annotator(program, library.pyo3, python_name)
    functions = Functions(annotator)
    classes = Classes(program, annotator, functions)
    modules = Modules(program, annotator, functions, classes)
    tops = _tops(program, root, name or library.name)
    drafts = [draft for top in tops if (draft := modules.draft(top)) is not None]
    _tell_gaps(program, libraries, classes, modules, drafts)
    if not drafts:
        return _none(program, name or library.name, Place(path=library.root))
    return tuple(draft.native() for draft in drafts)


def _none(program: Program, name: str, place: Place) -> tuple[NativeModule, ...]:
    """Say that nothing was found, when something may be hidden; no module at all when the crate shows nothing of the kind."""
    blind = tuple(Blind(symbol="", place=gap.place, why=gap.why) for gap in program.gaps) or tuple(
        Blind(symbol="", place=call.place, why=call.why) for call in program.calls if _speaks(call.arguments)
    )
    return (NativeModule(name=name, place=place, blind=blind),) if blind else ()


def _tops(program: Program, root: Module, name: str) -> Sequence[Item | Module]:
    """Give the modules that the shared library offers to Python's import."""
    found: list[Item | Module] = []
    for module in program.modules:
        if module.library is not root.library:
            continue
        for item in module.items:
            if not item.attributes.has("pymodule") or "submodule" in options(item.attributes, "pymodule"):
                continue
            if item.kind is Kind.FUNCTION:
                found.append(item)
            elif item.kind is Kind.MODULE and isinstance(inner := module.spaces[Space.TYPES].get(item.name), Module) and not _inside_pymodule(module):
                found.append(inner)
    named = [one for one in found if _name_of(one) == name]
    return named[:1] or found


def _inside_pymodule(module: Module) -> bool:
    return module.item is not None and module.item.attributes.has("pymodule")


def _name_of(found: Item | Module) -> str:
    item = found.item if isinstance(found, Module) else found
    assert item is not None
    return (text(options(item.attributes, "pymodule"), "name") or item.name).rpartition(".")[2]


def _tell_gaps(program: Program, libraries: Libraries, classes: Classes, modules: Modules, drafts: Sequence[Draft]) -> None:
    """Turn what could not be read anywhere into blind spots of the modules."""
    for draft in drafts:
        for gap in (*libraries.gaps, *program.gaps, *classes.orphans):
            draft.miss(gap.place, gap.why)
        for call in program.calls:
            named = [item for item in modules.exposed if item.name in set(_words(call.arguments))]
            if named:
                for item in named:
                    for owner, key in modules.exposed[item]:
                        owner.miss(call.place, call.why, key)
            elif _speaks(call.arguments):
                draft.miss(call.place, call.why)


def _speaks(arguments: Sequence[Tree]) -> bool:
    return not SPEAKS.isdisjoint(_words(arguments))


def _words(parts: Sequence[Tree]) -> Iterable[str]:
    for part in parts:
        if isinstance(part, Group):
            yield from _words(part.trees)
        else:
            yield part.text
