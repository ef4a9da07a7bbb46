"""Archives that are made to take memory or time, each small itself, and what is said of it: `python -m tests.hostile.archives` measures them."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MIB = 2**20
ZEROS = bytes(MIB)


def deflated(chunks: Iterator[bytes]) -> bytes:
    """Compress content that is not held as a whole."""
    packer = zlib.compressobj(1, wbits=31)
    return b"".join([*map(packer.compress, chunks), packer.flush()])


def header(name: str, size: int, kind: bytes = b"0", magic: bytes = b"ustar\x0000") -> bytes:
    """Write the header of a tar."""
    number = f"{size:011o}\0".encode() if size < 8**11 else b"\x80" + size.to_bytes(11, "big")
    block = bytearray(name.encode()[:100].ljust(100, b"\0") + b"0000644\0" * 3 + number + b"0" * 11 + b"\0" + b" " * 8 + kind)
    block = block.ljust(257, b"\0") + magic
    block = block.ljust(512, b"\0")
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def tar(*chunks: bytes) -> bytes:
    return deflated(iter([*chunks, bytes(1024)]))


def repeated(first: bytes, times: int, each: bytes) -> bytes:
    """Compress something, and something else many times."""

    def chunks() -> Iterator[bytes]:
        yield first
        many = max(1, MIB // len(each))
        yield from (each * min(many, times - done) for done in range(0, times, many))
        yield bytes(1024)

    return deflated(chunks())


def directory(entries: int, name: bytes = b"a") -> bytes:
    """Write the end of a zip, with its list of so many members, and the numbers of zip64."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    return ended(entry * entries, entries)


def ended(listed: bytes, entries: int, size: int | None = None) -> bytes:
    size = len(listed) if size is None else size
    whole = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, size, 0) + struct.pack("<4sLQL", b"PK\6\7", 0, len(listed), 1)
    return listed + whole + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def zipped(content: bytes, times: int, method: int = zipfile.ZIP_DEFLATED, name: str = "a") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method, compresslevel=1) as archive, archive.open(name, "w", force_zip64=True) as member:
        for _ in range(times):
            member.write(content)
    return made.getvalue()


def many_texts() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(400):
            archive.writestr(f"{number}.dist-info/METADATA", bytes(2 * MIB))
    return made.getvalue()


def overlapping() -> bytes:
    """Let every entry of a zip lead to the same content. Source: https://www.bamsoftware.com/hacks/zipbomb/"""
    packed = zlib.compressobj(9, wbits=-15)
    data = packed.compress(ZEROS * 64) + packed.flush()
    crc = zlib.crc32(ZEROS * 64)
    local = struct.pack("<4s2B4HL2L2H", b"PK\3\4", 20, 0, 0, 8, 0, 0, crc, len(data), 64 * MIB, 1, 0) + b"a"
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 8, 0, 0, crc, len(data), 64 * MIB, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listed = entry * 1000
    return local + data + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1000, 1000, len(listed), len(local + data), 0)


def pax(*records: tuple[str, str]) -> bytes:
    found = b""
    for key, value in records:
        rest = len(f" {key}={value}\n".encode())
        length = rest + len(str(rest + len(str(rest))))
        found += f"{length} {key}={value}\n".encode()
    return found


def extended(kind: bytes, data: bytes) -> bytes:
    return header("x", len(data), kind) + padded(data)


