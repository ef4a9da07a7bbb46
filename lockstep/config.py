"""The configuration: text in, a frozen Config out. Every option has a default and a sentence; zero configuration is the rule.

It stands in `lockstep.toml`, in `[tool.lockstep]` of the root `pyproject.toml`, or in `[workspace.metadata.lockstep]` of the root
`Cargo.toml`; two of them at once are an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from lockstep.errors import ConfigError
from lockstep.toml import Document, Key, Table
from lockstep.tree import Tree, glob

HOMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lockstep.toml", ()),
    ("pyproject.toml", ("tool", "lockstep")),
    ("Cargo.toml", ("workspace", "metadata", "lockstep")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConfig:
    """A group that the configuration states: `packages` are names or globs of names, with or without `cargo:`, `python:`, `npm:`."""

    name: str
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the project decided; empty where it left the decision to lockstep."""

    path: str = ""
    exclude: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    tag: str = ""
    groups: tuple[GroupConfig, ...] = ()

    def excludes(self, path: str) -> bool:
        """Say whether lockstep must not look at `path`."""
        return any(glob(pattern).fullmatch(path) or glob(pattern.rstrip("/") + "/**").fullmatch(path) for pattern in self.exclude)


def names(pattern: str, ecosystem: str, name: str) -> bool:
    """Say whether a configured name or glob means this package."""
    wanted, _, rest = pattern.partition(":")
    if rest and wanted != ecosystem:
        return False
    return glob(rest or wanted).fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Option:
    """One key of the configuration: its type in words, its default as TOML, and what it decides."""

    kind: str
    default: str
    doc: str


OPTIONS: dict[str, Option] = {
    "exclude": Option("list of globs", "[]", "Files that lockstep never looks at: vendored code, test data, templates."),
    "outside": Option("list of package names", "[]", "Packages that move on their own: lockstep shows them and leaves them alone."),
    "tag": Option("text", '"v{version}"', "How a release tag is written; {version} stands for the version, {group} for the group."),
    "groups": Option("table of groups", "{}", 'Packages that move together: groups.NAME = { packages = ["name", "glob-*"] }.'),
}
GROUP_OPTIONS: dict[str, Option] = {
    "packages": Option("list of package names", "[]", "Names or globs of the packages; cargo:, python: or npm: before a name narrows it."),
}

Place: TypeAlias = tuple[Document, Key]


def load(tree: Tree, explicit: str | None = None) -> Config:
    """Read the configuration of a tree; `explicit` names its file in place of the three homes.

    Raises: ConfigError for an unknown key, a wrong type, or two homes; ManifestError when the file is not TOML.
    """
    found: list[tuple[str, tuple[str, ...], Document]] = []
    for path, key in HOMES if explicit is None else ((explicit, _key_of(explicit)),):
        if not tree.has(path):
            if explicit is not None:
                raise ConfigError("there is no such file", path=path, help="name a tracked file of this repository with --config")
            continue
        text = tree.read(path)
        if explicit is None and key and "lockstep" not in text:
            continue
        document = Document(path, text)
        if not key or document.table(*key[:-1]).get(key[-1]) is not None:
            found.append((path, key, document))
    if len(found) > 1:
        raise ConfigError(
            f"the configuration stands in two places: {' and '.join(path for path, _, _ in found)}",
            path=found[1][0],
            help=f"move everything into {found[0][0]}",
        )
    return _read(*found[0]) if found else Config()


def _key_of(path: str) -> tuple[str, ...]:
    name = path.rpartition("/")[2]
    return next((key for home, key in HOMES if home == name), ())


def _read(path: str, key: tuple[str, ...], document: Document) -> Config:
    table: Table = document.table(*key) if key else document.data
    place = (document, key)
    _known(table, OPTIONS, place)
    groups = table.get("groups", {})
    if not isinstance(groups, dict):
        raise _wrong(place, "groups", "a table")
    return Config(
        path=path,
        exclude=_texts(table, "exclude", place),
        outside=_texts(table, "outside", place),
        tag=_tag(table, place),
        groups=tuple(_group(name, body, (document, (*key, "groups"))) for name, body in groups.items()),
    )


def _group(name: str, body: object, place: Place) -> GroupConfig:
    if not isinstance(body, dict):
        raise _wrong(place, name, 'a table: { packages = ["name"] }')
    inner = (place[0], (*place[1], name))
    _known(body, GROUP_OPTIONS, inner)
    packages = _texts(body, "packages", inner)
    if not packages:
        raise _wrong(place, name, 'a group with packages = ["name"]')
    return GroupConfig(name=name, packages=packages)


def _texts(table: Table, name: str, place: Place) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(place, name, "a list of texts")
    return tuple(value)


def _tag(table: Table, place: Place) -> str:
    value = table.get("tag", "")
    if not isinstance(value, str) or (value and value.count("{version}") != 1):
        raise _wrong(place, "tag", "a text with {version} in it once, such as v{version}")
    return value


def _known(table: Table, options: dict[str, Option], place: Place) -> None:
    for name in table:
        if name not in options:
            near = get_close_matches(name, options, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the options are {', '.join(options)}"
            raise ConfigError(f"unknown option {name!r}", path=place[0].path, **_where(place, name), help=hint)


def _wrong(place: Place, name: str, expected: str) -> ConfigError:
    return ConfigError(f"{name} must be {expected}", path=place[0].path, **_where(place, name), help="lockstep show --help lists the options")


def _where(place: Place, name: str) -> dict[str, int]:
    document, key = place
    span = document.span(*key, name)
    if span is None:
        return {}
    line, column = document.at(span.key)
    return {"line": line, "column": column}
