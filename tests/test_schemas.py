"""The shipped JSON Schemas say what the code says."""

from __future__ import annotations

import json
from importlib.resources import files

from lockstep.config import schema


def test_the_configuration_schema_is_the_code() -> None:
    shipped = json.loads(files("lockstep").joinpath("schemas/config.json").read_text())
    assert shipped == schema()
