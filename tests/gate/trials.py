"""The whole matrix through prism: what lockstep asks and what the stand-in answers are GitHub's, by GitHub's own description."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockstep.acts import pull_requests
from lockstep.evidence import http
from lockstep.evidence.github import Api
from lockstep.evidence.github_settings import ask_settings
from lockstep.evidence.http import Http
from lockstep.evidence.pull_requests import PullRequests
from lockstep.evidence.registries.observing import Question, look
from lockstep.release.candidate import Artifact, ArtifactKind, Candidate, Registry
from lockstep.release.observation import State, Visibility
from tests.conftest import Repo, call, environment
from tests.gate.contract import SENT, asks_otherwise, description, fetched, prism, violations
from tests.gate.matrix import Case, cases
from tests.gate.pulls import PullHandler, PullHub
from tests.gate.settings import ADMIN, Env, Rules, SettingsHub, protection
from tests.gate.standin import Fault, Json, changed, serve, status

CI = "name: CI\non:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
RELEASE = "on:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
FILES = {".github/workflows/ci.yml": CI, ".github/workflows/release.yml": RELEASE}
WORKFLOWS = {"ci.yml": "active", "release.yml": "active"}


def gated(root: Path) -> Repo:
    """Make a repository whose tests are gated."""
    repo = Repo(root)
    repo.root.mkdir()
    repo.git("init", "-q", "--template=", "--initial-branch=main")
    repo.write(FILES).commit("start")
    repo.git("remote", "add", "origin", "git@github.com:spam/eggs.git")
    return repo


@dataclass(frozen=True)
class Contract:
    """A stand-in behind prism, and the repository that asks."""

    hub: PullHub
    url: str
    repo: Repo
    sha: str
    document: Json

    def reset(self) -> None:
        self.hub.workflows = dict(WORKFLOWS)
        self.hub.default_branch = "main"
        self.hub.private = False
        self.hub.runs, self.hub.faults, self.hub.asked = [], [], []
        self.hub.pulls, self.hub.sent, self.hub.may_open = [], [], True
        self.hub.releases, self.hub.refs, self.hub.annotated, self.hub.writers = [], {}, {}, set()
        fresh = SettingsHub()
        for name in ("environments", "immutable", "rulesets", "branch_rules", "classic"):
            setattr(self.hub, name, getattr(fresh, name))

    def ask(self) -> tuple[int, list[str], str]:
        """Ask the gate; give its exit code, the rules of its findings, and its first message."""
        result = call("gate", "ci", "--format", "json", repo=self.repo)
        found = json.loads(result.out)["findings"]
        return result.code, [one["rule"] for one in found], found[0]["message"] if found else ""


@contextmanager
def contract(packages: Path) -> Iterator[Contract]:
    """Start everything, for a while."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, serve(PullHub(workflows=dict(WORKFLOWS)), PullHandler) as hub:
        for name in list(os.environ):
            if name not in environment():
                patch.delenv(name)
        for name, value in environment().items():
            patch.setenv(name, value)
        patch.setattr(http, "PAUSE", 0.01)
        document = Path(folder) / "github.json"
        described = description(packages)
        document.write_text(json.dumps(described))
        repo = gated(Path(folder) / "spam")
        with prism(packages, hub.url, document) as url:
            patch.setenv("GITHUB_API_URL", url)
            yield Contract(hub, url, repo, repo.git("rev-parse", "HEAD").strip(), described)


def hold(one: Contract, case: Case) -> str:
    """Run a case of the matrix through prism; give what is wrong."""
    one.reset()
    case.build(one.hub, one.sha)
    code, rules, message = one.ask()
    if (code, tuple(rules)) != (case.code, case.rules):
        return f"{case.name}: exit code {code} and {rules}, expected {case.code} and {list(case.rules)}: {message}"
    return "" if one.hub.asked else f"{case.name}: nobody asked"


def _without(*path: str | int) -> Fault:
    def change(body: Json) -> None:
        table: object = body
        for key in path[:-1]:
            table = table[key]  # type: ignore[index]
        assert isinstance(table, dict)
        del table[path[-1]]

    return changed(change)


def _with(value: object, *path: str | int) -> Fault:
    def change(body: Json) -> None:
        table: object = body
        for key in path[:-1]:
            table = table[key]  # type: ignore[index]
        assert isinstance(table, dict)
        table[path[-1]] = value

    return changed(change)


