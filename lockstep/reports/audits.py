"""What the audits of settings and of publishers say beside their findings: how many questions have which answer, and what a person confirms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.reports.escape import printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.workflow.by_hand import ByHand
    from lockstep.workflow.publishers import Published, Publisher

MOST_BY_HAND = 12
"""Pages that are listed."""
_WORDS = {"fail": "fail", "not visible": "not visible", "by hand": "by hand alone", "not asked": "not asked"}


def answered(subject: str, answers: Mapping[str, str], would_show: Mapping[str, str], *, each: bool = False) -> str:
    """Say in a line how many questions have which answer; with `each`, every question in a line of its own, with what would show what is not visible."""
    counts = Counter(answers.values())
    parts = [f"{counts['pass']} of {counted(len(answers), 'question')} pass", *(f"{counts[one]} {words}" for one, words in _WORDS.items() if counts[one])]
    lines = [f"{subject}: {', '.join(parts)}"]
    if each:
        for rule, answer in answers.items():
            shows = would_show.get(rule, "") if answer in ("not visible", "by hand") else ""
            lines.append(f"  {answer:12}{rule}" + (f": {shows}" if shows else ""))
    return "".join(f"{printable(line)}\n" for line in lines)


def by_hand(found: Sequence[ByHand], paint: Painter) -> str:
    """List what no API shows, with the page of each; "" for nothing."""
    if not found:
        return ""
    lines = ["", "confirm by hand, no API shows it:"]
    for one in found[:MOST_BY_HAND]:
        lines += [f"- {printable(one.what)}", paint(Style.DIM, f"  {printable(one.url)}")]
    if len(found) > MOST_BY_HAND:
        lines.append(f"- {len(found) - MOST_BY_HAND} more: --format json lists all")
    return "".join(f"{line}\n" for line in lines)


def settings(
    tree: str,
    findings: Sequence[dict[str, object]],
    repository: str,
    answers: Mapping[str, str],
    would_show: Mapping[str, str],
    by_hand: Sequence[ByHand],
) -> dict[str, object]:
    """Give what `audit settings` found as JSON: the answer to each question, what would show one that is not visible, and what a person confirms."""
    return {
        "schema": 1,
        "command": "audit settings",
        "tree": tree,
        "findings": list(findings),
        "repository": repository,
        "answers": dict(answers),
        "would_show": {rule: shows for rule, shows in would_show.items() if answers.get(rule) in ("not visible", "by hand")},
        "by_hand": [{"what": one.what, "url": one.url} for one in by_hand],
    }


def published(found: Sequence[Published]) -> str:
    """List what registries say, a line a package: the version, and who published it."""
    lines = []
    for one in found:
        by = "a trusted publisher" if one.trusted else "a token" if one.trusted is False else "nobody says who"
        who = ", ".join(map(str, one.by)) or by
        lines.append(f"  {one.registry:10} {one}: {'not there yet' if one.absent else who if one.version else 'not visible'}")
    return "".join(f"{printable(line)}\n" for line in lines)


def publishers(document: dict[str, object], found: Sequence[Published]) -> dict[str, object]:
    """Give what `audit publishers` found as JSON: that of `settings`, and each package."""
    packages = [
        {
            "package": one.package,
            "registry": one.registry,
            "version": one.version or None,
            "trusted": one.trusted,
            "exclusive": one.exclusive,
            "published_by": [_publisher(by) for by in one.by],
            "may_publish": None if one.records is None else [_publisher(record) for record in one.records],
            "unattested": list(one.unattested),
        }
        for one in found
    ]
    return {**document, "command": "audit publishers", "packages": packages}


def _publisher(one: Publisher) -> dict[str, object]:
    return {"repository": one.repository or None, "workflow": one.workflow or None, "environment": one.environment}
