"""`lockstep gate`: may this commit be released? One file per question: `gate_tag`, `gate_head`, `gate_ci`."""

from __future__ import annotations

HELP = """May this commit be released? Each question is a command of its own, and a line of a release workflow.

Exit code 0: yes. 1: no, and the report says why. 2: could not ask. 3: nothing is wrong, but something that matters could not be seen.
"""
NAMES = ("tag", "head", "ci")
