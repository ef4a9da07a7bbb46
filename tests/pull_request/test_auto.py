"""The step that the changes ask for, of a package that moves on its own."""

from __future__ import annotations

from tests.conftest import Fresh, Run
from tests.pull_request.test_plan import alone


def test_auto_takes_the_step_from_a_package_s_own_release(fresh: Fresh, run: Run) -> None:
    repo = alone(fresh)
    repo.write({"core/src/lib.rs": "pub fn two() {}\n"}).commit("rename")
    assert "from 0.2.0 to 0.3.0" in run("bump", "auto", "--group", "core", "--dry-run", repo=repo, code=0).err
    repo.write({"core/src/lib.rs": "pub fn one() {}\npub fn two() {}\n"}).commit("both")
    assert "from 0.2.0 to 0.2.1" in run("bump", "auto", "--group", "core", "--dry-run", repo=repo, code=0).err
