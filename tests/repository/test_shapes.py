"""git in every shape: each command says of it what it says of an ordinary repository and does what it does there, or refuses with a true next step."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import call, part
from tests.repository import shapes
from tests.repository.making import UnavailableError

FULL = bool(os.environ.get("LOCKSTEP_FULL"))
PAGE = Path(__file__).parents[2] / "docs/git.md"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return shapes.ordinary(tmp_path_factory.mktemp("ordinary"))


@pytest.mark.parametrize("name", shapes.SHAPES)
@part(2)
def test_a_shape_of_git(name: str, tmp_path: Path, said: Mapping[str, str]) -> None:
    shape = shapes.SHAPES[name]
    if shape.full and not FULL:
        pytest.skip("LOCKSTEP_FULL is not set")
    try:
        found = dict(shapes.measured(shape, tmp_path, said))
    except UnavailableError as error:
        pytest.skip(f"no such shape here: {error}")
    assert set(found) == set(shapes.COLUMNS)
    assert not {column: cell for column, cell in found.items() if not shapes.is_as_expected(shape, column, cell)}


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("shallow clone", ("fetch", "-q", "--tags")),
        ("partial clone (`blob:none`)", ("fetch", "-q", "--refetch", "--no-filter")),
        ("treeless clone (`tree:0`)", ("fetch", "-q", "--refetch", "--no-filter")),
        ("another owner", ("config", "--global", "--add", "safe.directory", "{}")),
    ],
)
def test_the_next_step_is_true(name: str, step: tuple[str, ...], tmp_path: Path, said: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        place = shapes.SHAPES[name].make(tmp_path)
    except UnavailableError as error:
        pytest.skip(f"no such shape here: {error}")
    for variable, value in place.env.items():
        monkeypatch.setenv(variable, value)
    assert all(" ".join(step).replace(" -q", "").removesuffix("{}") in one.help for one in shapes.SHAPES[name].refused.values())
    place.repo.git(*(word.format(place.at) for word in step))
    assert call(*shapes.LOOKS[shapes.DIFF].split(), repo=place.at, code=0).out == said[shapes.DIFF]
    call("bump", "minor", "--tag", repo=place.at, code=0)


def test_the_page_shows_what_the_tests_hold() -> None:
    assert shapes.expected_table() in PAGE.read_text(encoding="utf-8"), "python -m tests.repository.shapes --expected prints it"


def test_the_page_tells_every_next_step() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for number, step in enumerate(shapes.steps(), 1):
        (line,) = [line for line in text.splitlines() if line.startswith(f"{number}. ")]
        assert step.strip() in line
