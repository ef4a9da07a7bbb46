"""What can be proven of a release afterwards: a question, and one of three answers. Nothing is fine because it could not be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.model import Confidence, Finding, Level, Place


class Verdict(StrEnum):
    """How a question is answered."""

    PROVEN = "proven"
    REFUTED = "refuted"
    UNSEEN = "not visible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question (the id of its rule) about a subject: a file, a package, or the release. `why` is a sentence.

    `shows` is what would show what is not visible. `owed` is false where nobody promised that it can be seen: such a silence refuses nothing.
    """

    rule: str
    subject: str
    verdict: Verdict
    why: str
    shows: str = ""
    endpoint: str = ""
    owed: bool = True

    @property
    def is_missed(self) -> bool:
        """Whether something that matters could not be seen."""
        return self.verdict is Verdict.UNSEEN and self.owed


def proven(rule: str, subject: str, why: str, endpoint: str = "") -> Answer:
    """Answer that it is so."""
    return Answer(rule=rule, subject=subject, verdict=Verdict.PROVEN, why=why, endpoint=endpoint)


def refuted(rule: str, subject: str, why: str, help_: str, endpoint: str = "") -> Answer:
    """Answer that it is not so; `help_` is the next step."""
    return Answer(rule=rule, subject=subject, verdict=Verdict.REFUTED, why=why, shows=help_, endpoint=endpoint)


def unseen(rule: str, subject: str, why: str, shows: str, endpoint: str = "", *, owed: bool = True) -> Answer:
    """Answer that it could not be seen."""
    return Answer(rule=rule, subject=subject, verdict=Verdict.UNSEEN, why=why, shows=shows, endpoint=endpoint, owed=owed)


def findings(answers: Iterable[Answer]) -> Iterator[Finding]:
    """Give what is to be mended, and what that matters could not be seen."""
    for one in answers:
        if one.verdict is Verdict.REFUTED or one.is_missed:
            level, confidence = (Level.ERROR, Confidence.CERTAIN) if one.verdict is Verdict.REFUTED else (Level.WARNING, Confidence.BLIND)
            yield Finding(rule=one.rule, level=level, place=Place(path=one.subject), message=one.why, help=one.shows, confidence=confidence)
