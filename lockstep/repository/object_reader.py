"""The contents of a repository's objects, from its own files or from one `git cat-file` that answers as long as it is asked."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from lockstep.errors import RepositoryError
from lockstep.repository.git_packs import OversizeError
from lockstep.repository.repository import Repository

if TYPE_CHECKING:
    import subprocess
    from threading import Thread

LARGEST_FILE = 64 * 2**20
"""Bytes; a file above this is refused rather than read."""
_MOST_WORDS = 4096
"""Bytes of what git says that are kept."""


class ObjectReader:
    """Reads objects: where the repository's files do not tell, one `git cat-file --batch` answers as long as it is asked."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: _CatFile | None = None

    def read(self, spec: str, kind: str = "blob") -> bytes | None:
        """Give the content of an object named by id or as `ref:path`; None when there is none of this kind.

        Raises: RepositoryError when it is too large, or there and cannot be read.
        """
        if "\n" in spec:
            return None
        store = self._repository.store()
        oid = spec if len(spec) == 40 or store is None else store.named(spec)
        try:
            known = store.read_whole(oid, LARGEST_FILE) if store is not None and oid is not None else None
        except OversizeError as fault:
            raise _too_large(spec, fault.size, made_of=fault.made_of) from None
        if known is not None:
            return known[1] if known[0] == kind else None
        if self._process is None:
            self._process = _CatFile(self._repository.root or self._repository.git_dir)
        try:
            found = self._process.ask(spec)
        except _EndedError as ended:
            self.close()
            if ended.lacks:
                return None
            raise RepositoryError(f"git cannot read {spec}: {ended}", help="git fsck tells what is wrong with the repository") from None
        except RepositoryError:
            self.close()
            raise
        return found[1] if found is not None and found[0] == kind else None

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
            self._process.close()
            self._process = None

    def __del__(self) -> None:
        self.close()


class _EndedError(Exception):
    """git ended where it should have answered; its words say why. It `lacks` what a partial clone left out."""

    @property
    def lacks(self) -> bool:
        """Say whether git would have had to fetch it, as a git before 2.45 tries to."""
        return any(words in str(self) for words in ("from promisor remote", "lazy fetching disabled", "transport '"))


class _CatFile:
    """One `git cat-file --batch`. After each question comes one whose answer is known: what is shorter than it says shows by that."""

    def __init__(self, root: str) -> None:
        import subprocess  # noqa: PLC0415 - a check of an ordinary work tree needs no process
        from threading import Thread  # noqa: PLC0415 - likewise

        from lockstep.repository.git_plumbing import SAFE, environment, program  # noqa: PLC0415 - likewise

        self._process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - the program is git, the arguments are ours
            [program(root), *SAFE, "cat-file", "--batch"],
            cwd=root,
            env=environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._process.stderr is not None
        self._said: list[bytes] = []
        self._listener: Thread = Thread(target=_listen, args=(self._process.stderr, self._said), daemon=True)
        self._listener.start()
        self._nothing = f"?{os.urandom(16).hex()}".encode()
        self._end = self._nothing + b" missing\n"

    def ask(self, spec: str) -> tuple[str, bytes] | None:
        """Give the kind and the content of an object; None when there is none.

        Raises: _EndedError, RepositoryError when it is too large, or not what it says it is.
        """
        source, sink = _pipes(self._process)
        try:
            sink.write(os.fsencode(spec) + b"\n" + self._nothing + b"\n")
            sink.flush()
        except BrokenPipeError:
            raise self._ended() from None
        line = source.readline()
        head = line.split()
        if not line.endswith(b"\n"):
            raise self._ended()
        if len(head) < 3 or head[-1] in (b"missing", b"ambiguous"):
            if source.readline() != self._end:
                raise self._ended()
            return None
        size = int(head[2])
        if size > LARGEST_FILE:
            raise _too_large(spec, size)
        data, whole = bytearray(), size + 1 + len(self._end)
        while len(data) < whole and not data.endswith(self._end):
            part = source.read1(whole - len(data))  # type: ignore[attr-defined]  # typeshed knows the pipe as IO alone
            if not part:
                raise self._ended()
            data += part
        if data[size:] != b"\n" + self._end:
            raise RepositoryError(f"{spec} is not as long as it says it is", help="git fsck tells what is wrong with the repository")
        del data[size:]
        return head[1].decode(), bytes(data)

    def close(self) -> None:
        """End it."""
        source, sink = _pipes(self._process)
        with suppress(BrokenPipeError):
            sink.close()
        source.close()
        self._process.kill()
        self._process.wait()

    def _ended(self) -> _EndedError:
        self._process.kill()
        self._listener.join(1)
        words = b"".join(self._said).decode(errors="replace").replace("fatal: ", "").replace("error: ", "")
        return _EndedError("; ".join(line for line in words.splitlines() if line.strip() and not line.startswith("hint:")) or "it ended without a word")


def _too_large(spec: str, size: int, *, made_of: bool = False) -> RepositoryError:
    has, most = "is made of" if made_of else "has", LARGEST_FILE // 2**20
    return RepositoryError(f"{spec} {has} {size // 2**20} MiB; lockstep reads files up to {most} MiB", help="exclude it, or make it smaller")


def _listen(source: IO[bytes], said: list[bytes]) -> None:
    """Keep the last words of what git says, so that it does not wait. No lock is held meanwhile, which the end of Python would wait for."""
    with source:
        while part := os.read(source.fileno(), 2**16):
            said[:] = [b"".join((*said, part))[-_MOST_WORDS:]]


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
