"""pyproject.toml as uv reads it: requirements, extras, groups and sources, in the form in which uv.lock remembers them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lockstep.dataclass import dataclass
from lockstep.locks.markers import normalized
from lockstep.pattern import pattern
from lockstep.text.toml import Table, strings

_REQUIREMENT = pattern(
    r"\s*+([A-Za-z0-9](?:[A-Za-z0-9]|[._-]++(?=[A-Za-z0-9]))*+)\s*+(?:\[([^\]]*+)\])?\s*+\(?([^;@()]*+)\)?\s*+(@[^;]*+)?(?:;(.*))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a manifest; the versions of one with a source of its own are not in the lock."""

    name: str
    extras: tuple[str, ...]
    specifiers: frozenset[str]
    marker: str
    plain: bool
    """Whether it is a name alone, without a URL of its own."""


def read_requirement(text: str, sources: Mapping[str, object]) -> Requirement | None:
    """Read a requirement, None where it is none; `sources` are those of `[tool.uv.sources]`, by name."""
    found = _REQUIREMENT.fullmatch(text)
    if found is None:
        return None
    name = normalized(found[1])
    extras = extra_names(one for one in (found[2] or "").split(",") if one.strip())
    plain = not found[4]
    return Requirement(name, extras, specifiers(found[3]) if plain and name not in sources else frozenset(), found[5] or "", plain)


def every_list(table: Table) -> Iterator[Sequence[str]]:
    """Give the dependencies of a project, then those of each extra and each group."""
    project = subtable(table, "project")
    yield strings(project.get("dependencies"))
    yield from (strings(items) for items in subtable(project, "optional-dependencies").values())
    yield from (strings(items) for items in subtable(table, "dependency-groups").values())


def every_requirement(table: Table) -> Iterator[Requirement]:
    """Give all requirements that can be read."""
    return (requirement for items in every_list(table) for item in items if (requirement := read_requirement(item, {})) is not None)


def nonempty_extras(table: Table) -> Iterator[str]:
    """Give the extras that require something."""
    return (name for name, items in subtable(table, "project", "optional-dependencies").items() if items)


def member_sources(root: Table, tables: Mapping[str, Table], here: str, kinds: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Give the source that each member has in a lock: what kind of folder it is, and its path from the lock.

    `tables` are the members by their manifests, `here` is the folder of the lock; `kinds` decides for the folders that it holds.
    """
    required: dict[str, object] = {}
    for own in (root, *tables.values()):
        for name, listed in subtable(own, "tool", "uv", "sources").items():
            for each in listed if isinstance(listed, list) else [listed]:
                if isinstance(each, dict) and each.get("workspace") is True and normalized(name) != normalized(project_name(own)):
                    required[normalized(name)] = each.get("editable", required.get(normalized(name)))
    found = {}
    for path, table in tables.items():
        folder, name = path.rpartition("/")[0], normalized(project_name(table))
        package = subtable(table, "tool", "uv").get("package")
        built = package if isinstance(package, bool) else "build-system" in table or name in required
        kind = "virtual" if not built else "directory" if required.get(name) is False else "editable"
        found[name] = (kinds.get(folder, kind), folder[len(here) + 1 if here else 0 :] or ".")
    return found


def is_workspace_source(source: object) -> bool:
    """Say whether a source is `{ workspace = true }` in every environment."""
    return isinstance(source, dict) and source.get("workspace") is True and not {"marker", "extra", "group"} & {*source}


def extra_names(names: Iterable[str]) -> tuple[str, ...]:
    """Give extras as PEP 503 compares their names, each once and sorted."""
    return tuple(sorted({normalized(name) for name in names}))


def specifiers(text: str) -> frozenset[str]:
    """Give specifiers as they compare: 1.0 is 1, spaces and letters' case say nothing."""
    parts = (re.sub(r"\s+|(?<=[0-9])(?:\.0)+$(?<!~=[0-9]\.0)", "", part.strip().lower()) for part in text.split(","))
    return frozenset(part for part in parts if part)


def ordered(specifiers: Iterable[str]) -> list[str]:
    """Sort specifiers by their versions."""
    return sorted(specifiers, key=lambda one: (numbers(one), one))


def numbers(text: str) -> tuple[int, ...]:
    """Give the first dotted number in a text, without zeros at its end."""
    found = re.search(r"[0-9]{1,9}(?:\.[0-9]{1,9})*", text)
    parts = [int(part) for part in found[0].split(".")] if found else []
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def project_name(table: Table) -> str:
    """Give the name of a project as its manifest writes it."""
    return str(subtable(table, "project").get("name"))


def subtable(table: Table, *keys: str) -> Table:
    """Give the table under some keys, an empty one where there is none."""
    value: object = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
