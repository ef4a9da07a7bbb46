"""Modules as Python sees them: both forms of `#[pymodule]`, and what is added to one."""

from __future__ import annotations

import builtins

from lockstep.dataclass import replace
from lockstep.model import Place
from lockstep.surfaces.pyo3.annotations import Annotator, Position
from lockstep.surfaces.pyo3.class_names import builtin, is_class, is_exception, is_exception_name
from lockstep.surfaces.pyo3.classes import Classes
from lockstep.surfaces.pyo3.evaluator import Evaluator
from lockstep.surfaces.pyo3.expressions import EXPRESSIONS
from lockstep.surfaces.pyo3.functions import Function, Functions, python_default
from lockstep.surfaces.pyo3.model import Binding, NativeClass, NativeFunction, NativeMember, NativeValue
from lockstep.surfaces.pyo3.options import constant_text, options, text
from lockstep.surfaces.pyo3.values import UNKNOWN, Class, Code, Draft, ExternalClass, Member, RustFunction, Scope, String, Value, Wrapped
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import Kind, content, members
from lockstep.surfaces.rust_source.module_tree import Item, Module, Space
from lockstep.surfaces.rust_source.program import Program
from lockstep.surfaces.rust_source.tokens import split, trees, write
from lockstep.surfaces.rust_source.types import read

_QUIET = {
    "allow", "warn", "expect", "deny", "forbid", "doc", "deprecated", "cfg", "cfg_attr", "must_use", "inline", "cold", "track_caller", "no_mangle",
    "export_name", "link_section", "target_feature", "rustfmt", "clippy", "coverage", "optimize", "test", "bench", "rustversion", "macro_use",
    "instrument", "async_recursion", "named", "pyfunction", "pyfn", "pymodule", "pymodule_export", "pymodule_init", "args", "text_signature", "pyo3",
    "gen_stub_pyfunction", "automatically_derived", "diagnostic", "miri",
}  # fmt: skip
"""Attributes that leave a function's name and parameters as they are: PyO3's own, those of the language, and of crates that all use."""


