"""The page holds what was found, stays text whatever a repository says, loads nothing, and its filters work in a real browser."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lockstep.about import REPOSITORY
from lockstep.model import Level
from lockstep.reports import html, signature_diff
from lockstep.reports.markup import Html, fill
from lockstep.review.review import Review
from lockstep.surface import Blind
from tests.conftest import Run, Story
from tests.reports.samples import OPTIONS, finding, hostile, report, review, row

VOID = {"meta", "input", "br", "hr"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """Reads a page as a browser would: elements that close, in order, with their attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self) -> str:
        return "".join(data for tag, data in self.texts if tag not in ("script", "style"))


def samples() -> Iterator[tuple[str, str]]:
    yield "hostile", html.review(hostile(), OPTIONS)
    yield "review", html.review(large(), OPTIONS)
    yield "empty review", html.review(replace(review(rows=(replace(row(), added=0, removed=0, changed=0, level=None),)), level=None), OPTIONS)
    yield "no surface", html.review(replace(review(), rows=(), level=None), OPTIONS)
    yield "findings", html.report(report(finding(0), finding(1, Level.WARNING)), OPTIONS)
    yield "fine", html.report(report(), OPTIONS)


def large() -> Review:
    additions = [finding(number, Level.NOTE, old=None, requires=None, symbol=f"spam.new{number}") for number in range(30, 70)]
    blind = Blind(symbol="spam.native", place=finding().place, why="a macro made it")
    return review(
        finding(0),
        finding(1, Level.WARNING, requires=None),
        finding(2, Level.NOTE),
        *additions,
        rows=(row(blind=(blind,)), row("still")),
        waived=(finding(9),),
    )


every_page = pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in samples()])


@every_page
def test_a_page_is_whole_loads_nothing_and_can_be_walked_by_keyboard(text: str) -> None:
    page = Page(text)
    tags = Counter(name for name, _ in page.elements)
    assert {"img", "iframe", "object", "embed", "base", "svg"} & set(tags) == set()
    assert [tags[name] for name in ("html", "title", "h1", "main", "nav", "header", "footer", "script", "style", "form")] == [1] * 10
    assert not any({"src", "style", "action", "srcset"} & set(attributes) or any(key.startswith("on") for key in attributes) for _, attributes in page.elements)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for one in page.all("a"):
        address = one["href"] or ""
        assert address.startswith(REPOSITORY) or address[:1] == "#"
        assert address[:1] != "#" or address[1:] in ids
    for one in page.all("section"):
        assert one.get("aria-labelledby", "h") in (*ids, "h")
    assert {one["for"] for one in page.all("label") if "for" in one} <= set(ids)
    assert [one["lang"] for one in page.all("html")] == ["en"]


