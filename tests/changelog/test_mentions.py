"""Whether a text names a symbol: what a reader would take for it, and nothing that is one by chance."""

from __future__ import annotations

import pytest

from lockstep.changelog.mentions import SearchText, TextIndex, mentions


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("`ordvec.search_lut` is gone", "ordvec.search_lut"),
        ("search_lut is gone.", "ordvec.search_lut"),
        ("`search` is faster", "ordvec.search"),
        ("`Rank.search()` takes k", "ordvec.Rank.search"),
        ("`Rank::search` takes k", "ordvec.index.Rank.search"),
        ("`search` of Rank takes k", "ordvec.Rank.search"),
        ("`Rank::{write,load}`", "ordvec::Rank::load"),
        ("uses Rank.", "ordvec.Rank"),
        ("the `serde` feature", "features.serde"),
        ("the MSRV is 1.80", "package.rust-version"),
        ("Python 3.9 is no longer supported", "project.requires-python"),
        ("```python\nfrom ordvec import search\n```", "ordvec.search"),
        ("calls search_lut() twice", "ordvec.search_lut"),
    ],
)
def test_a_text_that_names_it(text: str, symbol: str) -> None:
    assert mentions(SearchText.of(text), symbol)
    assert TextIndex.of([SearchText.of("Something else."), SearchText.of(text)]).mentions(symbol)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("search is faster", "ordvec.search"),
        ("`search` is faster", "ordvec.Rank.search"),
        ("`Other.search()` takes k", "ordvec.Rank.search"),
        ("`Rank::{write,load}`", "ordvec::Other::load"),
        ("my_search_lut is gone", "ordvec.search_lut"),
        ("`search_lut_fast` is new", "ordvec.search_lut"),
        ("RankQuant is new", "ordvec.Rank"),
        ("`serde-json` is needed", "features.serde"),
        ("", "ordvec.search"),
        ("anything", ""),
    ],
)
def test_a_text_that_does_not(text: str, symbol: str) -> None:
    assert not mentions(SearchText.of(text), symbol)
    assert not TextIndex.of([SearchText.of("Something else."), SearchText.of(text)]).mentions(symbol)
