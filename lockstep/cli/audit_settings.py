"""`lockstep audit settings`: do GitHub's settings keep what a release rests on?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.cli.audit_report import BaselineOption, Level, MinLevelOption, RefOption, RepositoryOption, StrictOption, Told, Wanted, conclude
from lockstep.cli.options import COMMON, BaseOption, CommonOptions

if TYPE_CHECKING:
    from lockstep.model import Finding


def command(
    repository: RepositoryOption = None,
    ref: RefOption = None,
    strict: StrictOption = False,
    min_level: MinLevelOption = Level.NOTE,
    baseline: BaselineOption = None,
    base: BaseOption = None,
    options: CommonOptions = COMMON,
) -> None:
    """Audit GitHub's settings that a release rests on: environments, immutable releases, rules for branches and tags, Actions' defaults. Asks GitHub.

    The environments of the jobs that publish are held against what starts the workflow and against the tags that `bump --tag` makes. The token is that of
    GH_TOKEN or GITHUB_TOKEN. Without one, the environments and rules of a public repository are seen; the rest is shown to an administrator alone: a
    fine-grained token with Administration: read. What is not shown is not visible, which is neither a fault nor a promise. Nothing is changed.

    Exit code 0: the settings keep it. 1: they do not, and the report says which. 2: could not ask. 3: something is not visible.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.audit_settings import audit_settings  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.reports import audits, data  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options, ref=ref, base=base)
    found = audit_settings(opened, repository, os.environ, output.say, base=base)
    summary = audits.answered(found.settings.repository, found.answers, found.would_show, each=output.verbose)

    def document(shown: Sequence[Finding]) -> dict[str, object]:
        findings = [data.finding(one) for one in shown]
        return audits.settings(opened.tree.name, findings, found.settings.repository, found.answers, found.would_show, found.by_hand)

    told = Told(
        command="audit settings",
        subject=found.settings.repository,
        success=summary,
        document=document,
        summary=summary,
        by_hand=found.by_hand,
    )
    conclude(output, opened, found.findings, Wanted(strict, min_level, baseline, base), told)
