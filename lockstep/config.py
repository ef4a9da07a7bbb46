"""The configuration: text in, a frozen Config out. Every option has a default and a sentence; zero configuration is the rule.

It stands in `lockstep.toml`, in `[tool.lockstep]` of the root `pyproject.toml`, or in `[workspace.metadata.lockstep]` of the root
`Cargo.toml`; two of them at once are an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.errors import ConfigError, ManifestError, RepositoryError
from lockstep.pattern import pattern
from lockstep.text.toml import Document, Key, Table
from lockstep.tree import Tree, glob
from lockstep.versions.version import is_semver
from lockstep.wording import did_you_mean

DATE = pattern(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
"""A day; days compare as texts."""

HOMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lockstep.toml", ()),
    ("pyproject.toml", ("tool", "lockstep")),
    ("Cargo.toml", ("workspace", "metadata", "lockstep")),
)
SCHEMAS = {"lockstep.toml": "config", "pyproject.toml": "pyproject", "Cargo.toml": "cargo"}
"""The shipped JSON Schema of each home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConfig:
    """A group that the configuration states: `packages` are names or globs of names, with or without `cargo:`, `python:`, `npm:`."""

    name: str
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """A place that no format knows: wherever `pattern` stands in `path`, {version} is the version of `group` ("" is the main one).

    `spelling` is semver, pep440 or prefix; `line` and `column` are the place of the entry in the configuration.
    """

    path: str
    pattern: str
    group: str = ""
    spelling: str = "prefix"
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverConfig:
    """A finding that is accepted: `rule` by its name, `symbol` and `package` as globs, with the reason, until a date or a version.

    `line` and `column` are the place of the entry in the file `path`.
    """

    rule: str
    reason: str
    expires: str
    symbol: str = "*"
    package: str = "*"
    path: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredConfig:
    """A promise that no reader knows: the files that `path` names, compared as `kind` says.

    `pattern` is the text around a constant's value, with {value} in it; `direction` says who writes documents of a schema.
    """

    path: str
    kind: str = "file"
    name: str = ""
    stability: str = "stable"
    direction: str = "both"
    pattern: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowConfig:
    """What the release workflows are: their files (empty: those that start like a release or publish), the roles of jobs, what need not be pinned."""

    files: tuple[str, ...] = ()
    unpinned: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateConfig:
    """What a commit must have behind it to be released: the workflows that must have succeeded (empty: those that run for every push).

    `tags` is what a release tag must be, `branch` where it must stand (empty: what the remote says is its default).
    """

    workflows: tuple[str, ...] = ()
    tags: str = "any"
    branch: str = ""


