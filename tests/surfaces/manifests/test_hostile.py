"""Files that are written to hang a reader end all the same."""

from __future__ import annotations

import time

import pytest

from lockstep.config import Config
from lockstep.project.project import discover
from lockstep.surfaces import cargo_manifest, python_manifest
from lockstep.tree import MemoryTree

FILES = {
    "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\nrust-version = "1.70"\n',
    "pyproject.toml": '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[project]\nname = "a"\nversion = "0.1.0"\n',
}
JOB = "on: push\njobs:\n  j:\n    steps:\n      - uses: PyO3/maturin-action@v1\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "MSRV " * 50_000),
        ("README.md", "badge/minimum" + "rust" * 50_000),
        ("README.md", "MSRV is " + "1." * 100_000),
        (".github/workflows/a.yml", "msrv" * 50_000),
        (".github/workflows/a.yml", "  msrv:\n" + "\n" * 100_000),
        (".github/workflows/a.yml", JOB + "      - target: [x86_64, aarch64]\n" * 5000),
        (".github/workflows/a.yml", JOB + "      " + "{ target: " * 10_000),
    ],
    ids=lambda text: text[:30].strip() if "\n" not in text else None,
)
def test_hostile_files_are_read_in_bounded_time(path: str, text: str) -> None:
    tree = MemoryTree({**FILES, path: text})
    packages = discover(tree, Config()).packages
    start = time.process_time()
    cargo_manifest.read(tree, packages)
    python_manifest.read(tree, packages)
    assert time.process_time() - start < 2
