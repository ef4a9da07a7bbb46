"""The native modules of a crate, from its manifest to the names that Python sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lockstep.errors import RepositoryError
from lockstep.manifest import inside
from lockstep.model import Place
from lockstep.surface import Blind
from lockstep.surfaces.pyo3.annotations import Annotator
from lockstep.surfaces.pyo3.class_names import EXCEPTIONS, exception_name, python_name
from lockstep.surfaces.pyo3.classes import Classes
from lockstep.surfaces.pyo3.function_bodies import Engine
from lockstep.surfaces.pyo3.functions import Functions
from lockstep.surfaces.pyo3.model import NativeModule
from lockstep.surfaces.pyo3.modules import Modules
from lockstep.surfaces.pyo3.options import options, text
from lockstep.surfaces.pyo3.releases import release
from lockstep.surfaces.pyo3.values import Draft
from lockstep.surfaces.rust_source.crates import Libraries, Library, Opened
from lockstep.surfaces.rust_source.items import Kind, parse_once
from lockstep.surfaces.rust_source.module_tree import Foreign, Item, MacroCall, Module, Space
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import Token, Tree, split
from lockstep.surfaces.rust_source.types import Named
from lockstep.tree import Tree as Repository

PYTHON_WORDS = {"pyclass", "pymethods", "pyfunction", "pymodule", "create_exception", "wrap_pyfunction", "wrap_pymodule", "add_class"}
"""Words of macros that make something for Python."""


def native_modules(
    tree: Repository,
    manifest: str,
    *,
    features: Iterable[str] = (),
    default_features: bool = True,
    name: str | None = None,
    every_feature: bool = False,
    python: tuple[int, int] = (3, 11),
) -> tuple[NativeModule, ...]:
    """Read the native modules that the crate of a Cargo.toml makes.

    `name` is the last part of the module's dotted name where the build says one; the library's name decides otherwise, and a library whose name fits
    none of its modules gives all that Python could import. With `every_feature` all features of the crate are on, whatever a build turns on. Without
    source to read, the answer is an empty module that says so; a crate without PyO3 gives none.
    """
    built = release(tree)
    if every_feature and (crate := Opened(tree).crates.crate(manifest.rpartition("/")[0])) is not None:
        features = (*features, *crate.features)
    libraries = Libraries(tree, manifest, features=(*features, *built.features), default_features=default_features, python=python)
    engine = Engine(tree)
    program = Program(engine, libraries, declaring=dict.fromkeys(EXCEPTIONS, exception_name), parse=parse_once, whole=engine.whole)
    try:
        return _modules(program, tree, libraries, manifest, name, inactive=not built.visible)
    finally:
        program.close()


def _modules(program: Program, tree: Repository, libraries: Libraries, manifest: str, name: str | None, *, inactive: bool) -> tuple[NativeModule, ...]:
    root = program.main()
    library = libraries.main()
    if root is None or library is None:
        why = next((gap.why for gap in libraries.gaps), "the crate has no library whose source is in the repository")
        place = Place(path=manifest)
        return (NativeModule(name=name or "", place=place, blind=(Blind(symbol="", place=place, why=why, cut=True),)),)
    home, tops = _home(program, libraries, root, name or library.name)
    annotator = Annotator(program, home.library.pyo3, python_name)
    functions = Functions(annotator)
    classes = Classes(program, annotator, functions)
    modules = Modules(program, annotator, functions, classes)
    drafts = [draft for top in tops if (draft := modules.draft(top)) is not None]
    if not drafts:
        return _none(program, library, name or library.name)
    _note_gaps(program, libraries, classes, modules, drafts)
    _note_procedural_macros(tree, program, libraries, classes, modules)
    if inactive:
        _note_inactive(program, classes, modules)
    return tuple(draft.native() for draft in drafts)


def _home(program: Program, libraries: Libraries, root: Module, name: str) -> tuple[Module, Sequence[Item | Module]]:
    """Find the library that defines the module: the one that is built, or one of the repository that it links.

    `#[pymodule]` exports a symbol, and a symbol of a linked library is exported too.
    """
    tops = _tops(program, root, name)
    if tops:
        return root, tops
    pending, seen = [root], {root}
    while pending:
        module = pending.pop(0)
        for folder in module.library.siblings.values():
            library = libraries.at(folder)
            if library is None or library.procedural or library.pyo3 is None:
                continue
            inner = program.root(folder)
            if inner is not None and inner not in seen:
                found = [one for one in _tops(program, inner, name) if _name_of(one) == name]
                if found:
                    return inner, found
                seen.add(inner)
                pending.append(inner)
    return root, ()


def _none(program: Program, library: Library, name: str) -> tuple[NativeModule, ...]:
    """Say that nothing was found; a crate that links no PyO3, and hides nothing that speaks of it, has no module."""
    gaps = [(call.place, call.why) for call in program.unexpanded if _is_for_python(call)]
    if library.pyo3 is not None:
        gaps = [*((gap.place, gap.why) for gap in program.gaps), *gaps] or [(Place(path=library.root), "the crate defines no #[pymodule] that can be read")]
    if not gaps:
        return ()
    return (NativeModule(name=name, place=Place(path=library.root), blind=tuple(Blind(symbol="", place=place, why=why) for place, why in gaps)),)


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


def _note_gaps(program: Program, libraries: Libraries, classes: Classes, modules: Modules, drafts: Sequence[Draft]) -> None:
    """Turn what could not be read anywhere into blind spots of the modules."""
    for draft in drafts:
        for gap in (*libraries.gaps, *program.gaps, *classes.orphans):
            draft.miss(gap.place, gap.why, cut=gap.cut)
        for item, place, name in modules.patched:
            for owner, key in modules.exposed.get(item, ()):
                owner.miss(place, "an attribute is set on the class after it is made", f"{key}.{name}".rstrip("."))
        for call in program.unexpanded:
            named = [item for item in modules.exposed if item.name in call.words]
            if named:
                for item in named:
                    for owner, key in modules.exposed[item]:
                        owner.miss(call.place, call.why, key)
            elif _is_for_python(call) or (call.path[-1] == "include" and _inside_pymodule(call.module)):
                draft.miss(call.place, call.why)


def _note_inactive(program: Program, classes: Classes, modules: Modules) -> None:
    """Tell what a feature would add that nothing in the repository turns on: a release may do so all the same."""
    why = "it waits for a feature that nothing in the repository turns on"
    for draft, place in modules.inactive_statements:
        draft.miss(place, why)
    places = {item: list(found) for item, found in classes.inactive.items()}
    for impl in program.inactive_impls:
        target = program.names.resolve(impl.type.path, impl.module) if isinstance(impl.type, Named) else None
        if isinstance(target, Item):
            places.setdefault(target, []).append(impl.place)
    for item, found in places.items():
        for owner, key in modules.exposed.get(item, ()):
            for place in found:
                owner.miss(place, why, key)


QUIET_CRATES = {"pyo3_stub_gen", "pyo3_stub_gen_derive", "pyo3"}
"""Crates whose macros, next to PyO3's own, add nothing that Python sees."""


