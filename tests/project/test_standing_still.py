"""A version that stays the same while releases go on is none of a release's: a workflow puts that into its builds."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from tests.conftest import Fresh, Run

ROOT = '[workspace]\nmembers = ["crates/*"]\n\n[workspace.package]\nversion = "{0}"\n'
CRATES = {f"crates/{name}/Cargo.toml": f'[package]\nname = "{name}"\nversion.workspace = true\n' for name in ("eggs", "ham")}
SITE = {"site/package.json": '{\n  "name": "site",\n  "version": "2.0.0"\n}\n'}
TAGS = ("v0.74.0", "v0.75.0", "v0.76.0")


def groups(fresh: Fresh, run: Run, versions: Sequence[str], tags: Sequence[str]) -> list[str]:
    """Release the versions under tags, the last one without; give what groups there are."""
    repo = fresh({"Cargo.toml": ROOT.format(versions[0]), **CRATES, **SITE})
    for number, tag in enumerate(tags):
        repo.write({"Cargo.toml": ROOT.format(versions[number]), "notes.md": f"{tag}\n"}).commit(tag=tag)
    repo.write({"Cargo.toml": ROOT.format(versions[-1]), "crates/fresh/Cargo.toml": CRATES["crates/eggs/Cargo.toml"].replace("eggs", "fresh")}).commit()
    found = json.loads(run("show", "--format", "json", repo=repo, code=0).out)
    return [one["version"] for one in found["groups"]]


@pytest.mark.parametrize("version", ["0.1.0", "0.3.0-dev0"])
def test_there_is_nothing_to_bump(version: str, fresh: Fresh, run: Run) -> None:
    assert groups(fresh, run, [version] * 4, TAGS) == []


def test_one_release_that_was_written_down_is_enough(fresh: Fresh, run: Run) -> None:
    assert groups(fresh, run, ["0.1.0", "0.75.0", "0.1.0", "0.1.0"], TAGS)


def test_two_releases_prove_nothing(fresh: Fresh, run: Run) -> None:
    assert groups(fresh, run, ["0.1.0"] * 3, TAGS[1:])


def test_tags_of_a_package_prove_nothing(fresh: Fresh, run: Run) -> None:
    assert groups(fresh, run, ["0.1.0"] * 4, [f"spam-{tag}" for tag in TAGS])


def test_who_follows_the_tags_is_bumped(fresh: Fresh, run: Run) -> None:
    assert groups(fresh, run, ["0.74.0", "0.75.0", "0.76.0", "0.77.0"], TAGS)[0] == "0.77.0"


def test_bump_says_why(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": ROOT.format("0.1.0"), **CRATES})
    for tag in TAGS:
        repo.write({"notes.md": f"{tag}\n"}).commit(tag=tag)
    refused = run("bump", "patch", repo=repo, code=2)
    assert "0.1.0 at every recent release, v0.76.0 the newest; no release is written in a manifest" in refused.err
    assert run("gate", "tag", "v0.76.0", repo=repo).code == 0