BREACHES: Mapping[str, tuple[str, Fault]] = {
    "a list without total_count": ("/runs", _without("total_count")),
    "a run without id": ("/runs", _without("workflow_runs", 0, "id")),
    "a run without event": ("/runs", _without("workflow_runs", 0, "event")),
    "a run whose status is a number": ("/runs", _with(5, "workflow_runs", 0, "status")),
    "a run whose conclusion is a list": ("/runs", _with([], "workflow_runs", 0, "conclusion")),
    "a run whose attempt is a text": ("/runs", _with("2", "workflow_runs", 0, "run_attempt")),
    "a run of no commit": ("/runs", _with(None, "workflow_runs", 0, "head_sha")),
    "a workflow in a state that is none": ("/workflows/ci.yml", _with("asleep", "state")),
    "a repository without default_branch": ("/repos/spam/eggs", _without("default_branch")),
}
"""Answers that are not GitHub's: prism must refuse each, or holding against it proves nothing."""

QUESTIONS: Mapping[str, int] = {
    "/repos/spam/eggs/actions/workflows/ci.yml/runs?status=finished": 422,
    "/repos/spam/eggs/actions/workflows/ci.yml/runs?per_page=many": 422,
    "/repos/spam/eggs/actions/workflow/ci.yml/runs": 404,
}
"""Questions that GitHub does not know, with prism's answer."""


def breaches(one: Contract) -> Iterator[tuple[str, str]]:
    """Give each breach with what is wrong with how it was met."""
    for name, (place, fault) in BREACHES.items():
        one.reset()
        one.hub.run("ci.yml", one.sha, "completed/success")
        one.hub.fault(place, fault)
        path = "/repos/spam/eggs" if place.startswith("/repos") else "/repos/spam/eggs/actions/workflows/ci.yml" + ("/runs" if place == "/runs" else "")
        code, body = fetched(one.url + path)
        yield name, "" if code == 500 and "VIOLATIONS" in body.get("type", "") else f"{name}: prism let it pass with {code}"
    for path, expected in QUESTIONS.items():
        code, body = fetched(one.url + path)
        yield path, "" if code == expected and "stoplight" in body.get("type", "") else f"{path}: prism answered {code}"


REFUSALS: Mapping[int, Callable[[], Fault]] = {
    403: lambda: status(403, "Resource not accessible by integration"),
    404: lambda: status(404, "Not Found"),
}
"""The answers other than 200 that GitHub describes for a repository, but for 301: prism follows that itself."""


def refusals(one: Contract) -> Iterator[tuple[str, str]]:
    """Give each refusal with what is wrong with how the gate met it."""
    for code, fault in REFUSALS.items():
        one.reset()
        one.hub.fault("/repos", fault())
        left, rules, message = one.ask()
        fine = left == 3 and rules == ["runs-not-visible"] and str(code) in message
        yield f"{code} for the repository", "" if fine else f"{code}: exit code {left} and {rules}: {message}"


def releases(one: Contract) -> Iterator[tuple[str, str]]:
    """Look at a release through prism: a draft and a public one, the tag by itself and as an object, an asset, and attestations."""
    asset = Artifact(
        registry=Registry.GITHUB, package="egg", version="1.0.0", name="egg.zip", kind=ArtifactKind.ASSET, size=3, sha256=hashlib.sha256(b"zip").hexdigest()
    )
    candidate = Candidate(tag="v1.0.0", commit="c" * 40, group="main", versions={}, artifacts=(asset,))
    api = Api(url=one.url, token="a-token-that-may-write")
    for draft in (True, False):
        for annotated in (True, False):
            one.reset()
            one.hub.writers = {api.token}
            one.hub.release("v1.0.0", draft=draft).add(asset.name, b"zip")
            one.hub.refs = {"v1.0.0": "e" * 40 if annotated else "c" * 40}
            one.hub.annotated = {"e" * 40: "c" * 40} if annotated else {}
            seen = look(Question(candidate=candidate, addresses={}, api=api, slug=one.hub.name), lambda _: None)
            states = {f"{found.state}" for found in (*seen.observations, *seen.others)}
            fine = states == {State.VERIFIED} and seen.visibility is (Visibility.DRAFT if draft else Visibility.PUBLIC)
            name = f"a {'draft' if draft else 'release'} of {'an annotated' if annotated else 'a'} tag"
            yield name, "" if fine else f"{name}: {seen}"
    code, body = fetched(f"{one.url}/repos/{one.hub.name}/attestations/sha256:{asset.sha256}")
    yield "attestations", "" if (code, body) == (200, {"attestations": []}) else f"attestations: {code}, {body}"
    one.reset()
    one.hub.writers = {api.token}
    seen = look(Question(candidate=candidate, addresses={}, api=api, slug=one.hub.name), lambda _: None)
    yield "no release", "" if seen.visibility is Visibility.NONE else f"no release: {seen}"