FULL = __name__ == "__main__"
LARGE = 3 * 2**30
"""What headers claim."""
MUCH, MILLION = (3072, 1_000_000) if FULL else (300, 120_000)
"""MiB that are there of it, and members."""
NAMES = "".join(random.Random(1).choices("abcdefgh", k=90))
ONE = header("egg-1.0.0/a", 1) + padded(b"a")
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "longname": ("x.crate", lambda: repeated(header("x", LARGE, b"L"), MUCH, ZEROS), "its headers are larger than 1 MiB"),
    "longlink": ("x.crate", lambda: repeated(header("x", LARGE, b"K"), MUCH, ZEROS), "its headers are larger than 1 MiB"),
    "longnames": ("x.crate", lambda: repeated(b"", 4000, extended(b"L", b"a" * MIB) + ONE), "its headers are larger than 16 MiB"),
    "longname-twice": ("x.crate", lambda: repeated(b"", 100_000, extended(b"L", b"a")), "it gives one file two names"),
    "pax": ("x.tgz", lambda: repeated(header("x", LARGE, b"x"), MUCH, ZEROS), "its headers are larger than 1 MiB"),
    "pax-many": ("x.tgz", lambda: repeated(b"", 4_000, extended(b"x", pax(*[("a", "b")] * 1000)) + ONE), "its headers are larger than 16 MiB"),
    "pax-global": ("x.tgz", lambda: repeated(header("x", LARGE, b"g"), MUCH, ZEROS), "its headers are larger than 1 MiB"),
    "pax-globals": (
        "x.tgz",
        lambda: repeated(b"", 200_000, extended(b"g", pax(*((f"a{one}", NAMES) for one in range(9))))),
        "its headers are larger than 16 MiB",
    ),
    "pax-global-name": ("x.tgz", lambda: tar(extended(b"g", pax(("path", "a"))), ONE), "it gives all files one name"),
    "pax-digits": ("x.tgz", lambda: tar(extended(b"x", b"1" * MIB), ONE), "what pax says of a file cannot be read"),
    "pax-size": ("x.tgz", lambda: tar(extended(b"x", pax(("size", "1" * 30))), ONE), "no number where one belongs"),
    "pax-sparse": ("x.tgz", lambda: tar(extended(b"x", pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"))), ONE), "a file is sparse"),
    "gnu-sparse": ("x.tgz", lambda: repeated(header("a", 0, b"S"), 2000, ZEROS), "is of a kind that no package has"),
    "no-members": ("x.tar.gz", lambda: repeated(b"", 500_000, extended(b"g", b"")), "it has more than 400000 headers"),
    "million-members": ("x.crate", lambda: repeated(b"", MILLION, ONE), "it has more than 100000 members"),
    "million-folders": ("x.crate", lambda: repeated(b"", MILLION, header("a", 0, b"5")), "it has more than 100000 members"),
    "bomb-tar": ("x.tgz", lambda: repeated(header("a", LARGE), MUCH, ZEROS), "and more than 100 times as large as the archive"),
    "after-its-end": ("x.tgz", lambda: repeated(ONE + bytes(1024), MUCH, ZEROS + b"a"), "it unpacks to more than|something stands after its end"),
    "second-tar": ("x.tgz", lambda: tar(ONE, bytes(1024), ONE), "something stands after its end"),
    "second-gzip": ("x.tgz", lambda: tar(ONE) * 2, "something stands after the end of its gzip stream"),
    "million-gzips": ("x.tgz", lambda: gzip.compress(b"") * MILLION, "something stands after the end of its gzip stream"),
    "gzip-name": ("x.tgz", lambda: tar(ONE)[:3] + b"\x08" + tar(ONE)[4:10] + b"a" * (MUCH // 15 * MIB), "the gzip stream has no end"),
    "truncated-gzip": ("x.tgz", lambda: tar(ONE, ZEROS)[:-20], "the gzip stream has no end"),
    "truncated-tar": ("x.tgz", lambda: deflated(iter([header("a", LARGE), ZEROS])), "it breaks off within a file"),
    "claims": ("x.tgz", lambda: tar(header("a", 2**80)), "something stands after its end|it breaks off within a file"),
    "link-content": ("x.tgz", lambda: tar(header("a", 512, b"2"), bytes(512)), "is no file, and has content"),
    "folder-content": ("x.tgz", lambda: tar(header("a", 512, b"5"), ONE[:512]), "is no file, and has content"),
    "bomb-zip": ("x-1-py3-none-any.whl", lambda: zipped(ZEROS, MUCH), "and more than 100 times as large as the archive"),
    "bomb-bzip2": ("x-1-py3-none-any.whl", lambda: zipped(ZEROS, MUCH // 3, zipfile.ZIP_BZIP2), "is compressed by method 12, expected deflate"),
    "bomb-lzma": ("x-1-py3-none-any.whl", lambda: zipped(ZEROS, MUCH // 12, zipfile.ZIP_LZMA), "is compressed by method 14, expected deflate"),
    "overlapping": ("x-1-py3-none-any.whl", overlapping, "overlapped entries|and more than 100 times as large as the archive"),
    "million-entries": ("x-1-py3-none-any.whl", lambda: directory(1_000_000), "its list of members is larger than 32 MiB"),
    "entries": ("x-1-py3-none-any.whl", lambda: directory(700_000), "it has more than 100000 members"),
    "zip64-claims": ("x-1-py3-none-any.whl", lambda: ended(b"", 2**63, 2**63), "its list of members is larger|bad|corrupt"),
    "texts": ("x-1-py3-none-any.whl", many_texts, "its metadata are larger than 32 MiB together"),
    "text": ("x-1-py3-none-any.whl", lambda: zipped(ZEROS, 64, name="x-1.dist-info/METADATA"), "is larger than 2 MiB"),
    "record": ("x-1-py3-none-any.whl", lambda: zipped(ZEROS, 64, name="x-1.dist-info/RECORD"), "is larger than 16 MiB"),
}
"""By name: the file's name, what makes its bytes, and what is said of it (a pattern)."""
MEMORY, SECONDS = 500, 10
"""MiB, and seconds of the processor, that reading one may take."""
READ = """
import resource, sys
from lockstep.app.release_seal import opened_file
from lockstep.evidence.archives import ArchiveError
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]) * 2**20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]),) * 2)
try:
    print("read", len(opened_file(sys.argv[1]).members))
except ArchiveError as error:
    print(error)
"""


def said_of(path: Path, memory: int, seconds: int) -> str:
    """Open a file in a process that has so much memory and time, and give what is said of it; its own words where it fails."""
    command = [sys.executable, "-c", READ, str(path), str(memory), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else f"failed ({done.returncode}): {done.stderr[-500:]}"


def measure() -> None:
    """Print what each takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, (name, make, _) in HOSTILE.items():
            path = Path(folder, name)
            path.write_bytes(make())
            begun = time.perf_counter()
            pid = os.fork()
            if pid == 0:
                os.dup2(os.open(os.path.join(folder, "said"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
                os.execv(sys.executable, [sys.executable, "-c", READ, str(path), str(2**20), "3600"])
            _, _, used = os.wait4(pid, 0)
            said = Path(folder, "said").read_text().replace(f"{folder}/", "").strip()
            took = f"{time.perf_counter() - begun:5.1f} s, processor {used.ru_utime + used.ru_stime:5.1f} s, {used.ru_maxrss // 1024:4} MiB"
            sys.stdout.write(f"{kind:16} {path.stat().st_size:10} bytes: {took}: {said[:150]}\n")


if __name__ == "__main__":
    measure()
