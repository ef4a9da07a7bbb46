"""npm packages are told as not analysed where what they offer changed, and nothing is certain then."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run

PACKAGE = {"name": "@spam/egg", "version": "1.0.0", "main": "index.js", "scripts": {"test": "true"}}
CRATE = {"native/Cargo.toml": '[package]\nname = "spam"\nversion = "1.0.0"\n', "native/src/lib.rs": "pub fn f() {}\n"}


def manifest(**values: object) -> str:
    return json.dumps(PACKAGE | values)


def released(fresh: Fresh, **values: object) -> Repo:
    repo = fresh({"js/package.json": manifest(**values), "js/index.js": "exports.a = 1\n", "js/native.js": "want('1.0.0')\n", "js/tests/a.js": "", **CRATE})
    repo.git("tag", "v1.0.0")
    return repo


def bumped(repo: Repo, version: str, files: dict[str, str], **values: object) -> Repo:
    crate = CRATE["native/Cargo.toml"].replace("1.0.0", version)
    return repo.write(
        {"js/package.json": manifest(version=version, **values), "native/Cargo.toml": crate, "js/native.js": f"want('{version}')\n", **files}
    ).commit()


@pytest.mark.parametrize(("version", "code", "verdict"), [("1.0.1", 3, "unproven"), ("2.0.0", 0, "ok")])
def test_a_package_whose_sources_changed_is_not_analysed(version: str, code: int, verdict: str, fresh: Fresh, run: Run) -> None:
    repo = bumped(released(fresh), version, {"js/index.js": "exports.b = 1\n"})
    said = run("diff", "v1.0.0", "HEAD", repo=repo, code=code)
    assert "not analysed @spam/egg: lockstep does not read JavaScript or TypeScript" in said.out
    document = json.loads(run("diff", "v1.0.0", "HEAD", "--format", "json", repo=repo, code=code).out)
    assert document["verdict"] == verdict
    [surface] = [one for one in document["surfaces"] if one["surface"] == "npm"]
    assert (surface["package"], surface["blind"][0]["path"]) == ("@spam/egg", "js/package.json")


@pytest.mark.parametrize(
    ("files", "values"),
    [
        ({}, {}),
        ({"js/README.md": "x"}, {}),
        ({"js/tests/a.js": "b()"}, {}),
        ({}, {"scripts": {"test": "false"}, "devDependencies": {"x": "1"}}),
    ],
)
def test_one_that_offers_the_same_is_no_question(files: dict[str, str], values: dict[str, object], fresh: Fresh, run: Run) -> None:
    run("diff", "v1.0.0", "HEAD", repo=bumped(released(fresh), "1.0.1", files, **values), code=0)


def test_what_a_manifest_exports_counts(fresh: Fresh, run: Run) -> None:
    run("diff", "v1.0.0", "HEAD", repo=bumped(released(fresh), "1.0.1", {}, main="other.js"), code=3)


@pytest.mark.parametrize("values", [{"private": True}, {"os": ["linux"], "cpu": ["x64"]}])
def test_what_nobody_imports_is_not_told(values: dict[str, object], fresh: Fresh, run: Run) -> None:
    repo = bumped(released(fresh, **values), "1.0.1", {"js/index.js": "exports.b = 1\n"}, **values)
    assert "@spam/egg" not in run("diff", "v1.0.0", "HEAD", repo=repo, code=0).out
