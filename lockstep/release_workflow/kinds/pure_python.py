"""Python packages without compiled code: one wheel for every platform, and the sdist, by `python -m build`."""

from __future__ import annotations

import re

from lockstep.model import Ecosystem
from lockstep.release_workflow.project import Job, Part, Project, Shipped
from lockstep.release_workflow.template import filled
from lockstep.tree import Tree

_PURE = ("flit_core", "hatchling", "pdm.backend", "poetry.core", "uv_build")
"""Backends that compile nothing, unless a hook of the project does."""
_HOOKS = (("hatch", "build", "hooks", "custom"), ("pdm", "build", "run-setup"), ("poetry", "build"))
"""What lets one of them run code of the project, which may compile."""
_NATIVE = re.compile(r"\b(?:Extension|RustExtension|CMakeExtension|cythonize|cffi_modules|ext_modules|mypycify)\b")
PYTHON = "3.13"


def part(project: Project) -> Part | None:
    """Give the job that builds all of them."""
    mine = [one for one in project.of(Ecosystem.PYTHON) if _is_pure(project.tree, one)]
    if not mine:
        return None
    builds = "".join(filled("build_python_package", package=one.package.name, folder=_folder(one.package.root)) for one in mine)
    text = filled("build_python", checkout=filled("checkout"), python=PYTHON, builds=builds)
    return Part(packages=tuple(one.id for one in mine), jobs=(Job(name="build-python", text=text),))


def _folder(root: str) -> str:
    return f"working-directory: {root}" if root else ""


def _is_pure(tree: Tree, one: Shipped) -> bool:
    """Say whether a package compiles nothing, as far as its backend, its build hooks and its setup.py tell."""
    tool = one.manifest.get("tool")
    tables = tool if isinstance(tool, dict) else {}
    if one.backend.startswith(_PURE):
        return not any(_has(tables, keys) for keys in _HOOKS)
    if one.backend and not one.backend.startswith("setuptools.build_meta"):
        return False
    setup = f"{one.package.root}/setup.py".lstrip("/")
    native = _has(tables, ("setuptools", "ext-modules")) or "setuptools-rust" in tables
    return not native and not (tree.has(setup) and _NATIVE.search(tree.read(setup)))


def _has(table: object, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
