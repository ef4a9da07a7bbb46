"""What a crate inherits from its workspace: where a path leads that nobody inherits, and what is not offered."""

from __future__ import annotations

import pytest

from lockstep.config import Config
from lockstep.project.project import discover
from lockstep.tree import MemoryTree

ROOT = '[workspace]\nmembers = ["egg"]\n\n[workspace.dependencies]\nold = { path = "old" }\nkept = { package = "ham", path = "nest" }\n'
EGG = '[package]\nname = "egg"\nversion = "0.1.0"\n'


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ("", []),
        ("\n[dependencies]\nother = { workspace = true }\nold = '1'\n", []),
        ("\n[dependencies]\nold.workspace = true\n", ["old"]),
        ("\n[target.'cfg(unix)'.build-dependencies]\nkept = { workspace = true, optional = true }\n", ["ham"]),
        ("\n[dev-dependencies]\nold = { path = '../old' }\n", ["old"]),
    ],
)
def test_what_a_workspace_offers_counts_where_a_member_inherits_it(needs: str, expected: list[str]) -> None:
    """As cargo 1.90 loads such workspaces."""
    project = discover(MemoryTree({"Cargo.toml": ROOT, "egg/Cargo.toml": EGG + needs}), Config())
    assert [one.message.split()[0] for one in project.faults if one.rule == "path-dependency-missing"] == expected


def test_the_root_may_inherit_from_itself() -> None:
    project = discover(MemoryTree({"Cargo.toml": EGG + "\n[dependencies]\nold.workspace = true\n\n" + ROOT.replace('"egg"', "")}), Config())
    assert [one.message.split()[0] for one in project.faults] == ["old"]


def test_another_workspace_inherits_nothing() -> None:
    other = '[workspace]\n\n[workspace.dependencies]\nold = "1"\n\n' + EGG.replace("egg", "ham") + "\n[dependencies]\nold.workspace = true\n"
    project = discover(MemoryTree({"Cargo.toml": ROOT, "egg/Cargo.toml": EGG, "ham/Cargo.toml": other}), Config())
    assert project.faults == ()


OFFERS = '[workspace]\nmembers = ["egg"]\n\n[workspace.package]\nedition = "2021"\n\n[workspace.dependencies]\nserde = "1"\n'


@pytest.mark.parametrize(
    ("inherits", "lacks"),
    [
        ("edition.workspace = true\n\n[dependencies]\nserde = { workspace = true }\n", ""),
        ("license.workspace = true\n", "license in [workspace.package]"),
        ("[target.'cfg(unix)'.dependencies]\nlibc.workspace = true\n", "libc in [workspace.dependencies]"),
        ("[dependencies]\nserde_json = { workspace = true, optional = true }\n", "serde_json in [workspace.dependencies]"),
        ("[lints]\nworkspace = true\n", "[workspace.lints]"),
        ("[lints]\nworkspace = false\n", ""),
    ],
)
def test_what_a_member_inherits_its_workspace_offers(inherits: str, lacks: str) -> None:
    """As cargo 1.95 parses such manifests."""
    project = discover(MemoryTree({"Cargo.toml": OFFERS, "egg/Cargo.toml": EGG + inherits}), Config())
    assert [(one.rule, one.message.partition(" has no ")[2]) for one in project.faults] == ([("manifest-incomplete", lacks)] if lacks else [])
    alone = discover(MemoryTree({"egg/Cargo.toml": EGG + inherits}), Config())
    assert alone.faults == ()


@pytest.mark.parametrize(("said", "inherited", "published"), [("false", False, False), ("[]", False, False), ('["mine"]', True, True), ("true", True, True)])
def test_a_workspace_says_whether_its_crates_are_published(said: str, *, inherited: bool, published: bool) -> None:
    root = f'[workspace]\nmembers = ["egg", "ham"]\n\n[workspace.package]\nversion = "0.1.0"\npublish = {said}\n'
    egg = '[package]\nname = "egg"\nversion = "0.1.0"\npublish.workspace = true\n'
    ham = f'[package]\nname = "ham"\nversion = "0.1.0"\npublish = {said}\n'
    found = discover(MemoryTree({"Cargo.toml": root, "egg/Cargo.toml": egg, "ham/Cargo.toml": ham}), Config())
    assert {one.name: one.publish for one in found.packages} == {"egg": inherited, "ham": published}
