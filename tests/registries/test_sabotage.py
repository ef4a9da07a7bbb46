"""Forty ways in which somebody may meddle with a release between two of its steps: each stops before anything further is uploaded, and is told in full.

Told in full: the file, both digests where there are two, and the way out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lockstep.dataclass import replace
from lockstep.release.candidate import FILE, SUMS, ArtifactKind, Candidate, Origin, Registry, sums, written
from tests.conftest import Repo, Result, Run, part
from tests.gate.releases import Release, ReleaseHandler, ReleaseHub
from tests.gate.standin import serve
from tests.registries.acting import COMMIT, OF_TARBALL, OF_WHEEL, TARBALL, TOKENS, WHEEL, Acting, repo, sha256, tarball, uploads, wheel
from tests.registries.conftest import World, artifact

__all__ = ("repo",)
CRATE = artifact(Registry.CRATES_IO, "egg-core", "egg-core-1.0.0.crate", ArtifactKind.CRATE, b"crate")
ZIP = artifact(Registry.GITHUB, "egg", "egg.zip", ArtifactKind.ASSET, b"zip")
ATTESTATION = f"{OF_WHEEL.name}.publish.attestation"
CANDIDATE = Candidate(
    tag="v1.0.0",
    commit=COMMIT,
    group="main",
    versions={},
    artifacts=(CRATE, replace(OF_WHEEL, needs=(CRATE.id,)), replace(OF_TARBALL, needs=(OF_WHEEL.id,)), ZIP),
)
BUILT = {OF_WHEEL.name: WHEEL, OF_TARBALL.name: TARBALL, ZIP.name: b"zip"}
OTHER = "d" * 40


class Scene:
    """A release that is on its way, and all that can be meddled with."""

    def __init__(self, acting: Acting, world: World, hub: ReleaseHub, patch: pytest.MonkeyPatch) -> None:
        self.acting, self.world, self.hub, self.patch = acting, world, hub, patch

    @property
    def draft(self) -> Release:
        return self.hub.releases[0]

    def seal(self, candidate: Candidate, **built: bytes) -> None:
        self.acting.seal(candidate, {**BUILT, **{name.replace("__", "."): data for name, data in built.items()}})

    def file(self, path: str, data: bytes | str) -> None:
        self.acting.repo.write({path: data})

    def path(self, path: str) -> Path:
        return self.acting.repo.path(path)

    def asset(self, name: str, data: bytes) -> None:
        self.draft.assets = [one for one in self.draft.assets if one.name != name]
        self.draft.add(name, data)

    def sent(self) -> list[str]:
        return [*uploads(self.world), *(f"{method} {path}" for method, path, _, _ in self.hub.sent)]

    def wheel_is(self, **changed: Any) -> Candidate:  # noqa: ANN401 - the fields of an artifact
        """Give the candidate with another wheel."""
        return replace(CANDIDATE, artifacts=(CRATE, replace(CANDIDATE.artifacts[1], **changed), *CANDIDATE.artifacts[2:]))


@dataclass(frozen=True)
class Sabotage:
    """What somebody does when so many acts are done, which acts are tried then, and what is said, in each of them.

    `acts` of None are all that are left.
    """

    does: Callable[[Scene], object]
    says: tuple[str, ...]
    after: int = 1
    acts: tuple[int, ...] | None = None
    code: int = 1


def together(*does: Callable[[Scene], object]) -> Callable[[Scene], object]:
    """Do one thing after the other."""

    def all_of(scene: Scene) -> None:
        for one in does:
            one(scene)

    return all_of


def integrity(data: bytes) -> str:
    return f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}"


def edited(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def attestation(digest: str) -> str:
    statement = json.dumps({"subject": [{"name": OF_WHEEL.name, "digest": {"sha256": digest}}]}).encode()
    return json.dumps({"version": 1, "envelope": {"statement": base64.b64encode(statement).decode(), "signature": ""}})


REBUILT, AGAIN, THEIRS = wheel(mark=" again"), tarball(main="x.js"), b"theirs"
SPARE = OF_WHEEL.name.replace("py3-none", "cp311-cp311")
PUBLISH_WHEEL, PUBLISH_NPM, STAGE, OPEN = 1, 2, 0, 3
"""Acts by their place: `stage`, the wheel, the tarball, `open`."""
BY_OTHER_REGISTRY = tarball(publishConfig={"registry": "https://npm.example.org/"})
SABOTAGES: dict[str, Sabotage] = {
    # ---- the candidate
    "candidate-edited": Sabotage(
        lambda at: at.file(FILE, edited(written(CANDIDATE), OF_WHEEL.sha256, sha256(REBUILT))),
        (FILE, "its digest is", "and that of its content is", "take the one that was sealed"),
    ),
    "candidate-cut": Sabotage(lambda at: at.file(FILE, written(CANDIDATE)[:-40]), (FILE, "this is no JSON", "lockstep release seal makes one")),
    "candidate-gone": Sabotage(
        together(lambda at: at.path(FILE).unlink(), lambda at: at.patch.setenv("BY_PLACE", "1")),
        (f"there is no {FILE} here", "name the tag, or the file of a candidate"),
        code=2,
    ),
    "candidate-of-another-commit": Sabotage(
        lambda at: at.file(FILE, written(replace(CANDIDATE, commit=OTHER))), ("tag v1.0.0", COMMIT, OTHER, "seal again from the tag's commit")
    ),
    "candidate-of-another-wheel": Sabotage(
        lambda at: at.seal(at.wheel_is(sha256=sha256(REBUILT)), **{OF_WHEEL.name.replace(".", "__"): REBUILT}),
        (FILE, sha256(written(CANDIDATE).encode()), "delete that asset, or seal again with it"),
    ),
    "candidate-swapped-on-the-draft": Sabotage(
        lambda at: at.asset(FILE, written(replace(CANDIDATE, group="other")).encode()),
        (FILE, sha256(written(CANDIDATE).encode()), sha256(written(replace(CANDIDATE, group="other")).encode()), "delete that asset"),
    ),
    "candidate-of-another-release-on-the-draft": Sabotage(
        together(lambda at: at.path(FILE).unlink(), lambda at: at.asset(FILE, written(replace(CANDIDATE, tag="v2.0.0")).encode())),
        ("v1.0.0", "v2.0.0", "the asset was attached to the wrong release"),
    ),
    "candidate-and-sums-swapped-on-the-draft": Sabotage(
        together(lambda at: at.path(FILE).unlink(), lambda at: at.asset(FILE, written(at.wheel_is(sha256=sha256(REBUILT))).encode())),
        (SUMS, sha256(sums(CANDIDATE).encode()), "delete that asset"),
    ),
    "candidate-removed-from-the-draft": Sabotage(
        together(lambda at: at.path(FILE).unlink(), lambda at: setattr(at.draft, "assets", at.draft.assets[:-1])),
        ("v1.0.0", FILE, "lockstep release seal makes it"),
        code=2,
    ),
    "need-taken-out": Sabotage(
        lambda at: at.file(FILE, edited(written(CANDIDATE), f'"{CRATE.id}"\n', "")), (FILE, "its digest is", "lockstep release seal"), code=1
    ),
    # ---- the files
    "wheel-built-again": Sabotage(
        lambda at: at.file(f"dist/{OF_WHEEL.name}", REBUILT),
        (OF_WHEEL.name, OF_WHEEL.sha256, sha256(REBUILT), "take the file that was sealed"),
        acts=(PUBLISH_WHEEL,),
    ),
    "wheel-cut": Sabotage(
        lambda at: at.file(f"dist/{OF_WHEEL.name}", WHEEL[:-9]), (OF_WHEEL.name, OF_WHEEL.sha256, sha256(WHEEL[:-9]), "seal again"), acts=(PUBLISH_WHEEL,)
    ),
    "wheel-linked-elsewhere": Sabotage(
        together(
            lambda at: at.file("other", REBUILT),
            lambda at: at.path(f"dist/{OF_WHEEL.name}").unlink(),
            lambda at: at.path(f"dist/{OF_WHEEL.name}").symlink_to(at.path("other")),
        ),
        (OF_WHEEL.name, OF_WHEEL.sha256, sha256(REBUILT), "take the file that was sealed"),
        acts=(PUBLISH_WHEEL,),
    ),
    "wheel-gone": Sabotage(lambda at: at.path(f"dist/{OF_WHEEL.name}").unlink(), (OF_WHEEL.name, "--dist DIR"), acts=(PUBLISH_WHEEL,), code=2),
    "wheel-is-a-folder": Sabotage(
        together(lambda at: at.path(f"dist/{OF_WHEEL.name}").unlink(), lambda at: at.path(f"dist/{OF_WHEEL.name}").mkdir()),
        (OF_WHEEL.name, "--dist DIR"),
        acts=(PUBLISH_WHEEL,),
        code=2,
    ),
    "tarball-built-again": Sabotage(
        lambda at: at.file(f"dist/{OF_TARBALL.name}", AGAIN),
        (OF_TARBALL.name, OF_TARBALL.sha256, sha256(AGAIN), "take the file that was sealed"),
        after=2,
        acts=(PUBLISH_NPM,),
    ),
    "asset-built-again": Sabotage(
        lambda at: at.file("dist/egg.zip", b"again"), ("egg.zip", ZIP.sha256, sha256(b"again"), "take the file that was sealed"), after=0, acts=(STAGE,)
    ),
    "wheel-of-another-package": Sabotage(
        together(lambda at: at.hub.releases.clear(), lambda at: at.seal(at.wheel_is(package="other"))),
        (OF_WHEEL.name, "egg-core 1.0.0", "other 1.0.0", "seal again"),
        acts=(PUBLISH_WHEEL,),
    ),
    "attestation-of-another-file": Sabotage(
        lambda at: at.file(f"dist/{ATTESTATION}", attestation(sha256(REBUILT))),
        (OF_WHEEL.name, OF_WHEEL.sha256, sha256(REBUILT), "take it away"),
        acts=(PUBLISH_WHEEL,),
    ),
    "attestation-cut": Sabotage(
        lambda at: at.file(f"dist/{ATTESTATION}", attestation(OF_WHEEL.sha256)[:-9]), (OF_WHEEL.name, "cannot be read", "take it away"), acts=(PUBLISH_WHEEL,)
    ),
    "tarball-for-another-registry": Sabotage(
        together(
            lambda at: at.hub.releases.clear(),
            lambda at: at.seal(
                replace(
                    CANDIDATE,
                    artifacts=(*CANDIDATE.artifacts[:2], replace(artifact(Registry.NPM, "@spam/egg", OF_TARBALL.name, ArtifactKind.NPM, BY_OTHER_REGISTRY))),
                ),
                **{OF_TARBALL.name.replace(".", "__"): BY_OTHER_REGISTRY},
            ),
        ),
        ("@spam/egg", "names another registry", "publishConfig"),
        after=2,
        acts=(PUBLISH_NPM,),
    ),
    # ---- the registries
    "wheel-published-by-somebody-else": Sabotage(
        lambda at: at.world.publish(OF_WHEEL, THEIRS), (OF_WHEEL.name, OF_WHEEL.sha256, sha256(THEIRS), "bump to the next version")
    ),
    "wheel-published-and-not-shown-yet": Sabotage(
        together(lambda at: at.world.publish(OF_WHEEL, THEIRS), lambda at: at.world.pypi.stale.add(OF_WHEEL.name)),
        (OF_WHEEL.name, OF_WHEEL.sha256, sha256(THEIRS), "find out whose"),
    ),
    "tarball-published-by-somebody-else": Sabotage(
        lambda at: at.world.publish(OF_TARBALL, THEIRS), (OF_TARBALL.name, OF_TARBALL.integrity, integrity(THEIRS), "bump to the next version")
    ),
    "wheel-beside": Sabotage(
        lambda at: at.world.pypi.add(SPARE, "egg-core", "1.0.0", THEIRS), (SPARE, "the candidate does not have this file", "seal again with it"), after=2
    ),
    "crate-of-other-bytes": Sabotage(lambda at: at.world.publish(CRATE, THEIRS), (CRATE.name, CRATE.sha256, sha256(THEIRS), "bump to the next version")),
    "crate-yanked": Sabotage(lambda at: at.world.crates.yanked.add(("egg-core", "1.0.0")), (CRATE.name, "take the withdrawal back"), after=2),
    "wheel-yanked": Sabotage(lambda at: at.world.pypi.yanked.update({OF_WHEEL.name: "broken"}), (OF_WHEEL.name, "broken", "take the withdrawal back"), after=2),
    "tarball-deprecated": Sabotage(
        lambda at: at.world.npm.deprecated.update({("@spam/egg", "1.0.0"): "do not use"}), (OF_TARBALL.name, "do not use", "take the withdrawal back"), after=3
    ),
    "served-file-gone": Sabotage(
        together(
            lambda at: at.hub.releases.clear(),
            lambda at: at.seal(replace(CANDIDATE, artifacts=(replace(CRATE, origin=Origin.SERVED), *CANDIDATE.artifacts[1:]))),
            lambda at: at.world.crates.files.clear(),
            lambda at: at.world.crates.rows.clear(),
        ),
        (CRATE.name, "served this file when the candidate was made", "bump to the next version"),
    ),
    # ---- GitHub
    "asset-replaced": Sabotage(lambda at: at.asset("egg.zip", b"theirs"), ("egg.zip", ZIP.sha256, sha256(THEIRS), "delete that asset, or seal again with it")),
    "asset-replaced-at-last": Sabotage(
        lambda at: at.asset("egg.zip", b"theirs"), ("egg.zip", ZIP.sha256, sha256(THEIRS), "delete that asset, or seal again with it"), after=3
    ),
    "asset-beside": Sabotage(lambda at: at.asset("more.zip", b"theirs"), ("more.zip", "the candidate does not have this file", "delete that asset"), after=3),
    "sums-edited": Sabotage(
        lambda at: at.asset(SUMS, edited(sums(CANDIDATE), OF_WHEEL.sha256, sha256(REBUILT)).encode()),
        (SUMS, sha256(sums(CANDIDATE).encode()), sha256(edited(sums(CANDIDATE), OF_WHEEL.sha256, sha256(REBUILT)).encode()), "delete that asset"),
    ),
    "draft-made-public": Sabotage(
        lambda at: setattr(at.draft, "draft", False), (OF_TARBALL.name, "the release is public", "is published before anything else")
    ),
    "draft-made-public-half-way": Sabotage(
        lambda at: setattr(at.draft, "draft", False), (OF_TARBALL.name, "the release is public", "a release is opened only when all is verified"), after=2
    ),
    "another-draft": Sabotage(
        lambda at: at.hub.release("v1.0.0", draft=True),
        ("v1.0.0", "there are 2 releases of this tag", "delete the one that is not meant"),
        acts=(STAGE, OPEN),
        code=3,
    ),
    "tag-moved": Sabotage(lambda at: at.hub.refs.update({"v1.0.0": OTHER}), ("tag v1.0.0", COMMIT, OTHER, "the tag was moved")),
    "tag-replaced-by-an-object": Sabotage(
        together(lambda at: at.hub.refs.update({"v1.0.0": "e" * 40}), lambda at: at.hub.annotated.update({"e" * 40: OTHER})),
        ("tag v1.0.0", COMMIT, OTHER, "the tag was moved"),
        after=3,
    ),
    "tag-deleted": Sabotage(lambda at: at.hub.refs.clear(), ("v1.0.0", "git push origin v1.0.0"), code=3),
    "upload-broken-off": Sabotage(
        lambda at: setattr(at.draft.assets[0], "state", "starter"), ("egg.zip", "its upload has not ended, or broke off", "delete it there"), after=3, code=3
    ),
    # ---- the tokens
    "npm-token-for-another-host": Sabotage(
        lambda at: at.patch.setenv("NPM_CONFIG_REGISTRY", "https://registry.example.org/"),
        ("does not say that its token is for", "NPM_CONFIG_REGISTRY"),
        2,
        (PUBLISH_NPM,),
        2,
    ),
    "pypi-token-without-its-host": Sabotage(
        lambda at: at.patch.delenv("UV_PUBLISH_URL"), ("where 127.0.0.1 takes files", "UV_PUBLISH_URL"), 1, (PUBLISH_WHEEL,), 2
    ),
    "pypi-token-to-be-sent-in-the-clear": Sabotage(
        lambda at: at.patch.setenv("UV_PUBLISH_URL", "http://pypi.example.org/legacy/"),
        ("no address that a token may be sent to", "https"),
        1,
        (PUBLISH_WHEEL,),
        2,
    ),
    "token-of-two-lines": Sabotage(
        lambda at: at.patch.setenv("UV_PUBLISH_TOKEN", "pypi-x\nHost: example.org"),
        ("UV_PUBLISH_TOKEN", "characters that no token has", "set it anew"),
        1,
        (PUBLISH_WHEEL,),
        2,
    ),
}


@pytest.fixture
def scene(run: Run, repo: Repo, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with serve(ReleaseHub(refs={"v1.0.0": COMMIT}, writers={TOKENS["GH_TOKEN"]}, says_push=False), ReleaseHandler) as hub:
        monkeypatch.chdir(repo.root)
        for name, value in {
            **TOKENS,
            "UV_PUBLISH_URL": f"{world.pypi.url}/legacy/",
            "NPM_CONFIG_REGISTRY": f"{world.npm.url}/",
            "GITHUB_API_URL": hub.url,
        }.items():
            monkeypatch.setenv(name, value)
        made = Scene(Acting(run, repo, hub), world, hub, monkeypatch)
        repo.write({"pyproject.toml": '[project]\nname = "egg-core"\nversion = "1.0.0"\n'}).commit()
        made.seal(CANDIDATE)
        world.publish(CRATE, b"crate")
        yield made


LINES = (("stage",), ("publish", OF_WHEEL.id), ("publish", OF_TARBALL.id), ("open",))


def act(scene: Scene, number: int, code: int) -> Result:
    """Do one act; without a candidate at hand that of the tag is taken."""
    by_tag = not scene.path(FILE).exists() and "BY_PLACE" not in os.environ
    line = (*LINES[number], "v1.0.0") if by_tag else LINES[number]
    return scene.acting(*line, code=code)


def test_without_sabotage_a_release_goes_its_way(scene: Scene) -> None:
    for number in range(len(LINES)):
        act(scene, number, 0)
    assert not scene.draft.draft


@pytest.mark.parametrize("kind", SABOTAGES)
@part(2)
def test_sabotage_stops_everything_and_is_told(kind: str, scene: Scene) -> None:
    sabotage = SABOTAGES[kind]
    for number in range(sabotage.after):
        if number == PUBLISH_NPM and kind == "tarball-deprecated":
            scene.world.publish(OF_TARBALL, TARBALL)
        else:
            act(scene, number, 0)
    sabotage.does(scene)
    before = scene.sent()
    for number in sabotage.acts if sabotage.acts is not None else range(sabotage.after, len(LINES)):
        result = act(scene, number, sabotage.code)
        said = " ".join((result.out + result.err).split())
        assert scene.sent() == before, "something was sent"
        for one in sabotage.says:
            assert one in said, (LINES[number], one, said)
        assert "help: " in said, (LINES[number], said)


def test_there_are_forty() -> None:
    assert len(SABOTAGES) >= 40
    two_digests = [kind for kind, one in SABOTAGES.items() if sum(len(said) >= 40 for said in one.says) >= 2]
    assert len(two_digests) >= 15
