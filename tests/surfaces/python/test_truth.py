"""What is read of installed packages is what Python finds in them; `python -m tests.surfaces.python` does it for larger ones."""

from __future__ import annotations

import pytest

from tests.surfaces.python.truth import compare


@pytest.mark.parametrize("name", ["packaging", "pluggy"])
def test_an_installed_package_is_as_it_is_read(name: str) -> None:
    truth = compare(name)
    assert truth.names > 50
    assert truth.calls > 40
    assert not truth.false
    assert not truth.missed
    assert not truth.different
