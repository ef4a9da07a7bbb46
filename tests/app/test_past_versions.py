"""What the packages were at a tag is read once for a commit."""

from pathlib import Path

import pytest

from lockstep.app import past_versions
from lockstep.config import Config
from lockstep.repository.repository import find
from lockstep.versions.version import Spelling, Version
from tests.conftest import Fresh

CRATE = '[package]\nname = "spam"\nversion = "{}"\n'
WHEEL = '[project]\nname = "spam"\nversion = "{}"\n'
SPAM, OTHER = ("Cargo.toml", "spam"), ("pyproject.toml", "spam")


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "kept"))


def _read_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    past_versions.versions_of.cache_clear()
    monkeypatch.setattr(past_versions, "Discovery", None)


def test_a_tag_is_read_once(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("1.2.0-rc.1"), "pyproject.toml": WHEEL.format("1.2rc1")})
    repo.git("tag", "v1.2.0-rc.1")
    found = past_versions.versions_at(find(repo.root), Config(), "v1.2.0-rc.1")
    assert found == {SPAM: Version.read("1.2.0-rc.1", Spelling.SEMVER), OTHER: Version.read("1.2rc1", Spelling.PEP440)}
    _read_no_more(monkeypatch)
    again = past_versions.versions_at(find(repo.root), Config(), "v1.2.0-rc.1")
    assert again == found
    assert again is not None
    assert {one: version.text for one, version in again.items() if version} == {SPAM: "1.2.0-rc.1", OTHER: "1.2rc1"}


def test_a_tag_that_was_moved_is_read_again(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("1.0.0")})
    repo.git("tag", "v1")
    assert past_versions.versions_at(find(repo.root), Config(), "v1") == {SPAM: Version.read("1.0.0", Spelling.SEMVER)}
    repo.write({"Cargo.toml": CRATE.format("2.0.0")})
    repo.commit("second")
    repo.git("tag", "--force", "v1")
    assert past_versions.versions_at(find(repo.root), Config(), "v1") == {SPAM: Version.read("2.0.0", Spelling.SEMVER)}


def test_what_is_excluded_is_another_question(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("1.0.0"), "pyproject.toml": WHEEL.format("1.0.0")})
    repo.git("tag", "v1")
    assert set(past_versions.versions_at(find(repo.root), Config(), "v1") or {}) == {SPAM, OTHER}
    assert set(past_versions.versions_at(find(repo.root), Config(exclude=("pyproject.toml",)), "v1") or {}) == {SPAM}


def test_what_cannot_be_read_is_not_kept(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("1.0.0"), "python/pyproject.toml": "[project\n"})
    repo.git("tag", "v1")
    assert past_versions.versions_at(find(repo.root), Config(), "v1") == {SPAM: Version.read("1.0.0", Spelling.SEMVER)}
    _read_no_more(monkeypatch)
    with pytest.raises(TypeError):
        past_versions.versions_at(find(repo.root), Config(), "v1")


def test_a_tag_that_is_not_there_has_no_versions(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("1.0.0")})
    assert past_versions.versions_at(find(repo.root), Config(), "v9") is None
