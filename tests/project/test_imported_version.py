"""A version that the package imports from a module of its own stands in that module."""

from __future__ import annotations

import pytest

from lockstep.config.reading import load
from lockstep.model import Role
from lockstep.project.project import discover
from lockstep.tree import MemoryTree

FLIT = '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
PROJECT = FLIT + '\n[project]\nname = "larch"\ndynamic = ["version", "description"]\n'
SETUPTOOLS = (
    '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\nname = "larch"\ndynamic = ["version"]\n\n'
    '[tool.setuptools.dynamic]\nversion = { attr = "larch.__version__" }\n'
)
OLD_FLIT = FLIT + '\n[tool.flit.metadata]\nmodule = "larch"\nauthor = "Spam"\n'


def stated(files: dict[str, str]) -> list[tuple[str, str, str]]:
    tree = MemoryTree(files)
    project = discover(tree, load(tree))
    return [(str(site.package.version), site.path, site.text) for site in project.sites if site.role is Role.OWN]


@pytest.mark.parametrize("manifest", [PROJECT, SETUPTOOLS])
@pytest.mark.parametrize(
    ("line", "module", "text"),
    [
        ("from ._version import __version__\n", "larch/_version.py", "__version__ = '1.2.3'\n"),
        ("from larch._version import __version__\n", "larch/_version.py", "__version__ = '1.2.3'\n"),
        ("from .about import version as __version__\n", "larch/about.py", "version = '1.2.3'\n"),
        ("try:\n    from .inner import __version__\nexcept ImportError:\n    raise\n", "larch/inner/__init__.py", "__version__ = '1.2.3'\n"),
    ],
)
def test_the_module_is_found(manifest: str, line: str, module: str, text: str) -> None:
    assert stated({"pyproject.toml": manifest, "larch/__init__.py": line, module: text}) == [("1.2.3", module, "1.2.3")]


def test_a_chain_is_followed_and_a_circle_ends() -> None:
    files = {"pyproject.toml": PROJECT, "larch/__init__.py": "from .a import __version__\n", "larch/a.py": "from ._version import __version__\n"}
    assert stated({**files, "larch/_version.py": "__version__ = '1.2.3'\n"}) == [("1.2.3", "larch/_version.py", "1.2.3")]
    assert stated({**files, "larch/_version.py": "from .a import __version__\n"}) == []
    assert stated(files) == []
    assert stated({**files, "larch/__init__.py": "from other._version import __version__\n", "other/_version.py": "__version__ = '9.9.9'\n"}) == []


@pytest.mark.parametrize("folder", ["larch", "src/larch"])
def test_the_manifest_of_an_early_flit_declares_its_module(folder: str) -> None:
    files = {"pyproject.toml": OLD_FLIT, f"{folder}/__init__.py": "__version__ = '1.2.3'\n"}
    assert stated(files) == [("1.2.3", f"{folder}/__init__.py", "1.2.3")]
