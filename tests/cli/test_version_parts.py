"""A version that is written in parts moves as a whole, or the bump is refused before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.conftest import Repo, Run

Fresh = Callable[[Mapping[str, str | bytes]], Repo]

PYPROJECT = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "spam"
version = "{}"
"""
HEADER = """#pragma once
#define SPAM_VERSION "{0}"
#define SPAM_VERSION_MAJOR {1}
#define SPAM_VERSION_MINOR {2}
#define SPAM_VERSION_PATCH {3}
#define SPAM_VERSION_PRERELEASE "{4}"
#define SPAM_VERSION_NUMBER {5}
#define SPAM_VERSION_HEX {6}
#define SPAM_PIECES_VERSION "{1}" "." "{2}" "." "{3}"
#define EGGS_VERSION_MAJOR 1
#define EGGS_ABI_VERSION_NUMBER 10200
constexpr int SPAM_MAJOR_VERSION = {1};
constexpr int SPAM_MINOR_VERSION = {2};
constexpr int SPAM_PATCH_VERSION = {3};
"""
MODULE = """__version__ = "{0}"
version_info = VersionInfo(major={1}, minor={2}, micro={3}, releaselevel="{4}", serial={5})
_MAJOR = "{1}"
_MINOR = "{2}"
_PATCH = "{3}"
_SUFFIX = "{6}"
MAJOR = 1
"""


@pytest.mark.parametrize("path", ["include/spam.h", "cpp/src/spam/c/sdk_info.h", "spam_version.hpp"])
def test_a_header_moves_with_every_part(fresh: Fresh, run: Run, path: str) -> None:
    old = HEADER.format("1.2.0-rc.1", 1, 2, 0, "rc.1", 10200, "0x010200c1")
    repo = fresh({"pyproject.toml": PYPROJECT.format("1.2.0rc1"), path: old}).commit("first", tag="v1.2.0rc1")
    run("bump", "1.2.0rc2", repo=repo, code=0)
    assert repo.read(path) == HEADER.format("1.2.0-rc.2", 1, 2, 0, "rc.2", 10200, "0x010200c2")
    run("bump", "1.2.0", "--allow-dirty", repo=repo, code=0)
    final = HEADER.format("1.2.0", 1, 2, 0, "", 10200, "0x010200f0")
    assert repo.read(path) == final
    repo.commit("release")
    run("bump", "2.0.1", repo=repo, code=0)
    assert repo.read(path) == HEADER.format("2.0.1", 2, 0, 1, "", 20001, "0x020001f0")


def test_a_header_that_cannot_say_the_pre_release_is_refused_with_its_place(fresh: Fresh, run: Run) -> None:
    header = HEADER.format("1.2.0", 1, 2, 0, "", 10200, "0x010200f0")
    repo = fresh({"pyproject.toml": PYPROJECT.format("1.2.0"), "include/spam.h": header}).commit()
    result = run("bump", "1.3.0rc1", repo=repo, code=2)
    assert "include/spam.h:6:34" in result.err
    assert repo.read("pyproject.toml") == PYPROJECT.format("1.2.0")


def test_a_module_moves_with_every_part(fresh: Fresh, run: Run) -> None:
    files = {"pyproject.toml": PYPROJECT.format("1.2.0rc1"), "spam/__init__.py": MODULE.format("1.2.0rc1", 1, 2, 0, "candidate", 1, "rc1")}
    repo = fresh(files).commit()
    run("bump", "1.3.0b2", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == MODULE.format("1.3.0b2", 1, 3, 0, "beta", 2, "b2")
    run("bump", "2.0.0", "--allow-dirty", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == MODULE.format("2.0.0", 2, 0, 0, "final", 0, "")


def test_how_a_release_is_written_is_taken_from_the_last_one(fresh: Fresh, run: Run) -> None:
    module = '__version__ = "{}"\n__version_info__ = ({})\n'
    repo = fresh({"pyproject.toml": PYPROJECT.format("1.1.0"), "spam/__init__.py": module.format("1.1.0", "1, 1, 0, None")}).commit("first", tag="v1.1.0")
    run("bump", "1.2.0-alpha.1", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == module.format("1.2.0a1", '1, 2, 0, "alpha.1"')
    repo.commit("next")
    run("bump", "1.2.0", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == module.format("1.2.0", "1, 2, 0, None")


def test_without_a_release_that_shows_how_nothing_is_written(fresh: Fresh, run: Run) -> None:
    module = '__version__ = "1.2.0a1"\n__version_info__ = (1, 2, 0, "alpha.1")\n'
    repo = fresh({"pyproject.toml": PYPROJECT.format("1.2.0a1"), "spam/__init__.py": module}).commit()
    result = run("bump", "1.2.0", repo=repo, code=2)
    assert "spam/__init__.py:2:21" in result.err
    assert repo.read("pyproject.toml") == PYPROJECT.format("1.2.0a1")
    repo.write({"spam/__init__.py": module.replace('"alpha.1"', "None")}).commit("by hand")
    run("bump", "1.2.0", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == '__version__ = "1.2.0"\n__version_info__ = (1, 2, 0, None)\n'


def test_numbers_alone_have_no_place_for_a_pre_release(fresh: Fresh, run: Run) -> None:
    module = '__version__ = "1.2.0"\nversion_info = (1, 2, 0)\n'
    repo = fresh({"pyproject.toml": PYPROJECT.format("1.2.0"), "spam/__init__.py": module}).commit()
    assert "spam/__init__.py:2:17" in run("bump", "1.3.0rc1", repo=repo, code=2).err
    run("bump", "1.3.0", repo=repo, code=0)
    assert repo.read("spam/__init__.py") == '__version__ = "1.3.0"\nversion_info = (1, 3, 0)\n'
