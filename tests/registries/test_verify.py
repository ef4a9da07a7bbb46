"""`release verify`: a release that is whole is proven, each thing that is wrong with it is refuted by its own rule, and what cannot be seen is told."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.dataclass import dataclass, replace
from lockstep.evidence import http
from lockstep.evidence.registries import addresses
from lockstep.evidence.signatures import Signatures
from lockstep.release.answer import Verdict
from lockstep.release.candidate import FILE, SUMS, Artifact, ArtifactKind, Candidate, Registry, sums, written
from lockstep.release.published import Signature
from lockstep.rules import rules as rules_of
from tests.attestations.made import build, bundle, certificate, claims, pep740, provenance, statement
from tests.conftest import Repo, Result, Run
from tests.gate.releases import Release, ReleaseHandler, ReleaseHub
from tests.gate.standin import serve, status
from tests.registries import standin
from tests.registries.conftest import World, artifact
from tests.rules.artifacts_made import crate, npm, wheel

PROJECT: dict[str, str | bytes] = {
    "Cargo.toml": '[workspace]\nmembers = ["core"]\n',
    "core/Cargo.toml": '[package]\nname = "spam-core"\nversion = "1.0.0"\nedition = "2021"\n',
    "core/src/lib.rs": "",
    "pyproject.toml": '[project]\nname = "spam"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n',
    "cli/package.json": '{"name": "@spam/cli", "version": "1.0.0"}\n',
    ".github/workflows/release.yml": """\
on:
  push:
    tags: ["v*"]
permissions: {}
jobs:
  crates:
    runs-on: ubuntu-latest
    environment: crates-io
    permissions: { id-token: write }
    steps:
      - uses: rust-lang/crates-io-auth-action@v1
      - run: cargo publish -p spam-core
  wheels:
    runs-on: ubuntu-latest
    environment: pypi
    permissions: { id-token: write }
    steps:
      - uses: pypa/gh-action-pypi-publish@v1
  npm:
    runs-on: ubuntu-latest
    permissions: { id-token: write }
    steps:
      - run: npm publish --provenance