SETTINGS: Mapping[str, tuple[str, Callable[[SettingsHub], object]]] = {
    "as a hardened project has them": (ADMIN, lambda _: None),
    "as a reader sees them": ("ghp_of-a-reader", lambda _: None),
    "with a classic protection": (ADMIN, lambda hub: setattr(hub, "classic", protection())),
    "with branches that may deploy": (ADMIN, lambda hub: hub.environments.update(pypi=Env(policies=[("branch", "main"), ("tag", "v*")]))),
    "with protected branches": (ADMIN, lambda hub: hub.environments.update(pypi=Env(policies=None, protected_branches=True))),
    "without any protection": (ADMIN, lambda hub: hub.environments.update(pypi=Env(reviewers=(), wait=0, policies=None))),
    "with who may pass by": (ADMIN, lambda hub: hub.rulesets.update({8: Rules(bypass=(("Team", 3), ("RepositoryRole", 5)), include=("~ALL",))})),
    "with changeable releases": (ADMIN, lambda hub: setattr(hub, "immutable", False)),
}
"""Settings that GitHub may have, and the token that asks for them."""


def settings(one: Contract) -> Iterator[tuple[str, str]]:
    """Ask for settings through prism: what it lets pass is what is seen without it."""
    for name, (token, change) in SETTINGS.items():
        one.reset()
        change(one.hub)
        through, directly = (ask_settings(Api(url=url, token=token), one.hub.name, "", ["pypi", "crates-io"], lambda _: None) for url in (one.url, one.hub.url))
        yield f"settings {name}", "" if through == directly else f"settings {name}: {through}, expected {directly}"

        for path, template in SETTINGS_PATHS.items():
            code, body = fetched(f"{one.hub.url}/repos/{one.hub.name}{path}", ADMIN)
            said = violations(one.document, template, body) if code == 200 else []
            yield f"{path}, {name}", f"{path}, {name}: {said}" if said or code not in (200, 404) else ""
    for path, wrong in WRONG_SETTINGS.items():
        yield f"{path} that is none", "" if violations(one.document, SETTINGS_PATHS[path], wrong) else f"{path}: {wrong} is let pass"


_REPO = "/repos/{owner}/{repo}"
SETTINGS_PATHS: Mapping[str, str] = {
    "/environments": f"{_REPO}/environments",
    "/environments/pypi/deployment-branch-policies": f"{_REPO}/environments/{{environment_name}}/deployment-branch-policies",
    "/immutable-releases": f"{_REPO}/immutable-releases",
    "/rulesets": f"{_REPO}/rulesets",
    "/rulesets/7": f"{_REPO}/rulesets/{{ruleset_id}}",
    "/rules/branches/main": f"{_REPO}/rules/branches/{{branch}}",
    "/branches/main": f"{_REPO}/branches/{{branch}}",
    "/branches/main/protection": f"{_REPO}/branches/{{branch}}/protection",
    "/actions/permissions/workflow": f"{_REPO}/actions/permissions/workflow",
}
WRONG_SETTINGS: Mapping[str, object] = {
    "/environments": {"total_count": 1, "environments": [{"name": "pypi"}]},
    "/environments/pypi/deployment-branch-policies": {"total_count": 1, "branch_policies": [{"name": "v*", "type": "moon"}]},
    "/immutable-releases": {"enabled": "yes"},
    "/rulesets": [{"id": "7"}],
    "/rulesets/7": {"id": 7, "name": "tags", "source": "spam/eggs", "enforcement": "sometimes"},
    "/rules/branches/main": [{"type": "nothing-of-the-kind"}],
    "/branches/main": {"name": "main"},
    "/branches/main/protection": {"allow_force_pushes": {"enabled": "yes"}},
    "/actions/permissions/workflow": {"default_workflow_permissions": "admin", "can_approve_pull_request_reviews": False},
}
"""Settings that are not GitHub's: each must be refused, or holding against the description proves nothing."""


