"""What a Python distribution needs, and how two statements of it differ in each environment that either may meet.

Source: https://packaging.python.org/en/latest/specifications/dependency-specifiers/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from itertools import product

from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.versions.ranges import ANY, Range, meet, python
from lockstep.versions.version import shorten

MINORS = range(7, 17)
"""Of the Pythons in which markers are tried: 3.7 to 3.16."""
_SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
_MACHINES = ("x86_64", "aarch64")
_INTERPRETERS = ("CPython", "PyPy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement: the name as PEP 503 compares it, the versions, and the marker that decides whether it counts."""

    name: str
    versions: str
    marker: str = ""


def read_requirement(text: str) -> Requirement:
    """Read one requirement.

    Raises: VersionError when it is none.
    """
    from packaging.requirements import InvalidRequirement  # noqa: PLC0415 - only who compares Python's requirements pays for it
    from packaging.requirements import Requirement as Pep508  # noqa: PLC0415

    try:
        found = Pep508(text)
    except InvalidRequirement as error:
        said = str(error).partition("\n")[0]
        raise VersionError(f"{shorten(text)} is no requirement: {said}", help="write it as PEP 508 does") from None
    return Requirement(name=normalized(found.name), versions=str(found.specifier), marker=str(found.marker or ""))


def normalized(name: str) -> str:
    """Give a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def differs(old: str, new: str, pythons: str | None, judge: Callable[[Range, Range], bool]) -> bool:
    """Say whether two lists of requirements on one name (a line each) differ in what `judge` asks, in some environment of `pythons`, or of any Python."""
    try:
        return any(judge(before, after) for before, after in admitted_ranges(old, new, ANY if pythons is None else python(pythons)))
    except VersionError:
        return False  # the reader says what it cannot read


def admitted_ranges(old: str, new: str, pythons: Range) -> Iterator[tuple[Range, Range]]:
    """Give the versions that two lists of requirements on one name (a line each) admit, for each environment in which both ask for it."""
    if old == new:
        return
    before, after = _requirements(old), _requirements(new)
    if not any(one.marker for one in (*before, *after)):
        yield _admitted(before), _admitted(after)
        return
    for environment in _environments():
        if not _holds(pythons, environment["python_full_version"]):
            continue
        one, other = ([item for item in found if _applies(item.marker, environment)] for found in (before, after))
        if one and other:
            yield _admitted(one), _admitted(other)


def _requirements(lines: str) -> tuple[Requirement, ...]:
    return tuple(read_requirement(line) for line in lines.splitlines())


def _admitted(requirements: tuple[Requirement, ...] | list[Requirement]) -> Range:
    return reduce(lambda one, other: meet((one, other)), (python(one.versions) for one in requirements))


def _applies(marker: str, environment: Mapping[str, str]) -> bool:
    return not marker or _marker(marker)(environment)


@cache
def _marker(text: str) -> _Marker:
    return _Marker(text)


class _Marker:
    """A marker, asked often in few environments."""

    def __init__(self, text: str) -> None:
        from packaging.markers import Marker  # noqa: PLC0415 - likewise

        self._marker = Marker(text)

    def __call__(self, environment: Mapping[str, str]) -> bool:
        return self._marker.evaluate(dict(environment))


def _holds(pythons: Range, version: str) -> bool:
    point = python(f"=={version}").low
    assert point is not None
    above = pythons.low is None or pythons.low.key <= point.key
    return above and (pythons.high is None or point.key < pythons.high.key or (pythons.high.inclusive and point.key == pythons.high.key))


@cache
def _environments() -> tuple[Mapping[str, str], ...]:
    """Give each Python with each usual system, machine and interpreter; `extra` is none of them."""
    return tuple(
        {
            "python_version": f"3.{minor}",
            "python_full_version": f"3.{minor}.0",
            "implementation_version": f"3.{minor}.0",
            "sys_platform": system,
            "platform_system": platform,
            "os_name": name,
            "platform_machine": machine,
            "platform_python_implementation": interpreter,
            "implementation_name": interpreter.lower(),
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }
        for minor, (system, platform, name), machine, interpreter in product(MINORS, _SYSTEMS, _MACHINES, _INTERPRETERS)
    )
