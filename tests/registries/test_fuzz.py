"""Whatever JSON a registry answers: no observer stumbles, and none says verified but of the candidate's very digest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.config import RegistriesConfig
from lockstep.evidence.github import Api
from lockstep.evidence.http import Answer, Http, Server
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.observing import Question, observe
from lockstep.release.candidate import Artifact, Candidate, Registry
from lockstep.release.listing import digest_of
from lockstep.release.observation import State
from tests.conftest import examples
from tests.registries.conftest import CRATE, ONE, TARBALL, WHEEL
from tests.registries.test_github import ASSET

REAL: dict[Registry, list[Any]] = {
    Registry.CRATES_IO: [
        {"dl": "https://crates.example.org/dl", "api": "https://crates.example.org"},
        {"name": CRATE.package, "vers": "1.0.0", "cksum": CRATE.sha256, "yanked": False},
        {"version": {"crate": CRATE.package, "num": "1.0.0", "checksum": CRATE.sha256, "yanked": False}},
    ],
    Registry.PYPI: [
        {"name": "egg-core", "files": [{"filename": WHEEL.name, "hashes": {"sha256": WHEEL.sha256}, "yanked": False}]},
        {"info": {"name": "egg-core", "version": "1.0.0"}, "urls": [{"filename": WHEEL.name, "digests": {"sha256": WHEEL.sha256}, "yanked": False}]},
    ],
    Registry.NPM: [
        {"name": TARBALL.package, "versions": {"1.0.0": {"name": TARBALL.package, "version": "1.0.0", "dist": {"integrity": TARBALL.integrity}}}},
        {"name": TARBALL.package, "version": "1.0.0", "dist": {"integrity": TARBALL.integrity}},
    ],
    Registry.GITHUB: [
        [{"id": 1, "tag_name": "v1.0.0", "draft": False, "html_url": "https://github.com/x"}],
        [{"id": 1, "name": ASSET.name, "state": "uploaded", "digest": f"sha256:{ASSET.sha256}"}],
        [{"ref": "refs/tags/v1.0.0", "object": {"type": "commit", "sha": "c" * 40}}],
    ],
}
WHERE = addresses(RegistriesConfig(crates_io="https://crates.example.org"), {}, "/nowhere")
some = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from([CRATE.package, "1.0.0", "v1.0.0", WHEEL.name]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(["name", "version", "files", "dist", "id"]), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoilt(draw: st.DrawFn, whole: list[Any]) -> object:
    """Give what a registry may answer, with a value in it changed, or left out, or something else altogether."""
    body = json.loads(json.dumps(draw(st.sampled_from(whole))))
    if draw(st.integers(0, 9)) == 0:
        return draw(some)
    places: list[tuple[Any, Any]] = []

    def walk(one: object) -> None:
        if isinstance(one, dict | list):
            for key in [*one] if isinstance(one, dict) else range(len(one)):
                places.append((one, key))
                walk(one[key])

    walk(body)
    for _ in range(draw(st.integers(0, 2))):
        table, key = draw(st.sampled_from(places))
        if isinstance(table, dict) and draw(st.booleans()):
            table.pop(key, None)
        elif isinstance(table, list) or key in table:
            table[key] = draw(some)
    return body


class Answers:
    """Stands in for the client: each request is answered with the next of some answers, the last for ever."""

    def __init__(self, answers: list[tuple[int, bytes]]) -> None:
        self.answers = answers
        self.requests = 0

    async def get(self, what: str, server: Server, path: str, read: Callable[[Answer], object], **options: object) -> object:
        del what, options
        self.requests += 1
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return read(Answer(status=status, headers={}, body=body, url=f"{server.url}{path}"))


def answers(registry: Registry) -> st.SearchStrategy[list[tuple[int, bytes]]]:
    bodies = st.builds(lambda body: json.dumps(body).encode(), spoilt(REAL[registry]))
    return st.lists(st.tuples(st.sampled_from([200, 200, 200, 404, 302, 500]), bodies), min_size=1, max_size=4)


@pytest.mark.parametrize("one", [*ONE.values(), ASSET], ids=[*map(str, ONE), "github"])
@settings(max_examples=examples(300), deadline=None)
@given(data=st.data())
def test_no_answer_is_stumbled_over(one: Artifact, data: st.DataObject) -> None:
    given_ = data.draw(answers(one.registry))
    candidate = Candidate(tag="v1.0.0", commit="c" * 40, group="main", versions={}, artifacts=(one,))
    on_github = one.registry is Registry.GITHUB
    question = Question(candidate=candidate, addresses=WHERE, api=Api(url="https://api.github.com"), slug="spam/eggs" * on_github, on_github=on_github)
    stated = b"".join(body for _, body in given_)
    asked = Answers([*given_])
    found = asyncio.run(observe(cast("Http", asked), question))
    [seen] = found.observations
    if seen.state in (State.VERIFIED, State.PENDING, State.YANKED) and seen.digest:
        assert seen.digest == digest_of(one)
        assert seen.digest.encode() in stated
    assert seen.state is not State.ABSENT or all(status in (200, 404) for status, _ in given_[: asked.requests])
    assert seen.why or seen.state in (State.ABSENT, State.VERIFIED)
