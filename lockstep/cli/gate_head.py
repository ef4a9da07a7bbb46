"""`lockstep gate head`: is this the current head of the default branch?"""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import Argument, ConfigOption, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption


def command(
    ref: Annotated[str, Argument(metavar="[REF]", help="A tag, branch or commit; HEAD without it.", show_default=False)] = "HEAD",
    remote: Annotated[str, Option("--remote", metavar="NAME|URL", help="Which remote to ask.")] = "origin",
    branch: Annotated[
        str | None,
        Option("--branch", metavar="NAME", help="Which branch; without it, gate.branch of the configuration, or the remote's default.", show_default=False),
    ] = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Check that a commit is the head of the default branch, as the remote has it now.

    An older head, a commit inside of a merged branch, one of another branch and one that was not pushed are told apart. Asks the remote by
    `git ls-remote`; runs nothing of the repository, nor what its git configuration names.

    Exit code 0: it is the head. 1: it is not. 2: could not ask. 3: the remote is not visible.
    """
    from lockstep.cli import gating, session  # noqa: PLC0415
    from lockstep.evidence.remote import position  # noqa: PLC0415
    from lockstep.evidence.remote import remote as asked  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415
    from lockstep.repository import git_trees as repositories  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.rules import judge_head  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    repository = repositories.find(repo)
    opened = session.at_commit(repository, config, ref)
    found = position(repository, ref, asked(repository, remote), branch or opened.config.gate.branch)
    findings = judge_head(found)
    result = gating.outcome(findings)
    good = f"{printable(found.ref)} at {found.commit[:12]} is the head of {printable(found.branch)}\n"
    values = {"branch": found.branch, "commit": found.commit}
    document = data.gate("gate head", result, findings, ref=found.ref, stands=str(found.stands), head=found.head or None, **values)
    gating.close(output, result, findings, good, document, values)
