"""Sentences about a review that every output of it says in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level, Requires
from lockstep.reports.escape import printable
from lockstep.wording import counted, first_few

if TYPE_CHECKING:
    from lockstep.policy.waivers import Waived
    from lockstep.review.review import Moment, Review, Row

_SIZE = {Requires.MAJOR: 0, Requires.MINOR: 1, Requires.PATCH: 2, None: 3}


MOST_NAMED = 5
"""Packages and kinds that are named one by one."""
STRICTNESS = "with --strict a warning counts as an error"


def required_release(level: Requires | None) -> str:
    """Say which step changes require."""
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
    match review.verdict.value:
        case "too-small":
            return f"too small: {_too_small(review)}\n"
        case "unproven":
            blind = len({blind for row in review.rows for blind in row.open if row.verdict == "unproven"})
            return f"unproven: {_asks(review)}, {_did(review)}, but {counted(blind, 'place')} could not be analysed\n"
        case _:
            return f"{'version' if review.faults else 'ok'}: {_asks(review)}, {_did(review)}\n"


def _asks(review: Review) -> str:
    if review.level is not None:
        return f"the changes require {required_release(review.level)}"
    others = list(dict.fromkeys(f"{row.package}{version_step(review, row)}" for row in review.rows if row.level is not None))
    if others:
        return f"nothing changed that has the main version, and {first_few(others, MOST_NAMED)} may hold what changed there"
    return "no surface changed"


def _did(review: Review) -> str:
    if review.step == "none":
        return "the version has not changed yet"
    step = f"{review.base.version} -> {review.head.version} is"
    match review.verdict.value:
        case "ok":
            return f"{step} large enough"
        case "too-small":
            return f"{step} too small"
        case _:
            return f"{step} a {'pre-release' if review.step == 'pre' else f'{review.step} release'}"


def _too_small(review: Review) -> str:
    """Say which step is too small: the main version's, or that of packages that move on their own."""
    main = (review.base.version, review.head.version)
    small = [row for row in review.rows if row.verdict == "too-small"]
    others = [row for row in small if row.versions != main]
    required = list(dict.fromkeys(f"{row.package}{version_step(review, row)} requires {required_release(row.level)}" for row in others))
    steps = list(dict.fromkeys(f"lockstep bump {row.level} --group {_group_of(review, row)}" for row in others))
    said = [first_few(required, MOST_NAMED)] if required else []
    if len(others) == len(small) and others:
        return "; ".join([*said, first_few(steps, MOST_NAMED)])
    return "; ".join([f"the changes require {required_release(review.level)}, {_did(review)}", *said, _next_step(review)])


def _group_of(review: Review, row: Row) -> str:
    """Give what `--group` calls the group of a package: its own name where it is in none."""
    groups = (one.group for one in review.head.packages if one.name == row.package and one.group is not None)
    return next(groups, row.package)


def _next_step(review: Review) -> str:
    """Say how to make the step: a version that comes from git's tags is made by a tag."""
    return f"tag the next {review.level} release" if review.tagged else f"lockstep bump {review.level}"


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
    """Give what was found in a surface, as it matters: what changes something that was there, and what only adds.

    What decides comes first, and of that one of each rule.
    """
    found = by_importance(review.findings_of(row))
    deciding = [one for one in found if one.level is Level.ERROR or (review.strict and one.level is Level.WARNING)]
    rules: dict[str, Finding] = {}
    for one in deciding:
        rules.setdefault(one.rule, one)
    first = {id(one) for one in rules.values()}
    decided = {id(one) for one in deciding}
    found.sort(key=lambda one: (id(one) not in first, id(one) not in decided))
    return [item for item in found if not is_addition(item)], [item for item in found if is_addition(item)]


def others_counted(found: Sequence[Finding]) -> str:
    """Say how many findings are not shown, and of what kind: `and 3 more (2 major name-removed, 1 patch name-deprecated)`."""
    kinds = Counter(f"{one.requires or one.level} {one.rule}" for one in found)
    return f"and {len(found)} more ({first_few([f'{number} {kind}' for kind, number in kinds.most_common()], MOST_NAMED)})"


def unnamed(row: Row, most: int | None) -> str:
    """Say which names came or went without a finding; nothing where there are none."""
    names = row.unnamed if most is None else first_few(row.unnamed, most)
    return f"added or removed, without a rule for it: {names if isinstance(names, str) else ', '.join(names)}" if row.unnamed else ""


def told_elsewhere(row: Row) -> str:
    """Say where the findings of a surface are told that are another package's; nothing where there are none."""
    if not row.elsewhere:
        return ""
    return f"reported where it is defined: {', '.join(f'{number} in {row.surface} {package}' for package, number in row.elsewhere)}"


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
    return review.conclusion_of(row).value


def conclusion(review: Review) -> list[str]:
    """Say what the review comes to: the verdict on the step, and what refuses whatever the version is, or that nothing does."""
    return [verdict(review).rstrip("\n"), *filter(None, [refusal(review, ""), released_by_no_push(review)])]


def released_by_no_push(review: Review) -> str:
    """Say why a verdict that is not ok refuses no push; nothing where it does, or where it is ok."""
    if review.ending.value != "ok" or review.verdict.value == "ok":
        return ""
    return "not refused: nothing is released by this push; lockstep diff judges it as a release"


def refusal(review: Review, where: str = ", above") -> str:
    """Say what refuses whatever the version is, and where it stands; nothing where nothing does."""
    count = Counter((found.rule, found.level is not Level.ERROR) for found in review.faults)
    if not count:
        return ""
    warned = f" ({STRICTNESS})" if any(warning for _, warning in count) else ""
    also = " too" if review.is_too_small else ""
    named = ", ".join(f"{number} {rule}" for (rule, _), number in count.items())
    return f"refused{also}: {named}{where}, which no version step allows{warned}; lockstep explain {next(iter(count))[0]}"


def by_importance(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings as they matter: the largest step first, then by symbol."""
    return sorted(findings, key=lambda one: (_SIZE[one.requires], one.level != "error", one.rule, one.symbol or "", str(one.place)))
