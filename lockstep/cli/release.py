"""`lockstep release`: see a release through. One file per command: `release_plan`, `release_seal`."""

from __future__ import annotations

from lockstep.cli import release_plan, release_seal

HELP = """See a release through: what it consists of, what is there, what is next. Registries are asked afresh; nothing is remembered.

Exit code 0: done or allowed. 1: refused, and the report says why. 2: could not run. 3: something that matters could not be seen.
"""
COMMANDS = {"plan": release_plan.command, "seal": release_seal.command}
