"""What the last bump taught is checked: a broken copy that no format knows is named, with the commit that taught it, and mended."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs import user_cache_dir

from lockstep.app import cache_folder
from lockstep.evidence import past_bump
from lockstep.model import Site
from lockstep.project.learning import PastBump
from lockstep.repository.repository import Repository
from tests.conftest import Fresh, Repo, Run

CARGO = '[package]\nname = "spam"\nversion = "{}"\nedition = "2021"\n'
STATUS = "# Status\n\nstate of {}: fine\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def bumped(fresh: Fresh) -> Repo:
    """A repository after a release that moved a line of a file that no format knows, and a commit after that."""
    return step(step(fresh(at("0.1.0")), "0.2.0"), "0.2.0", {"egg.txt": "boiled\n"})


def at(version: str) -> dict[str, str | bytes]:
    return {"Cargo.toml": CARGO.format(version), "status.md": STATUS.format(version)}


def step(repo: Repo, version: str, more: dict[str, str | bytes] | None = None) -> Repo:
    return repo.write({**at(version), **(more or {})}).commit(f"to {version}")


def test_a_broken_copy_is_an_error_that_says_which_commit_taught_it(bumped: Repo, run: Run) -> None:
    run("check", repo=bumped, code=0)
    bumped.replace("status.md", "0.2.0", "0.1.0")
    said = run("check", repo=bumped, code=1).out
    sha = bumped.git("rev-parse", "--short=9", "HEAD~1").strip()
    assert said.startswith("status.md:3:10 version-mismatch: version is 0.1.0, but the group is at 0.2.0; this line moved in the last bump")
    assert f"{sha} (0.1.0 to 0.2.0)" in said
    assert "if it is no copy of the version, add 'status.md' to `exclude`" in said
    bumped.write({"lockstep.toml": 'exclude = ["status.md"]\n'})
    run("check", repo=bumped, code=0)


def test_the_index_and_a_commit_are_checked_alike(bumped: Repo, run: Run) -> None:
    bumped.replace("status.md", "0.2.0", "0.3.0").git("add", "-A")
    bumped.replace("status.md", "0.3.0", "0.2.0")
    run("check", repo=bumped, code=0)
    assert "status.md:3:10 version-mismatch" in run("check", "--staged", repo=bumped, code=1).out
    bumped.replace("status.md", "0.2.0", "0.1.0").commit("broken")
    assert "status.md:3:10 version-mismatch" in run("check", "--ref", "HEAD", repo=bumped, code=1).out
    run("check", "--ref", "HEAD~1", repo=bumped, code=0)


def test_it_is_mended_by_fix_and_refused_by_a_bump(bumped: Repo, run: Run) -> None:
    bumped.replace("status.md", "0.2.0", "0.1.0")
    assert "status.md:3:10" in run("bump", "minor", "--allow-dirty", repo=bumped, code=1).out
    run("check", "--fix", repo=bumped, code=0)
    assert bumped.read("status.md") == STATUS.format("0.2.0")
    bumped.replace("status.md", "0.2.0", "0.1.0")
    run("bump", "minor", "--fix", "--allow-dirty", repo=bumped, code=0)
    assert bumped.read("status.md") == STATUS.format("0.3.0")


def test_a_bump_by_hand_that_leaves_a_line_behind_is_warned_of(bumped: Repo, run: Run) -> None:
    bumped.replace("Cargo.toml", "0.2.0", "0.3.0")
    said = run("check", repo=bumped, code=0).out
    assert "status.md:3:10 warning version-mismatch" in said
    assert "write 0.3.0 there" in said
    run("check", "--strict", repo=bumped, code=1)
    run("check", "--fix", repo=bumped, code=0)
    assert bumped.read("status.md") == STATUS.format("0.2.0")
    bumped.replace("Cargo.toml", "0.3.0", "0.3.0-dev.0")
    assert run("check", repo=bumped, code=0).out.startswith("in step")


def test_a_version_that_another_branch_released_is_no_error(bumped: Repo, run: Run) -> None:
    bumped.replace("status.md", "0.2.0", "0.2.1")
    run("check", repo=bumped, code=1)
    bumped.git("stash", "-q")
    bumped.git("checkout", "-q", "-b", "0.2", "HEAD~1")
    step(bumped, "0.2.1").git("tag", "v0.2.1")
    bumped.git("checkout", "-q", "main")
    bumped.git("stash", "pop", "-q")
    assert "status.md:3:10 warning version-mismatch" in run("check", repo=bumped, code=0).out


def test_a_copy_that_goes_ahead_of_its_group_is_warned_of_once(bumped: Repo, run: Run) -> None:
    bumped.replace("status.md", "0.2.0", "0.2.1")
    run("check", repo=bumped, code=1)
    bumped.commit("a release of its own")
    for args in ((), ("--staged",), ("--ref", "HEAD")):
        assert "status.md:3:10 warning version-mismatch" in run("check", *args, repo=bumped, code=0).out
    bumped.write({"egg.txt": "fried\n"}).commit()
    for args in ((), ("--staged",), ("--ref", "HEAD")):
        assert run("check", *args, repo=bumped, code=0).out == "in step: 1 package at 0.2.0, 1 place in 1 file\n"
    run("bump", "minor", repo=bumped, code=0)
    assert bumped.read("status.md") == STATUS.format("0.2.1")


def test_a_line_that_was_rewritten_or_deleted_is_fine(bumped: Repo, run: Run) -> None:
    for text in ("# Status\n\nstate before 0.1.0: bad\n", "# Status\n", "state of 0.1.0\n"):
        bumped.write({"status.md": text})
        run("check", repo=bumped, code=0)
    bumped.path("status.md").unlink()
    run("check", repo=bumped, code=0)


def test_show_lists_the_places_that_check_counts(bumped: Repo, run: Run) -> None:
    assert "2 places in 2 files" in run("check", repo=bumped, code=0).out
    listed = json.loads(run("show", "--format", "json", repo=bumped, code=0).out)["sites"]
    assert [one["path"] for one in listed] == ["Cargo.toml", "status.md"]
    bumped.replace("status.md", "0.2.0", "0.1.0")
    assert "status.md:3:10" in run("show", "--sites", repo=bumped, code=0).out


# ---- what it costs, and what it needs


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Name the commits whose history was searched for a bump."""
    searched: list[str] = []
    found = past_bump.last_bump

    def counted(repository: Repository, site: Site, head: str = "HEAD") -> PastBump | None:
        searched.append(head)
        return found(repository, site, head)

    monkeypatch.setattr(past_bump, "last_bump", counted)
    return searched


