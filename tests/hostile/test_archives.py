"""Archives that are made to take memory or time are refused with an account, in bounded memory and time; others are read as Python reads them."""

from __future__ import annotations

import io
import random
import re
import sys
import tarfile
from pathlib import Path

import pytest

from lockstep.evidence.archives import read_archive
from lockstep.evidence.tar_members import TarError, _records
from tests.hostile.archives import HOSTILE, MEMORY, SECONDS, said_of


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of a process are those of Linux")
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_made_to_take_memory_or_time_is_refused(kind: str, tmp_path: Path) -> None:
    name, make, pattern = HOSTILE[kind]
    path = tmp_path / name
    path.write_bytes(make())
    said = said_of(path, MEMORY, 2 * SECONDS)
    assert re.search(pattern, said), said
    assert said.startswith(str(path)), "it says which file"


WORDS = ("a", "spam", "egg-1.0.0", "größe", "x" * 60, "y" * 99, "日本語")


def tree(seed: int) -> list[tuple[tarfile.TarInfo, bytes]]:
    """Give members: files, folders and links with names of all lengths."""
    rng = random.Random(seed)
    found = []
    for number in range(rng.randint(1, 30)):
        name = "/".join(rng.choices(WORDS, k=rng.randint(1, 6))) + f"/{number}"
        member = tarfile.TarInfo(name)
        short = [tarfile.AREGTYPE] if len(name.encode()) < 90 else []  # of what it means where a name is cut, readers think differently
        member.type = rng.choice([tarfile.REGTYPE] * 6 + [tarfile.DIRTYPE, tarfile.SYMTYPE, *short])
        member.mtime = rng.choice([0, 1, 1_700_000_000.25])
        member.linkname = "z" * rng.choice([5, 150]) if member.type == tarfile.SYMTYPE else ""
        data = rng.randbytes(rng.choice([0, 1, 511, 512, 513, 5000])) if member.isreg() else b""
        member.size = len(data)
        found.append((member, data))
    return found


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["ustar", "gnu", "pax"])
def test_a_tar_is_read_as_python_reads_it(format_: int, tmp_path: Path) -> None:
    read = 0
    for seed in range(60):
        made = io.BytesIO()
        try:
            with tarfile.open(fileobj=made, mode="w:gz", format=format_, encoding="utf-8", pax_headers={"comment": "c" * 40}) as archive:
                for member, data in tree(seed):
                    archive.addfile(member, io.BytesIO(data))
        except ValueError:  # the format has no place for a name
            continue
        path = tmp_path / "x.tar.gz"
        path.write_bytes(made.getvalue())
        ours = [(one.path, one.size, one.kind) for one in read_archive(str(path), "x.tar.gz", ()).members]
        with tarfile.open(path, encoding="utf-8") as archive:
            theirs = [(one.name, one.size, "folder" if one.isdir() else "link" if one.issym() else "file") for one in archive]
        assert ours == theirs, seed
        read += 1
    assert read >= (60 if format_ != tarfile.USTAR_FORMAT else 5)


@pytest.mark.parametrize("data", [b"6 a=b", b"7 a=b\n", b"0 a=b\n", b" a=b\n", b"x a=b\n", b"6 aab\n", b"-6 a=b\n", b"99999999999 a=b\n", b"5 a=\n6 a=b"])
def test_what_pax_cannot_mean_is_refused(data: bytes) -> None:
    with pytest.raises(TarError, match="what pax says of a file cannot be read"):
        list(_records(data))
