"""`lockstep release publish`: one file to its registry, where it is absent and nothing stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Option
from lockstep.cli.release_acting import Candidate, Dist, DryRun, Group, NoGithub, Slug, Subject, Wait, act, named

if TYPE_CHECKING:
    from lockstep.cli.output import Output
    from lockstep.release.acted import Acted


def command(
    artifact: Annotated[str, Argument(metavar="ARTIFACT", help="A file of the candidate: its id (pypi:NAME), its name, or where it lies.", show_default=False)],
    subject: Subject = None,
    candidate: Candidate = None,
    dist: Dist = None,
    dry_run: DryRun = False,
    wait: Wait = 0.0,
    provenance: Annotated[bool, Option("--provenance", help="npm: publish with a statement of where it was built.")] = False,
    npm_tag: Annotated[str | None, Option("--npm-tag", metavar="NAME", help="npm: the dist-tag; latest, and next for a pre-release, without.")] = None,
    as_sealed: Annotated[bool, Option("--bytes", help="Crates: upload the sealed file itself, where cargo would pack it anew.")] = False,
    access: Annotated[str | None, Option("--access", metavar="NAME", help="npm: public or restricted, for a new package of a scope.")] = None,
    group: Group = None,
    repository: Slug = None,
    no_github: NoGithub = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Publish one file of a release, where its registry says that it does not have it, and read it back.

    Every registry is asked first. A conflict anywhere stops it, a file that is there already is told, and nothing is sent before its bytes are those of
    the candidate. It is sent once: what a failure left is read back, never sent again. The token comes from the environment alone: UV_PUBLISH_TOKEN or
    TWINE_PASSWORD, NODE_AUTH_TOKEN or NPM_TOKEN, CARGO_REGISTRY_TOKEN, or that of a trusted publisher (permissions: id-token: write). A crate is packed
    once more by cargo, which builds and runs nothing, and has to come out as the candidate's bytes; with --bytes the sealed file itself is sent, with what
    cargo would tell of it, and neither cargo nor the repository is needed.

    Exit code 0: it is there. 1: refused, or a conflict. 2: could not be done: no token, no file. 3: it waits for another, or what came of it is not seen yet.
    """

    def run(output: Output) -> Acted:
        import os  # noqa: PLC0415 - `--help` pays for nothing

        from lockstep.app.release_publish import PublishRequest, publish  # noqa: PLC0415
        from lockstep.app.release_status import StatusRequest  # noqa: PLC0415

        status = StatusRequest(
            folder=options.repo,
            config_file=options.config,
            subject=named(subject, candidate),
            group=group,
            repository=repository,
            on_github=not no_github,
            wait=wait,
        )
        asked = {"bytes": "true" * as_sealed, "provenance": "true" * provenance, "tag": npm_tag or "", "access": access or ""}
        return publish(PublishRequest(artifact=artifact, status=status, dist=dist, dry_run=dry_run, options=asked), os.environ, output.say)

    act(options, run)
