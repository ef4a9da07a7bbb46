"""What a text says about a version, where it holds less than the version does."""

from __future__ import annotations

import pytest

from lockstep.versions.agreement import says, written
from lockstep.versions.version import Spelling, Version


@pytest.mark.parametrize(
    ("text", "version", "agrees"),
    [
        ("1.2.0", "1.2.0", True),
        ("1.2.0", "1.2.0-rc.1", True),
        ("1.2", "1.2.0", True),
        ("1.2.0.0", "1.2.0", True),
        ("1.2.0.1", "1.2.0", False),
        ("1.2.1", "1.2.0", False),
        ("1.2.0-rc.1", "1.2.0-rc.1", False),
        ("1.2." + "9" * 400, "1.2.0", False),
        ("", "1.2.0", False),
    ],
)
def test_numbers_alone_agree_with_their_pre_releases_too(text: str, version: str, agrees: bool) -> None:  # noqa: FBT001 - what is expected
    assert says(text, Spelling.NUMBERS, Version.read(version)) is agrees


def test_numbers_alone_move() -> None:
    assert written("1.2.0", Spelling.NUMBERS, Version.read("1.2.0"), Version.read("2.0.0-rc.1")) == "2.0.0"
    assert written("2.0.0", Spelling.NUMBERS, Version.read("2.0.0-rc.1"), Version.read("2.0.0")) == "2.0.0"
