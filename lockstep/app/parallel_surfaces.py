"""What trees promise, read by as many processes as there are processors where that is much: what a reader makes of one part asks nothing of another.

The others are copies of this process. All take what is next from one list, each part of all trees at once, for most of it is the same in them; a copy
sends what it found as the cache would keep it. What it does not send, whatever became of it, is read here. A share of the parts can be read for another
machine, which is given what was found there.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TypeAlias

from lockstep.app.kept_surfaces import ContentIds, KeptSurfaces
from lockstep.cache import Cache, packed, unpacked
from lockstep.comparison.packages import PackageKey
from lockstep.config import Config
from lockstep.dataclass import dataclass, replace
from lockstep.model import Package
from lockstep.repository.git_trees import GitTree, IndexTree, WorkTree
from lockstep.surface import Surface
from lockstep.surfaces import APART, Part, parts, read_part, release
from lockstep.surfaces.observed_tree import ObservedTree
from lockstep.tree import Tree, below

FEW = 50
"""Files of Rust in a tree; one with less is read in the time that it takes to share the work."""
MOST_PARTS = 10_000
"""As many as the list has room for."""
MOST_PROCESSES = 16
"""Each holds what it reads in memory of its own."""

Found: TypeAlias = dict[tuple[int, int], tuple[Surface, ...]]
"""What was found, by the number of the part and of the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A tree to read, what is in it, and its configuration; `watched` is the same tree, and shows how far the reading is.

    Of the packages that are `unasked` for nobody wants to know what they promise.
    """

    tree: WorkTree | IndexTree | GitTree
    watched: Tree
    packages: tuple[Package, ...]
    config: Config
    unasked: frozenset[PackageKey] = frozenset()

    def parts(self) -> Iterator[Part]:
        """Give what there is to read."""
        return (one for one in parts(self.packages) if one.reader not in APART or not all((each.ecosystem, each.name) in self.unasked for each in one.packages))


def read(readings: Sequence[Reading], kept: KeptSurfaces | None = None, given: Found | None = None) -> list[list[Surface]]:
    """Read everything that trees promise, of each in the order in which a review shows it; what was `kept` of the same sources, or is `given`, is not read."""
    work = _Work(readings, kept)
    found = _without_garbage(lambda: _read(work, given or {}))
    return [[surface for number in numbers for surface in found[number, at]] for at, numbers in enumerate(work.order)]


def read_share(readings: Sequence[Reading], kept: KeptSurfaces | None, number: int, count: int) -> Found:
    """Read a share of what trees promise: that of `number`, from 1, of `count` shares of about the same size. It is the same one wherever the trees are."""
    work = _Work(readings, kept)
    weights = {one: _weight(work.desks, work.wanted[one]) for one in range(len(work.wanted))}
    loads, mine = [0] * count, set[int]()
    for one in sorted(weights, key=lambda one: (-weights[one], one)):
        least = loads.index(min(loads))
        loads[least] += weights[one] + 1
        if least == number - 1:
            mine.add(one)
    work.wanted = [wanted if one in mine else [None] * len(wanted) for one, wanted in enumerate(work.wanted)]
    return _without_garbage(lambda: _read(work, {}))


def _without_garbage(run: Callable[[], Found]) -> Found:
    """Do what makes much and drops little: to look for garbage in it, after each part, costs more than a part."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return run()
    finally:
        if collects:
            gc.freeze()  # what was made stays to the end: to look for garbage in all of it at once costs a tenth of the run
            gc.enable()


