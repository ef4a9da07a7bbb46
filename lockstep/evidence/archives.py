"""The members of an archive, read where they stand: nothing is extracted, no link is followed, and everything has a bound.

A zip or a tar can claim any size, hold any number of members, and name any path; what exceeds a bound, or cannot be read to its end, is an error.

Sources: https://packaging.python.org/en/latest/specifications/binary-distribution-format/, https://doc.rust-lang.org/cargo/commands/cargo-package.html
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError
from lockstep.release.built_file import FileMember

MOST_MEMBERS = 100_000
LARGEST_ARCHIVE = 2 * 2**30
"""Bytes of the largest file that is opened."""
MOST_UNPACKED = 4 * 2**30
"""Bytes that all members of one archive may have together."""
LARGEST_TEXT = 16 * 2**20
"""Bytes of the largest member that is read as a text."""
_CHUNK = 2**20
_BROKEN = (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile, tarfile.TarError, NotImplementedError, RuntimeError)


class ArchiveError(LockstepError):
    """An archive that cannot be read, or must not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive that was read to its end: its file's name, size and digests, its members in their order, and the texts that were wanted."""

    name: str
    size: int
    sha256: str
    sha512: bytes
    members: tuple[FileMember, ...]
    texts: dict[str, bytes]


def read_archive(path: str, name: str, wanted: tuple[str, ...]) -> Archive:
    """Read an archive to its end; the content of members whose path ends in one of `wanted` is kept.

    Raises: ArchiveError when it cannot be read whole, or exceeds a bound.
    """
    try:
        with open(path, "rb") as file:
            return read_archive_in(file, path, name, wanted)
    except OSError as error:
        raise ArchiveError(f"this archive cannot be read to its end: {_said(error)}", path=path, help="build it again") from None


def read_archive_in(file: IO[bytes], path: str, name: str, wanted: tuple[str, ...]) -> Archive:
    """Read an archive that is open, as `read_archive` does; `path` names it in messages.

    Raises: ArchiveError.
    """
    try:
        size, sha256, sha512 = _digests(file, path)
        file.seek(0)
        found, texts = _read(file, name, path, wanted)
    except _BROKEN as error:
        raise ArchiveError(f"this archive cannot be read to its end: {_said(error)}", path=path, help="build it again") from None
    return Archive(name=name, size=size, sha256=sha256, sha512=sha512, members=tuple(found), texts=texts)


def _said(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def _digests(file: IO[bytes], path: str) -> tuple[int, str, bytes]:
    one, other, size = hashlib.sha256(), hashlib.sha512(), 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST_ARCHIVE:
            raise ArchiveError(f"it is larger than {LARGEST_ARCHIVE // 2**30} GiB", path=path)
        one.update(chunk)
        other.update(chunk)
    return size, one.hexdigest(), other.digest()


def _read(file: IO[bytes], name: str, path: str, wanted: tuple[str, ...]) -> tuple[list[FileMember], dict[str, bytes]]:
    found: list[FileMember] = []
    texts: dict[str, bytes] = {}
    total = 0
    with _opened(file, name) as members:
        for member, content in members:
            if len(found) >= MOST_MEMBERS:
                raise ArchiveError(f"it has more than {MOST_MEMBERS} members", path=path)
            if content is None:
                found.append(member)
                continue
            keep = member.path.endswith(wanted)
            digest, size, kept = hashlib.sha256(), 0, bytearray()
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                total += len(chunk)
                if total > MOST_UNPACKED:
                    raise ArchiveError(f"its members are larger than {MOST_UNPACKED // 2**30} GiB", path=path)
                digest.update(chunk)
                if keep:
                    kept += chunk
                    if size > LARGEST_TEXT:
                        raise ArchiveError(f"{member.path} is larger than {LARGEST_TEXT // 2**20} MiB", path=path)
            if size != member.size:
                raise ArchiveError(f"{member.path} says that it has {member.size} bytes, and has {size}", path=path)
            found.append(FileMember(path=member.path, size=size, kind="file", sha256=digest.hexdigest()))
            if keep:
                texts.setdefault(member.path, bytes(kept))
    return found, texts


@contextmanager
def _opened(file: IO[bytes], name: str) -> Iterator[Iterator[tuple[FileMember, IO[bytes] | None]]]:
    if name.endswith((".whl", ".zip")):
        with zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise ArchiveError(f"it has more than {MOST_MEMBERS} members", path=name)
            yield _of_zip(archive)
    else:
        with gzip.GzipFile(fileobj=file) as unpacked:
            stream = _Bounded(unpacked, name)
            with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as archive:
                yield _of_tar(archive)
            while stream.read(_CHUNK):  # what was cut shows at the end, by the checksum that stands there
                pass


class _Bounded:
    """A stream of which only so much is read: a tar of nothing but headers, or of empty blocks, has no other bound."""

    def __init__(self, stream: gzip.GzipFile, name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = MOST_UNPACKED + MOST_MEMBERS * 2048

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveError(f"it is larger than {MOST_UNPACKED // 2**30} GiB", path=self._name)
        return data


def _of_zip(archive: zipfile.ZipFile) -> Iterator[tuple[FileMember, IO[bytes] | None]]:
    for one in archive.infolist():
        mode = one.external_attr >> 16
        if one.is_dir():
            yield FileMember(path=one.filename, size=0, kind="folder"), None
        elif mode & 0o170000 == 0o120000:
            yield FileMember(path=one.filename, size=one.file_size, kind="link"), None
        elif mode & 0o170000 not in (0, 0o100000) or one.flag_bits & 1:
            yield FileMember(path=one.filename, size=one.file_size, kind="other"), None
        else:
            with archive.open(one) as content:
                yield FileMember(path=one.filename, size=one.file_size, kind="file"), content


def _of_tar(archive: tarfile.TarFile) -> Iterator[tuple[FileMember, IO[bytes] | None]]:
    for one in archive:
        if one.isfile():
            yield FileMember(path=one.name, size=one.size, kind="file"), archive.extractfile(one)
        else:
            kind = "folder" if one.isdir() else "link" if one.issym() or one.islnk() else "other"
            yield FileMember(path=one.name, size=one.size, kind=kind), None
