"""The import packages of a distribution are those that its build backend ships, whatever they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.conftest import Repo, Run

Fresh = Callable[[Mapping[str, str | bytes]], Repo]

MODULE = '__version__ = "1.2.0"\n\n\ndef fry() -> None: ...\n\n\ndef boil() -> None: ...\n'


def project(backend: str, *, name: str = "acme-kitchen", more: str = "") -> str:
    requires = backend.partition(".")[0].replace("setuptools", "setuptools>=61")
    return f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"\n\n[project]\nname = "{name}"\nversion = "1.2.0"\n\n{more}'


LAYOUTS = {
    "setuptools finds the only package": ("setuptools.build_meta", "", "pan/__init__.py"),
    "setuptools finds it in src": ("setuptools.build_meta", "", "src/pan/__init__.py"),
    "setuptools lists it": ("setuptools.build_meta", '[tool.setuptools]\npackages = ["pan"]\n', "pan/__init__.py"),
    "setuptools lists a module": ("setuptools.build_meta", '[tool.setuptools]\npy-modules = ["pan"]\n', "pan.py"),
    "setuptools searches a folder": ("setuptools.build_meta", '[tool.setuptools.packages.find]\nwhere = ["lib"]\n', "lib/pan/__init__.py"),
    "setuptools maps it": (
        "setuptools.build_meta",
        '[tool.setuptools]\npackages = ["pan"]\npackage-dir = { pan = "code/pan" }\n',
        "code/pan/__init__.py",
    ),
    "hatch lists it": ("hatchling.build", '[tool.hatch.build.targets.wheel]\npackages = ["code/pan"]\n', "code/pan/__init__.py"),
    "flit names it": ("flit_core.buildapi", '[tool.flit.module]\nname = "pan"\n', "src/pan/__init__.py"),
    "poetry lists it": ("poetry.core.masonry.api", '[tool.poetry]\npackages = [{ include = "pan", from = "code" }]\n', "code/pan/__init__.py"),
    "pdm looks in a folder": ("pdm.backend", '[tool.pdm.build]\npackage-dir = "code"\n', "code/pan/__init__.py"),
    "uv names it": ("uv_build", '[tool.uv.build-backend]\nmodule-name = "pan"\nmodule-root = "code"\n', "code/pan/__init__.py"),
    "a namespace is not the package": ("setuptools.build_meta", "", "src/acme/kitchen/__init__.py"),
    "uv names one in a namespace": ("uv_build", '[tool.uv.build-backend]\nmodule-name = "acme.kitchen"\n', "src/acme/kitchen/__init__.py"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_its_version_moves_and_its_names_are_read(fresh: Fresh, run: Run, layout: str) -> None:
    backend, more, path = LAYOUTS[layout]
    repo = fresh({"pyproject.toml": project(backend, more=more), path: MODULE}).commit("first", tag="v1.2.0")
    run("bump", "patch", repo=repo, code=0)
    assert repo.read(path) == MODULE.replace("1.2.0", "1.2.1")
    repo.replace(path, "def boil() -> None: ...\n", "")
    assert "boil" in run("diff", repo=repo, code=1).out


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_version_that_was_left_behind_is_found(fresh: Fresh, run: Run, layout: str) -> None:
    backend, more, path = LAYOUTS[layout]
    repo = fresh({"pyproject.toml": project(backend, more=more), path: MODULE.replace("1.2.0", "1.1.0")}).commit("first", tag="v1.2.0")
    assert f"{path}:1:16" in run("check", repo=repo, code=1).out


def test_of_several_packages_one_may_be_at_a_version_of_its_own(fresh: Fresh, run: Run) -> None:
    files = {"src/acme_kitchen/__init__.py": MODULE, "src/pan/__init__.py": MODULE, "src/stove/__init__.py": MODULE.replace("1.2.0", "3.0.0")}
    manifest = project("setuptools.build_meta", more='[tool.setuptools.packages.find]\nwhere = ["src"]\n')
    repo = fresh({"pyproject.toml": manifest, **files}).commit("first", tag="v1.2.0")
    run("check", repo=repo, code=0)
    run("bump", "1.2.1", repo=repo, code=0)
    assert '"1.2.1"' in repo.read("src/acme_kitchen/__init__.py")
    assert '"1.2.1"' in repo.read("src/pan/__init__.py")
    assert '"3.0.0"' in repo.read("src/stove/__init__.py")


def test_distributions_that_share_a_namespace_keep_to_their_own(fresh: Fresh, run: Run) -> None:
    files = {f"{name}/src/acme/{name}/__init__.py": f'__version__ = "{version}"\n' for name, version in (("pan", "1.2.0"), ("pot", "1.1.0"))}
    manifests = {f"{name}/pyproject.toml": project("setuptools.build_meta", name=f"acme-{name}") for name in ("pan", "pot")}
    out = run("check", repo=fresh({**files, **manifests}).commit("first", tag="v1.2.0"), code=1).out
    assert "pot/src/acme/pot/__init__.py:1:16" in out
    assert "pan/" not in out
