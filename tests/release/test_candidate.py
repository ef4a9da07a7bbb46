"""A candidate is the same bytes for the same files, and is refused when it is not what it was."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from lockstep.dataclass import replace
from lockstep.release.candidate import Artifact, ArtifactKind, Beside, Candidate, CandidateError, Origin, Registry, read, sums, written
from lockstep.release.graph import circle_in
from lockstep.release.owed import Standing, standing_beside


def artifact(name: str, registry: Registry = Registry.CRATES_IO, *needs: str, package: str = "egg") -> Artifact:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Artifact(
        registry=registry, package=package, version="1.0.0", name=name, kind=ArtifactKind.CRATE, size=7, sha256=digest, needs=needs, origin=Origin.BUILT
    )


CRATE = artifact("egg-1.0.0.crate")
WHEEL = artifact("egg-1.0.0-py3-none-any.whl", Registry.PYPI, CRATE.id)
TARBALL = replace(artifact("egg-1.0.0.tgz", Registry.NPM, package="@spam/egg"), integrity="sha512-x", kind=ArtifactKind.NPM)
CANDIDATE = Candidate(
    tag="v1.0.0",
    commit="0" * 40,
    group="main",
    versions={"python:egg": "1.0.0", "cargo:egg": "1.0.0"},
    artifacts=(CRATE, WHEEL, TARBALL),
    attestations=("egg.sigstore.json",),
)


def test_it_is_read_as_it_was_written() -> None:
    again = read(written(CANDIDATE))
    assert {one.id for one in again.artifacts} == {"crates.io:egg-1.0.0.crate", "pypi:egg-1.0.0-py3-none-any.whl", "npm:@spam/egg/egg-1.0.0.tgz"}
    assert written(again) == written(CANDIDATE)


def test_a_part_of_a_release_says_what_may_be_beside_it() -> None:
    beside = (
        Beside(registry=Registry.PYPI, package="Spam", kind=ArtifactKind.WHEEL, interpreter="cp310", abi="abi3", system="linux", architecture="x86_64"),
        Beside(registry=Registry.PYPI, package="ham"),
    )
    candidate = replace(CANDIDATE, beside=beside)
    assert set(read(written(candidate)).beside or ()) == set(beside)
    assert '"beside"' not in written(CANDIDATE)
    assert read(written(replace(CANDIDATE, beside=()))).beside == ()
    for name, wanted in {
        "spam-1.0-cp310-abi3-manylinux_2_17_x86_64.whl": Standing.OWED,
        "spam-1.0-cp310-abi3-win_amd64.whl": Standing.FOREIGN,
        "ham-1.0-py3-none-any.whl": Standing.UNTOLD,
        "eggs-1.0-py3-none-any.whl": Standing.FOREIGN,
        "nonsense.exe": Standing.FOREIGN,
    }.items():
        assert (standing_beside(candidate, name), standing_beside(CANDIDATE, name)) == (wanted, Standing.FOREIGN), name


def test_the_order_in_which_files_are_found_says_nothing() -> None:
    shuffled = list(CANDIDATE.artifacts)
    random.Random(7).shuffle(shuffled)
    other = replace(CANDIDATE, artifacts=tuple(shuffled), versions=dict(reversed(list(CANDIDATE.versions.items()))))
    assert (written(other), sums(other)) == (written(CANDIDATE), sums(CANDIDATE))


def test_the_sums_are_those_that_sha256sum_reads() -> None:
    assert sums(CANDIDATE).splitlines()[1] == f"{CRATE.sha256}  egg-1.0.0.crate"


def spoilt(change: Callable[[dict[str, Any]], None], *, sealed: bool) -> str:
    """Give a candidate by another hand, with or without a digest of its own."""
    body = json.loads(written(CANDIDATE))
    digest = body.pop("digest")
    change(body)
    own = hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return json.dumps({**body, "digest": own if sealed else digest})


CHANGES: tuple[tuple[str, Callable[[dict[str, Any]], object]], ...] = (
    ("stands there twice", lambda body: body["artifacts"].append(body["artifacts"][0])),
    ("is no file name", lambda body: body["artifacts"][0].update(name="../egg.crate")),
    ("is no SHA-256 digest", lambda body: body["artifacts"][0].update(sha256="0")),
    ("is no size", lambda body: body["artifacts"][0].update(size=True)),
    ("is no commit id", lambda body: body.update(commit="main")),
    ("which is not there", lambda body: body["artifacts"][0].update(needs=["pypi:ham"])),
    ("these need each other", lambda body: body["artifacts"][0].update(needs=[WHEEL.id])),
    ("is not a valid Registry", lambda body: body["artifacts"][0].update(registry="else")),
    ("surrogates not allowed", lambda body: body["artifacts"][0].update(package="\ud800")),
    ("is no text", lambda body: body.update(tag=1)),
    ("it is not written as lockstep writes it", lambda body: body.update(more=1)),
    ("'group'", lambda body: body.pop("group")),
    ("versions is no table", lambda body: body.update(versions=[])),
    ("SHA256SUMS is a file of the release", lambda body: body.update(attestations=["SHA256SUMS"])),
    ("and no attestation", lambda body: body.update(attestations=[body["artifacts"][0]["name"]])),
    ("is no file name", lambda body: body.update(attestations=["../credentials"])),
    ("expected 1", lambda body: body.update(schema=2)),
)


@pytest.mark.parametrize(("said", "change"), CHANGES, ids=[said for said, _ in CHANGES])
def test_another_hand_is_refused(said: str, change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(CandidateError, match=said):
        read(spoilt(change, sealed=True))
    if said != "expected 1":
        with pytest.raises(CandidateError, match="it was changed after it was made"):
            read(spoilt(change, sealed=False))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"schema": 1}'])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(CandidateError):
        read(text)


def test_a_circle_is_found_where_there_is_one() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"d", "b"}, "d": set()}) == ("b", "c")
    assert circle_in({"a": {"b", "c"}, "b": {"c"}, "c": {"elsewhere"}}) is None
    deep = {str(number): {str(number + 1)} for number in range(50_000)}
    assert circle_in(deep) is None
