"""`lockstep changelog`: notes drafted, checked, shown. One file per action: `changelog_draft`, `changelog_check`, `changelog_show`."""

from __future__ import annotations

from lockstep.cli import changelog_check, changelog_draft, changelog_show

HELP = """Draft migration notes from what changed since the last release; check that none is missing; show a section as release notes."""
COMMANDS = {"draft": changelog_draft.command, "check": changelog_check.command, "show": changelog_show.command}
