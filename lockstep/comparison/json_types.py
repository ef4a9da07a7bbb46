"""Which types of JSON does one schema take that another refuses?

Source: https://json-schema.org/draft/2020-12/json-schema-core#section-4.2.1 and .../json-schema-validation#section-6.1.1
"""

from __future__ import annotations

TYPES = ("null", "boolean", "object", "array", "integer", "number", "string")


def refused(before: str | None, after: str | None) -> tuple[str, ...]:
    """Give the types of the first list (names between blanks, `any` for all) that the second leaves out; every integer is a number."""
    old, new = _all(before), _all(after)
    return tuple(one for one in TYPES if one in old and one not in new and not (one == "integer" and "number" in old))


def _all(types: str | None) -> frozenset[str]:
    named = frozenset((types or "any").split())
    if "any" in named:
        return frozenset(TYPES)
    return named | {"integer"} if "number" in named else named
