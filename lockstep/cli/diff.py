"""`lockstep diff`: what changed in every promised surface, what that asks of the version, and whether the version gave it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from lockstep.cli.options import Argument, BaseOption, ConfigOption, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption, Witness


def command(
    base: Annotated[
        str | None, Argument(metavar="[BASE]", help="The commit to compare with; else the last release tag.", show_default=False, offers="refs")
    ] = None,
    head: Annotated[str | None, Argument(metavar="[HEAD]", help="The commit to judge; without it, the work tree.", show_default=False, offers="refs")] = None,
    strict: Annotated[bool, Option("--strict", help="What breaks type checkers counts as a break, and a warning as an error.")] = False,
    witness: Annotated[
        Witness | None,
        Option(
            "--witness",
            help="Ask it about each Rust crate too, where it is installed; its answer wins. The one option that builds, and so runs, code of the repository.",
            show_default=False,
        ),
    ] = None,
    policy: BaseOption = None,
    repo: RepoOption = Path(),
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Compare what two moments promise: Python, native modules, Rust, C, features, floors. Offline; builds and runs nothing, unless a witness is asked.

    Exit code 0: the version step may hold what changed. 1: it is too small. 2: could not compare. 3: unproven, because a part of a surface
    could not be seen. A version that did not move yet counts as the next patch.
    """
    from lockstep.cli import comparing, session  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.model import Level  # noqa: PLC0415
    from lockstep.review import Verdict  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    opened = session.work_tree(repo, config, output, policy) if head is None else session.at_ref(repo, config, head, policy)
    found = comparing.compare(opened, base, config, strict=strict, say=output.say if witness is not None else None)
    output.review(found)
    if found.verdict is Verdict.TOO_SMALL or any(one.level is Level.ERROR or (strict and one.level is Level.WARNING) for one in found.findings):
        session.leave(session.FOUND)
    session.leave(session.UNPROVEN if found.verdict is Verdict.UNPROVEN else session.FINE)
