"""`lockstep changelog`: notes drafted, checked, shown. One file per action: `changelog_draft`, `changelog_check`, `changelog_show`."""

from __future__ import annotations

HELP = """Draft migration notes from what changed since the last release; check that none is missing; show a section as release notes."""
NAMES = ("draft", "check", "show")
