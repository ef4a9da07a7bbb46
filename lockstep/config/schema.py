"""The JSON Schemas of the configuration, which `lockstep/schemas` holds."""

from __future__ import annotations

from lockstep.about import SITE
from lockstep.config import HOMES
from lockstep.config.options import OPTIONS, object_schema

SCHEMAS = {"lockstep.toml": "config", "pyproject.toml": "pyproject", "Cargo.toml": "cargo"}
"""The shipped JSON Schema of each home."""


def schema(home: str = "lockstep.toml") -> dict[str, object]:
    """Give the JSON Schema of a file of `HOMES`, which `lockstep/schemas` holds; of a manifest, it knows our table alone."""
    key = dict(HOMES)[home]
    inner = object_schema(OPTIONS)
    for name in reversed(key):
        inner = {"type": "object", "properties": {name: inner}}
    table = f"[{'.'.join(key)}] in {home}" if key else "lockstep.toml, [tool.lockstep] in pyproject.toml, or [workspace.metadata.lockstep] in Cargo.toml"
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{SITE}/schemas/{SCHEMAS[home]}.json",
        "title": "lockstep",
        "description": f"The configuration of lockstep: {table}",
        **inner,
    }
