"""`lockstep gate`: may this commit be released? One file per question: `gate_tag`, `gate_head`, `gate_ci`."""

from __future__ import annotations

from lockstep.cli import gate_ci, gate_head, gate_tag

HELP = """May this commit be released? Each question is a command of its own, and a line of a release workflow.

Exit code 0: yes. 1: no, and the report says why. 2: could not ask. 3: nothing is wrong, but something that matters could not be seen.
"""
COMMANDS = {"tag": gate_tag.command, "head": gate_head.command, "ci": gate_ci.command}
