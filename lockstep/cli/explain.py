"""`lockstep explain`: the manual of a rule."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import Argument, CommonOptions, Format, Option, PlainFormatOption


def command(
    rule: Annotated[str | None, Argument(metavar="[RULE]", help="The rule's name, as a finding prints it.", show_default=False, offers="rules")] = None,
    schema: Annotated[
        str | None,
        Option(
            "--schema",
            metavar="NAME",
            help="Print a JSON Schema: config, pyproject or cargo for editors, or the command whose --format json it describes.",
            offers="schemas",
        ),
    ] = None,
    format_: PlainFormatOption = None,
) -> None:
    """Explain a rule: what it does, why, an example, the source. Without a name, list all rules."""
    from lockstep.cli.output import Output  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.rules import every_rule  # noqa: PLC0415
    from lockstep.wording import did_you_mean  # noqa: PLC0415

    output = Output.of(CommonOptions(format_=None if format_ is None else Format(format_)))
    if schema is not None:
        from lockstep.app import schemas  # noqa: PLC0415 - seldom

        output.report(schemas.text(schema))
        return
    known = {one.id: one for one in every_rule()}
    if rule is not None and rule not in known:
        raise UsageError(f"there is no rule {rule!r}", help=did_you_mean(rule, known, "lockstep explain lists them"))
    chosen = list(known.values()) if rule is None else [known[rule]]
    if output.format is Format.JSON:
        output.document(data.explain(chosen))
    elif rule is None:
        output.report(output.paint.fold(text.rules(chosen)))
    else:
        output.report(output.paint.fold(text.manual(chosen[0])))
