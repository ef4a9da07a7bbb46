"""`lockstep gate head`: is this the current head of the default branch?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from lockstep.cli.options import Argument, ConfigOption, FormatOption, NoColorOption, QuietOption, RepoOption, VerboseOption


def command(
    ref: Annotated[str | None, Argument(metavar="[REF]", help="A tag, branch or commit.", show_default=False)] = None,
    repo: RepoOption = Path(),
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Check that a commit is the head of the default branch."""
    from lockstep.cli import gating  # noqa: PLC0415 - `--help` pays for nothing

    gating.unfinished("gate head", ref, repo, config, format_, quiet=quiet, verbose=verbose, no_color=no_color)
