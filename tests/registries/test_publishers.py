"""`audit publishers` on a project that publishes as a trusted publisher: each promise that is broken is found by its rule alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.config import RegistriesConfig
from lockstep.dataclass import replace
from lockstep.evidence import http
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.publishing import ask_publishers
from lockstep.model import Place
from lockstep.release.candidate import Registry
from lockstep.rules import rules
from lockstep.workflow.publishers import Published
from tests.conftest import Repo, Result, Run, part
from tests.gate import standin as gate
from tests.gate.standin import says, status
from tests.registries.conftest import World
from tests.registries.standin import SLSA
from tests.test_schemas import shipped

RELEASE = ".github/workflows/release.yml"
ONLY_WHEEL = """\
on: { push: { tags: ["v*"] } }
permissions: {}
jobs:
  wheel:
    runs-on: ubuntu-latest
    environment: pypi
    permissions: { id-token: write }
    steps:
      - uses: pypa/gh-action-pypi-publish@v1
"""
PIN = "0123456789abcdef0123456789abcdef01234567"
WORKFLOW = f"""\
on: {{ push: {{ tags: ["v*"] }} }}
permissions: {{}}
jobs:
  crate:
    runs-on: ubuntu-latest
    environment: crates-io
    permissions: {{ id-token: write, contents: read }}
    steps:
      - uses: actions/checkout@{PIN}
      - uses: rust-lang/crates-io-auth-action@{PIN}
        id: auth
      - run: cargo publish --locked
        env:
          CARGO_REGISTRY_TOKEN: ${{{{ steps.auth.outputs.token }}}}
  wheel:
    runs-on: ubuntu-latest
    environment: pypi
    permissions: {{ id-token: write }}
    steps:
      - uses: pypa/gh-action-pypi-publish@{PIN}
  package:
    runs-on: ubuntu-latest
    environment: npm
    permissions: {{ id-token: write, contents: read }}
    steps:
      - uses: actions/checkout@{PIN}
      - run: npm publish
