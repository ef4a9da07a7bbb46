"""The packs of a repository: objects by id, made whole from their deltas.

Source: gitformat-pack(5)
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from typing import TypeAlias

LONGEST_CHAIN = 5_000
"""Deltas that one object may be made of."""
MOST_KEPT = 2**24
"""Bytes of the bases of deltas that are kept."""
Object: TypeAlias = tuple[str, bytes]
"""An object's kind and its content."""
KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_BY_OFFSET, _BY_ID = 6, 7
_MOST_BITS = 63
"""Of a size: one that has more is none, and reading it would take as long as it likes."""


class OversizeError(Exception):
    """An object has more bytes than are read, or is `made_of` something that has: git would hold all of that at once."""

    def __init__(self, size: int, *, made_of: bool = False) -> None:
        super().__init__(size)
        self.size = size
        self.made_of = made_of


def packs(folder: str) -> Iterator[Pack]:
    """Give the packs, the newest first, as git does.

    Raises: OSError when one is not what it should be.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(((one.stat(follow_symlinks=False).st_mtime, one.path) for one in entries if one.name.endswith(".idx")), reverse=True)
    except FileNotFoundError:
        return
    for _, path in found:
        yield Pack(path.removesuffix(".idx"))


def _mapped(path: str) -> mmap:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(path)
        return mmap(descriptor, 0, access=ACCESS_READ)
    finally:
        os.close(descriptor)


class Pack:
    """One pack and its index of version 2."""

    def __init__(self, path: str) -> None:
        self._index, self._data = _mapped(f"{path}.idx"), _mapped(f"{path}.pack")
        if self._index[:8] != b"\xfftOc\0\0\0\2" or self._data[:4] != b"PACK":
            raise ValueError(path)
        self._counts = struct.unpack_from(">256I", self._index, 8)
        self._total = self._counts[255]
        self._offsets = 1032 + 24 * self._total
        self._kept: OrderedDict[int, Object] = OrderedDict()
        self._size = 0

    def find(self, oid: bytes) -> int | None:
        """Give where an object stands in the pack."""
        low, high = self._counts[oid[0] - 1] if oid[0] else 0, self._counts[oid[0]]
        while low < high:
            middle = (low + high) // 2
            at = 1032 + 20 * middle
            here = self._index[at : at + 20]
            if here == oid:
                (offset,) = struct.unpack_from(">I", self._index, self._offsets + 4 * middle)
                if offset & 0x80000000:
                    (offset,) = struct.unpack_from(">Q", self._index, self._offsets + 4 * self._total + 8 * (offset & 0x7FFFFFFF))
                return int(offset)
            if here < oid:
                low = middle + 1
            else:
                high = middle
        return None

    def read(self, at: int, most: int) -> Object | None:
        """Give the object at a place; None when its deltas are too large, or its base is not here.

        Raises: OversizeError when it, or what it is made of, has more than `most` bytes; IndexError, ValueError or zlib.error when it is not what it
        should be.
        """
        deltas: list[tuple[int, bytes]] = []
        held = 0
        while (found := self._kept.get(at)) is None:
            kind, size, start = self._head(at)
            held += size
            if size > most:
                raise OversizeError(size, made_of=bool(deltas) or kind not in KINDS)
            if held > most or len(deltas) > LONGEST_CHAIN:
                return None
            if kind in KINDS:
                found = (KINDS[kind], self._inflated(start, size))
                self._keep(at, found)
                break
            base: int | None
            if kind == _BY_OFFSET:
                back, start = _offset(self._data, start)
                base = at - back
            elif kind == _BY_ID:
                base, start = self.find(self._data[start : start + 20]), start + 20
            else:
                return None
            if base is None or base < 0:
                return None
            deltas.append((at, self._inflated(start, size)))
            at = base
        else:
            self._kept.move_to_end(at)
        while deltas:
            at, delta = deltas.pop()
            try:
                found = (found[0], apply_delta(found[1], delta, most))
            except OversizeError as fault:
                raise OversizeError(fault.size, made_of=bool(deltas)) from None
            self._keep(at, found)
        return found

    def _keep(self, at: int, found: Object) -> None:
        if len(found[1]) > MOST_KEPT // 8:
            return
        self._kept[at] = found
        self._size += len(found[1])
        while self._size > MOST_KEPT:
            self._size -= len(self._kept.popitem(last=False)[1][1])

    def _head(self, at: int) -> tuple[int, int, int]:
        """Give the kind of what stands at a place, its size, and where it starts."""
        data = self._data
        byte = data[at]
        kind, size, shift = byte >> 4 & 7, byte & 15, 4
        while byte & 0x80:
            at += 1
            byte = data[at]
            size |= (byte & 0x7F) << shift
            shift += 7
            if shift > _MOST_BITS:
                raise ValueError(at)
        return kind, size, at + 1

    def _inflated(self, start: int, size: int) -> bytes:
        content = zlib.decompressobj().decompress(self._data[start : start + size + (size >> 8) + 64], size + 1)
        if len(content) != size:
            raise ValueError(start)
        return content


def _offset(data: mmap, at: int) -> tuple[int, int]:
    """Read a number in the manner of git's packs, where each further byte adds one."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        if value > len(data):
            raise ValueError(at)
        at += 1
        value = (value + 1 << 7) | (data[at] & 0x7F)
    return value, at + 1


def _size(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
        if shift > _MOST_BITS:
            raise ValueError(at)


def apply_delta(base: bytes, delta: bytes, most: int) -> bytes:
    """Apply a delta: each instruction copies a part of the base, or brings bytes of its own.

    Raises: OversizeError when the result has more than `most` bytes, IndexError or ValueError when it does not fit its base.
    """
    before, at = _size(delta, 0)
    after, at = _size(delta, at)
    if after > most:
        raise OversizeError(after)
    out: list[bytes] = []
    size, end = 0, len(delta)
    while at < end:
        code = delta[at]
        at += 1
        if code & 0x80:
            start = length = 0
            for bit in range(4):
                if code >> bit & 1:
                    start |= delta[at] << 8 * bit
                    at += 1
            for bit in range(3):
                if code >> bit & 16:
                    length |= delta[at] << 8 * bit
                    at += 1
            length = length or 0x10000
            part = base[start : start + length]
        else:
            length = code
            part = delta[at : at + length]
            at += length
        if not code or len(part) != length or (size := size + length) > after:
            raise ValueError(at)
        out.append(part)
    if before != len(base) or size != after:
        raise ValueError(at)
    return b"".join(out)