def pulls(one: Contract) -> Iterator[tuple[str, str]]:
    """Open, find, change and label a pull request through prism, and hold every body that is sent and answered against the description."""
    one.reset()
    api = Api(url=one.url, token="a-token-that-may-write")
    one.hub.writers = {api.token}
    said = asyncio.run(_pulls(one, api))
    yield from ((name, "" if fine else f"pull requests: {name}") for name, fine in said.items())
    repo = "/repos/{owner}/{repo}"
    sent = {
        "POST /pulls": (f"{repo}/pulls", "201"),
        "PATCH /pulls": (f"{repo}/pulls/{{pull_number}}", "200"),
        "POST /issues": (f"{repo}/issues/{{issue_number}}/labels", "200"),
    }
    for method, path, headers, body in one.hub.sent:
        name = f"{method} /{path.split('/')[4]}"
        template, status_ = sent[name]
        yield f"what is sent: {name}", "; ".join(asks_otherwise(one.document, template, SENT[template], json.loads(body)))
        if json.loads(body).get("title") != "refused":
            answered = json.loads(one.hub.reply(method, path, headers, body)[1]) if method != "POST" or "issues" in path else None
            found = violations(one.document, template, answered, SENT[template], status_) if answered is not None else []
            yield f"what is answered: {name}", "; ".join(found)
    one.hub.merge(one.hub.pulls[0], "c" * 40)
    for path, template in {"/pulls?state=all": f"{repo}/pulls", f"/commits/{'c' * 40}/pulls": f"{repo}/commits/{{commit_sha}}/pulls"}.items():
        code, body = fetched(f"{one.hub.url}/repos/{one.hub.name}{path}", api.token)
        found = violations(one.document, template, body) if code == 200 and body else [f"answers {code}"]
        yield f"{path} answers", "; ".join(found)
        wrong = [{**body[0], "number": "7"}] if body else []
        yield f"{path} with a number that is none", "" if violations(one.document, template, wrong) else f"{path}: it is let pass"
    template = f"{repo}/pulls"
    yield "a pull request without a head", "" if asks_otherwise(one.document, template, "post", {"title": "x", "base": "main"}) else "it is let pass"


async def _pulls(one: Contract, api: Api) -> dict[str, bool]:
    async with Http(time.monotonic() + 60, lambda _: None) as http:
        slug = one.hub.name
        asked = PullRequests(http, api, slug)
        made = await pull_requests.open_one(http, api, slug, title="Release 1", body="x", head="release", base="main", draft=False)
        again = await pull_requests.open_one(http, api, slug, title="Release 1", body="x", head="release", base="main", draft=False)
        one.hub.may_open = False
        forbidden = await pull_requests.open_one(http, api, slug, title="refused", body="x", head="other", base="main", draft=True)
        found = await asked.open_on("release")
        number = made.found.number if made.found is not None else 0
        changed = await pull_requests.update(http, api, slug, number, {"title": "Release 2", "body": "y", "base": "main"})
        labelled = await pull_requests.label(http, api, slug, number, ["release"])
        named = await asked.open_on("release")
        closed = await pull_requests.update(http, api, slug, number, {"state": "closed"})
        gone = await asked.open_on("release")
        one.hub.pulls[0].merge = "c" * 40
        merged = await asked.that_made("c" * 40)
    return {
        "opened": made.accepted is True and made.found is not None,
        "there is one already": again.accepted is False and again.exists,
        "Actions may not open one": forbidden.accepted is False and "not permitted" in forbidden.said,
        "found": isinstance(found, list) and [two.title for two in found] == ["Release 1"],
        "changed": changed.accepted is True,
        "labelled": labelled.accepted is True and isinstance(named, list) and named[0].labels == {"release"} and named[0].title == "Release 2",
        "closed": closed.accepted is True and gone == [],
        "merged": isinstance(merged, list) and [two.merge for two in merged] == ["c" * 40],
    }


def all_of_it(one: Contract) -> Iterator[tuple[str, str]]:
    """Give every trial with what is wrong, "" where nothing is."""
    for case in cases():
        yield case.name, hold(one, case)
    yield from refusals(one)
    yield from breaches(one)
    yield from releases(one)
    yield from settings(one)
    yield from pulls(one)
