"""What a Python project says it needs and offers, wherever it says so: pyproject.toml, Poetry's table, setup.cfg, setup.py.

setup.py is read, never run: what it does not write as literals is blind.
Sources: https://packaging.python.org/en/latest/specifications/pyproject-toml/, https://setuptools.pypa.io/en/latest/userguide/declarative_config.html,
https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lockstep.errors import RepositoryError, VersionError
from lockstep.manifest import inside
from lockstep.model import Place
from lockstep.surface import Blind
from lockstep.text.python import Module
from lockstep.text.toml import Document, Key, strings
from lockstep.tree import Tree
from lockstep.versions.ranges import python

Line: TypeAlias = tuple[str, Place]

PYTHON, DEPENDENCIES, EXTRAS = "project.requires-python", "project.dependencies", "project.optional-dependencies"
DEEPEST = 50
"""How far one list is followed into another."""
_FIELDS = {PYTHON: "python_requires", DEPENDENCIES: "install_requires", EXTRAS: "extras_require"}


@dataclass
class Distribution:
    """The Pythons, the dependencies and the extras; `blind` names the parts that could not be seen."""

    pythons: Line | None = None
    dependencies: list[Line] = field(default_factory=list)
    extras: dict[str, tuple[Place, list[Line]]] = field(default_factory=dict)
    blind: list[Blind] = field(default_factory=list)

    def unseen(self, part: str, at: Place, why: str) -> None:
        """Note a part that is stated where it cannot be read."""
        self.blind.append(Blind(symbol=part, place=at, why=why))

    def says(self, part: str) -> bool:
        """Say whether a part was found."""
        return {PYTHON: self.pythons is not None, DEPENDENCIES: bool(self.dependencies), EXTRAS: bool(self.extras)}[part]


def distribution(tree: Tree, folder: str, document: Document | None) -> Distribution:
    """Read what the project in a folder says; `document` is its pyproject.toml."""
    found = Distribution()
    project = document.data.get("project") if document is not None else None
    if document is not None and isinstance(project, dict):
        _project(document, found)
        dynamic = [f"project.{name}" for name in strings(project.get("dynamic"))]
        _setuptools(tree, folder, found, [part for part in _FIELDS if part in dynamic], _place(document, ("project", "dynamic")))
    elif document is not None and document.table("tool", "poetry"):
        _poetry(document, found)
    else:
        _setuptools(tree, folder, found, list(_FIELDS), None)
    return found


def _place(document: Document, key: Key) -> Place:
    line, column = document.at(document.where(*key))
    return Place(path=document.path, line=line, column=column)


def _project(document: Document, found: Distribution) -> None:
    if (text := document.string("project", "requires-python")) is not None:
        found.pythons = (text, _place(document, ("project", "requires-python")))
    key: Key = ("project", "dependencies")
    found.dependencies = [(text, _place(document, (*key, index))) for index, text in enumerate(strings(document.table("project").get("dependencies")))]
    for name, body in document.table("project", "optional-dependencies").items():
        key = ("project", "optional-dependencies", name)
        found.extras[name] = (_place(document, key), [(text, _place(document, (*key, index))) for index, text in enumerate(strings(body))])


# ---- Poetry


def _poetry(document: Document, found: Distribution) -> None:
    home = ("tool", "poetry", "dependencies")
    for name, body in document.table(*home).items():
        at = _place(document, (*home, name))
        version = body.get("version") if isinstance(body, dict) else body
        if not isinstance(version, str):
            continue  # a path, or git
        if name == "python":
            found.pythons = (version, at)
        elif not (isinstance(body, dict) and body.get("optional") is True):
            marker = body.get("markers") if isinstance(body, dict) else None
            try:
                found.dependencies.append((f"{name}{_specifiers(version)}" + (f"; {marker}" if isinstance(marker, str) else ""), at))
            except VersionError as error:
                found.unseen(f"dependencies.{name}", at, error.message)
    for name, body in document.table("tool", "poetry", "extras").items():
        at = _place(document, ("tool", "poetry", "extras", name))
        found.extras[name] = (at, [(text, at) for text in strings(body)])


def _specifiers(version: str) -> str:
    """Write Poetry's constraint as PEP 440 does."""
    admitted = python(version)
    bounds = [f"{'>=' if one.inclusive else '>'}{one.text}" for one in (admitted.low,) if one]
    bounds += [f"{'<=' if one.inclusive else '<'}{one.text}" for one in (admitted.high,) if one]
    return ",".join([*bounds, *(f"!={one}" for one in sorted(admitted.holes))])


