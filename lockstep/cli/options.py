"""The options that every command has, with the words that --help prints for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lockstep.reports import Format

__all__ = ("ConfigOption", "Format", "FormatOption", "NoColorOption", "QuietOption", "RepoOption", "VerboseOption")

RepoOption = Annotated[Path, typer.Option("--repo", metavar="DIR", help="A folder inside of the repository.", show_default=False)]
ConfigOption = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Read the configuration from this file of the repository.")]
FormatOption = Annotated[Format | None, typer.Option("--format", help="How to write the report; github is the default in GitHub Actions.", show_default="text")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print findings and errors only.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is done, on stderr.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colour; NO_COLOR in the environment does the same.")]
