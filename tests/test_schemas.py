"""The shipped JSON Schemas say what the code says, and what is printed."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from lockstep.config import schema
from tests.conftest import Run, Story


def shipped(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("lockstep").joinpath(f"schemas/{name}.json").read_text())
    return found


def test_the_configuration_schema_is_the_code() -> None:
    assert shipped("config") == schema()


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "--fix"),
        ("bump", "minor", "--dry-run"),
        ("bump", "minor", "--fix"),
        ("diff",),
        ("diff", "v0.3.0", "v0.4.0"),
        ("surface",),
        ("surface", "v0.3.0"),
        ("show",),
        ("explain",),
        ("explain", "version-mismatch"),
    ],
    ids=" ".join,
)
def test_what_is_printed_is_what_the_schema_says(args: tuple[str, ...], story: Story, run: Run) -> None:
    result = run(*args, "--format", "json", repo=story("drifted"))
    document = json.loads(result.out)
    jsonschema.validate(document, shipped(args[0]), jsonschema.Draft7Validator)
    assert document["command"] == args[0]
    assert set(document) == set(shipped(args[0])["properties"]), "every key is in the schema"
