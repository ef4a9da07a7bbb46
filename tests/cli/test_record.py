"""`bump --commit --tag --sign`: what git holds afterwards, and what stands when git refuses."""

from __future__ import annotations

from tests.conftest import Fresh, Repo, Run, Story


def test_a_commit_holds_the_edited_files_and_nothing_else(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"notes.txt": "mine\n"}).git("add", "notes.txt")
    result = run("bump", "minor", "--tag", repo=repo, code=0)
    assert "tagged v0.3.0; nothing was pushed" in result.out
    assert repo.git("log", "-1", "--format=%s") == "Release 0.3.0\n"
    assert set(repo.git("show", "--name-only", "--format=", "HEAD").split()) == {
        "CHANGELOG.md",
        "Cargo.toml",
        "Cargo.lock",
        "pyproject.toml",
        "python/spam/__init__.py",
    }
    assert repo.git("cat-file", "-t", "v0.3.0") == "tag\n"
    assert repo.git("rev-parse", "v0.3.0^{commit}") == repo.git("rev-parse", "HEAD")
    assert repo.git("status", "--porcelain") == "A  notes.txt\n"


def test_an_existing_tag_is_refused_before_anything_is_written(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.git("tag", "v0.3.0")
    before = repo.contents()
    result = run("bump", "minor", "--tag", repo=repo, code=2)
    assert "the tag v0.3.0 exists already" in result.err
    assert repo.contents() == before


def refused(repo: Repo, run: Run, *args: str) -> str:
    before, head, status = repo.contents(), repo.git("rev-parse", "HEAD"), repo.git("status", "--porcelain")
    result = run("bump", "minor", *args, repo=repo, code=2)
    assert repo.contents() == before
    assert (repo.git("rev-parse", "HEAD"), repo.git("status", "--porcelain")) == (head, status)
    assert repo.tags() == ["v0.1.0", "v0.2.0"]
    return result.err


def test_a_failing_hook_takes_the_edits_back(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({".git/hooks/pre-commit": "#!/bin/sh\necho not today >&2\nexit 1\n"}).path(".git/hooks/pre-commit").chmod(0o755)
    assert "git commit refused: not today; the edits were taken back" in refused(repo, run, "--commit")


def test_a_failing_signature_of_the_tag_takes_the_commit_back(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"sign": "#!/bin/sh\nexit 1\n"}).path("sign").chmod(0o755)
    repo.commit("a signer that never signs")
    repo.git("config", "gpg.program", str(repo.path("sign")))
    repo.git("config", "tag.gpgSign", "true")
    assert "git tag refused" in refused(repo, run, "--tag")


def test_uncommitted_changes_of_what_would_be_edited_are_refused(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"Cargo.toml": repo.read("Cargo.toml") + "# mine\n"})
    before = repo.contents()
    assert "uncommitted changes in what would be edited: Cargo.toml" in run("bump", "minor", repo=repo, code=2).err
    tried = run("bump", "minor", "--dry-run", repo=repo, code=0)
    assert "without --dry-run this is refused: uncommitted changes in what would be edited: Cargo.toml" in tried.err
    assert "+version" in tried.out
    assert repo.contents() == before
    run("bump", "minor", "--allow-dirty", repo=repo, code=0)
    assert repo.read("Cargo.toml").endswith("# mine\n")


def test_changes_elsewhere_are_nobodys_business(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"src/lib.rs": "// mine\n", "new.txt": "new\n"})
    run("bump", "minor", repo=repo, code=0)


def test_tag_and_message_follow_the_configuration(story: Story, run: Run) -> None:
    repo = story("twins")
    repo.write({"lockstep.toml": 'tag = "spam/{version}"\nmessage = "chore: {group} {version}"\n'}).commit()
    run("bump", "1.0.0-rc.1", "--tag", repo=repo, code=0)
    assert repo.git("log", "-1", "--format=%s") == "chore: main 1.0.0-rc.1\n"
    assert "spam/1.0.0-rc.1" in repo.tags()


def test_a_path_is_a_path_whatever_git_takes_it_for(fresh: Fresh, run: Run) -> None:
    """A colon is git's magic, a star its pattern, and a quote is what it writes around others."""
    names = [":r", "a*b", 'pkg \u00e4"x', "[x]"]
    files = {f"{name}/Cargo.toml": f'[package]\nname = "x{number}"\nversion = "0.1.0"\nedition = "2021"\n' for number, name in enumerate(names)}
    repo = fresh(files)
    run("bump", "minor", "--force", "--tag", repo=repo, code=0)
    assert set(repo.git("show", "--name-only", "--format=", "-z", "HEAD").rstrip("\0").split("\0")) == set(files)
    assert repo.git("status", "--porcelain") == ""
