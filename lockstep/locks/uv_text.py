"""The text of uv.lock: the head, and the entries of packages of the repository as uv writes them, byte for byte.

Source: uv's crates/uv-resolver/src/lock/serialize.rs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from lockstep.dataclass import dataclass, field
from lockstep.manifest import join
from lockstep.pattern import pattern
from lockstep.text.toml import Table, strings, values

KINDS = ("editable", "virtual", "directory")
"""The sources of an entry that is a folder."""

_BLOCK = pattern(r"^\[\[package\]\]\r?\n(?:(?!\[\[).*(?:\r?\n|\Z))*", re.MULTILINE)
_LOCAL = pattern(r'^source = \{ (editable|virtual|directory) = "([^"\r\n]*)" \}', re.MULTILINE)
_NAME = pattern(r'name = "([^"\r\n]*)"\r?\n(?:version = "([^"\r\n]*)")?', re.MULTILINE)
_EXTRA = pattern(r"(?:(.*) and )?extra == '([^']*)'", re.DOTALL)
_EXTRAS = pattern(r" and extra == '([^']*)'")
_SOURCE = pattern(r"^source = (\{[^\r\n]*\})", re.MULTILINE)
_METADATA = pattern(r"^\[package\.metadata[\].]", re.MULTILINE)
_EDGE = pattern(r'\{ name = "([^"\r\n]*)"(?:, version = "([^"\r\n]*)")?(?:, source = (\{[^{}\r\n]*\}))?[^{}\r\n]*\}')
Lines = tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One package of the repository as the lock has it; `folder` is its path from the root of the repository."""

    name: str
    version: str | None
    kind: str
    path: str
    folder: str
    start: int = 0
    end: int = 0
    dependencies: Lines = ()
    optional_dependencies: Mapping[str, Lines] = field(default_factory=dict)
    dev_dependencies: Mapping[str, Lines] = field(default_factory=dict)
    requires_dist: Lines = ()
    provides_extras: tuple[str, ...] | None = None
    """The extras that the package has; None in a lock of before they were written down."""
    requires_dev: Mapping[str, Lines] = field(default_factory=dict)
    group_pythons: Mapping[str, object] = field(default_factory=dict)
    """The Pythons that some groups are for."""
    exact: bool = True
    """Whether writing it gives the text that was read."""


@dataclass(frozen=True, slots=True)
class Named:
    """A package by its name, and by its version and source where they are stated; `start` is its place in the lock."""

    name: str
    version: str | None
    source: str | None
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UvLock:
    """A lock: `head` is what stands before the packages, `local` are the entries of folders, `names` is the name and version of each entry, with its place."""

    text: str
    head: Table
    head_text: str
    local: tuple[Entry, ...]
    names: tuple[tuple[str, str | None, int], ...]
    crlf: bool


def read(text: str, here: str) -> UvLock:
    """Read the head and the entries of folders; the text is known to be TOML."""
    blocks = list(_BLOCK.finditer(text))
    head_text = text[: blocks[0].start()] if blocks else text
    names, local = [], []
    for block in blocks:
        found = _NAME.match(text, text.find("\n", block.start()) + 1)
        if found is not None:
            names.append((found[1], found[2], block.start()))
        if (source := _LOCAL.search(block[0])) is not None and (folder := join(here, source[2])) is not None:
            local.append(_entry(block, source[1], source[2], folder))
    return UvLock(
        text=text, head=values(head_text.replace("\r\n", "\n")), head_text=head_text, local=tuple(local), names=tuple(names), crlf="\r\n" in head_text
    )


def entries(lock: UvLock) -> Iterator[tuple[Named, Iterator[Named]]]:
    """Give every entry with what it depends on; of a lock that is written in another way than uv's, nothing."""
    for block in _BLOCK.finditer(lock.text):
        name, source = _NAME.match(lock.text, lock.text.find("\n", block.start()) + 1), _SOURCE.search(block[0])
        if name is not None and source is not None:
            metadata = _METADATA.search(lock.text, block.start(), block.end())
            listed = _EDGE.finditer(lock.text, name.end(), metadata.start() if metadata else block.end())
            yield Named(name[1], name[2], source[1], block.start()), (Named(one[1], one[2], one[3], one.start()) for one in listed)


def _entry(block: re.Match[str], kind: str, path: str, folder: str) -> Entry:
    text = block[0].replace("\r\n", "\n")
    (table,) = cast("list[Table]", values(text)["package"])
    metadata = _table(table, "metadata")
    provides = metadata.get("provides-extras")
    version = table.get("version")
    found = Entry(
        name=str(table.get("name", "")),
        version=version if isinstance(version, str) else None,
        kind=kind,
        path=path,
        folder=folder,
        start=block.start(),
        end=block.end(),
        dependencies=_lines(table.get("dependencies")),
        optional_dependencies=_lists(table.get("optional-dependencies")),
        dev_dependencies=_lists(table.get("dev-dependencies")),
        requires_dist=_lines(metadata.get("requires-dist")),
        provides_extras=strings(provides) if isinstance(provides, list) else None,
        requires_dev=_lists(metadata.get("requires-dev")),
        group_pythons=_table(table, "group-requires-python"),
    )
    exact = write_entry(found).rstrip("\n") == text.rstrip("\n")
    return found if exact else Entry(**{name: getattr(found, name) for name in Entry.__slots__ if name != "exact"}, exact=False)


