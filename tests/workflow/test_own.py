"""lockstep guards its own release with its own gates: the workflow passes its own audit, and no fault that fits it stays unseen."""

from __future__ import annotations

from pathlib import Path

import lockstep
from tests.workflow.mutating import RELEASE
from tests.workflow.mutations import judged, repository, run

FILES = repository(Path(lockstep.__file__).parent.parent)


def test_our_release_is_gated_by_lockstep() -> None:
    for command in ("lockstep gate tag", "lockstep gate head", "lockstep gate ci"):
        assert f"{command} " in FILES[RELEASE]
    assert judged(FILES, RELEASE) == []


def test_a_fault_in_our_release_is_found_by_its_rule_and_by_no_other() -> None:
    tried = [one for one in run(FILES, RELEASE) if not one.misfit]
    assert len(tried) > 60
    assert [(one.mutation.rule, one.mutation.name, sorted(one.rules)) for one in tried if not one.good] == []


def test_a_gate_that_is_left_out_is_found() -> None:
    without = {
        '          lockstep gate head "$TAG_NAME"\n': "head-unasked",
        '          lockstep gate ci --workflow ci.yml --branch main "$TAG_NAME"\n': "publish-ungated",
        "    if: needs.guard.outputs.ok == 'true'\n": "guard-ignored",
    }
    for line, rule in without.items():
        assert line in FILES[RELEASE]
        assert {one.rule for one in judged({**FILES, RELEASE: FILES[RELEASE].replace(line, "")}, RELEASE)} == {rule}
