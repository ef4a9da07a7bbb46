"""What could be proven of a release, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.release.answer import Answer, Verdict
from lockstep.release.published import PublishedRelease
from lockstep.reports.escape import printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted

_STYLES = {Verdict.PROVEN: Style.NEW, Verdict.REFUTED: Style.ERROR, Verdict.UNSEEN: Style.WARNING}
_QUESTIONS = {
    "docs-not-built": "docs.rs has built the documentation",
    "published-attestation-missing": "there is an attestation",
    "published-bytes-differ": "the bytes are those of the release",
    "published-commit-differs": "it is of the tag's commit",
    "published-environment-differs": "it was published from the environment",
    "published-file-foreign": "nothing is there that should not be",
    "published-file-missing": "it is at its registry",
    "published-file-yanked": "it was not withdrawn",
    "published-release-hidden": "the release is public",
    "published-release-mutable": "the release is immutable",
    "published-repository-differs": "it is of the repository",
    "published-signature-broken": "the signatures hold",
    "published-tag-moved": "the tag is of the release's commit",
    "published-workflow-differs": "it was published by the workflow",
}


def text(release: PublishedRelease, answers: Sequence[Answer], verdict: Verdict, paint: Painter | None = None, *, verbose: bool = False) -> str:
    """Write it for people: a line for each question, then what is refuted, what could not be seen; `verbose` names all, one by one."""
    return "".join(f"{line}\n" for line in _lines(release, answers, verdict, paint or Painter(), verbose=verbose))


def _lines(release: PublishedRelease, answers: Sequence[Answer], verdict: Verdict, paint: Painter, *, verbose: bool) -> Iterator[str]:
    counts = ", ".join(f"{number} {each}" for each in Verdict if (number := sum(one.verdict is each for one in answers)))
    yield paint(Style.STRONG, printable(f"{release.tag}: {verdict}; {counted(len(release.files), 'file')}, {counts or 'no answer'}"))
    yield printable(f"  known from {release.source}; commit {release.commit}")
    yield ""
    width = max(map(len, _QUESTIONS.values()))
    for rule, question in _QUESTIONS.items():
        mine = [one for one in answers if one.rule == rule]
        if mine:
            words = [paint(_STYLES[each], f"{sum(one.verdict is each for one in mine)} {each}") for each in Verdict if any(one.verdict is each for one in mine)]
            yield f"  {question.ljust(width)}  {', '.join(words)}"
    shown = [one for one in answers if one.verdict is Verdict.REFUTED or (one.verdict is Verdict.UNSEEN and (one.owed or verbose))]
    yield from ("",) if shown or verbose else ()
    if not verbose:
        yield from _of_lost(release, shown, paint)
        shown = [one for one in shown if not _lost(release, one)]
    for alike in _alike((*shown, *(one for one in answers if verbose and one.verdict is Verdict.PROVEN)), apart=verbose):
        one, rules = alike[0], [*dict.fromkeys(each.rule for each in alike)]
        subjects = [*dict.fromkeys(each.subject for each in alike)]
        said = subjects[0] + (f" and {len(subjects) - 1} more" if len(subjects) > 1 else "")
        yield f"{paint(_STYLES[one.verdict], one.verdict)}: {printable(f'{said} {rules[0]}: {one.why}' if len(rules) == 1 else f'{said}: {one.why}')}"
        if len(rules) > 1:
            yield f"  asked for by {', '.join(rules)}"
        if one.endpoint:
            yield printable(f"  seen at {one.endpoint}")
        if one.shows:
            yield printable(f"  {'help' if one.verdict is Verdict.REFUTED else 'would show it'}: {one.shows}")
    quiet = [one for one in answers if one.verdict is Verdict.UNSEEN and not one.owed]
    if quiet and not verbose:
        yield ""
        yield f"{counted(len(quiet), 'answer')} could not be seen that nobody promised; --verbose names {'it' if len(quiet) == 1 else 'them'}"


def _lost(release: PublishedRelease, one: Answer) -> str:
    """Give why the server could not be reached of which an answer waits; "" for another."""
    return next((why for why in release.lost if one.verdict is Verdict.UNSEEN and why in one.why), "")


def _of_lost(release: PublishedRelease, answers: Sequence[Answer], paint: Painter) -> Iterator[str]:
    """Say once of each server that cannot be reached how much waits for it."""
    for why in release.lost:
        waiting = [one for one in answers if _lost(release, one) == why]
        if waiting:
            said = f"{why}: {counted(len(waiting), 'answer')} about {counted(len({one.subject for one in waiting}), 'subject')}"
            yield f"{paint(_STYLES[Verdict.UNSEEN], Verdict.UNSEEN)}: {printable(said)}"
            yield "  would show it: ask again from where it can be reached; --verbose names each"


def _alike(answers: Sequence[Answer], *, apart: bool) -> Iterator[list[Answer]]:
    """Give answers of one reason together: a registry that cannot be asked is so for each of its files, and for each question."""
    found: dict[tuple[object, ...], list[Answer]] = {}
    for one in answers:
        found.setdefault((one.verdict, one.why, one.shows, (one.subject, one.rule) if apart else None), []).append(one)
    yield from found.values()


def data(release: PublishedRelease, answers: Sequence[Answer], verdict: Verdict) -> dict[str, object]:
    """Give it as a JSON document."""
    return {
        "schema": 1,
        "command": "release verify",
        "tag": release.tag,
        "commit": release.commit,
        "repository": release.repository or None,
        "candidate": release.source if release.has_candidate else None,
        "source": release.source,
        "verdict": verdict.value,
        "answers": [
            {
                "rule": one.rule,
                "subject": one.subject,
                "verdict": one.verdict.value,
                "why": one.why,
                "help": one.shows or None,
                "endpoint": one.endpoint or None,
                "owed": one.owed,
            }
            for one in answers
        ],
        "requests": release.requests,
    }
