"""The review as Markdown: a comment on a pull request, or a file that is committed and compared with the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level
from lockstep.reports.escape import markdown_code as _code
from lockstep.reports.escape import markdown_text as escape
from lockstep.reports.escape import printable
from lockstep.reports.sentences import (
    STRICTNESS,
    compared_refs,
    level_counts,
    others_counted,
    reason,
    refusal,
    released_by_no_push,
    required_release,
    row_findings,
    row_verdict,
    told_elsewhere,
    unnamed,
    verdict,
    version_step,
    witness_lines,
)
from lockstep.reports.signatures import shortened, signature_lines
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Review, Row

LARGEST = 60_000
"""Characters; GitHub takes a comment of 65,536."""
MOST_SHOWN = 40
"""How many changes, additions and blind spots of a surface are shown, the largest first."""
_MARK = {"ok": "✅", "too-small": "❌", "refused": "❌", "unproven": "❔"}
_WORD = {Level.ERROR: "refused", Level.WARNING: "look", Level.NOTE: "noted"}


def report(report: Report, options: ReportOptions) -> str:  # noqa: ARG001 - Markdown has one look
    """Give a title, and findings as a table or what is in order."""
    mark = "❌" if report.fails else "⚠️" if report.findings else "✅"
    said = level_counts(report.findings) or escape(report.success.rstrip("\n"))
    if report.fails_by_strictness:
        said += f"; {STRICTNESS}"
    text = f"## {mark} lockstep {escape(report.command)}\n\n{said}\n\n"
    for line in findings(report.findings).splitlines(keepends=True):
        if len(text) + len(line) > LARGEST:
            return f"{text}\nThe rest does not fit in a comment; `lockstep {report.command} --format json` has all of it.\n"
        text += line
    return text.rstrip("\n") + "\n"


def review(review: Review, options: ReportOptions) -> str:
    """Give the review: the verdict, a table of all surfaces, what was waived, the findings of each, and what could not be seen.

    It fits in a comment, and says so where that leaves something out; with `options.verbose` it is whole, to be committed and compared.
    """
    most = None if options.verbose else MOST_SHOWN
    lines: list[str] = []
    size = 0
    for line in _review(review, most):
        size += len(line) + 1
        if size > LARGEST and most is not None:
            while lines[-1]:  # a change is shown as a whole, or not
                lines.pop()
            lines += ["The rest does not fit in a comment; `lockstep diff --format markdown -v` has all of it."]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def findings(found: Iterable[Finding]) -> str:
    """Give findings as a table."""
    rows = [f"| {_WORD[item.level]} | {_code(str(item.place))} | {_code(item.rule)} | {escape(item.message)} |" for item in found]
    return "\n".join(["| | place | rule | what |", "| --- | --- | --- | --- |", *rows]) + "\n" if rows else ""


def _review(review: Review, most: int | None) -> Iterator[str]:
    mark = _MARK["refused" if review.faults else review.conclusion]
    yield f"## {mark} Compatibility of {escape(compared_refs(review))}"
    yield ""
    yield escape(verdict(review).rstrip("\n"))
    if refused := refusal(review, ", below"):
        word, _, rest = refused.partition(":")
        yield ""
        yield f"**{word}**:{escape(rest)}"
    if said := released_by_no_push(review):
        yield from ("", escape(said))
    yield ""
    yield "| surface | package | items | added | removed | changed | not analysed | requires | verdict |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |"
    for row in review.rows:
        counts = " | ".join(str(number or "") for number in (row.items, row.added, row.removed, row.changed, len(row.blind)))
        asks, word = required_release(row.level), row_verdict(review, row)
        yield f"| {escape(row.surface)} | {_code(row.package)}{version_step(review, row)} | {counts} | {asks} | {_MARK[word]} {word} |"
    yield from _waivers(review)
    if witnesses := witness_lines(review):
        yield from ("", "### Witnesses", "", *(f"- {escape(line)}" for line in witnesses))
    for row in sorted(review.rows, key=lambda row: row_verdict(review, row) == "ok"):  # what decides is not what does not fit
        yield from _row(review, row, most)


def _waivers(review: Review) -> Iterator[str]:
    """Give what was waived, with the reason, and the waivers that did nothing."""
    ours = review.loose
    if review.waived or ours:
        yield from ("", "### Decisions", "")
    for item in review.waived:
        found = item.finding
        about = " ".join(_code(text) for text in (found.rule, found.package, found.symbol) if text)
        yield f"- {about} {escape(found.message)} {_code(str(found.place))}: {escape(reason(item))} {_code(f'{item.waiver.path}:{item.waiver.line}')}"
    for fault in ours:
        yield f"- **{escape(fault.rule)}** {escape(fault.message)} {_code(str(fault.place))}"


def _row(review: Review, row: Row, most: int | None) -> Iterator[str]:
    changes, additions = row_findings(review, row)
    if not changes and not additions and row.is_still:
        return
    yield ""
    yield f"### {escape(row.surface)}: {_code(row.package)}"
    for item in changes[:most]:
        requires = f" ({required_release(item.requires)})" if item.requires is not None else ""
        yield ""
        yield f"- **{escape(item.rule)}**{requires} {_code(item.symbol) if item.symbol else ''} {escape(item.message)}".replace("  ", " ")
        yield f"  {_code(str(item.place))}"
        if signatures := signature_lines(item.old, item.new):
            yield from ("  ```diff", *(f"  {_line(line)}" for line in signatures), "  ```")
        if item.witness:
            yield f"  stops working: {_code(item.witness)}"
        if item.lint:
            yield f"  cargo-semver-checks: {_code(item.lint)}"
    if most is not None and len(changes) > most:
        yield from ("", escape(f"{others_counted(changes[most:])}."))
    if additions:
        yield from ("", "New:", "")
        yield from (f"- {_code(item.symbol or '')} {_code(shortened(None, item.new)[1])}" for item in additions[:most])
    if most is not None and len(additions) > most:
        yield f"- and {len(additions) - most} more"
    for said in filter(None, (unnamed(row, most), told_elsewhere(row))):
        yield from ("", escape(said))
    if row.blind:
        yield from ("", "Could not be analysed:", "")
        yield from (f"- {_code(str(blind.place))} {_code(blind.symbol)}: {escape(blind.why)}" for blind in row.blind[:most])
    if most is not None and len(row.blind) > most:
        yield f"- and {counted(len(row.blind) - most, 'more place')}"


def _line(text: str) -> str:
    return printable(text).replace("`", "'")
