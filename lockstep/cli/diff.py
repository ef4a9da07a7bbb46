"""`lockstep diff`: what changed in every promised surface, what that asks of the version, and whether the version gave it."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from lockstep.cli.options import (
    Argument,
    BaseOption,
    ConfigOption,
    Format,
    FormatOption,
    NoColorOption,
    Option,
    QuietOption,
    RepoOption,
    VerboseOption,
    Witness,
)

PUSHED = "PRE_COMMIT_TO_REF"
"""Where pre-commit and prek say which commit is pushed. Source: https://pre-commit.com/#pre-push"""


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
    pushed: Annotated[bool, Option("--pushed", help="For a pre-push hook: judge what is pushed; refuse a version that moved, and moved too little.")] = False,
    policy: BaseOption = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Compare what two moments promise: Python, native modules, Rust, C, features, floors. Offline; builds and runs nothing, unless a witness is asked.

    Exit code 0: the version step may hold what changed. 1: it is too small, or there is an error that no step mends (with --strict, a warning too).
    2: could not compare. 3: unproven, because a part of a surface could not be seen. The last line says which. A version that did not move yet counts
    as the next patch; with --pushed it is told what it will have to be, and so is what could not be seen, and neither refuses (--strict does).
    """
    kept = None
    if base is not None and head is not None and witness is None and not pushed and format_ is not Format.GITHUB:
        from lockstep.cli.keeping import said  # noqa: PLC0415 - `--help` pays for nothing

        kept = said(repo, (base, head, policy), "diff", *map(str, (config, format_, strict, quiet, verbose)))
        if kept is not None and (known := kept.read()) is not None:
            sys.stdout.write(known[0])
            raise SystemExit(known[1])
    from lockstep.cli import comparing, session  # noqa: PLC0415 - likewise
    from lockstep.dataclass import replace  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.review.review import Ending, Verdict  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    if pushed:
        if head is not None:
            raise UsageError("--pushed and a HEAD exclude each other: the hook says which commit is pushed", help="leave one of them out")
        head = os.environ.get(PUSHED) or "HEAD"
    opened = session.work_tree(repo, config, output, policy) if head is None else session.at_ref(repo, config, head, policy)
    try:
        found = comparing.compare(opened, base, config, strict=strict, say=output.say if witness is not None else None)
    except comparing.NoReleaseError as error:
        if not pushed or strict:
            raise
        output.say(f"{error.message}: nothing is refused before the first release")
        session.leave(session.FINE)
        return
    found = replace(found, pushed=pushed)
    if base is None:
        comparing.say_newer(output, opened, found.base.ref, found.head.version, "lockstep diff {}")
    written = output.review(found)
    if pushed and not strict and found.ending is Ending.OK and found.verdict is not Verdict.OK:
        output.say("not refused: nothing is released by this push; lockstep diff judges it as a release")
    code = {Ending.OK: session.FINE, Ending.REFUSED: session.FOUND, Ending.UNPROVEN: session.UNPROVEN}[found.ending]
    if kept is not None and found.base.settled and found.head.settled:
        kept.keep(written, code)
    session.leave(code)
