"""A folder that nobody else can read, with some files, for a program that reads files: it is gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lockstep.errors import WriteError
from lockstep.writing.durable_files import BINARY, write_all
from lockstep.writing.system_errors import reason


@contextmanager
def private_folder(files: Mapping[str, bytes]) -> Iterator[str]:
    """Give a new folder below the system's temporary one, with these files by their names.

    Raises: WriteError when it cannot be made, or a file in it.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="lockstep-", ignore_cleanup_errors=True)
    except OSError as error:
        raise WriteError(f"no temporary folder can be made: {reason(error)}", help="TMPDIR names another one") from None
    with made as folder:
        for name, data in files.items():
            try:
                descriptor = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
                try:
                    write_all(descriptor, data)
                finally:
                    os.close(descriptor)
            except OSError as error:
                raise WriteError(f"a temporary file cannot be written: {reason(error)}", path=folder, help="TMPDIR names another folder") from None
        yield os.path.realpath(folder)
