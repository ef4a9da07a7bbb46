"""`lockstep release`: see a release through. One file per command: `release_plan`, `release_seal`, and so on."""

from __future__ import annotations

from lockstep.cli import release_open, release_plan, release_prove, release_publish, release_seal, release_stage, release_status, release_verify

HELP = """See a release through: what it consists of and in which order it goes out, whether what was built is that, what each registry has of it,
and what everybody can prove of it afterwards.

plan, seal, status and verify change nothing anywhere; publish, stage and open do one step that is ready, look again, and stop.

Exit code 0: there is an order; sealed; complete; proven. 1: refused, and the report says why. 2: could not run. 3: not complete, or not all could be seen.
"""
COMMANDS = {
    "plan": release_plan.command,
    "seal": release_seal.command,
    "status": release_status.command,
    "prove": release_prove.command,
    "publish": release_publish.command,
    "stage": release_stage.command,
    "open": release_open.command,
    "verify": release_verify.command,
}
