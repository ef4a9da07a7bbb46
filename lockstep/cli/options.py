"""How a command says what it takes, and the options that every command has, with the words that --help prints for them.

`Option` and `Argument` are typer's, as data: typer is loaded where it has something to say, in a line of help or about a fault.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from lockstep.reports import Format

__all__ = ("BaseOption", "ConfigOption", "Format", "FormatOption", "NoColorOption", "QuietOption", "RepoOption", "VerboseOption", "Witness")


class Witness(StrEnum):
    """Who is asked too, beside lockstep's own reading of the sources."""

    CARGO_SEMVER_CHECKS = "cargo-semver-checks"


class Declared:
    """What typer is told of a parameter: the names of an option, and the rest by keyword.

    `offers` names what a shell completes: a function of `completing`; with `folder` it completes folders. `bare` is the value, a number, of an
    option that is given without one.
    """

    __slots__ = ("bare", "folder", "help", "metavar", "names", "offers", "show_default")

    def __init__(
        self,
        *names: str,
        help: str,  # noqa: A002 - typer's word
        metavar: str | None = None,
        show_default: bool | str = True,
        offers: str | None = None,
        bare: str = "",
        folder: bool = False,
    ) -> None:
        self.names = names
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


RepoOption = Annotated[str, Option("--repo", metavar="DIR", help="A folder inside of the repository.", show_default=False, folder=True)]
BaseOption = Annotated[
    str | None,
    Option("--base", metavar="REF", help="Where a pull request starts from: the configuration of that commit counts, not the one at hand.", offers="refs"),
]
ConfigOption = Annotated[str | None, Option("--config", metavar="FILE", help="Read the configuration from this file of the repository.")]
FormatOption = Annotated[Format | None, Option("--format", help="How to write the report; github is the default in GitHub Actions.", show_default="text")]
QuietOption = Annotated[bool, Option("--quiet", "-q", help="Print findings and errors only.")]
VerboseOption = Annotated[bool, Option("--verbose", "-v", help="Say more of what is done, on stderr.")]
NoColorOption = Annotated[bool, Option("--no-color", help="No colour; NO_COLOR in the environment does the same.")]
