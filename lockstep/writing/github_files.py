"""The files through which a step of GitHub Actions gives its outputs and its summary."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping

from lockstep.errors import WriteError
from lockstep.writing.durable_files import BINARY, write_all
from lockstep.writing.system_errors import reason

LARGEST_SUMMARY = 2**20
"""Bytes of a step's summary; GitHub shows nothing of a larger one.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
"""


def append_outputs(path: str, values: Mapping[str, str]) -> None:
    """Append values to a file of GitHub Actions such as `$GITHUB_OUTPUT`: whatever stands in a value, it sets nothing but its own name.

    Raises: WriteError when the file cannot be written.
    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
    """
    try:
        _append(path, "".join(_assignment(name, value) for name, value in values.items()))
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise WriteError(f"the outputs of this step cannot be written: {why}", help="GITHUB_OUTPUT must name a file") from None


def append_summary(path: str, text: str) -> bool:
    """Append Markdown to `$GITHUB_STEP_SUMMARY`; False, and nothing is written, where that is full.

    Raises: WriteError when the file cannot be written.
    """
    try:
        return _append(path, f"{text}\n", LARGEST_SUMMARY)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise WriteError(f"the summary of this step cannot be written: {why}", help="GITHUB_STEP_SUMMARY must name a file") from None


def _append(path: str, text: str, most: int | None = None) -> bool:
    """Append whole lines to a file, unless it would hold more than `most` bytes then."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | BINARY, 0o666)
    try:
        size = os.fstat(descriptor).st_size
        os.lseek(descriptor, max(size - 1, 0), os.SEEK_SET)
        begun = size > 0 and os.read(descriptor, 1) != b"\n"  # a step before us left a line without an end
        data = ("\n" * begun + text).encode(errors="backslashreplace")
        if most is not None and size + len(data) > most:
            return False
        write_all(descriptor, data)
    finally:
        os.close(descriptor)
    return True


def _assignment(name: str, value: str) -> str:
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name)
    if re.fullmatch(r"[\x21-\x7e]*(?: [\x21-\x7e]+)*", value):
        return f"{name}={value}\n"
    while (fence := f"lockstep_{secrets.token_hex(16)}") in value:
        pass
    return f"{name}<<{fence}\n{value}\n{fence}\n"