class _Work:
    """What is to be read: `wanted` are the parts of each name, one a tree, and `order` says for each tree in which order a review shows them."""

    def __init__(self, readings: Sequence[Reading], kept: KeptSurfaces | None) -> None:
        each = [_named(one.parts()) for one in readings]
        keys = {key: number for number, key in enumerate(dict.fromkeys(key for known in each for key in known))}
        self.wanted: list[list[Part | None]] = [[known.get(key) for known in each] for key in keys]
        self.order = [[keys[key] for key in known] for known in each]
        self.desks = [_Desk(reading=one, ids=ContentIds(one.tree), kept=kept or KeptSurfaces(Cache(None))) for one in readings]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """A tree to read, the ids of its contents, and what is kept of such trees."""

    reading: Reading
    ids: ContentIds
    kept: KeptSurfaces

    def known(self, part: Part, *, anew: bool = False) -> tuple[Surface, ...] | None:
        return self.kept.read(part, self.ids, anew=anew)

    def read(self, part: Part) -> tuple[Surface, ...]:
        """Read a part, and keep it; another tree may have been read meanwhile that holds the same."""
        if (known := self.known(part)) is not None:
            return known
        seen = ObservedTree(self.reading.watched)
        found = read_part(seen, part, self.reading.config)
        lacks = isinstance(self.reading.tree, GitTree) and self.reading.tree.lacks
        return found if lacks else self.kept.keep(part, self.ids, seen, found)


def _read(work: _Work, given: Found) -> Found:
    each = [(number, at, part) for number, wanted in enumerate(work.wanted) for at, part in enumerate(wanted) if part is not None]
    desks, found = work.desks, dict(given)
    found |= {(number, at): known for number, at, part in each if (number, at) not in found and (known := desks[at].known(part)) is not None}
    left = [[part if (number, at) not in found else None for at, part in enumerate(wanted)] for number, wanted in enumerate(work.wanted)]
    order = [number for number, wanted in enumerate(left) if any(wanted)]
    shared = (
        len(left) <= MOST_PARTS and any(part.reader in APART for number in order for part in left[number] if part) and _is_much([one.reading for one in desks])
    )
    if shared:
        found |= _shared(desks, left, sorted(order, key=lambda number: -_weight(desks, left[number])))
    readers = _Readers([part.reader for _, _, part in each])
    for place, (number, at, part) in enumerate(each):
        if (number, at) not in found:
            readers.reach(place)
            known = desks[at].known(part, anew=True) if shared else None
            found[number, at] = desks[at].read(part) if known is None else known
    return found


class _Readers:
    """Who reads what is in a list, one after the other: whoever has nothing more to read lets go of what they have kept."""

    def __init__(self, order: Sequence[str]) -> None:
        self._last = {reader: place for place, reader in enumerate(order)}
        self._active = set[str]()
        self._order = order

    def reach(self, place: int) -> None:
        """Come to what is in a place of the list: what is before it is read, or another process reads it."""
        for reader in [one for one in self._active if self._last[one] < place]:
            self._active.discard(reader)
            release(reader)
        self._active.add(self._order[place])


def _named(found: Iterable[Part]) -> dict[tuple[object, ...], Part]:
    """Give parts by what they are called in other trees; those of the same name are told apart by their order."""
    named: dict[tuple[object, ...], Part] = {}
    seen = Counter[tuple[str, ...]]()
    for part in found:
        named[*part.key, seen[part.key]] = part
        seen[part.key] += 1
    return named


def _is_much(readings: Sequence[Reading]) -> bool:
    """Say whether to share the work, and whether that can be: nothing else runs here, and no git answers that both would ask."""
    return (
        hasattr(os, "fork")
        and hasattr(os, "sched_getaffinity")
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
        and not any(one.tree.asks_git for one in readings)
        and any(len(one.tree.paths("**/*.rs")) >= FEW for one in readings)
    )


def _weight(desks: Sequence[_Desk], wanted: Sequence[Part | None]) -> int:
    """Estimate what a part takes, so that what takes longest does not begin last: a crate that passes others on names them in its manifest."""
    at, part = next((at, part) for at, part in enumerate(wanted) if part is not None)
    if part.reader not in APART:
        return 0
    (package,) = part.packages
    tree = desks[at].reading.tree
    if part.reader == "python":  # one that is compiled has few files, and many that it is made of
        return 300 + 5 * len(below(tree.paths("**/*.py"), package.root))
    named = tree.read(package.manifest).count("path =") if package.manifest.endswith("Cargo.toml") and tree.has(package.manifest) else 0
    return len(below(tree.paths("**/*.rs"), package.root)) + 20 * named


