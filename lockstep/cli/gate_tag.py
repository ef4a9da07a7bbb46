"""`lockstep gate tag`: is this a release tag, and does it say what the project says?"""

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
    """Check a release tag: its name, and what the project says."""
    from lockstep.cli import gating  # noqa: PLC0415 - `--help` pays for nothing

    gating.unfinished("gate tag", ref, repo, config, format_, quiet=quiet, verbose=verbose, no_color=no_color)
