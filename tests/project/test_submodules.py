"""What lies in a submodule is another repository: it is not read, and no error."""

from __future__ import annotations

import pytest

from tests.conftest import Fresh, Run

MODULES = '[submodule "egg"]\n\tpath = libs/egg\n\turl = https://example.org/egg.git\n'
CRATE = '[package]\nname = "spam"\nversion = "0.1.0"\n\n'
PATH = '[dependencies]\negg = { path = "../libs/egg/core" }\n'
MEMBER = '[workspace]\nmembers = ["../libs/egg/core"]\n'


@pytest.mark.parametrize(("more", "rule"), [(PATH, "path-dependency-missing"), (MEMBER.replace("../", ""), "member-missing")], ids=["path", "member"])
def test_a_crate_in_a_submodule_is_not_read(more: str, rule: str, fresh: Fresh, run: Run) -> None:
    folder = "" if "workspace" in more else "spam/"
    repo = fresh({".gitmodules": MODULES, f"{folder}Cargo.toml": CRATE + more, f"{folder}src/lib.rs": ""})
    said = run("check", repo=repo, code=0).out
    assert f"warning {rule}: " in said
    assert "submodule" in said
    repo.write({".gitmodules": MODULES.replace("libs/egg", "libs/eg")})
    assert f" {rule}: " in run("check", repo=repo, code=1).out
