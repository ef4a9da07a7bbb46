"""The reading of a configuration: text in, a Config out, and where its entries stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from lockstep.config import (
    DATE,
    HOMES,
    AuditConfig,
    ChangelogConfig,
    Config,
    DeclaredConfig,
    GateConfig,
    GroupConfig,
    PullRequestConfig,
    RegistriesConfig,
    SiteConfig,
    WaiverConfig,
    WorkflowConfig,
)
from lockstep.config.options import (
    AUDIT_OPTIONS,
    CHANGELOG_OPTIONS,
    DECLARED_OPTIONS,
    GATE_OPTIONS,
    GROUP_OPTIONS,
    LONGEST_WAIT,
    OPTIONS,
    PR_GROUPS,
    PR_OPTIONS,
    PROFILES,
    REGISTRIES_OPTIONS,
    ROLES,
    SITE_OPTIONS,
    SPELLINGS,
    TAGS,
    WAIVER_OPTIONS,
    WORKFLOW_OPTIONS,
    Option,
)
from lockstep.errors import ConfigError, ManifestError, RepositoryError
from lockstep.text.toml import Document, Key, Table
from lockstep.tree import Tree
from lockstep.versions.version import is_semver
from lockstep.wording import did_you_mean

_Place: TypeAlias = tuple[Document, Key]


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


def place_of_option(tree: Tree, config: Config, option: str) -> tuple[int, int]:
    """Give the line and column of an option in the file that the configuration of a tree was read from; its first line where it is not set."""
    document = Document(config.path, tree.read(config.path))
    span = document.span(*_key_of(config.path), *option.split("."))
    return document.at(span.key) if span is not None else (1, 1)


def place_of_entry(tree: Tree, config: Config, option: tuple[str, ...], text: str) -> tuple[int, int] | None:
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
        raise _invalid((document, key[:-1]), key[-1], "a table")
    table: Table = document.table(*key) if key else document.data
    place = (document, key)
    _refuse_unknown(table, OPTIONS, place)
    groups = table.get("groups", {})
    if not isinstance(groups, dict):
        raise _invalid(place, "groups", "a table")
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
        audit=_audit(table, place),
        registries=_registries(table, place),
        changelog=_changelog(table, place),
        pr=_pull_request(table, place),
        groups=tuple(_group(name, body, (document, (*key, "groups"))) for name, body in groups.items()),
    )


def _workflow(table: Table, place: _Place) -> WorkflowConfig:
    body = table.get("workflow", {})
    if not isinstance(body, dict):
        raise _invalid(place, "workflow", "a table")
    inner = (place[0], (*place[1], "workflow"))
    _refuse_unknown(body, WORKFLOW_OPTIONS, inner)
    roles = body.get("roles", {})
    if not isinstance(roles, dict):
        raise _invalid(inner, "roles", 'a table: { JOB = "publish" }')
    for name, role in roles.items():
        if role not in ROLES:
            raise _invalid((inner[0], (*inner[1], "roles")), name, f"one of {', '.join(ROLES)}")
    return WorkflowConfig(files=_texts(body, "files", inner), unpinned=_texts(body, "unpinned", inner), roles=tuple(roles.items()))


def _audit(table: Table, place: _Place) -> AuditConfig:
    body = table.get("audit", {})
    if not isinstance(body, dict):
        raise _invalid(place, "audit", "a table")
    inner = (place[0], (*place[1], "audit"))
    _refuse_unknown(body, AUDIT_OPTIONS, inner)
    profile = body.get("profile", "")
    if profile not in ("", *PROFILES):
        raise _invalid(inner, "profile", f"one of {', '.join(PROFILES)}")
    wait = body.get("wait", 0)
    if not isinstance(wait, int) or isinstance(wait, bool) or not 0 <= wait <= LONGEST_WAIT:
        raise _invalid(inner, "wait", f"a number of minutes, {LONGEST_WAIT} at most")
    return AuditConfig(profile=str(profile), reviewers=_texts(body, "reviewers", inner), wait=wait)


def _registries(table: Table, place: _Place) -> RegistriesConfig:
    body = table.get("registries", {})
    if not isinstance(body, dict):
        raise _invalid(place, "registries", "a table")
    inner = (place[0], (*place[1], "registries"))
    _refuse_unknown(body, REGISTRIES_OPTIONS, inner)
    for name, value in body.items():
        if not isinstance(value, bool if name == "crates-io-api" else str):
            raise _invalid(inner, name, "true or false" if name == "crates-io-api" else "a text")
    texts = {name.replace("-", "_"): str(value) for name, value in body.items() if isinstance(value, str)}
    return RegistriesConfig(**texts, crates_io_api=body.get("crates-io-api", True) is True)


def _changelog(table: Table, place: _Place) -> ChangelogConfig:
    body = table.get("changelog", {})
    if not isinstance(body, dict):
        raise _invalid(place, "changelog", "a table")
    inner = (place[0], (*place[1], "changelog"))
    _refuse_unknown(body, CHANGELOG_OPTIONS, inner)
    return ChangelogConfig(commits=_flag(body, "commits", inner))


def _pull_request(table: Table, place: _Place) -> PullRequestConfig:
    body = table.get("pr", {})
    if not isinstance(body, dict):
        raise _invalid(place, "pr", "a table")
    inner = (place[0], (*place[1], "pr"))
    _refuse_unknown(body, PR_OPTIONS, inner)
    groups, branch = body.get("groups", PR_GROUPS[0]), body.get("branch", PullRequestConfig().branch)
    if groups not in PR_GROUPS:
        raise _invalid(inner, "groups", f"one of {', '.join(PR_GROUPS)}")
    if not isinstance(branch, str) or not branch or (groups == "each" and "{group}" not in branch):
        raise _invalid(inner, "branch", "the name of a branch, with {group} in it where each group has its own")
    return PullRequestConfig(groups=str(groups), branch=branch, labels=_texts(body, "labels", inner), draft=_flag(body, "draft", inner))


def _flag(table: Table, name: str, place: _Place) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise _invalid(place, name, "true or false")
    return value


def _gate(table: Table, place: _Place) -> GateConfig:
    body = table.get("gate", {})
    if not isinstance(body, dict):
        raise _invalid(place, "gate", "a table")
    inner = (place[0], (*place[1], "gate"))
    _refuse_unknown(body, GATE_OPTIONS, inner)
    tags, branch = body.get("tags", TAGS[0]), body.get("branch", "")
    if tags not in TAGS:
        raise _invalid(inner, "tags", f"one of {', '.join(TAGS)}")
    if not isinstance(branch, str):
        raise _invalid(inner, "branch", "the name of a branch")
    return GateConfig(workflows=_texts(body, "workflows", inner), tags=str(tags), branch=branch)


def _group(name: str, body: object, place: _Place) -> GroupConfig:
    if not isinstance(body, dict):
        raise _invalid(place, name, 'a table: { packages = ["name"] }')
    inner = (place[0], (*place[1], name))
    _refuse_unknown(body, GROUP_OPTIONS, inner)
    packages = _texts(body, "packages", inner)
    if not packages:
        raise _invalid(place, name, 'a group with packages = ["name"]')
    return GroupConfig(name=name, packages=packages, tag=_template(body, "tag", inner, ""))


def _texts(table: Table, name: str, place: _Place) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _invalid(place, name, "a list of texts")
    return tuple(value)


def _sites(table: Table, place: _Place) -> Iterator[SiteConfig]:
    entries = table.get("sites", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _invalid(place, "sites", 'a list of tables: [[sites]] with path = "..." and pattern = "..."')
    for index, entry in enumerate(entries):
        inner = (place[0], (*place[1], "sites", index))
        _refuse_unknown(entry, SITE_OPTIONS, inner)
        texts = {name: entry.get(name, "prefix" if name == "spelling" else "") for name in SITE_OPTIONS}
        for name, value in texts.items():
            if not isinstance(value, str):
                raise _invalid(inner, name, "a text")
        if not texts["path"] or texts["pattern"].count("{version}") != 1:
            raise _invalid(inner, "pattern" if texts["path"] else "path", "a text with {version} in it once" if texts["path"] else "given")
        if texts["spelling"] not in SPELLINGS:
            raise _invalid(inner, "spelling", f"one of {', '.join(SPELLINGS)}")
        at = _where(place, "sites", index)
        yield SiteConfig(**texts, line=at.get("line", 1), column=at.get("column", 1))


def _tables(table: Table, name: str, options: Mapping[str, Option], place: _Place) -> Iterator[tuple[dict[str, str], _Place, dict[str, int]]]:
    """Give the tables of a list: each option's text or its default, where the entry stands as a key, and its line and column."""
    entries = table.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _invalid(place, name, f"a list of tables: [[{name}]]")
    for index, entry in enumerate(entries):
        inner = (place[0], (*place[1], name, index))
        _refuse_unknown(entry, options, inner)
        texts: dict[str, str] = {}
        for key, option in options.items():
            value = entry.get(key)
            if value is None and option.default == "required":
                raise ConfigError(f"{key} must be given", path=place[0].path, **_where(place, name, index), help="docs/configuration.md lists the options")
            texts[key] = option.default.strip('"') if value is None else str(value)  # a date may be written without quotes
            if not isinstance(value, str | None) and (key != "expires" or isinstance(value, bool | int | float | list | dict)):
                raise _invalid(inner, key, "a text")
            allowed = option.schema.get("enum")
            if isinstance(allowed, list) and texts[key] not in allowed:
                raise _invalid(inner, key, f"one of {', '.join(allowed)}")
        at = _where(place, name, index)
        yield texts, inner, {"line": at.get("line", 1), "column": at.get("column", 1)}


