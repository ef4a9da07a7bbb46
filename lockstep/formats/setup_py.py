"""setup.py: the version that it hands to `setup()`, as a literal, through a name that it assigns itself, or from a file that it names.

Source: https://setuptools.pypa.io/en/latest/references/keywords.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lockstep.manifest import Declared, Derived, Here, Manifest, Mention, Scope, Source, Stated, Unwritten
from lockstep.model import Ecosystem, Role
from lockstep.text.python import Module

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.PYTHON
FILES = ("**/setup.py",)


def read(source: Source) -> Manifest:
    """Read one setup.py; one that this Python cannot parse, or that calls no `setup()`, declares nothing."""
    try:
        module = Module(source.text) if "setup" in source.text else None
    except SyntaxError:
        module = None
    call = next(_calls(module.tree), None) if module else None
    if module is None or call is None:
        return Manifest(source=source)
    names = dict(module.assigned())
    keywords = dict(_keywords(call, names))
    mention = _mention(module, keywords.get("version"), names)
    stated: Stated = mention or _elsewhere(module, keywords, source.folder)
    name = _follow(keywords.get("name"), names)
    declared: tuple[Declared, ...] = ()
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        declared = (Declared(name=name.value, ecosystem=ECOSYSTEM, version=stated),)
    elif isinstance(stated, Derived) and (title := _title(name, stated)):
        declared = (Declared(name=title, ecosystem=ECOSYSTEM, version=stated),)
    return Manifest(source=source, declared=declared, mentions=(mention,) if mention else (), stated=stated)


def _title(name: ast.expr | None, stated: Derived) -> str:
    """Give the package whose module says name and version (`about["__title__"]`): the title is its own by convention; "" where nothing says so."""
    match name:
        case ast.Subscript(slice=ast.Constant(value="__title__")) | ast.Attribute(attr="__title__"):
            return next((path.removeprefix("src/").partition("/")[0] for path in stated.paths if "/" in path), "")
    return ""


def _elsewhere(module: Module, keywords: dict[str | None, ast.expr], folder: str) -> Derived | Unwritten:
    """Say which file holds the version that a call of `setup()` does not, or why none does."""
    if "use_scm_version" in keywords:
        return Unwritten(why="setuptools-scm takes it from git's tags", tagged=True)
    if "pbr" in keywords:
        return Unwritten(why="pbr takes it from git's tags", tagged=True)
    if (value := keywords.get("version")) is not None and "versioneer" in ast.dump(value):
        return Unwritten(why="versioneer takes it from git's tags", tagged=True)
    if value is not None:
        from lockstep.formats.version_origin import origin  # noqa: PLC0415 - most say it, or leave it to pyproject.toml

        if (found := origin(module.tree, value, folder)) is not None:
            return found
    return Unwritten(why="setup.py computes it, or leaves it to another file")


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            (isinstance(node.func, ast.Name) and node.func.id == "setup") or (isinstance(node.func, ast.Attribute) and node.func.attr == "setup")
        ):
            yield node


def _keywords(call: ast.Call, names: dict[str, ast.expr]) -> Iterator[tuple[str | None, ast.expr]]:
    """Give the arguments of a call, those of a dictionary of literals that it unpacks too (`setup(**args)`)."""
    for keyword in call.keywords:
        unpacked = _follow(keyword.value, names) if keyword.arg is None else None
        match unpacked:
            case ast.Dict(keys=keys, values=values):
                yield from ((key.value, value) for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant) and isinstance(key.value, str))
            case ast.Call(func=ast.Name(id="dict"), keywords=inner):
                yield from ((one.arg, one.value) for one in inner)
            case _:
                yield keyword.arg, keyword.value


def _follow(value: ast.expr | None, names: dict[str, ast.expr]) -> ast.expr | None:
    """Give what a name stands for, or the default of an environment variable."""
    target = names.get(value.id) if isinstance(value, ast.Name) else value
    match target:
        case ast.Call(func=ast.Attribute(attr="getenv" | "get"), args=[_, default]):
            return default
    return target


def _mention(module: Module, value: ast.expr | None, names: dict[str, ast.expr]) -> Mention | None:
    target = _follow(value, names)
    literal = module.version(target) if target is not None else None
    if literal is None:
        return None
    start, text, spelling = literal
    return Mention(key="setup.version", start=start, text=text, role=Role.OWN, spelling=spelling, owner=Here())
