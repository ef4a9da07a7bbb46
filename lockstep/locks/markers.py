"""Environment markers: do two of them mean the same, and how does uv write one?

Two markers are the same when no environment tells them apart. The environments that can are few: for each variable the values that either
marker names, what lies just below and above, and one that neither names.

Sources: https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers; uv's crates/uv-pep508/src/marker/
(`algebra.rs` for systems that are platforms and for what excludes what, `simplify.rs` for what is written).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

MOST_ENVIRONMENTS = 20_000
"""Environments that are tried at most."""
LONGEST = 4000
PYTHON = "python_full_version"
VERSIONS = ("python_version", PYTHON, "implementation_version")
STRINGS = ("implementation_name", "os_name", "platform_machine", "platform_python_implementation", "platform_system", "sys_platform")
"""The variables that compare as text, in the order in which uv writes them."""

_TOKEN = pattern(
    r"""\s*(?:(?P<value>'[^']*'|"[^"]*")|(?P<operator>[<>=!~]=?=?|not\s+in\b|in\b)|(?P<word>and\b|or\b)|(?P<bracket>[()])|(?P<name>[A-Za-z_.]+))"""
)
_DEPRECATED = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.machine": "platform_machine",
    "python_implementation": "platform_python_implementation",
}
_SYSTEMS = {"Windows": "win32", "Darwin": "darwin", "Linux": "linux", "AIX": "aix", "Emscripten": "emscripten", "Android": "android"}
_PLATFORMS = ("aix", "android", "emscripten", "ios", "linux", "darwin", "win32", "cygwin", "wasi")
_IMPOSSIBLE = frozenset(
    [(("os_name", "nt"), ("sys_platform", one)) for one in ("linux", "darwin", "ios")]
    + [(("os_name", "posix"), ("sys_platform", "win32"))]
    + [
        (("platform_system", system), ("sys_platform", platform))
        for system in ("FreeBSD", "NetBSD", "OpenBSD", "SunOS", "iOS", "iPadOS")
        for platform in _PLATFORMS
        if not (platform == "ios" and system.startswith("i"))
    ]
)
_NUMBERS = pattern(r"[0-9]+(?:\.[0-9]+)*")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: `swapped` has the value on the left."""

    name: str
    operator: str
    value: str
    swapped: bool


@dataclass(frozen=True, slots=True)
class Junction:
    """Markers of which all, or one, must hold."""

    operator: str
    parts: tuple[Marker, ...]


Marker: TypeAlias = Comparison | Junction
Environment: TypeAlias = Mapping[str, str]


def read(text: str) -> Marker | None:
    """Read a marker; None when it is none, or longer than anyone writes."""
    if len(text) > LONGEST:
        return None
    tokens, end = [], 0
    while end < len(text.rstrip()):
        found = _TOKEN.match(text, end)
        if found is None:
            return None
        tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
        end = found.end()
    reader = _Reader(tokens)
    try:
        marker = reader.joined("or")
    except (IndexError, RecursionError):
        return None
    return marker if not reader.tokens else None


class _Reader:
    """Reads a marker from its tokens."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens[::-1]

    def joined(self, word: str) -> Marker | None:
        parts = []
        while True:
            part = self.joined("and") if word == "or" else self.operand()
            if part is None:
                return None
            parts.append(part)
            if not self.tokens or self.tokens[-1] != ("word", word):
                return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))
            self.tokens.pop()

    def operand(self) -> Marker | None:
        kind, text = self.tokens.pop()
        if (kind, text) == ("bracket", "("):
            inner = self.joined("or")
            return inner if inner is not None and self.tokens.pop() == ("bracket", ")") else None
        between, operator = self.tokens.pop()
        other, right = self.tokens.pop()
        if between != "operator" or {kind, other} != {"value", "name"}:
            return None
        name, value = (text, right) if kind == "name" else (right, text)
        name, value, operator = _DEPRECATED.get(name, name), value[1:-1], " ".join(operator.split())
        if name == "platform_system" and operator in ("==", "!=") and value in _SYSTEMS:
            name, value = "sys_platform", _SYSTEMS[value]
        return Comparison(name, operator, value, swapped=kind == "value" and operator not in ("==", "!="))


