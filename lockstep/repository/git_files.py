"""What `git rev-parse` and `git ls-files` would say of an ordinary repository, read from its files: each process costs more than this whole module.

Ordinary is narrow, and all else is None, so that git itself is asked: a work tree of its own with a `.git` folder, both of the user, a plain
configuration of format 0, an index of version 2 to 4 that needs nothing of its reader, and no variable of git's that could move any of these.

Source: gitformat-index(5), gitrepository-layout(5), git-config(1), gitsecurity(7) on whose repositories are trusted
"""

from __future__ import annotations

import os
import re
import stat
import struct
from collections.abc import Iterator

from lockstep.pattern import pattern

_MOVES = pattern(
    r"(?!GIT_(?:AUTHOR|COMMITTER)_|GIT_(?:CONFIG|SSL|SSH|TRACE|PS1|CEILING_DIRECTORIES|LFS|ASKPASS|EDITOR|SEQUENCE_EDITOR|PAGER|TERMINAL_PROMPT|OPTIONAL_LOCKS|NO_LAZY_FETCH|PYTHON)(?:_|$))GIT_"
)
"""A variable of git's that may say where a repository, its index or its configuration are."""
_ORDINARY = pattern(r'(?:[ \t]*(?:[#;][^\n]*)?\n|\[[A-Za-z0-9_.-]+(?:[ \t]+"[^"\\\n]*")?\][ \t]*\n|[ \t]*[A-Za-z][A-Za-z0-9-]*[ \t]*=[^"\\\n]*\n)*+')
_SPECIAL = pattern(r"worktree|extensions|\[[ \t]*include|\x00", re.IGNORECASE | re.ASCII)
_FORMAT = pattern(r"^[ \t]*repositoryformatversion[ \t]*=[ \t]*0[ \t]*$", re.MULTILINE | re.IGNORECASE | re.ASCII)
_BARE = pattern(r"^[ \t]*+bare[ \t]*+=[ \t]*+(.*)$", re.MULTILINE | re.IGNORECASE | re.ASCII)
_HEAD = pattern(r"(?:ref: refs/[!-~]+|[0-9a-f]{40})\n")
_ID = pattern(r"[0-9a-f]{40}\n?")
_LARGEST_CONFIG = 2**20
_LARGEST_REFS = 2**26
_MOST_LOOSE = 1000
"""How many files and folders of loose tags are looked at."""


def locate(start: str) -> tuple[str, str, bool] | None:
    """Give the root of the work tree that holds a folder, its git folder, and whether its history is cut; None when git has to say."""
    if os.name != "posix" or any(map(_MOVES.match, os.environ)):
        return None
    folder = os.path.realpath(start)
    named = [one for one in os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep) if one]
    ceilings = {*named, *map(os.path.realpath, named)}
    try:
        device = os.stat(folder).st_dev
        while True:
            status = os.stat(folder)
            if status.st_dev != device:
                return None
            git_dir = os.path.join(folder, ".git")
            try:
                inner = os.lstat(git_dir)
            except FileNotFoundError:
                above = os.path.dirname(folder)
                if above == folder or above in ceilings or os.path.lexists(os.path.join(folder, "HEAD")):
                    return None  # it may be a bare one
                folder = above
                continue
            if not stat.S_ISDIR(inner.st_mode) or {status.st_uid, inner.st_uid} != {os.geteuid()} or not _is_ordinary(git_dir):
                return None
            return folder, git_dir, os.path.lexists(f"{git_dir}/shallow")
    except OSError:
        return None


def _is_ordinary(git_dir: str) -> bool:
    config, head = _bytes(f"{git_dir}/config", _LARGEST_CONFIG).decode("latin-1"), _bytes(f"{git_dir}/HEAD", 4096).decode("latin-1")
    return (
        _HEAD.fullmatch(head) is not None
        and _ORDINARY.fullmatch(config) is not None
        and _SPECIAL.search(config) is None
        and len(_FORMAT.findall(config)) == config.lower().count("repositoryformatversion") == 1
        and [one.rstrip(" \t") for one in _BARE.findall(config)] == ["false"]
        and os.access(f"{git_dir}/objects", os.X_OK)
        and os.access(f"{git_dir}/refs", os.X_OK)
        and not os.path.lexists(f"{git_dir}/commondir")
    )


def head(git_dir: str) -> str | None:
    """Give the id of the commit that HEAD names in an ordinary repository; None when git has to say."""
    try:
        text = _bytes(f"{git_dir}/HEAD", 4096).decode("latin-1")
        if text.startswith("ref: refs/") and ".." not in text:
            ref = text[5:].rstrip()
            try:
                text = _bytes(f"{git_dir}/{ref}", 4096).decode("latin-1")
            except FileNotFoundError:
                packed = _bytes(f"{git_dir}/packed-refs", _LARGEST_REFS)
                at = packed.find(f" {ref}\n".encode("latin-1"))
                text = packed[max(at - 40, 0) : max(at, 0)].decode("latin-1")
    except OSError:
        return None
    return text[:40] if _ID.fullmatch(text) else None


def boundary(git_dir: str) -> str:
    """Tell where the history of a shallow clone ends from where it ended before; empty where it is whole."""
    return _identity(f"{git_dir}/shallow")


def moving_parts(git_dir: str) -> str | None:
    """Tell HEAD and the index of an ordinary repository from those of another time: git never writes an index in place. None when git has to say."""
    here = head(git_dir)
    return None if here is None else f"{here} {_identity(f'{git_dir}/index')}"


