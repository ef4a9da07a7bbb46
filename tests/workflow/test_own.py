"""lockstep guards its own release with its own gates: the workflow passes its own audit, and no fault that fits it stays unseen."""

from __future__ import annotations

import re
from pathlib import Path

import lockstep
from tests.conftest import FULL, Run
from tests.workflow.mutating import MUTATIONS, RELEASE
from tests.workflow.mutations import judged, repository, run

ROOT = Path(lockstep.__file__).parent.parent
FILES = repository(ROOT)


def test_our_release_is_gated_by_lockstep() -> None:
    for command in ("lockstep gate tag", "lockstep gate head", "lockstep gate ci"):
        assert f"{command} " in FILES[RELEASE]
    assert judged(FILES, RELEASE) == []


def test_a_fault_in_our_release_is_found_by_its_rule_and_by_no_other() -> None:
    tried = [one for one in run(FILES, RELEASE, MUTATIONS if FULL else MUTATIONS[::4]) if not one.misfit]
    assert len(tried) > (60 if FULL else 15)
    assert [(one.mutation.rule, one.mutation.name, sorted(one.rules)) for one in tried if not one.good] == []


def test_our_release_is_the_one_that_lockstep_writes(run: Run) -> None:
    assert run("init", "workflow", "--check", repo=ROOT, code=0).err == f"{RELEASE} is as it should be\n"


def test_a_gate_that_is_left_out_is_found() -> None:
    text = FILES[RELEASE]
    [head, ci] = re.findall(r"^        run: lockstep gate (?:head|ci) .*\n", text, re.MULTILINE)
    condition = "    if: needs.guard.outputs.ok == 'true'\n"
    for line, new, rule in (
        (head, "        run: 'true'\n", "head-unasked"),
        (ci, "        run: 'true'\n", "publish-ungated"),
        (condition, "", "guard-ignored"),
    ):
        assert line in text
        assert {one.rule for one in judged({**FILES, RELEASE: text.replace(line, new)}, RELEASE)} == {rule}
