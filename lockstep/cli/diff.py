"""`lockstep diff`: what changed in every promised surface, what that asks of the version, and whether the version gave it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import COMMON, Argument, BaseOption, CommonOptions, Format, Option, Witness

if TYPE_CHECKING:
    from lockstep.app.diff_parts import DiffPart

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
    part: Annotated[
        str | None, Option("--part", metavar="K/N", help="Read one of N parts of two commits only, and print it for --merge.", show_default=False)
    ] = None,
    merge: Annotated[
        str | None, Option("--merge", metavar="FILE...", help="Join the parts in these files, made on any machines.", show_default=False, several=True)
    ] = None,
    policy: BaseOption = None,
    options: CommonOptions = COMMON,
) -> None:
    """Compare the public API of two commits: Python, native modules, Rust, C, features, floors. Offline; builds and runs nothing without --witness.

    Exit code 0: the version step may hold what changed. 1: it is too small, or there is an error that no step mends (with --strict, a warning too).
    2: could not compare. 3: unproven, because a part of a surface could not be seen. The last line says which. A version that did not move yet counts
    as the next patch; with --pushed it is told what it will have to be, and so is what could not be seen, and neither refuses (--strict does).
    """
    printed = None
    in_actions = bool(os.environ.get("GITHUB_ACTIONS"))
    if part is not None:
        _print_part(base, head, part, merge, policy, options)
        return
    if base is not None and head is not None and witness is None and not pushed and merge is None and options.format_ is not Format.GITHUB and not in_actions:
        from lockstep.app.review_cache import printed_before  # noqa: PLC0415 - `--help` pays for nothing

        words = (options.config, options.format_, strict, options.quiet, options.verbose)
        printed = None if sys.stdout.isatty() else printed_before(options.repo, (base, head, policy), "diff", *map(str, words))
        if printed is not None and (known := printed.read()) is not None:
            sys.stdout.write(known[0])
            raise SystemExit(known[1])
    from lockstep.app.diff import NoReleaseError, diff  # noqa: PLC0415 - likewise
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave  # noqa: PLC0415
    from lockstep.dataclass import replace  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.review.review import Ending  # noqa: PLC0415

    output = Output.of(options)
    parts: tuple[DiffPart, ...] = ()
    if merge is not None:
        from lockstep.app.diff_parts import read_files  # noqa: PLC0415 - seldom

        parts = read_files(merge.split("\n"))
        base, head = base or parts[0].refs[0], head or parts[0].refs[1]
    if pushed:
        if head is not None:
            raise UsageError("--pushed and a HEAD exclude each other: the hook says which commit is pushed", help="leave one of them out")
        head = os.environ.get(PUSHED) or "HEAD"
    opened = output.open(options, ref=head, base=policy)
    try:
        found = diff(opened, base, strict=strict, ask_witness=witness is not None, parts=parts)
    except NoReleaseError as error:
        if not pushed or strict:
            raise
        output.say(f"{error.message}: nothing is refused before the first release")
        leave(FINE)
        return
    found = replace(found, pushed=pushed)
    if base is None:
        output.say_newer(opened, found.base.ref, "lockstep diff {}")
    written = output.review(found)
    code = {Ending.OK: FINE, Ending.REFUSED: FOUND, Ending.UNPROVEN: UNPROVEN}[found.ending]
    if printed is not None and found.base.settled and found.head.settled:
        printed.keep(written, code)
    leave(code)


def _print_part(base: str | None, head: str | None, part: str, merge: str | None, policy: str | None, options: CommonOptions) -> None:
    """Print a part of a comparison: one JSON document, whatever the format of a report would be."""
    from lockstep.app.diff import write_part  # noqa: PLC0415 - likewise
    from lockstep.app.diff_parts import read_number  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415

    if merge is not None:
        raise UsageError("--part and --merge exclude each other", help="make all parts, and merge them then")
    number, count = read_number(part)
    opened = Output.of(options).open(options, ref=head or "HEAD", base=policy)
    sys.stdout.write(write_part(opened, base, number, count))
