"""Which requirements of a pyproject.toml may be on packages of the repository."""

import pytest

from lockstep.formats.pyproject import read
from lockstep.manifest import Source
from lockstep.model import Role

OWN = '[project]\nname = "face-recognition"\nversion = "0.1.0"\n'
POETRY = '[tool.poetry]\nname = "face-recognition"\nversion = "0.1.0"\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (OWN + 'dependencies = ["face_recognition>=1.3.0", "spam>=1"]\n', [">=1"]),
        (OWN + '[project.optional-dependencies]\nall = ["face-recognition[web]==0.1.0"]\n', ["==0.1.0"]),
        (POETRY + '[tool.poetry.dependencies]\nFace-Recognition = "^1.3"\nspam = "^1"\n', ["^1"]),
    ],
)
def test_a_project_that_requires_its_own_name_means_another(text: str, wanted: list[str]) -> None:
    found = read(Source("pyproject.toml", text)).mentions
    assert [one.text for one in found if one.role is Role.REQUIREMENT] == wanted
