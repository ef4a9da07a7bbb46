"""What uv.lock remembers of the settings that steered the resolver: which versions it took, of which days, for which environments.

Source: https://docs.astral.sh/uv/reference/settings/; uv's crates/uv-resolver/src/lock/mod.rs, `ResolverOptions`, and crates/uv/src/commands/project/lock.rs,
`ValidatedLock::validate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lockstep.dataclass import dataclass
from lockstep.locks.markers import equivalent, normalized
from lockstep.locks.uv_manifest import project_name, read_requirement, subtable
from lockstep.model import Level
from lockstep.pattern import pattern
from lockstep.text.toml import Table, strings


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that count for a lock, and whether they stand beside it, not above."""

    values: Table
    beside: bool


_MODES = (
    ("resolution", "resolution-mode", "highest"),
    ("prerelease", "prerelease-mode", "if-necessary-or-explicit"),
    ("fork-strategy", "fork-strategy", "requires-python"),
)
"""A setting, what the lock calls it, and the default, which is not written down."""
_MARKERS = (("environments", "supported-markers"), ("required-environments", "required-markers"))
_NOWHERE = "python_version < '1'"
_SPAN = pattern(r"P?(?:(\d{1,6}) *+(?:W|w|weeks?))? *+(?:(\d{1,6}) *+(?:D|d|days?))? *+T?(?:(\d{1,6}) *+(?:H|h|hours?))?")
_DATE = pattern(r"(\d{4})-(\d\d)-(\d\d)")
_MOMENT = pattern(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):?(\d\d))")
_DAY = 24 * 3600


def differences(settings: Settings, root: Table, tables: Iterable[Table], head: Table, pythons: str) -> Iterator[tuple[Level, str]]:
    """Say what the lock remembers otherwise; `tables` are the manifests of the workspace, `root` that of its root.

    What is set here decides; where nothing is, or far above, the configuration of a user or the copy of a folder may be meant.
    """
    firm = Level.ERROR if settings.beside else Level.WARNING
    for name, wanted, held, same in _options(settings.values, subtable(head, "options")):
        if not same:
            now = "not set" if wanted is None else f"{wanted}"
            yield (
                firm if wanted is not None else Level.WARNING,
                f"the setting {name} is {now}, the lock was made " + (f"with {held}" if held is not None else "without"),
            )
    if _metadata(settings.values.get("dependency-metadata")) != _metadata(subtable(head, "manifest").get("dependency-metadata")):
        yield firm, "the setting dependency-metadata is not what the lock was made with"
    for setting, key in _MARKERS:
        yield from ((Level.ERROR, one) for one in _environments(setting, _texts(subtable(root, "tool", "uv").get(setting)), strings(head.get(key)), pythons))
    yield from ((Level.ERROR, one) for one in _conflicts(tables, head))


def _options(settings: Table, options: Table) -> Iterator[tuple[str, object, object, bool]]:
    """Give each option by its name, with what is wanted and what the lock has, and whether they may be the same."""
    for name, key, default in _MODES:
        wanted, held = settings.get(name), options.get(key)
        yield name, wanted, held, (wanted or default) == (held or default)
    days = [("exclude-newer", settings.get("exclude-newer"), options.get("exclude-newer-span", options.get("exclude-newer")))]
    asked, have = _by_package(settings), _by_package(options)
    days += [(f"exclude-newer-package of {name}", asked.get(name), have.get(name)) for name in sorted({*asked} | {*have})]
    for name, wanted, held in days:
        yield name, wanted, held, _same_day(wanted, held)


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [*strings(value)]


