"""A root that announces the next release while its neighbours stay at the last one, and places that only a finished plan shows."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run

CRATE = '[package]\nname = "{0}"\nversion = "{1}"\n'
ROOT = '[workspace]\nmembers = ["eggs", "ham"]\n\n' + CRATE + '\n[dependencies]\neggs = {{ path = "eggs", version = "={2}" }}\n'
NEWS = '[tool.towncrier]\nname = "spam"\nversion = "{0}"\n'


def files(root: str, others: str) -> dict[str, str]:
    crates = {f"{name}/Cargo.toml": CRATE.format(name, others) for name in ("eggs", "ham")}
    return {"Cargo.toml": ROOT.format("spam", root, others), "pyproject.toml": NEWS.format(others), **crates}


@pytest.fixture
def ahead(fresh: Fresh) -> Repo:
    repo = fresh(files("0.2.0", "0.2.0"))
    repo.git("tag", "v0.2.0")
    return repo.write(files("0.3.0-dev", "0.2.0")).commit("the next is announced")


def test_a_root_one_step_ahead_says_where_the_group_is(ahead: Repo, run: Run) -> None:
    document = json.loads(run("show", "--format", "json", repo=ahead, code=0).out)
    assert document["groups"][0]["version"] == "0.3.0-dev"


def test_a_fix_takes_the_others_along_and_nobody_back(ahead: Repo, run: Run) -> None:
    run("check", "--fix", repo=ahead, code=0)
    wanted = files("0.3.0-dev", "0.3.0-dev") | {"pyproject.toml": NEWS.format("0.2.0")}
    assert {path: ahead.read(path) for path in wanted} == wanted
    run("check", repo=ahead, code=0)


def test_the_release_takes_along_what_waited_for_it(ahead: Repo, run: Run) -> None:
    run("bump", "0.3.0", "--fix", repo=ahead, code=0)
    assert {path: ahead.read(path) for path in files("", "")} == files("0.3.0", "0.3.0")
    run("check", repo=ahead, code=0)


@pytest.mark.parametrize("root", ["0.5.0", "0.2.0-dev", "0.1.9"])
def test_a_root_elsewhere_does_not_decide(root: str, fresh: Fresh, run: Run) -> None:
    repo = fresh(files("0.2.0", "0.2.0"))
    repo.git("tag", "v0.2.0")
    repo.write(files(root, "0.2.0")).commit("a slip")
    document = json.loads(run("show", "--format", "json", repo=repo, code=0).out)
    assert document["groups"][0]["version"] == "0.2.0"


def test_a_fix_is_not_refused_for_a_place_that_it_shows(fresh: Fresh, run: Run) -> None:
    """While eggs announces a release, its readers may be at the last one; once it is back in step they may not."""
    virtual = '[workspace]\nmembers = ["eggs", "ham", "toast"]\n'
    crates = {f"{name}/Cargo.toml": CRATE.format(name, "0.2.0") for name in ("eggs", "ham", "toast")}
    readme = '# eggs\n\n```toml\n[dependencies]\neggs = "{0}"\n```\n'
    old = {path: text.replace("0.2.0", "0.1.0") for path, text in crates.items()}
    repo = fresh({"Cargo.toml": virtual, **old, "eggs/README.md": readme.format("0.1.0")})
    repo.git("tag", "v0.1.0")
    repo.write({**crates, "eggs/Cargo.toml": CRATE.format("eggs", "0.3.0-dev"), "eggs/README.md": "<!-- new -->\n" + readme.format("0.1.0")}).commit(
        "forgotten"
    )
    run("check", "--fix", repo=repo, code=0)
    assert repo.read("eggs/Cargo.toml") == CRATE.format("eggs", "0.2.0")
    assert repo.read("eggs/README.md") == "<!-- new -->\n" + readme.format("0.2.0")


@pytest.mark.parametrize("requirement", ["*", "1.*", "1.2.*"])
def test_a_wildcard_in_a_crate_that_cargo_takes_for_no_package(requirement: str, fresh: Fresh, run: Run) -> None:
    sample = CRATE.format("sample", "0.0.1") + f'\n[dependencies]\neggs = {{ path = "../../eggs", version = "{requirement}" }}\n'
    repo = fresh({"Cargo.toml": '[workspace]\nmembers = ["eggs"]\n', "eggs/Cargo.toml": CRATE.format("eggs", "2.0.0-rc.1"), "tests/sample/Cargo.toml": sample})
    run("check", repo=repo, code=0)
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.read("tests/sample/Cargo.toml") == sample
    run("check", repo=repo, code=0)


def test_a_tag_that_moves_along_is_not_the_newest(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("spam", "0.12.11")})
    for tag in ("v0.12.11", "v0.12", "v0"):
        repo.git("tag", tag)
    assert "the newest is v0.12.11\n" in run("show", repo=repo, code=0).out
    repo.git("tag", "-d", "v0.12.11")
    assert "the newest is v0.12\n" in run("show", repo=repo, code=0).out, "where no release has three numbers, two are all there is"


def test_a_group_that_is_asked_for_where_there_is_none(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": '[project]\nname = "spam"\ndynamic = ["version"]\n[tool.setuptools_scm]\n'})
    assert "so there is no group" in run("bump", "minor", "--group", "x", repo=repo, code=2).err
