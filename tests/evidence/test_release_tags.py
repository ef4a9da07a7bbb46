"""The last release before a commit: which tags count, and which do not."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Repo, Run

CRATE = '[package]\nname = "{}"\nversion = "{}"\n'
WHEEL = '[project]\nname = "{}"\nversion = "{}"\n'


def base(repo: Repo, run: Run) -> str:
    """Give the ref that a review of the work tree compares with."""
    return str(json.loads(run("diff", "--format", "json", repo=repo).out)["base"]["ref"]).removeprefix("refs/tags/")


def crate(repo: Repo, version: str, tag: str = "", *, name: str = "spam", path: str = "Cargo.toml") -> None:
    repo.write({path: CRATE.format(name, version), path.replace("Cargo.toml", "src/lib.rs"): f"// {version}\n"}).commit(version, tag=tag)


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    return fresh({"README.md": "# spam\n"})


def test_tags_of_another_scheme_that_ended_long_ago_do_not_count(repo: Repo, run: Run) -> None:
    crate(repo, "0.4.0", "v0.4.0")
    for version in ("0.30.0", "0.31.0"):
        crate(repo, version, f"rust-v{version}")
    repo.write({"python/pyproject.toml": WHEEL.format("spam", "1.6.3")}).commit(tag="python-v1.6.3")
    crate(repo, "0.32.0")
    assert base(repo, run) == "rust-v0.31.0"


def test_a_manifest_that_never_moves_states_no_version_that_is_released(repo: Repo, run: Run) -> None:
    crate(repo, "0.1.0", "0.1.0")
    for tag in ("0.75.0", "0.76.0"):
        repo.write({"src/lib.rs": f"// {tag}\n"}).commit(tag=tag)
    repo.write({"src/lib.rs": "// later\n"}).commit()
    assert base(repo, run) == "0.76.0"


def test_releases_on_branches_of_their_own_come_before_the_next_one(repo: Repo, run: Run) -> None:
    main = repo.git("branch", "--show-current").strip()
    crate(repo, "0.23.0", "v/0.23.0")
    repo.git("checkout", "-q", "-b", "rel-0.23")
    crate(repo, "0.23.1", "v/0.23.1")
    repo.git("checkout", "-q", main)
    crate(repo, "0.24.0-dev.0")
    assert base(repo, run) == "v/0.23.1"


def test_a_branch_of_old_releases_is_not_compared_with_newer_ones(repo: Repo, run: Run) -> None:
    main = repo.git("branch", "--show-current").strip()
    crate(repo, "0.8.0", "0.8.0")
    repo.git("checkout", "-q", "-b", "0.8")
    crate(repo, "0.8.1", "0.8.1")
    repo.git("checkout", "-q", main)
    crate(repo, "0.9.0", "0.9.0")
    repo.git("checkout", "-q", "0.8")
    crate(repo, "0.8.2")
    assert base(repo, run) == "0.8.1"


def test_a_commit_before_a_release_is_not_compared_with_it(repo: Repo, run: Run) -> None:
    crate(repo, "1.0.0", "v1.0.0")
    crate(repo, "1.1.0")
    here = repo.git("rev-parse", "HEAD").strip()
    repo.write({"src/lib.rs": "// released\n"}).commit(tag="v1.1.0")
    repo.git("checkout", "-q", here)
    assert base(repo, run) == "v1.0.0"


def test_a_step_to_a_version_that_another_branch_has_released_is_refused(repo: Repo, run: Run) -> None:
    main = repo.git("branch", "--show-current").strip()
    crate(repo, "8.4.0", "8.4.0")
    repo.git("checkout", "-q", "-b", "stable")
    crate(repo, "8.4.1", "8.4.1")
    crate(repo, "8.4.2", "8.4.2")
    repo.git("checkout", "-q", main)
    repo.write({"NOTES.md": "later\n"}).commit()
    refused = run("bump", "patch", repo=repo, code=2).err
    assert "the tag 8.4.1 exists already: 8.4.1 is released; the highest release is 8.4.2" in refused
    assert "the tag 8.4.1 exists already" in run("bump", "8.4.1", "--dry-run", repo=repo).err, "who names it in full is told"
    run("bump", "patch", "--force", repo=repo, code=0)


def test_the_next_tag_is_written_like_the_last_of_its_group(repo: Repo, run: Run) -> None:
    crate(repo, "1.0.0", "spam-1.0.0")
    crate(repo, "0.3.0", "eggs-0.3.0", name="eggs", path="eggs/Cargo.toml")
    run("bump", "patch", "--group", "eggs", "--tag", repo=repo, code=0)
    assert repo.git("tag", "--points-at", "HEAD").split() == ["eggs-0.3.1"]


def test_fifty_thousand_tags_in_two_hundred_schemes_are_no_trouble(repo: Repo, run: Run) -> None:
    crate(repo, "1.2.3", "v1.2.3")
    sha = repo.git("rev-parse", "HEAD").strip()
    names = sorted(f"refs/tags/pkg{number % 200}-v{number // 200}.{number % 7}.0" for number in range(50_000))
    packed = repo.path(".git/packed-refs")
    packed.write_text("# pack-refs with: peeled fully-peeled sorted \n" + "".join(f"{sha} {name}\n" for name in names))
    assert "v1.2.3 at " in run("gate", "tag", "v1.2.3", repo=repo, code=0).out
    crate(repo, "1.2.4")
    assert base(repo, run) == "v1.2.3"
