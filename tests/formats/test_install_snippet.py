"""An install line is found where it stands, in whatever text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.formats import install_snippet
from lockstep.manifest import Source
from lockstep.model import Ecosystem
from lockstep.tree import Globs
from tests.conftest import Repo, Run

WORDS = (
    "spam",
    "spam-x",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    '"',
    "'",
    "=",
    "==",
    ">=",
    "~=",
    "@",
    "^",
    "0",
    "1.2.3",
    "1.2-rc.1",
    "[extra, more]",
    "{",
    "}",
    "`",
    "//!",
)
COMMANDS = (
    "`",
    "//!",
    "version",
    "cargo add",
    "cargo install",
    "cargo binstall",
    "--version",
    "npm i",
    "npx",
    "@scope/",
    "npm:",
    "cargo ",
    "#",
    "é",
    "\u2028",
    "\x0b",
    "uvx",
    "conda",
    "tag",
    "uses: ",
    "a/b",
    ":",
    "v1.2",
    "git+https://github.com/",
    " --git ",
    "https://github.com/",
    "https://docs.rs/",
    "https://pypi.org/project/",
    "/",
    " --tag ",
    "}",
)
texts = st.lists(st.sampled_from((*WORDS, *COMMANDS)), max_size=30).map("".join)


@pytest.mark.parametrize(("token", "shape", "ecosystem"), [*install_snippet._SHAPES, *install_snippet._RELEASE_PAGES])  # noqa: SLF001 - the law of the shapes
@given(text=texts)
def test_to_look_at_the_lines_that_hold_the_token_misses_nothing(
    token: re.Pattern[str],
    shape: re.Pattern[str],
    ecosystem: Ecosystem | None,  # noqa: ARG001 - the shapes have it
    text: str,
) -> None:
    assert [one.span() for one in install_snippet._in_lines(token, shape, text)] == [one.span() for one in shape.finditer(text)]  # noqa: SLF001


@pytest.mark.parametrize("path", ["README.md", "README", "docs/any.md", "docs/guide/install.md", "docs/en/getting-started.mdx", "docs/a/b/quickstart.rst"])
def test_looks_where_installing_is_told(path: str) -> None:
    assert Globs(install_snippet.FILES).fullmatch(path)


@pytest.mark.parametrize("path", ["docs/guide/any.md", "guide/install.md", "docs/install.toml"])
def test_looks_nowhere_else(path: str) -> None:
    assert not Globs(install_snippet.FILES).fullmatch(path)


MANIFEST = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "spam-tool"
version = "1.2.0"

[project.urls]
Repository = "https://github.com/eggs/spam"
"""
CRATE = '[package]\nname = "spam-tool"\nversion = "1.2.0"\nedition = "2021"\n'
OURS = """
```toml
[dependencies.spam-tool]
features = ["fry"]
version = "{v}"

[target.'cfg(unix)'.dev-dependencies.spam-tool]
version = "={v}"

[dependencies]
spam-tool = {{ git = "https://github.com/eggs/spam", tag = "v{v}", features = ["fry"] }}
```

    cargo install --git https://github.com/eggs/spam --tag v{v} --locked
    cargo install spam-tool --version {v}
    pip install spam-tool=={v}
    pip install "spam-tool @ git+https://github.com/eggs/spam.git@v{v}"
    uv add 'spam-tool>={v}'
    uvx spam-tool@{v} fry
    poetry add spam-tool@^{v}
    conda install -c conda-forge spam-tool={v}
    docker run --rm ghcr.io/eggs/spam:{v} fry
    docker pull eggs/spam:v{v}
    docker pull eggs/spam:{v}-alpine

[docs]: https://docs.rs/spam-tool/{v}
This is a part of [Spam {v}](https://crates.io/crates/spam-tool/{v}).
[crate](https://crates.io/crates/spam-tool/{v}), [wheel](https://pypi.org/project/spam-tool/{v}/).

```yaml
repos:
  - repo: https://github.com/eggs/spam
    # the newest
    rev: v{v}
    hooks:
      - id: spam
steps:
  - uses: eggs/spam@v{v}
  - uses: Eggs/Spam/setup@v{v} # the setup
```
"""
THEIRS = """
[Egg]: https://docs.rs/spam-tool/1.2.0/spam_tool/struct.Egg.html
[ham]: https://docs.rs/ham/1.2.0
Since 1.2.0, https://docs.rs/spam-tool/1.2.0 tells more.

```toml
[dependencies.ham]
version = "1.2.0"

[dependencies.spam-tool]
path = "../spam"

[dependencies.eggs]
version = "1.2.0"

[dependencies]
ham = { git = "https://github.com/eggs/ham", tag = "v1.2.0" }
```

    docker run ghcr.io/eggs/ham:1.2.0 && docker run spam:1.2.0
    curl http://localhost/eggs/spam:1.2.0/index

```yaml
repos:
  - repo: https://github.com/eggs/ham
    rev: v1.2.0
  - repo: https://github.com/eggs/spam
    rev: v1.1.0
steps:
  - uses: actions/spam@v1.2.0
  - uses: eggs/spam@v1
```
"""


def test_what_is_ours_moves_and_what_is_not_stays(fresh: Callable[[Mapping[str, str | bytes]], Repo], run: Run) -> None:
    files = {"pyproject.toml": MANIFEST, "rust/Cargo.toml": CRATE, "src/spam_tool/__init__.py": ""}
    repo = fresh({**files, "README.md": OURS.format(v="1.2.0") + THEIRS}).commit("first", tag="v1.2.0")
    run("bump", "minor", repo=repo, code=0)
    assert repo.read("README.md") == OURS.format(v="1.3.0") + THEIRS
    repo.commit("next")
    run("bump", "2.0.0", repo=repo, code=0)
    assert repo.read("README.md") == OURS.format(v="2.0.0") + THEIRS.replace("eggs/spam@v1\n", "eggs/spam@v2\n")


def test_without_an_address_no_repository_is_ours(fresh: Callable[[Mapping[str, str | bytes]], Repo], run: Run) -> None:
    manifest = MANIFEST.partition("[project.urls]")[0]
    text = "- uses: eggs/spam@v1.2.0\n"
    repo = fresh({"pyproject.toml": manifest, "src/spam_tool/__init__.py": "", "README.md": text}).commit("first", tag="v1.2.0")
    run("bump", "minor", repo=repo, code=0)
    assert repo.read("README.md") == text


def test_a_page_of_words_is_read_in_bounded_time() -> None:
    text = "[dependencies.spam]\n" * 2000 + "repo: https://github.com/a/b\n" * 2000 + "conda spam=" * 2000 + "uses: a/b@" * 2000
    assert install_snippet.read(Source("README.md", text)).mentions == ()
