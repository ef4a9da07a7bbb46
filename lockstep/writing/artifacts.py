"""The files that a release is written down in, in a folder of the user's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

from lockstep.errors import WriteError
from lockstep.writing.durable_files import BINARY, replace, write_all
from lockstep.writing.system_errors import reason


def write_artifacts(folder: str, texts: Mapping[str, str | bytes]) -> None:
    """Write files under their names into a folder, each whole or not at all, the last one last; folders are made where they are not there.

    Raises: WriteError when one cannot be written.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        for name, text in texts.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            _write(path, text.encode() if isinstance(text, str) else text)
    except OSError as error:
        raise WriteError(f"the files of the release cannot be written: {reason(error)}", path=folder, help="--output names another folder") from None


def _write(path: str, data: bytes) -> None:
    beside = f"{path}.new-{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o644)
    try:
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        replace(beside, path)
    except OSError:
        with suppress(OSError):
            os.unlink(beside)
        raise
