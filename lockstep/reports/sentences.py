"""Sentences about a review that every output of it says in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level, Requires
from lockstep.reports.escape import printable
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.policy.waivers import Waived
    from lockstep.review.review import Moment, Review, Row

_SIZE = {Requires.MAJOR: 0, Requires.MINOR: 1, Requires.PATCH: 2, None: 3}


STRICTNESS = "with --strict a warning counts as an error"


def required_release(level: Requires | None) -> str:
    """Say which step changes ask for."""
    return "nothing" if level is None else f"a {level} release"


def compared_refs(review: Review) -> str:
    """Say what is compared: `v0.4.0 (0.4.0) with the work tree (0.5.0)`."""
    return f"{ref_name(review.base)} with {ref_name(review.head)}"


def ref_name(one: Moment) -> str:
    """Say what is compared with another: `v0.4.0`, `the work tree (0.5.0)`."""
    name = "the work tree" if one.sha is None else one.ref
    return name if one.version is None or str(one.version) in name else f"{name} ({one.version})"


def verdict(review: Review) -> str:
    """Say the verdict, with the next step where there is one."""
    asks = f"the changes ask for {required_release(review.level)}" if review.level is not None else "no surface changed"
    did = "the version has not moved yet" if review.step == "none" else f"the version makes a {'pre-release' if review.step == 'pre' else review.step} step"
    match review.verdict.value:
        case "too-small":
            return f"too small: {asks}, {did}; lockstep bump {review.level}\n"
        case "unproven":
            blind = len({blind for row in review.rows for blind in row.blind if row.verdict == "unproven"})
            return f"unproven: {asks}, {did}, but {counted(blind, 'place')} could not be seen\n"
        case _:
            return f"{'large enough' if review.faults else 'ok'}: {asks}, {did}\n"


def witness_lines(review: Review) -> list[str]:
    """Say what became of asking a witness: what it looked at, and where it could not answer."""
    answered: dict[str, list[str]] = {}
    lines = []
    for said in review.witnesses:
        if said.answered:
            answered.setdefault(f"{said.witness} {said.version}{f', {said.limits}' if said.limits else ''}", []).append(said.package)
        else:
            lines.append(f"{said.package}: {said.witness} {said.why}")
    return [*(f"{name} looked at {', '.join(packages)}" for name, packages in answered.items()), *lines]


def row_findings(review: Review, row: Row) -> tuple[list[Finding], list[Finding]]:
    """Give what was found in a surface, as it matters: what changes something that was there, and what only adds."""
    found = by_importance(item for item in review.findings if (item.surface, item.package) == (row.surface, row.package))
    return [item for item in found if not is_addition(item)], [item for item in found if is_addition(item)]


def reason(waived: Waived) -> str:
    """Say why a finding is waived, and until when."""
    return f"{waived.waiver.reason}, until {waived.waiver.expires}"


def is_addition(one: Finding) -> bool:
    """Say whether a finding is about something new that breaks nobody."""
    return one.old is None and one.new is not None and one.level == "note"


def version_step(review: Review, row: Row) -> str:
    """Say which step a package makes that does not move with the main version: ` 5.1.0 -> 6.1.2`."""
    old, new = row.versions
    return "" if row.versions == (review.base.version, review.head.version) or old is None or new is None else f" {old} -> {new}"


def finding_lines(found: Iterable[Finding]) -> str:
    """Give a line a finding, as the text report has it without its help."""
    return "".join(f"{printable(f'{one.place} {_labelled_rule(one)}: {one.message}')}\n" for one in found)


def _labelled_rule(one: Finding) -> str:
    return one.rule if one.level is Level.ERROR else f"{one.level} {one.rule}"


def level_counts(found: Iterable[Finding]) -> str:
    """Count findings in words: `2 errors, 1 warning`."""
    count = Counter(one.level for one in found)
    return ", ".join(counted(count[level], level) for level in Level if count[level])


def row_verdict(review: Review, row: Row) -> str:
    """Give the verdict on a surface: `refused` where an error stands in it that no step mends."""
    faulty = any((found.surface, found.package) == (row.surface, row.package) for found in review.faults)
    return "refused" if faulty and row.verdict.value != "too-small" else row.verdict.value


def conclusion(review: Review) -> list[str]:
    """Say what the review comes to: the verdict on the step, and what refuses whatever the version is."""
    return [verdict(review).rstrip("\n"), *filter(None, [refusal(review, "")])]


def refusal(review: Review, where: str = ", above") -> str:
    """Say what refuses whatever the version is, and where it stands; nothing where nothing does."""
    count = Counter((found.rule, found.level is not Level.ERROR) for found in review.faults)
    if not count:
        return ""
    warned = f" ({STRICTNESS})" if any(warning for _, warning in count) else ""
    also = "too" if review.is_too_small else "whatever the version is"
    return f"refused {also}: {', '.join(f'{number} {rule}' for (rule, _), number in count.items())}{where}{warned}; lockstep explain {next(iter(count))[0]}"


def by_importance(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings as they matter: the largest step first, then by symbol."""
    return sorted(findings, key=lambda one: (_SIZE[one.requires], one.level != "error", one.rule, one.symbol or "", str(one.place)))
