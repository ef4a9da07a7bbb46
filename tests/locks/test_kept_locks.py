"""A Cargo lock under another name, which a build puts in the place of Cargo.lock."""

from __future__ import annotations

import pytest

from tests.conftest import Fresh, Run

CRATE = '[package]\nname = "spam"\nversion = "{}"\nedition = "2021"\n\n[dependencies]\nserde = "1"\n'
REGISTRY = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
LOCK = '[[package]]\nname = "other"\nversion = "0.1.0"\n' + REGISTRY + '\n[[package]]\nname = "spam"\nversion = "{}"\ndependencies = [\n "old",\n]\n'


@pytest.mark.parametrize("path", ["ci/compat-Cargo.lock", "Cargo-minimal.lock", "Cargo.lock.msrv", "ci/Cargo_recent.lock"])
def test_its_entries_move_and_nothing_else_is_asked_of_it(path: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("0.1.0"), "src/lib.rs": "", path: LOCK.format("0.1.0")})
    run("check", repo=repo, code=0)
    run("bump", "0.2.0", repo=repo, code=0)
    assert repo.read(path) == LOCK.format("0.2.0")
    repo.write({path: LOCK.format("0.1.0")})
    assert "warning lock-left-behind: the lock has spam at 0.1.0, Cargo.toml says 0.2.0" in run("check", repo=repo, code=0).out


def test_what_is_no_lock_is_left_alone(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CRATE.format("0.1.0"), "src/lib.rs": "", "Cargo.lock.md": "# About Cargo.lock\n", "not-Cargo.lock": "[[package]\n"})
    run("check", repo=repo, code=0)
