"""What `git rev-parse`, `git ls-tree` and `git cat-file` would say of an ordinary repository, read from its files: loose objects, packs, refs.

Ordinary is what `git_files` says it is, without alternates. Whatever is not found here, or is not what it should be, is None, and git itself is asked.
As there, replaced objects and grafts do not count.

Source: gitrepository-layout(5), gitrevisions(7), git-check-ref-format(1)
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from lockstep.pattern import pattern
from lockstep.repository.git_packs import KINDS, Object, OversizeError, Pack, packs

LARGEST = 2**28
"""Bytes of the largest object that is read here."""
MOST_ENTRIES = 500_000
"""Files of the largest tree that is listed here."""
DEEPEST = 200
"""Folders in folders, tags of tags."""
Entries: TypeAlias = dict[str, tuple[str, str]]
"""Mode and object id by path."""
_FOLDER = "040000"
"""The mode of a tree in a tree."""
_FAULTS = (OSError, ValueError, IndexError, struct.error, zlib.error)
_ID = pattern(r"[0-9a-f]{40}")
_PARENT = re.compile(rb"tree [0-9a-f]{40}\nparent ([0-9a-f]{40})\n")
_NAME = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9_.+-]|/(?=[A-Za-z0-9]))*")


@lru_cache(maxsize=8)
def store(git_dir: str) -> Store | None:
    """Give the objects of an ordinary repository; None when git has to say."""
    return None if os.name != "posix" or os.path.lexists(f"{git_dir}/objects/info/alternates") else Store(git_dir)


class Store:
    """The objects of a repository."""

    def __init__(self, git_dir: str) -> None:
        self._git_dir = git_dir
        self._packs: list[Pack] | None = None
        self._trees: dict[str, list[tuple[str, str, str]]] = {}

    def read(self, oid: str, most: int = LARGEST) -> Object | None:
        """Give an object; None when it is not found here, or has more than `most` bytes."""
        try:
            return self.read_whole(oid, most)
        except OversizeError:
            return None

    def read_whole(self, oid: str, most: int) -> Object | None:
        """Give an object; None when it is not found here.

        Raises: OversizeError when it, or what it is made of, has more than `most` bytes.
        """
        try:
            found = self._packed(bytes.fromhex(oid), most) or self._loose(oid, most)
        except _FAULTS:
            return None
        if found is not None and len(found[1]) > most:
            raise OversizeError(len(found[1]))
        return found

    def _packed(self, oid: bytes, most: int) -> Object | None:
        if self._packs is None:
            self._packs = list(packs(f"{self._git_dir}/objects/pack"))
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
        if not zero or kind not in KINDS.values():
            return None
        if int(size) > most:
            raise OversizeError(int(size))
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
                    if mode == _FOLDER:
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
                commit = self.first_parent(commit)
            oid = self.peeled(commit, "tree") if commit is not None else None
            for name in path.split("/"):
                oid = next((inner for _, one, inner in self._tree(oid) if one == name), None) if oid is not None else None
        except (*_FAULTS, LookupError):
            return None
        return oid

    def first_parent(self, commit: str) -> str | None:
        """Give the id of a commit's first parent; None when it has none, or is not found here."""
        found = _PARENT.match((self.read(commit) or ("", b""))[1])
        return found[1].decode("ascii") if found else None

    def changed(self, old: str, new: str) -> Iterator[tuple[str, str, str]]:
        """Give path and both object ids of the regular files that both of two trees have, and that differ.

        Raises: LookupError when a tree is not found here.
        """
        pending = [("", old, new)]
        try:
            while pending:
                above, one, other = pending.pop()
                if above.count("/") > DEEPEST:
                    raise LookupError(above)
                before = {name: (mode, oid) for mode, name, oid in self._tree(one)}
                folders = []
                for mode, name, oid in self._tree(other):
                    then, was = before.get(name, ("", ""))
                    if was == oid or not was:
                        continue
                    if mode == then == _FOLDER:
                        folders.append((f"{above}{name}/", was, oid))
                    elif _FOLDER not in (mode, then) and mode.startswith("100") and then.startswith("100"):
                        yield f"{above}{name}", was, oid
                pending += reversed(folders)
        except _FAULTS:
            raise LookupError(old) from None

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
