"""`lockstep release`: see a release through. One file per command: `release_plan`, `release_seal`."""

from __future__ import annotations

from lockstep.cli import release_plan, release_seal

HELP = """See a release through: what it consists of and in which order it goes out, and whether what was built is that. No registry is asked.

Exit code 0: there is an order; sealed. 1: refused, and the report says why. 2: could not run.
"""
COMMANDS = {"plan": release_plan.command, "seal": release_seal.command}
