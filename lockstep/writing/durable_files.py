"""Files read and created so that what was written survives a loss of power.

Source: fsync(2), open(2), link(2)
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from contextlib import suppress

BINARY = getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_PAUSES = (0.01, 0.03, 0.1, 0.3, 0.6)
"""Seconds between tries to replace a file that somebody has open."""
CREATE_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY


def status_of(path: str) -> os.stat_result | None:
    """Give what the system knows of a path, a link by itself; None when nothing is there."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_file(path: str) -> bool:
    """Say whether a regular file is there."""
    status = status_of(path)
    return status is not None and stat.S_ISREG(status.st_mode)


def identity(status: os.stat_result) -> tuple[int, ...]:
    """Give what changes when somebody writes a file, or puts another in its place."""
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode, status.st_uid, status.st_gid


def read_file(path: str) -> bytes:
    """Read a file to its end; a link is not followed.

    Raises: OSError.
    """
    descriptor = os.open(path, _READ)
    try:
        size = os.fstat(descriptor).st_size
        data = os.read(descriptor, size + 1)
        while len(data) < size and (more := os.read(descriptor, size + 1 - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)


def sha256_of(path: str) -> str | None:
    """Give the SHA-256 of a file; None when there is no regular file."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL, which most of this needs not

    return hashlib.sha256(read_file(path)).hexdigest() if is_file(path) else None


def create_like(path: str, data: bytes, like: os.stat_result) -> None:
    """Write a new file that has the owner and the mode of another, and sync it."""
    descriptor = os.open(path, CREATE_NEW, like.st_mode & 0o777)
    try:
        write_all(descriptor, data)
        if sys.platform != "win32":
            mode = stat.S_IMODE(like.st_mode)
            own = os.fstat(descriptor)
            if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid) and not _give(descriptor, like):
                mode &= ~(stat.S_ISUID | stat.S_ISGID)  # they would lend the rights of somebody else
            if mode != stat.S_IMODE(own.st_mode):
                os.fchmod(descriptor, mode)  # after the owner: chown(2) clears set-user-ID
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _give(descriptor: int, like: os.stat_result) -> bool:
    """Give a file to an owner and a group, or to the group at least; say whether both are right now."""
    if sys.platform == "win32":
        return True
    try:
        os.fchown(descriptor, like.st_uid, like.st_gid)
    except PermissionError:
        with suppress(PermissionError):
            os.fchown(descriptor, -1, like.st_gid)
        return False
    return True


def write_all(descriptor: int, data: bytes) -> None:
    """Write all bytes, however few the system takes at a time."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def replace(source: str, target: str) -> None:
    """Give a file the name of another, whose place it takes.

    On Windows that is refused while anybody has either file open, as editors, indexers and virus scanners do for a moment: it is tried again for a second.
    """
    for pause in _PAUSES if os.name == "nt" else ():
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(source, target)


def remove(name: str) -> None:
    """Remove a file, where there is one."""
    with suppress(FileNotFoundError):
        os.unlink(name)


def sync_folder(folder: str) -> None:
    """Sync the names in a folder, as far as the system can."""
    if os.name == "nt":
        return  # folders cannot be opened there; NTFS journals renames itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems cannot sync a folder and say so: PostgreSQL lets the same two pass, src/common/file_utils.c, fsync_fname
        if error.errno not in (errno.EINVAL, errno.EBADF):
            raise
    finally:
        os.close(descriptor)
