"""`python -m tests.rules.compat [FOLDER]`: precision and recall over the labelled pairs, and every pair that is judged wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.rules.compat.labels import PYTHON, Label, cases
from tests.rules.compat.measure import outcome, score


def main() -> int:
    """Print the figures; leave with 1 when one pair is judged wrong."""
    found = [outcome(case) for case in cases(Path(sys.argv[1]) if sys.argv[1:] else PYTHON)]
    wrong = [one for one in found if not one.right]
    for one in wrong:
        said = ", ".join(f"{finding.rule} ({finding.symbol})" for finding in one.findings) or "nothing"
        sys.stdout.write(f"{one.case.name}: {one.case.label} {one.case.symbol or ''}, but {one.said}: {said}\n")
    sys.stdout.write(f"\n{'label':10} {'cases':>5} {'precision':>9} {'recall':>6}\n")
    for label in Label:
        figures = score(found, label)
        sys.stdout.write(f"{label:10} {sum(one.case.label is label for one in found):5} {figures.precision:9.3f} {figures.recall:6.3f}\n")
    sys.stdout.write(f"{'right':10} {len(found):5} {len(found) - len(wrong):9}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