def equivalent(one: str, other: str, pythons: str) -> bool | None:
    """Say whether two markers hold in the same environments of these Pythons; None when nobody can tell."""
    if one == other:
        return True
    markers = [read(text) if text else Junction("and", ()) for text in (one, other)]
    if any(marker is None for marker in markers):
        return None
    comparisons = [one for marker in markers if marker is not None for one in _comparisons(marker)]
    values = _values(comparisons, pythons)
    if values is None:
        return None
    environments = ({**dict(zip(values, found, strict=True))} for found in product(*values.values()))
    return all(_holds(markers[0], each) == _holds(markers[1], each) for each in environments if not _is_impossible(each))


def _is_impossible(environment: Environment) -> bool:
    found = tuple(environment.items())
    return any((one, other) in _IMPOSSIBLE for one in found for other in found)


def _comparisons(marker: Marker | None) -> Iterator[Comparison]:
    match marker:
        case Comparison():
            yield marker
        case Junction(parts=parts):
            for part in parts:
                yield from _comparisons(part)
        case None:
            pass


def _values(comparisons: list[Comparison], pythons: str) -> dict[str, tuple[str, ...]] | None:
    """Give the values of each variable that can tell markers apart, None where they are too many or unknown."""
    found: dict[str, dict[str, None]] = {}
    for one in comparisons:
        if one.name in VERSIONS:
            name = PYTHON if one.name == "python_version" else one.name
            texts = _NUMBERS.findall(one.value)
            if not texts or one.swapped or (name == "implementation_version" and one.operator in ("in", "not in")):
                return None
            found.setdefault(name, {}).update(dict.fromkeys(around for text in texts for around in _around(text)))
        elif one.name in (*STRINGS, "extra", "platform_release", "platform_version"):
            if one.operator not in ("==", "!=", "in", "not in"):
                return None
            words = re.findall(r"[^\s,|]+", one.value) if one.operator in ("in", "not in") and not one.swapped else []
            value = normalized(one.value) if one.name == "extra" else one.value
            found.setdefault(one.name, {"": None}).update(dict.fromkeys([value, *words]))
        else:
            return None
    if PYTHON in found:
        for text in _NUMBERS.findall(pythons):
            found[PYTHON].update(dict.fromkeys(_around(text)))
        bounds = [part.strip() for part in pythons.split(",") if part.strip() and "!=" not in part]
        kept = tuple(value for value in found[PYTHON] if all(_compares(value, bound) for bound in bounds))
        values = {name: kept if name == PYTHON else tuple(found[name]) for name in found}
    else:
        values = {name: tuple(each) for name, each in found.items()}
    count = 1
    for each in values.values():
        count *= len(each)
    return values if count <= MOST_ENVIRONMENTS else None


def _around(text: str) -> Iterator[str]:
    """Give a version and its neighbours, one number of each length up and down."""
    numbers = [int(part) for part in text.split(".")[:3]]
    numbers += [0] * (3 - len(numbers))
    major, minor, micro = numbers
    for each in ((major, minor, micro), (major, minor, micro + 1), (major, minor + 1, 0), (major + 1, 0, 0)):
        yield ".".join(map(str, each))
    if micro:
        yield f"{major}.{minor}.{micro - 1}"
    if minor:
        yield f"{major}.{minor - 1}.999"


def _compares(value: str, bound: str) -> bool:
    operator = re.match(r"[<>=!~]*", bound)
    assert operator is not None
    return _compare(value, operator[0] or "==", bound[operator.end() :].strip())


