"""Which modules each build backend would install."""

from __future__ import annotations

from textwrap import dedent

import pytest

from lockstep.model import Ecosystem, Package
from lockstep.surfaces.python.layout import layout
from lockstep.tree import MemoryTree
from lockstep.versions.version import Version


def modules(files: str, *, name: str = "egg-box", **texts: str) -> dict[str, str]:
    """Give what a tree of empty files installs; `texts` are manifests, by their names with `_` for the dot."""
    tree = MemoryTree(dict.fromkeys(files.split(), "") | {key.replace("_", "."): dedent(text) for key, text in texts.items()})
    package = Package(name=name, ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=Version.read("1.0.0"))
    return {module: paths[0] for module, paths in layout(tree, package).modules.items()}


def backend(name: str, rest: str = "") -> str:
    return f'[build-system]\nrequires = []\nbuild-backend = "{name}"\n[project]\nname = "egg-box"\nversion = "1.0"\n{dedent(rest)}'


@pytest.mark.parametrize(
    ("files", "manifest", "found"),
    [
        ("egg_box/__init__.py egg_box/a/__init__.py egg_box/a/b.py tests/test_a.py docs/conf.py", backend("hatchling.build"), "egg_box egg_box.a egg_box.a.b"),
        ("src/egg_box/__init__.py egg_box.py", backend("hatchling.build", '[tool.hatch.build.targets.wheel]\npackages = ["src/egg_box"]'), "egg_box"),
        ("lib/x/egg/__init__.py", backend("hatchling.build", '[tool.hatch.build.targets.wheel]\nonly-include = ["lib/x"]\nsources = ["lib"]'), "x.egg"),
        ("src/egg_box/__init__.py src/egg_box/tests/__init__.py src/egg_box/conftest.py", backend("setuptools.build_meta"), "egg_box"),
        ("egg/__init__.py egg/x.py other/__init__.py", backend("setuptools.build_meta", '[tool.setuptools]\npackages = ["egg"]'), "egg egg.x"),
        ("source/egg/__init__.py", backend("setuptools.build_meta", '[tool.setuptools.packages.find]\nwhere = ["source"]'), "egg"),
        ("source/egg/__init__.py", backend("setuptools.build_meta", '[tool.setuptools]\npackages = ["egg"]\npackage-dir = {"" = "source"}'), "egg"),
        ("one.py two.py setup.py", backend("setuptools.build_meta", '[tool.setuptools]\npy-modules = ["one"]'), "one"),
        ("src/ns/part/__init__.py", backend("setuptools.build_meta", '[tool.setuptools.packages.find]\nwhere = ["src"]'), "ns.part"),
        ("src/egg/box/__init__.py", backend("flit_core.buildapi", '[tool.flit.module]\nname = "egg.box"'), "egg.box"),
        ("egg_box.py", backend("flit_core.buildapi"), "egg_box"),
        ("src/egg_box/__init__.py", backend("pdm.backend"), "egg_box"),
        ("src/pdm/x/__init__.py", backend("pdm.backend", '[tool.pdm.build]\nincludes = ["src"]\npackage-dir = "src"'), "pdm.x"),
        ("code/egg/__init__.py", backend("poetry.core.masonry.api", '[[tool.poetry.packages]]\ninclude = "egg"\nfrom = "code"'), "egg"),
        ("src/egg/box/__init__.py", backend("uv_build", '[tool.uv.build-backend]\nmodule-name = "egg.box"'), "egg.box"),
        ("egg_box/__init__.py", backend("uv_build", '[tool.uv.build-backend]\nmodule-root = ""'), "egg_box"),
        ("cc/egg/__init__.py", backend("scikit_build_core.build", '[tool.scikit-build]\nwheel.packages = ["cc/egg"]'), "egg"),
        ("pysrc/egg/__init__.py pysrc/egg/_x.pyi", backend("maturin", '[tool.maturin]\npython-source = "pysrc"\nmodule-name = "egg._x"'), "egg egg._x"),
        ("egg_box.pyi src/lib.rs", backend("maturin"), "egg_box"),
        ("foo-stubs/__init__.pyi foo-stubs/a.pyi", backend("hatchling.build", '[tool.hatch.build.targets.wheel]\npackages = ["foo-stubs"]'), "foo foo.a"),
        ("whole/__init__.py tests/__init__.py docs/conf.py examples/x.py setup.py", backend("setuptools.build_meta"), "whole"),
        ("egg/_vendor/other.py egg_box/__init__.py egg_box/_vendor/x/__init__.py", backend("hatchling.build"), "egg_box"),
    ],
)
def test_a_backend_installs(files: str, manifest: str, found: str) -> None:
    assert sorted(modules(files, pyproject_toml=manifest)) == sorted(found.split())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from setuptools import setup, find_packages\nsetup(name='egg', packages=find_packages('src'), package_dir={'': 'src'})", "egg egg.x"),
        ("from setuptools import setup\nPACKAGES = ['egg']\nsetup(name='egg', packages=PACKAGES, package_dir={'egg': 'src/egg'})", "egg egg.x"),
        ("from setuptools import setup\nsetup(name='egg', py_modules=['single'])", "single"),
        ("import os\nos.system('echo')\nfrom setuptools import setup\nsetup(name='egg', packages=compute())", "egg egg.x"),
    ],
)
def test_a_setup_py_is_read_as_data(text: str, found: str) -> None:
    assert sorted(modules("src/egg/__init__.py src/egg/x.py single.py", name="egg", setup_py=text)) == sorted(found.split())