def expression(pattern: str) -> re.Pattern[str]:
    """Give the expression of a configured pattern: literal text around the group `version`, which any version matches."""
    before, _, after = pattern.partition("{version}")
    return re.compile(rf"{re.escape(before)}(?P<version>v?[0-9][0-9A-Za-z.+_-]*?){re.escape(after) or '(?![0-9A-Za-z.+_-]*[0-9A-Za-z])'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the project decided; empty where it left the decision to lockstep."""

    path: str = ""
    exclude: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    tag: str = ""
    message: str = "Release {version}"
    groups: tuple[GroupConfig, ...] = ()
    sites: tuple[SiteConfig, ...] = ()
    waivers: tuple[WaiverConfig, ...] = ()
    declared: tuple[DeclaredConfig, ...] = ()
    experimental: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    workflow: WorkflowConfig = WorkflowConfig()
    gate: GateConfig = GateConfig()

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
    """One key of the configuration: its type in words, its default as TOML, what it decides, and its JSON Schema."""

    kind: str
    default: str
    doc: str
    schema: Mapping[str, object]


_TEXT: Mapping[str, object] = {"type": "string"}
_DAY: Mapping[str, object] = {"not": {"type": ["number", "boolean", "array", "object", "null"]}, "examples": ["2027-01-31", "0.6.0"]}
"""A text, or a date of TOML, which is no text to validators that read TOML with Python."""
_TEXTS: Mapping[str, object] = {"type": "array", "items": {"type": "string"}}
_TEMPLATE: Mapping[str, object] = {"type": "string", "pattern": r"^[^{}]*(\{(version|group)\}[^{}]*)*$"}
SPELLINGS = ("prefix", "semver", "pep440")


def _like(schema: Mapping[str, object], *examples: object) -> Mapping[str, object]:
    """Give a schema with examples for an editor to offer."""
    return {**schema, "examples": list(examples)}


GROUP_OPTIONS: dict[str, Option] = {
    "packages": Option("list of package names", "[]", "Names or globs of the packages; cargo:, python: or npm: before a name narrows it.", _TEXTS),
}
SITE_OPTIONS: dict[str, Option] = {
    "path": Option("path", "required", "The file, from the root of the repository; globs are allowed.", _TEXT),
    "pattern": Option(
        "text",
        "required",
        "The text around the version, with {version} in it; it must stand in the file at least once.",
        _like(_TEXT, "spam {version} or newer"),
    ),
    "group": Option("text", '""', "Whose version it is; the main group without it.", _TEXT),
    "spelling": Option(
        "semver, pep440 or prefix",
        '"prefix"',
        "How it is written: 1.2.0-rc.1, 1.2.0rc1, or as many numbers as stand there now.",
        {"enum": list(SPELLINGS)},
    ),
}


WAIVER_OPTIONS: dict[str, Option] = {
    "rule": Option("rule name", "required", "The finding's rule.", _like(_TEXT, "python-floor-raised")),
    "reason": Option("text", "required", "Why it is accepted: end-of-life, security, or a sentence.", _like(_TEXT, "end-of-life", "security")),
    "expires": Option("date or version", "required", "The last day, as 2027-01-31, or the version from which on it holds no more, as 0.6.0.", _DAY),
    "symbol": Option("glob", '"*"', "The finding's symbol, as diff shows it.", _TEXT),
    "package": Option("glob", '"*"', "The finding's package.", _TEXT),
}
KINDS = ("file", "json-schema", "constant", "values", "c-header")
STABILITIES = ("stable", "experimental", "hidden")
DIRECTIONS = ("in", "out", "both")
DECLARED_OPTIONS: dict[str, Option] = {
    "path": Option("path", "required", "The files, from the root of the repository; globs are allowed.", _TEXT),
    "kind": Option(
        "file, json-schema, constant, values or c-header",
        '"file"',
        "How they are compared: as a whole, as JSON Schema or OpenAPI, by the one value that stands in the pattern, by all that do, as a C header.",
        {"enum": list(KINDS)},
    ),
    "name": Option("text", '""', "What a review calls it; the file's path without it.", _TEXT),
    "stability": Option("stable, experimental or hidden", '"stable"', "What is promised about it.", {"enum": list(STABILITIES)}),
    "direction": Option(
        "in, out or both",
        '"both"',
        "Who writes documents of a schema: users, for us to read (in), we, for users to read (out), or both.",
        {"enum": list(DIRECTIONS)},
    ),
    "pattern": Option("text", '""', "For a constant or values: the text around a value, with {value} in it.", _TEXT),
}


def _default(written: str) -> object:
    """Give a default, which is a text, or the empty list or table."""
    return {"[]": [], "{}": {}}.get(written, written.strip('"'))


def _object(options: Mapping[str, Option], required: tuple[str, ...] = ()) -> dict[str, object]:
    properties = {
        name: {**option.schema, "description": option.doc, **({} if option.default == "required" else {"default": _default(option.default)})}
        for name, option in options.items()
    }
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


ROLES = ("build", "test", "guard", "gate", "head", "attest", "draft", "stage", "verify", "mint", "publish", "un-draft")
WORKFLOW_OPTIONS: dict[str, Option] = {
    "files": Option("list of globs", "[]", "The release workflows; without it, those that start like a release, or publish.", _TEXTS),
    "unpinned": Option("list of globs", "[]", "Actions that need no commit id: owner/name.", _TEXTS),
    "roles": Option(
        "table of jobs",
        "{}",
        'What jobs do that lockstep does not recognise: roles.JOB = "publish".',
        {"type": "object", "additionalProperties": {"enum": list(ROLES)}},
    ),
}
TAGS = ("any", "annotated", "signed")
GATE_OPTIONS: dict[str, Option] = {
    "tags": Option("any, annotated or signed", '"any"', "What a release tag must be, for gate tag.", {"enum": list(TAGS)}),
    "branch": Option("text", '""', "The branch whose head is released, for gate head and gate ci; the default branch without it.", _TEXT),
    "workflows": Option("list of names", "[]", "Workflows that must have succeeded, as ci.yml; without it, those that run for every push.", _TEXTS),
}


OPTIONS: dict[str, Option] = {
    "exclude": Option(
        "list of globs", "[]", "Files that lockstep never looks at: vendored code, test data, templates.", _like(_TEXTS, ["vendor", "tests/data"])
    ),
    "outside": Option(
        "list of package names", "[]", "Packages that move on their own: lockstep shows them and leaves them alone.", _like(_TEXTS, ["cargo:spam-fuzz"])
    ),
    "tag": Option(
        "text",
        '"v{version}"',
        "How a release tag is written, with {version} and perhaps {group}; inferred from the last tags.",
        _like(_TEMPLATE, "v{version}", "{group}-v{version}"),
    ),
    "message": Option("text", '"Release {version}"', "The message of the commit and the tag that bump makes, with {version} and perhaps {group}.", _TEXT),
    "groups": Option(
        "table of groups",
        "{}",
        'Packages that move together: groups.NAME = { packages = ["name", "glob-*"] }.',
        {"type": "object", "additionalProperties": _object(GROUP_OPTIONS, ("packages",))},
    ),
    "sites": Option(
        "list of places",
        "[]",
        'Places that no format knows: { path = "docs/install.md", pattern = "version {version}" }.',
        {"type": "array", "items": _object(SITE_OPTIONS, ("path", "pattern"))},
    ),
    "waivers": Option(
        "list of waivers",
        "[]",
        'Findings of diff that are accepted: { rule = "python-floor-raised", reason = "end-of-life", expires = "2027-01-31" }.',
        {"type": "array", "items": _object(WAIVER_OPTIONS, ("rule", "reason", "expires"))},
    ),
    "declared": Option(
        "list of promises",
        "[]",
        'Promises that no reader knows: { path = "schemas/*.json", kind = "json-schema", direction = "out" }.',
        {"type": "array", "items": _object(DECLARED_OPTIONS, ("path",))},
    ),
    "experimental": Option("list of globs", "[]", "Symbols, as diff shows them, that may break in any release.", _TEXTS),
    "hidden": Option("list of globs", "[]", "Symbols, as diff shows them, that are promised to nobody.", _TEXTS),
    "workflow": Option("table", "{}", "What the release workflows are, and do: for lockstep audit workflow.", _object(WORKFLOW_OPTIONS)),
    "gate": Option("table", "{}", "What a commit needs to be released: for lockstep gate.", _object(GATE_OPTIONS)),
}


def schema(home: str = "lockstep.toml") -> dict[str, object]:
    """Give the JSON Schema of a file of `HOMES`, which `lockstep/schemas` holds; of a manifest, it knows our table alone."""
    key = dict(HOMES)[home]
    inner = _object(OPTIONS)
    for name in reversed(key):
        inner = {"type": "object", "properties": {name: inner}}
    table = f"[{'.'.join(key)}] in {home}" if key else "lockstep.toml, [tool.lockstep] in pyproject.toml, or [workspace.metadata.lockstep] in Cargo.toml"
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"https://lockstep.invalid/schemas/{SCHEMAS[home]}.json",
        "title": "lockstep",
        "description": f"The configuration of lockstep: {table}",
        **inner,
    }


