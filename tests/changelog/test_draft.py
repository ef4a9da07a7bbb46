"""What a drafted entry says, and where it goes when a person has written already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lockstep.changelog.changes import Change
from lockstep.changelog.files import ChangelogFile
from lockstep.changelog.mentions import SearchText, mentions
from lockstep.plans.note_text import label, sentence
from lockstep.tree import splice
from tests.changelog.trials import ADDITION, BREAK, drafted


def change(symbol: str, message: str, language: str = "python") -> Change:
    return replace(BREAK, symbol=symbol, message=message, language=language)


@pytest.mark.parametrize(
    ("symbol", "message", "language", "said"),
    [
        ("ordvec.search", "the function ordvec.search is gone", "python", "The function `ordvec.search` is gone"),
        ("ordvec.Rank.search", "ordvec.Rank.search takes max_k", "python", "`ordvec.Rank.search` takes `max_k`"),
        ("ordvec.Rank.search", "k must be given", "python", "`ordvec.Rank.search`: k must be given"),
        ("ordvec::Kind", "ordvec::Kind is #[non_exhaustive] now", "rust", "`ordvec::Kind` is `#[non_exhaustive]` now"),
        ("features.serde", "feature serde is gone", "toml", "Feature `serde` is gone"),
        ("module", "the module was example.org/a/b, and is example.org/c/b", "go", "The Go `module` was `example.org/a/b`, and is `example.org/c/b`"),
        ("features.default", "default feature cli was added", "toml", "Feature `default`: default feature `cli` was added"),
        (
            "features.brown",
            "the implicit feature brown of the optional dependency was removed",
            "toml",
            "Feature `brown`: the implicit feature `brown` of the optional dependency was removed",
        ),
        ("project.requires-python", "requires-python was >=3.9, and is >=3.10", "toml", "`requires-python` was `>=3.9`, and is `>=3.10`"),
        ("dependencies.pydantic", "pydantic was pydantic>=1.10, and is pydantic>=2.7,<3", "toml", "`pydantic` was `pydantic>=1.10`, and is `pydantic>=2.7,<3`"),
        ("extras.np.dependencies.numpy", "numpy was numpy>=1.21, and is numpy>=1.24", "toml", "Extra `np`: `numpy` was `numpy>=1.21`, and is `numpy>=1.24`"),
        ("dependencies.libc", "libc is a new dependency", "toml", "`libc` is a new dependency"),
        (
            "wheels.abi3",
            "wheels were for Python 3.8 and later, and are for 3.10 and later",
            "toml",
            "Wheels (`abi3`) were for Python 3.8 and later, and are for 3.10 and later",
        ),
        ("a.Flask.run", "a.Flask.run requires ctx, which is new", "python", "`a.Flask.run` requires `ctx`, which is new"),
        ("a.serve", "a.serve takes request by keyword only", "python", "`a.serve` takes `request` by keyword only"),
        ("a.Base.cut", "every subclass of a.Base must define cut", "python", "Every subclass of `a.Base` must define `cut`"),
        (
            "a::Error::New",
            "variant a::Error::New was added: exhaustive matches on Error no longer compile",
            "rust",
            "Variant `a::Error::New` was added: exhaustive matches on `Error` no longer compile",
        ),
        ("a.f", "a.f takes x: dict[str, Spec], and took dict[str, dict]", "python", "`a.f` takes `x: dict[str, Spec]`, and took `dict[str, dict]`"),
        ("a.f", "a.f gives tuple[A, B] | None, and gave A", "python", "`a.f` gives `tuple[A, B] | None`, and gave `A`"),
        ("a.f", "a.f gives nothing, and gave what is not written", "python", "`a.f` gives nothing, and gave what is not written"),
        ("cheese.slice", "cheese.slice gives\n`None`.", "python", "`cheese.slice` gives `None`"),
        (
            "cheese::slice_all",
            "cheese::slice_all was `fn slice_all<T0>(&Rind<u8, T0>) -> Result<(), RindError>`, and is fn slice_all(RindKind)",
            "rust",
            "`cheese::slice_all` was `fn slice_all<T0>(&Rind<u8, T0>) -> Result<(), RindError>`, and is fn `slice_all`(`RindKind`)",
        ),
    ],
)
def test_a_message_becomes_a_sentence_that_names_the_symbol(symbol: str, message: str, language: str, said: str) -> None:
    assert sentence(change(symbol, message, language)) == said


def test_a_signature_is_code_as_a_whole() -> None:
    spoken = replace(change("cheese.slice_all", "cheese.slice_all is slice_all(rind_kind) now", "python"), new="slice_all(rind_kind)")
    assert sentence(spoken) == "`cheese.slice_all` is `slice_all(rind_kind)` now"


@pytest.mark.parametrize(
    ("symbol", "language", "said"),
    [("features.serde", "toml", "Feature `serde`"), ("extras.fast", "toml", "Extra `fast`"), ("mod a::b", "rust", "Module `a::b`"), ("a.b", "python", "`a.b`")],
)
def test_a_symbol_is_named_as_code(symbol: str, language: str, said: str) -> None:
    assert label(change(symbol, "", language)) == said


HEAD = "# Changelog\n\n## [Unreleased]\n\n"
TAIL = "\n## [0.5.0] - 2026-06-19\n\n### Breaking changes\n\n- Wax.\n"


def text(body: str) -> str:
    before = HEAD + body + TAIL
    return splice(before, drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=before)))


@pytest.mark.parametrize(
    "body",
    [
        "### Removed\n\n- `Rind.melt_evenly` (use a pan)\n\n### Added\n\n- Thin slices with slice_thinly.\n",
        "- melt_evenly was removed; slice_thinly is new.\n",
        "**Breaking:** `melt_evenly`.\n\n`slice_thinly`!\n",
    ],
)
def test_what_a_person_tells_is_not_told_again(body: str) -> None:
    assert text(body) == HEAD + body + TAIL


def test_the_heading_that_the_project_uses_takes_the_notes() -> None:
    assert "### Breaking changes\n\n- The method `cheese.Rind.melt_evenly` is gone." in text("")
    mine = "### Breaking changes\n\n- Wax melts.\n\n### Added\n\n- A knife.\n"
    after = text(mine)
    assert after.count("### Breaking changes") == 2, "one is history"
    assert after.index("- Wax melts.") < after.index("melt_evenly") < after.index("### Added") < after.index("- A knife.\n- `cheese.slice_thinly`")


def test_a_title_is_of_the_level_of_those_beside_it() -> None:
    before = "# [Unreleased]\n\n### Added\n\n- A knife.\n\n# [0.5.0] - 2026-06-19\n\n## Fixed\n\n- Wax.\n"
    after = splice(before, drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=before)))
    assert after.startswith("# [Unreleased]\n\n### Migration\n")


def test_a_signature_is_shown_before_and_after_when_there_is_no_witness() -> None:
    one = replace(BREAK, witness=None, message="cheese.Rind.melt_evenly takes no heat", old="def melt_evenly(heat)", new="def melt_evenly()", why="Calls fail")
    before = HEAD + TAIL
    after = splice(before, drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=before), (one,)))
    assert "takes no heat. Calls fail.\n\n  ```python\n  # before\n  def melt_evenly(heat)\n  # after\n  def melt_evenly()\n  ```\n\n  TODO" in after


def test_code_that_holds_a_fence_is_fenced_by_more() -> None:
    one = replace(BREAK, witness="doc = '''\n```\n'''")
    before = HEAD + TAIL
    after = splice(before, drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=before), (one,)))
    assert "  ````python\n" in after
    assert "\n  ````\n" in after


def test_nothing_owed_nothing_drafted() -> None:
    assert drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=HEAD + TAIL), ()) == ()
    assert drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=""), (ADDITION,)) != ()


def test_what_a_draft_says_of_a_manifest_is_found_again() -> None:
    """A note that was drafted names what it is about, in whatever words: it is not drafted twice."""
    for symbol, message in (
        ("module", "the module was example.org/a, and is example.org/b"),
        ("wheels.abi3", "wheels were for Python 3.8 and later, and are for 3.10 and later"),
        ("project.requires-python", "requires-python was >=3.9, and is >=3.10"),
        ("extras.np.dependencies.numpy", "numpy was numpy>=1.21, and is numpy>=1.24"),
        ("features.default", "cli is on by default now"),
        ("dependencies.libc", "libc is a new dependency"),
    ):
        assert mentions(SearchText.of(sentence(change(symbol, message, "go" if symbol == "module" else "toml"))), symbol), symbol


@pytest.mark.parametrize(
    ("symbol", "message", "old", "new", "shown"),
    [
        ("a::Error::New", "variant a::Error::New was added: exhaustive matches on Error no longer compile", "enum Error", "Error::New", False),
        ("a::Error::New", "variant a::Error::New was added: exhaustive matches on Error no longer compile", "enum Error", "Error::New { why: String }", True),
        ("a::Error::Old", "a::Error::Old is gone", "Error::Old", None, False),
        ("a::Local.path", "a::Local.path is gone, or no longer public (path: String)", "path: String", None, False),
    ],
)
def test_code_that_says_no_more_than_the_sentence_is_left_out(symbol: str, message: str, old: str, new: str | None, shown: bool) -> None:  # noqa: FBT001
    one = replace(BREAK, symbol=symbol, message=message, old=old, new=new, witness=None, language="rust")
    before = HEAD + TAIL
    after = splice(before, drafted(ChangelogFile(path="CHANGELOG.md", folder="", text=before), (one,)))
    assert "enum Error" not in after
    assert ("```rust" in after) is shown
