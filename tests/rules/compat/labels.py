"""The labelled pairs of `fixtures/compat/`: one file a case, with what it breaks and why, then its files before and after.

    label: runtime | typing | review | addition | none
    symbol: the item that the finding must be about (none for `none`)
    why: one line
    source: who decides it

    === before spam/__init__.py
    === after spam/__init__.py
    === both spam/_unchanged.py

A label is written before the rule that must find it. One that turns out wrong is corrected in a commit of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.conftest import FIXTURES

PYTHON = FIXTURES / "compat" / "python"
HELD_OUT = FIXTURES / "compat" / "python-held-out"
"""Pairs that were labelled when the rules met all of the others, and judged once before anything was mended."""

_FILE = re.compile(r"^=== (before|after|both) (\S+)\n", re.MULTILINE)


class Label(StrEnum):
    """What a pair breaks, the worst last."""

    NONE = "none"
    ADDITION = "addition"
    REVIEW = "review"
    TYPING = "typing"
    RUNTIME = "runtime"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One labelled pair; `before` and `after` map paths to texts."""

    name: str
    label: Label
    symbol: str | None
    why: str
    source: str
    before: dict[str, str]
    after: dict[str, str]

    def files(self, moment: str) -> dict[str, str]:
        """Give the repository at a moment: its package and a manifest."""
        manifest = '[project]\nname = "spam"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n'
        return {"pyproject.toml": manifest, **(self.before if moment == "before" else self.after)}


def read(path: Path) -> Case:
    """Read one case."""
    head, *parts = _FILE.split(path.read_text())
    said = dict(line.split(": ", 1) for line in head.strip().splitlines())
    assert set(said) <= {"label", "symbol", "why", "source"}, path
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for moment, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        for files in ([before] if moment != "after" else []) + ([after] if moment != "before" else []):
            assert name not in files, path
            files[name] = text
    return Case(name=path.stem, label=Label(said["label"]), symbol=said.get("symbol"), why=said["why"], source=said["source"], before=before, after=after)


def cases(folder: Path = PYTHON) -> list[Case]:
    """Read every case, sorted by name."""
    return [read(path) for path in sorted(folder.glob("*.case"))]
