"""The members of an archive, read where they stand: nothing is extracted, no link is followed, and everything has a bound.

A zip or a tar can claim any size, hold any number of members, and name any path; what exceeds a bound, or cannot be read to its end, is an error. The
bounds are such that no file takes more than half a GiB of memory.

Sources: https://packaging.python.org/en/latest/specifications/binary-distribution-format/, https://doc.rust-lang.org/cargo/commands/cargo-package.html
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError
from lockstep.evidence.tar_members import Gunzipped, TarError, tar_members
from lockstep.release.built_file import FileMember

MOST_MEMBERS = 100_000
LARGEST_ARCHIVE = 2 * 2**30
"""Bytes of the largest file that is opened."""
MOST_UNPACKED = 4 * 2**30
"""Bytes that all members of one archive may have together."""
MOST_GROWN = 100
"""How many times as large as the archive its members may be together, where they are larger than `SMALL`."""
SMALL = 256 * 2**20
"""Bytes that every archive may unpack to, however small it is."""
LARGEST_TEXT = 2 * 2**20
"""Bytes of the largest member that is read as a text."""
LARGEST_RECORD = 16 * 2**20
"""Bytes of the largest RECORD of a wheel, which has a line for each member."""
MOST_TEXTS = 32 * 2**20
"""Bytes of all texts of an archive together."""
LARGEST_DIRECTORY = 32 * 2**20
"""Bytes of the largest list of members at the end of a zip."""
_CHUNK = 2**20
_ENTRY = b"PK\x01\x02"
"""How each member begins in that list."""
_BROKEN = (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, OverflowError)


class ArchiveError(LockstepError):
    """An archive that cannot be read, or must not be."""


class Readable(Protocol):
    """The content of a member."""

    def read(self, size: int, /) -> bytes:
        """Give so many bytes, or fewer; none at the end."""


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
        found, texts = _read(file, name, path, wanted, min(MOST_UNPACKED, max(SMALL, MOST_GROWN * size)))
    except _BROKEN as error:
        raise ArchiveError(f"this archive cannot be read to its end: {_said(error)}", path=path, help="build it again") from None
    return Archive(name=name, size=size, sha256=sha256, sha512=sha512, members=tuple(found), texts=texts)


def _said(error: BaseException) -> str:
    if isinstance(error, TarError):
        return str(error)
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


def _read(file: IO[bytes], name: str, path: str, wanted: tuple[str, ...], most: int) -> tuple[list[FileMember], dict[str, bytes]]:
    found: list[FileMember] = []
    texts: dict[str, bytes] = {}
    total = kept = 0
    with _opened(file, name, path, most) as members:
        for member, content in members:
            if len(found) >= MOST_MEMBERS:
                raise ArchiveError(f"it has more than {MOST_MEMBERS} members", path=path)
            if content is None:
                found.append(member)
                continue
            largest = (LARGEST_RECORD if member.path.endswith("/RECORD") else LARGEST_TEXT) if member.path.endswith(wanted) else None
            digest, size, text = hashlib.sha256(), 0, bytearray()
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                total += len(chunk)
                if total > most:
                    raise ArchiveError(_too_large(most), path=path)
                digest.update(chunk)
                if largest is not None:
                    text += chunk
                    if size > largest:
                        raise ArchiveError(f"{member.path} is larger than {largest // 2**20} MiB", path=path)
            if size != member.size:
                raise ArchiveError(f"{member.path} says that it has {member.size} bytes, and has {size}", path=path)
            found.append(FileMember(path=member.path, size=size, kind="file", sha256=digest.hexdigest()))
            if largest is not None:
                kept += size
                if kept > MOST_TEXTS:
                    raise ArchiveError(f"its metadata are larger than {MOST_TEXTS // 2**20} MiB together", path=path)
                texts.setdefault(member.path, bytes(text))
    return found, texts


def _too_large(most: int) -> str:
    if most == MOST_UNPACKED:
        return f"its members are larger than {MOST_UNPACKED // 2**30} GiB"
    return f"its members are larger than {most // 2**20} MiB, and more than {MOST_GROWN} times as large as the archive"


@contextmanager
def _opened(file: IO[bytes], name: str, path: str, most: int) -> Iterator[Iterator[tuple[FileMember, Readable | None]]]:
    if name.endswith((".whl", ".zip")):
        guarded = _Guarded(file, path)
        with zipfile.ZipFile(guarded) as archive:
            guarded.reads_directory = False
            yield _of_zip(archive, path)
    else:
        yield iter(tar_members(Gunzipped(file, most + MOST_MEMBERS * 2048)))


class _Guarded:
    """A zip file whose list of members is not read where it is too large, whatever it says of itself: each of them takes a KiB of memory."""

    def __init__(self, file: IO[bytes], path: str) -> None:
        self._file = file
        self._path = path
        self.reads_directory = True
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if not self.reads_directory:
            return self._file.read(size)
        data = self._file.read(LARGEST_DIRECTORY + 1 if size < 0 else min(size, LARGEST_DIRECTORY + 1))
        if max(size, len(data)) > LARGEST_DIRECTORY:
            raise ArchiveError(f"its list of members is larger than {LARGEST_DIRECTORY // 2**20} MiB", path=self._path)
        if data.count(_ENTRY) > MOST_MEMBERS:
            raise ArchiveError(f"it has more than {MOST_MEMBERS} members", path=self._path)
        return data


def _of_zip(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[FileMember, Readable | None]]:
    for one in archive.infolist():
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # what others unpack to has no bound in Python, and PyPI takes none
            raise ArchiveError(f"{one.filename} is compressed by method {one.compress_type}, expected deflate", path=path, help="build it again")
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
