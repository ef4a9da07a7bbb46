"""What trees promise, read by two processes where that is much: what a reader makes of one part asks nothing of another.

The second process is a copy of this one. Both take what is next from one list, each part of all trees at once, for most of it is the same in them;
the copy sends what it found as the cache would keep it. What it does not send, whatever became of it, is read here.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TypeAlias

from lockstep.cache import packed, unpacked
from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.model import Package
from lockstep.repository.git_trees import GitTree, IndexTree, WorkTree
from lockstep.surface import Surface
from lockstep.surfaces import Part, parts, read_part
from lockstep.tree import Tree

FEW = 50
"""Files of Rust in a tree; one with less is read in the time that it takes to share the work."""
MOST_PARTS = 10_000
"""As many as the list has room for."""

Found: TypeAlias = dict[tuple[int, int], tuple[Surface, ...]]
"""What was found, by the number of the part and of the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A tree to read, what is in it, and its configuration; `watched` is the same tree, and shows how far the reading is."""

    tree: WorkTree | IndexTree | GitTree
    watched: Tree
    packages: tuple[Package, ...]
    config: Config


def read(readings: Sequence[Reading]) -> list[list[Surface]]:
    """Read everything that trees promise, of each in the order in which a review shows it."""
    each = [_named(parts(one.packages)) for one in readings]
    keys = list(dict.fromkeys(key for known in each for key in known))
    work = [[known.get(key) for known in each] for key in keys]
    collects = gc.isenabled()
    gc.disable()  # what is made is kept: to look for garbage in it, after each part, costs more than a part
    try:
        found = _read(readings, work)
    finally:
        if collects:
            gc.enable()
    order = {key: number for number, key in enumerate(keys)}
    return [[surface for key in known for surface in found[order[key], at]] for at, known in enumerate(each)]


def _read(readings: Sequence[Reading], work: Sequence[Sequence[Part | None]]) -> Found:
    found: Found = {}
    if _is_much(readings) and len(work) <= MOST_PARTS:
        found = _shared(readings, work, sorted(range(len(work)), key=lambda number: -_weight(readings, work[number])))
    for number, wanted in enumerate(work):
        for at, part in enumerate(wanted):
            if part is not None and (number, at) not in found:
                found[number, at] = read_part(readings[at].watched, part, readings[at].config)
    return found


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


def _weight(readings: Sequence[Reading], wanted: Sequence[Part | None]) -> int:
    """Estimate what a part takes, so that what takes longest does not begin last: a crate that passes others on names them in its manifest."""
    at, part = next((at, part) for at, part in enumerate(wanted) if part is not None)
    if part.reader != "rust":
        return 10**6 if part.reader == "python" else 0
    (package,) = part.packages
    tree = readings[at].tree
    below = f"{package.root}/" if package.root else ""
    named = tree.read(package.manifest).count("path =") if package.manifest.endswith("Cargo.toml") and tree.has(package.manifest) else 0
    return sum(path.startswith(below) for path in tree.paths("**/*.rs")) + 20 * named


def _shared(readings: Sequence[Reading], work: Sequence[Sequence[Part | None]], order: Sequence[int]) -> Found:
    """Read what is in a list together with a copy of this process."""
    here, there = socket.socketpair()
    queue, list_ = socket.socketpair()
    with queue:
        with list_:
            list_.sendall(b"".join(number.to_bytes(2, "big") for number in order))
        copy = os.fork()
        if copy == 0:
            try:
                here.close()
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                found = _take([(one.tree, one.config) for one in readings], work, queue)
                if not any(isinstance(one.tree, GitTree) and one.tree.lacks for one in readings):  # it is told by the tree that is here
                    there.sendall(packed([(*key, surfaces) for key, surfaces in found.items()], Sent).encode())
                there.close()
            finally:
                os._exit(0)  # nothing of the copy is left to say or to do, whatever happened
        there.close()
        try:
            found = _take([(one.watched, one.config) for one in readings], work, queue)
            with here:
                sent = b"".join(iter(lambda: here.recv(2**20), b""))
        finally:
            with suppress(ProcessLookupError):
                os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
    return found | {(number, at): surfaces for number, at, surfaces in unpacked(sent, Sent) or ()}


Sent: TypeAlias = tuple[tuple[int, int, tuple[Surface, ...]], ...]


def _take(trees: Sequence[tuple[Tree, Config]], work: Sequence[Sequence[Part | None]], queue: socket.socket) -> Found:
    """Read what is next in the list, until nothing is left: two bytes are taken at once, or none."""
    found: Found = {}
    while taken := queue.recv(2, socket.MSG_WAITALL):
        number = int.from_bytes(taken, "big")
        for at, part in enumerate(work[number]):
            if part is not None:
                tree, config = trees[at]
                found[number, at] = read_part(tree, part, config)
    return found
