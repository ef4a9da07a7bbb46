"""The review as Markdown: a comment on a pull request, or a file that is committed and compared with the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level
from lockstep.reports.escape import printable
from lockstep.reports.words import STRICTNESS, asks_for, contrast, ends, heard, is_addition, ordered, own_step, refused, row_verdict, tally, verdict
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.reports.told import Look, Told
    from lockstep.review.review import Review, Row

LARGEST = 60_000
"""Characters; GitHub takes a comment of 65,536."""
MOST_TOLD = 40
"""How many changes, additions and blind spots of a surface are told, the largest first."""
_MARK = {"ok": "✅", "too-small": "❌", "refused": "❌", "unproven": "❔"}
_WORD = {Level.ERROR: "refused", Level.WARNING: "look", Level.NOTE: "noted"}


def report(told: Told, look: Look) -> str:  # noqa: ARG001 - Markdown has one look
    """Give a title, and findings as a table or what is in order."""
    mark = "❌" if told.fails else "⚠️" if told.findings else "✅"
    said = tally(told.findings) or escape(told.fine.rstrip("\n"))
    if told.fails_by_strictness:
        said += f"; {STRICTNESS}"
    text = f"## {mark} lockstep {escape(told.command)}\n\n{said}\n\n"
    for line in findings(told.findings).splitlines(keepends=True):
        if len(text) + len(line) > LARGEST:
            return f"{text}\nThe rest does not fit in a comment; `lockstep {told.command} --format json` has all of it.\n"
        text += line
    return text.rstrip("\n") + "\n"


def review(one: Review, look: Look) -> str:
    """Give the review: the verdict, a table of all surfaces, what was decided, the findings of each, and what could not be seen.

    It fits in a comment, and says so where that leaves something out; with `look.verbose` it is whole, to be committed and compared.
    """
    most = None if look.verbose else MOST_TOLD
    lines: list[str] = []
    size = 0
    for line in _review(one, most):
        size += len(line) + 1
        if size > LARGEST and most is not None:
            while lines[-1]:  # a change is told as a whole, or not
                lines.pop()
            lines += ["The rest does not fit in a comment; `lockstep diff --format markdown -v` has all of it."]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def findings(found: Iterable[Finding]) -> str:
    """Give findings as a table."""
    rows = [f"| {_WORD[item.level]} | {_code(str(item.place))} | {_code(item.rule)} | {escape(item.message)} |" for item in found]
    return "\n".join(["| | place | rule | what |", "| --- | --- | --- | --- |", *rows]) + "\n" if rows else ""


def _review(one: Review, most: int | None) -> Iterator[str]:
    mark = _MARK["refused" if one.faults else one.verdict]
    yield f"## {mark} Compatibility of {escape(ends(one))}"
    yield ""
    yield escape(verdict(one).rstrip("\n"))
    if told := refused(one, ", below"):
        word, _, rest = told.partition(":")
        yield ""
        yield f"**{word}**:{escape(rest)}"
    yield ""
    yield "| surface | package | items | added | removed | changed | not seen | asks for | verdict |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |"
    for row in one.rows:
        counts = " | ".join(str(number or "") for number in (row.items, row.added, row.removed, row.changed, len(row.blind)))
        asks = asks_for(row.level)
        yield f"| {escape(row.surface)} | {_code(row.package)}{own_step(one, row)} | {counts} | {asks} | {_MARK[word := row_verdict(one, row)]} {word} |"
    yield from _decided(one)
    if asked := heard(one):
        yield from ("", "### Witnesses", "", *(f"- {escape(line)}" for line in asked))
    for row in one.rows:
        yield from _row(one, row, most)


def _decided(one: Review) -> Iterator[str]:
    """Give what was waived, with the reason, and the waivers that did nothing."""
    ours = [item for item in one.findings if item.surface is None]
    if one.waived or ours:
        yield from ("", "### Decisions", "")
    for item in one.waived:
        decided = f"{escape(item.waiver.reason)}, until {escape(item.waiver.expires)}"
        found = item.finding
        about = " ".join(_code(text) for text in (found.rule, found.package, found.symbol) if text)
        yield f"- {about} {escape(found.message)} {_code(str(found.place))}: {decided} {_code(f'{item.waiver.path}:{item.waiver.line}')}"
    for fault in ours:
        yield f"- **{escape(fault.rule)}** {escape(fault.message)} {_code(str(fault.place))}"


def _row(one: Review, row: Row, most: int | None) -> Iterator[str]:
    mine = ordered(item for item in one.findings if (item.surface, item.package) == (row.surface, row.package))
    if not mine and not row.blind:
        return
    yield ""
    yield f"### {escape(row.surface)}: {_code(row.package)}"
    new, rest = [item for item in mine if is_addition(item)], [item for item in mine if not is_addition(item)]
    for item in rest[:most]:
        requires = f" ({asks_for(item.requires)})" if item.requires is not None else ""
        yield ""
        yield f"- **{escape(item.rule)}**{requires} {_code(item.symbol) if item.symbol else ''} {escape(item.message)}".replace("  ", " ")
        yield f"  {_code(str(item.place))}"
        before, after = contrast(item.old, item.new)
        if before or after:
            yield "  ```diff"
            yield from (f"  - {_line(before)}",) if before else ()
            yield from (f"  + {_line(after)}",) if after else ()
            yield "  ```"
        if item.witness:
            yield f"  stops working: {_code(item.witness)}"
        if item.lint:
            yield f"  cargo-semver-checks: {_code(item.lint)}"
    if most is not None and len(rest) > most:
        yield from ("", f"and {len(rest) - most} more, none of them larger.")
    if new:
        yield from ("", "New:", "")
        yield from (f"- {_code(item.symbol or '')} {_code(contrast(None, item.new)[1])}" for item in new[:most])
    if most is not None and len(new) > most:
        yield f"- and {len(new) - most} more"
    if row.blind:
        yield from ("", "Could not be seen:", "")
        yield from (f"- {_code(str(blind.place))} {_code(blind.symbol)}: {escape(blind.why)}" for blind in row.blind[:most])
    if most is not None and len(row.blind) > most:
        yield f"- and {counted(len(row.blind) - most, 'more place')}"


def _line(text: str) -> str:
    return printable(text).replace("`", "'")


def _code(text: str) -> str:
    """Give a code span that no backtick in the text can end, and no bar in a table can split."""
    shown = printable(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    return f"{fence}{' ' if fence != '`' else ''}{shown}{' ' if fence != '`' else ''}{fence}" if shown else ""


def escape(text: str) -> str:
    """Take from a text whatever Markdown or HTML would read as more than text; what stands between backticks stays code."""
    parts = re.split(r"(`[^`\n]*`)", printable(text))
    return "".join(_code(part[1:-1]) if number % 2 else re.sub(r"([\\`*_{}\[\]<>#|~@!])", r"\\\1", part) for number, part in enumerate(parts))