def tool_schema(tool: str) -> dict[str, object]:
    """The configuration of lockstep, as validate-pyproject asks for it: `[tool.lockstep]`."""  # noqa: D401 - what it prints of us
    assert tool == "lockstep"
    return schema()


Place: TypeAlias = tuple[Document, Key]


def load(tree: Tree, explicit: str | None = None) -> Config:
    """Read the configuration of a tree; `explicit` names its file in place of the three homes.

    Raises: ConfigError for an unknown key, a wrong type, or two homes; ManifestError when the file is not TOML.
    """
    found: list[tuple[str, tuple[str, ...], Document]] = []
    for path, key in HOMES if explicit is None else ((explicit, _key_of(explicit)),):
        if not tree.has(path):
            if explicit is not None:
                known = (name for name in tree.paths("**/*.toml") if "lockstep" in name or name.rpartition("/")[2] == path.rpartition("/")[2])
                raise ConfigError("git tracks no such file", path=path, help=did_you_mean(path, known, "name a tracked file of this repository with --config"))
            continue
        try:
            text = tree.read(path)
            if explicit is None and key and "lockstep" not in text:
                continue
            document = Document(path, text)
        except (ManifestError, RepositoryError):
            if explicit is not None or not key:
                raise
            continue  # a manifest: discovery reads it too, and lists it with all others that cannot be read
        if not key or document.table(*key[:-1]).get(key[-1]) is not None:
            found.append((path, key, document))
    if len(found) > 1:
        raise ConfigError(
            f"the configuration stands in two places: {' and '.join(path for path, _, _ in found)}",
            path=found[1][0],
            help=f"move everything into {found[0][0]}",
        )
    return _read(*found[0]) if found else Config()