def _holds(marker: Marker | None, environment: Environment) -> bool:
    match marker:
        case Junction(operator="and", parts=parts):
            return all(_holds(part, environment) for part in parts)
        case Junction(parts=parts):
            return any(_holds(part, environment) for part in parts)
        case Comparison(name="python_version", operator=operator, value=value):
            return _compare(".".join(environment[PYTHON].split(".")[:2]), operator, value)
        case Comparison(name=name, operator=operator, value=value) if name in VERSIONS:
            return _compare(environment[name], operator, value)
        case Comparison(name=name, operator=operator, value=value, swapped=swapped):
            have, want = environment[name], normalized(value) if name == "extra" else value
            match operator:
                case "==":
                    return have == want
                case "!=":
                    return have != want
            return ((want in have) if swapped else (have in want)) == (operator == "in")
    return True


def _compare(have: str, operator: str, want: str) -> bool:
    if operator in ("in", "not in"):
        return (have in _NUMBERS.findall(want)) == (operator == "in")
    mine = _numbers(have)
    if want.endswith(".*"):
        prefix = tuple(int(part) for part in want[:-2].split(".") if part.isdecimal())
        whole = (*mine, *(0,) * len(prefix))[: len(prefix)]
        return (whole == prefix) == (operator != "!=")
    theirs = _numbers(want)
    match operator:
        case "==" | "===":
            return mine == theirs
        case "!=":
            return mine != theirs
        case "<":
            return mine < theirs
        case "<=":
            return mine <= theirs
        case ">":
            return mine > theirs
        case ">=":
            return mine >= theirs
    parts = [int(part) for part in _NUMBERS.findall(want)[0].split(".")] if _NUMBERS.search(want) else [0]
    return mine >= theirs and (*mine, *(0,) * len(parts))[: len(parts) - 1] == tuple(parts[:-1])


def _numbers(text: str) -> tuple[int, ...]:
    found = _NUMBERS.match(text)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def normalized(name: str) -> str:
    """Give a name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def written(text: str, pythons: str) -> str | None:
    """Give a marker as uv writes it; None for one whose form takes uv's algebra: alternatives, several bounds of a variable.

    "" is a marker that holds for all of these Pythons.
    """
    if not text.strip():
        return ""
    marker = read(text)
    comparisons = list(_comparisons(marker))
    if marker is None or (isinstance(marker, Junction) and (marker.operator != "and" or any(isinstance(part, Junction) for part in marker.parts))):
        return None
    if len({"sys_platform" if one.name in ("os_name", "platform_system") else one.name for one in comparisons}) < len(comparisons):
        return None
    found: dict[int, str] = {}
    for one in comparisons:
        if one.name in ("python_version", PYTHON):
            bound = _bound(one)
            if bound is None or equivalent("", f"{PYTHON} {bound}", pythons) is None:
                return None
            if equivalent("", f"{PYTHON} {bound}", pythons):
                continue
            if equivalent("python_full_version < '0'", f"{PYTHON} {bound}", pythons):
                return None  # it holds nowhere: whether the package is locked at all is the resolver's to say
            found[-1] = f"{PYTHON} {bound}"
        elif one.name in STRINGS and one.operator in ("==", "!=") and not one.swapped and '"' not in one.value:
            found[STRINGS.index(one.name)] = f"{one.name} {one.operator} '{one.value}'"
        else:
            return None
    return " and ".join(found[rank] for rank in sorted(found))


def _bound(one: Comparison) -> str | None:
    """Give a bound on the full version: `python_version <= '3.9'` is below 3.10."""
    parts = one.value.split(".")
    if not all(part.isdecimal() for part in parts) or one.swapped:
        return None
    short = one.name == "python_version"
    if one.operator in ("<", ">=") and len(parts) <= (2 if short else 3):
        return f"{one.operator} '{one.value}'"
    if short and one.operator in ("<=", ">") and len(parts) == 2:
        return f"{'<' if one.operator == '<=' else '>='} '{parts[0]}.{int(parts[1]) + 1}'"
    return None
