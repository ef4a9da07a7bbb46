"""A base that can be named no more is one fault, and none of each of its children."""

from __future__ import annotations

from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison
from lockstep.versions.version import Version
from tests.rules.compat.measure import surface

MANIFEST = '[project]\nname = "spam"\nversion = "1.2.3"\n'
BASE = "class Egg:\n    def boil(self): ...\nclass Fried(Egg): ...\nclass Boiled(Egg): ...\n"


def test_children_of_a_base_that_lost_its_name_still_descend_from_it() -> None:
    before, after = (
        surface({"pyproject.toml": MANIFEST, "spam/__init__.py": f"from ._eggs import {names}\n", "spam/_eggs.py": BASE})
        for names in ("Egg, Fried, Boiled", "Fried, Boiled")
    )
    found = judge_surfaces(Comparison(base=before, head=after, version=Version.read("1.2.3")))
    assert [(one.rule, one.symbol) for one in found] == [("name-removed", "spam.Egg")]
