"""The configuration that says what lockstep inferred: `lockstep init` writes it, so that a clone without history decides the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from lockstep.config import Config, version_places
from lockstep.dataclass import dataclass
from lockstep.errors import ConfigError
from lockstep.model import LEARNED, Group, Package, Site
from lockstep.project.grouping import is_placeholder
from lockstep.project.project import Project
from lockstep.tree import Tree
from lockstep.versions.version import Spelling

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.container import Container
    from tomlkit.items import Array, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """A file as `init` would leave it; `old` is None when there is no such file yet."""

    path: str
    old: str | None
    new: str


def home(tree: Tree, config: Config) -> tuple[str, tuple[str, ...]]:
    """Give the file and the table for the configuration: where it is, else the root manifest that is there, else lockstep.toml."""
    if config.path.endswith("lockstep.toml"):
        return config.path, ()
    if config.path.endswith("pyproject.toml") or (not config.path and tree.has("pyproject.toml")):
        return config.path or "pyproject.toml", ("tool", "lockstep")
    if config.path.endswith("Cargo.toml") or (
        not config.path and tree.has("Cargo.toml") and re.search(r"^\[workspace\]", tree.read("Cargo.toml"), re.MULTILINE)
    ):
        return config.path or "Cargo.toml", ("workspace", "metadata", "lockstep")
    return "lockstep.toml", ()


def plan_configuration(tree: Tree, config: Config, project: Project, tag: str) -> NewText | None:
    """Plan the configuration; options that are set already are kept as they are. None when there is nothing to say.

    `project` holds the learned sites too; `tag` is how the project writes its tags.

    Raises: ConfigError when the file cannot be extended.
    """
    import tomlkit  # noqa: PLC0415 - only `init` writes TOML
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    path, keys = home(tree, config)
    old = tree.read(path) if tree.has(path) else None
    crlf = old is not None and "\r\n" in old
    try:
        document = tomlkit.parse((old or "").removeprefix("\ufeff"))
        table: Table | TOMLDocument = _table(document, keys) if keys else document
        added = _additions(tree, config, project, tag)
        added = {name: value for name, value in added.items() if value and (name == "sites" or name not in table)}
        if not added:
            return None
        for name, value in added.items():
            match name:
                case "sites":
                    table[name] = _extended(table.get(name), value)
                case "groups":
                    table[name] = _groups(value)
                case _:
                    table[name] = _array(value) if isinstance(value, list) else value
        new = _spaced(tomlkit.dumps(document))
    except TOMLKitError as error:
        raise ConfigError(f"cannot be extended: {error}", path=path, help="write the configuration by hand: docs/configuration.md") from None
    text = ("\ufeff" if (old or "").startswith("\ufeff") else "") + (re.sub(r"(?<!\r)\n", "\r\n", new) if crlf else new)
    return None if text == old or not text.strip() else NewText(path=path, old=old, new=text)


def _additions(tree: Tree, config: Config, project: Project, tag: str) -> dict[str, Any]:
    """Give the options that say what was inferred; an empty one says nothing."""
    known = {(site.path, site.pattern) for site in config.sites}
    return {
        "tag": "" if tag == "v{version}" else tag,
        "outside": _outside(project),
        "groups": {group.name: _names(group, project) for group in project.groups} if len(project.groups) > 1 else {},
        "sites": [one for one in _sites(tree, project) if (one["path"], one["pattern"]) not in known],
    }


def _groups(groups: dict[str, list[str]]) -> Table:
    import tomlkit  # noqa: PLC0415 - likewise

    table = tomlkit.table(is_super_table=True)
    for name, packages in groups.items():
        inner = tomlkit.table()
        inner["packages"] = _array(packages)
        table[name] = inner
    return table


def _array(texts: list[str]) -> Array:
    import tomlkit  # noqa: PLC0415 - likewise

    array = tomlkit.array()
    array.extend(texts)
    return array.multiline(len(texts) > 3)


def _extended(array: Any, entries: list[dict[str, str]]) -> Any:  # noqa: ANN401 - tomlkit's arrays of tables share no type with its arrays
    import tomlkit  # noqa: PLC0415 - likewise

    array = tomlkit.aot() if array is None else array
    for entry in entries:
        item = tomlkit.table()
        item.update(entry)
        array.append(item)
    return array


def _table(document: TOMLDocument, keys: tuple[str, ...]) -> Table:
    import tomlkit  # noqa: PLC0415 - likewise
    from tomlkit.container import OutOfOrderTableProxy  # noqa: PLC0415
    from tomlkit.items import Table  # noqa: PLC0415

    table: Container | Table = document
    for number, key in enumerate(keys, 1):
        if key not in table:
            table[key] = tomlkit.table(is_super_table=number < len(keys))
        table = cast("Table", table[key])
        if not isinstance(table, Table | OutOfOrderTableProxy):
            raise ConfigError(f"{'.'.join(keys[:number])} is no table", help="write the configuration by hand: docs/configuration.md")
    return cast("Table", table)


def _spaced(text: str) -> str:
    """Put a blank line before a header that follows a line of another table: tomlkit leaves none behind a table that it adds."""
    return re.sub(r"^([^\s#\[].*|\])\n(?=\[)", r"\1\n\n", text, flags=re.MULTILINE)


def _outside(project: Project) -> list[str]:
    """Give the outsiders that only history tells apart: neither placeholders, nor packages without a version."""
    by_history = [package for package in project.outsiders if package.version is not None and not is_placeholder(package.version)]
    return sorted({_name(package, project) for package in by_history})


def _names(group: Group, project: Project) -> list[str]:
    """Name each package once: a crate and a wheel of one name are one name, where both decide the same."""
    return list(dict.fromkeys(_name(package, project) for package in group.packages))


def _name(package: Package, project: Project) -> str:
    """Name a package, with its ecosystem where another one has the same name and decides otherwise."""
    twins = [one for one in project.packages if one.name == package.name and one.group != package.group]
    return package.id if twins else package.name


def _sites(tree: Tree, project: Project) -> list[dict[str, str]]:
    """Give the places as entries that a clone without history does not know, or does not see left behind: the text around the version is the pattern."""
    entries: list[dict[str, str]] = []
    for site in project.sites:
        is_alone = bool(project.groups) and site.package.group is None  # outside of what the configuration names
        if not _needs_history(site) or is_alone or (pattern := _pattern(tree.read(site.path), site)) is None:
            continue
        entry = {"path": site.path, "pattern": pattern}
        if project.groups and site.package.group != project.groups[0].name and site.package.group:
            entry["group"] = site.package.group
        if site.spelling is Spelling.PEP440:
            entry["spelling"] = "pep440"
        if entry not in entries:
            entries.append(entry)
    return entries


def _needs_history(site: Site) -> bool:
    """Say whether a place is learned, or one whose drift history tells; install lines have their own time, and what is one number no pattern holds."""
    is_whole = site.spelling in (Spelling.SEMVER, Spelling.PEP440, Spelling.PREFIX)
    return not site.weak and (site.key == LEARNED or (site.kept and not site.installs and is_whole))


CONTEXT = 3
"""How many lines above a place may be needed to tell it from others; a place that needs more is not written down."""


def _pattern(text: str, site: Site) -> str | None:
    """Give the shortest text around a site that stands nowhere in the file around another version; None when there is none."""
    line = text.rfind("\n", 0, site.start) + 1
    end = site.start + len(site.text)
    newline = text.find("\n", end)
    after = text[end : newline if newline != -1 else len(text)].partition(site.text)[0].rstrip()[:40]
    start = max(line, text.rfind(site.text, line, site.start) + len(site.text)) if site.text in text[line : site.start] else line
    start += len(text[start : site.start]) - len(text[start : site.start].lstrip())
    for _ in range(CONTEXT + 1):
        pattern = text[start : site.start] + "{version}" + after
        if pattern.count("{version}") == 1 and all(found == site.text for _, found in version_places(pattern, text)):
            return pattern
        if line == 0:
            return None
        start = line = text.rfind("\n", 0, line - 1) + 1
    return None
