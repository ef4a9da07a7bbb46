"""A crate of the candidate is packed once more by cargo, with what it needs, and its bytes are compared: before any token is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lockstep.acts import crates_io
from lockstep.app.release_publish import chosen, crate_upload
from lockstep.app.release_status import StatusRequest, prepared
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.release.candidate import Artifact, ArtifactKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of it: the crates that were packed together, and why one of them is not the candidate's, "" where all are."""

    artifact: Artifact
    packed: tuple[Artifact, ...]
    why: str


def prove(artifact: str, request: StatusRequest, environment: Mapping[str, str], say: Callable[[str], None], *, builds: bool = True) -> Proof:
    """Pack a crate with those that it needs. With `builds` cargo builds what it packed, and runs code of the repository.

    Raises: UsageError for what is no crate; LockstepError where there is no candidate, no work tree, or no cargo.
    """
    asked = prepared(request, environment, say)
    one = chosen(asked.question.candidate, artifact)
    if one.kind is not ArtifactKind.CRATE:
        raise UsageError(f"{one.id} is no crate", help="wheels and tarballs differ from build to build: seal proves what they are")
    crates = crates_io.closure(asked.question.candidate, one)
    why = crates_io.packed(crate_upload(asked, one, {}), crates, environment, () if builds else ("--no-verify",))
    return Proof(artifact=one, packed=tuple(crates), why=why)
