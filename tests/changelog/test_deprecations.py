"""What the author of a deprecation said stands in the help about a removal and in the drafted note, in place of a TODO; what is written is counted."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.conftest import Fresh, Repo, Run

PYTHON = """\
import warnings
import typing_extensions
from warnings import deprecated

@deprecated("use serve")
def cook(): ...

@warnings.deprecated("use  the\\n oven")
class Pan: ...

class Pot:
    @typing_extensions.deprecated("use stir")
    def mix(self): ...

@deprecated(NOTE)
def burn(): ...
"""
RUST = """\
#[deprecated(since = "0.9.0", note = "use `serve`")]
pub fn cook() {}
#[deprecated = "use the oven"]
pub struct Pan;
pub struct Pot { #[deprecated(note = "use `size()`")] pub size: u8 }
impl Pot { #[deprecated(note = "use `stir`")] pub fn mix(&self) {} }
pub struct Oven;
#[deprecated(note = "use `Oven`")]
pub type Stove = Oven;
#[deprecated]
pub fn burn() {}
"""
NATIVE = """\
use pyo3::prelude::*;
#[pyfunction]
#[pyo3(warn(message = "use serve", category = pyo3::exceptions::PyDeprecationWarning))]
fn cook() {}
#[deprecated(note = "use stir")]
#[pyfunction]
fn mix() {}
#[pymodule]
mod eggs {
    #[pymodule_export]
    use super::cook;
    #[pymodule_export]
    use super::mix;
}
"""
MODULE = "use pyo3::prelude::*;\n#[pymodule]\nmod eggs {\n}\n"
CRATE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n'
LIBRARY = f'{CRATE.format("eggs")}publish = false\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.26"\n'
PROJECT = '[build-system]\nrequires = ["maturin>=1"]\nbuild-backend = "maturin"\n[project]\nname = "eggs"\nversion = "1.0.0"\n'
LOG = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-06-19\n\n- Wax.\n"


def removed(fresh: Fresh, before: Mapping[str, str], after: Mapping[str, str]) -> Repo:
    repo = fresh({**before, "CHANGELOG.md": LOG})
    repo.git("tag", "v1.0.0")
    repo.write(after).commit()
    return repo


SOURCES: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str]]] = {
    "python": (
        {"pyproject.toml": '[project]\nname = "spam"\nversion = "1.0.0"\n', "spam/__init__.py": PYTHON},
        {"spam/__init__.py": "class Pot: ...\n"},
        {"spam.cook": "use serve", "spam.Pan": "use the oven", "spam.Pot.mix": "use stir", "spam.burn": ""},
    ),
    "rust": (
        {"Cargo.toml": CRATE.format("spam"), "src/lib.rs": RUST},
        {"src/lib.rs": "pub struct Pot {}\npub struct Oven;\n"},
        {
            "spam::cook": "use `serve`",
            "spam::Pan": "use the oven",
            "spam::Pot.size": "use `size()`",
            "spam::Pot::mix": "use `stir`",
            "spam::Stove": "use `Oven`",
            "spam::burn": "",
        },
    ),
    "native": (
        {"Cargo.toml": LIBRARY, "src/lib.rs": NATIVE, "pyproject.toml": PROJECT},
        {"src/lib.rs": MODULE},
        {"eggs.cook": "use serve", "eggs.mix": "use stir"},
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_deprecation_said_is_the_note_of_the_removal(fresh: Fresh, run: Run, name: str) -> None:
    before, after, notes = SOURCES[name]
    repo = removed(fresh, before, after)
    said = run("diff", "v1.0.0", "-v", repo=repo).out
    for note in filter(None, notes.values()):
        assert f"help: it was deprecated: {note}" in said
    assert said.count("help: it was deprecated: ") == len(notes)
    drafted = run("changelog", "draft", repo=repo, code=0)
    text = (repo.root / "CHANGELOG.md").read_text()
    entries = {key: part for key in notes for part in text.split("\n- ") if f"`{key}`" in part.partition(" was removed")[0]}
    assert {key: f"It was deprecated: {note}." in entries[key] for key, note in notes.items() if note} == {key: True for key, note in notes.items() if note}
    assert text.count("TODO") == sum(not note for note in notes.values())
    assert f"added {len(notes)} migration notes, for what changed since" in drafted.err
    assert ("TODO marks" in drafted.err) == ("TODO" in text)


def test_a_new_deprecation_is_told_with_its_words(fresh: Fresh, run: Run) -> None:
    repo = removed(fresh, {"Cargo.toml": CRATE.format("spam"), "src/lib.rs": "pub fn cook() {}\n"}, {"src/lib.rs": RUST})
    assert "spam::cook is deprecated now: use `serve`" in run("diff", "v1.0.0", "-v", repo=repo).out


def test_entries_are_counted_and_not_the_changes_that_they_tell(fresh: Fresh, run: Run) -> None:
    gone = "".join(f"pub fn cook{number}() {{}}\n" for number in range(6))
    repo = removed(fresh, {"Cargo.toml": CRATE.format("spam"), "src/lib.rs": gone}, {"src/lib.rs": ""})
    assert "added 1 migration note of 6 changes, for what changed since" in run("changelog", "draft", repo=repo, code=0).err
