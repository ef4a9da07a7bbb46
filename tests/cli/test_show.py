"""What `lockstep show` and `lockstep explain` say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from lockstep.model import Rule
from lockstep.rules import every_rule
from tests.conftest import STORIES, Fresh, Repo, Run, Story


@pytest.mark.parametrize("name", STORIES)
def test_groups_members_and_outsiders_with_their_reasons(name: str, built: Callable[[str], Repo], run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("show", repo=built(name), code=0)) == snapshot


@pytest.mark.parametrize("name", STORIES)
def test_every_site(name: str, built: Callable[[str], Repo], run: Run, snapshot: SnapshotAssertion) -> None:
    repo = built(name)
    assert str(run("show", "--sites", repo=repo, code=0)) == snapshot


def test_json(story: Story, run: Run, snapshot: SnapshotAssertion) -> None:
    result = run("show", "--format", "json", repo=story("twins"), code=0)
    assert str(result) == snapshot
    document = json.loads(result.out)
    assert document["schema"] == 1
    assert all({"name", "ecosystem", "root", "version", "group", "publish"} <= one.keys() for one in document["packages"])
    assert all({"path", "line", "column", "key", "text", "role", "spelling", "package"} <= one.keys() for one in document["sites"])


def test_a_tag_in_place_of_the_work_tree(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.path("Cargo.toml").unlink()
    assert "0.1.0" in run("show", "--ref", "v0.1.0", repo=repo, code=0).out


def test_the_table_of_rules(run: Run) -> None:
    lines = run("explain", code=0).out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in every_rule()]
    assert all(line.endswith(".") for line in lines)


def test_the_manual_of_a_rule(run: Run, snapshot: SnapshotAssertion) -> None:
    assert str(run("explain", "version-mismatch", code=0)) == snapshot


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_every_rule_has_a_manual(rule: Rule[Any], run: Run) -> None:
    assert rule.doc.rstrip() in run("explain", rule.id, code=0).out


def test_the_rules_as_data(run: Run) -> None:
    document = json.loads(run("explain", "--format", "json", code=0).out)
    assert [one["rule"] for one in document["rules"]] == [rule.id for rule in every_rule()]


@pytest.mark.parametrize(
    ("names", "group"),
    [
        (["tokens-darwin-arm64", "tokens-linux-x64", "tokens-win32-x64"], "tokens-npm"),
        (["@tokens/darwin-arm64", "@tokens/linux-x64", "@tokens/win32-x64"], "tokens-npm"),
        (["eggs", "ham", "tokens"], "eggs"),
        (["tokens-a", "tokens-b"], "tokens-a"),
    ],
)
def test_packages_beside_each_other_are_named_for_what_their_names_share(names: list[str], group: str, fresh: Fresh, run: Run) -> None:
    files = {f"npm/{name.rpartition('/')[2]}/package.json": json.dumps({"name": name, "version": "0.7.0"}) for name in names}
    repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "1.2.0"\n', "src/lib.rs": "", **files}).commit("x", tag="v1.2.0")
    assert [one["name"] for one in json.loads(run("show", "--format", "json", repo=repo, code=0).out)["groups"]] == ["main", group]


def test_every_scheme_that_says_the_newest_release_is_shown(fresh: Fresh, run: Run) -> None:
    wheel = '[project]\nname = "spam"\nversion = "1.2.3"\n'
    made = fresh({"py/pyproject.toml": wheel, "core/Cargo.toml": wheel.replace("project", "package"), "core/src/lib.rs": ""})
    for name in ("old-1.0.0", "rust-v1.2.3", "python-v1.2.3"):
        made.git("tag", name)
    said = run("show", repo=made, code=0).out
    assert "rust-v{version}" in said
    assert "python-v{version}" in said
    assert "the newest are " in said
    assert "old-" not in said
    made.git("tag", "v1.2.3")
    made.write({"a": ""}).commit().git("tag", "--force", "rust-v1.2.3")
    assert "tags v{version}, " in run("show", repo=made, code=0).out


def test_the_newest_tag_of_a_package_that_takes_its_version_from_tags_is_shown(fresh: Fresh, run: Run) -> None:
    made = fresh({"pyproject.toml": '[build-system]\nrequires = ["setuptools-scm"]\n[project]\nname = "spam"\ndynamic = ["version"]\n'})
    made.git("tag", "1.2.3")
    assert "  spam: tags {version}, the newest is 1.2.3\n" in run("show", repo=made, code=0).out


def test_a_pre_release_above_the_newest_release_is_shown(fresh: Fresh, run: Run) -> None:
    made = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "1.1.0-rc.2"\n', "src/lib.rs": ""})
    for name in ("v1.0.0", "v1.1.0-rc.1", "v1.1.0-rc.2", "v1.0.0-rc.9"):
        made.git("tag", name)
    assert "the newest is v1.0.0; the pre-release v1.1.0-rc.2 is after it\n" in run("show", repo=made, code=0).out
    assert json.loads(run("show", "--format", "json", repo=made, code=0).out)["tags"][0]["prerelease"] == "v1.1.0-rc.2"
    made.commit("released", tag="v1.1.0", when=2_000_000_000)
    assert "the newest is v1.1.0\n" in run("show", repo=made, code=0).out


def test_many_packages_of_a_folder_share_a_line_and_each_is_a_request_away(fresh: Fresh, run: Run) -> None:
    crates = {f"crates/c{number:02}/Cargo.toml": f'[package]\nname = "c{number:02}"\nversion = "0.2.0"\n' for number in range(60)}
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["crates/*", "tool"]\n', "tool/Cargo.toml": '[package]\nname = "tool"\nversion = "0.2.0"\n', **crates})
    brief = run("show", repo=repo, code=0).out
    assert "  60 cargo packages in crates/*  0.2.0  c00, c01, c02 and 57 more  " in brief
    assert "; -v lists each" in brief
    assert "cargo:tool" in brief
    whole = run("show", "-v", repo=repo, code=0).out
    assert all(f"cargo:c{number:02} " in whole for number in range(60))
    assert len(json.loads(run("show", "--format", "json", repo=repo, code=0).out)["packages"]) == 61


def test_where_no_tag_says_how_releases_are_tagged_that_is_assumed(fresh: Fresh, run: Run) -> None:
    files = {"Cargo.toml": '[package]\nname = "spam"\nversion = "1.0.0"\n', "src/lib.rs": ""}
    made = fresh(files)
    assert "  no release tag here; assumed: v{version} (the usual form)\n" in run("show", repo=made, code=0).out
    made.write({"lockstep.toml": 'tag = "release-{version}"\n'}).commit()
    assert "no release tag here; tags are release-{version}, as configured" in run("show", repo=made, code=0).out