def _shared(desks: Sequence[_Desk], work: Sequence[Sequence[Part | None]], order: Sequence[int]) -> Found:
    """Read what is in a list together with copies of this process."""
    queue, list_ = socket.socketpair()
    copies: list[tuple[int, socket.socket]] = []
    sent = []
    with queue:
        with list_:
            list_.sendall(b"".join(number.to_bytes(2, "big") for number in order))
        try:
            with suppress(OSError):  # as many as there may be
                while len(copies) < min(len(os.sched_getaffinity(0)), MOST_PROCESSES, len(order)) - 1:
                    copies.append(_copied(desks, work, queue, order))
            found = _take(desks, work, queue, order)
            for _, one in copies:
                with one:
                    sent.append(b"".join(iter(lambda one=one: one.recv(2**20), b"")))  # type: ignore[misc]  # a default that binds
        finally:
            for copy, one in copies:
                one.close()
                with suppress(ProcessLookupError):
                    os.kill(copy, signal.SIGKILL)
                os.waitpid(copy, 0)
    return found | {(number, at): surfaces for one in sent for number, at, surfaces in unpacked(one, Sent) or ()}


def _copied(desks: Sequence[_Desk], work: Sequence[Sequence[Part | None]], queue: socket.socket, order: Sequence[int]) -> tuple[int, socket.socket]:
    """Make a copy of this process that reads what is in the list; give its number, and where it sends what it found, and the other does not find kept."""
    here, there = socket.socketpair()
    copy = os.fork()
    if copy == 0:
        try:
            here.close()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            found = _take([_unwatched(one) for one in desks], work, queue, order, lambda key: not _is_kept(desks, work, key))
            if not any(isinstance(one.reading.tree, GitTree) and one.reading.tree.lacks for one in desks):  # it is told by the tree that is here
                there.sendall(packed([(*key, surfaces) for key, surfaces in found.items()], Sent).encode())
            there.close()
        finally:
            os._exit(0)  # nothing of the copy is left to say or to do, whatever happened
    there.close()
    return copy, here


Sent: TypeAlias = tuple[tuple[int, int, tuple[Surface, ...]], ...]


def _unwatched(desk: _Desk) -> _Desk:
    """Give a desk whose reading nobody sees."""
    return replace(desk, reading=replace(desk.reading, watched=desk.reading.tree))


def _is_kept(desks: Sequence[_Desk], work: Sequence[Sequence[Part | None]], key: tuple[int, int]) -> bool:
    """Say whether the other process finds a part where this one has kept it."""
    number, at = key
    part = work[number][at]
    return part is not None and desks[at].kept.is_on_disk(part, desks[at].ids)


def _take(
    desks: Sequence[_Desk],
    work: Sequence[Sequence[Part | None]],
    queue: socket.socket,
    order: Sequence[int],
    wanted: Callable[[tuple[int, int]], bool] | None = None,
) -> Found:
    """Read what is next in the list, until nothing is left: two bytes are taken at once, or none. What is not `wanted` is not held once it is read."""
    found: Found = {}
    places = {number: place for place, number in enumerate(order)}
    readers = _Readers([next(part.reader for part in work[number] if part is not None) for number in order])
    while taken := queue.recv(2, socket.MSG_WAITALL):
        number = int.from_bytes(taken, "big")
        readers.reach(places[number])
        now = {(number, at): desks[at].read(part) for at, part in enumerate(work[number]) if part is not None}
        found |= {key: surfaces for key, surfaces in now.items() if wanted is None or wanted(key)}
        if wanted is not None:
            for desk in desks:
                desk.kept.forget()
    return found