def _lines(value: object) -> Lines:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _lists(value: object) -> dict[str, Lines]:
    return {name: _lines(items) for name, items in value.items()} if isinstance(value, dict) else {}


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def extra_of(line: Table) -> tuple[str, str]:
    """Give the extra that a requirement stands under, "" for none, and the rest of its marker."""
    marker = line.get("marker")
    if not isinstance(marker, str):
        return "", ""
    found = _EXTRA.fullmatch(marker)
    named = set(_EXTRAS.findall(marker))
    if len(named) == 1 and (found is None or named & set(_EXTRAS.findall(found[1] or ""))):  # it stands in every alternative
        return next(iter(named)), _EXTRAS.sub("", marker)
    if found is None:
        return "", marker
    rest = found[1] or ""
    return found[2], rest[1:-1] if rest.startswith("(") and rest.endswith(")") else rest


def under_extra(line: Table, extra: str) -> Table:
    """Put a requirement under an extra: its marker stands behind name and extras."""
    rest = line.get("marker")
    parts = [f"({rest})" if extra and " or " in rest else rest] if isinstance(rest, str) else []
    parts += [f"extra == '{extra}'"] if extra else []
    before: Table = {key: line[key] for key in ("name", "extras", "groups") if key in line}
    return {**before, **({"marker": " and ".join(parts)} if parts else {}), **{key: value for key, value in line.items() if key not in (*before, "marker")}}


# ---- writing


def write_entry(entry: Entry) -> str:
    """Write one entry, with a newline at its end."""
    text = f'[[package]]\nname = "{entry.name}"\n'
    text += f'version = "{entry.version}"\n' if entry.version is not None else ""
    text += f'source = {{ {entry.kind} = "{entry.path}" }}\n'
    text += _multiline("dependencies", entry.dependencies) if entry.dependencies else ""
    for header, lists in (("optional-dependencies", entry.optional_dependencies), ("dev-dependencies", entry.dev_dependencies)):
        if any(lists.values()):
            text += f"\n[package.{header}]\n" + "".join(_multiline(name, lines) for name, lines in lists.items() if lines)
    if entry.group_pythons:
        text += "\n[package.group-requires-python]\n" + "".join(f"{_key(name)} = {_value(value)}\n" for name, value in entry.group_pythons.items())
    if entry.requires_dist or entry.provides_extras or entry.requires_dev:
        text += "\n[package.metadata]\n"
        text += _array("requires-dist", entry.requires_dist) if entry.requires_dist else ""
        text += f"provides-extras = [{', '.join(map(_quoted, entry.provides_extras))}]\n" if entry.provides_extras else ""
        if entry.requires_dev:
            text += "\n[package.metadata.requires-dev]\n" + "".join(_array(name, lines) for name, lines in entry.requires_dev.items())
    return text


def write_lock(lock: UvLock, head_text: str, entries: Iterable[Entry], dropped: Iterable[Entry]) -> str:
    """Write a lock with another head and other local entries; those of registries stay where they are."""
    rewritten = {entry.start: entry for entry in entries if entry.end}
    removed = {entry.start for entry in dropped}
    blocks = []
    for block in _BLOCK.finditer(lock.text):
        found = _NAME.match(lock.text, lock.text.find("\n", block.start()) + 1)
        name = found[1] if found is not None else ""
        if block.start() in rewritten:
            blocks.append((rewritten[block.start()].name, write_entry(rewritten[block.start()])))
        elif block.start() not in removed:
            blocks.append((name, block[0].replace("\r\n", "\n").rstrip("\n") + "\n"))
    blocks += [(entry.name, write_entry(entry)) for entry in entries if not entry.end]
    text = head_text.replace("\r\n", "\n").rstrip("\n") + "\n\n" + "\n".join(text for _, text in sorted(blocks, key=lambda one: one[0]))
    return text.replace("\n", "\r\n") if lock.crlf else text


def with_members(head_text: str, names: Sequence[str]) -> str:
    """Give a head with other members; a lone package has none."""
    head_text = head_text.replace("\r\n", "\n")
    listed = "members = [\n" + "".join(f"    {_quoted(name)},\n" for name in names) + "]\n" if names else ""
    bare = re.sub(r"^members = \[[^\]]*\]\n", "", head_text, flags=re.MULTILINE)
    if "\n[manifest]\n" in bare:
        bare = bare.replace("\n[manifest]\n", f"\n[manifest]\n{listed}", 1)
        return re.sub(r"\n\[manifest\]\n+\Z", "\n", bare)
    return bare.rstrip("\n") + f"\n\n[manifest]\n{listed}" if listed else bare


def with_python(head_text: str, text: str) -> str:
    """Give a head for other Pythons."""
    return re.sub(r'^requires-python = "[^"\n]*"', lambda _: f"requires-python = {_quoted(text)}", head_text, count=1, flags=re.MULTILINE)


def _multiline(name: str, lines: Lines) -> str:
    return f"{_key(name)} = [\n" + "".join(f"    {_inline(line)},\n" for line in lines) + "]\n"


def _array(name: str, lines: Lines) -> str:
    return f"{_key(name)} = [{''.join(map(_inline, lines))}]\n" if len(lines) <= 1 else _multiline(name, lines)


def _inline(line: Table) -> str:
    return "{ " + ", ".join(f"{_key(name)} = {_value(value)}" for name, value in line.items()) + " }"


def _value(value: object) -> str:
    match value:
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dict():
            return _inline(value)
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
    return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else f'"{text}"'


def order(lines: Iterable[Table]) -> Iterator[Table]:
    """Give requirements in uv's order: by name, extras, then marker: none, a Python's, another, an extra's."""

    def rank(line: Table) -> tuple[str, tuple[str, ...], int, str, str]:
        marker = str(line.get("marker", ""))
        first = 0 if not marker else 1 if marker.lstrip("(").startswith("python") else 3 if marker.startswith("extra") else 2
        return (str(line.get("name")), strings(line.get("extras", line.get("extra"))), first, marker, str(line.get("specifier", "")))

    yield from sorted(lines, key=rank)
