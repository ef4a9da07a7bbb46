"""The report as one page for a browser: it loads nothing, and without scripts only the filters are missing. The markup stands in `page/`."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pkgutil import get_data
from typing import TYPE_CHECKING, Any

from lockstep import __version__
from lockstep.about import REPOSITORY
from lockstep.dataclass import dataclass
from lockstep.model import Confidence, Finding, Level, Place, Requires, Rule
from lockstep.reports.manuals import address, title
from lockstep.reports.markup import NOTHING, Html, fill, joined
from lockstep.reports.sentences import (
    STRICTNESS,
    is_addition,
    level_counts,
    reason,
    ref_name,
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
from lockstep.reports.signature_diff import side_by_side
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.policy.waivers import Waived
    from lockstep.reports.report import Report, ReportOptions
    from lockstep.review.review import Review, Row
    from lockstep.surface import Blind

LONG = 20
"""Entries of a list that is folded up at first, where there are scripts to open it again."""
_TONE = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}
_MARK = {Level.ERROR: "✗", Level.WARNING: "!", Level.NOTE: "i"}
_VERDICT = {"ok": ("good", "✓"), "too-small": ("error", "✗"), "refused": ("error", "✗"), "unproven": ("warning", "?")}
_LEVELS = {"error": "errors", "warning": "warnings", "note": "notes", "new": "new", "unseen": "not analysed", "waived": "waived"}
_STEPS = {"major": "major", "minor": "minor", "patch": "patch", "none": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A section of the page: what belongs to one surface, or to one file."""

    key: str
    name: Html
    mark: tuple[str, str]
    numbers: str
    body: Html
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What stands above everything: which command it was, what it looked at, and the verdict."""

    kind: str
    title: str
    heading: Html
    tone: str
    word: str
    said: str
    notes: Html = NOTHING
    tiles: Html = NOTHING


class _Ledger:
    """Counts entries while they are written, so that the filters offer what is there."""

    def __init__(self, options: ReportOptions, findings: Iterable[Finding], ends: tuple[str, str] = ("", "")) -> None:
        wanted = {one.rule for one in findings}
        self.rules: Mapping[str, Rule[Any]] = {rule.id: rule for rule in options.rules() if rule.id in wanted} if wanted else {}
        self.ends = ends
        self.levels = Counter[str]()
        self.steps = Counter[str]()
        self.number = 0

    def entry(self, group: str, level: str, step: str | None = None) -> Html:
        """Count an entry; give the attributes that the filters read."""
        self.levels[level] += 1
        self.steps[step or "none"] += 1
        self.number += 1
        return part("entry", group=group, level=level, step=step or "none")


def report(report: Report, options: ReportOptions) -> str:
    """Give what a command found, file by file."""
    ledger = _Ledger(options, report.findings)
    files: dict[str, list[Finding]] = {}
    for one in sorted(report.findings, key=lambda one: list(Level).index(one.level)):
        files.setdefault(one.place.path, []).append(one)
    groups = [
        _Group(
            key=path,
            name=part("file", path=path or "the repository"),
            mark=(_TONE[mine[0].level], _MARK[mine[0].level]),
            numbers=level_counts(mine),
            body=joined(_finding(one, path, ledger) for one in mine),
            count=len(mine),
        )
        for path, mine in files.items()
    ]
    counts = Counter(one.level for one in report.findings)
    word = level_counts(report.findings) or "nothing found"
    head = _Head(
        kind=f"lockstep {report.command}",
        title=f"lockstep {report.command}: {word}",
        heading=part("text", text=f"What lockstep {report.command} found"),
        tone="error" if report.fails else next((_TONE[level] for level in Level if counts[level]), "good"),
        word=word,
        said=(f"in the {report.tree}" if report.tree else "") if report.findings else report.success.rstrip("\n").replace("\n", "; "),
        notes=part("aside", said=STRICTNESS) if report.fails_by_strictness else NOTHING,
        tiles=_tiles((counts[level], f"{level}{'' if counts[level] == 1 else 's'}", _TONE[level]) for level in Level) if report.findings else NOTHING,
    )
    return _page(head, NOTHING, groups, ledger, "File")


def review(review: Review, options: ReportOptions) -> str:
    """Give a review: the verdict, a table of the surfaces, each with its changes, and what was waived."""
    base, head = ref_name(review.base), ref_name(review.head)
    ledger = _Ledger(options, [*review.findings, *(item.finding for item in review.waived)], (base, head))
    rows = sorted(review.rows, key=lambda row: _matters(review, row))
    groups = [group for group in (*(_surface(review, row, ledger) for row in rows), _waivers(review, ledger)) if group.count]
    word, _, said = verdict(review).rstrip("\n").partition(":")
    refused = refusal(review, "")
    if refused and not review.is_too_small:
        word, said = "refused", f"{word}: {said.strip()}"
    above = _Head(
        kind="lockstep diff: compatibility review",
        title=f"{word}: {base} to {head}, compatibility review",
        heading=part("heading", base=base, head=head),
        tone="error" if refused else _VERDICT[review.verdict][0],
        word=word,
        said=said.strip(),
        notes=joined(part("aside", said=line) for line in [*filter(None, (refused, released_by_no_push(review))), *witness_lines(review)]),
        tiles=_tiles(_counts(review)),
    )
    table = _table(review, rows, {group.key: number for number, group in enumerate(groups)})
    return _page(above, table, groups, ledger, "Surface")


# ---- the parts of a review


def _counts(review: Review) -> Iterator[tuple[int, str, str]]:
    rest = [item for item in review.findings if not is_addition(item)]
    breaks = sum(map(_breaks, rest))
    yield breaks, "breaks" if breaks != 1 else "break", "error" if review.verdict == "too-small" else "broken"
    yield sum(item.confidence is Confidence.REVIEW for item in rest), "to look at", "warning"
    yield len(review.findings) - len(rest), "new", "good"
    yield len({blind for row in review.rows for blind in row.blind}), "not analysed", "warning"
    if review.waived:
        yield len(review.waived), "waived", "note"


def _matters(review: Review, row: Row) -> tuple[int, int]:
    """Order surfaces: those that are refused, those that are not proven, those that ask for most."""
    return (["too-small", "refused", "unproven", "ok"].index(row_verdict(review, row)), ["major", "minor", "patch", "None"].index(str(row.level)))


def _key(row: Row) -> str:
    return f"{row.surface} {row.package}"


def _numbers(row: Row) -> str:
    if row.items and row.added == row.items:
        return f"{counted(row.items, 'name')}, all new"
    parts = ((row.added, "added"), (row.removed, "removed"), (row.changed, "changed"))
    return ", ".join([counted(row.items, "name"), *(f"{number} {word}" for number, word in parts if number)])


def _table(review: Review, rows: Sequence[Row], numbers: Mapping[str, int]) -> Html:
    if not rows:
        return part("nothing", said="Neither commit has a surface that lockstep reads.")
    still = [row for row in rows if row.level is None and _key(row) not in numbers]
    moved = [_line(review, row, numbers.get(_key(row))) for row in rows if row not in still]
    shown = part("table", rows=joined(moved, "\n")) if moved else NOTHING
    names = joined(part("unchanged-name", surface=row.surface, package=row.package, items=row.items) for row in still)
    return joined((shown, part("unchanged", count=len(still), names=names) if still else NOTHING))


def _line(review: Review, row: Row, number: int | None) -> Html:
    word = row_verdict(review, row)
    tone, mark = _VERDICT[word]
    return part(
        "row",
        name=part("package", package=row.package) if number is None else part("package-link", package=row.package, number=number),
        still="still" if number is None else "moved",
        surface=row.surface,
        step=version_step(review, row),
        counts=joined(part("number", zero="" if n else " zero", number=n) for n in (row.items, row.added, row.removed, row.changed, len(row.blind))),
        asks=required_release(row.level),
        tone=tone,
        mark=mark,
        verdict=word.replace("-", " "),
    )


def _surface(review: Review, row: Row, ledger: _Ledger) -> _Group:
    key = _key(row)
    changes, additions = row_findings(review, row)
    body = [_finding(item, key, ledger) for item in changes]
    if additions:
        body.append(_list(f"New: {len(additions)}", [_new(item, key, ledger) for item in additions]))
    said = [line for line in (unnamed(row, None), told_elsewhere(row)) if line]
    body += [part("aside", said=line) for line in said]
    if row.blind:
        body.append(_list(f"Could not be seen: {len(row.blind)}", [_unseen(blind, key, ledger) for blind in row.blind]))
    count = len(changes) + len(additions) + len(row.blind) + len(said)
    name = part("surface-name", surface=row.surface, package=row.package, step=version_step(review, row))
    return _Group(key=key, name=name, mark=_VERDICT[row_verdict(review, row)], numbers=_numbers(row), body=joined(body, "\n"), count=count)


def _new(one: Finding, key: str, ledger: _Ledger) -> Html:
    return part("new", data=ledger.entry(key, "new", one.requires), symbol=one.symbol or "", signature=one.new or "", place=one.place)


def _unseen(one: Blind, key: str, ledger: _Ledger) -> Html:
    return part("unseen", data=ledger.entry(key, "unseen"), symbol=one.symbol, why=one.why, place=one.place)


def _list(name: str, entries: Sequence[Html]) -> Html:
    """Give a list that a script may fold up; without one it stays open."""
    return part("list", long=part("long") if len(entries) > LONG else NOTHING, name=name, entries=joined(entries, "\n"))


def _waivers(review: Review, ledger: _Ledger) -> _Group:
    """Give what was waived, with the reason, and the waivers that did nothing."""
    key = "waivers"
    body = [_finding(item, key, ledger) for item in review.loose]
    body += [_finding(item.finding, key, ledger, waived=item) for item in review.waived]
    return _Group(key=key, name=part("text", text="Waivers"), mark=("plain", "w"), numbers=f"{len(review.waived)} waived", body=joined(body), count=len(body))


# ---- a finding


def _finding(one: Finding, group: str, ledger: _Ledger, *, waived: Waived | None = None) -> Html:
    manual = ledger.rules.get(one.rule)
    return part(
        "finding",
        tone="plain" if waived else _tone(one),
        number=ledger.number,
        data=ledger.entry(group, "waived" if waived else one.level, one.requires),
        message=_sentence(one.message),
        sure=part("sure") if one.confidence is Confidence.REVIEW else NOTHING,
        word="waived" if waived else str(one.requires or one.level),
        rule=part("rule-link", address=address(manual), title=title(manual), rule=one.rule) if manual else part("rule", rule=one.rule),
        place=one.place,
        symbol=part("code", text=one.symbol) if one.symbol and one.symbol not in one.message else NOTHING,
        pair=_pair(one, ledger),
        rest=joined(_rest(one, waived)),
    )


def _tone(one: Finding) -> str:
    """Give the tone of a finding: a break that the step may hold is one all the same."""
    return "broken" if one.level is Level.NOTE and _breaks(one) else _TONE[one.level]


def _breaks(one: Finding) -> bool:
    return one.requires in (Requires.MINOR, Requires.MAJOR) and not is_addition(one)


def _sentence(text: str) -> Html:
    """Give a message; what stands between two backticks is code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return part("text", text=text)
    return joined(part("code" if number % 2 else "text", text=piece) for number, piece in enumerate(pieces))


