"""The members of a tar in a gzip stream, read as they come, with a bound for everything that a header can claim.

Python's own reader takes a header's word for the size of a name, and keeps every header of an archive. And readers of tar differ: what two of them would
take for different files (a link with content, a name given twice, something after the end, a second gzip stream) is refused here and not interpreted.

Sources: https://www.gnu.org/software/tar/manual/html_node/Standard.html, https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html,
https://www.rfc-editor.org/rfc/rfc1952
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import IO

from lockstep.dataclass import dataclass
from lockstep.release.built_file import FileMember

BLOCK = 512
LARGEST_HEADER = 2**20
"""Bytes of the largest header that extends another: a long name, or what pax says of a file."""
MOST_HEADERS = 16 * 2**20
"""Bytes of all of those together."""
MOST_BLOCKS = 400_000
"""Headers of one archive, of whatever kind."""
_CHUNK = 2**20
_OCTAL = re.compile(rb"[ \0]*([0-7]*)[ \0]*")
_FOLDER, _PAX, _GLOBAL = b"5", (b"x", b"X"), b"g"
_LONG = {b"L": "path", b"K": "linkpath"}
_OTHER_KINDS = {b"1": "link", b"2": "link", b"3": "other", b"4": "other", b"6": "other", _FOLDER: "folder"}
_READ = ("path", "linkpath", "size")
"""What is read of pax's records; all others say nothing of a file's name or content."""


class TarError(ValueError):
    """A tar that cannot be read to its end, or must not be."""


class Gunzipped:
    """The content of one gzip stream, of which only so many bytes are given out."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._left = most
        self._most = most
        self._buffer = b""
        self._at = 0

    def read(self, size: int) -> bytes:
        """Give so many bytes, or fewer where a chunk ends; none at the end."""
        if self._at >= len(self._buffer):
            self._buffer, self._at = self._more(), 0
        found = self._buffer[self._at : self._at + size]
        self._at += len(found)
        return found

    def exactly(self, size: int) -> bytes:
        """Give so many bytes; fewer only at the end."""
        found = self.read(size)
        while len(found) < size and (more := self.read(size - len(found))):
            found += more
        return found

    def _more(self) -> bytes:
        while not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._file.read(_CHUNK)
            if not packed:
                raise TarError("it breaks off: the gzip stream has no end")
            found = self._inflate.decompress(packed, _CHUNK)
            self._left -= len(found)
            if self._left < 0:
                raise TarError(f"it unpacks to more than {self._most // 2**20} MiB")
            if found:
                return found
        rest = self._inflate.unused_data or self._file.read(_CHUNK)
        while rest:
            if rest.count(0) != len(rest):
                raise TarError("something stands after the end of its gzip stream, which some read and others do not")
            rest = self._file.read(_CHUNK)
        return b""


