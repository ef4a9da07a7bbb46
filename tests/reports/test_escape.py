"""What a report holds gives the runner of GitHub Actions no command."""

from __future__ import annotations

import pytest

from lockstep.reports.escape import inert


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("::stop-commands::x", ": :stop-commands::x"),
        ("  ::add-mask::x\nfine ::", "  : :add-mask::x\nfine ::"),
        ("a ##[add-mask]x", "a # #[add-mask]x"),
        ("## [1.2.0]", "## [1.2.0]"),
    ],
)
def test_a_report_gives_the_runner_no_command(said: str, printed: str) -> None:
    assert inert(said) == printed
