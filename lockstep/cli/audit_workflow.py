"""`lockstep audit workflow`: does the release workflow keep its promises?"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from lockstep.cli.options import COMMON, Argument, BaseOption, CommonOptions, Option


class Level(StrEnum):
    """How serious what is shown must be."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Topic(StrEnum):
    """What is audited."""

    WORKFLOW = "workflow"


def command(
    topic: Annotated[Topic, Argument(metavar="workflow", help="What to audit: the release workflow.", show_default=False)],
    file: Annotated[str | None, Argument(metavar="[FILE]", help="One workflow, by its path in the repository; else every release workflow.")] = None,
    ref: Annotated[str | None, Option("--ref", metavar="REF", help="Audit a commit, tag or branch in place of the work tree.", offers="refs")] = None,
    zizmor: Annotated[
        bool | None,
        Option("--zizmor/--no-zizmor", help="Merge what zizmor finds; without either, where it is installed and no --base is given.", show_default=False),
    ] = None,
    strict: Annotated[bool, Option("--strict", help="A warning counts as an error.")] = False,
    min_level: Annotated[Level, Option("--min-level", help="Leave out findings of a lower level; the exit code is about what is left.")] = Level.NOTE,
    baseline: Annotated[
        str | None, Option("--baseline", metavar="FILE", help="Leave out what an earlier report has: --format json > FILE writes it.", show_default=False)
    ] = None,
    base: BaseOption = None,
    options: CommonOptions = COMMON,
) -> None:
    """Audit the release workflow: the order of its jobs, what they may do, what they publish. Offline; runs nothing of the repository.

    Exit code 0: it keeps its promises. 1: it does not, and the report says where. 2: could not audit. 3: what a workflow does could not be told.
    """
    from lockstep.app.accepted import read_baseline  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.app.audit import audit  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.evidence.zizmor import ABSENT, Program  # noqa: PLC0415
    from lockstep.model import Confidence, is_below  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415
    from lockstep.wording import counted  # noqa: PLC0415

    assert topic is Topic.WORKFLOW
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
    new = found.findings if baseline is None else read_baseline(opened, baseline, base).new(found.findings)
    shown = tuple(one for one in new if not is_below(one.level, min_level))
    report = Report(
        command="audit workflow",
        tree=opened.tree.name,
        findings=shown,
        success=text.audited(found.audits) if not found.findings else "",
        document=lambda: data.audit(opened.tree.name, shown, found.audits),
        strict=strict,
        grouped=True,
    )
    output.findings(report)
    output.count(report)
    if len(new) < len(found.findings):
        output.say(f"{counted(len(found.findings) - len(new), 'finding')} of {baseline} left out")
    if len(shown) < len(new):
        output.say(f"{counted(len(new) - len(shown), 'finding')} below level {min_level} left out")
    blind = any(one.confidence is Confidence.BLIND for one in new)
    leave(FOUND if report.fails else UNPROVEN if blind else FINE)


def _path(file: str, folder: str, root: str | None) -> str:
    """Give a file's path below the root: as it is written, or as it is seen from the folder where the command is called."""
    here = Path(folder, file).absolute()
    if root is not None and here.is_relative_to(os.path.abspath(root)):
        return here.relative_to(os.path.abspath(root)).as_posix()
    return Path(file).as_posix().removeprefix("./")
