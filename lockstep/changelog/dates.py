"""Dates as changelogs write them: found in a heading, checked against the calendar, and written anew in the same manner."""

from __future__ import annotations

import re
from typing import NamedTuple

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH = r"(?P<{0}>(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?))"
_DATE = pattern(
    r"(?<![0-9A-Za-z.])(?:"
    r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
    r"|(?P<day1>[0-9]{1,2})(?P<ordinal1>st|nd|rd|th)?(?P<gap1>(?: of)?[ -])" + _MONTH.format("month1") + r"(?P<stop1>\.?,?[ -])(?P<year1>[0-9]{4})"
    r"|" + _MONTH.format("month2") + r"(?P<gap2>\.?[ ])(?P<day2>[0-9]{1,2})(?P<ordinal2>st|nd|rd|th)?(?P<stop2>,?[ ])(?P<year2>[0-9]{4})"
    r"|(?P<day3>[0-9]{1,2})\.(?P<month3>[0-9]{1,2})\.(?P<year3>[0-9]{4})"
    r")(?![0-9A-Za-z-])",
    re.IGNORECASE,
)


class Day(NamedTuple):
    """A day that is said: of three numbers nobody knows yet whether they are one."""

    year: int
    month: int
    day: int

    @property
    def exists(self) -> bool:
        """Say whether the calendar has it."""
        from calendar import monthrange  # noqa: PLC0415 - a bump without a changelog asks for none

        return 1 <= self.month <= 12 and self.year >= 1 and 1 <= self.day <= monthrange(self.year, self.month)[1]

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date in a text: `start` counts characters from 0, `text` is exactly what stands there."""

    start: int
    text: str
    day: Day


def find(text: str, start: int = 0) -> Date | None:
    """Give the first date in a text at or behind `start`."""
    found = _DATE.search(text, start)
    if found is None:
        return None
    group = next(name for name in ("year", "year1", "year2", "year3") if found[name])
    suffix = group.removeprefix("year")
    month = found[f"month{suffix}"]
    number = int(month) if month.isdecimal() else [name[:3] for name in MONTHS].index(month[:3].title()) + 1
    return Date(start=found.start(), text=found[0], day=Day(int(found[group]), number, int(found[f"day{suffix}"])))


def written(day: Day, like: str) -> str:
    """Write a day in the manner of a date, as ISO 8601 has it where that is none."""
    found = _DATE.fullmatch(like)
    if found is None:
        return str(day)
    if found["year"]:
        padded = len(found["month"]) == 2 and len(found["day"]) == 2
        return found["sep"].join((f"{day.year:04}", f"{day.month:02}" if padded else str(day.month), f"{day.day:02}" if padded else str(day.day)))
    if found["year3"]:
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    if found["year1"]:
        number = _number(day.day, found["day1"], found["ordinal1"])
        return f"{number}{found['gap1']}{_month(day.month, found['month1'])}{found['stop1']}{day.year:04}"
    number = _number(day.day, found["day2"], found["ordinal2"])
    return f"{_month(day.month, found['month2'])}{found['gap2']}{number}{found['stop2']}{day.year:04}"


def _month(month: int, like: str) -> str:
    name = MONTHS[month - 1]
    short = len(like) <= 4 and like.lower() not in ("may", "june", "july")
    return name[:3] if short else name


def _number(day: int, like: str, ordinal: str | None) -> str:
    if ordinal:
        return f"{day}{'th' if 11 <= day <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
    return f"{day:02}" if like.startswith("0") else str(day)


_DAY = pattern(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


def read_day(text: str) -> Day | None:
    """Read a day as ISO 8601 writes it; None when it is none, or not in the calendar."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day = Day(int(found[1]), int(found[2]), int(found[3]))
    return day if day.exists else None
