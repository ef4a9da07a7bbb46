"""`lockstep gate tag`: which names are releases, what the project must say, and whose signature counts."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Fresh, Repo, Run
from tests.writing.runner import outputs_of

FILES = {
    "pyproject.toml": '[project]\nname = "spam"\nversion = "1.2.3"\n',
    "spam/__init__.py": '__version__ = "1.2.3"\n',
    "CHANGELOG.md": "# Changelog\n\n## [1.2.3] - 2026-01-02\n\n- Spam.\n\n## [1.2.2] - 2026-01-01\n\n- Eggs.\n",
}


@pytest.fixture
def repo(fresh: Fresh) -> Repo:
    made = fresh(dict(FILES))
    made.git("tag", "--annotate", "--message", "spam", "v1.2.3")
    return made


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "github_output"
    path.touch()
    monkeypatch.setenv("GITHUB_OUTPUT", str(path))
    return path


# ---- outcomes


def test_a_release_tag_passes(repo: Repo, run: Run, outputs: Path) -> None:
    sha = repo.git("rev-parse", "HEAD").strip()
    assert run("gate", "tag", "v1.2.3", repo=repo, code=0).out == f"v1.2.3 at {sha[:12]}: the project is at 1.2.3\n"
    assert outputs_of(outputs.read_text()) == {"ok": "true", "outcome": "pass", "tag": "v1.2.3", "version": "1.2.3", "commit": sha}


@pytest.mark.parametrize("tag", ["v1.2.3-rc.1", "refs/tags/v1.3.0-alpha.1", "v1.2.3rc2", "v1.2.4.dev0"])
def test_a_pre_release_is_skipped_and_that_is_no_failure(repo: Repo, run: Run, outputs: Path, tag: str) -> None:
    name = tag.removeprefix("refs/tags/")
    repo.git("tag", name)
    assert run("gate", "tag", tag, repo=repo, code=0).out == f"{name} is a pre-release, and no stable release: skipped\n"
    found = outputs_of(outputs.read_text())
    assert (found["ok"], found["outcome"], found["tag"], found["version"]) == ("false", "skip", name, "")


@pytest.mark.parametrize("tag", ["nightly", "vnext", "latest", "2026-01-02"])
def test_a_tag_without_a_version_is_refused(repo: Repo, run: Run, outputs: Path, tag: str) -> None:
    repo.git("tag", tag)
    assert f"the tag {tag} names no version\n  help: name it v1.2.3" in run("gate", "tag", tag, repo=repo, code=1).out
    assert outputs_of(outputs.read_text())["ok"] == "false"


@pytest.mark.parametrize("tag", ["v1", "v1.2", "v1.2.3.4", "v1.2.4", "v01.2.3", "v1.02.3", "v1.2.3+build", "v1.2.3.post1"])
def test_a_tag_that_says_another_version_is_refused(repo: Repo, run: Run, tag: str) -> None:
    repo.git("tag", tag)
    assert f"tag-mismatch: the tag {tag} says {tag[1:]}, but the group is at 1.2.3" in run("gate", "tag", tag, repo=repo, code=1).out


@pytest.mark.parametrize(
    "names", [("1.2.2", "1.2.3"), ("spam-v1.2.2", "spam-v1.2.3"), ("v/1.2.2", "v/1.2.3"), ("release-1.2.2", "release-1.2.3"), ("py-1.2.2", "py-1.2.3")]
)
def test_tags_are_read_as_the_project_writes_them(fresh: Fresh, run: Run, outputs: Path, names: tuple[str, str]) -> None:
    made = fresh(dict(FILES))
    for name in names:
        made.git("tag", name)
    run("gate", "tag", names[1], repo=made, code=0)
    assert outputs_of(outputs.read_text())["ok"] == "true"


def test_one_number_is_the_release_that_it_begins(fresh: Fresh, run: Run) -> None:
    made = fresh({"pyproject.toml": '[project]\nname = "spam"\nversion = "16.0.0"\n'})
    for name in ("v15.0.4", "v16", "v16.0.0"):
        made.git("tag", name)
    assert "v16 at " in run("gate", "tag", "v16", repo=made, code=0).out


def test_a_lone_tag_is_read_whatever_stands_before_its_version(fresh: Fresh, run: Run, outputs: Path) -> None:
    """A release job fetches its own tag and no other."""
    made = fresh(dict(FILES))
    made.git("tag", "r1.2.3")
    run("gate", "tag", "r1.2.3", repo=made, code=0)
    assert outputs_of(outputs.read_text())["ok"] == "true"


def test_a_stable_version_under_an_unexpected_name_is_refused(fresh: Fresh, run: Run, outputs: Path) -> None:
    made = fresh(dict(FILES))
    for name in ("v1.2.1", "v1.2.2", "1.2.3"):
        made.git("tag", name)
    refused = run("gate", "tag", "1.2.3", repo=made, code=1).out
    assert "1.2.3 tag-unexpected: release tags here are written v{version}, as v1.2.2 and 1 more\n" in refused or "as v1.2.1 and 1 more" in refused
    assert 'help: name it v1.2.3, or set tag = "{version}" in the configuration' in refused
    assert outputs_of(outputs.read_text())["ok"] == "false"


def test_a_pre_release_under_an_unexpected_name_is_refused_too(fresh: Fresh, run: Run) -> None:
    made = fresh(dict(FILES))
    for name in ("v1.2.1", "v1.2.2", "eggs/1.3.0-rc.1"):
        made.git("tag", name)
    assert "tag-unexpected" in run("gate", "tag", "eggs/1.3.0-rc.1", repo=made, code=1).out


CRATE = '[package]\nname = "spam-core"\nversion = "{}"\n'


@pytest.fixture
def pair(fresh: Fresh) -> Repo:
    """A wheel and a crate that move on their own, tagged by turns: `v1.2.3` is the wheel's, `r0.4.0` the crate's."""
    made = fresh({**FILES, "core/Cargo.toml": CRATE.format("0.3.0"), "core/src/lib.rs": ""})
    made.replace("pyproject.toml", "1.2.3", "1.2.2").replace("spam/__init__.py", "1.2.3", "1.2.2").commit(tag="v1.2.2")
    made.write({"core/Cargo.toml": CRATE.format("0.4.0")}).commit(tag="r0.4.0")
    made.replace("pyproject.toml", "1.2.2", "1.2.3").replace("spam/__init__.py", "1.2.2", "1.2.3").commit(tag="v1.2.3")
    return made.write({"core/Cargo.toml": CRATE.format("0.5.0")}).commit(tag="r0.5.0")


@pytest.mark.parametrize("tag", ["v1.2.3", "r0.5.0"])
def test_a_tag_is_the_release_of_the_package_that_had_its_version_before(pair: Repo, run: Run, outputs: Path, tag: str) -> None:
    run("gate", "tag", tag, repo=pair, code=0)
    assert outputs_of(outputs.read_text())["ok"] == "true"


@pytest.mark.parametrize("tag", ["v0.5.0", "r1.2.3"])
def test_it_is_never_the_release_of_another_one_that_happens_to_be_there(pair: Repo, run: Run, tag: str) -> None:
    pair.git("tag", tag)
    assert "tag-mismatch" in run("gate", "tag", tag, repo=pair, code=1).out


def test_a_stale_lock_of_packages_that_the_tag_does_not_release_is_a_warning(pair: Repo, run: Run) -> None:
    lock = 'version = 4\n\n[[package]]\nname = "spam-core"\nversion = "0.4.0"\n'
    pair.write({"core/Cargo.lock": lock}).commit("a lock left behind")
    for tag, code, level in (("v1.2.3", 0, " warning"), ("r0.5.0", 1, "")):
        pair.git("tag", "--force", tag)
        assert f"core/Cargo.lock:5:12{level} lock-left-behind" in run("gate", "tag", tag, repo=pair, code=code).out


def test_what_a_build_script_computes_is_not_seen(fresh: Fresh, run: Run, outputs: Path) -> None:
    made = fresh({"setup.py": "from setuptools import setup\nsetup(name='spam', version=open('nowhere').read())\n", "spam/__init__.py": ""})
    made.git("tag", "v1.2.3")
    assert "tag-version-unseen" in run("gate", "tag", "v1.2.3", repo=made, code=3).out
    assert outputs_of(outputs.read_text())["ok"] == "false"


def test_where_no_package_is_seen_nothing_is_proven(fresh: Fresh, run: Run) -> None:
    made = fresh({"README.md": "# spam\n"})
    made.git("tag", "v1.2.3")
    assert "v1.2.3 is a release of nothing that could be seen" in run("gate", "tag", "v1.2.3", repo=made, code=3).out


SCM = '[build-system]\nrequires = ["setuptools-scm"]\n[project]\nname = "spam"\ndynamic = ["version"]\n'


def test_a_tag_may_be_where_the_version_is_stated(fresh: Fresh, run: Run, outputs: Path) -> None:
    made = fresh({"pyproject.toml": SCM, "core/Cargo.toml": CRATE.format("0.3.0"), "core/src/lib.rs": ""})
    for name in ("v1.2.2", "v1.2.3"):
        made.git("tag", name)
    run("gate", "tag", "v1.2.3", repo=made, code=0)
    assert outputs_of(outputs.read_text())["ok"] == "true"


def test_a_manifest_that_never_moves_is_no_witness_against_a_tag(fresh: Fresh, run: Run, outputs: Path) -> None:
    made = fresh({"Cargo.toml": CRATE.format("0.1.0"), "src/lib.rs": ""})
    for name in ("0.70.0", "0.71.0", "0.72.0"):
        made.write({"src/lib.rs": f"// {name}\n"}).commit(tag=name)
    run("gate", "tag", "0.72.0", repo=made, code=0)
    assert outputs_of(outputs.read_text())["ok"] == "true"


@pytest.mark.parametrize("tag", ["v1.2.3-rc.1", "v1.2.4", "v1.2.3\nok=true", "nightly", "::set-output name=ok::true"])
def test_a_tag_that_is_not_there_is_missing_whatever_its_name_is(repo: Repo, run: Run, outputs: Path, tag: str) -> None:
    assert "there is no tag " in run("gate", "tag", tag, repo=repo, code=2).err
    assert not outputs.exists() or "ok=true" not in outputs.read_text().splitlines()


def test_a_branch_is_no_tag(repo: Repo, run: Run) -> None:
    branch = repo.git("branch", "--show-current").strip()
    assert f"there is no tag {branch}: that is a branch" in run("gate", "tag", branch, repo=repo, code=2).err


def test_the_document(repo: Repo, run: Run) -> None:
    found = json.loads(run("gate", "tag", "v1.2.3", "--format", "json", repo=repo, code=0).out)
    assert {key: found[key] for key in ("command", "outcome", "tag", "version", "findings")} == {
        "command": "gate tag", "outcome": "pass", "tag": "v1.2.3", "version": "1.2.3", "findings": []
    }  # fmt: skip


def test_a_tag_that_is_not_there(repo: Repo, run: Run, outputs: Path) -> None:
    assert "there is no tag v1.2.4" in run("gate", "tag", "v1.2.4", repo=repo, code=2).err
    assert outputs.read_text() == ""


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        ("pyproject.toml", "1.2.3", "1.2.4", "tag-mismatch"),
        ("spam/__init__.py", "1.2.3", "1.2.2", "version-mismatch"),
        ("CHANGELOG.md", "[1.2.3]", "[1.2.1]", "release-without-section"),
        ("CHANGELOG.md", "[1.2.3] - 2026-01-02", "[1.2.3]", "release-undated"),
        ("CHANGELOG.md", "- Spam.", "- TODO: tell of spam", "note-unfinished"),
    ],
)
def test_what_stands_at_the_commit_of_the_tag_decides(fresh: Fresh, run: Run, outputs: Path, path: str, old: str, new: str, rule: str) -> None:
    made = fresh(dict(FILES))
    made.replace(path, old, new).commit(tag="v1.2.3")
    made.replace(path, new, old).commit()  # what came later does not help
    assert rule in run("gate", "tag", "v1.2.3", repo=made, code=1).out
    assert outputs_of(outputs.read_text())["ok"] == "false"


# ---- the changelog that a project keeps, or does not keep

OWED = "# Changelog\n\n## [1.2.2] - 2026-01-01\n\n- Eggs.\n\n## [1.2.1] - 2025-01-01\n\n- Ham.\n"


def tagged_twice(fresh: Fresh, before: str, after: str, *, path: str = "CHANGELOG.md") -> Repo:
    """Give a repository with the releases 1.2.2 and 1.2.3, and what the changelog said at each."""
    made = fresh({name: text.replace("1.2.3", "1.2.2") for name, text in FILES.items() if name != "CHANGELOG.md"} | {path: before})
    made.git("tag", "v1.2.2")
    made.write({name: text for name, text in FILES.items() if name != "CHANGELOG.md"} | {path: after}).commit(tag="v1.2.3")
    return made


def test_a_section_is_missing_where_the_last_release_had_its_own(fresh: Fresh, run: Run) -> None:
    made = tagged_twice(fresh, OWED, OWED)
    assert "release-without-section: the version is 1.2.3, and the newest section is 1.2.2\n" in run("gate", "tag", "v1.2.3", repo=made, code=1).out
    assert "release-without-section" in run("check", "--release", "--ref", "v1.2.3", repo=made, code=1).out


@pytest.mark.parametrize("before", [OWED.replace("1.2.2", "1.2.0"), "# Changelog\n"], ids=["long ago", "begun since"])
def test_a_changelog_that_is_not_kept_refuses_nothing(before: str, fresh: Fresh, run: Run) -> None:
    made = tagged_twice(fresh, before, OWED.replace("1.2.2", "1.2.0"))
    said = run("gate", "tag", "v1.2.3", repo=made, code=0).out
    assert "note release-without-section: the version is 1.2.3, and the newest section is 1.2.0: v1.2.2 had no section at its tag either" in said
    assert "the changelog has had none since 1.2.0" in said
    assert "note release-without-section" in run("check", "--release", "--ref", "v1.2.3", repo=made, code=0).out


def test_a_clone_without_earlier_tags_cannot_tell_whether_a_changelog_is_kept(fresh: Fresh, run: Run, tmp_path: Path) -> None:
    made = tagged_twice(fresh, OWED, OWED)
    subprocess.run(["git", "clone", "-q", "--depth=1", "--branch=v1.2.3", f"file://{made.root}", str(tmp_path / "shallow")], check=True, capture_output=True)
    said = run("gate", "tag", "v1.2.3", repo=Repo(tmp_path / "shallow"), code=3).out
    assert "cannot be seen without earlier tags\n  help: git fetch --tags --unshallow" in said


@pytest.mark.parametrize(
    "faults",
    [
        "\n## [1.2.1] - 2025-01-01\n\n- Again.\n",
        "\n## [1.9.0] - 2025-13-01\n\n- TODO: tell\n",
        "\n## [Unreleased]\n\n- Long ago.\n",
        "\n```\nopen\n",
    ],
    ids=["repeated", "no day", "passed over", "open"],
)
def test_the_past_of_a_changelog_refuses_no_release(faults: str, fresh: Fresh, run: Run) -> None:
    text = OWED.replace("## [1.2.2]", "## [1.2.3] - 2026-02-02\n\n- Spam.\n\n## [1.2.2]")
    made = tagged_twice(fresh, OWED, text + faults)
    run("gate", "tag", "v1.2.3", repo=made, code=0)
    run("check", "--release", "--ref", "v1.2.3", repo=made, code=0)


@pytest.mark.parametrize("habit", [True, False])
def test_entries_that_always_stand_beside_a_release_are_a_habit(*, habit: bool, fresh: Fresh, run: Run) -> None:
    waiting = OWED.replace("## [1.2.2]", "## [Unreleased]\n\n- Ideas.\n\n## [1.2.2]")
    released = waiting.replace("## [1.2.2]", "## [1.2.3] - 2026-02-02\n\n- Spam.\n\n## [1.2.2]")
    said = run("gate", "tag", "v1.2.3", repo=tagged_twice(fresh, waiting if habit else OWED, released), code=0 if habit else 1).out
    assert ("warning unreleased-left-over" if habit else "unreleased-left-over") in said


@pytest.mark.parametrize("habit", [True, False])
def test_releases_that_had_no_date_at_their_tag_need_none(*, habit: bool, fresh: Fresh, run: Run) -> None:
    undated = OWED.replace("[1.2.2] - 2026-01-01", "[1.2.2]")
    released = OWED.replace("## [1.2.2]", "## [1.2.3]\n\n- Spam.\n\n## [1.2.2]")  # the dates come after the release
    said = run("gate", "tag", "v1.2.3", repo=tagged_twice(fresh, undated if habit else OWED, released), code=0 if habit else 1).out
    assert ("release-undated" in said) is not habit


def test_what_a_changelog_says_of_other_packages_is_not_the_group_s(fresh: Fresh, run: Run) -> None:
    text = "# Changelog\n\n## eggs-v0.9.0\n\n- Eggs.\n\n## spam-v1.2.0\n\n- Spam.\n\n## eggs-v0.8.0\n\n## eggs-v0.8.0\n"
    made = tagged_twice(fresh, text, text)
    assert "the newest section is 1.2.0: v1.2.2 had no section" in run("gate", "tag", "v1.2.3", repo=made, code=0).out
    made.git("tag", "eggs-v0.9.0")
    made.write({"CHANGELOG.md": text.replace("spam-v", "ham-v")}).commit("others alone").git("tag", "--force", "v1.2.3")
    assert "section" not in run("gate", "tag", "v1.2.3", repo=made, code=0).out


def test_the_template_of_the_configuration_counts(fresh: Fresh, run: Run) -> None:
    made = fresh({**FILES, "lockstep.toml": 'tag = "{group}-v{version}"\n'})
    for name in ("main-v1.2.3", "other-v1.2.3", "v1.2.3", "main-v1.2.3-rc.1"):
        made.git("tag", name)
    assert "main-v1.2.3 at " in run("gate", "tag", "main-v1.2.3", repo=made, code=0).out
    assert "skipped" in run("gate", "tag", "main-v1.2.3-rc.1", repo=made, code=0).out
    for name in ("v1.2.3", "other-v1.2.3"):
        assert "tag-unexpected: release tags here are written main-v{version}, lockstep.toml says so" in run("gate", "tag", name, repo=made, code=1).out


def test_a_group_may_have_a_template_of_its_own(fresh: Fresh, run: Run) -> None:
    config = '[groups.wheel]\npackages = ["python:spam"]\ntag = "wheel/{version}"\n[groups.core]\npackages = ["spam-core"]\ntag = "core/{version}"\n'
    made = fresh({**FILES, "lockstep.toml": config, "core/Cargo.toml": CRATE.format("0.3.0"), "core/src/lib.rs": ""})
    for name in ("wheel/1.2.3", "core/0.3.0", "core/1.2.3", "v1.2.3"):
        made.git("tag", name)
    assert "wheel/1.2.3 at " in run("gate", "tag", "wheel/1.2.3", repo=made, code=0).out
    assert "core/0.3.0 at " in run("gate", "tag", "core/0.3.0", repo=made, code=0).out
    assert "says 1.2.3, but core is at 0.3.0" in run("gate", "tag", "core/1.2.3", repo=made, code=1).out
    assert "tag-unexpected" in run("gate", "tag", "v1.2.3", repo=made, code=1).out


def test_the_configuration_is_that_of_the_tag(fresh: Fresh, run: Run) -> None:
    made = fresh({**FILES, "lockstep.toml": 'tag = "r{version}"\n'})
    made.git("tag", "r1.2.3")
    made.write({"lockstep.toml": 'tag = "v{version}"\n'}).commit()
    assert "r1.2.3 at " in run("gate", "tag", "r1.2.3", repo=made, code=0).out


# ---- annotated and signed


def test_a_lightweight_tag_where_an_annotated_one_is_asked_for(fresh: Fresh, run: Run) -> None:
    made = fresh({**FILES, "lockstep.toml": '[gate]\ntags = "annotated"\n'})
    made.git("tag", "v1.2.3")
    assert "tag-lightweight" in run("gate", "tag", "v1.2.3", repo=made, code=1).out
    made.git("tag", "--force", "--annotate", "--message", "spam", "v1.2.3")
    run("gate", "tag", "v1.2.3", repo=made, code=0)
    assert "tag-unsigned" in run("gate", "tag", "v1.2.3", "--require", "signed", repo=made, code=1).out


def test_an_object_of_another_name_is_refused(repo: Repo, run: Run) -> None:
    repo.git("tag", "--annotate", "--message", "spam", "v1.2.2")
    repo.git("update-ref", "refs/tags/v1.2.3", repo.git("rev-parse", "refs/tags/v1.2.2").strip())
    assert "the object of the tag v1.2.3 calls itself v1.2.2" in run("gate", "tag", "v1.2.3", repo=repo, code=1).out


@pytest.fixture
def key(tmp_path: Path) -> Path:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    (tmp_path / "signers").write_text(f"release@example.org {path.with_suffix('.pub').read_text()}")
    return path


def sign(repo: Repo, key: Path) -> None:
    repo.git("-c", "gpg.format=ssh", "-c", f"user.signingKey={key}", "tag", "--force", "--sign", "--message", "spam", "v1.2.3")


def test_a_signature_by_ssh(repo: Repo, run: Run, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(repo, key)
    signed = ("gate", "tag", "v1.2.3", "--require", "signed")
    assert "nobody says whose keys count" in run(*signed, repo=repo, code=3).out
    assert "signed by release@example.org" in run(*signed, "--allowed-signers", str(tmp_path / "signers"), repo=repo, code=0).out
    (tmp_path / "gitconfig").write_text(f'[gpg "ssh"]\n\tallowedSignersFile = {tmp_path / "signers"}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert "signed by release@example.org" in run(*signed, repo=repo, code=0).out
    (tmp_path / "signers").write_text("")
    assert "is of nobody among the allowed signers" in run(*signed, repo=repo, code=1).out


def test_a_signature_of_something_else_is_bad(repo: Repo, run: Run, key: Path, tmp_path: Path) -> None:
    sign(repo, key)
    forged = repo.git("cat-file", "tag", "v1.2.3").replace("\n\nspam\n", "\n\negg\n")
    assert "\n\negg\n" in forged
    (tmp_path / "forged").write_text(forged)
    repo.git("update-ref", "refs/tags/v1.2.3", repo.git("hash-object", "-t", "tag", "-w", str(tmp_path / "forged")).strip())
    signers = str(tmp_path / "signers")
    assert "tag-unsigned" in run("gate", "tag", "v1.2.3", "--require", "signed", "--allowed-signers", signers, repo=repo, code=1).out


@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
def test_a_signature_by_gpg_of_a_key_that_is_not_here(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = [tmp_path / "one", tmp_path / "two"]
    for home in homes:
        home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(homes[0]))
    made = ("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "R <release@example.org>", "ed25519", "sign", "never")
    try:
        subprocess.run(made, check=True, capture_output=True)
        repo.git("-c", "user.signingKey=release@example.org", "tag", "--force", "--sign", "--message", "spam", "v1.2.3")
        assert "signed by R <release@example.org>" in run("gate", "tag", "v1.2.3", "--require", "signed", repo=repo, code=0).out
        monkeypatch.setenv("GNUPGHOME", str(homes[1]))
        assert "is not among yours" in run("gate", "tag", "v1.2.3", "--require", "signed", repo=repo, code=3).out
    finally:
        for home in homes:
            subprocess.run(["gpgconf", "--kill", "all"], env={**os.environ, "GNUPGHOME": str(home)}, check=False)


KEYS = (
    "gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand", "core.fsmonitor", "core.sshCommand", "core.pager",
    "core.editor", "core.askPass", "core.gitProxy", "core.alternateRefsCommand", "pager.verify-tag", "pager.tag", "credential.helper", "alias.verify-tag",
    "diff.external", "filter.x.smudge", "uploadpack.packObjectsHook",
)  # fmt: skip


def test_no_program_that_the_repository_names_runs(repo: Repo, run: Run, key: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    canary = repo.path("canary")
    repo.write({"canary": f'#!/bin/sh\necho "$0 $*" >> "{ran}"\necho "[GNUPG:] GOODSIG 0 evil" >&2\nexit 0\n', ".git/hooks/reference-transaction": "x"})
    canary.chmod(canary.stat().st_mode | stat.S_IXUSR)
    sign(repo, key)
    mine, theirs = tmp_path / "signers", repo.path("signers")
    theirs.write_text(mine.read_text())
    mine.write_text("")
    for name in KEYS:
        repo.git("config", name, f"!{canary}" if name.startswith("alias") else str(canary))
    repo.git("config", "core.hooksPath", str(repo.root))
    repo.git("config", "gpg.ssh.allowedSignersFile", str(theirs))
    signed = ("gate", "tag", "v1.2.3", "--require", "signed")
    assert "nobody says whose keys count" in run(*signed, repo=repo, code=3).out
    assert "is of nobody among the allowed signers" in run(*signed, "--allowed-signers", str(mine), repo=repo, code=1).out
    assert not ran.exists()
    subprocess.run(["git", "verify-tag", "v1.2.3"], cwd=repo.root, capture_output=True, check=False)  # the canary does sing
    assert ran.exists()


def test_a_program_that_lies_in_the_repository_is_passed_over(repo: Repo, run: Run, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sign(repo, key)
    repo.write({"ssh-keygen": f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n"})
    repo.path("ssh-keygen").chmod(0o755)
    for path in (str(repo.root), "."):
        monkeypatch.setenv("PATH", f"{path}:{os.environ['PATH']}")
        monkeypatch.chdir(repo.root)
        run("gate", "tag", "v1.2.3", "--require", "signed", "--allowed-signers", str(tmp_path / "signers"), repo=repo, code=0)
    assert not (tmp_path / "ran").exists()


def test_a_placeholder_that_a_release_fills_in_is_no_other_version(fresh: Fresh, run: Run) -> None:
    made = fresh({"pyproject.toml": '[project]\nname = "spam"\nversion = "0.0.0"\n'})
    made.git("tag", "v1.2.3")
    assert "v1.2.3 is a release of spam, whose version cannot be read: 0.0.0 is a placeholder" in run("gate", "tag", "v1.2.3", repo=made, code=3).out


def test_a_note_decides_nothing(fresh: Fresh, run: Run) -> None:
    """Whether a lock holds what features of a registry's crates need is a note of every check; it stops no release."""
    manifest = '[package]\nname = "spam"\nversion = "0.2.0"\n[dependencies]\nserde = { version = "1", features = ["derive"] }\n'
    registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
    entries = f'[[package]]\nname = "serde"\nversion = "1.0.0"\n{registry}\n[[package]]\nname = "spam"\nversion = "0.2.0"\ndependencies = [\n "serde",\n]\n'
    repo = fresh({"Cargo.toml": manifest, "src/lib.rs": "", "Cargo.lock": f"version = 4\n\n{entries}"})
    repo.git("tag", "v0.2.0")
    assert "lock-not-provable" in run("gate", "tag", "v0.2.0", repo=repo, code=0).out
