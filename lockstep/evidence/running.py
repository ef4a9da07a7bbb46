"""How a program of the user's is run: with all that it starts in a group of its own, which ends with it, within a limit of time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

LARGEST = 16 * 2**20
"""Bytes of its answer that are read."""
OF_A_REPOSITORY = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
        *("GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE"),
    }
)
"""What leads git to a repository from anywhere, in a hook: what is built must not find this one. Source: `git rev-parse --local-env-vars`."""
_STYLE = pattern(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a program left with, and what it said, without colours."""

    code: int
    out: str
    err: str


def run(command: Sequence[str], folder: str | os.PathLike[str], environment: Mapping[str, str], seconds: float) -> Done | None:
    """Run a program in a folder, with this environment and no other; None when it takes too long. One that cannot be run ends with code -1."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own program, which was asked for; the arguments are ours
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Done(code=-1, out="", err=f"error: it could not run: {type(error).__name__}")
    with process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
    return Done(code=process.returncode, out=_text(out), err=_text(err))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program, and what it started; on Windows the program alone."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _text(data: bytes) -> str:
    return _STYLE.sub("", data[:LARGEST].decode(errors="replace")).replace("\r\n", "\n")
