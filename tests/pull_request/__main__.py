"""Show the life of a release pull request as GitHub would: `python -m tests.pull_request FOLDER` writes a page of each moment, and one of all.

Rendered by markdown-it with tables, as the body of a pull request is; comments of HTML and folds are HTML's own.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from html import escape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.conftest import FIXTURES, Repo, _build, environment
from tests.pull_request.conftest import served
from tests.pull_request.story import moments

STYLE = """body{font:16px/1.5 -apple-system,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif;max-width:920px;margin:24px auto;color:#1f2328}
h1{font-weight:400;border-bottom:1px solid #d1d9e0}h2{border-bottom:1px solid #d1d9e0b3}table{border-collapse:collapse}
td,th{border:1px solid #d1d9e0;padding:6px 13px}code{background:#818b981f;border-radius:6px;padding:.2em .4em;font-size:85%}
pre{background:#f6f8fa;padding:16px;border-radius:6px;overflow:auto}pre code{background:none;padding:0}
blockquote{border-left:.25em solid #d1d9e0;margin:0;padding:0 1em;color:#59636e}blockquote.warning{border-color:#9a6700;color:#1f2328}
.state{display:inline-block;border-radius:2em;padding:5px 12px;color:#fff;background:#1f883d;margin-right:8px}.closed{background:#cf222e}
.box{border:1px solid #d1d9e0;border-radius:6px;padding:16px;margin:16px 0}summary{cursor:pointer}"""


def page(title: str, state: str, number: int, body: str) -> str:
    """Give a pull request as a page."""
    text = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(body)
    text = re.sub(r"<blockquote>\s*<p>\[!WARNING\]", '<blockquote class="warning"><p><b>⚠ Warning</b><br>', text)
    return f'<h1>{escape(title)} <span style="color:#59636e">#{number}</span></h1><span class="state {state}">{state}</span><div class="box">{text}</div>'


def whole(*parts: str) -> str:
    """Give pages as one document."""
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(parts)}"


def main(folder: Path) -> int:
    """Live the story, and write what it tells."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        for name in [one for one in os.environ if one not in environment()]:
            patch.delenv(name)
        for name, value in environment().items():
            patch.setenv(name, value)
        repo = Repo(Path(place) / "promises")
        _build(repo, FIXTURES / "promises")
        with served(repo, Path(place), patch) as project:
            for number, one in enumerate(moments(project)):
                shown = page(one.title, one.state, project.hub.pulls[-1].number, one.body)
                (folder / f"{number:02}.html").write_text(whole(f"<p><i>{escape(one.step)}</i></p>", shown))
                pages.append(
                    f"<hr><h3>{escape(one.step)}</h3><pre>{escape(one.said)}</pre>{shown}<details><summary>branch</summary><pre>{escape(one.branch)}</pre></details>"
                )
    (folder / "all.html").write_text(whole(*pages))
    sys.stdout.write(f"wrote {len(pages)} moments into {folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
