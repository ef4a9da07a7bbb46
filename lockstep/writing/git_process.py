"""The user's git, run as they would run it, hooks and signing too, so that what it does is known even when lockstep is killed meanwhile.

It starts only when its process is written down: whoever comes after a kill can tell whether it still works. What it says is kept. An interrupt
ends it, and no word is given back before it and its hooks are done, for they write into the work tree.

Source: proc(5) on the time a process started, by which it is told from another of the same number
"""

from __future__ import annotations

import os
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import IO

from lockstep.dataclass import dataclass
from lockstep.repository.git_plumbing import program
from lockstep.writing.durable_files import CREATE_NEW, read_file, replace, write_all

PATIENCE = 10.0
"""Seconds that are waited for hooks whose git was ended, and for a git whose lockstep was killed."""
_LINGERING = 1.0
"""Seconds that are waited for words of what a hook left in the background."""
_MOST_WORDS = 2**20
_HAS_PROC = os.path.exists("/proc/self/stat")
_GATE = ("/bin/sh", "-c", 'read -r go && exec "$@" < /dev/null', "git")
"""Waits for a line, and becomes git; where the line never comes, it ends."""
_ALONE = ("--no-pager", "--literal-pathspecs", "-c", "maintenance.auto=false")
"""No maintenance goes on behind it, with locks of its own, while what it did may be taken back; the next commit of the user's own starts it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How git ended: its exit code, and what it and the hooks said, as lines."""

    code: int
    words: tuple[str, ...]


def run(root: str, arguments: Sequence[str], *, environment: dict[str, str], note: str, interrupted: Callable[[], bool]) -> Ended:
    """Run git in the work tree to its end. `note` is the file that names its process.

    Raises: OSError when it cannot be started, RepositoryError when there is none.
    """
    command = (program(root), *_ALONE, *arguments)
    gated = os.name != "nt"
    with subprocess.Popen(  # noqa: S603 - the program is git, the arguments are ours
        (*_GATE, *command) if gated else command,
        cwd=root,
        env=environment,
        stdin=subprocess.PIPE if gated else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        said = deque[bytes]()
        listener = Thread(target=_listen, args=(process.stdout, said), daemon=True)
        process.stdout = None  # the listener's to close: a number that is closed under a reader may be that of another file by then
        listener.start()
        try:
            _write_down(note, process.pid)
            if process.stdin is not None:
                with suppress(BrokenPipeError):
                    process.stdin.write(b"go\n")
                    process.stdin.flush()
        finally:
            if process.stdin is not None:
                with suppress(BrokenPipeError):
                    process.stdin.close()  # and it ends, where the line was not written
        ended = _wait(process, interrupted)
        listener.join(PATIENCE if ended else _LINGERING)
    return Ended(code=process.returncode, words=tuple(b"".join(list(said)).decode(errors="replace").splitlines()))


def is_alive(note: str) -> bool:
    """Say whether the process that a note names still works; where that cannot be known, it does not."""
    number, _, started = _noted(note).partition(" ")
    return number.isdecimal() and bool(started) and _started(int(number)) == started


def number_of(note: str) -> str:
    """Give the number of the process that a note names; "" where it names none."""
    number = _noted(note).partition(" ")[0]
    return number if number.isdecimal() else ""


def wait_for(note: str) -> bool:
    """Wait a while for the process that a note names; say whether it is done."""
    deadline = time.monotonic() + PATIENCE
    while is_alive(note):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
    return True


def others_at_work(folders: Sequence[str]) -> bool:
    """Say whether any git may be at work in these folders; where processes cannot be listed, one may."""
    if not _HAS_PROC:
        return True
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(FileNotFoundError, ProcessLookupError):
            try:
                if not read_proc(f"/proc/{number}/comm").startswith(b"git") or _started(int(number)) is None:
                    continue
                where = os.readlink(f"/proc/{number}/cwd")
            except PermissionError:
                return True
            if any(where == folder or where.startswith(f"{folder}/") for folder in folders):
                return True
    return False


def read_proc(path: str) -> bytes:
    """Read a file of the system's, whose size is not known before."""
    with open(path, "rb") as file:
        return file.read(2**16)


def _wait(process: subprocess.Popen[bytes], interrupted: Callable[[], bool]) -> bool:
    """Wait for a process; end it on an interrupt, and say so."""
    ended = False
    while True:
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            if interrupted() and not ended:
                process.terminate()  # git takes its locks away then
                ended = True
        else:
            return ended or interrupted()


def _listen(source: IO[bytes], said: deque[bytes]) -> None:
    """Keep what is said, the last of it where that is much."""
    size = 0
    with source:
        while part := os.read(source.fileno(), 2**16):
            said.append(part)
            size += len(part)
            while size > _MOST_WORDS:
                size -= len(said.popleft())


def _write_down(note: str, number: int) -> None:
    descriptor = os.open(f"{note}.new", CREATE_NEW, 0o600)
    try:
        write_all(descriptor, f"{number} {_started(number) or ''}".encode())
    finally:
        os.close(descriptor)
    replace(f"{note}.new", note)


def _noted(note: str) -> str:
    try:
        return read_file(note).decode(errors="replace")
    except OSError:
        return ""


def _started(number: int) -> str | None:
    """Give when a process started, in the system's own words; None when it is no more."""
    if _HAS_PROC:
        try:
            fields = read_proc(f"/proc/{number}/stat").rpartition(b") ")[2].split()
        except OSError:
            return None
        return None if fields[0] in (b"Z", b"X") else fields[19].decode()
    if os.name == "nt":
        return None
    done = subprocess.run(("/bin/ps", "-o", "stat=,lstart=", "-p", str(number)), capture_output=True, check=False)  # noqa: S603 - the system's own
    state, _, started = done.stdout.decode(errors="replace").strip().partition(" ")
    return started.strip() if started and not state.startswith("Z") else None
