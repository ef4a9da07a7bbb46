"""A wheel that maturin makes without `[project]` is called as its crate, and has the version of its crate."""

from __future__ import annotations

from lockstep.config.reading import load
from lockstep.model import Ecosystem
from lockstep.project.project import discover
from lockstep.tree import MemoryTree

BACKEND = '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
CRATE = '[package]\nname = "larch-html"\nversion = "1.2.3"\nedition = "2021"\n'


def wheels(files: dict[str, str]) -> list[tuple[str, str, str]]:
    tree = MemoryTree(files)
    found = discover(tree, load(tree)).packages
    return [(one.name, str(one.version), one.manifest) for one in found if one.ecosystem is Ecosystem.PYTHON]


def test_it_is_called_as_the_crate_beside_it() -> None:
    assert wheels({"pyproject.toml": BACKEND, "Cargo.toml": CRATE}) == [("larch-html", "1.2.3", "pyproject.toml")]


def test_it_is_called_as_the_crate_that_maturin_builds() -> None:
    manifest = BACKEND + '[tool.maturin]\nmanifest-path = "py/Cargo.toml"\n'
    assert wheels({"pyproject.toml": manifest, "py/Cargo.toml": CRATE}) == [("larch-html", "1.2.3", "pyproject.toml")]


def test_without_a_crate_and_for_another_backend_there_is_none() -> None:
    assert wheels({"pyproject.toml": BACKEND}) == []
    assert wheels({"pyproject.toml": BACKEND.replace("maturin", "hatchling"), "Cargo.toml": CRATE}) == []
