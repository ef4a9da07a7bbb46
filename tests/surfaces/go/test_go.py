"""Go modules: each pair of fixtures/compat/go gives the findings of its labels and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.surfaces.pairs import compare, lines, pair, pairs

READERS = ("go",)


@pytest.mark.parametrize("path", pairs("go"), ids=lambda path: path.stem)
def test_a_pair_gives_its_labels(path: Path) -> None:
    one = pair(path)
    assert sorted(lines(compare(one, *READERS))) == list(one.wanted)
