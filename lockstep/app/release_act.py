"""What every act of a release shares: how it starts, when it must not go on, and how it ends with a look."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from lockstep.app.release_status import Asked
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.evidence.http import Http
from lockstep.release.acted import Acted, Outcome
from lockstep.release.candidate import Artifact, CandidateError, Registry
from lockstep.release.observation import Observation, State
from lockstep.release.planner import Act
from lockstep.release.status import Status

SECONDS = 900.0
"""Seconds that sending one file may take."""
POLL = 5.0
"""Seconds between two looks at what was sent."""
LARGEST_FILE = 2 * 2**30
"""Bytes of the largest file that is sent."""
FOLDERS = ("dist", "target/package", "target/wheels")
"""Where built files are looked for."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file's bytes, which are the candidate's, and where they lie."""

    path: str
    data: bytes


REBUILT = (
    'was this run started by "Re-run all jobs"? Then the files were built again, and are others than those of the draft: delete the draft on GitHub, and'
    ' "Re-run failed jobs" takes from the registries what they own already'
)
"""The way out where GitHub's draft has other bytes than the candidate."""


def stopped(act: Act, subject: str, status: Status) -> Acted | None:
    """Say that a conflict stops everything, where there is one."""
    if not status.plan.conflicts:
        return None
    first = status.plan.conflicts[0]
    why = f"nothing is uploaded anywhere until the conflict is decided: {first.artifact}: {first.why}"
    help_ = REBUILT if first.artifact.startswith(f"{Registry.GITHUB}:") else ""
    return Acted(act=act, subject=subject, outcome=Outcome.REFUSED, why=why, help=help_, status=status)


def without_tag(act: Act, subject: str, status: Status) -> Acted | None:
    """Say that the tag is not on GitHub, where GitHub itself says so: what is published then is of a commit that nobody can look up."""
    for one in status.others:
        if one.state is State.ABSENT:
            why = f"the tag {status.candidate.tag} is not on GitHub, where everybody looks for the commit that this release is of: nothing is uploaded"
            help_ = f"push it: git push origin {status.candidate.tag}; --no-github is for a project that is not on GitHub"
            return Acted(act=act, subject=subject, outcome=Outcome.WAITING, why=why, help=help_, status=status)
    return None


def bytes_of(artifact: Artifact, folders: list[str], named: str = "") -> Held:
    """Read a file of the candidate, once: `named` is where it lies, else it is looked for in `folders`.

    Raises: UsageError where it is not there; CandidateError that names both digests where it is not the candidate's.
    """
    path = named or found_in(artifact.name, folders)
    data = read_file(path)
    if (digest := hashlib.sha256(data).hexdigest()) != artifact.sha256:
        said = f"{artifact.name} has sha256 {digest}, and the candidate's is {artifact.sha256}"
        raise CandidateError(f"{said}: nothing is uploaded", path=path, help="it was built again: take the file that was sealed, or seal again")
    return Held(path=path, data=data)


def found_in(name: str, folders: list[str]) -> str:
    """Find a file in the first folder that has it.

    Raises: UsageError where none has.
    """
    path = next((one for folder in folders if os.path.isfile(one := os.path.join(folder, name))), None)
    if path is None:
        raise UsageError(f"there is no file {name} in {', '.join(dict.fromkeys(folders))}", help="name its folder: --dist DIR")
    return path


def read_file(path: str) -> bytes:
    """Read a file that is sent.

    Raises: UsageError where it cannot be read, or is too large.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or 'error').lower()}", help="name another file") from None
    if len(data) > LARGEST_FILE:
        raise UsageError(f"{path} is larger than {LARGEST_FILE // 2**30} GiB", help="GitHub and the registries take none that large")
    return data


def beside(path: str, ending: str) -> Iterator[bytes]:
    """Read the files beside a file that have its name and more, up to an ending, by their names.

    Raises: UsageError for what has such a name and is no file: to leave it out would publish without it.
    """
    folder, name = os.path.split(path)
    for one in sorted(os.listdir(folder or os.curdir)):
        if one.startswith(f"{name}.") and one.endswith(ending):
            found = os.path.join(folder, one)
            if not os.path.isfile(found):
                raise UsageError(f"{found} is no regular file, and its name is that of an attestation", help="take it away, or put the attestation there")
            yield read_file(found)


def searched(given: str | None, asked: Asked) -> list[str]:
    """Give the folders in which built files are looked for."""
    if given is not None:
        return [given]
    root = str(asked.opened.repository.root or ".") if asked.opened is not None else "."
    source = os.path.dirname(asked.source) if os.path.isfile(asked.source) else "."
    return [source or ".", *(os.path.normpath(os.path.join(root, one)) for one in FOLDERS)]


def told(send: Callable[[Http], Awaitable[T]], say: Callable[[str], None]) -> T:
    """Run what sends, with a client that has a limit of time."""

    async def run() -> T:
        async with Http(time.monotonic() + SECONDS, say) as http:
            return await send(http)

    return asyncio.run(run())


def looked_again(asked: Asked, subject: str, wait: float, say: Callable[[str], None]) -> tuple[Status, Observation | None]:
    """Look at what was sent, until everybody sees it, or other bytes are there, or `wait` seconds are over."""
    end = time.monotonic() + wait
    while True:
        status = asked.look(say)
        seen = next((one for one in status.observations if one.artifact == subject), None)
        state = State.UNSEEN if seen is None else seen.state
        left = end - time.monotonic()
        if state not in (State.ABSENT, State.PENDING, State.UNSEEN) or status.plan.conflicts or left <= 0:
            return status, seen
        time.sleep(min(POLL, left))
