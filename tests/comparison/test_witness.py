"""The line of a user's code is one that worked."""

from __future__ import annotations

import pytest

from lockstep.comparison.witness import arguments, used
from lockstep.model import Place
from lockstep.surface import Item, ItemKind, Parameter, ParameterKind, Signature, Surface, Trait

HERE = Place(path="spam/__init__.py", line=1)


@pytest.mark.parametrize(
    ("kind", "written"),
    [(ParameterKind.POSITIONAL_OR_KEYWORD, "my_type, egg"), (ParameterKind.KEYWORD, "type=my_type, egg=egg")],
)
def test_a_parameter_that_is_called_as_a_builtin_is_not_given_that(kind: ParameterKind, written: str) -> None:
    assert arguments(Signature(parameters=(Parameter(name="type", kind=kind), Parameter(name="egg", kind=kind)))) == written


@pytest.mark.parametrize(("traits", "written"), [(frozenset(), "import spam.eggs"), (frozenset({Trait.NATIVE}), "from spam import eggs")])
def test_a_submodule_that_rust_adds_is_an_attribute(traits: frozenset[str], written: str) -> None:
    module = Item(path="spam.eggs", kind=ItemKind.MODULE, place=HERE, traits=traits)
    assert used(module, Surface(surface="python", package="spam", items={"spam.eggs": module})) == written