BUILT_IN = {
    "allow", "warn", "expect", "deny", "doc", "deprecated", "cfg", "cfg_attr", "must_use", "inline", "derive", "repr", "non_exhaustive", "rustfmt", "clippy",
    "automatically_derived", "pymethods", "pyproto", "pyclass", "pyo3", "coverage", "serde", "default",
    "gen_stub_pymethods", "gen_stub_pyclass", "gen_stub_pyclass_enum", "gen_stub_pyclass_complex_enum",
}  # fmt: skip
"""Attributes that add nothing that Python sees."""


def _note_procedural_macros(tree: Repository, program: Program, libraries: Libraries, classes: Classes, modules: Modules) -> None:
    """Tell the classes to which a procedural macro may add methods: an attribute of a `#[pymethods]` block, or a macro of a crate that speaks of PyO3."""
    speaks: dict[str, bool] = {}
    for item, owners in modules.exposed.items():
        told = [(place, "this is a class: which one, is not known", f".{name}") for name, place in classes.unknown.get(item, ())]
        for path in _macros_of(item, program):
            crate = path[0]
            if crate not in speaks:
                speaks[crate] = "pyo3" in crate or _mentions_pyo3(tree, libraries, item.module.library.siblings.get(crate))
            if speaks[crate]:
                told.append((item.place, f"the procedural macro {'::'.join(path)} may add to the class", ""))
        for impl in classes.blocks(item):
            unknown = ["::".join(one.path) for one in impl.attributes.all if not {one.path[0], one.name} & BUILT_IN]
            told += [(impl.place, f"the procedural macro {name} may add methods", "") for name in unknown]
        for owner, key in owners:
            for place, why, below in told:
                owner.miss(place, why, f"{key}{below}")


def _macros_of(item: Item, program: Program) -> Iterable[tuple[str, ...]]:
    """Give the attributes and derives of an item that are macros of other crates, by their full paths."""
    paths = [one.path for one in item.attributes.all if one.path[0] not in BUILT_IN]
    paths += [path for one in item.attributes.named("derive") for part in split(one.arguments) if (path := tuple(_names(part)))]
    for path in paths:
        found = program.names.resolve(path, item.module)
        if isinstance(found, Foreign) and len(found.path) > 1 and found.path[0] not in QUIET_CRATES:
            yield found.path


def _mentions_pyo3(tree: Repository, libraries: Libraries, folder: str | None) -> bool:
    """Say whether the procedural macros of a crate of the repository make something for Python."""
    library = libraries.at(folder) if folder is not None else None
    if library is None or folder is None or not library.procedural:
        return False
    for path in tree.paths(inside(folder, "**/*.rs")):
        try:
            if "pyo3" in tree.read(path):
                return True
        except RepositoryError:
            return True
    return False


def _names(parts: Sequence[Tree]) -> Iterable[str]:
    return (part.text for part in parts if isinstance(part, Token) and part.is_name)


def _is_for_python(call: MacroCall) -> bool:
    """Say whether a macro makes something for Python."""
    return not PYTHON_WORDS.isdisjoint(call.words)
