"""Expressions, scripts and files as a release workflow has them, in whatever spelling."""

from __future__ import annotations

import pytest

from lockstep.config import Config
from lockstep.evidence.workflows import audits
from lockstep.rules import judge_workflow
from lockstep.tree import MemoryTree
from lockstep.workflow.artifacts import meets
from lockstep.workflow.expression import UNKNOWN, ExpressionError, Value, condition, evaluate, functions, parse, references
from lockstep.workflow.model import Role
from lockstep.workflow.roles import of_command
from lockstep.workflow.shell import commands

TAGGED: dict[str, str | bool] = {"github.ref": "refs/tags/v1.0.0", "github.event_name": "push", "github.ref_type": "tag"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("startsWith(github.ref, 'refs/tags/')", True),
        ("!startsWith(GITHUB.REF, 'refs/TAGS/')", False),
        ("github.event_name == 'pull_request' && needs.x.outputs.y", False),
        ("needs.x.outputs.y && github.event_name == 'pull_request'", False),
        ("needs.x.outputs.y || github.ref_type == 'tag'", True),
        ("needs.x.outputs.y", UNKNOWN),
        ("(1 < 2) == true", True),
        ("'it''s' == 'IT''S'", True),
        ("null == ''", True),
        ("contains(github['ref'], 'v1')", True),
        ("!cancelled() && !failure()", True),
        ("fromJSON('true')", True),
    ],
)
def test_an_expression_has_the_value_that_github_gives_it(text: str, value: Value) -> None:
    assert evaluate(parse(text), TAGGED) == value


@pytest.mark.parametrize("text", ["always()", "${{ always() }}", "ALWAYS( )", "!cancelled()", "success() || failure()", "(always())"])
def test_a_status_function_is_seen_in_every_spelling(text: str) -> None:
    assert {"always", "cancelled", "failure"} & set(functions(condition(text)))


@pytest.mark.parametrize("text", ["a ==", "(a", "a b", "'x", "f(a,", "!" * 100 + "a", "&&"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_references_have_no_case_and_any_index() -> None:
    assert list(references(parse("Needs['Guard'].outputs.OK && steps.*.x"))) == [("needs", "guard", "outputs", "ok"), ("steps", "*", "x")]


@pytest.mark.parametrize(
    "script",
    [
        "cargo publish",
        "cargo +nightly --color never publish --locked",
        "CARGO_TERM_COLOR=never sudo -E cargo publish",
        "if ! cargo publish; then exit 1; fi",
        'bash -c "cd a && cargo publish"',
        "for c in a b; do\n  cargo \\\n    publish -p $c\ndone",
        'C="cargo publish"\n$C --locked',
        "x=$(cargo publish)",
        "timeout 60 cargo publish",
        "set -e; (cargo publish)",
    ],
)
def test_a_publish_is_seen_in_every_spelling(script: str) -> None:
    assert Role.PUBLISH in {seen.role for one in commands(script) for seen in of_command(one)}


@pytest.mark.parametrize(
    "script",
    [
        "case $x in\n  1) exit 1 ;;\n  *)\n    exit 0\n    ;;\nesac\ncargo publish",
        "if a; then\n  exit 0\nfi\ncargo publish",
        "a || exit 1\ncargo publish",
        "f() {\n  exit 1\n}\ncargo publish",
        "(\nexit 0\n)\ncargo publish",
        "for i in 1 2; do exit 0; done; cargo publish",
    ],
)
def test_a_way_out_hides_nothing_behind_it(script: str) -> None:
    assert Role.PUBLISH in {seen.role for one in commands(script) for seen in of_command(one)}


@pytest.mark.parametrize(
    "script",
    [
        "set -e\nexit 0\ncargo publish",
        "cargo publish --dry-run",
        "echo cargo publish",
        "# cargo publish",
        "cat <<EOF\ncargo publish\nEOF",
        "cargo test publish",
        "grep 'cargo publish' x",
        "cargo publish --help",
    ],
)
def test_what_only_speaks_of_a_publish_is_none(script: str) -> None:
    assert Role.PUBLISH not in {seen.role for one in commands(script) for seen in of_command(one)}


@pytest.mark.parametrize(("script", "line"), [("a\n\nb", 2), ("a \\\n  x\nb", 2), ("a 'x\ny'\nb", 2), ("a <<E\nx\nE\nb", 3), ("a $(\nx\n)\nb", 3)])
def test_a_command_has_its_line(script: str, line: int) -> None:
    assert next(one.line for one in commands(script) if one.words == ("b",)) == line


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a-*", "a-b", True), ("a-*", "b-*", False), ("*-b", "a-*", True), ("dist", "dist", True), ("wheels-*", "extra-wheels-*", False), ("*", "", True)],
)
def test_patterns_meet(one: str, other: str, *, same: bool) -> None:
    assert meets(one, other) is meets(other, one) is same


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