# ---- setuptools


def _setuptools(tree: Tree, folder: str, found: Distribution, wanted: list[str], stated: Place | None) -> None:
    """Look for parts in setup.cfg and setup.py; `stated` is where pyproject.toml leaves them to the backend."""
    if not wanted:
        return
    last = stated
    for name, reader in (("setup.cfg", _setup_cfg), ("setup.py", _setup_py)):
        path = inside(folder, name)
        if tree.has(path):
            last = last or Place(path=path, line=1)
            try:
                reader(path, tree.read(path), found, wanted)
            except RepositoryError as error:
                found.unseen("", Place(path=path, line=error.line), error.message)
    found.blind = [_with_basis(tree, folder, one) for one in found.blind]
    known = {one.symbol for one in found.blind}
    if stated is not None:
        for part in wanted:
            if part not in known and not found.says(part):
                found.unseen(part, stated, f"{part.removeprefix('project.')} is dynamic: the build backend provides it")


def _with_basis(tree: Tree, folder: str, one: Blind) -> Blind:
    """Say what a value that setup.py computes depends on."""
    if not one.place.path.endswith(".py") or one.place.line is None:
        return one
    from lockstep.surfaces.python.dependencies import Dependencies  # noqa: PLC0415 - few programs compute what they need

    return replace(one, basis=Dependencies(tree, {"setup": one.place.path}, folder=folder).digest("setup", one.place.line))


def _setup_cfg(path: str, text: str, found: Distribution, wanted: list[str]) -> None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        found.unseen("", Place(path=path, line=1), "not readable as an INI file")
        return
    at = {
        name: Place(path=path, line=text.count("\n", 0, spot.start()) + 1)
        for name in _FIELDS.values()
        if (spot := re.search(rf"^{name}\b", text, re.MULTILINE))
    }
    if parser.has_section("options"):
        options = parser["options"]
        if PYTHON in wanted and (pythons := options.get("python_requires")):
            found.pythons = (pythons.strip(), at.get("python_requires", Place(path=path, line=1)))
        if DEPENDENCIES in wanted:
            found.dependencies += _requirements(options.get("install_requires"), path, text)
    if EXTRAS in wanted and parser.has_section("options.extras_require"):
        for name, body in parser["options.extras_require"].items():
            spot = re.search(rf"^{re.escape(name)}\s*[=:]", text, re.MULTILINE | re.IGNORECASE)
            line = text.count("\n", 0, spot.start()) + 1 if spot else 1
            _extra(name, Place(path=path, line=line), _requirements(body, path, text), found)


def _extra(key: str, at: Place, lines: list[Line], found: Distribution) -> None:
    """Take an entry of `extras_require`: behind a colon stands a condition of its requirements, and without a name before it they are no extra.

    Source: https://setuptools.pypa.io/en/latest/history.html#v18-0
    """
    name, _, marker = key.partition(":")
    lines = [(f"{text}; {marker}" if marker and ";" not in text else text, place) for text, place in lines]
    if name.strip():
        known = found.extras.get(name.strip(), (at, []))
        found.extras[name.strip()] = (known[0], [*known[1], *lines])
    else:
        found.dependencies += lines


def _requirements(body: str | None, path: str, text: str) -> list[Line]:
    lines = [line.strip() for line in re.split(r"[\n;](?=\s*\n|\s*$)|\n", body or "")]
    return [(line, Place(path=path, line=text.count("\n", 0, max(text.find(line), 0)) + 1)) for line in lines if line and not line.startswith("#")]


