"""A folder that nobody else can read, with some files, for a program that reads files: it is gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from platformdirs import user_cache_dir

from lockstep.errors import WriteError
from lockstep.writing.durable_files import BINARY, write_all
from lockstep.writing.system_errors import reason

_READ_ABOVE = (".cargo", "rust-toolchain", "rust-toolchain.toml", "Cargo.toml", ".npmrc", "package.json", "node_modules")
"""What cargo, rustup and npm look for in the folders above the one that they run in, and obey."""


@contextmanager
def private_folder(files: Mapping[str, bytes], executable: str = "") -> Iterator[str]:
    """Give a new folder with these files by their names: in the user's cache folder, else below the system's temporary one. One of them may be a program.

    Programs look for settings in the folders above. Where others may write there, and something lies there that a program would obey, there is none.

    Raises: WriteError when it cannot be made, or a file in it.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="lockstep-", dir=_home(), ignore_cleanup_errors=True)
    except OSError as error:
        raise WriteError(f"no temporary folder can be made: {reason(error)}", help="TMPDIR names another one") from None
    with made as folder:
        for name, data in files.items():
            try:
                descriptor = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o700 if name == executable else 0o600)
                try:
                    write_all(descriptor, data)
                finally:
                    os.close(descriptor)
            except OSError as error:
                raise WriteError(f"a temporary file cannot be written: {reason(error)}", path=folder, help="TMPDIR names another folder") from None
        yield os.path.realpath(folder)


def _home() -> str:
    """Give the folder in which private ones are made.

    Raises: WriteError where a program would obey what others may put beside it.
    """
    for base in (user_cache_dir("lockstep"), tempfile.gettempdir()):
        with suppress(OSError):
            os.makedirs(base, mode=0o700, exist_ok=True)
        above = _above(os.path.realpath(base))
        if os.access(base, os.W_OK) and not any(_is_others(one) for one in above):
            return base
    planted = next((path for one in above if _is_others(one) for name in _READ_ABOVE if os.path.lexists(path := os.path.join(one, name))), None)
    if planted is not None:
        raise WriteError("others may write there, and cargo or npm would obey it", path=planted, help="remove it, or let TMPDIR name a folder of your own")
    return base


def _above(folder: str) -> list[str]:
    """Give a folder and all above it."""
    found = [folder]
    while (parent := os.path.dirname(found[-1])) != found[-1]:
        found.append(parent)
    return found


def _is_others(folder: str) -> bool:
    """Say whether anybody but the user and the system may write into a folder."""
    if not hasattr(os, "getuid"):
        return False
    found = os.stat(folder)
    return found.st_uid not in (0, os.getuid()) or bool(found.st_mode & 0o022)
