"""What the headers of an answer say: when a server wants to be asked again, what its time is, what it answers with, and which page is next.

Source: https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit

LONGEST_WAIT = 86_400.0
"""Seconds of the longest Retry-After that is believed."""
LONGEST_CURSOR = 1000
"""Characters of the longest name of a page that is sent back."""


def kind(headers: Mapping[str, str]) -> str:
    """Give what an answer is that should be JSON, as a part of a sentence."""
    said = headers.get("content-type", "").partition(";")[0].strip().lower()
    return f" but {said}" if re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,60}", said) and "json" not in said else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Give the seconds of Retry-After: a number, or a date."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_WAIT)
    return None if (date := _date(text)) is None else min(max(0.0, date - clock(headers)), LONGEST_WAIT)


def clock(headers: Mapping[str, str]) -> float:
    """Give the server's time, which its other times are by."""
    date = _date(headers.get("date", ""))
    return time.time() if date is None else date


def next_cursor(headers: Mapping[str, str]) -> str:
    """Give the cursor of the next page of a list, which `Link` names by the parameter `after`; "" for the last page.

    Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """
    for link in headers.get("link", "").split(","):
        address, _, relation = link.partition(";")
        if re.search(r'\brel="?next"?', relation):
            try:
                return parse_qs(urlsplit(address.strip(" <>")).query).get("after", [""])[0][:LONGEST_CURSOR]
            except ValueError:
                return ""
    return ""


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