def _setup_py(path: str, text: str, found: Distribution, wanted: list[str]) -> None:
    try:
        module = Module(text)
    except SyntaxError:
        found.unseen("", Place(path=path, line=1), "this Python cannot parse it")
        return
    names = dict(module.assigned())
    for call in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "setup"):
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        for part in wanted:
            value = given.get(_FIELDS[part])
            if value is None:
                continue
            at = Place(path=path, line=value.lineno)
            whole = True
            if isinstance(value, ast.Name):
                value, whole = _built(module.tree, value.id, names.get(value.id, value))
            if not _take(part, value, names, path, found) or not whole:
                found.unseen(part, at, f"{_FIELDS[part]} is computed by setup.py, which is not run")


def _built(tree: ast.Module, name: str, value: ast.expr) -> tuple[ast.expr, bool]:
    """Give what a name holds once `name[key] = value` is done for each plain key, and whether nothing else is done to it."""
    whole = True
    keys, values = ([*value.keys], [*value.values]) if isinstance(value, ast.Dict) else ([], [])
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=one), slice=ast.Constant() as key)], value=body) if one == name:
                keys.append(key)
                values.append(body)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=one))) if one == name:
                whole = whole and node.func.attr in ("keys", "values", "items", "copy", "get")  # type: ignore[attr-defined]  # the pattern says so
            case ast.AugAssign(target=ast.Name(id=one)) | ast.AugAssign(target=ast.Subscript(value=ast.Name(id=one))) if one == name:
                whole = False
    return (ast.copy_location(ast.Dict(keys=keys, values=values), value) if isinstance(value, ast.Dict) else value), whole


def _take(part: str, value: ast.expr, names: Mapping[str, ast.expr], path: str, found: Distribution) -> bool:
    """Take the literals of one argument; False where a part of it is none."""
    match part, value:
        case "project.requires-python", ast.Constant(value=str(text)):
            found.pythons = (text, Place(path=path, line=value.lineno))
            return True
        case "project.dependencies", ast.List() | ast.Tuple():
            lines = list(_texts(value, path))
            found.dependencies += lines
            return len(lines) == len(value.elts)
        case "project.optional-dependencies", ast.Dict():
            whole = True
            entries: dict[object, ast.expr] = {key.value: body for key, body in zip(value.keys, value.values, strict=True) if isinstance(key, ast.Constant)}
            for key, body in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    listed = _joined(body, names, entries)
                    lines = list(_texts(listed, path)) if listed is not None else []
                    if listed is None or len(lines) != len(listed.elts):
                        found.unseen(f"extras.{key.value}", Place(path=path, line=key.lineno), "setup.py computes what the extra needs, and is not run")
                    _extra(key.value, Place(path=path, line=key.lineno), lines, found)
                else:
                    whole = False
            return whole
    return False


def _joined(value: ast.expr, names: Mapping[str, ast.expr], entries: Mapping[object, ast.expr], depth: int = 0) -> ast.List | None:
    """Put a list together that is written out, or made of other lists: `tests + extras["docs"] + ["tox"]`; None where a part is none."""
    if depth > DEEPEST:
        return None
    match value:
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            parts = [_joined(one.value, names, entries, depth + 1) if isinstance(one, ast.Starred) else ast.List(elts=[one]) for one in elts]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [_joined(one, names, entries, depth + 1) for one in (left, right)]
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[inner], keywords=[]):
            parts = [_joined(inner, names, entries, depth + 1)]
        case ast.Name(id=name) if name in names:
            parts = [_joined(names[name], names, entries, depth + 1)]
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=key)) if key in entries and _holds(names.get(name), entries):
            parts = [_joined(entries[key], names, entries, depth + 1)]
        case _:
            return None
    known = [part for part in parts if part is not None]
    return ast.List(elts=[one for part in known for one in part.elts]) if len(known) == len(parts) else None


def _holds(table: ast.expr | None, entries: Mapping[object, ast.expr]) -> bool:
    """Say whether a table is the one that these entries are of."""
    values = {id(one) for one in entries.values()}
    return isinstance(table, ast.Dict) and all(id(one) in values for one in table.values)


def _texts(value: ast.List | ast.Tuple, path: str) -> Iterator[Line]:
    for one in value.elts:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value, Place(path=path, line=one.lineno)
