"""Each rule about release workflows on its pair: `fixtures/workflows/rules/<rule>.txtar` holds what fails, its line marked, and what passes."""

from __future__ import annotations

import re

import pytest

from lockstep.config import Config
from lockstep.evidence.workflows import audits
from lockstep.model import Finding, Rule
from lockstep.rules import rules
from lockstep.tree import MemoryTree
from lockstep.workflow.audit import Audit
from tests.conftest import FIXTURES

RULES = {rule.id: rule for rule in rules("workflow")}
PAIRS = {path.stem: path.read_text() for path in sorted((FIXTURES / "workflows" / "rules").glob("*.txtar"))}
OTHERS = {
    ".github/workflows/ci.yml": "on: { push: { branches: [main] } }\njobs: { test: { runs-on: ubuntu-latest, steps: [{ run: pytest }] } }\n",
    ".github/workflows/docs.yml": "on:\n  push:\n    paths: [docs]\njobs: { test: { runs-on: ubuntu-latest, steps: [{ run: mkdocs }] } }\n",
    ".github/workflows/upload.yml": "on: workflow_call\njobs:\n  upload:\n    runs-on: ubuntu-latest\n    permissions: { id-token: write }\n    steps:\n"
    "      - uses: pypa/gh-action-pypi-publish@0123456789abcdef0123456789abcdef01234567\n",
    ".github/workflows/token.yml": "on: workflow_call\njobs:\n  upload:\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - { uses: pypa/gh-action-pypi-publish@v1, with: { password: '${{ secrets.PYPI }}' } }\n",
    ".github/workflows/pages.yml": "on: { push: { branches: [main] } }\njobs: { pages: { runs-on: ubuntu-latest, steps: [{ run: mkdocs build }] } }\n",
    ".github/workflows/soft.yml": "on: { push: { branches: [main] } }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    continue-on-error: true\n"
    "    steps: [{ run: pytest }]\n",
    ".github/workflows/tag.yml": "on: { push: { branches: [main] } }\njobs:\n  tag:\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567\n      - run: git tag v1.2.3 && git push origin v1.2.3\n",
    ".github/actions/own/action.yml": "runs: { using: composite, steps: [] }\n",
}
ELSEWHERE = {
    "gated-workflow-filtered": (".github/workflows/docs.yml", 2),
    "gated-workflow-soft": (".github/workflows/soft.yml", 5),
    "publisher-in-reusable-workflow": (".github/workflows/upload.yml", 7),
    "tag-starts-nothing": (".github/workflows/tag.yml", 7),
}
"""Rules whose fault stands in another file than the release."""


def found(rule: str, name: str) -> list[Finding]:
    text = re.split(r"^-- (.*) --\n", PAIRS[rule], flags=re.MULTILINE)
    body = text[text.index(name) + 1]
    audit = audits(MemoryTree({**OTHERS, ".github/workflows/release.yml": body}), Config(), ".github/workflows/release.yml")[0]
    return list(check(RULES[rule], audit))


def check(rule: Rule[Audit], audit: Audit) -> list[Finding]:
    return list(rule.check(audit))


def test_every_rule_has_its_pair_but_those_about_another_program() -> None:
    assert set(PAIRS) == {name for name in RULES if not name.startswith("zizmor-")}


@pytest.mark.parametrize("rule", PAIRS)
def test_it_finds_the_marked_line_and_nothing_else(rule: str) -> None:
    lines = PAIRS[rule].partition("-- fails.yml --\n")[2].partition("-- passes.yml --")[0].splitlines()
    marked = {(".github/workflows/release.yml", number) for number, line in enumerate(lines, 1) if "# here" in line}
    assert {(one.place.path, one.place.line) for one in found(rule, "fails.yml")} == ({ELSEWHERE[rule]} if rule in ELSEWHERE else marked)


@pytest.mark.parametrize("rule", PAIRS)
def test_it_leaves_the_good_one_alone(rule: str) -> None:
    assert found(rule, "passes.yml") == []
