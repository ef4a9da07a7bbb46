"""`lockstep audit workflow`: does the release workflow keep its promises?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from lockstep.cli.audit_report import BaselineOption, Level, MinLevelOption, RefOption, StrictOption, Told, Wanted, conclude
from lockstep.cli.options import COMMON, Argument, BaseOption, CommonOptions, Option


def command(
    file: Annotated[str | None, Argument(metavar="[FILE]", help="One workflow, by its path in the repository; else every release workflow.")] = None,
    ref: RefOption = None,
    zizmor: Annotated[
        bool | None,
        Option("--zizmor/--no-zizmor", help="Merge what zizmor finds; without either, where it is installed and no --base is given.", show_default=False),
    ] = None,
    strict: StrictOption = False,
    min_level: MinLevelOption = Level.NOTE,
    baseline: BaselineOption = None,
    base: BaseOption = None,
    options: CommonOptions = COMMON,
) -> None:
    """Audit the release workflow: the order of its jobs, what they may do, what they publish. Offline; runs nothing of the repository.

    Exit code 0: no error (warnings fail with --strict). 1: an error. 2: could not audit. 3: what a workflow does could not be told.
    """
    from lockstep.app.audit import audit  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.evidence.zizmor import ABSENT, Program  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options, ref=ref, base=base)
    root = opened.repository.root
    # What a change writes into zizmor.yml, or behind `# zizmor: ignore`, is a policy of its own: with --base it is asked for by name.
    wanted = zizmor if base is not None else zizmor is not False
    if zizmor and ref is not None:
        raise UsageError("zizmor reads the work tree, not a commit", help="leave --zizmor out, or --ref")
    program = Program.find(root) if wanted and ref is None and root is not None else ABSENT
    if not isinstance(program, Program):
        if zizmor:
            raise UsageError(f"zizmor {program}", help="pipx install zizmor, or leave --zizmor out")
        if program != ABSENT:
            output.say(f"zizmor {program}; pipx install zizmor, or --no-zizmor")
    path = None if file is None else _path(file, options.repo, root)
    found = audit(opened, path, zizmor=program if isinstance(program, Program) else None, base=base)
    told = Told(
        command="audit workflow",
        success=text.audited(found.audits),
        document=lambda shown: data.audit(opened.tree.name, shown, found.audits),
        grouped=True,
    )
    conclude(output, opened, found.findings, Wanted(strict, min_level, baseline, base), told)


def _path(file: str, folder: str, root: str | None) -> str:
    """Give a file's path below the root: as it is written, or as it is seen from the folder where the command is called."""
    here = Path(folder, file).absolute()
    if root is not None and here.is_relative_to(os.path.abspath(root)):
        return here.relative_to(os.path.abspath(root)).as_posix()
    return Path(file).as_posix().removeprefix("./")
