"""Native modules before and after: each pair of fixtures/compat/pyo3 gives the findings of its labels and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.surfaces.pairs import compare, lines, pair, pairs


@pytest.mark.parametrize("path", pairs("pyo3"), ids=lambda path: path.stem)
def test_a_pair_gives_its_labels(path: Path) -> None:
    one = pair(path)
    assert sorted(lines(compare(one, "python"))) == list(one.wanted)
