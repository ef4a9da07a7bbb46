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


@pytest.mark.parametrize(("mapped", "folder"), [("{'': 'code'}", "code/spam"), ("{'spam': 'py/inner'}", "py/inner")])
def test_the_package_dir_of_a_script_beside_it_counts(mapped: str, folder: str, fresh: Fresh, run: Run) -> None:
    script = f"import setuptools\n\nsetuptools.setup(package_dir={mapped})\n"
    repo = fresh({"setup.cfg": HEAD, "setup.py": script, f"{folder}/__init__.py": "__version__ = '1.2.3'\n"})
    run("check", repo=repo, code=0)
    run("bump", "1.2.4", repo=repo, code=0)
    assert "1.2.4" in repo.read(f"{folder}/__init__.py")


def test_a_version_from_tags_that_only_pyproject_tells_of_is_one(fresh: Fresh, run: Run) -> None:
    scm = "[build-system]\nrequires = ['setuptools_scm']\n\n[tool.setuptools_scm]\n"
    repo = fresh({"setup.cfg": "[metadata]\nname = spam\n", "setup.py": "from setuptools import setup\n\nsetup()\n", "pyproject.toml": scm})
    repo.git("tag", "1.2.3")
    assert "setuptools-scm takes it from git's tags" in run("show", repo=repo).out
    run("gate", "tag", "1.2.3", repo=repo, code=0)


def test_a_copy_of_another_project_s_manifest_alone_is_no_fault(fresh: Fresh, run: Run) -> None:
    mine = "[project]\nname = 'egg'\nversion = '1.0.0'\n"
    repo = fresh({"pyproject.toml": mine, "ecosystem/spam/setup.cfg": HEAD})
    repo.git("tag", "1.0.0")
    run("check", repo=repo, code=0)
    run("gate", "tag", "1.0.0", repo=repo, code=0)
    assert "version-source-missing" in run("check", repo=repo.write({"ecosystem/spam/egg.py": ""}).commit("code"), code=1).out
