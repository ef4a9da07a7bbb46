"""An install line that was in step at the last release has drifted when it is not any more; one that never was says nothing."""

from __future__ import annotations

from tests.conftest import Fresh, Run

CARGO = '[package]\nname = "spam"\nversion = "{0}"\n'
README = '# spam\n\n```toml\nspam = "{0}"\n```\n\nFrom 0.x: `spam = "0.1"` was enough.\n\n```toml\nspam = "0.1"\n```\n'


def test_a_line_that_said_the_last_release_and_was_left_behind_is_drift(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "README.md": README.format("0.2")})
    repo.git("tag", "v0.2.0")
    run("check", repo=repo, code=0)
    repo.write({"Cargo.toml": CARGO.format("0.3.0")})
    assert run("check", repo=repo, code=1).out.startswith("README.md:4:9 version-mismatch: install spam is 0.2, but the group is at 0.3.0\n")
    run("check", "--fix", repo=repo, code=0)
    assert repo.read("README.md") == README.format("0.3")


def test_a_pre_release_leaves_the_readers_with_the_last_release(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "README.md": README.format("0.2")})
    repo.git("tag", "v0.2.0")
    repo.write({"Cargo.toml": CARGO.format("0.3.0-dev.1")})
    run("check", repo=repo, code=0)


def test_a_line_that_never_was_in_step_is_nobodys_drift(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "README.md": README.format("0.1")})
    repo.git("tag", "v0.2.0")
    run("check", repo=repo, code=0)


def test_readers_get_no_pre_release_and_the_release_that_it_announces(fresh: Fresh, run: Run) -> None:
    readme = README.format("0.2") + "\n```sh\ncargo add spam@0.2.0\n```\n"
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "README.md": readme})
    repo.git("tag", "v0.2.0")
    for step, version in (("minor", "0.3.0-rc.1"), ("pre", "0.3.0-rc.2")):
        run("bump", step, "--pre", "rc", "--tag", repo=repo, code=0)
        assert (repo.read("Cargo.toml"), repo.read("README.md")) == (CARGO.format(version), readme)
        run("check", repo=repo, code=0)
    run("bump", "release", repo=repo, code=0)
    assert repo.read("README.md") == README.format("0.3") + "\n```sh\ncargo add spam@0.3.0\n```\n"
    run("check", repo=repo, code=0)


def test_readers_of_a_pre_release_get_the_next_one(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.3.0-rc.1"), "README.md": README.format("0.3.0-rc.1")})
    run("bump", "pre", repo=repo, code=0)
    assert repo.read("README.md") == README.format("0.3.0-rc.2")


def test_what_a_pre_release_left_behind_is_drift_after_the_release(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "README.md": README.format("0.2")})
    repo.git("tag", "v0.2.0")
    repo.write({"Cargo.toml": CARGO.format("0.3.0-rc.1")}).commit(tag="v0.3.0-rc.1")
    repo.write({"Cargo.toml": CARGO.format("0.3.0")}).commit()
    assert run("check", repo=repo, code=1).out.startswith("README.md:4:9 version-mismatch: install spam is 0.2, but the group is at 0.3.0\n")


def test_the_copy_of_another_version_tool_is_drift_when_it_was_left_behind(fresh: Fresh, run: Run) -> None:
    settings = "[bumpversion]\ncurrent_version = {0}\n"
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), ".bumpversion.cfg": settings.format("0.2.0")})
    repo.git("tag", "v0.2.0")
    repo.write({"Cargo.toml": CARGO.format("0.3.0")})
    assert run("check", repo=repo, code=1).out.startswith(".bumpversion.cfg:2:19 version-mismatch: current_version is 0.2.0, but the group is at 0.3.0\n")


def test_links_to_the_branch_wait_for_the_release(fresh: Fresh, run: Run) -> None:
    log = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2023-01-01\n\n- Slices.\n\n[Unreleased]: https://github.com/o/spam/compare/v{0}...main\n"
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "CHANGELOG.md": log.format("0.2.0")})
    repo.git("tag", "v0.2.0")
    said = run("bump", "0.3.0-dev.0", repo=repo, code=0).err
    assert repo.read("CHANGELOG.md") == log.format("0.2.0")
    assert "CHANGELOG.md: no pre-release has a section here: its links wait for the release\n" in said
    run("check", repo=repo, code=0)
    repo.commit()
    run("bump", "release", repo=repo, code=0)
    assert "[Unreleased]: https://github.com/o/spam/compare/v0.3.0...main" in repo.read("CHANGELOG.md")
