"""`audit settings` on a hardened project: each promise that is broken is found by its rule alone, and what is not visible is told apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.evidence import github_settings, http
from lockstep.rules import rules
from tests.conftest import FIXTURES, Fresh, Repo, Result, Run, part
from tests.gate import standin as gate
from tests.gate.settings import ADMIN, Env, Rules, SettingsHandler, SettingsHub, protection, review
from tests.gate.standin import endless, says, serve, status
from tests.test_schemas import shipped

RELEASE = ".github/workflows/release.yml"
HARDENED = {
    path.relative_to(FIXTURES / "workflows/release").as_posix(): path.read_text()
    for path in sorted((FIXTURES / "workflows/release").rglob("*"))
    if path.is_file()
}
MANIFEST = '[package]\nname = "spam"\nversion = "0.9.0"\n'


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[SettingsHub]:
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(http, "TRIES", 2)
    with serve(SettingsHub(), SettingsHandler) as served:
        monkeypatch.setenv("GITHUB_API_URL", served.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", served.name)
        monkeypatch.setenv("GH_TOKEN", ADMIN)
        yield served


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    return fresh({**HARDENED, "Cargo.toml": MANIFEST, "src/lib.rs": ""})


class Ask:
    """Asks for the settings; gives the rules that found something, and those that could not see."""

    def __init__(self, run: Run, repo: Repo) -> None:
        self.run, self.repo = run, repo

    def __call__(self, *args: str, code: int) -> Result:
        return self.run("audit", "settings", *args, repo=self.repo, code=code)

    def json(self, *args: str, code: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("--format", "json", *args, code=code).out)
        jsonschema.validate(found, shipped("audit"), jsonschema.Draft7Validator)
        return found

    def rules(self, *, code: int) -> tuple[set[str], set[str]]:
        found = self.json(code=code)["findings"]
        blind = {one["rule"] for one in found if one["confidence"] == "blind"}
        return {one["rule"] for one in found if one["confidence"] != "blind"}, blind


@pytest.fixture
def ask(run: Run, repo: Repo, hub: SettingsHub) -> Ask:  # noqa: ARG001 - it sets the environment
    return Ask(run, repo)


def test_a_hardened_project_has_no_finding(ask: Ask) -> None:
    out = ask(code=0).out
    assert out.startswith("spam/eggs: 13 of 13 questions pass\n")
    assert "https://github.com/spam/eggs/settings/environments" in out
    assert set(ask.json(code=0)["answers"].values()) == {"pass"}


# ---- each promise broken once


def environment(**said: Any) -> Callable[[SettingsHub], None]:  # noqa: ANN401 - the fields of an environment
    return lambda hub: hub.environments.update(pypi=Env(**said))


def both(**said: Any) -> Callable[[SettingsHub], None]:  # noqa: ANN401 - likewise
    return lambda hub: hub.environments.update(pypi=Env(**said), **{"crates-io": Env(**said)})


def rules_of_tags(**said: Any) -> Callable[[SettingsHub], None]:  # noqa: ANN401 - likewise
    return lambda hub: hub.rulesets.update({7: Rules(**said)})


def without(*rules: str) -> Callable[[SettingsHub], None]:
    def change(hub: SettingsHub) -> None:
        for one in rules:
            del hub.branch_rules[one]

    return change


BROKEN: dict[str, tuple[str, Callable[[SettingsHub], Any]]] = {
    "an environment was renamed there": ("environment-absent", lambda hub: hub.environments.update({"pypi-old": hub.environments.pop("pypi")})),
    "no environment is left": ("environment-absent", lambda hub: hub.environments.clear()),
    "no reviewers in one": ("environment-unreviewed", environment(reviewers=())),
    "no reviewers in any": ("environment-unreviewed", both(reviewers=())),
    "who starts it may approve": ("environment-self-reviewed", both(prevents_self_review=False)),
    "another reviewer in one": ("environment-protection-differs", environment(reviewers=("ham",))),
    "no wait timer in one": ("environment-protection-differs", environment(wait=0)),
    "branches alone": ("environment-refuses-release", both(policies=[("branch", "main")])),
    "protected branches": ("environment-refuses-release", both(policies=None, protected_branches=True)),
    "nothing may deploy": ("environment-refuses-release", both(policies=[])),
    "the pattern of on.push.tags": ("environment-refuses-release", both(policies=[("tag", "v[0-9]+.[0-9]+.[0-9]+")])),
    "one digit each": ("environment-refuses-release", both(policies=[("tag", "v0.[0-8].*")])),
    "tags without a v": ("environment-refuses-release", both(policies=[("tag", "[0-9]*.[0-9]*.[0-9]*")])),
    "a branch that is called as the tags": ("environment-refuses-release", both(policies=[("branch", "v*")])),
    "a branch beside the tags": ("environment-open", both(policies=[("branch", "main"), ("tag", "v*.*.*")])),
    "any branch or tag": ("environment-open", both(policies=None)),
    "releases can be changed": ("releases-mutable", lambda hub: setattr(hub, "immutable", False)),
    "no tag ruleset": ("tag-movable", lambda hub: hub.rulesets.clear()),
    "a tag ruleset that is tried out": ("tag-movable", rules_of_tags(enforcement="evaluate")),
    "tags can be deleted": ("tag-movable", rules_of_tags(rules=("update",))),
    "tags can be moved forward": ("tag-movable", rules_of_tags(rules=("non_fast_forward", "deletion"))),
    "a ruleset about other tags": ("tag-movable", rules_of_tags(include=("refs/tags/nightly*",))),
    "a ruleset that spares releases": ("tag-movable", rules_of_tags(include=("~ALL",), exclude=("refs/tags/v0.*",))),
    "a ruleset about branches": ("tag-movable", rules_of_tags(target="branch")),
    "an administrator may move tags": ("tag-rules-bypassed", rules_of_tags(bypass=(("RepositoryRole", 5),))),
    "a deploy key may move tags": ("tag-rules-bypassed", rules_of_tags(bypass=(("DeployKey", 1),))),
    "main can be force-pushed": ("branch-rewritable", without("non_fast_forward")),
    "main can be deleted": ("branch-rewritable", without("deletion")),
    "nobody reviews main": ("branch-unreviewed", without("pull_request")),
    "a pull request without approvals": ("branch-unreviewed", lambda hub: hub.branch_rules.update(pull_request=review(0))),
    "the token writes": ("token-writes-by-default", lambda hub: setattr(hub, "default_permissions", "write")),
    "workflows approve": ("actions-approve-changes", lambda hub: setattr(hub, "approves", True)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_found_by_its_rule_alone(name: str, ask: Ask, hub: SettingsHub) -> None:
    rule, change = BROKEN[name]
    change(hub)
    level = next(one.level for one in rules("settings") if one.id == rule)
    found = ask.json(code=int(level == "error" and rule != "tag-movable"))  # releases are immutable here, and so are their tags
    assert {one["rule"] for one in found["findings"]} == {rule}
    assert {one["confidence"] for one in found["findings"]} == {"certain"}
    assert [one for one, answer in found["answers"].items() if answer != "pass"] == [rule]


def test_every_rule_is_broken() -> None:
    assert {rule for rule, _ in BROKEN.values()} == {rule.id for rule in rules("settings")}


def test_a_tag_is_held_by_the_release_where_that_is_immutable(ask: Ask, hub: SettingsHub) -> None:
    hub.rulesets.clear()
    assert [one["level"] for one in ask.json(code=0)["findings"]] == ["note"]
    hub.immutable = False
    assert ask.rules(code=1) == ({"tag-movable", "releases-mutable"}, set())


GOOD: dict[str, Callable[[SettingsHub], Any]] = {
    "a classic protection": lambda hub: vars(hub).update(branch_rules={}, classic=protection()),
    "a star for all tags": both(policies=[("tag", "v*")]),
    "two patterns": both(policies=[("tag", "v[0-9].*"), ("tag", "v[1-9][0-9].*")]),
    "another spelling of the name": lambda hub: hub.environments.update({"PyPI": hub.environments.pop("pypi")}),
    "a ruleset about all tags": rules_of_tags(include=("refs/tags/**/*",)),
    "two rulesets": lambda hub: hub.rulesets.update({7: Rules(rules=("update",)), 8: Rules(rules=("deletion",), include=("~ALL",))}),
    "environments of others": lambda hub: hub.environments.update(docs=Env(reviewers=(), wait=0, policies=None)),
    "a bypass that is no tag's": lambda hub: hub.rulesets.update({8: Rules(include=("refs/tags/x*",), bypass=(("Team", 3),))}),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_keeps_a_promise_in_another_way(name: str, ask: Ask, hub: SettingsHub) -> None:
    GOOD[name](hub)
    assert ask.rules(code=0) == (set(), set())


CLASSIC = {
    "force pushes": (protection(force_pushes=True), "branch-rewritable"),
    "deletions": (protection(deletions=True), "branch-rewritable"),
    "no approvals": (protection(approvals=0), "branch-unreviewed"),
    "no reviews": (protection(approvals=None), "branch-unreviewed"),
}


@pytest.mark.parametrize("name", CLASSIC)
def test_a_classic_protection_that_lets_through(name: str, ask: Ask, hub: SettingsHub) -> None:
    hub.branch_rules.clear()
    hub.classic, rule = CLASSIC[name]
    assert ask.rules(code=1) == ({rule}, set())


# ---- what is not visible

HIDDEN = {"actions-approve-changes", "releases-mutable", "tag-rules-bypassed", "token-writes-by-default"}


@pytest.mark.parametrize("token", ["ghp_of-a-reader", ""])
def test_what_an_administrator_alone_sees(token: str, ask: Ask, hub: SettingsHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", token)
    assert ask.rules(code=3) == (set(), HIDDEN)
    ask("--strict", "--min-level", "error", code=3)  # not visible is no fault, and no promise
    assert "Administration: read" in ask(code=3).out
    hub.branch_rules.clear()
    hub.classic = protection()
    assert ask.rules(code=3) == (set(), HIDDEN | {"branch-rewritable", "branch-unreviewed"})
    hub.classic = None
    assert ask.rules(code=1) == ({"branch-rewritable", "branch-unreviewed"}, HIDDEN), "that it is not protected, anybody sees"


def test_what_is_not_visible_is_accepted_without_the_faults(ask: Ask, hub: SettingsHub, monkeypatch: pytest.MonkeyPatch) -> None:
    waivers = "".join(
        f'[[waivers]]\nrule = "{rule}"\nsymbol = "not-visible"\nreason = "no such token in CI"\nexpires = "2099-01-01"\n' for rule in sorted(HIDDEN)
    )
    ask.repo.write({"lockstep.toml": waivers})
    monkeypatch.setenv("GH_TOKEN", "")
    assert "(accepted: no such token in CI, until 2099-01-01)" in ask(code=0).out
    monkeypatch.setenv("GH_TOKEN", ADMIN)
    hub.immutable = False
    assert " releases-mutable: a published release can be changed" in ask(code=1).out


PLACES = {
    "/environments?": "environment-",
    "/deployment-branch-policies": "environment-",
    "/immutable-releases": "releases-mutable",
    "/rulesets?": "tag-",
    "/rulesets/7": "tag-",
    "/rules/branches/": "",
    "/actions/permissions/workflow": "",
}
FAULTS = {
    "500": status(500, "boom"),
    "403": status(403, "Resource not accessible by personal access token"),
    "429": status(429, "slow down", Retry_After="3600"),
    "301": status(301, "Moved", Location="http://127.0.0.1:9/"),
    "half": says(b'{"total_count": 1'),
    "HTML": says(b"<!doctype html>", "text/html"),
    "null": says(b"null"),
    "a table of nothing": says(b"{}"),
    "other things": says(b'{"environments": [5], "branch_policies": [{"type": "moon"}], "default_workflow_permissions": "all"}'),
    "a list of other things": says(b'[{"id": true}]'),
    "cut short": gate.cut_short,
    "never ends": endless(0.0),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", PLACES)
@part(3)
def test_a_failure_is_never_an_answer(place: str, fault: str, ask: Ask, hub: SettingsHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST", 2**20)
    hub.branch_rules["non_fast_forward"] = None
    hub.fault(place, FAULTS[fault], 4)
    found, blind = ask.rules(code=3)
    assert found == set()
    assert blind
    assert all(one.startswith(PLACES[place]) for one in blind)


def test_404_is_hidden_to_who_does_not_administer(ask: Ask, hub: SettingsHub) -> None:
    hub.fault("/repos/spam/eggs", status(404, "Not Found"))
    assert ask.rules(code=3) == (set(), {rule.id for rule in rules("settings")})
    for one in ("/environments?", "/rulesets?"):
        hub.fault(one, status(404, "Not Found"))
    said = ask(code=3)
    assert "not visible: 6 questions about spam/eggs (-v lists each); " in said.out
    assert "tag-movable: not visible" in said.out
    assert said.out.count("not visible:") == 3


def test_404_to_a_token_that_sees_less_than_its_account(ask: Ask, hub: SettingsHub) -> None:
    hub.immutable = False
    hub.fault("/actions/permissions/workflow", status(403, "Resource not accessible by personal access token"))
    assert ask.rules(code=3) == (set(), {"actions-approve-changes", "releases-mutable", "token-writes-by-default"})


def test_a_list_is_read_to_its_end(ask: Ask, hub: SettingsHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_settings, "MOST_PAGES", 2)
    hub.fault("/environments?", says(json.dumps({"environments": [{"name": f"e{one}", "deployment_branch_policy": None} for one in range(100)]}).encode()), 2)
    assert "environment-absent" in ask.rules(code=3)[1]


# ---- workflows


def test_a_name_that_is_computed(ask: Ask) -> None:
    text = ask.repo.read(RELEASE)
    assert text.count("    environment: crates-io\n") == 2
    ask.repo.write({RELEASE: text.replace("    environment: crates-io\n", "    environment: ${{ vars.WHERE }}\n")})
    out = ask("--min-level", "error", code=3).out
    assert ask.rules(code=3) == (set(), {"environment-absent"})
    assert "not visible" in out


def test_the_tags_that_bump_makes(ask: Ask, hub: SettingsHub) -> None:
    both(policies=[("tag", "v0.9.*"), ("tag", "v1.*")])(hub)
    out = ask(code=1).out
    assert "crates-io admits tag v0.9.*, tag v1.*, and not the tag v0.10.0 that starts release.yml" in out
    assert "add the tag pattern v*.*.*" in out


def test_tags_of_a_project_whose_version_comes_from_them(ask: Ask, hub: SettingsHub) -> None:
    ask.repo.write({"Cargo.toml": "", "pyproject.toml": '[project]\nname = "spam"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'})
    ask.repo.git("rm", "-q", "--cached", "Cargo.toml")
    ask.repo.commit(tag="v3.1.0")
    both(policies=[("tag", "v3.*"), ("tag", "v4.*")])(hub)
    assert ask.rules(code=0) == (set(), set())


BASIC = """\
on: { workflow_dispatch: }
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: pypi # lockstep: ignore[environment-unreviewed] one maintainer
    permissions: { id-token: write }
    steps:
      - uses: pypa/gh-action-pypi-publish@0123456789abcdef0123456789abcdef01234567