def _environments(setting: str, wanted: list[str], held: Iterable[str], pythons: str) -> Iterator[str]:
    """Compare lists of markers: those that hold nowhere say nothing, and one that nobody can read may be any other."""
    asked, have = ([one for one in some if equivalent(one, _NOWHERE, pythons) is not True] for some in (wanted, held))
    new = [one for one in asked if all(equivalent(one, other, pythons) is False for other in have)]
    gone = [one for one in have if all(equivalent(one, other, pythons) is False for other in asked)]
    if new or gone:
        yield f"the setting {setting} has changed: " + ", ".join(
            [f"the lock does not know {one}" for one in new] + [f"the lock remembers {one}" for one in gone]
        )


def _metadata(value: object) -> set[tuple[str, str, frozenset[tuple[str, frozenset[str]]]]]:
    found = set()
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            needs = (read_requirement(item, {}) for item in strings(one.get("requires-dist")))
            listed = frozenset((need.name, need.specifiers) for need in needs if need is not None)
            found.add((normalized(str(one.get("name"))), str(one.get("version", "")), listed))
    return found


# ---- conflicts

_Conflict = frozenset[tuple[str, str, str]]


def _conflicts(tables: Iterable[Table], head: Table) -> Iterator[str]:
    """Compare what conflicts; uv adds the groups that include those which are named."""
    wanted, including = set[_Conflict](), False
    for table in tables:
        wanted |= _read_conflicts(subtable(table, "tool", "uv").get("conflicts"), normalized(project_name(table)))
        including = including or any(
            isinstance(one, dict) for items in subtable(table, "dependency-groups").values() if isinstance(items, list) for one in items
        )
    held = _read_conflicts(head.get("conflicts"), "")
    if wanted - held or (held - wanted and not (including and wanted)):
        named = sorted(" and ".join(sorted(name or package for package, _, name in one)) for one in wanted ^ held)
        yield f"the setting conflicts has changed: {', '.join(named[:3])}"


def _read_conflicts(value: object, own: str) -> set[_Conflict]:
    found = set()
    for items in value if isinstance(value, list) else ():
        listed = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        if listed:
            found.add(frozenset(_conflict(one, own) for one in listed))
    return found


def _conflict(item: Mapping[str, object], own: str) -> tuple[str, str, str]:
    kind = next((one for one in ("extra", "group") if one in item), "")
    return normalized(str(item.get("package", own))), kind, normalized(str(item.get(kind, "")))


# ---- days


def _by_package(table: Table) -> dict[str, object]:
    found = subtable(table, "exclude-newer-package")
    return {normalized(name): one.get("span", one.get("timestamp")) if isinstance(one, dict) else one for name, one in found.items()}


def _same_day(wanted: object, held: object) -> bool:
    """Say whether the lock may be of the day that is asked for: a date is the end of that day, wherever the lock was made."""
    if not isinstance(wanted, str) or not isinstance(held, str):
        return wanted is held
    asked, have = (read_time(one.strip()) for one in (wanted, held))
    if wanted == held or asked is None or have is None:
        return True  # one that cannot be read may be the other
    if (asked[0], have[0]) == ("date", "moment"):
        return asked[1] - _DAY <= have[1] <= asked[1] + 2 * _DAY
    return asked == have


def read_time(text: str) -> tuple[str, int] | None:
    """Read a date, a moment, or a number of weeks, days and hours, in seconds; uv keeps the last as ISO 8601 has them."""
    if (date := _date(text)) is not None:
        return "date", date
    if (found := _MOMENT.fullmatch(text)) is not None and (date := _date(found[1])) is not None:
        away = (int(found[6]) * 3600 + int(found[7]) * 60) * (-1 if found[5] == "-" else 1) if found[5] else 0
        return "moment", date + int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4]) - away
    if (found := _SPAN.fullmatch(text)) is not None and any(found.groups()):
        weeks, days, hours = (int(one or 0) for one in found.groups())
        return "span", (weeks * 7 + days) * _DAY + hours * 3600
    return None


def _date(text: str) -> int | None:
    """Give the seconds from the year 0 to a date; source: https://howardhinnant.github.io/date_algorithms.html, `days_from_civil`."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    year -= month <= 2
    return (year * 365 + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day) * _DAY