def _pair(one: Finding, ledger: _Ledger) -> Html:
    if one.old == one.new:
        return NOTHING
    shown = zip((one.old, one.new), side_by_side(one.old, one.new), ("before", "after"), ledger.ends, strict=True)
    return part("pair", sides=joined(_side(text, marked, f"{word}: {name}" if name else word) for text, marked, word, name in shown))


def _side(text: str | None, marked: Html, name: str) -> Html:
    return part("side", name=name, body=part("signature", marked=marked) if text else part("absent"))


def _rest(one: Finding, waived: Waived | None) -> Iterator[Html]:
    if one.witness:
        yield part("witness", witness=one.witness)
    if waived:
        place = Place(path=waived.waiver.path, line=waived.waiver.line)
        yield part("reason", reason=reason(waived), place=place)
    elif one.help and one.level is not Level.NOTE:
        yield part("help", help=one.help)


# ---- the page


def _tiles(counts: Iterable[tuple[int, str, str]]) -> Html:
    return joined(part("tile", tone=tone if number else "plain", number=number, word=word) for number, word, tone in counts)


def _choices(ledger: _Ledger, groups: Sequence[_Group], choice: str) -> Html:
    options = joined(part("option", key=group.key, count=group.count) for group in groups)
    select = part("select", choice=choice, options=options) if len(groups) > 1 else NOTHING
    return joined((_chips("level", "Level", _LEVELS, ledger.levels), _chips("step", "Asks for", _STEPS, ledger.steps), select))


