"""`lockstep gate tag`: is this a release tag, and does it say what the project says?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import Argument, ConfigOption, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption
from lockstep.model import Policy

if TYPE_CHECKING:
    from lockstep.cli.session import Output, Session
    from lockstep.model import Finding
    from lockstep.project.project import Project


def command(
    tag: Annotated[str, Argument(metavar="TAG", help="The tag, as v1.2.3; refs/tags/v1.2.3 is the same.", show_default=False)],
    require: Annotated[
        Policy | None, Option("--require", help="What the tag must be; without it, what gate.tags in the configuration says.", show_default=False)
    ] = None,
    signers: Annotated[
        Path | None,
        Option("--allowed-signers", metavar="FILE", help="Whose SSH signatures count; without it, your own gpg.ssh.allowedSignersFile.", show_default=False),
    ] = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Check a release tag: a stable version, the same as everywhere in the project at that commit, and in the changelog.

    A tag that is there and is no stable version is skipped: exit code 0, with `ok=false` and `outcome=skip` in $GITHUB_OUTPUT. `ok=true`, `version` and
    `commit` stand there for a tag that may be released. Offline; runs nothing of the repository.

    Exit code 0: a release tag, or skipped. 1: refused. 2: could not ask. 3: the signature cannot be verified here.
    """
    from lockstep.cli import gating, session  # noqa: PLC0415
    from lockstep.evidence import tags  # noqa: PLC0415
    from lockstep.model import Outcome  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415
    from lockstep.repository import git_trees as repositories  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.rules import judge, judge_tag  # noqa: PLC0415
    from lockstep.rules.tag import TagClaim  # noqa: PLC0415
    from lockstep.versions.stable_tags import stable  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    name = tag.removeprefix("refs/tags/")
    repository = repositories.find(repo)
    shape = session.at_commit(repository, config, "HEAD").config.tag or "v{version}"
    if stable(name, shape) is None:
        tags.tag(repository, name)
        good = f"{printable(name)} is no stable release ({shape.replace('{version}', 'MAJOR.MINOR.PATCH')}): skipped\n"
        values = {"tag": name, "version": "", "commit": ""}
        gating.close(output, Outcome.SKIP, [], good, data.gate("gate tag", Outcome.SKIP, [], **values), values)
    found = tags.tag(repository, name)
    opened = session.at_commit(repository, config, f"refs/tags/{name}")
    shape = opened.config.tag or "v{version}"
    version = stable(name, shape)
    policy = require or Policy(opened.config.gate.tags)
    project = opened.project()
    claim = TagClaim(
        tag=name,
        template=shape,
        project=project,
        policy=policy,
        own=found.name,
        signed=tags.signed(repository, found, signers) if policy is Policy.SIGNED else None,
    )
    findings = [*judge(project), *judge_tag(claim), *_noted(opened, project, name, output)]
    result = gating.outcome(findings)
    by = f", signed by {claim.signed.by}" if claim.signed and claim.signed.by else ""
    good = f"{name} at {found.commit[:12]}{by}: the project is at {version}\n"
    values = {"tag": name, "version": str(version or ""), "commit": found.commit}
    gating.close(output, result, findings, good, data.gate("gate tag", result, findings, **values), values)


def _noted(opened: Session, project: Project, tag: str, output: Output) -> list[Finding]:
    """Ask whether the changelogs have the section of the release, dated and finished; what changed is no question here."""
    from lockstep.changelog.sections import to_release, told  # noqa: PLC0415 - the parser is heavy
    from lockstep.cli.noting import changelogs, counted  # noqa: PLC0415
    from lockstep.rules import judge_notes  # noqa: PLC0415
    from lockstep.rules.notes import Notes  # noqa: PLC0415
    from lockstep.rules.tag.tag_mismatch import group_of  # noqa: PLC0415

    group = group_of(project, tag)
    if group is None or group.version is None:
        return []
    files = frozenset(opened.tree.paths())
    found: dict[Finding, None] = {}
    for _, log in changelogs(opened, project, group):
        if log is not None:
            section = to_release(log, group.version, None)
            notes = Notes(changelog=log, section=section, said=told(log, section, None), version=group.version, moved=True, files=files)
            found |= dict.fromkeys(judge_notes(notes))
    return counted(list(found), output)
