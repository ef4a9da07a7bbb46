"""The laws of a release, over generated releases: every request fails in every way, and each job is run again to its end.

The ordinary suite tries a few; LOCKSTEP_LAWS=1 tries more than 20,000, in as many processes as `-n` says.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from lockstep.release.candidate import ArtifactKind
from tests import conftest
from tests.registries.generated import made
from tests.registries.wire import KINDS, Fault, wired

FULL = os.environ.get("LOCKSTEP_LAWS") == "1"
SHARES = 48 if FULL else 1
WHOLE = int(os.environ.get("LOCKSTEP_RELEASES", "14")) if FULL else 0
"""Releases of which every request fails in every way; LOCKSTEP_RELEASES names another number."""
LARGEST_WHOLE = 120
"""Requests of the largest of those: of larger ones some requests fail."""
RELEASES, FEW = (40, 145) if FULL else (6, 3 if conftest.FULL else 1)
"""Of how many releases a few requests fail, and how many for each kind."""


@cache
def requests(seed: int) -> int:
    """Count the requests of a release in which nothing goes wrong; it breaks no law."""
    with wired(seed, None) as wire:
        assert wire.to_the_end() == []
        assert wire.opened == 1
        assert all(number == 1 for number in wire.attempts.values())
        return wire.requests


def faults() -> Iterator[tuple[int, Fault]]:
    """Give what goes wrong: each kind at each request of each of some releases, and a few at the others."""
    counts = {seed: requests(seed) for seed in range(RELEASES)}
    for seed in [seed for seed, most in counts.items() if most <= LARGEST_WHOLE][:WHOLE]:
        yield from ((seed, Fault(kind, at)) for kind in KINDS for at in range(counts[seed]))
    rng = random.Random(1)
    for kind in KINDS:
        for seed in rng.choices([*counts], k=FEW):
            yield seed, Fault(kind, rng.randrange(counts[seed]))


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_that_goes_wrong_breaks_a_law(share: int) -> None:
    everything = [*faults()]
    mine, broken, ended = everything[share::SHARES], [], Counter[str]()
    for seed, fault in mine:
        with wired(seed, fault) as wire:
            found = wire.to_the_end()
            ended["in conflict" if wire.conflict_in is not None else "complete"] += 1
            if found:
                broken.append(f"release {seed}, {fault}: {'; '.join(found)[:600]}")
    print(f"share {share} of {SHARES}: {len(mine)} of {len(everything)} faults, {dict(ended)}, {len(broken)} broke a law")  # noqa: T201 - for who waits
    assert not broken, f"{len(broken)} of {len(mine)}:\n" + "\n".join(broken[:20])
    assert len(everything) >= (20_000 if FULL else len(KINDS) * FEW)


def test_releases_are_of_all_sizes_and_kinds() -> None:
    releases = [made(seed)[0].artifacts for seed in range(40)]
    assert {len({one.package for one in files}) for files in releases} >= {1, 2, 3, 4, 8}
    assert max(len(files) for files in releases) > 12
    assert {one.kind for files in releases for one in files} == set(ArtifactKind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_happens(kind: str) -> None:
    with wired(0, Fault(kind, 5)) as wire:
        wire.run()
        assert wire.requests > 5 or kind == "killed-before"