""",
}


class Docs(standin.Registry):
    """docs.rs, which has built whatever is asked for unless `built` says otherwise."""

    built = True

    def reply(self, method: str, path: str, headers: standin.Headers, body: bytes) -> standin.Reply:  # noqa: ARG002 - one answer
        return 200, json.dumps({"doc_status": self.built, "version": "1.0.0"}).encode(), "application/json"


@dataclass(kw_only=True)
class Out:
    """A release that is out, everywhere, with all that proves it."""

    run: Run
    repo: Repo
    world: World
    hub: ReleaseHub
    docs: Docs
    release: Release
    candidate: Candidate
    crate: Artifact
    wheel: Artifact
    tarball: Artifact
    commit: str

    def __call__(self, *args: str, code: int) -> Result:
        return self.run("release", "verify", "v1.0.0", "--repository", self.hub.name, *args, repo=self.repo, code=code)

    def json(self, *args: str, code: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("--format", "json", *args, code=code).out)
        jsonschema.validate(found, json.loads(files("lockstep").joinpath("schemas/release.json").read_text()))
        return found

    def refuted(self, *args: str) -> set[str]:
        return {one["rule"] for one in self.json(*args, code=1)["answers"] if one["verdict"] == "refuted"}

    def missed(self, *args: str) -> list[dict[str, Any]]:
        return [one for one in self.json(*args, code=3)["answers"] if one["verdict"] == "not visible" and one["owed"]]

    def attest(self, one: Artifact, **said: str) -> None:
        """Let GitHub have an attestation of a file."""
        told = claims(**{"commit": self.commit, **said})
        payload = statement(one.name, one.sha256, build(told["commit"]))
        self.hub.attestations[f"sha256:{one.sha256}"] = [{"bundle": bundle(payload, certificate(**told)), "repository_id": 1, "bundle_url": ""}]

    def provide(self, one: Artifact, environment: str | None = "pypi", **said: str) -> None:
        """Let PyPI have the provenance of a file."""
        kind = "https://docs.pypi.org/attestations/publish/v1"
        kept = pep740(statement(one.name, one.sha256, kind=kind), certificate(**claims(**{"commit": self.commit, **said})))
        named = {key: said[key] for key in ("repository", "workflow") if key in said}
        self.world.pypi.provenances[one.name] = provenance(kept, environment=environment, **named)


@pytest.fixture
def hub(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseHub]:  # noqa: ARG001 - it sets the pace
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with serve(ReleaseHub(), ReleaseHandler) as served:
        monkeypatch.setenv("GITHUB_API_URL", served.url)
        yield served


@pytest.fixture
def docs(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Docs]:
    """Let the stand-ins be the public registries, which have docs.rs and provenance."""
    with serve(Docs(), standin.Handler) as served:
        monkeypatch.setattr(addresses, "CRATES_IO", f"{world.crates.url}/index")
        monkeypatch.setattr(addresses, "DOCS_RS", served.url)
        monkeypatch.setitem(addresses.PYPI, f"{world.pypi.url}/simple", "PyPI")
        monkeypatch.setitem(addresses._FILES, f"{world.pypi.url}/simple", "files.example.org")  # noqa: SLF001 - where PyPI's files lie
        yield served


@pytest.fixture
def out(run: Run, tmp_path: Path, world: World, hub: ReleaseHub, docs: Docs, monkeypatch: pytest.MonkeyPatch) -> Out:
    monkeypatch.setattr(http, "TRIES", 1)
    monkeypatch.setattr(Signatures, "absent", "sigstore is not installed")
    holds = Signature(verdict=Verdict.PROVEN, why="it is signed")
    monkeypatch.setattr(Signatures, "of_bundle", lambda *_: holds)
    monkeypatch.setattr(Signatures, "of_pypi", lambda *_: holds)
    repo = Repo(tmp_path / "spam")
    repo.root.mkdir()
    repo.git("init", "-q", "--initial-branch=main")
    lines = [f'crates-io = "sparse+{world.crates.url}/index/"', f'pypi = "{world.pypi.url}/simple/"', f'npm = "{world.npm.url}"']
    repo.write({**PROJECT, "lockstep.toml": "[registries]\n" + "\n".join(lines) + "\n"}).commit()
    repo.git("tag", "v1.0.0")
    commit = repo.git("rev-parse", "HEAD").strip()
    data = {"crate": crate(commit=commit), "wheel": wheel(), "npm": npm()}
    packed = artifact(Registry.CRATES_IO, "spam-core", "spam-core-1.0.0.crate", ArtifactKind.CRATE, data["crate"])
    built = artifact(Registry.PYPI, "spam", "spam-1.0.0-py3-none-any.whl", ArtifactKind.WHEEL, data["wheel"])
    tarball = artifact(Registry.NPM, "@spam/cli", "spam-cli-1.0.0.tgz", ArtifactKind.NPM, data["npm"])
    candidate = Candidate(tag="v1.0.0", commit=commit, group="main", versions={"cargo:spam-core": "1.0.0"}, artifacts=(packed, built, tarball))
    for one, kind in ((packed, "crate"), (built, "wheel"), (tarball, "npm")):
        world.publish(one, data[kind])
    hub.refs["v1.0.0"] = commit
    release = hub.release("v1.0.0")
    release.add(FILE, written(candidate).encode())
    release.add(SUMS, sums(candidate).encode())
    world.crates.publishers["spam-core", "1.0.0"] = {"provider": "github", "repository": hub.name, "run_id": "7", "sha": commit}
    found = Out(
        run=run,
        repo=repo,
        world=world,
        hub=hub,
        docs=docs,
        release=release,
        candidate=candidate,
        crate=packed,
        wheel=built,
        tarball=tarball,
        commit=commit,
    )
    found.provide(built)
    signed = bundle(
        statement("pkg:npm/%40spam/cli@1.0.0", "", build(commit), sha512=hashlib.sha512(data["npm"]).hexdigest()), certificate(**claims(commit=commit))
    )
    world.npm.attestations["@spam/cli", "1.0.0"] = [{"predicateType": "https://slsa.dev/provenance/v1", "bundle": signed}]
    for one in (packed, built, tarball):
        found.attest(one)
    return found


def test_a_release_that_is_whole_is_proven(out: Out) -> None:
    found = out.json("--attested", code=0)
    assert found["verdict"] == "proven"
    assert found["candidate"] == f"lockstep-release.json of the release v1.0.0 of {out.hub.name}"
    proven = {one["rule"] for one in found["answers"] if one["verdict"] == "proven"}
    assert proven == {
        "docs-not-built",
        "published-attestation-missing",
        "published-bytes-differ",
        "published-commit-differs",
        "published-environment-differs",
        "published-file-foreign",
        "published-file-missing",
        "published-file-yanked",
        "published-release-hidden",
        "published-repository-differs",
        "published-signature-broken",
        "published-tag-moved",
        "published-workflow-differs",
    }
    why = next(one["why"] for one in found["answers"] if one["rule"] == "published-commit-differs" and one["subject"] == out.crate.id)
    assert why.startswith(".cargo_vcs_info.json, crates.io, GitHub, GitHub (statement): ") or ".cargo_vcs_info.json" in why
    text = out(code=0).out
    assert text.startswith("v1.0.0: proven; 3 files, ")
    assert "  it is of the tag's commit" in text
    assert "--verbose names" in text
    assert "proven: " in out("--verbose", code=0).out


def test_no_token_and_no_clone_is_needed(out: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The candidate is public, and what the public registries have; the addresses are those of the stand-ins."""
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "lockstep.toml").write_text("")
    monkeypatch.setattr(addresses, "NPM", out.world.npm.url)
    monkeypatch.setenv("PIP_INDEX_URL", f"{out.world.pypi.url}/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("CARGO_HOME", str(alone))
    monkeypatch.setenv("npm_config_userconfig", str(alone / "npmrc"))
    found = out.run("release", "verify", "v1.0.0", "--repository", out.hub.name, "--repo", str(alone), "--format", "json", repo=alone, code=0)
    assert json.loads(found.out)["verdict"] == "proven"
    assert "authorization" not in {name for one in (out.world.crates, out.world.pypi, out.world.npm) for _, _, headers in one.asked for name in headers}


def tampered(out: Out) -> None:
    data = wheel(python=">=3.10")
    out.world.publish(out.wheel, data)
    out.provide(replace(out.wheel, sha256=hashlib.sha256(data).hexdigest()))


def gone(out: Out) -> None:
    out.world.npm.files.clear()


def foreign(out: Out) -> None:
    out.world.pypi.add("spam-1.0.0-cp313-cp313-win_arm64.whl", "spam", "1.0.0", b"x")


def asset(out: Out) -> None:
    out.release.add("extra.bin", b"x")


def yanked(out: Out) -> None:
    out.world.pypi.yanked[out.wheel.name] = "broken"


def moved(out: Out) -> None:
    out.hub.refs["v1.0.0"] = "f" * 40


def without_docs(out: Out) -> None:
    out.docs.built = False


def other_publisher(out: Out) -> None:
    out.world.crates.publishers["spam-core", "1.0.0"] |= {"repository": "egg/spam"}


def other_commit(out: Out) -> None:
    out.world.crates.publishers["spam-core", "1.0.0"] |= {"sha": "d" * 40}


def other_commit_of_pypi(out: Out) -> None:
    out.provide(out.wheel, commit="d" * 40)


def other_commit_of_github(out: Out) -> None:
    out.attest(out.tarball, commit="d" * 40)


def other_workflow(out: Out) -> None:
    out.provide(out.wheel, workflow="nightly.yml")


def other_environment(out: Out) -> None:
    out.provide(out.wheel, environment="testing")


def unattested(out: Out) -> None:
    out.hub.attestations.clear()
    out.world.pypi.provenances.clear()


WRONG: dict[str, tuple[Callable[[Out], None], set[str]]] = {
    "bytes": (tampered, {"published-bytes-differ"}),
    "file": (gone, {"published-file-missing"}),
    "stranger": (foreign, {"published-file-foreign"}),
    "asset": (asset, {"published-file-foreign"}),
    "yanked": (yanked, {"published-file-yanked"}),
    "tag": (moved, {"published-tag-moved"}),
    "docs": (without_docs, {"docs-not-built"}),
    "publisher": (other_publisher, {"published-repository-differs"}),
    "commit": (other_commit, {"published-commit-differs"}),
    "commit of PyPI": (other_commit_of_pypi, {"published-commit-differs"}),
    "commit of GitHub": (other_commit_of_github, {"published-commit-differs"}),
    "workflow": (other_workflow, {"published-workflow-differs"}),
    "environment": (other_environment, {"published-environment-differs"}),
    "attestations": (unattested, {"published-attestation-missing"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_thing_that_is_wrong_is_refuted_by_its_own_rule(out: Out, name: str) -> None:
    change, rules = WRONG[name]
    change(out)
    assert out.refuted() == rules


def test_every_rule_is_refuted_once_by_itself(out: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of which no file of the release is wrong need a line or a signature of their own."""
    assert out.refuted("--immutable") == {"published-release-mutable"}
    (tmp_path / FILE).write_text(written(out.candidate))
    out.release.draft = True
    out.hub.writers.add("ghp_of-a-maintainer")
    with monkeypatch.context() as patch:
        patch.setenv("GH_TOKEN", "ghp_of-a-maintainer")
        assert out.refuted("--candidate", str(tmp_path / FILE)) == {"published-release-hidden"}
    alone = {"published-release-mutable", "published-release-hidden", "published-signature-broken"}  # the last: test_a_signature_that_does_not_hold
    assert set().union(*(rules for _, rules in WRONG.values())) | alone == {one.id for one in rules_of("published")}


def test_a_crate_of_another_commit_or_of_changes(out: Out) -> None:
    for data in (crate(commit="d" * 40), crate(commit=out.commit, dirty=True)):
        one = artifact(Registry.CRATES_IO, "spam-core", out.crate.name, ArtifactKind.CRATE, data)
        out.world.publish(one, data)
        out.attest(one)
        candidate = replace(out.candidate, artifacts=(one, *out.candidate.artifacts[1:]))
        out.release.assets[0].data, out.release.assets[1].data = written(candidate).encode(), sums(candidate).encode()
        assert out.refuted() == {"published-commit-differs"}


def test_what_was_promised_and_is_not_there(out: Out) -> None:
    out.hub.attestations.clear()
    out.world.pypi.provenances.clear()
    assert out.refuted() == {"published-attestation-missing"}, "the workflow at the tag publishes with attestations"
    assert out.refuted("--immutable") == {"published-attestation-missing", "published-release-mutable"}
    out.release.immutable = True
    assert out.refuted("--immutable") == {"published-attestation-missing"}


def test_a_draft_and_no_release_at_all(out: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text(written(out.candidate))
    at_hand = ("--candidate", str(tmp_path / FILE))
    out.release.draft = True
    rules = {one["rule"] for one in out.missed(*at_hand)}
    assert "published-release-hidden" in rules, "without a token a draft is not visible, and not absent"
    out.hub.writers.add("ghp_writer")
    monkeypatch.setenv("GH_TOKEN", "ghp_writer")
    assert out.refuted(*at_hand) == {"published-release-hidden"}
    out.hub.releases.clear()
    assert out.refuted(*at_hand) == {"published-release-hidden"}


FAULTS = {
    "/index/": "published-file-missing",
    "/api/v1/crates/spam-core/1.0.0": "published-commit-differs",
    "/download": "published-bytes-differ",
    "/simple/": "published-file-missing",
    "/files/": "published-bytes-differ",
    "/provenance": "published-commit-differs",
    "/-/npm/": "published-commit-differs",
    "/-/cli": "published-bytes-differ",
}


@pytest.mark.parametrize("path", FAULTS)
@pytest.mark.parametrize("fault", [status(500, "boom"), status(403, "no"), status(200, "<html>log in</html>", "text/html")], ids=["500", "403", "html"])
def test_nothing_is_fine_because_a_server_failed(out: Out, path: str, fault: standin.Fault) -> None:
    """A login page in the place of a file is other bytes, and refuted; everything else that fails is not visible. Nothing of it is proven."""
    for one in (out.world.crates, out.world.pypi, out.world.npm):
        one.fault(path, fault, 20)
    answers = [one for one in json.loads(out("--format", "json", code=None).out)["answers"] if one["rule"] == FAULTS[path]]  # type: ignore[arg-type]
    assert any(one["verdict"] != "proven" and one["owed"] for one in answers)


def test_github_that_fails_is_not_visible(out: Out, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(written(out.candidate))
    out.hub.fault("/attestations/", status(500, "boom"), 20)
    assert {"published-commit-differs", "published-attestation-missing"} & {one["rule"] for one in out.missed()}
    out.hub.faults.clear()
    out.hub.fault("/releases", status(500, "boom"), 20)
    missed = out.missed("--candidate", str(tmp_path / FILE))
    assert "published-release-hidden" in {one["rule"] for one in missed}
    assert all(one["help"] for one in missed), "what is not visible says what would show it"


def test_a_server_that_cannot_be_reached_is_told_once(out: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text(written(out.candidate))
    monkeypatch.setenv("GITHUB_API_URL", "http://localhost:1")
    result = out("--candidate", str(tmp_path / FILE), code=3)
    why = "localhost cannot be reached (ConnectError)"
    assert result.out.count(why) == 1
    assert re.search(rf"not visible: {re.escape(why)}: \d+ answers about 5 subjects", result.out)
    assert result.err.count(why) == 1
    assert " more questions were not asked" in result.err


def test_a_signature_that_does_not_hold(out: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Signature(verdict=Verdict.REFUTED, why="the signature does not hold: DSSE: invalid signature", shows="ask who made it")
    monkeypatch.setattr(Signatures, "of_pypi", lambda *_: broken)
    assert out.refuted() == {"published-signature-broken"}
    assert "PyPI: the signature does not hold: DSSE: invalid signature" in out(code=1).out


def test_an_attestation_that_is_stored_elsewhere_is_not_visible(out: Out) -> None:
    for one in out.hub.attestations.values():
        one[0] |= {"bundle": None, "bundle_url": "https://attestations.example.org/1"}
    answers = out.json(code=3)["answers"]
    assert not [one for one in answers if one["verdict"] == "refuted"]
    assert any("stored elsewhere" in one["why"] for one in answers if one["verdict"] == "not visible")


def test_without_the_extra_signatures_are_unproven_where_they_were_promised(out: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Signature(verdict=Verdict.UNSEEN, why="sigstore and pypi-attestations are not installed", shows="pip install 'lockstep-release[attest]'")
    monkeypatch.setattr(Signatures, "of_bundle", lambda *_: absent)
    monkeypatch.setattr(Signatures, "of_pypi", lambda *_: absent)
    missed = out.missed()
    assert {one["rule"] for one in missed} == {"published-signature-broken"}
    assert {one["subject"] for one in missed} == {out.wheel.id, out.tarball.id}, "crates are not attested by this workflow"
    assert "would show it: pip install 'lockstep-release[attest]'" in out(code=3).out


def test_without_a_candidate_the_project_and_the_assets_say_what_there_is(out: Out) -> None:
    del out.release.assets[0]
    result = out("--format", "json", code=0)
    found = json.loads(result.out)
    assert (found["candidate"], found["source"]) == (None, "the project at v1.0.0")
    assert "is taken from the project at the tag: 3 packages" in result.err
    bytes_ = {one["subject"]: one for one in found["answers"] if one["rule"] == "published-bytes-differ"}
    assert [bytes_[one.id]["verdict"] for one in (out.crate, out.wheel)] == ["proven", "proven"], "SHA256SUMS states them"
    tampered(out)
    assert "published-bytes-differ" in out.refuted()
    out.world.publish(out.wheel, wheel())
    out.provide(out.wheel)
    out.release.add("spam-1.0.0-cp312-abi3-win_amd64.whl", b"x")
    assert out.refuted() == {"published-file-missing"}, "an asset that its registry does not have"
    out.release.assets.pop()
    gone(out)
    assert out.refuted() == {"published-file-missing"}
    out.release.assets.clear()
    assert not [one for one in out.json(code=1)["answers"] if one["rule"] == "published-bytes-differ" and one["verdict"] == "proven"]


def test_without_a_candidate_what_the_workflow_tells_is_owed_and_nothing_else(out: Out) -> None:
    out.release.assets.clear()
    other = replace(out.wheel, name="spam-1.0.0-cp311-cp311-win_amd64.whl")
    out.world.publish(other, wheel())
    assert out.json(code=0)["verdict"] == "proven", "of what the workflow does not tell nobody says that it should not be there"
    steps = "      - run: uv build\n      - uses: pypa/gh-action-pypi-publish@v1\n"
    text = f'on:\n  push:\n    tags: ["v*"]\npermissions: {{}}\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n{steps}'
    out.repo.git("tag", "-d", "v1.0.0")
    backend = '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
    out.repo.write({".github/workflows/release.yml": text, "pyproject.toml": f"{backend}{PROJECT['pyproject.toml']!s}"}).commit()
    out.repo.git("tag", "v1.0.0")
    wrong = [one for one in out.json(code=1)["answers"] if one["verdict"] == "refuted" and one["rule"].startswith("published-file-")]
    assert sorted((one["rule"], one["subject"], one["why"]) for one in wrong) == [
        ("published-file-foreign", f"pypi:{other.name}", "no job of the release workflow at the tag builds it"),
        ("published-file-missing", "pypi:spam", "pypi has no sdist, which the release workflow builds"),
    ]


def test_an_attestation_among_the_assets(out: Out) -> None:
    payload = statement(out.wheel.name, out.wheel.sha256, build(out.commit))
    name = f"{out.wheel.name}.sigstore.json"
    candidate = replace(out.candidate, attestations=(name,))
    out.release.assets[0].data = written(candidate).encode()
    made = out.release.add(name, json.dumps(bundle(payload, certificate(**claims(commit=out.commit)))).encode())
    found = out.json(code=0)
    assert any("asset" in one["why"] for one in found["answers"] if one["subject"] == out.wheel.id)
    made.data = json.dumps(bundle(payload, certificate(**claims(commit="d" * 40)))).encode()
    assert out.refuted() == {"published-commit-differs"}
    made.data = b"\xff"
    assert {one["rule"] for one in out.missed()} >= {"published-commit-differs"}


def test_a_candidate_that_was_edited_by_hand_is_refused(out: Out) -> None:
    out.release.assets[0].data = out.release.assets[0].data.replace(b'"size": ', b'"size": 1')
    assert "it was changed after it was made" in out(code=1).err


def test_what_nobody_can_know(run: Run, out: Out, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    assert (
        "not known what v1.0.0 consists of" in run("release", "verify", "v1.0.0", "--no-github", "--repo", str(tmp_path / "alone"), repo=tmp_path, code=2).err
    )
    assert "has no release of v9.9.9" in run("release", "verify", "v9.9.9", "--repository", out.hub.name, repo=out.repo, code=3).err


def test_without_github_the_clone_says_what_the_tag_is_of(out: Out, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(written(replace(out.candidate, commit="f" * 40)))
    line = ("release", "verify", "v1.0.0", "--no-github", "--candidate", str(tmp_path / FILE))
    assert "tag v1.0.0 published-tag-moved: it is of " in out.run(*line, repo=out.repo, code=1).out
