"""What a release workflow is held to: by its own steps, or by the configuration."""

from __future__ import annotations

import pytest

from lockstep.config import AuditConfig, Config
from lockstep.evidence.workflows import audits
from lockstep.model import Level
from lockstep.rules import judge_workflow, rules
from lockstep.tree import MemoryTree
from lockstep.workflow.model import Role
from lockstep.workflow.profiles import PROMISES
from tests.conftest import FIXTURES
from tests.workflow.mutating import RELEASE, load
from tests.workflow.mutations import repository

FILES = repository(FIXTURES / "workflows" / "release")


def test_the_good_workflow_is_hardened() -> None:
    audit = load(FILES, RELEASE)
    assert set(PROMISES) <= {deed.role for deed in audit.deeds}
    assert audit.hardened


def test_the_configuration_decides() -> None:
    for profile in ("basic", "hardened"):
        (audit,) = audits(MemoryTree(dict(FILES)), Config(audit=AuditConfig(profile=profile)), RELEASE)
        assert audit.held_to == profile


def test_a_lower_level_is_never_a_higher_one() -> None:
    order = list(Level)
    for rule in rules("workflow"):
        assert rule.basic is None or order.index(rule.basic) > order.index(rule.level), rule.id


def test_one_promise_alone_is_not_a_hardened_release() -> None:
    steps = "[{ uses: actions/attest-build-provenance@v3 }, { run: cargo publish }]"
    text = f"on: {{ push: {{ tags: ['v*'] }} }}\njobs: {{ a: {{ runs-on: ubuntu-latest, steps: {steps} }} }}\n"
    (audit,) = audits(MemoryTree({RELEASE: text}), Config(), RELEASE)
    assert audit.of(Role.ATTEST)
    assert not audit.hardened
    assert all(one.level is not Level.ERROR for one in judge_workflow(audit) if one.rule.startswith("publish-"))


@pytest.mark.parametrize(
    ("on", "condition", "level"),
    [
        ("pull_request: {}", "true", Level.ERROR),
        ("pull_request: {}", "vars.OPEN == 'yes'", Level.WARNING),
        ("schedule: [{ cron: '0 0 * * *' }]", "true", Level.WARNING),
    ],
)
def test_a_pull_request_that_publishes_is_an_error_in_every_profile(on: str, condition: str, level: Level) -> None:
    job = f"{{ if: {condition}, runs-on: ubuntu-latest, steps: [{{ run: cargo publish }}] }}"
    text = f"on: {{ push: {{ tags: ['v*'] }}, {on} }}\njobs: {{ a: {job} }}\n"
    (audit,) = audits(MemoryTree({RELEASE: text}), Config(), RELEASE)
    assert not audit.hardened
    assert [one.level for one in judge_workflow(audit) if one.rule == "trigger-unguarded"] == [level]


@pytest.mark.parametrize(
    ("on", "condition", "levels"),
    [
        ("pull_request: {}", "startsWith(github.event.ref, 'refs/tags')", []),
        ("schedule: [{ cron: '0 0 * * *' }]", "startsWith(github.event.ref, 'refs/tags/')", []),
        ("merge_group: {}", "github.event.release.tag_name != ''", []),
        ("schedule: [{ cron: '0 0 * * *' }]", "github.head_ref == ''", [Level.WARNING]),
        ("pull_request: {}", "!startsWith(github.event.ref, 'refs/heads/')", [Level.ERROR]),
        ("create: {}", "startsWith(github.event.ref, 'refs/tags/')", [Level.WARNING]),
    ],
)
@pytest.mark.parametrize("of", ["job", "step"])
def test_a_condition_about_what_an_event_does_not_have_is_known(on: str, condition: str, levels: list[Level], of: str) -> None:
    asks = f'if: "{condition}", '
    job = f"{{ {asks * (of == 'job')}runs-on: ubuntu-latest, steps: [{{ {asks * (of == 'step')}run: cargo publish }}] }}"
    text = f"on: {{ push: {{ tags: ['v*'] }}, {on} }}\njobs: {{ a: {job} }}\n"
    (audit,) = audits(MemoryTree({RELEASE: text}), Config(), RELEASE)
    assert [one.level for one in judge_workflow(audit) if one.rule == "trigger-unguarded"] == levels


def messages(steps: str) -> list[str]:
    text = f"on: {{ push: {{ tags: ['v*'] }}, pull_request: {{}} }}\njobs: {{ a: {{ runs-on: ubuntu-latest, steps: [{steps}] }} }}\n"
    (audit,) = audits(MemoryTree({RELEASE: text}), Config(), RELEASE)
    return [f"{one.level}: {one.message}" for one in judge_workflow(audit) if one.rule == "trigger-unguarded"]


def test_every_publish_of_a_job_is_asked() -> None:
    tagged = "{ if: \"startsWith(github.ref, 'refs/tags/')\", run: cargo publish }"
    assert messages(f"{{ run: twine upload dist/* }}, {tagged}") == ["error: pull_request can start a, which publishes"]
    assert messages(tagged) == []


def test_a_condition_that_only_the_run_knows_is_named() -> None:
    only = "warning: pull_request can start a, which publishes: whether `env.RELEASE == 'true'` stops it, only the run knows"
    assert messages("{ if: env.RELEASE == 'true', run: cargo publish }") == [only]
