"""Nothing that a reader copies points to strangers: our name and address are those of `lockstep.about`."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from lockstep.about import ACTION, DISTRIBUTION, REPOSITORY, SITE
from tests.documents.blocks import ROOT

ADDRESS = re.compile(r"https?://[^\s\"'<>)`\\\\]*")
USES = re.compile(r"uses:\s*([\w./-]*lockstep[\w./-]*)@")
INSTALLS = re.compile(r"(?:pip3? install|pipx (?:install|run)|uvx|uv (?:tool (?:install|run)|add|pip install)|poetry add|conda install)((?: +[^\s`&|;,#]+)+)")
HELD = ("README.md", "CHANGELOG.md", "docs/", "lockstep/", "action.yml", ".pre-commit-hooks.yaml", ".github/", "scripts/", "pyproject.toml")


def shipped() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
    return [path for path in listed if path.startswith(HELD) and not path.endswith((".svg", ".json"))]


def strangers(text: str) -> list[str]:
    """Give what points to somebody else's lockstep."""
    found = [one for one in ADDRESS.findall(text) if "lockstep" in one and not one.startswith((SITE, f"https://pypi.org/p/{DISTRIBUTION}"))]
    found += [one for one in USES.findall(text) if not one.startswith((ACTION, "./"))]
    for words in INSTALLS.findall(text):
        named = words.split()
        if "lockstep" in [word.strip("'\"").partition("[")[0].partition("=")[0] for word in named] and "--spec" not in named and "--from" not in named:
            found.append(words.strip())
    return found


def test_every_address_of_ours_is_the_one_of_about() -> None:
    listed = shipped()
    if not listed:
        pytest.skip("not a checkout: git lists what is shipped")
    found = {path: bad for path in listed if (bad := strangers((ROOT / path).read_text(errors="replace")))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "repo: https://github.com/somebody/lockstep",
        "https://lockstep.example.org/rules",
        "uses: somebody/lockstep@v1",
        "pipx run lockstep check",
        "pip install -q 'lockstep[attest]'",
        "uv tool install lockstep==1.0",
    ],
)
def test_a_stranger_is_seen(text: str) -> None:
    assert strangers(text)


@pytest.mark.parametrize("text", [f"repo: {REPOSITORY}", f"uses: {ACTION}@v1", 'pipx run --spec "$LOCKSTEP" lockstep check', "pip install ."])
def test_our_own_is_none(text: str) -> None:
    assert not strangers(text)


def test_the_distribution_is_the_one_of_about() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION
    assert project["scripts"] == {"lockstep": "lockstep.cli:main"}
