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


@pytest.mark.parametrize("command", ["just publish", "make -j2 release", "nox -s publish", "node scripts/publish.js", "pnpm run ci-publish", "./release.py"])
def test_a_credential_and_a_task_that_publishes_by_its_name_cannot_be_told(command: str) -> None:
    for given, seen in (
        ("permissions: { id-token: write }", True),
        ("environment: crates", True),
        ("env: { A: '${{ secrets.TOKEN }}' }", True),
        ("env: {}", False),
    ):
        job = f"{{ {given}, runs-on: ubuntu-latest, steps: [{{ run: {command} }}] }}"
        draft = "{ runs-on: ubuntu-latest, steps: [{ run: gh release create v1 --draft }] }"
        text = HEAD + f"jobs: {{ draft: {draft}, ship: {job} }}\n"
        assert ("workflow-unclassified" in rules_of({".github/workflows/release.yml": text})) is seen


@pytest.mark.parametrize("word", ["verify", "check", "canonicalize", "all", "upload"])
def test_a_script_may_say_by_its_subcommand_that_it_only_looks(word: str) -> None:
    draft = "{ runs-on: ubuntu-latest, steps: [{ run: gh release create v1 --draft }] }"
    for program in ("python3 tools/release_files.py", "node release.js", "./release.sh"):
        ship = f"{{ environment: crates, runs-on: ubuntu-latest, steps: [{{ run: {program} {word} }}] }}"
        found = rules_of({".github/workflows/release.yml": HEAD + f"jobs: {{ draft: {draft}, ship: {ship} }}\n"})
        assert ("workflow-unclassified" in found) is (word in ("all", "upload"))


def test_a_task_that_builds_is_clear() -> None:
    steps = "{ run: make }, { run: nox -s tests }, { run: python prepare_release.py }, { run: cargo publish || true }"
    job = f"{{ environment: crates, runs-on: ubuntu-latest, steps: [{steps}] }}"
    assert "workflow-unclassified" not in rules_of({".github/workflows/release.yml": HEAD + f"jobs: {{ ship: {job} }}\n"})


def test_ordinary_workflows_are_left_alone() -> None:
    assert audits(MemoryTree({".github/workflows/ci.yml": "on: [push, pull_request]\njobs: { a: { runs-on: x, steps: [{ run: pytest }] } }\n"}), Config()) == ()


def test_the_activity_and_the_branch_of_a_trigger_decide_conditions() -> None:
    head = "on: { push: { branches: [master] }, pull_request: { branches: [master] }, release: { types: [published] } }\njobs:\n"
    job = '  {0}: {{ runs-on: ubuntu-latest, if: "{1}", steps: [{{ run: twine upload dist/* }}] }}\n'
    published = head + job.format("a", "github.event.action == 'published'")
    assert not rules_of({".github/workflows/release.yml": published}) & {"trigger-unguarded", "job-never-runs"}
    master = published + job.format("b", "github.ref == 'refs/heads/master'")
    assert "job-never-runs" not in rules_of({".github/workflows/release.yml": master})
    tagged = head.replace("pull_request: { branches: [master] }", "workflow_dispatch: {}") + job.format("a", "startsWith(github.event.ref, 'refs/tags/')")
    assert "trigger-unguarded" not in rules_of({".github/workflows/release.yml": tagged})
    other = head + job.format("a", "github.event.action == 'deleted'")
    assert "job-never-runs" in rules_of({".github/workflows/release.yml": other})


@pytest.mark.parametrize(
    ("context", "level"), [("github.head_ref", "error"), ("github.event.issue.title", "error"), ("github.ref_name", "warning"), ("github.ref", "warning")]
)
def test_what_a_stranger_may_name_is_an_error_in_every_profile(context: str, level: str) -> None:
    text = HEAD + f'jobs: {{ a: {{ runs-on: ubuntu-latest, steps: [{{ run: "twine upload ${{{{ {context} }}}}" }}] }} }}\n'
    found = [one for audit in audits(MemoryTree({".github/workflows/release.yml": text}), Config()) for one in judge_workflow(audit)]
    assert [one.level for one in found if one.rule == "expression-in-script"] == [level]


SENT = "{ uses: actions/checkout@v4, with: { ref: '${{ github.event.workflow_run.head_sha }}' } }"


