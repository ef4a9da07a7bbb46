"""Where a path dependency leads, and whether anybody goes there."""

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
