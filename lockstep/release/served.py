"""A file of a release that a registry owns already: what it serves is the truth, and takes the place of what was built."""

from __future__ import annotations

from lockstep.dataclass import dataclass, field
from lockstep.release.candidate import Artifact
from lockstep.release.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFile:
    """A file that a registry has of this version, or may have: what was observed of it, and the digest of the bytes that it serves.

    `digest` is npm's integrity or SHA-256, "" where they could not be read, and `unseen` says why. `body` are the bytes, where they are not those of the
    built file. `artifact` is None for a file that the release does not owe.
    """

    name: str
    observation: Observation
    artifact: Artifact | None = None
    digest: str = ""
    body: bytes | None = field(default=None, repr=False)
    unseen: str = ""

    @property
    def is_other(self) -> bool:
        """Whether its bytes are other ones than those that the registry states."""
        return bool(self.digest and self.observation.digest and self.digest != self.observation.digest)
