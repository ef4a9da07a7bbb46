"""The Pythons that all members of a uv workspace support, as uv.lock states them: the intersection of their `requires-python`.

Source: uv's `RequiresPython::intersection`.
"""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.locks.uv_manifest import numbers, ordered, specifiers
from lockstep.pattern import pattern

_BOUND = pattern(r"(>=|<=|<|>|==|~=|!=)\s*([0-9]+(?:\.[0-9]+)*(?:\.\*)?)")


def intersection(texts: Sequence[str]) -> str | None:
    """Give what uv writes for the Pythons that all members support; None where that takes more than bounds."""
    distinct = {tuple(ordered(specifiers(text))): text for text in texts}
    found: list[list[tuple[str, str]]] = []
    for text in distinct.values():
        parts = [_BOUND.fullmatch(part.strip()) for part in text.split(",")]
        bounds = [(part[1], part[2]) for part in parts if part is not None]
        if len(bounds) != len(parts):
            return None
        found.append([one for bound in bounds for one in _expanded(*bound)])
    if len(found) == 1 and any(operator not in (">=", ">", "<", "<=") for operator, _ in found[0]):
        return ", ".join(operator + number for operator, number in sorted(found[0], key=lambda one: numbers(one[1])))
    bounds = [one for each in found for one in each]
    if not bounds or any(operator not in (">=", "<") for operator, _ in bounds):
        only = found[0] if len(found) == 1 else []
        return ", ".join(operator + number for operator, number in sorted(only, key=lambda one: numbers(one[1]))) or None
    lower = max(((numbers(number), number) for operator, number in bounds if operator == ">="), default=None)
    upper = min(((numbers(number), number) for operator, number in bounds if operator == "<"), default=None)
    if lower is not None and upper is not None and lower[0] >= upper[0]:
        return None
    if lower is not None and upper is not None and (one := _starred(lower[0], upper[0])) is not None:
        return f"=={one}.*"
    return ", ".join([*([f">={lower[1]}"] if lower else []), *([f"<{upper[1]}"] if upper else [])])


def _expanded(operator: str, number: str) -> list[tuple[str, str]]:
    if operator == "==" and "*" in number and number.count(".") == 1:
        return _between(number)
    if operator != "~=" or "." not in number or "*" in number:
        return [(operator, number)]
    parts = [int(part) for part in number.split(".")][:-1]
    parts[-1] += 1
    return [(">=", number), ("<", ".".join(map(str, parts)))]


def _starred(lower: tuple[int, ...], upper: tuple[int, ...]) -> str | None:
    """Give the one Python, or the one major, that two bounds leave: `>=3.12, <3.13` is `==3.12.*` in a lock.

    Source: uv's crates/uv-pep440/src/version_specifier.rs, `from_release_only_bounds`.
    """
    major, minor = (*lower, 0, 0)[:2]
    if upper == numbers(f"{major}.{minor + 1}") and len(lower) <= 2:
        return f"{major}.{minor}"
    return None


def bounds_of(text: str) -> frozenset[tuple[str, tuple[int, ...], bool]]:
    """Give the bounds in a statement of Pythons, so that two statements can be compared."""
    parts = [part for one in text.split(",") if (part := _BOUND.fullmatch(one.strip())) is not None]
    bounds = [bound for part in parts for bound in (_between(part[2]) if part[1] == "==" and "*" in part[2] else [(part[1], part[2])])]
    return frozenset((operator, numbers(number), "*" in number) for operator, number in bounds)


def marker_of(text: str) -> str:
    """Give the marker of the lowest and the highest Python that a statement leaves, as uv takes one: without gaps, and of releases alone."""
    parts = [part for one in text.split(",") if (part := _BOUND.match(one.strip())) is not None and part[1] != "!="]
    bounds = [bound for part in parts for bound in (_between(part[2]) if "*" in part[2] else _expanded(part[1], part[2]))]
    return " and ".join(f"python_full_version {operator} '{number}'" for operator, number in bounds)


def _between(starred: str) -> list[tuple[str, str]]:
    """Give the bounds of `3.12.*`."""
    parts = [int(part) for part in starred.split(".")[:-1]]
    return [(">=", starred.removesuffix(".*")), ("<", ".".join(map(str, (*parts[:-1], parts[-1] + 1))))]