def test_history_is_searched_once_a_release(bumped: Repo, run: Run, readings: list[str]) -> None:
    run("check", repo=bumped, code=0)
    for number in range(3):
        step(bumped, "0.2.0", {"egg.txt": str(number), "Cargo.toml": CARGO.format("0.2.0") + f"# {number}\n"})
        run("check", repo=bumped, code=0)
    run("check", "--staged", repo=bumped, code=0)
    assert len(readings) == 1
    step(bumped, "0.3.0")
    run("check", repo=bumped, code=0)
    run("check", "--ref", "HEAD~1", repo=bumped, code=0)
    run("check", repo=bumped, code=0)
    assert len(readings) == 2


def test_what_is_kept_is_not_believed_of_another_history(bumped: Repo, run: Run, readings: list[str]) -> None:
    run("check", repo=bumped, code=0)
    bumped.git("checkout", "-q", "--orphan", "other")
    bumped.write(at("0.1.0")).commit("start")
    bumped.write({"Cargo.toml": CARGO.format("0.2.0")}).commit("to 0.2.0")
    run("check", repo=bumped, code=0)
    assert len(readings) == 2


@pytest.mark.parametrize("harm", [lambda data: data[:-9], lambda data: data.replace(b"fine", b"dine"), lambda _: b"", lambda data: data + b"x"])
def test_a_damaged_entry_is_none(harm: Callable[[bytes], bytes], bumped: Repo, run: Run, cache: Path, readings: list[str]) -> None:
    run("check", repo=bumped, code=0)
    (entry,) = cache.iterdir()
    entry.write_bytes(harm(entry.read_bytes()))
    bumped.replace("status.md", "0.2.0", "0.1.0")
    run("check", repo=bumped, code=1)
    assert len(readings) == 2