def entries(config: Config) -> dict[str, tuple[str, ...]]:
    """Give every option as texts, one for each entry of a list or table: what two configurations are compared by, wherever they stand."""
    from dataclasses import fields  # noqa: PLC0415 - only who writes a configuration down pays for it

    found = {one.name: getattr(config, one.name) for one in fields(config) if one.name not in ("path", "workflow")}
    found |= {f"workflow.{one.name}": getattr(config.workflow, one.name) for one in fields(config.workflow)}
    return {name: tuple(map(_said, value)) if isinstance(value, tuple) else (value,) if value else () for name, value in found.items()}


def _said(entry: object) -> str:
    """Spell an entry as one line; the default of an option is left out, and where the entry stands."""
    if isinstance(entry, tuple):
        return " = ".join(map(str, entry))
    from dataclasses import fields, is_dataclass  # noqa: PLC0415 - likewise

    if not is_dataclass(entry):
        return str(entry)
    left_out = {"line", "column"} | ({"path"} if isinstance(entry, WaiverConfig) else set())
    said = {one.name: getattr(entry, one.name) for one in fields(entry) if one.name not in left_out and getattr(entry, one.name) != one.default}
    return ", ".join(f"{name} = {' '.join(value) if isinstance(value, tuple) else value}" for name, value in said.items())


def place(tree: Tree, config: Config, option: str) -> tuple[int, int]:
    """Give the line and column of an option in the file that the configuration of a tree was read from; its first line where it is not set."""
    document = Document(config.path, tree.read(config.path))
    span = document.span(*_key_of(config.path), *option.split("."))
    return document.at(span.key) if span is not None else (1, 1)


def entry(tree: Tree, config: Config, option: tuple[str, ...], text: str) -> tuple[int, int] | None:
    """Give the line and column of a text in a list of the configuration, or of a key in a table.

    None where the file that the configuration was read from says something else in this tree.
    """
    if not config.path or not tree.has(config.path):
        return None
    document = Document(config.path, tree.read(config.path))
    key = (*_key_of(config.path), *option)
    listed = document.table(*key[:-1]).get(key[-1])
    span = document.span(*key, listed.index(text) if isinstance(listed, list) else text) if isinstance(listed, list | dict) and text in listed else None
    return document.at(span.key) if span is not None else None


def _key_of(path: str) -> tuple[str, ...]:
    name = path.rpartition("/")[2]
    return next((key for home, key in HOMES if home == name), ())


def _read(path: str, key: tuple[str, ...], document: Document) -> Config:
    if key and not isinstance(document.table(*key[:-1]).get(key[-1]), dict):
        raise _wrong((document, key[:-1]), key[-1], "a table")
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
        tag=_template(table, "tag", place, ""),
        message=_template(table, "message", place, Config().message),
        sites=tuple(_sites(table, place)),
        waivers=tuple(_waivers(table, place)),
        declared=tuple(_declared(table, place)),
        experimental=_texts(table, "experimental", place),
        hidden=_texts(table, "hidden", place),
        workflow=_workflow(table, place),
        gate=_gate(table, place),
        groups=tuple(_group(name, body, (document, (*key, "groups"))) for name, body in groups.items()),
    )


def _workflow(table: Table, place: Place) -> WorkflowConfig:
    body = table.get("workflow", {})
    if not isinstance(body, dict):
        raise _wrong(place, "workflow", "a table")
    inner = (place[0], (*place[1], "workflow"))
    _known(body, WORKFLOW_OPTIONS, inner)
    roles = body.get("roles", {})
    if not isinstance(roles, dict):
        raise _wrong(inner, "roles", 'a table: { JOB = "publish" }')
    for name, role in roles.items():
        if role not in ROLES:
            raise _wrong((inner[0], (*inner[1], "roles")), name, f"one of {', '.join(ROLES)}")
    return WorkflowConfig(files=_texts(body, "files", inner), unpinned=_texts(body, "unpinned", inner), roles=tuple(roles.items()))


def _gate(table: Table, place: Place) -> GateConfig:
    body = table.get("gate", {})
    if not isinstance(body, dict):
        raise _wrong(place, "gate", "a table")
    inner = (place[0], (*place[1], "gate"))
    _known(body, GATE_OPTIONS, inner)
    tags, branch = body.get("tags", TAGS[0]), body.get("branch", "")
    if tags not in TAGS:
        raise _wrong(inner, "tags", f"one of {', '.join(TAGS)}")
    if not isinstance(branch, str):
        raise _wrong(inner, "branch", "the name of a branch")
    return GateConfig(workflows=_texts(body, "workflows", inner), tags=str(tags), branch=branch)


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


