"""The contents of a repository's objects, from its own files or from one `git cat-file` that answers as long as it is asked."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from lockstep.errors import RepositoryError
from lockstep.repository.repository import Repository

if TYPE_CHECKING:
    import subprocess

LARGEST_FILE = 256 * 2**20
"""Bytes; a file above this is refused rather than read."""


class ObjectReader:
    """Reads objects: where the repository's files do not tell, one `git cat-file --batch` answers as long as it is asked."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, spec: str, kind: str = "blob") -> bytes | None:
        """Give the content of an object named by id or as `ref:path`; None when there is none of this kind.

        Raises: RepositoryError when it is too large.
        """
        if "\n" in spec:
            return None
        store = self._repository.store()
        oid = spec if len(spec) == 40 or store is None else store.named(spec)
        if store is not None and oid is not None and (known := store.read(oid, LARGEST_FILE)) is not None:
            return known[1] if known[0] == kind else None
        if self._process is None:
            import subprocess  # noqa: PLC0415 - a check of an ordinary work tree needs no process

            from lockstep.repository.git_plumbing import SAFE, environment, program  # noqa: PLC0415 - likewise

            root = self._repository.root or self._repository.git_dir
            self._process = subprocess.Popen(  # noqa: S603 - the program is git, the arguments are ours
                [program(root), *SAFE, "cat-file", "--batch"],
                cwd=root,
                env=environment(root),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        source, sink = _pipes(self._process)
        try:
            sink.write(os.fsencode(spec) + b"\n")
            sink.flush()
            head = source.readline().split()
        except BrokenPipeError:
            head = []
        if not head:  # git ends at an object that a partial clone left out, as nothing may be fetched
            self.close()
            return None
        if len(head) < 3 or head[-1] in (b"missing", b"ambiguous"):
            return None
        size = int(head[2])
        if size > LARGEST_FILE:
            self._process.kill()
            self.close()
            raise RepositoryError(
                f"{spec} has {size // 2**20} MiB; lockstep reads files up to {LARGEST_FILE // 2**20} MiB", help="exclude it, or make it smaller"
            )
        data = source.read(size)
        source.read(1)
        return data if head[1].decode() == kind else None

    @property
    def is_open(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None

    def link(self, oid: str) -> str | None:
        """Give what a symbolic link says; None for a submodule, whose commit is not here."""
        data = self.read(oid)
        return os.fsdecode(data) if data is not None and b"\0" not in data else None

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            source, sink = _pipes(self._process)
            with suppress(BrokenPipeError):  # what was asked of a process that has ended
                sink.close()
            source.close()
            self._process.wait()
            self._process = None

    def __del__(self) -> None:
        self.close()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdout is not None
    assert process.stdin is not None
    return process.stdout, process.stdin


class ContentCache:
    """Contents of objects, by id: what is the same in two commits is read once. The oldest go when there are too many."""

    MOST_BYTES = 64 * 2**20

    def __init__(self) -> None:
        self._data: dict[tuple[str, str], bytes] = {}
        self._size = 0

    def get(self, key: tuple[str, str]) -> bytes | None:
        """Give a content that is kept."""
        return self._data.get(key)

    def keep(self, key: tuple[str, str], data: bytes) -> None:
        """Keep a content."""
        if key not in self._data and len(data) <= self.MOST_BYTES // 16:
            self._data[key] = data
            self._size += len(data)
            while self._size > self.MOST_BYTES:
                self._size -= len(self._data.pop(next(iter(self._data))))