def _chips(name: str, legend: str, words: Mapping[str, str], counts: Mapping[str, int]) -> Html:
    there = {key: word for key, word in words.items() if counts.get(key)}
    if len(there) < 2:
        return NOTHING
    return part("chips", legend=legend, chips=joined(part("chip", name=name, key=key, word=word, count=counts[key]) for key, word in there.items()))


def _contents(groups: Sequence[_Group]) -> Html:
    if len(groups) < 2:
        return NOTHING
    links = (part("link", number=number, tone=group.mark[0], mark=group.mark[1], name=group.name, count=group.count) for number, group in enumerate(groups))
    return part("contents", links=joined(links, "\n"))


def _section(one: _Group, number: int) -> Html:
    return part("section", number=number, key=one.key, name=one.name, tone=one.mark[0], mark=one.mark[1], numbers=one.numbers, body=one.body)


def _page(head: _Head, overview: Html, groups: Sequence[_Group], ledger: _Ledger, choice: str) -> str:
    style, script = _asset("page.css"), _asset("page.js")
    return fill(
        _asset("page.html"),
        style=Html(style),
        style_hash=Html(_hash(style)),
        script=Html(script),
        script_hash=Html(_hash(script)),
        version=__version__,
        home=REPOSITORY,
        kind=head.kind,
        title=head.title,
        heading=head.heading,
        tone=head.tone,
        word=head.word,
        said=head.said,
        notes=head.notes,
        tiles=head.tiles,
        choices=_choices(ledger, groups, choice),
        contents=_contents(groups),
        body=joined((overview, *(_section(group, number) for number, group in enumerate(groups)))),
    )


def part(name: str, /, **values: object) -> Html:
    """Fill a part of the page."""
    return fill(_parts()[name], **values)


@cache
def _parts() -> Mapping[str, str]:
    """Read the parts: each begins with a comment that names it."""
    _, *rest = re.split(r"^<!-- ([a-z-]+) -->\n", _asset("parts.html"), flags=re.MULTILINE)
    return {name: text.rstrip("\n") for name, text in zip(rest[::2], rest[1::2], strict=True)}


def _asset(name: str) -> str:
    data = get_data("lockstep.reports", f"page/{name}")
    assert data is not None
    return data.decode()


def _hash(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()
