"""Texts on which a careless regular expression takes hours: each of these ends, for nothing in them is read twice.

A pattern that grows faster than its text does not fail here: it does not come to an end.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lockstep.comparison import c_abi
from lockstep.errors import LockstepError
from lockstep.formats import gradle, python_source, readme_version, version_file, yarn_lock
from lockstep.locks import uv_manifest, uv_settings
from lockstep.manifest import Source
from lockstep.plans import note_text
from lockstep.project.submodules import submodules
from lockstep.release_workflow import blocks
from lockstep.tree import MemoryTree
from lockstep.workflow import expression
from lockstep.workflow.script_values import KnownValues

MANY = 60_000


def _embedded(text: str) -> object:
    return list(expression.embedded(text))


def _condition(text: str) -> object:
    try:
        return expression.condition(text)
    except LockstepError:
        return None


def _values(text: str) -> object:
    return KnownValues({}).text(text, {})


def _submodules(text: str) -> object:
    return submodules(MemoryTree({".gitmodules": text}))


def _requirement(text: str) -> object:
    return uv_manifest.read_requirement(text, {})


def _was(text: str) -> object:
    return note_text.CHANGED_VALUE.sub("", text)


def _fields(text: str) -> object:
    return c_abi.fits_reserved((text,), (text,))


def _version_file(text: str) -> object:
    return version_file.read(Source("VERSION", text))


def _gradle(text: str) -> object:
    return gradle.read(Source("build.gradle", text))


def _properties(text: str) -> object:
    return gradle.read(Source("gradle.properties", text))


def _python(text: str) -> object:
    return python_source.read(Source("a/_version.py", text))


def _yarn(text: str) -> object:
    return yarn_lock.read(Source("yarn.lock", text))


def _readme(text: str) -> object:
    return readme_version.read(Source("README.md", text))


def _record(text: str) -> object:
    return blocks.without_record(text)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (_embedded, "${{" + "'" * MANY),
        (_embedded, "${{" + "'" * MANY + "}"),
        (_embedded, "${{" + " " * MANY),
        (_embedded, "${{ " * MANY),
        (_condition, "${{" + "'" * MANY),
        (_condition, "${{" + "}" * MANY + "x"),
        (_values, "${{" + " " * MANY),
        (_values, "${{ " * MANY),
        (_values, "${{" + " }" * MANY),
        (_requirement, " " * MANY + "("),
        (_requirement, "a" + " " * MANY + "(("),
        (_requirement, "a" * MANY + "(("),
        (_requirement, "a-" * MANY + "(("),
        (_was, "was a" + "=" * MANY),
        (_was, "was a" + " = a" * MANY + "\n"),
        (_submodules, "path=" + " " * MANY),
        (_submodules, "path= a" + " " * MANY + '"x'),
        (_submodules, "path=" + "a " * MANY + '"x'),
        (_version_file, "1." * MANY + "\n!"),
        (_version_file, "version" + " " * MANY),
        (_version_file, "version " * 12_000),
        (_gradle, "version" + " " * MANY),
        (_properties, "version" + " " * MANY),
        (_readme, " " * MANY),
        (_readme, "a" * MANY + "\n!"),
        (_record, "# lockstep init workflow\n" + "#   " * MANY + "\n!"),
        (_python, f"{'a_' * MANY} = 1\n"),
        (_yarn, '"a@workspace:b":\n    a: a' + " " * MANY + '"x'),
        (uv_settings.read_time, " " * MANY + "!"),
        (_fields, "uint8_t " + "pad" * MANY + "-"),
        (_fields, "pad " * MANY),
    ],
    ids=lambda one: one.__name__ if callable(one) else f"{one[:12].strip()!r}",
)
def test_it_ends(read: Callable[[str], object], text: str) -> None:
    read(text)


def test_an_expression_ends_behind_its_strings() -> None:
    assert [at for at, _ in expression.embedded("a ${{ 'it''s }} }' }} b ${{ x }}")] == [2, 24]
    assert list(expression.embedded("${{ it's }}")) == []  # GitHub: the expression is not closed


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        ("requirement was >=1.2, <2 to >=1.3, <2", ">=1.2, <2", ">=1.3, <2"),
        ("requirement was 1.0, and is 2.0", "1.0", "2.0"),
        ("from >= 1 , < 2 to >= 2", ">= 1 , < 2", ">= 2"),
    ],
)
def test_a_requirement_may_have_blanks(said: str, old: str, new: str) -> None:
    found = note_text.CHANGED_VALUE.search(said)
    assert found is not None
    assert (found["old"], found["new"]) == (old, new)
