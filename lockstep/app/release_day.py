"""When a release is: the day that a person names, the one of a reproducible build, else today in UTC."""

from __future__ import annotations

import os
import time

from lockstep.changelog.dates import Day, read_day
from lockstep.errors import UsageError


def release_day(given: str | None) -> Day:
    """Give the day of a release.

    Source: https://reproducible-builds.org/specs/source-date-epoch/

    Raises: UsageError when `given` is no day of the calendar, or SOURCE_DATE_EPOCH no number of seconds.
    """
    if given is not None:
        if (named := read_day(given)) is None:
            raise UsageError(f"--date {given!r} is no day of the calendar", help="write it as 2026-01-31")
        return named
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        year, month, number = time.gmtime(None if epoch is None else int(epoch))[:3]
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, which is no number of seconds since 1970", help="unset SOURCE_DATE_EPOCH, or add --date") from None
    return Day(year, month, number)
