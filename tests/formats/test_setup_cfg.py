"""A setup.cfg whose version is an attribute of a module: the module is found where setuptools would look for it."""

from __future__ import annotations

import pytest

from lockstep.formats import setup_cfg
from lockstep.manifest import Derived, Source
from tests.conftest import Fresh, Run

HEAD = "[metadata]\nname = spam\nversion = attr: spam.__version__\n\n"


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        ("[options]\npackage_dir =\n    = lib\n", "lib/spam"),
        ("[options]\npackage_dir =\n    =lib\n", "lib/spam"),
        ("[options]\npackage_dir = spam = python/spam-py\n", "python/spam-py"),
        ("[options]\npackage_dir =\n    egg = eggs\n    spam = other\n", "other"),
        ("[options]\npackages = find:\n\n[options.packages.find]\nwhere = code\n", "code/spam"),
        ("[options]\npackages = spam\n", "spam"),
        ("[options]\npackages = spam\n", "src/spam"),
        ("no line of a section\n[options\n", "spam"),
    ],
)
def test_the_module_is_found_where_setuptools_looks(options: str, folder: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"setup.cfg": HEAD + options, f"{folder}/__init__.py": "__version__ = '1.2.3'\n"})
    run("check", repo=repo, code=0)
    run("bump", "1.2.4", repo=repo, code=0)
    assert "1.2.4" in repo.read(f"{folder}/__init__.py")


def test_a_folder_outside_of_the_repository_is_none() -> None:
    declared = setup_cfg.read(Source("setup.cfg", HEAD + "[options]\npackage_dir =\n    = ../..\n")).declared[0]
    assert isinstance(declared.version, Derived)
    assert declared.version.paths == ("spam", "src/spam")