@pytest.mark.parametrize(
    ("publisher", "followed", "level"),
    [
        ("steps: [{ run: twine upload dist/* }]", "pull_request", "warning"),
        (
            "steps: [{ uses: actions/checkout@v4, with: { ref: '${{ github.event.workflow_run.head_sha }}' } }, { run: twine upload dist/* }]",
            "pull_request",
            "error",
        ),
        (
            "steps: [{ uses: actions/download-artifact@v4, with: { run-id: '${{ github.event.workflow_run.id }}' } }, { run: twine upload dist/* }]",
            "pull_request",
            "error",
        ),
        (f"if: github.event.workflow_run.event == 'push', steps: [{SENT}, {{ run: twine upload dist/* }}]", "pull_request", "warning"),
        (f"steps: [{SENT}, {{ run: twine upload dist/* }}]", "push", "warning"),
    ],
)
def test_a_workflow_that_follows_another(publisher: str, followed: str, level: str) -> None:
    text = f"on: {{ workflow_run: {{ workflows: [ci], types: [completed] }} }}\njobs: {{ a: {{ runs-on: ubuntu-latest, {publisher} }} }}\n"
    other = f"name: ci\non: {followed}\njobs: {{ a: {{ runs-on: ubuntu-latest, steps: [{{ run: make }}] }} }}\n"
    files = MemoryTree({".github/workflows/release.yml": text, ".github/workflows/ci.yml": other})
    found = [one for audit in audits(files, Config()) for one in judge_workflow(audit)]
    assert [one.level for one in found if one.rule == "trigger-privileged"] == [level]


SCRIPTS = """{"scripts": {
  "release": "npm run build && npm publish ./pkg", "build": "tsc", "all": "yarn release", "loop": "npm run loop", "away": "cd .. && npm run release"
}}"""


@pytest.mark.parametrize(
    ("step", "registries"),
    [
        ("{ run: npm run release, working-directory: ./js }", ["npm"]),
        ("{ run: cd js && npm run release }", ["npm"]),
        ("{ run: pnpm release, working-directory: js }", ["npm"]),
        ("{ run: bun run release, working-directory: js }", ["npm"]),
        ("{ run: yarn all, working-directory: js }", ["npm"]),
        ("{ run: npm run release -- --dry-run, working-directory: js }", []),
        ("{ run: npm run build, working-directory: js }", []),
        ("{ run: npm run loop, working-directory: js }", []),
        ("{ run: npm run away, working-directory: js }", []),
        ("{ run: npm run release }", []),
        ("{ run: npm run release --workspace other, working-directory: js }", []),
        ("{ run: npm run release, working-directory: ../js }", []),
        ("{ run: npm run release, working-directory: '${{ matrix.folder }}' }", []),
        ("{ run: (cd js && npm ci); cd js; npm run release }", []),
        ("{ uses: actions/checkout@v6, with: { repository: a/b } }, { run: npm run release, working-directory: js }", []),
    ],
)
def test_a_script_of_a_package_json_is_read(step: str, registries: list[str]) -> None:
    text = HEAD + f"jobs: {{ ship: {{ runs-on: ubuntu-latest, steps: [{step}] }} }}\n"
    (audit,) = audits(MemoryTree({".github/workflows/release.yml": text, "js/package.json": SCRIPTS}), Config(), ".github/workflows/release.yml")
    assert [deed.registry for deed in audit.publishes] == registries


def test_scripts_of_a_package_json_begin_in_the_default_folder() -> None:
    job = "{ runs-on: ubuntu-latest, steps: [{ run: npm run release }] }"
    for before, inside in (
        ("defaults: { run: { working-directory: js } }\n", job),
        ("", job.replace("{ runs-on", "{ defaults: { run: { working-directory: js } }, runs-on")),
    ):
        tree = {".github/workflows/release.yml": f"{HEAD}{before}jobs: {{ ship: {inside} }}\n", "js/package.json": SCRIPTS, "package.json": "{}"}
        (audit,) = audits(MemoryTree(tree), Config(), ".github/workflows/release.yml")
        assert audit.publishes


@pytest.mark.parametrize("broken", ["{", "[]", '{"scripts": []}', '{"scripts": {"release": 1}}', "[" * 100_000])
def test_a_package_json_that_cannot_be_read_says_nothing(broken: str) -> None:
    job = "{ environment: npm, runs-on: ubuntu-latest, steps: [{ run: npm run release }] }"
    assert "workflow-unclassified" in rules_of({".github/workflows/release.yml": HEAD + f"jobs: {{ ship: {job} }}\n", "package.json": broken})
    good = {".github/workflows/release.yml": HEAD + f"jobs: {{ ship: {job} }}\n", "package.json": SCRIPTS}
    assert "workflow-unclassified" not in rules_of(good)