@every_page
def test_the_policy_allows_this_script_and_this_style_alone(text: str) -> None:
    page = Page(text)
    (policy,) = (one["content"] or "" for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for name in ("script", "style"):
        (body,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert f"{name}-src 'sha256-{base64.b64encode(sha256(body.encode()).digest()).decode()}'" in policy
        assert not re.search(r"@import|url\(|https?:|fetch\(|XMLHttp|innerHTML|eval\(", body)


def test_a_hostile_repository_stays_text() -> None:
    text = html.review(hostile(), OPTIONS)
    page = Page(text)
    assert "<script>alert(1)</script>" in page.text()
    assert "<img" not in text
    for steering in ("\u202e", "\u2066", "\x1b", "\x00", "\r"):
        assert steering not in text
    assert not any((attributes.get("href") or "").startswith("javascript") for attributes in page.all("a"))


def test_everything_that_a_review_holds_is_there() -> None:
    said = " ".join(Page(html.review(large(), OPTIONS)).text().split())
    for expected in (
        "the function spam.egg0 is gone",
        "before: v0.4.0",
        "def egg(a: int, b: str) -> None",
        "stops working",
        "spam.egg(1, b='x')",
        "New: 40",
        "spam.new69",
        "Could not be seen: 1",
        "a macro made it",
        "the function spam.egg9 is gone",
        "until 2027-01-31",
        "the changes require a minor release, 0.4.0 -> 0.5.0 is large enough",
    ):
        assert expected in said


def test_what_is_put_into_a_template_is_text_unless_a_template_made_it() -> None:
    assert fill("<b>{a}{b}</b>", a="<i>", b=Html("<i>")) == "<b>&lt;i&gt;<i></b>"


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        ("def a(b: int)", "def a(c: int)", "def a(<del>b</del>: int)", "def a(<ins>c</ins>: int)"),
        ("def a()", "def a() -> int", "def a()", "def a() <ins>-&gt; int</ins>"),
        (None, "a<b>", "", "a&lt;b&gt;"),
        ("enum Kind", "Kind::Fast { bits: u8 }", "enum Kind", "Kind::Fast { bits: u8 }"),  # two things, not two forms of one
        (
            f"def a({'x' * 70}: int, y: int) -> int",
            f"def a({'x' * 70}: int, y: str) -> int",
            f"def a(\n    {'x' * 70}: int,\n    y: <del>int</del>,\n) -&gt; int",
            f"def a(\n    {'x' * 70}: int,\n    y: <ins>str</ins>,\n) -&gt; int",
        ),
    ],
)
def test_the_words_that_differ_are_marked(old: str | None, new: str, left: str, right: str) -> None:
    assert signature_diff.side_by_side(old, new) == (left, right)


def test_a_signature_of_many_words_is_shown_without_comparing() -> None:
    old, new = "a b " * 1000, "b a " * 1000
    assert signature_diff.side_by_side(old, new) == (old, new)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [(("check",), 1, "2 errors"), (("diff", "v0.3.0", "v0.4.0"), 0, "nothing"), (("audit", "workflow", "--no-zizmor"), 0, "nothing found")],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_commands_write_it(args: tuple[str, ...], code: int, said: str, story: Story, run: Run) -> None:
    page = Page(run(*args, "--format", "html", repo=story("drifted"), code=code).out)
    assert said in page.text() or said == "nothing"
    assert "<root>" not in page.text()


# ---- in a browser


def opened(path: Path, fragment: str, tmp_path: Path) -> Page:
    """Give the page as it stands once a real browser has run its script."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: the page cannot be opened")
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
    )
    done = subprocess.run(
        [CHROMIUM, *options, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", f"{path.as_uri()}{fragment}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    assert "Refused to" not in done.stderr, done.stderr
    return Page(done.stdout)


@pytest.mark.parametrize(
    ("fragment", "count", "folded"),
    [
        ("", "all 45", True),
        ("#level=error%2Cwaived", "2 of 45", False),
        ("#step=minor&q=%3Cscript%3E", "1 of 45", False),
        ("#group=python+spam&q=SPAM.new3", "10 of 45", False),
        ("#q=nowhere", "0 of 45", False),
    ],
)
def test_filters_follow_the_address(fragment: str, count: str, folded: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / "page.html"
    path.write_text(html.review(large(), OPTIONS))
    page = opened(path, fragment, tmp_path)
    assert [text for tag, text in page.texts if tag == "output"] == [count]
    shown = [attributes for _, attributes in page.elements if "data-item" in attributes and "hidden" not in attributes]
    assert len(shown) == int(re.findall(r"\d+", count)[0])
    assert ["hidden" in one for one in page.all("form")] == [False]
    (long,) = (one for one in page.all("details") if "data-long" in one)
    assert ("open" not in long) is folded or "hidden" in long
    assert [("hidden" in one) for name, one in page.elements if one.get("id") == "none"] == [count[0] != "0"]


def test_a_hostile_page_runs_nothing_in_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(html.review(hostile(), OPTIONS))
    page = opened(path, "", tmp_path)
    assert page.all("img") == []
    assert len(page.all("script")) == 1