class Content:
    """The content of one file, as far as it reaches."""

    def __init__(self, stream: Gunzipped, size: int) -> None:
        self._stream = stream
        self.left = size

    def read(self, size: int) -> bytes:
        """Give so many bytes, or fewer; none at the end."""
        found = self._stream.read(min(size, self.left))
        self.left -= len(found)
        if not found and self.left:
            raise TarError("it breaks off within a file")
        return found


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands in one block."""

    name: str
    size: int
    kind: bytes


def tar_members(stream: Gunzipped) -> Iterator[tuple[FileMember, Content | None]]:
    """Give each member, and the content of a file, which has to be read before the next is asked for.

    Raises: TarError, and zlib.error for what is no gzip.
    """
    said: dict[str, str] = {}
    extended = 0
    for number in range(MOST_BLOCKS + 1):
        block = stream.exactly(BLOCK)
        if number == MOST_BLOCKS:
            raise TarError(f"it has more than {MOST_BLOCKS} headers")
        if block.count(0) == len(block):  # its end, said or not
            break
        header = _header(block)
        if header.kind in _LONG or header.kind in (*_PAX, _GLOBAL):
            extended += header.size
            if header.size > LARGEST_HEADER or extended > MOST_HEADERS:
                raise TarError(f"its headers are larger than {(LARGEST_HEADER if header.size > LARGEST_HEADER else MOST_HEADERS) // 2**20} MiB")
            data = _whole(stream, header.size)
            _whole(stream, -header.size % BLOCK)
            for key, value in _extension(header.kind, data).items():
                if key in said:
                    raise TarError(f"it gives one file two names, or two sizes ({key})")
                said[key] = value
            continue
        yield from _member(stream, header, said)
        said = {}
    if said:
        raise TarError("its last header is followed by no file")
    while rest := stream.read(_CHUNK):
        if rest.count(0) != len(rest):
            raise TarError("something stands after its end, which some read and others do not")


def _member(stream: Gunzipped, header: _Header, said: dict[str, str]) -> Iterator[tuple[FileMember, Content | None]]:
    name, size = said.get("path", header.name), int(said.get("size", header.size))
    kind = _OTHER_KINDS.get(header.kind)
    if header.kind == b"\0" and name.endswith("/") != header.name.endswith("/"):
        raise TarError(f"{name} is a folder by one of its names, and a file by the other")
    if header.kind == b"\0" and name.endswith("/"):  # so it was written before there were kinds
        kind = "folder"
    if not name or "\0" in name:
        raise TarError("a member has no name, or one that ends in its middle")
    if kind is not None:
        if size:
            raise TarError(f"{name} is no file, and has content, which some read and others do not")
        yield FileMember(path=name.rstrip("/") if kind == "folder" else name, size=0, kind=kind), None
    elif header.kind in (b"0", b"\0", b"7"):
        if name.endswith("/"):
            raise TarError(f"{name} is a file by its header, and a folder by its name")
        content = Content(stream, size)
        yield FileMember(path=name, size=size, kind="file"), content
        while content.left:
            content.read(_CHUNK)
        _whole(stream, -size % BLOCK)
    else:
        raise TarError(f"{name} is of a kind that no package has ({header.kind!r})")


def _whole(stream: Gunzipped, size: int) -> bytes:
    data = stream.exactly(size)
    if len(data) < size:
        raise TarError("it breaks off within a header")
    return data


def _header(block: bytes) -> _Header:
    if len(block) < BLOCK:
        raise TarError("it breaks off within a header")
    said = _number(block[148:156])
    if said != sum(block) - sum(block[148:156]) + 8 * 32 and said != _signed(block):
        raise TarError("it is no tar: a header has another checksum")
    name, magic, prefix = block[:100].split(b"\0", 1)[0], block[257:265], block[345:500].split(b"\0", 1)[0]
    if magic[:6] == b"ustar\0":
        name = prefix + b"/" + name if prefix else name
    elif prefix:
        raise TarError("a header has a prefix where there is none in its format")
    return _Header(_text(name), _number(block[124:136]), block[156:157])


def _signed(block: bytes) -> int:
    """Give the checksum as some old programs compute it."""
    return sum(one - 256 * (one > 127) for one in block[:148] + b" " * 8 + block[156:])


def _number(field: bytes) -> int:
    """Read a number: octal digits, or where the first bit is set, the bytes themselves."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    found = _OCTAL.fullmatch(field)
    if found is None:
        raise TarError("a header has no number where one belongs")
    return int(found[1] or b"0", 8)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _extension(kind: bytes, data: bytes) -> dict[str, str]:
    """Give what an extending header says of the next file."""
    if kind in _LONG:
        return {_LONG[kind]: _text(data.split(b"\0", 1)[0])}
    said = dict(_records(data))
    if any(key.startswith("GNU.sparse.") for key in said):
        raise TarError("a file is sparse, which some read and others do not")
    found = {key: said[key] for key in _READ if key in said}
    if kind == _GLOBAL and found:
        raise TarError("it gives all files one name, or one size")
    if not re.fullmatch(r"[0-9]{1,15}", found.get("size", "0")):
        raise TarError("a header has no number where one belongs")
    return found


def _records(data: bytes) -> Iterator[tuple[str, str]]:
    """Read the records of pax: a length in decimal, which counts itself, a space, a key, `=`, a value, a newline."""
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 10)
        length = data[at:space] if space > at else b""
        end = at + int(length) if length.isdigit() else at
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if end > len(data) or end <= space + 1 or data[end - 1 : end] != b"\n" or not equals:
            raise TarError("what pax says of a file cannot be read")
        yield _text(key), _text(value)
        at = end