def _waivers(table: Table, place: _Place) -> Iterator[WaiverConfig]:
    for texts, inner, at in _tables(table, "waivers", WAIVER_OPTIONS, place):
        if not texts["reason"].strip():
            raise _invalid(inner, "reason", "end-of-life, security, or a sentence")
        if not DATE.fullmatch(texts["expires"]) and not is_semver(texts["expires"]):
            raise _invalid(inner, "expires", "a date such as 2027-01-31, or a version such as 0.6.0")
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


def _declared(table: Table, place: _Place) -> Iterator[DeclaredConfig]:
    for texts, inner, at in _tables(table, "declared", DECLARED_OPTIONS, place):
        if not texts["path"]:
            raise _invalid(inner, "path", "given")
        if texts["kind"] in ("constant", "values") and texts["pattern"].count("{value}") != 1:
            raise _invalid(inner, "pattern", "a text with {value} in it once")
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


def _template(table: Table, name: str, place: _Place, default: str) -> str:
    value = table.get(name, default)
    if not isinstance(value, str) or (value and value.count("{version}") != 1):
        raise _invalid(place, name, "a text with {version} in it once, such as v{version}")
    return value


def _refuse_unknown(table: Table, options: Mapping[str, Option], place: _Place) -> None:
    for name in table:
        if name not in options:
            hint = did_you_mean(name, options, f"the options are {', '.join(options)}")
            raise ConfigError(f"unknown option {name!r}", path=place[0].path, **_where(place, name), help=hint)


def _invalid(place: _Place, name: str, expected: str) -> ConfigError:
    return ConfigError(f"{name} must be {expected}", path=place[0].path, **_where(place, name), help="docs/configuration.md lists the options")


def _where(place: _Place, *name: str | int) -> dict[str, int]:
    document, key = place
    span = document.span(*key, *name)
    if span is None:
        return {}
    line, column = document.at(span.key)
    return {"line": line, "column": column}