def test_without_a_cache_or_a_history_nothing_is_learned(bumped: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bumped.replace("status.md", "0.2.0", "0.1.0").commit("broken")
    run("check", repo=bumped, code=1)
    bumped.git("clone", "-q", "--depth=1", f"file://{bumped.root}", str(tmp_path / "shallow"))
    run("check", repo=tmp_path / "shallow", code=0)
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", "")
    run("check", repo=bumped, code=0)


@pytest.mark.parametrize("ways", [("gc", "-q"), ("pack-refs", "--all"), ("checkout", "-q", "--detach")])
def test_packed_detached_and_in_a_work_tree_of_its_own(ways: tuple[str, ...], bumped: Repo, run: Run, tmp_path: Path) -> None:
    bumped.git(*ways)
    bumped.git("worktree", "add", "-q", "--detach", str(tmp_path / "beside"))
    for repo in (bumped, Repo(tmp_path / "beside")):
        repo.replace("status.md", "0.2.0", "0.1.0")
        assert "status.md:3:10" in run("check", repo=repo, code=1).out


def test_a_cache_that_cannot_be_written_is_no_fault(bumped: Repo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(bumped.path("egg.txt")))
    bumped.replace("status.md", "0.2.0", "0.1.0")
    run("check", repo=bumped, code=1)


@pytest.mark.parametrize("given", [{}, {"XDG_CACHE_HOME": "/var/caches"}, {"XDG_CACHE_HOME": " "}, {"XDG_CACHE_HOME": "here"}, {"HOME": "/home/egg"}])
def test_the_folder_is_the_one_of_platformdirs(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCKSTEP_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert os.path.normpath(cache_folder.folder() or "") == os.path.normpath(user_cache_dir("lockstep", appauthor=False))


def test_a_history_that_was_cut_teaches_when_the_rest_of_it_comes(bumped: Repo, run: Run, tmp_path: Path) -> None:
    bumped.replace("status.md", "0.2.0", "0.1.0").commit("break it")
    bumped.git("clone", "--quiet", "--depth=1", bumped.root.as_uri(), str(tmp_path / "cut"))
    cut = Repo(tmp_path / "cut")
    run("check", repo=cut, code=0)
    cut.git("fetch", "--quiet", "--unshallow")
    assert "status.md:3:10 version-mismatch" in run("check", repo=cut, code=1).out


DATED = '.TH SPAM 1 "spam {}" ({})\n'


def dated(repo: Repo, version: str, day: str) -> Repo:
    return step(repo, version, {"spam.1": DATED.format(version, day)})


@pytest.mark.parametrize(
    ("days", "after"),
    [(("2026-01-02", "2026-03-04"), "2026-05-06"), (("2 Jan 2026", "4 Mar 2026"), "6 May 2026"), (("January 2, 2026", "March 4, 2026"), "May 6, 2026")],
)
def test_a_date_that_moved_with_a_version_moves_with_the_next(days: tuple[str, str], after: str, fresh: Fresh, run: Run) -> None:
    repo = dated(dated(fresh(at("0.1.0")), "0.1.1", days[0]), "0.2.0", days[1])
    run("check", repo=repo, code=0)
    run("bump", "0.3.0", "--date", "2026-05-06", repo=repo, code=0)
    assert repo.read("spam.1") == DATED.format("0.3.0", after)


def test_a_date_that_stayed_in_the_last_bump_stays(fresh: Fresh, run: Run) -> None:
    repo = dated(dated(fresh(at("0.1.0")), "0.1.1", "2026-01-02"), "0.2.0", "2026-01-02")
    run("bump", "0.3.0", "--date", "2026-05-06", repo=repo, code=0)
    assert repo.read("spam.1") == DATED.format("0.3.0", "2026-01-02")


@pytest.mark.parametrize(("days"), [("20260102", "20260304"), ("2026-01-02 to 2026-02-02", "2026-03-04 to 2026-04-04")])
def test_a_date_that_cannot_be_written_is_told(days: tuple[str, str], fresh: Fresh, run: Run) -> None:
    repo = dated(dated(fresh(at("0.1.0")), "0.1.1", days[0]), "0.2.0", days[1])
    done = run("bump", "0.3.0", "--date", "2026-05-06", repo=repo, code=0)
    assert "spam.1:1: a date moved there with the version in the last bump; write it yourself" in done.out + done.err
    assert repo.read("spam.1") == DATED.format("0.3.0", days[1])


def test_a_dated_statement_in_prose_is_left_to_a_person(fresh: Fresh, run: Run) -> None:
    line = "**Status:** v{} (stable), {}.\n"
    repo = step(fresh(at("0.1.0")), "0.1.1", {"threats.md": line.format("0.1.1", "2026-01-02")})
    repo = step(repo, "0.2.0", {"threats.md": line.format("0.2.0", "2026-03-04")})
    done = run("bump", "0.3.0", "--date", "2026-05-06", repo=repo, code=0)
    assert "threats.md:1: version and date moved there together in the last bump; it is left alone" in done.out + done.err
    assert repo.read("threats.md") == line.format("0.2.0", "2026-03-04")


PAGE = "state of {}: fine\n"


@pytest.fixture
def apart(fresh: Fresh) -> Repo:
    """A crate at the root, and another one that has moved on its own for two releases, with an install line and a page of its own."""
    made = fresh({**at("0.1.0"), "src/lib.rs": "", **egg("1.4.0")})
    made.git("tag", "v0.1.0")
    step(made, "0.2.0").git("tag", "v0.2.0")
    return made.write(egg("1.5.0")).commit("egg 1.5.0")


def egg(version: str) -> dict[str, str | bytes]:
    crate = CARGO.format(version).replace('"spam"', '"egg"')
    return {"egg/Cargo.toml": crate, "egg/src/lib.rs": "", "egg/README.md": f'```toml\negg = "{version}"\n```\n', "egg/page.txt": PAGE.format(version)}


def test_what_repeats_the_version_of_a_package_that_moves_alone_is_compared_with_it(apart: Repo, run: Run) -> None:
    run("check", repo=apart, code=0)
    apart.replace("egg/page.txt", "1.5.0", "1.4.0").replace("egg/README.md", "1.5.0", "1.4.0")
    said = run("check", repo=apart, code=1).out
    assert "egg/page.txt:1:10 version-mismatch: version is 1.4.0, but egg is at 1.5.0; this line moved in the last bump" in said
    assert "egg/README.md:2:8 version-mismatch: install egg is 1.4.0, but egg is at 1.5.0" in said
    run("check", "--fix", repo=apart, code=0)
    assert apart.git("status", "--short") == ""


def test_what_its_last_bump_moved_elsewhere_is_not(apart: Repo, run: Run) -> None:
    apart.write({"other.txt": "with egg 1.5.0\n"}).commit("elsewhere")
    apart.write({**egg("1.6.0"), "other.txt": "with egg 1.6.0\n"}).commit("egg 1.6.0")
    apart.replace("other.txt", "1.6.0", "1.5.0")
    run("check", repo=apart, code=0)


def test_a_package_that_the_configuration_leaves_out_is_not(apart: Repo, run: Run) -> None:
    apart.write({"lockstep.toml": 'outside = ["egg"]\n'}).replace("egg/README.md", "1.5.0", "1.4.0")
    run("check", repo=apart, code=0)


def examples(version: str, *, pinned: str = "") -> dict[str, str | bytes]:
    """A package, an example that pins it and moved with it, one that pins what was published first, and the lock of the workspace."""
    pinned = pinned or version
    entries = "".join(
        f"\n  examples/{name}:\n    dependencies:\n      '@dairy/spam':\n        specifier: {asks}\n        version: link:../../packages/spam\n"
        for name, asks in (("new", pinned), ("old", "0.1.0"))
    )
    return {
        "package.json": '{ "name": "root", "private": true }\n',
        "pnpm-workspace.yaml": "packages:\n  - packages/*\n  - examples/*\n",
        "packages/spam/package.json": f'{{\n  "name": "@dairy/spam",\n  "version": "{version}"\n}}\n',
        "examples/new/package.json": f'{{\n  "name": "new",\n  "private": true,\n  "dependencies": {{\n    "@dairy/spam": "{pinned}"\n  }}\n}}\n',
        "examples/old/package.json": '{\n  "name": "old",\n  "private": true,\n  "dependencies": {\n    "@dairy/spam": "0.1.0"\n  }\n}\n',
        "pnpm-lock.yaml": f"lockfileVersion: '9.0'\n\nimporters:\n{entries}",
    }


def test_a_lock_follows_the_example_that_moves(fresh: Fresh, run: Run) -> None:
    repo = fresh(examples("0.1.0")).commit("begin").write(examples("0.2.0")).commit("to 0.2.0")
    run("bump", "0.3.0", repo=repo, code=0)
    for path, text in examples("0.3.0").items():
        assert repo.read(path) == text
    run("check", repo=repo, code=0)


def test_a_lock_stays_with_the_example_that_stays(fresh: Fresh, run: Run) -> None:
    repo = fresh(examples("0.1.0")).commit("begin").write(examples("0.2.0", pinned="0.1.0")).commit("to 0.2.0")
    run("bump", "0.3.0", repo=repo, code=0)
    for path, text in examples("0.3.0", pinned="0.1.0").items():
        assert repo.read(path) == text
