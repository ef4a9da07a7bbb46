"""The laws of a release, over generated releases: every request fails in every way, and each job is run again to its end.

The ordinary suite tries a few; LOCKSTEP_LAWS=1 tries thousands.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.registries.wire import KINDS, Fault, wired

FULL = os.environ.get("LOCKSTEP_LAWS") == "1"
WHOLE = range(int(os.environ.get("LOCKSTEP_RELEASES", "0"))) if "LOCKSTEP_RELEASES" in os.environ else (0, 3)
"""Releases of which the full suite lets every request fail in every way; LOCKSTEP_RELEASES=N takes the first N."""
RELEASES, FEW = (24, 36) if FULL else (6, 3)
"""Of how many others a few requests fail, and how many for each kind."""


def requests(seed: int) -> int:
    """Count the requests of a release in which nothing goes wrong; it breaks no law."""
    with wired(seed, None) as wire:
        assert wire.to_the_end() == []
        assert wire.opened == 1
        assert all(number == 1 for number in wire.attempts.values())
        return wire.requests


def faults() -> Iterator[tuple[int, Fault]]:
    """Give what goes wrong: each kind at each request of each release, or a few of them."""
    for seed in WHOLE if FULL else ():
        most = requests(seed)
        yield from ((seed, Fault(kind, at)) for kind in KINDS for at in range(most))
    rng = random.Random(1)
    counts = {seed: requests(seed) for seed in range(RELEASES)}
    for kind in KINDS:
        for seed in rng.choices([*counts], k=FEW):
            yield seed, Fault(kind, rng.randrange(counts[seed]))


def test_nothing_that_goes_wrong_breaks_a_law() -> None:
    tried, broken = 0, []
    for seed, fault in faults():
        tried += 1
        with wired(seed, fault) as wire:
            if found := wire.to_the_end():
                broken.append(f"release {seed}, {fault}: {'; '.join(found)[:600]}")
    assert not broken, f"{len(broken)} of {tried}:\n" + "\n".join(broken[:20])
    assert tried >= len(KINDS) * FEW


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_happens(kind: str) -> None:
    with wired(0, Fault(kind, 5)) as wire:
        wire.run()
        assert wire.requests > 5 or kind == "killed-before"
