"""The review as a maintainer reads it on a terminal: surface by surface, the old signature above the new one, and what stops working."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level
from lockstep.reports.escape import printable
from lockstep.reports.review_brief import SCREEN, review_brief
from lockstep.reports.sentences import (
    compared_refs,
    others_counted,
    reason,
    refusal,
    released_by_no_push,
    row_findings,
    told_elsewhere,
    unnamed,
    verdict,
    version_step,
    witness_lines,
)
from lockstep.reports.signatures import signature_lines
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted, first_few

if TYPE_CHECKING:
    from lockstep.review.review import Moment, Review, Row

_STYLE = {Level.ERROR: Style.ERROR, Level.WARNING: Style.WARNING, Level.NOTE: Style.NOTE}
_VERDICT = {"ok": Style.NEW, "too-small": Style.ERROR, "unproven": Style.WARNING}
MOST_SHOWN = 25
"""How many changes a row shows in full, unless asked for all; the largest come first."""
MOST_LISTED = 8
"""How many additions, and places that could not be seen, a row lists, unless asked for all."""


MOST_STILL = 12
"""How many packages that did not change are named, unless asked for all."""


def review_text(review: Review, paint: Painter, *, verbose: bool, quiet: bool) -> str:
    """Give every row that changed with its findings, the unchanged ones in a line, and the verdict; what is longer than a screen, in brief."""
    lines = list(_rows(review, paint, verbose=verbose, quiet=quiet))
    if len(lines) > SCREEN and not verbose:
        lines = list(review_brief(review, paint))
    lines += _waivers(review, paint)
    if witnesses := witness_lines(review):
        lines += [*(paint(Style.DIM, printable(line)) for line in witnesses), ""]
    word, _, rest = verdict(review).rstrip("\n").partition(":")
    lines.append(f"{paint(_VERDICT[review.verdict.value], word)}:{printable(rest)}")
    for said, style in ((refusal(review), Style.ERROR), (released_by_no_push(review), Style.NOTE)):
        word, _, rest = said.partition(":")
        lines += [f"{paint(style, word)}:{printable(rest)}"] if said else []
    return "\n".join(lines) + "\n"


def _rows(review: Review, paint: Painter, *, verbose: bool, quiet: bool) -> Iterator[str]:
    """Give every row that changed, surface by surface, and the names of the others."""
    if not quiet:
        yield from (paint(Style.STRONG, printable(f"comparing {compared_refs(review)}")), "")
    still = []
    for row in review.rows:
        changes, additions = row_findings(review, row)
        if not changes and not additions and row.is_still:
            still.append(f"{row.surface} {row.package}")
            continue
        yield from _row(review, row, changes, additions, paint, verbose=verbose)
        yield ""
    if still and not quiet:
        yield from (paint(Style.DIM, printable(f"unchanged: {first_few(still, len(still) if verbose else MOST_STILL)}")), "")


def _waivers(review: Review, paint: Painter) -> Iterator[str]:
    """Give what was waived, with the reason, and the waivers that did nothing."""
    for item in review.waived:
        finding, waiver = item.finding, item.waiver
        about = f"{finding.message}  {finding.place}"
        yield f"waived {paint(Style.STRONG, finding.rule)} {printable(about)}"
        yield printable(f"    {reason(item)}  {waiver.path}:{waiver.line}")
    for fault in review.loose:
        yield printable(f"{fault.level} {fault.rule} {fault.message}  {fault.place}")
        yield printable(f"    help: {fault.help}")
    if review.waived or review.loose:
        yield ""


def _row(review: Review, row: Row, changes: list[Finding], additions: list[Finding], paint: Painter, *, verbose: bool) -> Iterator[str]:
    counts = [f"{number} {word}" for number, word in ((row.added, "added"), (row.removed, "removed"), (row.changed, "changed")) if number]
    same = f", {len(row.blind) - len(row.open)} of them the same as before" if len(row.open) < len(row.blind) else ""
    blind = [f"{len(row.blind)} not analysed{same}"] if row.blind else []
    head = f"{row.surface} {row.package}{version_step(review, row)}"
    all_new = row.items and row.added == row.items
    counts = ["all new"] if all_new else counts
    yield paint(Style.STRONG, printable(head)) + paint(Style.DIM, f"  {', '.join([counted(row.items, 'name'), *counts, *blind])}")
    for item in changes if verbose else changes[:MOST_SHOWN]:
        yield from _finding(item, paint)
    if len(changes) > MOST_SHOWN and not verbose:
        yield paint(Style.DIM, f"  {others_counted(changes[MOST_SHOWN:])}; -v lists them")
    for item in additions if verbose else additions[:MOST_LISTED]:
        shown = printable(f"{item.symbol}  {item.new}")
        yield f"  {paint(Style.NEW, 'new')} {shown}  {paint.place(item.place)}"
    if len(additions) > MOST_LISTED and not verbose:
        yield paint(Style.DIM, f"  new too: {len(additions) - MOST_LISTED} more; -v lists them")
    for said in filter(None, (unnamed(row, None if verbose else MOST_LISTED), told_elsewhere(row))):
        yield paint(Style.DIM, printable(f"  {said}"))
    for gap in row.blind if verbose else row.blind[:MOST_LISTED]:
        yield f"  {paint(Style.WARNING, 'not analysed')} {printable(gap.symbol)}: {printable(gap.why)}  {paint.place(gap.place)}"
    if len(row.blind) > MOST_LISTED and not verbose:
        yield paint(Style.DIM, f"  not analysed either: {counted(len(row.blind) - MOST_LISTED, 'more place')}; -v lists them")


def _finding(one: Finding, paint: Painter) -> Iterator[str]:
    step = f"{one.requires or one.level} "
    yield f"  {paint(_STYLE[one.level], step + one.rule)} {printable(one.message)}  {paint.place(one.place)}"
    for line in signature_lines(one.old, one.new):
        yield "    " + paint(Style.OLD if line.startswith("-") else Style.NEW, printable(line))
    if one.witness:
        yield f"    stops working: {printable(one.witness)}"
    if one.lint:
        yield paint(Style.DIM, f"    cargo-semver-checks: {printable(one.lint)}")
    if one.help and one.level is not Level.NOTE:
        yield paint(Style.DIM, f"    help: {printable(one.help)}")


def surface_text(one: Moment, paint: Painter, *, verbose: bool) -> str:
    """Give each surface with its items, a line each."""
    lines = []
    for offered in one.surfaces:
        items = [item for item in offered.items.values() if verbose or item.stability.value != "hidden"]
        lines.append(paint(Style.STRONG, printable(f"{offered.surface} {offered.package}")) + paint(Style.DIM, f"  {counted(len(items), 'name')}"))
        for item in items:
            mark = "" if item.stability.value == "stable" else f" ({item.stability})"
            shown = f"{item.kind} {item.path}{mark}"
            lines.append(f"  {printable(shown)}  {printable(item.signature)}  {paint.place(item.place)}")
        lines += [f"  {paint(Style.WARNING, 'not analysed')} {printable(f'{blind.place} {blind.symbol}: {blind.why}')}" for blind in offered.blind]
        lines.append("")
    return "\n".join(lines[:-1]) + "\n" if lines else "nothing is offered: no package of this tree has a surface that lockstep reads\n"
