"""What setup.py hands to `setup()`, and what setup.cfg says of packages: read as data, never run.

Source: https://setuptools.pypa.io/en/latest/references/keywords.html and userguide/declarative_config.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass, field
from lockstep.text.python import Module


@dataclass(frozen=True, slots=True, kw_only=True)
class RustExtension:
    """A module that setuptools-rust builds."""

    target: str
    path: str = "Cargo.toml"
    features: tuple[str, ...] = ()
    binding: str = "PyO3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """`packages` and `modules` are None where nothing says them; `find` are the folders that are searched for packages."""

    packages: tuple[str, ...] | None = None
    modules: tuple[str, ...] | None = None
    folders: Mapping[str, str] = field(default_factory=dict)
    find: tuple[str, ...] | None = None
    namespaces: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns for the full names of the packages that are found: which of them ship, and which do not."""
    extensions: tuple[str, ...] = ()
    rust: tuple[RustExtension, ...] = ()

    def under(self, other: Setup) -> Setup:
        """Give what both say; `other` wins."""
        return Setup(
            packages=other.packages if other.packages is not None else self.packages,
            modules=other.modules if other.modules is not None else self.modules,
            folders={**self.folders, **other.folders},
            find=other.find if other.find is not None else self.find,
            namespaces=self.namespaces or other.namespaces,
            include=other.include if other.find is not None else self.include,
            exclude=other.exclude if other.find is not None else self.exclude,
            extensions=self.extensions + other.extensions,
            rust=self.rust + other.rust,
        )


def setup_cfg(text: str) -> Setup:
    """Read the packages of a setup.cfg; one that is no such file says nothing."""
    import configparser  # noqa: PLC0415 - few packages have such a file, and its patterns cost more than reading a hundred manifests

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Setup()
    listed = _lines(parser.get("options", "packages", fallback=""))
    found = listed[:1] in (["find:"], ["find_namespace:"])
    folders = {key.strip(): value.strip() for line in _lines(parser.get("options", "package_dir", fallback="")) for key, _, value in [line.partition("=")]}
    return Setup(
        packages=tuple(listed) if listed and not found else None,
        modules=tuple(modules) if (modules := _lines(parser.get("options", "py_modules", fallback=""))) else None,
        folders=folders,
        find=tuple(_lines(parser.get("options.packages.find", "where", fallback="."))) if found else None,
        namespaces=listed[:1] == ["find_namespace:"],
        include=tuple(_lines(parser.get("options.packages.find", "include", fallback=""))) if found else (),
        exclude=tuple(_lines(parser.get("options.packages.find", "exclude", fallback=""))) if found else (),
    )


def _lines(text: str) -> list[str]:
    return [one.strip() for line in text.splitlines() for one in line.split(",") if one.strip()]


def setup_py(text: str) -> Setup:
    """Read the packages of a setup.py; what it computes says nothing."""
    try:
        tree = Module(text).tree
    except SyntaxError:
        return Setup()
    names: dict[str, ast.expr] = {}
    call: ast.Call | None = None
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names.setdefault(name, value)
            case ast.Call(func=ast.Name(id="setup") | ast.Attribute(attr="setup")):
                call = node
    if call is None:
        return Setup()
    given = {one.arg: _value(one.value, names) for one in call.keywords if one.arg}
    packages = given.get("packages")
    find = _find(packages)
    folders = given.get("package_dir")
    return Setup(
        packages=_texts(packages) if isinstance(packages, ast.List | ast.Tuple) else None,
        modules=_texts(modules) if isinstance(modules := given.get("py_modules"), ast.List | ast.Tuple) else None,
        folders={
            key.value: value.value
            for key, value in zip(folders.keys, folders.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Constant) and isinstance(value.value, str)
        }
        if isinstance(folders, ast.Dict)
        else {},
        find=find,
        namespaces=find is not None and "namespace" in ast.unparse(packages or ast.Constant("")),
        include=_patterns(packages, 2, "include", names) if find is not None else (),
        exclude=_patterns(packages, 1, "exclude", names) if find is not None else (),
        extensions=tuple(_extensions(given.get("ext_modules"))),
        rust=tuple(_rust(tree, names)) if "rust_extensions" in given else (),
    )


def _value(node: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr:
    return names.get(node.id, node) if isinstance(node, ast.Name) else node


def _texts(node: ast.expr | None) -> tuple[str, ...]:
    elts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return tuple(one.value for one in elts if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _find(node: ast.expr | None) -> tuple[str, ...] | None:
    """Give the folders of `find_packages(where="src")`."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=keywords) if name.startswith("find"):
            where = next((one.value for one in keywords if one.arg == "where"), args[0] if args else None)
            return _texts(where) or (".",)
    return None


def _patterns(node: ast.expr | None, index: int, name: str, names: Mapping[str, ast.expr]) -> tuple[str, ...]:
    """Give the patterns of `find_packages(where, exclude, include)`."""
    given = _argument(node, index, name) if isinstance(node, ast.Call) else None
    return _texts(_value(given, names)) if given is not None else ()


def _calls(node: ast.AST | None) -> list[ast.Call]:
    """Give the calls of what makes an extension."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call)] if node is not None else []
    return [one for one in found if isinstance(one.func, ast.Name | ast.Attribute) and ast.unparse(one.func).endswith("Extension")]


def _extensions(node: ast.expr | None) -> list[str]:
    return [names[0] for call in _calls(node) if (names := _texts(_argument(call, 0, "name")))]


def _rust(tree: ast.AST, names: Mapping[str, ast.expr]) -> list[RustExtension]:
    """Give every RustExtension of the file: which of them a build takes may depend on what runs it."""
    return [
        RustExtension(
            target=targets[0],
            path=next(iter(_texts(_argument(call, 1, "path"))), "Cargo.toml"),
            features=tuple(_any_texts(_value(features, names))) if (features := _argument(call, 4, "features")) is not None else (),
            binding=ast.unparse(binding).rpartition(".")[2] if (binding := _argument(call, 9, "binding")) is not None else "PyO3",
        )
        for call in _calls(tree)
        if ast.unparse(call.func).endswith("RustExtension") and (targets := _texts(_argument(call, 0, "target")))
    ]


def _any_texts(node: ast.expr) -> Iterator[str]:
    """Give the texts of all lists in an expression: both sides of a choice, both parts of a sum."""
    for one in ast.walk(node):
        yield from _texts(one) if isinstance(one, ast.List | ast.Tuple) else ()


def _argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), call.args[index] if index < len(call.args) else None)
