"""Is a release what it claims to be, by what everybody can see? Evidence: a PublishedRelease. Each rule has `ask`, which gives every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lockstep.release.answer import Answer, proven, refuted, unseen
from lockstep.release.candidate import Artifact
from lockstep.release.published import Provenance, PublishedRelease

NAMES = (
    "docs_not_built",
    "published_attestation_missing",
    "published_bytes_differ",
    "published_commit_differs",
    "published_environment_differs",
    "published_file_foreign",
    "published_file_missing",
    "published_file_yanked",
    "published_release_hidden",
    "published_release_mutable",
    "published_repository_differs",
    "published_signature_broken",
    "published_tag_moved",
    "published_workflow_differs",
)

HELP = "find out who published it: its registry's page of this version names the run; yank it if it is not yours"


def witnesses(
    release: PublishedRelease, rule: str, what: str, told: Callable[[Provenance], str], differs: Callable[[Artifact, str], str], *, promised: bool = True
) -> Iterator[Answer]:
    """Compare what witnesses say of each file with what is expected: `differs` says what that is where it is not so, "" where it is.

    A witness that could not be asked is an answer of its own, and so is a file of which nobody tells; `promised` says that somebody should where the
    release was to be attested, or published by a trusted publisher.
    """
    for one in release.files:
        said = [(witness, text) for witness in one.provenances if not witness.of_other and (text := told(witness))]
        wrong = [(witness, text, expected) for witness, text in said if (expected := differs(one.artifact, text))]
        for witness, text, expected in wrong:
            yield refuted(rule, one.id, f"{witness.witness} says {text}, expected {expected}", HELP, witness.endpoint)
        if said and not wrong:
            yield proven(rule, one.id, f"{', '.join(dict.fromkeys(witness.witness for witness, _ in said))}: {said[0][1]}", said[0][0].endpoint)
        for silence in one.silences:
            if silence.unseen:
                yield unseen(rule, one.id, f"{silence.witness} could not be asked: {silence.unseen}", silence.shows or "ask again", silence.endpoint)
        if not said and not any(silence.unseen for silence in one.silences):
            asked = ", ".join(dict.fromkeys([*(each.witness for each in one.silences), *(each.witness for each in one.provenances)])) or "nobody"
            owed = promised and one.artifact.registry in release.promise.attested | release.promise.recorded
            yield unseen(rule, one.id, f"nobody tells its {what} (asked: {asked})", "trusted publishing, or an attestation of the build", owed=owed)


def first_told(release: PublishedRelease, told: Callable[[Provenance], str]) -> str:
    """Give what the first witness says that says anything: where nothing else is expected, all must say the same."""
    return next((text for one in release.files for witness in one.provenances if not witness.of_other and (text := told(witness))), "")