def test_a_setup_cfg() -> None:
    text = "[options]\npackages = find:\npackage_dir =\n    = src\n[options.packages.find]\nwhere = src\n"
    assert sorted(modules("src/egg/__init__.py src/egg/x.py", name="egg", setup_cfg=text)) == ["egg", "egg.x"]


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        ({"setup_cfg": "[options]\npackages = find:\n[options.packages.find]\nexclude =\n    egg.extra\n    egg.extra.*\n"}, "egg egg.x"),
        ({"setup_cfg": "[options]\npackages = find:\n[options.packages.find]\nexclude = egg.extra\n"}, "egg egg.extra.deep egg.x"),
        ({"setup_cfg": "[options]\npackages = find:\n[options.packages.find]\ninclude = egg\n"}, "egg egg.x"),
        ({"setup_py": "from setuptools import *\nsetup(packages=find_packages(exclude=['egg.extra*']))"}, "egg egg.x"),
        ({"setup_py": "NOT = ('egg.extra*',)\nsetup(packages=find_packages('.', NOT))"}, "egg egg.x"),
        ({"pyproject_toml": backend("setuptools.build_meta", '[tool.setuptools.packages.find]\nexclude = ["egg.extra*"]')}, "egg egg.x"),
        (
            {"pyproject_toml": backend("hatchling.build"), "setup_cfg": "[options]\npackages = find:\n[options.packages.find]\nexclude = egg*\n"},
            "egg egg.extra egg.extra.deep egg.extra.y egg.x",
        ),
    ],
)
def test_what_is_searched_and_left_out_does_not_ship(manifest: dict[str, str], found: str) -> None:
    files = "egg/__init__.py egg/x.py egg/extra/__init__.py egg/extra/y.py egg/extra/deep/__init__.py"
    assert sorted(modules(files, name="egg", **manifest)) == sorted(found.split())


def test_the_files_of_another_distribution_are_not_its_own() -> None:
    tree = MemoryTree(dict.fromkeys(["egg/__init__.py", "egg/plugins/setup.py", "egg/plugins/p/__init__.py"], ""))
    package = Package(name="egg", ecosystem=Ecosystem.PYTHON, root="", manifest="pyproject.toml", version=None)
    assert list(layout(tree, package, ["", "egg/plugins"]).modules) == ["egg"]
