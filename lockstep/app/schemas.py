"""The JSON Schemas that are shipped: of the configuration, and of what commands print."""

from __future__ import annotations

from importlib.resources import files

from lockstep.errors import UsageError
from lockstep.wording import did_you_mean


def names() -> list[str]:
    """Give the names of the schemas, sorted."""
    return sorted(one.name.removesuffix(".json") for one in files("lockstep").joinpath("schemas").iterdir() if one.name.endswith(".json"))


def text(name: str) -> str:
    """Give the text of a schema.

    Raises: UsageError when there is none of that name.
    """
    known = names()
    if name not in known:
        raise UsageError(f"there is no schema {name!r}", help=did_you_mean(name, known, f"the schemas are {', '.join(known)}"))
    return files("lockstep").joinpath(f"schemas/{name}.json").read_text(encoding="utf-8")
