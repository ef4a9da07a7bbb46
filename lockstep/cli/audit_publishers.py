"""`lockstep audit publishers`: may the release workflow publish, and nobody else?"""

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
    """Audit who may publish: ask crates.io, PyPI and npm who published each package last, and hold it against the workflow that publishes here.

    A workflow file, an environment or a repository that was renamed is found before the registry refuses the release, and so are packages that a token
    published past the workflow. No token is needed; who may publish a crate is shown to its owner: CARGO_REGISTRY_TOKEN, or cargo login, with a token of the
    scope trusted-publishing. What a registry does not show is not visible, which is neither a fault nor a promise. Nothing is changed.

    Exit code 0: all agree. 1: they do not, and the report says where. 2: could not ask. 3: something is not visible.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.audit_publishers import audit_publishers  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.reports import audits, data  # noqa: PLC0415
    from lockstep.wording import counted, first_few  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options, ref=ref, base=base)
    found = audit_publishers(opened, repository, os.environ, output.say, base=base)
    for registry, names in found.unasked.items():
        output.say(f"no release workflow publishes to {registry}: not asked about {first_few(names, 4)}")
    summary = audits.answered(counted(len(found.published), "package"), found.answers, found.would_show, each=output.verbose)
    summary += audits.published(found.published) if output.verbose else ""

    def document(shown: Sequence[Finding]) -> dict[str, object]:
        findings = [data.finding(one) for one in shown]
        return audits.publishers(audits.settings(opened.tree.name, findings, found.repository, found.answers, found.would_show, found.by_hand), found.published)

    told = Told(command="audit publishers", subject=found.repository, success=summary, document=document, summary=summary, by_hand=found.by_hand)
    conclude(output, opened, found.findings, Wanted(strict, min_level, baseline, base), told)
