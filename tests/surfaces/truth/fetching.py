"""An sdist and a wheel of one version, through pip, without running a line of the project.

pip asks an sdist's build backend for metadata; here a stand-in answers, from the PKG-INFO that lies in the sdist.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

BACKEND = """
import os, re, sys

def prepare_metadata_for_build_wheel(folder, settings=None):
    with open("PKG-INFO", encoding="utf-8") as file:
        text = file.read()
    name, version = (re.search(rf"^{key}: (.*)$", text, re.M)[1].strip() for key in ("Name", "Version"))
    made = f"{re.sub('[^A-Za-z0-9.]+', '_', name)}-{version}.dist-info"
    os.makedirs(os.path.join(folder, made))
    for file, content in (("METADATA", text), ("WHEEL", "Wheel-Version: 1.0\\n")):
        with open(os.path.join(folder, made, file), "w", encoding="utf-8") as out:
            out.write(content)
    return made

def get_requires_for_build_wheel(settings=None):
    return []

__legacy__ = sys.modules[__name__]
"""
BACKENDS = ("maturin.py", "setuptools/build_meta.py", "hatchling/build.py", "poetry/core/masonry/api.py", "flit_core/buildapi.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One version, unpacked: its sources, and its wheel with what it needs to be imported."""

    project: str
    version: str
    source: Path
    wheel: Path


class UnfetchedError(Exception):
    """There is no such pair; the text says why."""


def pip(*args: str, **environment: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, env=os.environ | environment)
    if done.returncode:
        raise UnfetchedError((done.stderr.strip().splitlines() or ["pip failed"])[-1])


def fetch(project: str, scratch: Path) -> Pair:
    """Give a project's newest version that has an sdist and a wheel for this Python; what lies in `scratch` is not fetched again.

    Raises: UnfetchedError.
    """
    home = scratch / project
    sdists, wheels, backends = home / "sdist", home / "wheel", scratch / "backends"
    for name in BACKENDS:
        path = backends / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BACKEND)
        for folder in path.relative_to(backends).parents[:-1]:  # a package without this file would give way to the real one
            (backends / folder / "__init__.py").touch()
    if not _file(sdists):
        pip("download", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "-d", str(sdists), project, PYTHONPATH=str(backends))
    archive = _file(sdists)
    assert archive is not None
    version = archive.name.removesuffix(".tar.gz").removesuffix(".zip").rpartition("-")[2]
    if not _file(wheels):
        pip("download", "--no-deps", "--only-binary", ":all:", "-d", str(wheels), f"{project}=={version}")
    built = _file(wheels)
    assert built is not None
    source, unpacked = home / "source", home / "unpacked"
    if not source.exists():
        unpack(archive, source)
    if not unpacked.exists():
        unpack(built, unpacked)
    inner = [one for one in source.iterdir() if one.is_dir()]
    return Pair(project=project, version=version, source=inner[0] if len(inner) == 1 else source, wheel=unpacked)


def _file(folder: Path) -> Path | None:
    return next(iter(sorted(folder.iterdir())), None) if folder.exists() else None


def unpack(archive: Path, target: Path) -> None:
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as file:
            file.extractall(target)
    else:
        with tarfile.open(archive) as file:
            file.extractall(target, filter="data")


def install_needs(project: str, version: str, target: Path) -> None:
    """Put the wheel and all that it depends on into a folder."""
    if not target.exists():
        pip("install", "--only-binary", ":all:", "--target", str(target), f"{project}=={version}")