def tags_identity(git_dir: str, before: int) -> str | None:
    """Tell the tags of an ordinary repository from those of another time; None when a file of them is not older than `before`, in nanoseconds, or a link.

    A link tells nothing of what it leads to: some tools share the refs of several work trees in this way.
    """
    found = [f"{git_dir}/packed-refs", f"{git_dir}/refs/tags"]
    for above, folders, files in os.walk(f"{git_dir}/refs/tags"):
        found += (f"{above}/{one}" for one in (*sorted(folders), *sorted(files)))
    if len(found) > _MOST_LOOSE:
        return None
    try:
        statuses = [status for one in (git_dir, f"{git_dir}/refs", *found) if (status := _status(one)) is not None]
        if any(stat.S_ISLNK(one.st_mode) for one in statuses) or any(max(one.st_mtime_ns, one.st_ctime_ns) >= before for one in statuses[2:]):
            return None
        return "\n".join(f"{one} {_identity(one)}" for one in found)
    except OSError:
        return None


def identity(status: os.stat_result) -> str:
    """Tell a file from what it was before, as git does: by its times, its size, its number and its mode."""
    return f"{status.st_mtime_ns}.{status.st_ctime_ns}.{status.st_size}.{status.st_ino}.{status.st_dev}.{status.st_mode}"


def _identity(path: str) -> str:
    status = _status(path)
    return "" if status is None else identity(status)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def _bytes(path: str, most: int) -> bytes:
    """Read a small regular file.

    Raises: OSError
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError as error:  # HEAD may name a ref with a NUL in it
        raise FileNotFoundError(path) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise OSError(f"{path} is not what it should be")
        return os.read(descriptor, status.st_size)
    finally:
        os.close(descriptor)


# ---- the index

_LARGEST_INDEX = 2**30
_LONGEST_PATH = 4096
"""Bytes; a path in version 4 is what it adds to the one before, so that a small file could hold any number of endless ones."""
_WORD = struct.Struct(">I")
_ENTRY = struct.Struct(">24xI12x20sH")
"""Of an entry's 62 bytes: the mode, the object id, the flags."""
_KINDS = (0o100000, 0o120000, 0o160000)
"""Of entries: files, symbolic links, submodules."""
_LONG, _STAGE, _NAME = 0x4000, 0x3000, 0x0FFF
_SKIPPED, _INTENDED = 0x40, 0x20
"""In the first of the two bytes that follow long flags."""


def index(git_dir: str) -> list[tuple[str, str, str, int, bool]] | None:
    """Give path, mode, object id, stage, and whether a sparse checkout leaves it out, of all entries in order; None when git has to say."""
    try:
        data = _bytes(f"{git_dir}/index", _LARGEST_INDEX)
    except FileNotFoundError:
        return []
    except OSError:
        return None
    try:
        return list(entries(data))
    except (_UnknownError, struct.error, IndexError, ValueError):
        return None


class _UnknownError(Exception):
    """The index has something that is not known here."""


def entries(data: bytes) -> Iterator[tuple[str, str, str, int, bool]]:
    """Read an index of SHA-1 ids.

    Raises: _UnknownError, IndexError, struct.error or ValueError when it is no such index, or asks more of its reader.
    """
    version, count = _WORD.unpack_from(data, 4)[0], _WORD.unpack_from(data, 8)[0]
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise _UnknownError
    at, last = 12, b""
    modes: dict[int, str] = {}
    for _ in range(count):
        mode, oid, flags = _ENTRY.unpack_from(data, at)
        name = at + 62
        skipped = False
        if flags & _LONG:
            if data[name + 1] or data[name] & ~(_SKIPPED | _INTENDED):
                raise _UnknownError
            skipped = bool(data[name] & _SKIPPED)
            name += 2
        if version == 4:
            strip, name = _offset(data, name)
            end = data.index(b"\0", name)
            length = len(last) - strip + end - name
            if strip > len(last) or length > _LONGEST_PATH or length != flags & _NAME < _NAME:
                raise _UnknownError  # git goes by the one length, whatever the other says
            last = last[: len(last) - strip] + data[name:end]
            at = end + 1
        else:
            length = flags & _NAME
            end = name + length if length < _NAME else data.index(b"\0", name)
            last = data[name:end]
            if data[end] or not last or 0 in last:
                raise _UnknownError
            at += (end - at + 8) & ~7
        if mode not in modes:
            modes[mode] = _spelled(mode)
        yield os.fsdecode(last), modes[mode], oid.hex(), (flags & _STAGE) >> 12, skipped
    while at < len(data) - 20:
        if not 0x41 <= data[at] <= 0x5A:  # a capital letter: the reader may pass it by
            raise _UnknownError
        at += 8 + _WORD.unpack_from(data, at + 4)[0]
    if at != len(data) - 20:
        raise _UnknownError


def _spelled(mode: int) -> str:
    if stat.S_IFMT(mode) not in _KINDS or mode > 0xFFFF:
        raise _UnknownError
    return f"{mode:06o}"


def _offset(data: bytes, at: int) -> tuple[int, int]:
    """Read a number in the manner of git's packs, where each further byte adds one."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        if value > _LONGEST_PATH:
            raise _UnknownError
        at += 1
        value = (value + 1 << 7) | (data[at] & 0x7F)
    return value, at + 1
