"""What registries own already of a version that is about to be sealed: asked for file by file, and its bytes read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from lockstep.evidence.http import Digests, Http
from lockstep.evidence.registries import crates_io
from lockstep.evidence.registries.observing import PATIENCE, Question, observe
from lockstep.evidence.registries.serving import Serving
from lockstep.release.candidate import Artifact, Registry
from lockstep.release.observation import Observation, State
from lockstep.release.served import ServedFile
from lockstep.workflow.commit_runs import Unseen

MOST_KEPT = 2 * 2**30
"""Bytes of all files together that take the place of built ones."""
DOWNLOADS = 900.0
"""Seconds in which files are read."""


def served_files(question: Question, is_owed: Callable[[Registry, str], Artifact | None], say: Callable[[str], None]) -> Sequence[ServedFile]:
    """Ask registries for the candidate's files, and for others of the same versions; `is_owed` gives the artifact of one that the release owes too."""

    async def ask() -> Sequence[ServedFile]:
        crates = sum(one.registry is Registry.CRATES_IO for one in question.candidate.artifacts)
        async with Http(time.monotonic() + PATIENCE + DOWNLOADS + crates * crates_io.PACE, say) as http:
            seen = await observe(http, question)
            built = {one.id: one for one in question.candidate.artifacts}
            found: list[tuple[Artifact | None, Observation]] = [(built[one.artifact], one) for one in seen.observations if one.state is not State.ABSENT]
            for one in seen.others:
                registry, _, name = one.artifact.partition(":")
                found.append((is_owed(Registry(registry), name), one))
            wanted = [artifact for artifact, _ in found if artifact is not None]
            serving = await Serving.of(http, question.addresses, wanted)
            left = [MOST_KEPT]
            return await asyncio.gather(*(_read(serving, artifact, one, left) for artifact, one in found))

    return asyncio.run(ask())


async def _read(serving: Serving, artifact: Artifact | None, seen: Observation, left: list[int]) -> ServedFile:
    name = artifact.name if artifact is not None else seen.artifact.partition(":")[2]
    if artifact is None or seen.state in (State.UNSEEN, State.PENDING):
        return ServedFile(name=name, observation=seen, artifact=artifact, unseen=seen.why if artifact is not None else "")
    kept = seen.state is not State.VERIFIED
    found = await serving.file(artifact, kept=kept)
    if isinstance(found, Digests):
        left[0] -= len(found.body)
        if left[0] < 0:
            return ServedFile(name=name, observation=seen, artifact=artifact, unseen=f"all files together are larger than {MOST_KEPT // 2**30} GiB")
        digest = found.integrity if artifact.registry is Registry.NPM else found.sha256
        return ServedFile(name=name, observation=seen, artifact=artifact, digest=digest, body=found.body if kept else None)
    assert isinstance(found, Unseen)
    return ServedFile(name=name, observation=seen, artifact=artifact, unseen=f"{found.what}: {found.why}")
