"""What `git rev-parse`, `git ls-tree` and `git cat-file` would say of an ordinary repository, read from its files: loose objects, packs, refs.

Ordinary is what `gitfiles` says it is, without alternates. Whatever is not found here, or is not what it should be, is None, and git itself is asked.
As there, replaced objects and grafts do not count.

Source: gitformat-pack(5), gitrepository-layout(5), gitrevisions(7), git-check-ref-format(1)
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from typing import TypeAlias

from lockstep.pattern import pattern

LARGEST = 2**28
"""Bytes of the largest object that is read here."""
MOST_ENTRIES = 500_000
"""Files of the largest tree that is listed here."""
DEEPEST = 200
"""Folders in folders, tags of tags."""
LONGEST_CHAIN = 5_000
"""Deltas that one object may be made of."""
MOST_KEPT = 2**24
"""Bytes of the bases of deltas that are kept."""

Object: TypeAlias = tuple[str, bytes]
"""An object's kind and its content."""
Entries: TypeAlias = dict[str, tuple[str, str]]
"""Mode and object id by path."""

_KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_BY_OFFSET, _BY_ID = 6, 7
_FAULTS = (OSError, ValueError, IndexError, struct.error, zlib.error)


@lru_cache(maxsize=8)
def store(git_dir: str) -> Store | None:
    """Give the objects of an ordinary repository; None when git has to say."""
    return None if os.name != "posix" or os.path.lexists(f"{git_dir}/objects/info/alternates") else Store(git_dir)


class Store:
    """The objects of a repository."""

    def __init__(self, git_dir: str) -> None:
        self._git_dir = git_dir
        self._packs: list[_Pack] | None = None
        self._trees: dict[str, list[tuple[str, str, str]]] = {}

    def read(self, oid: str, most: int = LARGEST) -> Object | None:
        """Give an object; None when it is not found here, or has more than `most` bytes."""
        try:
            found = self._packed(bytes.fromhex(oid), most) or self._loose(oid, most)
        except _FAULTS:
            return None
        return found if found is not None and len(found[1]) <= most else None

    def _packed(self, oid: bytes, most: int) -> Object | None:
        if self._packs is None:
            self._packs = list(_packs(f"{self._git_dir}/objects/pack"))
        for number, pack in enumerate(self._packs):
            if (at := pack.find(oid)) is not None:
                if number:  # what follows stands here, too
                    self._packs.insert(0, self._packs.pop(number))
                return pack.read(at, most)
        return None

    def _loose(self, oid: str, most: int) -> Object | None:
        data = _file(f"{self._git_dir}/objects/{oid[:2]}/{oid[2:]}")
        if data is None:
            return None
        unpacked = zlib.decompressobj()
        head, zero, rest = unpacked.decompress(data, 64).partition(b"\0")
        kind, _, size = head.decode("ascii").partition(" ")
        if not zero or kind not in _KINDS.values() or int(size) > most:
            return None
        content = rest + unpacked.decompress(unpacked.unconsumed_tail, int(size) + 1)
        return (kind, content) if len(content) == int(size) else None

    # ---- what is made of objects

    def peeled(self, oid: str, wanted: str) -> str | None:
        """Give the id of the commit or the tree that an id stands for: its own, or that of what it points to."""
        for _ in range(DEEPEST):
            found = self.read(oid)
            if found is None:
                return None
            kind, content = found
            if kind == wanted:
                return oid
            line = content.partition(b"\n")[0].decode("latin-1")
            named = {"tag": "object ", "commit": "tree "}.get(kind, "\n")
            if not line.startswith(named) or _ID.fullmatch(line[len(named) :]) is None or (kind == "commit" and wanted != "tree"):
                return None
            oid = line[len(named) :]
        return None

    def files(self, tree: str) -> Entries | None:
        """Give mode and object id of all that is below a tree, by path, in git's order."""
        found: Entries = {}
        pending: list[Iterator[tuple[str, str, str]]] = []
        above: list[str] = []
        try:
            pending.append(iter(self._tree(tree)))
            above.append("")
            while pending:
                for mode, name, oid in pending[-1]:
                    if mode == "040000":
                        if len(pending) > DEEPEST:
                            return None
                        pending.append(iter(self._tree(oid)))
                        above.append(f"{above[-1]}{name}/")
                        break
                    found[above[-1] + name] = (mode, oid)
                else:
                    pending.pop()
                    above.pop()
                if len(found) > MOST_ENTRIES:
                    return None
        except (*_FAULTS, LookupError):
            return None
        return found

    def _tree(self, oid: str) -> list[tuple[str, str, str]]:
        """Give mode, name and object id of what stands in a tree.

        Raises: LookupError when there is no such tree.
        """
        known = self._trees.get(oid)
        if known is None:
            kind, content = self.read(oid) or ("", b"")
            if kind != "tree":
                raise LookupError(oid)
            known = self._trees[oid] = []
            at = 0
            while at < len(content):
                space = content.index(b" ", at)
                end = content.index(b"\0", space)
                known.append((content[at:space].decode("ascii").zfill(6), os.fsdecode(content[space + 1 : end]), content[end + 1 : end + 21].hex()))
                at = end + 21
            if at != len(content):
                raise LookupError(oid)
        return known

    def named(self, spec: str) -> str | None:
        """Give the id of what `REF:PATH` or `REF^1:PATH` names; None for what is more, or is not found here."""
        ref, colon, path = spec.partition(":")
        try:
            commit = self.commit(ref.removesuffix("^1")) if colon else None
            if commit is not None and ref.endswith("^1"):
                found = _PARENT.match((self.read(commit) or ("", b""))[1])
                commit = found[1].decode("ascii") if found else None
            oid = self.peeled(commit, "tree") if commit is not None else None
            for name in path.split("/"):
                oid = next((inner for _, one, inner in self._tree(oid) if one == name), None) if oid is not None else None
        except (*_FAULTS, LookupError):
            return None
        return oid

    # ---- refs

    def commit(self, ref: str) -> str | None:
        """Give the id of the commit that a ref names; None for what is more than a name, or is no ref."""
        if _ID.fullmatch(ref):
            return self.peeled(ref, "commit")
        if ref != "HEAD" and (_NAME.fullmatch(ref) is None or ref.endswith((".lock", ".")) or ".." in ref):
            return None
        try:
            if ref == "HEAD" or ref.startswith("refs/"):
                oid = self._ref(ref)
            elif os.path.lexists(f"{self._git_dir}/{ref}"):
                return None
            else:
                names = (f"refs/{ref}", f"refs/tags/{ref}", f"refs/heads/{ref}", f"refs/remotes/{ref}")
                oid = next((oid for name in names if (oid := self._ref(name)) is not None), None)
        except _FAULTS:
            return None
        return self.peeled(oid, "commit") if oid is not None else None

    def _ref(self, name: str) -> str | None:
        """Give the id that a ref holds, None when there is no such ref.

        Raises: OSError or ValueError when it is not what it should be.
        """
        for _ in range(5):
            path = f"{self._git_dir}/{name}"
            data = None if os.path.isdir(path) else _file(path, 4096)
            if data is None:
                return self._packed_ref(name)
            text = data.decode("latin-1").rstrip()
            if _ID.fullmatch(text):
                return text
            name = text.removeprefix("ref: ")
            if name == text or not name.startswith("refs/") or _NAME.fullmatch(name) is None or ".." in name:
                raise ValueError(text)
        raise ValueError(name)

    def _packed_ref(self, name: str) -> str | None:
        data = b"\n" + (_file(f"{self._git_dir}/packed-refs") or b"")
        at = data.find(f" {name}\n".encode())
        if at < 0:
            return None
        text = data[max(at - 41, 0) : at].decode("latin-1")
        if not text.startswith("\n") or _ID.fullmatch(text[1:]) is None:
            raise ValueError(text)
        return text[1:]


