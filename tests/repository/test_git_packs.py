"""A delta makes its object, or none."""

from __future__ import annotations

import pytest

from lockstep.repository.git_packs import OversizeError, apply_delta


def test_a_delta_copies_and_brings() -> None:
    base = bytes(range(200))
    assert apply_delta(base, bytes([0xC8, 1, 5, 0x91, 10, 2, 3, 1, 2, 3]), 100) == base[10:12] + bytes([1, 2, 3])
    with pytest.raises(OversizeError):
        apply_delta(base, bytes([0xC8, 1, 5, 0x91, 10, 2, 3, 1, 2, 3]), 4)
    for wrong in ([0xC8, 1, 5, 0], [0xC7, 1, 1, 1, 65], [0xC8, 1, 2, 1, 65], [0xC8, 1, 1, 2, 65, 65], [0xC8, 1, 2, 0x91, 199, 2], [0xC8, 1, 9, 5, 65]):
        with pytest.raises((ValueError, IndexError)):
            apply_delta(base, bytes(wrong), 100)
