"""What was found before: an earlier report, whose findings are left out of the next one.

A finding is the same one when its rule, file, symbol and sentence are; lines move, so they do not count. Of findings that are the same as often as the
earlier report has them are left out, and no more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from lockstep.dataclass import dataclass
from lockstep.errors import ConfigError
from lockstep.model import Finding

LARGEST = 32_000_000
"""Characters of the largest report that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How often each finding was there before."""

    counts: Counter[tuple[str, str, str, str]]

    @classmethod
    def read(cls, text: str, name: str) -> Baseline:
        """Read the JSON that `--format json` gives; `name` is the file's.

        Raises: ConfigError when it is no such report.
        """
        try:
            found = json.loads(text if len(text) <= LARGEST else "")
            counts = Counter((str(one["rule"]), str(one["path"]), str(one["symbol"] or ""), str(one["message"])) for one in found["findings"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ConfigError(f"{name} is no report of findings", help="write it anew: the same command with --format json") from None
        return cls(counts=counts)

    @classmethod
    def none(cls) -> Baseline:
        """Give that of a repository which has no report yet."""
        return cls(counts=Counter())

    def new(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Give the findings that were not there before."""
        left = self.counts.copy()
        kept = []
        for one in findings:
            key = (one.rule, one.place.path, one.symbol or "", one.message)
            if left[key] > 0:
                left[key] -= 1
            else:
                kept.append(one)
        return tuple(kept)
