"""Where changesets makes the releases, npm packages move together when it fixes them to one version, and not because they met at one."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run

ROOT = '{"name": "root", "private": true, "workspaces": ["packages/*"]}\n'


def npm(name: str, version: str = "1.2.0") -> dict[str, str]:
    return {f"packages/{name}/package.json": json.dumps({"name": f"@spam/{name}", "version": version})}


def config(**values: object) -> dict[str, str]:
    return {".changeset/config.json": json.dumps(values)}


def groups(run: Run, repo: Repo) -> dict[str, list[str]]:
    document = json.loads(run("check", "--format", "json", repo=repo, code=0).out)
    return {one["name"]: sorted(one["packages"]) for one in document["groups"]}


FILES = {"package.json": ROOT, **npm("ham"), **npm("eggs"), **npm("bacon")}


def test_packages_that_met_at_a_version_are_no_group(fresh: Fresh, run: Run) -> None:
    repo = fresh(FILES)
    assert len(groups(run, repo)) == 1, "without changesets they are one"
    repo.write(config(access="public")).commit()
    assert groups(run, repo) == {}
    assert "3 packages, each at a version of its own" in run("check", repo=repo, code=0).out
    assert ".changeset/config.json fixes it to no other package" in run("show", repo=repo, code=0).out
    assert "name one with --group" in run("bump", "minor", repo=repo, code=2).err
    run("bump", "minor", "--group", "@spam/ham", repo=repo, code=0)
    assert [json.loads(repo.read(f"packages/{name}/package.json"))["version"] for name in ("ham", "eggs")] == ["1.3.0", "1.2.0"]


@pytest.mark.parametrize("fixed", [["@spam/ham", "@spam/eggs"], ["@spam/*", "!@spam/bacon"], ["@spam/{ham,eggs}"]])
def test_what_is_fixed_moves_together(fixed: list[str], fresh: Fresh, run: Run) -> None:
    repo = fresh(FILES | config(fixed=[fixed]))
    assert list(groups(run, repo).values()) == [["@spam/eggs", "@spam/ham"]]
    assert "fixed to one version by .changeset/config.json" in run("show", repo=repo, code=0).out
    repo.write(npm("eggs", "1.1.0"))
    assert "version-mismatch" in run("check", repo=repo, code=1).out


def test_what_is_linked_may_differ(fresh: Fresh, run: Run) -> None:
    repo = fresh(FILES | npm("eggs", "1.1.0") | config(linked=[["@spam/ham", "@spam/eggs"]]))
    assert groups(run, repo) == {}


def test_a_crate_stays_with_the_npm_package_of_its_name(fresh: Fresh, run: Run) -> None:
    crate = {"Cargo.toml": '[package]\nname = "ham"\nversion = "1.2.0"\n', "src/lib.rs": ""}
    assert list(groups(run, fresh(FILES | crate | config())).values()) == [["@spam/ham", "ham"]]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"fixed": 1}', '{"fixed": [1, ["@spam/ham", 2]]}'])
def test_any_file_is_read(text: str, fresh: Fresh, run: Run) -> None:
    run("check", repo=fresh(FILES | {".changeset/config.json": text}), code=0)