class Modules:
    """Reads the modules of one program."""

    def __init__(self, program: Program, annotator: Annotator, functions: Functions, classes: Classes) -> None:
        self._annotator = annotator
        self._functions = functions
        self._classes = classes
        self._evaluator = Evaluator(program, annotator, self._add, EXPRESSIONS)
        self._drafts: dict[Item, Draft] = {}
        self.exposed: dict[Item, list[tuple[Draft, str]]] = {}
        """The classes that Python can reach, each with the modules that have it and its name there."""

    @property
    def patched(self) -> list[tuple[Item, Place, str]]:
        """Classes on which an attribute is set after they are made."""
        return self._evaluator.patched

    @property
    def inactive_statements(self) -> list[tuple[Draft, Place]]:
        """Statements about a module that wait for a feature."""
        return self._evaluator.inactive_statements

    # ---- the two forms

    def draft(self, found: Item | Module) -> Draft | None:
        """Read what a `#[pymodule]` function or module makes; None when it is being read already."""
        item = found.item if isinstance(found, Module) else found
        assert item is not None
        if item not in self._drafts:
            name = text(options(item.attributes, "pymodule"), "name") or item.name
            draft = Draft(name=name.rpartition(".")[2], place=item.place, condition=item.condition)
            self._drafts[item] = draft
            self._evaluator.drafts.append(draft)
            if isinstance(found, Module):
                self._declared(found, draft)
            else:
                self._initialised(item, draft)
        return self._drafts[item]

    def _declared(self, module: Module, draft: Draft) -> None:
        """Read `#[pymodule] mod`: what is exported, what is marked, and what its init function adds."""
        assert module.item is not None
        for use in module.uses:
            if use.attributes.has("pymodule_export"):
                found = self._evaluator.names.exported(use, module)
                if found is None:
                    draft.miss(use.place, f"{'::'.join(use.path)} is not found in the repository", use.name)
                else:
                    self._add(draft, self._evaluator.names.value(found), None, use.place, use.attributes.condition)
        for item in module.items:
            if item.kind is Kind.MODULE and item.attributes.has("pymodule"):
                inner = module.spaces[Space.TYPES].get(item.name)
                if isinstance(inner, Module):
                    self._add(draft, Wrapped(inner), None, item.place, item.attributes.condition)
            elif item.kind is Kind.FUNCTION and item.attributes.has("pymodule_init"):
                self._initialised(item, draft)
            elif item.attributes.has("pyfunction", "pymodule") and item.kind is Kind.FUNCTION:
                self._add(draft, Wrapped(item), None, item.place, item.attributes.condition)
            elif is_class(item) and (not is_exception(item) or item.attributes.has("pymodule_export")):
                self._add(draft, Class(item), None, item.place, item.attributes.condition)
            elif item.kind is Kind.CONSTANT and item.attributes.has("pymodule_export"):
                name = text(options(item.attributes), "name") or item.name
                draft.members[name] = self._constant(item, name)

    def _initialised(self, item: Item, draft: Draft) -> None:
        """Read the function that fills a module."""
        parameters = [node for node, _ in members(item.node.child_by_field_name("parameters"), item.module.library.build, "parameter")]
        target = next((node for node in parameters if "PyModule" in content(node.child_by_field_name("type"))), None)
        if target is None:
            draft.miss(item.place, "the parameter that is the module is not found")
            return
        arguments: list[Value] = [draft if node is target else UNKNOWN for node in parameters]
        self._evaluator.run(item.node, Scope(module=item.module, text=item.text), arguments)

    def _constant(self, item: Item, name: str) -> NativeValue:
        value = item.node.child_by_field_name("value")
        written = content(value)
        annotation = self._annotator.annotation(read(content(item.node.child_by_field_name("type"))), item.module, Position.RETURN)
        return NativeValue(
            name=name, place=item.place, annotation=annotation, value=python_default(trees(written)) if written else None, condition=item.condition
        )

    # ---- adding

    def _add(self, draft: Draft, value: Value, name: str | None, place: Place, condition: str | None) -> None:
        """Add a value to a module, under its own name unless another is given."""
        match value:
            case Class(item=item):
                native: NativeMember = self._classes.native(item)
                key = name or native.name
                self.exposed.setdefault(item, []).append((draft, key))
                draft.members[key] = _with(native, condition)
            case Wrapped(item=Item() as item) if item.attributes.has("pyfunction", "pyfn") or not item.attributes.has("pymodule"):
                function = self._function(item, condition)
                draft.members[name or function.name] = function
                _tell_macros(item, draft, name or function.name)
            case Wrapped(item=found):
                inner = self.draft(found)
                if inner is not None:
                    draft.members[name or inner.name] = inner
            case Draft():
                draft.members[name or value.name] = value
            case Member():
                self._again(draft, value, name or value.name, condition)
            case RustFunction(item=item):
                self._add(draft, Wrapped(item), name, place, condition)
            case ExternalClass() if name:
                draft.members[name] = self._foreign(draft, value, name, place, condition)
            case String(text=said) if name:
                draft.members[name] = NativeValue(name=name, place=place, annotation="str", value=repr(said), condition=condition)
            case Code() if name:
                draft.members[name] = self._value(draft, value, name, place, condition)
            case _ if name:
                draft.members[name] = NativeValue(name=name, place=place, condition=condition)
            case _:
                draft.miss(place, "what is added here is not known")

    def _again(self, draft: Draft, value: Member, name: str, condition: str | None) -> None:
        """Add what a module has already under one more name: `m.add("New", m.getattr("Old")?)`."""
        known = value.native
        if isinstance(known, NativeFunction | NativeValue | NativeClass):
            draft.members[name] = _with(known, condition)
        for owners in self.exposed.values():
            owners += [(draft, name) for owner, one in tuple(owners) if owner is value.owner and one == value.name]

    @staticmethod
    def _value(draft: Draft, value: Code, name: str, place: Place, condition: str | None) -> NativeValue:
        if value.type is None and not _is_path(value.text) and _may_be_class(name):
            draft.miss(place, "this may be a class: what it is, is not known", name)
        return NativeValue(name=name, place=place, annotation=value.type, value=value.text or None, condition=condition)

    @staticmethod
    def _foreign(draft: Draft, found: ExternalClass, name: str, place: Place, condition: str | None) -> NativeMember:
        """Give a class from elsewhere: one of Python's own is a value, of another only the name is known."""
        path = found.name.split("::")
        own = path[-1]
        if own == "PanicException":
            return NativeClass(name=own, place=place, bases=("builtins.BaseException",), final=False, exception=True, condition=condition)
        if path[0] == "pyo3" or (len(path) == 1 and own.startswith("Py") and hasattr(builtins, own.removeprefix("Py"))):
            return NativeValue(name=name, place=place, annotation=f"type[{builtin(own)}]", condition=condition)
        draft.miss(place, f"the class {found.name} comes from another repository", name)
        return NativeClass(name=own, place=place, exception=is_exception_name(name), condition=condition)

    def _function(self, item: Item, condition: str | None) -> NativeMember:
        function = Function(node=item.node, text=item.text, module=item.module, attributes=item.attributes)
        name = None
        for attribute in item.attributes.named("pyfn"):  # #[pyfn(m, "name")]
            parts = split(attribute.arguments)
            name = constant_text(parts[1]) if len(parts) > 1 and len(parts[1]) == 1 and '"' in write(parts[1]) else None
        return self._functions.native(function, Binding.FUNCTION, name=name, condition=joined(item.condition, condition))


def _tell_macros(item: Item, draft: Draft, name: str) -> None:
    """Tell which attributes of a function are macros that may make another of it."""
    for path in (one.path for one in item.attributes.all if not {one.path[0], one.name} & _QUIET and "pyo3" not in one.path[0]):
        draft.miss(item.place, f"the procedural macro {'::'.join(path)} may change it", name)


def _may_be_class(name: str) -> bool:
    """Say whether a name is written as those of classes are: https://peps.python.org/pep-0008/#class-names."""
    return name.lstrip("_")[:1].isupper() and not name.isupper()


def _is_path(code: str) -> bool:
    """Say whether Rust text is a plain path: what has no own name of a type can only be a constant."""
    return bool(code) and all(part.isidentifier() for part in code.split("::"))


def _with(member: NativeMember, condition: str | None) -> NativeMember:
    if condition is None:
        return member
    return replace(member, condition=joined(member.condition, condition))