def _sites(table: Table, place: Place) -> Iterator[SiteConfig]:
    entries = table.get("sites", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong(place, "sites", 'a list of tables: [[sites]] with path = "..." and pattern = "..."')
    for index, entry in enumerate(entries):
        inner = (place[0], (*place[1], "sites", index))
        _known(entry, SITE_OPTIONS, inner)
        texts = {name: entry.get(name, "prefix" if name == "spelling" else "") for name in SITE_OPTIONS}
        for name, value in texts.items():
            if not isinstance(value, str):
                raise _wrong(inner, name, "a text")
        if not texts["path"] or texts["pattern"].count("{version}") != 1:
            raise _wrong(inner, "pattern" if texts["path"] else "path", "a text with {version} in it once" if texts["path"] else "given")
        if texts["spelling"] not in SPELLINGS:
            raise _wrong(inner, "spelling", f"one of {', '.join(SPELLINGS)}")
        at = _where(place, "sites", index)
        yield SiteConfig(**texts, line=at.get("line", 1), column=at.get("column", 1))


def _entries(table: Table, name: str, options: Mapping[str, Option], place: Place) -> Iterator[tuple[dict[str, str], Place, dict[str, int]]]:
    """Give the tables of a list: each option's text or its default, where the entry stands as a key, and its line and column."""
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong(place, name, f"a list of tables: [[{name}]]")
    for index, entry in enumerate(entries):
        inner = (place[0], (*place[1], name, index))
        _known(entry, options, inner)
        texts: dict[str, str] = {}
        for key, option in options.items():
            value = entry.get(key)
            if value is None and option.default == "required":
                raise ConfigError(f"{key} must be given", path=place[0].path, **_where(place, name, index), help="docs/configuration.md lists the options")
            texts[key] = option.default.strip('"') if value is None else str(value)  # a date may be written without quotes
            if not isinstance(value, str | None) and (key != "expires" or isinstance(value, bool | int | float | list | dict)):
                raise _wrong(inner, key, "a text")
            allowed = option.schema.get("enum")
            if isinstance(allowed, list) and texts[key] not in allowed:
                raise _wrong(inner, key, f"one of {', '.join(allowed)}")
        at = _where(place, name, index)
        yield texts, inner, {"line": at.get("line", 1), "column": at.get("column", 1)}


def _waivers(table: Table, place: Place) -> Iterator[WaiverConfig]:
    for texts, inner, at in _entries(table, "waivers", WAIVER_OPTIONS, place):
        if not texts["reason"].strip():
            raise _wrong(inner, "reason", "end-of-life, security, or a sentence")
        if not DATE.fullmatch(texts["expires"]) and not is_semver(texts["expires"]):
            raise _wrong(inner, "expires", "a date such as 2027-01-31, or a version such as 0.6.0")
        yield WaiverConfig(
            rule=texts["rule"],
            reason=texts["reason"],
            expires=texts["expires"],
            symbol=texts["symbol"],
            package=texts["package"],
            path=place[0].path,
            line=at["line"],
            column=at["column"],
        )


def _declared(table: Table, place: Place) -> Iterator[DeclaredConfig]:
    for texts, inner, at in _entries(table, "declared", DECLARED_OPTIONS, place):
        if not texts["path"]:
            raise _wrong(inner, "path", "given")
        if texts["kind"] in ("constant", "values") and texts["pattern"].count("{value}") != 1:
            raise _wrong(inner, "pattern", "a text with {value} in it once")
        yield DeclaredConfig(
            path=texts["path"],
            kind=texts["kind"],
            name=texts["name"],
            stability=texts["stability"],
            direction=texts["direction"],
            pattern=texts["pattern"],
            line=at["line"],
            column=at["column"],
        )


def _template(table: Table, name: str, place: Place, default: str) -> str:
    value = table.get(name, default)
    if not isinstance(value, str) or (value and value.count("{version}") != 1):
        raise _wrong(place, name, "a text with {version} in it once, such as v{version}")
    return value


def _known(table: Table, options: Mapping[str, Option], place: Place) -> None:
    for name in table:
        if name not in options:
            hint = did_you_mean(name, options, f"the options are {', '.join(options)}")
            raise ConfigError(f"unknown option {name!r}", path=place[0].path, **_where(place, name), help=hint)


def _wrong(place: Place, name: str, expected: str) -> ConfigError:
    return ConfigError(f"{name} must be {expected}", path=place[0].path, **_where(place, name), help="docs/configuration.md lists the options")


def _where(place: Place, *name: str | int) -> dict[str, int]:
    document, key = place
    span = document.span(*key, *name)
    if span is None:
        return {}
    line, column = document.at(span.key)
    return {"line": line, "column": column}
