"""Types as types: what goes where, in the spellings that a reader of Python leaves."""

from __future__ import annotations

import pytest

from lockstep.comparison.python_annotations import parse, short
from lockstep.comparison.python_assignability import Answer, Hierarchy, assignable
from lockstep.comparison.python_stdlib import standard_classes
from tests.conftest import soon

CLASSES = {
    "spam.Base": (),
    "spam.Derived": ("spam.Base",),
    "spam.Box": ("kitchen.Thing",),
    "spam.Color": ("enum.Enum",),
    "spam.Cooks": (),
}
KNOWN = Hierarchy(ancestors=CLASSES.get, is_protocol=lambda name: name == "spam.Cooks", bounds={"T": parse("spam.Base")})

SAME = [
    ("int | None", "None | int"),
    ("typing.Optional[int]", "int | None"),
    ("typing.Union[int, typing.Union[str, None]]", "int | str | None"),
    ("'int | str'", "str | int"),
    ("typing.List[int]", "builtins.list[int]"),
    ("typing_extensions.Literal['a', 'b']", "typing.Literal['b'] | typing.Literal['a']"),
    ("typing.Callable[[int], str]", "collections.abc.Callable[[int], str]"),
    ("typing.Annotated[int, 'grams']", "int"),
    ("typing.Type[spam.Base | spam.Derived]", "builtins.type[spam.Base] | builtins.type[spam.Derived]"),
    ("collections.abc.Generator[int]", "typing.Generator[int, None, None]"),
    ("typing.NoReturn", "typing.Never"),
]
FITS = [
    ("builtins.bool", "builtins.float"),
    ("builtins.bool", "typing.Literal[True, False]"),
    ("builtins.list[builtins.int]", "collections.abc.Iterable[builtins.float | None]"),
    ("builtins.dict[builtins.str, builtins.int]", "collections.abc.Mapping[builtins.str, builtins.object]"),
    ("builtins.tuple[builtins.int, builtins.str]", "collections.abc.Sequence[builtins.int | builtins.str]"),
    ("builtins.tuple[()]", "builtins.tuple[builtins.int, ...]"),
    ("typing.Literal['a']", "collections.abc.Sequence[builtins.str]"),
    ("builtins.KeyError", "builtins.Exception"),
    ("spam.Derived", "spam.Base"),
    ("builtins.list[spam.Derived]", "collections.abc.Sequence[spam.Base]"),
    ("T", "spam.Base"),
    ("T", "T | None"),
    ("collections.abc.Callable[[builtins.object], builtins.bool]", "collections.abc.Callable[[builtins.str], builtins.int]"),
    ("collections.abc.Coroutine[typing.Any, typing.Any, builtins.int]", "collections.abc.Awaitable[builtins.int]"),
    ("typing.Literal[spam.Color.RED]", "spam.Color"),
    ("pathlib.Path", "os.PathLike[builtins.str]"),
    ("collections.OrderedDict[builtins.str, builtins.int]", "builtins.dict[builtins.str, builtins.int]"),
]
DIFFERS = [
    ("builtins.int", "builtins.str"),
    ("builtins.float", "builtins.int"),
    ("builtins.list[builtins.bool]", "builtins.list[builtins.int]"),
    ("builtins.str", "typing.Literal['a']"),
    ("typing.Literal[1]", "typing.Literal[2]"),
    ("collections.abc.Sequence[builtins.int]", "builtins.list[builtins.int]"),
    ("builtins.tuple[builtins.int, ...]", "builtins.tuple[builtins.int]"),
    ("spam.Base", "spam.Derived"),
    ("spam.Base", "builtins.int"),
    ("kitchen.Pan | builtins.str", "kitchen.Pan"),
    ("builtins.type[spam.Base]", "spam.Base"),
    ("collections.abc.Callable[[builtins.int], None]", "collections.abc.Callable[[], None]"),
]
NOBODY_KNOWS = [
    ("kitchen.Pan", "kitchen.Pot"),
    ("builtins.str", "kitchen.Text"),
    ("spam.Box", "spam.Base"),
    ("spam.Base", "spam.Cooks"),
    ("builtins.list[builtins.int]", "spam.Cooks"),
    ("spam.Base", "collections.abc.Iterable[builtins.int]"),
    ("builtins.int", "this is no type"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_type_in_another_spelling(one: str, other: str) -> None:
    assert parse(one) == parse(other)


@pytest.mark.parametrize(("source", "target"), [*FITS, *((one, one) for pair in [*FITS, *DIFFERS, *NOBODY_KNOWS] for one in pair)])
def test_what_goes_where(source: str, target: str) -> None:
    assert assignable(parse(source), parse(target), KNOWN) is Answer.YES


@pytest.mark.parametrize(("source", "target"), DIFFERS)
def test_what_does_not(source: str, target: str) -> None:
    assert assignable(parse(source), parse(target), KNOWN) is Answer.NO


@pytest.mark.parametrize(("source", "target"), NOBODY_KNOWS)
def test_what_nobody_knows(source: str, target: str) -> None:
    assert assignable(parse(source), parse(target), KNOWN) is Answer.UNKNOWN


@pytest.mark.parametrize(("source", "target"), [*FITS, *DIFFERS, *NOBODY_KNOWS])
def test_any_goes_everywhere_and_everything_goes_to_object(source: str, target: str) -> None:
    for one in (source, target):
        assert assignable(parse(one), parse("typing.Any"), KNOWN) is Answer.YES
        assert assignable(parse("typing.Any"), parse(one), KNOWN) is Answer.YES
        assert assignable(parse(one), parse("builtins.object"), KNOWN) is Answer.YES
        assert assignable(parse(one), parse(f"{one} | None"), KNOWN) is Answer.YES or "no type" in one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[" * 5000, "(" * 5000),
        ("builtins.list[" * 900 + "int" + "]" * 900, "builtins.list[" * 900 + "str" + "]" * 900),
        (" | ".join(f"a{i}" for i in range(2500)), " | ".join(f"b{i}" for i in range(2500))),
        ("a." * 8000 + "a", "b." * 8000 + "b"),
        ("typing.Literal[" + ", ".join(map(str, range(4000))) + "]", "typing.Literal[" + ", ".join(map(str, range(1, 4001))) + "]"),
        ("int\0", "'" * 3),
    ],
    ids=["brackets", "deep", "wide", "dots", "literals", "noise"],
)
def test_a_hostile_type_costs_little(one: str, other: str) -> None:
    with soon(10):
        known = Hierarchy(ancestors=CLASSES.get)
        for _ in range(3):
            assignable(parse(one), parse(other), known)
            assignable(parse(other), parse(one), known)
    assert short(one).count("\n") == one.count("\n")


def test_every_class_of_the_standard_library_is_known_by_its_full_name() -> None:
    assert {name for name in standard_classes() if "." not in name} == {"None"}


def test_the_name_of_a_type_for_readers() -> None:
    assert short("collections.abc.Sequence[spam.core.Egg | builtins.int]") == "Sequence[Egg | int]"
    assert short("typing.Literal['a.b', 1.5]") == "Literal['a.b', 1.5]"
    assert len(short("builtins.int | " * 500)) < 130
    assert short(None) == ""
