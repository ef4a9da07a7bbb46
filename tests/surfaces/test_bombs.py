"""Sources that were written to stop their reader: each ends in seconds, with a surface or a blind spot."""

from __future__ import annotations

import json
import time

import pytest

from tests.conftest import Fresh, Run

WHEEL = '[project]\nname = "spam"\nversion = "1.0.0"\n'
CHAIN = [f"class C{number}(C{number + 1}): ..." for number in range(1200)]
BOMBS = {
    "go-slices": ({"go.mod": "module example.org/spam\n", "a.go": "package spam\n\ntype T " + "[]" * 50_000 + "int\n"}, False),
    "go-functions": ({"go.mod": "module example.org/spam\n", "a.go": "package spam\n\ntype T " + "func() " * 20_000 + "\n"}, False),
    "go-parameters": ({"go.mod": "module example.org/spam\n", "a.go": "package spam\n\nfunc F" + "(a func" * 5_000 + "()" + ")" * 5_000 + " {}\n"}, False),
    "python-base": ({"pyproject.toml": WHEEL, "spam/__init__.py": f"class A({'-' * 450}1): ...\n"}, True),
    "python-descent": ({"pyproject.toml": WHEEL, "spam/__init__.py": "\n".join(reversed(CHAIN)) + "\n"}, True),
    "python-descent-forwards": ({"pyproject.toml": WHEEL, "spam/__init__.py": "\n".join(CHAIN) + "\nclass C1200: ...\n"}, True),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_seconds(name: str, fresh: Fresh, run: Run) -> None:
    files, blind = BOMBS[name]
    repo = fresh(dict(files))
    started = time.process_time()
    packages = json.loads(run("surface", "--format", "json", repo=repo, code=0).out)["packages"]
    assert time.process_time() - started < 20
    assert any(one["items"] or one["blind"] for one in packages)
    assert any(one["blind"] for one in packages) >= blind
