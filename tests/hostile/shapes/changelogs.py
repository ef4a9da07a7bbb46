"""Changelogs: sections, lists, links and what Markdown nests."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Repo
from tests.hostile.shapes import WHEEL, Files, Shape, module_of, nested, times

NOTES = ("changelog", "check")
TOP = "# Changelog\n\n## [Unreleased]\n\n"


def _noted(files: Callable[[int], Files], size: int, large: int, *, square: bool = False) -> Shape:
    """Give the shape of a changelog since a release, after which a function takes more."""

    def make(repo: Repo, count: int) -> object:
        repo.write({**module_of("def f(): ...\n"), "CHANGELOG.md": f"{TOP}## [1.0.0] - 2024-01-01\n\n- first\n"}).commit(tag="v1.0.0")
        return repo.write({"spam/__init__.py": "def f(a): ...\n", **files(count)}).commit()

    return Shape(make=make, ask=NOTES, size=size, large=large, square=square)


def _log(text: str, before: str = TOP) -> Files:
    return {"pyproject.toml": WHEEL, "CHANGELOG.md": f"{before}{text}\n\n## [1.0.0] - 2024-01-01\n\n- first\n"}


def _rst(text: str) -> Files:
    return {"pyproject.toml": WHEEL, "CHANGES.rst": f"Changes\n=======\n\n{text}\n\n1.0.0 (2024-01-01)\n------------------\n\n- first\n"}


def _sections(count: int) -> Files:
    return {"pyproject.toml": WHEEL, "CHANGELOG.md": TOP + times(count, lambda n: f"## [0.{count - n}.0] - 2024-01-01\n\n- a\n\n")}


def _fragments(count: int) -> Files:
    return {"pyproject.toml": WHEEL + "[tool.towncrier]\ndirectory = 'changes'\n", **{f"changes/{n}.feature.md": "A thing.\n" for n in range(count)}}


def _gone(entries: Callable[[int], str], size: int, large: int) -> Shape:
    """Give the shape of many names that are gone since a release."""

    def make(repo: Repo, count: int) -> object:
        repo.write({**module_of(times(count, lambda n: f"def f{n}(): ...\n")), "CHANGELOG.md": f"{TOP}## [1.0.0] - 2024-01-01\n\n- first\n"}).commit(
            tag="v1.0.0"
        )
        return repo.write({"spam/__init__.py": "", **_log(entries(count))}).commit()

    return Shape(make=make, ask=NOTES, size=size, large=large)


SHAPES: dict[str, Shape] = {
    "sections of a changelog": _noted(_sections, 100, 1000),
    "entries of a section": _noted(lambda n: _log(times(n, lambda i: f"- words {i}\n")), 100, 4000),
    "headings of a section": _noted(lambda n: _log(times(n, lambda i: f"### H{i}\n\n- a\n\n")), 100, 2000),
    "links of a changelog": _noted(lambda n: _log(times(n, lambda i: f"- [a{i}](b{i})\n")), 100, 2000),
    "links by name": _noted(lambda n: _log(times(n, lambda i: f"- [a{i}]\n") + "\n" + times(n, lambda i: f"[a{i}]: b{i}\n")), 100, 2000),
    "definitions of links": _noted(
        lambda n: _log("- a\n\n" + times(n, lambda i: f"[0.{i}.0]: https://github.com/a/b/compare/v0.{i}.0...v0.{i + 1}.0\n")), 100, 2000
    ),
    "brackets of a changelog": _noted(lambda n: _log("[" * n), 100, 4000),
    "brackets that close": _noted(lambda n: _log(nested(n, "[", "a", "](b)")), 100, 2000),
    "pictures in pictures": _noted(lambda n: _log(nested(n, "![", "a", "](b)")), 100, 2000),
    "stars of a changelog": _noted(lambda n: _log("*a " * n), 100, 10_000),
    "stars and underscores": _noted(lambda n: _log("*_" * n + "a" + "_*" * n), 100, 5000),
    "backquotes of a changelog": _noted(lambda n: _log(times(n, lambda i: "`" * (i % 300) + " ")), 100, 2000),
    "quotations in quotations": _noted(lambda n: _log("> " * n + "a"), 50, 2000),
    "lists in lists": _noted(lambda n: _log("- " * n + "a"), 50, 2000),
    "lists that go deeper": _noted(lambda n: _log(times(n, lambda i: "  " * i + "- a\n")), 20, 60, square=True),
    "lists of numbers in lists": _noted(lambda n: _log("1. " * n + "a"), 50, 2000),
    "comments of a changelog": _noted(lambda n: _log("<!-- a -->\n" * n), 100, 4000),
    "comments that are never closed": _noted(lambda n: _log("<!-- " * n), 100, 10_000),
    "comments that are never closed, in paragraphs": _noted(lambda n: _log("a <!-- b\n" * n), 100, 10_000),
    "elements of HTML": _noted(lambda n: _log(nested(n, "<details>", "a", "</details>")), 100, 4000),
    "elements of HTML that never close": _noted(lambda n: _log("a <b " * n), 100, 10_000),
    "declarations of HTML": _noted(lambda n: _log("a <!A " * n), 100, 10_000),
    "instructions of HTML": _noted(lambda n: _log("a <? " * n), 100, 10_000),
    "sections of CDATA": _noted(lambda n: _log("a <![CDATA[ " * n), 100, 10_000),
    "addresses": _noted(lambda n: _log("<a:" * n), 100, 10_000),
    "entities of a changelog": _noted(lambda n: _log("&amp;" * n + "&" * n), 100, 10_000),
    "escapes of a changelog": _noted(lambda n: _log("\\" * n), 100, 20_000),
    "fences of a changelog": _noted(lambda n: _log("```\na\n" * n), 100, 4000),
    "tables of a changelog": _noted(lambda n: _log("|" * n + "\n" + "|-" * n + "|\n" + "|a" * 3 + "\n"), 100, 2000),
    "rules of a changelog": _noted(lambda n: _log("---\n\n" * n), 100, 4000),
    "underlines": _noted(lambda n: _log("a\n===\n\n" * n), 100, 2000),
    "spaces of a changelog": _noted(lambda n: _log(" " * n + "a" + " " * n), 100, 100_000),
    "tabs of a changelog": _noted(lambda n: _log("-" + "\t" * n + "a"), 100, 50_000),
    "one long line": _noted(lambda n: _log("a" * n), 100, 500_000),
    "one long paragraph": _noted(lambda n: _log("a\n" * n), 100, 20_000),
    "one long heading": _noted(lambda n: _log("## " + "1.0.0 " * n), 100, 20_000),
    "headings of one version": _noted(lambda n: _log("## [0.1.0] - 2024-01-01\n\n- a\n\n" * n), 100, 1000),
    "digits of a heading": _noted(lambda n: _log("## [" + "1" * n + ".0.0] - 2024-01-01\n\n- a\n"), 100, 20_000),
    "hashes": _noted(lambda n: _log("#" * n), 100, 50_000),
    "sections of reStructuredText": _noted(lambda n: _rst(times(n, lambda i: f"0.{n - i}.0\n-------\n\n- a\n\n")), 100, 1000),
    "lines of reStructuredText": _noted(lambda n: _rst(times(n, lambda i: f"- a{i}\n")), 100, 2000),
    "dashes of reStructuredText": _noted(lambda n: _rst("-" * n + "\n" + "=" * n), 100, 50_000),
    "fragments": _noted(_fragments, 30, 500),
    "mentions of names": _gone(lambda n: times(n, lambda i: f"- `spam.f{i}` is removed.\n"), 30, 250),
    "names that no entry mentions": _gone(lambda n: "- words words `a` words\n" * n, 30, 250),
}
