"""The builds of an npm package for platforms, which it asks for at its own version: they move with it."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Run


def manifest(name: str, version: str, builds: dict[str, str]) -> str:
    return json.dumps({"name": name, "version": version, "optionalDependencies": builds}, indent=2)


@pytest.mark.parametrize(
    ("name", "builds"),
    [
        ("@spam/node", ("@spam/node-darwin-arm64", "@spam/node-linux-x64")),
        ("spam", ("@spam/linux-x64", "@spam/win32-x64")),
        ("spam", ("spam-linux-x64-gnu", "@spam/spam-wasm32-wasi")),
    ],
)
def test_they_move_with_the_package(name: str, builds: tuple[str, str], fresh: Fresh, run: Run) -> None:
    others = {"fsevents": "0.1.0", "@eggs/linux-x64": "0.1.0", f"{name}-plugin": "0.1.0"}
    repo = fresh({"package.json": manifest(name, "0.1.0", dict.fromkeys(builds, "0.1.0") | others)})
    run("bump", "0.2.0", repo=repo, code=0)
    assert repo.read("package.json") == manifest(name, "0.2.0", dict.fromkeys(builds, "0.2.0") | others)
    repo.write({"package.json": manifest(name, "0.2.0", {builds[0]: "0.2.0", builds[1]: "0.1.0"})})
    assert "package.json:6:" in run("check", repo=repo, code=1).out


def test_builds_that_are_published_on_their_own_are_left_alone(fresh: Fresh, run: Run) -> None:
    text = manifest("spam", "0.3.0", {"@spam/linux-x64": "0.1.0"})
    run("check", repo=(repo := fresh({"package.json": text})), code=0)
    run("bump", "0.4.0", repo=repo, code=0)
    assert repo.read("package.json") == text.replace("0.3.0", "0.4.0")
