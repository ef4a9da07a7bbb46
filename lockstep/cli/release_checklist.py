"""`lockstep release checklist`: the steps of a release, ticked by what is observed."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option
from lockstep.cli.release_acting import Candidate, Group, NoGithub, Slug, Subject, named


def command(
    subject: Subject = None,
    candidate: Candidate = None,
    offline: Annotated[bool, Option("--offline", help="Ask nobody: what GitHub and the registries know stays open.")] = False,
    group: Group = None,
    repository: Slug = None,
    no_github: NoGithub = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Go through the steps of a release, from the commit to the public release, and tick each by what is observed now.

    Each step asks the command that knows it: check, diff, changelog, audit, gate, release status. A step that was looked at and is wrong is [!], what could
    not be looked at [?], and what only a person can do or know stays open and is named as such: it decides nothing. Nothing is remembered and nothing is
    changed. --format markdown writes a task list for an issue.

    Exit code 0: all steps are done that a program can know. 1: one is wrong. 2: could not run. 3: some are left, or could not be seen.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_checklist import ChecklistRequest, release_checklist  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave  # noqa: PLC0415
    from lockstep.reports import release_checklist as report  # noqa: PLC0415

    output = Output.of(options)
    request = ChecklistRequest(
        folder=options.repo,
        config_file=options.config,
        subject=named(subject, candidate),
        group=group,
        repository=repository,
        on_github=not no_github,
        offline=offline,
    )
    found = release_checklist(request, os.environ, output.say)
    if output.format is Format.JSON:
        output.document(report.data(found))
    elif output.format is Format.MARKDOWN:
        output.report(report.markdown(found))
    else:
        output.report(output.paint.fold(report.text(found, output.paint)))
    leave(FOUND if found.refused else UNPROVEN if found.left else FINE)