"""


def test_a_plain_workflow_is_warned(run: Run, fresh: Fresh, hub: SettingsHub) -> None:
    """One that a person starts is released from a branch; what it never promised is a warning or a note."""
    ask = Ask(run, fresh({RELEASE: BASIC}))
    both(reviewers=(), policies=[("branch", "main")])(hub)
    hub.immutable, hub.branch_rules = False, {}
    found = ask.json(code=0)
    assert {one["rule"]: one["level"] for one in found["findings"]} == {
        "branch-rewritable": "warning", "branch-unreviewed": "note", "environment-unreviewed": "note", "releases-mutable": "warning",
    }  # fmt: skip
    assert found["answers"]["tag-movable"] == "not asked"
    assert "(accepted: one maintainer)" in ask(code=0).out
    ask("--strict", code=1)
    both(policies=None)(hub)
    assert "environment-open" in ask.rules(code=0)[0]
    both(policies=[("tag", "v*")])(hub)
    assert "environment-refuses-release" in ask.rules(code=1)[0]


def test_no_workflow_releases_anything(run: Run, fresh: Fresh, hub: SettingsHub) -> None:
    ask = Ask(run, fresh({"README.md": "x"}))
    hub.environments.clear()
    assert "spam/eggs: 5 of 13 questions pass, 8 not asked" in ask(code=0).out


def test_what_the_configuration_promises(ask: Ask, hub: SettingsHub) -> None:
    """Who must approve, and how long everybody waits, is found where it was changed in all environments alike."""
    ask.repo.write({"lockstep.toml": '[audit]\nreviewers = ["Spam", "ham"]\nwait = 30\n'})
    assert ask.rules(code=0) == (set(), set())
    both(wait=10)(hub)
    assert ask.rules(code=0) == ({"environment-protection-differs"}, set())
    assert "crates-io waits 10 minutes, and audit.wait is 30" in ask(code=0).out
    both(reviewers=("ham", "mallory"))(hub)
    assert "pypi is approved by ham, mallory, and audit.reviewers is Spam, ham" in ask(code=0).out
    for wrong in ('wait = "30"', "wait = -1", "wait = true", 'reviewers = "spam"'):
        ask.repo.write({"lockstep.toml": f"[audit]\n{wrong}\n"})
        assert "must be" in ask(code=2).err


def test_tags_that_publish_nothing_are_not_asked_about(run: Run, fresh: Fresh, hub: SettingsHub) -> None:
    """A workflow that any release starts publishes for some tags alone, which a condition tells."""
    text = BASIC.replace("workflow_dispatch:", "release: { types: [published] }").replace(
        "  publish:\n", "  publish:\n    if: startsWith(github.ref_name, 'py-v')\n"
    )
    repo = fresh({RELEASE: text, "Cargo.toml": MANIFEST, "src/lib.rs": "", "py/pyproject.toml": '[project]\nname = "ham"\nversion = "0.2.0"\n'})
    repo.commit(tag="v0.9.0").git("tag", "py-v0.2.0")
    both(policies=[("tag", "py-v*")])(hub)
    assert "environment-refuses-release" not in Ask(run, repo).rules(code=0)[0]
    both(policies=[("tag", "v*")])(hub)
    assert "not the tag py-v0.2.1" in Ask(run, repo)(code=1).out


# ---- the command


def test_the_baseline_and_the_formats(ask: Ask, hub: SettingsHub, tmp_path: Path) -> None:
    hub.immutable = False
    report = tmp_path / "baseline.json"
    report.write_text(ask("--format", "json", code=1).out)
    assert "1 finding of" in ask("--baseline", str(report), code=0).err
    assert "releases-mutable" in ask("--format", "markdown", code=1).out
    assert "confirm by hand" in ask("--format", "github", code=1).err
    assert "  fail        releases-mutable\n" in ask("--verbose", code=1).out
    assert ask("--quiet", code=1).out.count("\n") == 2


def test_which_repository(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--repository names no repository" in ask("--repository", "x", code=2).err
    monkeypatch.delenv("GITHUB_REPOSITORY")
    assert "there is no remote origin" in ask(code=2).err
    ask.repo.git("remote", "add", "origin", "git@github.com:spam/eggs.git")
    ask(code=0)
