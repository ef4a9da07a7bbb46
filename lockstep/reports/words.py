"""Sentences about a review that every output of it says in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lockstep.model import Finding, Level, Requires
from lockstep.reports.escape import printable
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.review.review import Moment, Review, Row

_SIZE = {Requires.MAJOR: 0, Requires.MINOR: 1, Requires.PATCH: 2, None: 3}


STRICTNESS = "with --strict a warning counts as an error"


def asks_for(level: Requires | None) -> str:
    """Say which step changes ask for."""
    return "nothing" if level is None else f"a {level} release"


def ends(one: Review) -> str:
    """Say what is compared: `v0.4.0 (0.4.0) with the work tree (0.5.0)`."""
    return f"{end(one.base)} with {end(one.head)}"


def end(one: Moment) -> str:
    """Say what is compared with another: `v0.4.0`, `the work tree (0.5.0)`."""
    name = "the work tree" if one.sha is None else one.ref
    return name if one.version is None or str(one.version) in name else f"{name} ({one.version})"


def verdict(one: Review) -> str:
    """Say the verdict, with the next step where there is one."""
    asks = f"the changes ask for {asks_for(one.level)}" if one.level is not None else "no surface changed"
    did = "the version has not moved yet" if one.step == "none" else f"the version makes a {'pre-release' if one.step == 'pre' else one.step} step"
    match one.verdict.value:
        case "too-small":
            return f"too small: {asks}, {did}; lockstep bump {one.level}\n"
        case "unproven":
            blind = len({blind for row in one.rows for blind in row.blind if row.verdict == "unproven"})
            return f"unproven: {asks}, {did}, but {counted(blind, 'place')} could not be seen\n"
        case _:
            return f"{'large enough' if one.faults else 'ok'}: {asks}, {did}\n"


LONGEST_SIGNATURE = 100
"""Characters; of a longer pair of signatures the parts that both have are left out."""
LONGEST_LINE = 200
"""Characters; what is longer still is cut off. The JSON has all of it."""


def contrast(old: str | None, new: str | None) -> tuple[str, str]:
    """Give two signatures for one above the other, shortened to what tells them apart where they are long; "" for one that is not there."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only long signatures are taken apart

    if old == new:
        return "", ""
    if not old or not new or max(len(old), len(new)) <= LONGEST_SIGNATURE:
        return _cut(old or ""), _cut(new or "")
    (head, before, tail), (new_head, after, new_tail) = taken_apart(old), taken_apart(new)
    kept: tuple[list[str], list[str]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for shown, differing in zip(kept, (before[a:b], after[c:d]), strict=True):
            shown.extend(differing if tag != "equal" else ["..."] if shown[-1:] != ["..."] else [])
    return _cut(head + ", ".join(kept[0]) + tail), _cut(new_head + ", ".join(kept[1]) + new_tail)


def _cut(signature: str) -> str:
    return signature if len(signature) <= LONGEST_LINE else f"{signature[: LONGEST_LINE - 4]} ..."


def taken_apart(signature: str) -> tuple[str, list[str], str]:
    """Split a signature into what stands before its parameters, the parameters, and what follows."""
    parts, depth, start, end = [], 0, 0, len(signature)
    for index, char in enumerate(signature):
        depth += (char in "([{") - (char in ")]}")
        if depth == 1 and char == "(" and not start:
            start = head = index + 1
        elif start and depth == 0 and char == ")":
            end = index
            break
        elif start and depth == 1 and char == ",":
            parts.append(signature[start:index].strip())
            start = index + 1
    if not start:
        return "", [signature], ""
    return signature[:head], [*parts, signature[start:end].strip()], signature[end:]


def heard(one: Review) -> list[str]:
    """Say what became of asking a witness: what it looked at, and where it could not answer."""
    answered: dict[str, list[str]] = {}
    lines = []
    for said in one.witnesses:
        if said.answered:
            answered.setdefault(f"{said.witness} {said.version}{f', {said.limits}' if said.limits else ''}", []).append(said.package)
        else:
            lines.append(f"{said.package}: {said.witness} {said.why}")
    return [*(f"{name} looked at {', '.join(packages)}" for name, packages in answered.items()), *lines]


def is_addition(one: Finding) -> bool:
    """Say whether a finding is about something new that breaks nobody."""
    return one.old is None and one.new is not None and one.level == "note"


def own_step(one: Review, row: Row) -> str:
    """Say which step a package makes that does not move with the main version: ` 5.1.0 -> 6.1.2`."""
    old, new = row.versions
    return "" if row.versions == (one.base.version, one.head.version) or old is None or new is None else f" {old} -> {new}"


def listed(found: Iterable[Finding]) -> str:
    """Give a line a finding, as the text report has it without its help."""
    return "".join(f"{printable(f'{one.place} {_leveled(one)}: {one.message}')}\n" for one in found)


def _leveled(one: Finding) -> str:
    return one.rule if one.level is Level.ERROR else f"{one.level} {one.rule}"


def tally(found: Iterable[Finding]) -> str:
    """Count findings in words: `2 errors, 1 warning`."""
    count = Counter(one.level for one in found)
    return ", ".join(counted(count[level], level) for level in Level if count[level])


def row_verdict(one: Review, row: Row) -> str:
    """Give the verdict on a surface: `refused` where an error stands in it that no step mends."""
    faulty = any((found.surface, found.package) == (row.surface, row.package) for found in one.faults)
    return "refused" if faulty and row.verdict.value != "too-small" else row.verdict.value


def decided(one: Review) -> list[str]:
    """Say what the review comes to: the verdict on the step, and what refuses whatever the version is."""
    return [verdict(one).rstrip("\n"), *filter(None, [refused(one, "")])]


def refused(one: Review, where: str = ", above") -> str:
    """Say what refuses whatever the version is, and where it stands; nothing where nothing does."""
    count = Counter((found.rule, found.level is not Level.ERROR) for found in one.faults)
    if not count:
        return ""
    warned = f" ({STRICTNESS})" if any(warning for _, warning in count) else ""
    also = "too" if one.is_too_small else "whatever the version is"
    return f"refused {also}: {', '.join(f'{number} {rule}' for (rule, _), number in count.items())}{where}{warned}; lockstep explain {next(iter(count))[0]}"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings as they matter: the largest step first, then by symbol."""
    return sorted(findings, key=lambda one: (_SIZE[one.requires], one.level != "error", one.rule, one.symbol or "", str(one.place)))
