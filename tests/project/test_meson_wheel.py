"""A wheel that meson-python builds has the version of its Meson project."""

from __future__ import annotations

import pytest

from tests.conftest import Fresh, Run

WHEEL = '[build-system]\nrequires = ["meson-python"]\nbuild-backend = "mesonpy"\n\n[project]\nname = "spam"\ndynamic = ["version"]\n'
MESON = "project('spam', 'c',\n  meson_version: '>= 1.2.0',\n  version: '@',  # of the wheel, too\n)\ndependency('ham', version: '@')\n"


@pytest.mark.parametrize(("old", "new"), [("1.2.3", "1.3.0"), ("236", "237.0.0"), ("1.2", "1.3.1")])
def test_it_moves_there(old: str, new: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": WHEEL, "meson.build": MESON.replace("@", old)})
    run("check", repo=repo, code=0)
    run("bump", new, repo=repo, code=0)
    assert repo.read("meson.build") == MESON.replace("version: '@',", f"version: '{new.removesuffix('.0.0')}',").replace("@", old)


def test_a_module_that_says_another_one_is_drift(fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": WHEEL, "meson.build": MESON.replace("@", "1.2.3"), "spam/__init__.py": '__version__ = "1.2.2"\n'})
    assert "spam/__init__.py:1:16" in run("check", repo=repo, code=1).out


@pytest.mark.parametrize("given", ["version: files('VERSION')", "version: run_command('git', 'describe').stdout()", "license: 'MIT'"])
def test_what_is_no_literal_is_told(given: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"pyproject.toml": WHEEL, "meson.build": f"project('spam', 'c', {given})\n"})
    assert "meson.build, where no literal states it" in run("show", repo=repo, code=0).out
