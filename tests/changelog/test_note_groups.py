"""Changes of one kind in one module share a note; each of them is named in it so that a reader, and the next draft, finds it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lockstep.changelog.changes import Change
from lockstep.changelog.files import ChangelogFile
from lockstep.plans.note_groups import FEW, grouped, module_of
from lockstep.tree import splice
from tests.changelog.trials import ADDITION, BREAK, drafted

START = "# Changelog\n\n## [Unreleased]\n\n## [0.5.0] - 2026-06-19\n\n- Wax.\n"


def field(name: str, owner: str = "Params", module: str = "spam::ba") -> Change:
    message = f"{module}::{owner}.{name} is new, and users write {owner} with all of its fields"
    return replace(
        BREAK, symbol=f"{module}::{owner}.{name}", message=message, rule="rust-field-added", old=None, new=f"{name}: f32", witness=None, language="rust"
    )


def addition(symbol: str) -> Change:
    return replace(ADDITION, symbol=symbol, message=f"{symbol} is new", new=f"fn {symbol}()", language="rust")


def draft_of(*changes: Change) -> str:
    return splice(START, drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=START), changes))


def test_what_is_alike_in_all_but_names_is_one_note() -> None:
    text = draft_of(field("sigma"), field("depth"), field("cost", "Result"), field("other", module="spam::pnp"))
    assert text.count("TODO") == 2
    assert "The same applies to `Params.depth`, `Result.cost`.\n" in text


def test_a_few_are_told_one_by_one() -> None:
    assert draft_of(*(field(f"a{number}") for number in range(FEW))).count("TODO") == FEW


def test_what_differs_in_more_than_names_is_not_alike() -> None:
    takes = [replace(BREAK, symbol=f"spam.f{number}", message=f"spam.f{number} takes p{number % 2}", rule="parameter-required") for number in range(6)]
    assert sorted(map(len, grouped(takes))) == [3, 3]
    floors = [replace(BREAK, symbol=f"dependencies.d{number}", message=f"d{number} was 1, and is 2", language="toml") for number in range(6)]
    assert set(map(len, grouped(floors))) == {1}, "the values of a manifest are news one by one"


def test_additions_of_a_module_share_a_line() -> None:
    text = draft_of(*(addition(f"spam::ba::{name}") for name in ("render", "Pose", "Pose::new", "SOLVE_MAX")))
    assert "- `spam::ba::render`, `Pose`, `Pose::new`, `SOLVE_MAX`\n" in text


def test_a_module_ends_at_a_type() -> None:
    assert module_of("kornia_image::color::Bgr8::from_vec") == ("kornia_image", "color")
    assert module_of("polars.DataFrame.join") == ("polars",)
    assert module_of("spam.f") == ("spam",)
    assert module_of("spam") == ()


names = st.sampled_from(["new", "render", "from_vec", "Pose", "io", "x", "A_B", "read"])
paths = st.lists(names, min_size=1, max_size=4).map(lambda path: "::".join(["spam", *path]))


@given(st.lists(paths, unique=True, max_size=12), st.lists(paths, unique=True, max_size=12))
def test_what_is_drafted_is_not_drafted_again(broken: list[str], added: list[str]) -> None:
    removed = [replace(BREAK, symbol=path, message=f"{path} is gone", witness=None, old=None, language="rust") for path in broken]
    every = (*removed, *map(addition, added))
    assert [one for same in grouped(every) for one in same] != [] or not every
    assert sorted(one.symbol for same in grouped(every) for one in same) == sorted(one.symbol for one in every)
    after = draft_of(*every)
    assert drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=after), every) == ()
