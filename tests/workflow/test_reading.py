"""Workflows, the files that they use, and what cannot be read of them."""

from __future__ import annotations

import pytest

from lockstep.config import Config
from lockstep.evidence.workflows import audits
from lockstep.rules import judge_workflow
from lockstep.tree import MemoryTree

HEAD = "on: { push: { tags: ['v*'] } }\n"


def rules_of(files: dict[str, str]) -> set[str]:
    return {one.rule for audit in audits(MemoryTree(files), Config()) for one in judge_workflow(audit)}


def test_called_workflows_and_actions_are_followed() -> None:
    files = {
        ".github/workflows/release.yml": HEAD + "jobs:\n  publish: { uses: ./.github/workflows/publish.yml, secrets: inherit }\n",
        ".github/workflows/publish.yml": "on: workflow_call\njobs:\n  go:\n    runs-on: ubuntu-latest\n    steps: [{ uses: ./.github/actions/upload }]\n",
        ".github/actions/upload/action.yml": "runs:\n  using: composite\n  steps:\n    - { run: twine upload --skip-existing dist/*, shell: bash }\n"
        "    - uses: actions/cache@v4\n",
    }
    found = rules_of(files)
    assert {"publish-skips-existing", "environment-missing", "secrets-inherited", "cache-on-release-path", "action-unpinned"} <= found


@pytest.mark.parametrize("broken", ["a: [", "", "jobs: []", "on: push\n", "\ufeff{", "jobs: {a: 1}\njobs: {}", "a: \x00"])
def test_a_workflow_that_cannot_be_read_is_a_finding(broken: str) -> None:
    assert "workflow-unreadable" in rules_of({".github/workflows/release.yml": broken})


def test_what_is_called_and_not_there_is_a_finding() -> None:
    job = "jobs:\n  a: { uses: ./.github/workflows/none.yml }\n  b: { runs-on: ubuntu-latest, steps: [{ uses: ./none }, { run: cargo publish }] }\n"
    assert "workflow-malformed" in rules_of({".github/workflows/release.yml": HEAD + job})


def test_workflows_that_call_each_other_end() -> None:
    call = "jobs:\n  a: { uses: ./.github/workflows/release.yml }\n"
    assert rules_of({".github/workflows/release.yml": HEAD + call})


def test_a_script_of_the_repository_is_looked_into() -> None:
    text = HEAD + "jobs: { ship: { runs-on: ubuntu-latest, steps: [{ run: ./scripts/ship.sh }] } }\n"
    files = {".github/workflows/release.yml": text, "scripts/ship.sh": "#!/bin/sh\nset -e\ncargo publish --no-verify\n"}
    assert {"environment-missing", "verification-skipped"} <= rules_of(files)


def test_a_role_can_be_declared() -> None:
    text = HEAD + "jobs: { ship: { runs-on: ubuntu-latest, steps: [{ run: ./ship }] } }\n"
    tree = MemoryTree({".github/workflows/release.yml": text, "lockstep.toml": '[workflow]\nroles = { ship = "publish" }\nunpinned = ["actions/*"]\n'})
    from lockstep.config.reading import load  # noqa: PLC0415 - only here

    (audit,) = audits(tree, load(tree))
    assert [job.id for job in audit.publish_jobs] == ["ship"]
    assert "workflow-unclassified" not in {one.rule for one in judge_workflow(audit)}


def test_ordinary_workflows_are_left_alone() -> None:
    assert audits(MemoryTree({".github/workflows/ci.yml": "on: [push, pull_request]\njobs: { a: { runs-on: x, steps: [{ run: pytest }] } }\n"}), Config()) == ()