_ID = pattern(r"[0-9a-f]{40}")
_PARENT = re.compile(rb"tree [0-9a-f]{40}\nparent ([0-9a-f]{40})\n")
_NAME = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9_.+-]|/(?=[A-Za-z0-9]))*")


def _file(path: str, most: int = LARGEST) -> bytes | None:
    """Read a regular file; None when there is none.

    Raises: OSError when it is something else, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise OSError(path)
        return file.read()


# ---- packs


def _packs(folder: str) -> Iterator[_Pack]:
    """Give the packs, the newest first, as git does.

    Raises: OSError when one is not what it should be.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(((one.stat(follow_symlinks=False).st_mtime, one.path) for one in entries if one.name.endswith(".idx")), reverse=True)
    except FileNotFoundError:
        return
    for _, path in found:
        yield _Pack(path.removesuffix(".idx"))


def _mapped(path: str) -> mmap:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(path)
        return mmap(descriptor, 0, access=ACCESS_READ)
    finally:
        os.close(descriptor)


class _Pack:
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
        """Give the object at a place; None when it is too large, or its base is not here.

        Raises: IndexError, ValueError or zlib.error when it is not what it should be.
        """
        deltas: list[tuple[int, bytes]] = []
        while (found := self._kept.get(at)) is None:
            kind, size, start = self._head(at)
            if size > most or len(deltas) > LONGEST_CHAIN:
                return None
            if kind in _KINDS:
                found = (_KINDS[kind], self._inflated(start, size))
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
            content = _patched(found[1], delta, most)
            if content is None:
                return None
            found = (found[0], content)
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
        at += 1
        value = (value + 1 << 7) | (data[at] & 0x7F)
    return value, at + 1


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def _patched(base: bytes, delta: bytes, most: int) -> bytes | None:
    """Apply a delta: each instruction copies a part of the base, or brings bytes of its own; None when the result has more than `most` bytes.

    Raises: IndexError or ValueError when it does not fit its base.
    """
    before, at = _number(delta, 0)
    after, at = _number(delta, at)
    if after > most:
        return None
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
