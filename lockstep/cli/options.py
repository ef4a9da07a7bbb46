"""How a command says what it takes, and the options that every command has, with the words that --help prints for them.

`Option` and `Argument` are typer's, as data: typer is loaded where it has something to say, in a line of help or about a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeAlias, get_type_hints

from lockstep.reports import Format, PlainFormat

__all__ = ("COMMON", "WITHOUT_FINDINGS", "BaseOption", "CommonOptions", "Format", "OptionsWithoutFindings", "PlainFormatOption", "Witness")


class Witness(StrEnum):
    """Who is asked too, beside lockstep's own reading of the sources."""

    CARGO_SEMVER_CHECKS = "cargo-semver-checks"


class Declared:
    """What typer is told of a parameter: the names of an option, and the rest by keyword.

    `offers` names what a shell completes: a function of `completing`; with `folder` it completes folders. `bare` is the value, a number, of an
    option that is given without one; one that takes `several` words has all that follow, up
    to the next option, a line each, and an argument that does has all that are no option's.
    """

    __slots__ = ("bare", "folder", "help", "metavar", "names", "offers", "several", "show_default")

    def __init__(
        self,
        *names: str,
        help: str,  # noqa: A002 - typer's word
        metavar: str | None = None,
        show_default: bool | str = True,
        offers: str | None = None,
        bare: str = "",
        folder: bool = False,
        several: bool = False,
    ) -> None:
        self.names = names
        self.several = several
        self.bare = bare
        self.folder = folder
        self.help = help
        self.metavar = metavar
        self.show_default = show_default
        self.offers = offers


class Option(Declared):
    """An option of a command: `typer.Option`."""

    __slots__ = ()


class Argument(Declared):
    """A word of a command that has its place: `typer.Argument`."""

    __slots__ = ()


BaseOption = Annotated[
    str | None,
    Option("--base", metavar="REF", help="Where a pull request starts from: the configuration of that commit counts, not the one at hand.", offers="refs"),
]
_FORMAT = Option("--format", help="How to write the report; github is the default in GitHub Actions.", show_default="text")
_FormatOption = Annotated[Format | None, _FORMAT]
PlainFormatOption = Annotated[PlainFormat | None, _FORMAT]
_RepoOption = Annotated[str, Option("--repo", metavar="DIR", help="A folder inside of the repository.", show_default=False, folder=True)]
_ConfigOption = Annotated[str | None, Option("--config", metavar="FILE", help="Read the configuration from this file of the repository.")]
_QuietOption = Annotated[bool, Option("--quiet", "-q", help="Print findings and errors only.")]
_VerboseOption = Annotated[bool, Option("--verbose", "-v", help="Say more of what is done, on stderr.")]
_NoColorOption = Annotated[bool, Option("--no-color", help="No colour; NO_COLOR in the environment does the same.")]


class CommonOptions(NamedTuple):
    """The options of every command that opens a repository: a parameter of this type stands for all of them, in this order."""

    repo: _RepoOption = "."
    config: _ConfigOption = None
    format_: _FormatOption = None
    quiet: _QuietOption = False
    verbose: _VerboseOption = False
    no_color: _NoColorOption = False


class OptionsWithoutFindings(CommonOptions):
    """The common options of a command that has no findings to give: no format that holds nothing else."""

    __slots__ = ()


COMMON = CommonOptions()
WITHOUT_FINDINGS = OptionsWithoutFindings()

Parameter: TypeAlias = tuple[str, Any, object]
"""A parameter of a command: its name, its type with what is declared of it, and the default, `REQUIRED` where there is none."""

REQUIRED = object()


@cache
def parameters(command: Callable[..., None]) -> tuple[Parameter, ...]:
    """Give what a command takes from the line; the common options stand there one by one."""
    found: list[Parameter] = []
    for name, annotation, default in _signature(command):
        if isinstance(default, CommonOptions):
            hints: dict[str, Any] = get_type_hints(CommonOptions, include_extras=True)
            if isinstance(default, OptionsWithoutFindings):
                hints["format_"] = PlainFormatOption
            found += ((each, hints[each], getattr(default, each)) for each in default._fields)
        else:
            found.append((name, annotation, default))
    return tuple(found)


def arguments(command: Callable[..., None], given: Mapping[str, object]) -> dict[str, object]:
    """Give the arguments to call a command with: of the values of its `parameters`, the common options are put together."""
    if not given:
        return {}
    rest: dict[str, Any] = dict(given)
    for name, _, default in _signature(command):
        if isinstance(default, CommonOptions):
            mine: dict[str, Any] = {each: rest.pop(each) for each in default._fields if each in rest}
            rest[name] = default._replace(**mine)
    return rest


def _signature(command: Callable[..., None]) -> Iterator[Parameter]:
    """Give the parameters as the function has them; `inspect` would be loaded for that alone."""
    code, defaults = command.__code__, command.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    hints = get_type_hints(command, include_extras=True)
    for name, default in zip(names, (*(REQUIRED,) * (len(names) - len(defaults)), *defaults), strict=True):
        yield name, hints[name], default