"""
OWNER = "cio_of-an-owner"
HERE = {"provider": "github", "repository": "spam/eggs", "run_id": "1", "sha": "c" * 40}
RECORD = {"repository_owner": "Spam", "repository_name": "eggs", "workflow_filename": "release.yml", "environment": "crates-io"}
PYPI = {"kind": "GitHub", "repository": "spam/eggs", "workflow": "release.yml", "environment": "pypi", "claims": None}
WHEEL, SDIST = "egg_core-1.0.0-py3-none-any.whl", "egg_core-1.0.0.tar.gz"
NPM_USER = {"name": "GitHub Actions", "email": "npm-oidc-no-reply@github.com", "trustedPublisher": {"id": "github", "oidcConfigId": "oidc:1"}}


def statement(repository: str = "https://github.com/spam/eggs", path: str = ".github/workflows/release.yml") -> dict[str, Any]:
    workflow = {"ref": "refs/tags/v1.0.0", "repository": repository, "path": path}
    return attested(SLSA, {"predicate": {"buildDefinition": {"externalParameters": {"workflow": workflow}}}})


def attested(kind: str, said: object) -> dict[str, Any]:
    return {"predicateType": kind, "bundle": {"dsseEnvelope": {"payload": base64.b64encode(json.dumps(said).encode()).decode()}}}


def hardened(world: World) -> None:
    """Let the registries have what the workflow published."""
    world.crates.add("egg-core", "1.0.0", b"crate")
    world.crates.publishers["egg-core", "1.0.0"] = dict(HERE)
    world.crates.exclusive.add("egg-core")
    world.crates.owner = OWNER
    world.crates.records["egg-core"] = [dict(RECORD)]
    for name in (WHEEL, SDIST):
        world.pypi.add(name, "egg-core", "1.0.0", b"file")
        world.pypi.publishers[name] = [dict(PYPI)]
    world.pypi.add("egg_core-0.9.0.tar.gz", "egg-core", "0.9.0", b"old")
    world.npm.add("@spam/egg", "1.0.0", b"tarball", {"_npmUser": NPM_USER})
    publish = attested("https://github.com/npm/attestation/tree/main/specs/publish/v0.1", {"predicate": {}})
    world.npm.attestations["@spam/egg", "1.0.0"] = [publish, statement()]


class Ask:
    """Asks for the publishers; gives the rules that found something, and those that could not see."""

    def __init__(self, run: Run, repo: Repo) -> None:
        self.run, self.repo = run, repo

    def __call__(self, *args: str, code: int) -> Result:
        return self.run("audit", "publishers", "--repository", "spam/eggs", *args, repo=self.repo, code=code)

    def json(self, *args: str, code: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("--format", "json", *args, code=code).out)
        jsonschema.validate(found, shipped("audit"), jsonschema.Draft7Validator)
        return found

    def rules(self, *, code: int) -> tuple[set[str], set[str]]:
        found = self.json(code=code)["findings"]
        blind = {one["rule"] for one in found if one["confidence"] == "blind"}
        return {one["rule"] for one in found if one["confidence"] != "blind"}, blind


@pytest.fixture
def ask(run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setattr(http, "TRIES", 2)
    monkeypatch.setenv("CARGO_REGISTRIES_MINE_INDEX", f"sparse+{world.crates.url}/index/")
    monkeypatch.setenv("CARGO_REGISTRIES_MINE_TOKEN", OWNER)
    hardened(world)
    repo = Repo(tmp_path / "egg")
    repo.root.mkdir()
    repo.git("init", "-q", "--initial-branch=main")
    lines = ['crates-io = "mine"', f"pypi = {world.config.pypi!r}", f"pypi-api = {world.config.pypi_api!r}", f"npm = {world.config.npm!r}"]
    repo.write(
        {
            RELEASE: WORKFLOW,
            "Cargo.toml": '[package]\nname = "egg-core"\nversion = "1.0.0"\n',
            "src/lib.rs": "",
            "python/pyproject.toml": '[project]\nname = "Egg_Core"\nversion = "1.0.0"\n',
            "js/package.json": '{"name": "@spam/egg", "version": "1.0.0"}\n',
            "bench/package.json": '{"name": "egg-bench", "version": "1.0.0", "private": true}\n',
            "lockstep.toml": '[audit]\nprofile = "hardened"\n[registries]\n' + "\n".join(lines) + "\n",
        }
    )
    return Ask(run, repo.commit())


def test_a_hardened_project_has_no_finding(ask: Ask) -> None:
    assert ask(code=0).out == "3 packages: 9 of 11 questions pass, 2 by hand alone\n"
    said = ask("--verbose", code=0).out
    assert "crates.io  egg-core 1.0.0: spam/eggs\n" in said
    assert "PyPI       Egg_Core 1.0.0: spam/eggs, release.yml, environment pypi\n" in said
    assert "npm        @spam/egg 1.0.0: spam/eggs, release.yml\n" in said
    packages = {one["registry"]: one for one in ask.json(code=0)["packages"]}
    assert packages["crates.io"]["may_publish"] == [{"repository": "Spam/eggs", "workflow": "release.yml", "environment": "crates-io"}]
    assert packages["PyPI"]["published_by"] == [{"repository": "spam/eggs", "workflow": "release.yml", "environment": "pypi"}]


# ---- each promise broken once


def record(**said: object) -> Callable[[World], object]:
    return lambda world: world.crates.records.update({"egg-core": [{**RECORD, **said}]})


def provenance(**said: object) -> Callable[[World], object]:
    return lambda world: world.pypi.publishers.update({WHEEL: [{**PYPI, **said}], SDIST: [{**PYPI, **said}]})


def attestation(**said: str) -> Callable[[World], object]:
    return lambda world: world.npm.attestations.update({("@spam/egg", "1.0.0"): [statement(**said)]})


def also(*records: dict[str, object]) -> Callable[[World], object]:
    return lambda world: world.crates.records.update({"egg-core": [RECORD, *records]})


BROKEN: dict[str, tuple[str, Callable[[World], object]]] = {
    "the record names another repository": ("publisher-repository-differs", record(repository_owner="ham")),
    "the record names another workflow": ("publisher-workflow-differs", record(workflow_filename="publish.yml")),
    "the record names another environment": ("publisher-environment-differs", record(environment="release")),
    "the record names no environment": ("publisher-environment-any", record(environment=None)),
    "there is no record": ("publisher-missing", lambda world: world.crates.records.clear()),
    "an old workflow is still trusted": ("publisher-unexpected", also({**RECORD, "workflow_filename": "old.yml"})),
    "another environment is trusted too": ("publisher-unexpected", also({**RECORD, "environment": "test"})),
    "a crate by a token": ("published-by-token", lambda world: world.crates.publishers.clear()),
    "a crate that takes tokens": ("tokens-accepted", lambda world: world.crates.exclusive.clear()),
    "a wheel from another repository": ("publisher-repository-differs", provenance(repository="spam/old")),
    "a wheel from another workflow": ("publisher-workflow-differs", provenance(workflow="publish.yml")),
    "a wheel from another environment": ("publisher-environment-differs", provenance(environment="release")),
    "a wheel from any environment": ("publisher-environment-any", provenance(environment=None)),
    "a wheel from another forge": ("publisher-repository-differs", provenance(kind="GitLab")),
    "a file without an attestation": ("published-unattested", lambda world: world.pypi.publishers.pop(SDIST)),
    "no file with an attestation": ("published-unattested", lambda world: world.pypi.publishers.clear()),
    "a tarball from another repository": ("publisher-repository-differs", attestation(repository="https://github.com/ham/eggs")),
    "a tarball from another workflow": ("publisher-workflow-differs", attestation(path=".github/workflows/npm.yml")),
    "a tarball by a token": ("published-by-token", lambda world: world.npm.manifests["@spam/egg", "1.0.0"].update(_npmUser={"name": "ham"})),
    "a tarball by a token, unattested": (
        "published-by-token",
        lambda world: world.npm.__dict__.update(attestations={}, manifests={("@spam/egg", "1.0.0"): {"_npmUser": {"name": "ham"}}}),
    ),
    "a tarball without provenance": ("published-unattested", lambda world: world.npm.attestations.clear()),
    "a name that nobody has": ("name-unclaimed", lambda world: world.npm.files.clear()),
    "a crate that nobody has": ("name-unclaimed", lambda world: world.crates.files.clear()),
    "a project that nobody has": ("name-unclaimed", lambda world: world.pypi.files.clear()),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_found_by_its_rule_alone(name: str, ask: Ask, world: World) -> None:
    rule, change = BROKEN[name]
    change(world)
    found = [one for one in rules("publishers") if one.id == rule]
    code = 1 if found[0].level == "error" else 0
    assert ask.rules(code=code) == ({rule}, set())
    assert ask.json(code=code)["answers"][rule] == "fail"


def test_every_rule_is_broken() -> None:
    assert {rule for rule, _ in BROKEN.values()} | {"publisher-not-visible"} == {rule.id for rule in rules("publishers")}


RENAMED = {
    "the workflow file": ("publisher-workflow-differs", {"crates.io", "PyPI", "npm"}),
    "an environment": ("publisher-environment-differs", {"crates.io"}),
    "the environments": ("publisher-environment-differs", {"crates.io", "PyPI"}),
}


@pytest.mark.parametrize("name", RENAMED)
def test_what_was_renamed_here_is_found(name: str, ask: Ask) -> None:
    rule, registries = RENAMED[name]
    text = ask.repo.read(RELEASE)
    if name == "the workflow file":
        ask.repo.git("mv", RELEASE, ".github/workflows/ship.yml")
    elif name == "an environment":
        ask.repo.write({RELEASE: text.replace("environment: crates-io", "environment: crates")})
    else:
        ask.repo.write({RELEASE: text.replace("environment: crates-io", "environment: crates").replace("environment: pypi", "environment: index")})
    found = ask.json(code=1)["findings"]
    assert {one["rule"] for one in found} == {rule}
    assert {next(word for word in ("crates.io", "PyPI", "npm") if word in one["message"]) for one in found} == registries
    assert "; here it is " in found[0]["message"]


def test_a_profile_that_promises_less(ask: Ask, world: World) -> None:
    ask.repo.write({"lockstep.toml": ask.repo.read("lockstep.toml").replace("hardened", "basic")})
    world.crates.publishers.clear()
    world.crates.exclusive.clear()
    assert {one["rule"]: one["level"] for one in ask.json(code=0)["findings"]} == {"published-by-token": "warning", "tokens-accepted": "note"}
    ask("--strict", code=1)


# ---- what is not visible


OF_RECORDS = ("environment-any", "environment-differs", "missing", "not-visible", "unexpected", "workflow-differs")
"""What the record of a crate alone answers: of the last version crates.io keeps the repository."""


def test_who_may_publish_a_crate_is_shown_to_its_owner(ask: Ask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARGO_REGISTRIES_MINE_TOKEN", "cio_of-a-stranger")
    assert ask.rules(code=3) == (set(), {"publisher-not-visible"})
    monkeypatch.delenv("CARGO_REGISTRIES_MINE_TOKEN")
    assert ask.rules(code=3) == (set(), {"publisher-not-visible"})
    assert "who may publish egg-core at crates.io" in ask("--strict", code=3).out
    assert "trusted-publishing" in ask(code=3).out
    open_questions = {one for one, answer in ask.json(code=3)["answers"].items() if answer == "not visible"}
    assert open_questions == {f"publisher-{one}" for one in OF_RECORDS}
    shows = ask.json(code=3)["would_show"]
    assert open_questions <= shows.keys()
    assert "a token of an owner of the crate with the scope trusted-publishing" in shows["publisher-missing"]
    assert "  not visible publisher-missing: a token of an owner of the crate" in ask("--verbose", code=3).out
    world.crates.publishers["egg-core", "1.0.0"]["repository"] = "spam/old"
    assert ask.rules(code=1) == ({"publisher-repository-differs"}, {"publisher-not-visible"})


def test_the_token_of_an_owner_goes_to_crates_io_alone(world: World, tmp_path: Path) -> None:
    hardened(world)
    own = addresses(RegistriesConfig(), {"CARGO_REGISTRY_TOKEN": OWNER}, str(tmp_path))[Registry.CRATES_IO]
    assert own.owner == OWNER
    assert OWNER not in repr(own)
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo/credentials.toml").write_text(f'[registry]\ntoken = "{OWNER}"\n')
    assert addresses(RegistriesConfig(), {}, str(tmp_path))[Registry.CRATES_IO].owner == OWNER
    elsewhere = addresses(world.config, {"CARGO_REGISTRY_TOKEN": OWNER}, str(tmp_path))
    assert elsewhere[Registry.CRATES_IO].owner == ""
    asked = {**world.addresses, Registry.CRATES_IO: replace(world.addresses[Registry.CRATES_IO], owner=OWNER)}
    crate = Published(registry="crates.io", package="egg-core", place=Place(path="Cargo.toml"))
    [found] = ask_publishers(asked, [crate], lambda _: None)
    assert found.records is None
    assert not any(OWNER in text for _, _, headers in world.crates.asked for text in headers.values())


PLACES = {
    "/api/v1/crates/egg-core?": "crates",
    "/index/config.json": "crates",
    "/api/v1/trusted_publishing/": "crates",
    "/simple/": "pypi",
    "/integrity/": "pypi",
    "/@spam%2Fegg": "npm",
    "/-/npm/v1/attestations/": "npm",
}
FAULTS = {
    "500": status(500, "boom"),
    "403": status(403, "no"),
    "404, HTML": status(404, "<html>not here</html>", "text/html"),
    "429": status(429, "slow down", Retry_After="3600"),
    "redirected": status(302, "over there", Location="http://127.0.0.1:9/elsewhere"),
    "half": says(b'{"name": "egg'),
    "HTML": says(b"<!doctype html>", "text/html"),
    "null": says(b"null"),
    "a table of nothing": says(b"{}"),
    "another package": says(
        b'{"name": "ham", "files": [], "crate": {"name": "ham", "default_version": "1.0.0"}, "versions": [], "dist-tags": {"latest": "1.0.0"},'
        b' "attestation_bundles": [{"publisher": 5}], "attestations": [{"predicateType": "https://slsa.dev/provenance/v1", "bundle": {}}],'
        b' "github_configs": [{"repository_owner": 5}]}'
    ),
    "cut short": gate.cut_short,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", PLACES)
@part(3)
def test_a_failure_is_never_an_answer(place: str, fault: str, ask: Ask, world: World) -> None:
    registry = {"crates": world.crates, "pypi": world.pypi, "npm": world.npm}[PLACES[place]]
    registry.faults = [(place, FAULTS[fault])] * 8
    found = ask.json(code=3)
    assert {(one["rule"], one["confidence"]) for one in found["findings"]} == {("publisher-not-visible", "blind")}
    assert "not visible" in {answer for rule, answer in found["answers"].items() if rule != "publisher-not-visible"}, "silence is no answer"


def test_a_mirror_does_not_say_who_published(ask: Ask, world: World) -> None:
    world.npm.manifests["@spam/egg", "1.0.0"].clear()
    world.npm.attestations.clear()
    assert ask.rules(code=3) == (set(), {"publisher-not-visible"})
    assert "is it a mirror?" in ask(code=3).out


def test_a_program_that_attests_nothing(ask: Ask, world: World) -> None:
    """What uv publishes has attestations only where somebody made them: PyPI then does not say who published it."""
    text = ask.repo.read(RELEASE)
    ask.repo.write({RELEASE: text.replace(f"      - uses: pypa/gh-action-pypi-publish@{PIN}\n", "      - run: uv publish\n")})
    assert ask.rules(code=0) == (set(), set())
    world.pypi.publishers.clear()
    assert ask.rules(code=3) == (set(), {"publisher-not-visible"})
    world.pypi.publishers[WHEEL] = [PYPI]
    assert ask.rules(code=1) == ({"published-unattested"}, set())


def test_npm_that_is_asked_for_provenance(ask: Ask, world: World) -> None:
    text = ask.repo.read(RELEASE)
    ask.repo.write({RELEASE: text.replace("npm publish\n", "npm publish --provenance\n        env: { NODE_AUTH_TOKEN: x }\n")})
    world.npm.manifests["@spam/egg", "1.0.0"]["_npmUser"] = {"name": "ham"}
    assert ask.rules(code=0) == (set(), set())
    world.npm.attestations.clear()
    assert ask.rules(code=1) == ({"published-unattested"}, set())


def test_a_version_that_comes_from_the_tag(ask: Ask, world: World) -> None:
    ask.repo.write({"python/pyproject.toml": '[project]\nname = "Egg_Core"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'})
    world.pypi.publishers.pop(SDIST)
    assert ask.rules(code=1) == ({"published-unattested"}, set())


def test_packages_that_no_manifest_names(ask: Ask) -> None:
    ask.repo.path("python/pyproject.toml").unlink()
    ask.repo.git("add", "-A")
    assert ask.rules(code=3) == (set(), {"publisher-not-visible"})
    assert "which packages wheel publishes to PyPI; no manifest here names one" in ask(code=3).out


def test_a_workflow_whose_acts_cannot_be_told(ask: Ask) -> None:
    ask.repo.write({RELEASE: ask.repo.read(RELEASE).replace("      - run: npm publish\n", "      - run: node publish.js\n")})
    assert ask.rules(code=3) == (set(), {"publisher-not-visible"})
    assert "no release workflow publishes to npm: not asked about @spam/egg" in ask(code=3).err
    assert "whether .github/workflows/release.yml publishes to npm" in ask(code=3).out


# ---- what is fine


def test_a_question_that_nobody_can_answer_does_not_pass(ask: Ask, world: World) -> None:
    """Where a registry could not be asked, or an owner alone sees it, nothing passes; what no package is asked is not asked."""
    for path in ("Cargo.toml", "js/package.json"):
        ask.repo.path(path).unlink()
    ask.repo.write({RELEASE: ONLY_WHEEL}).git("add", "-A")
    found = ask.json(code=0)
    assert {rule for rule, answer in found["answers"].items() if answer == "by hand"} == {"publisher-unexpected", "tokens-accepted"}
    assert found["would_show"]["tokens-accepted"] == "the package's owner sees it where PyPI keeps it"
    world.pypi.faults = [("/simple/", status(500, "boom"))] * 8
    answers = ask.json(code=3)["answers"]
    assert {rule for rule, answer in answers.items() if answer == "pass"} == set()
    ask.repo.write({RELEASE: ONLY_WHEEL.replace("id-token: write", "")})
    world.pypi.faults.clear()
    answers = ask.json(code=0)["answers"]
    assert {rule for rule, answer in answers.items() if answer == "pass"} == {"name-unclaimed", "published-unattested", "publisher-not-visible"}
    assert answers["publisher-missing"] == "not asked"


def test_an_older_provenance_is_read(ask: Ask, world: World) -> None:
    source = {"uri": "git+https://github.com/spam/eggs@refs/tags/v1.0.0", "digest": {"sha1": "c" * 40}, "entryPoint": ".github/workflows/release.yml"}
    world.npm.attestations["@spam/egg", "1.0.0"] = [attested("https://slsa.dev/provenance/v0.2", {"predicate": {"invocation": {"configSource": source}}})]
    assert ask.rules(code=0) == (set(), set())


def test_the_last_version_counts(ask: Ask, world: World) -> None:
    world.pypi.add("egg_core-2.0.0rc1.tar.gz", "egg-core", "2.0.0rc1", b"new")
    world.pypi.add("egg_core-1.5.0.tar.gz", "egg-core", "1.5.0", b"new")
    world.pypi.yanked["egg_core-1.5.0.tar.gz"] = "broken"
    assert ask.rules(code=0) == (set(), set())


def test_a_workflow_with_tokens_promises_nothing_of_publishers(ask: Ask, world: World) -> None:
    text = ask.repo.read(RELEASE)
    ask.repo.write({RELEASE: text.replace("id-token: write, ", "").replace("id-token: write", "")})
    world.crates.publishers.clear()
    world.crates.exclusive.clear()
    world.crates.records.clear()
    world.pypi.publishers.clear()
    assert ask.rules(code=0) == (set(), set())


def test_nothing_is_published(ask: Ask, world: World) -> None:
    ask.repo.path(RELEASE).unlink()
    ask.repo.git("add", "-A")
    assert ask(code=0).out == "0 packages: 0 of 11 questions pass, 11 not asked\n"
    assert world.crates.asked == []
