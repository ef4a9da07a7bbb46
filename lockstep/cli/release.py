"""`lockstep release`: see a release through. One file per command: `release_plan`, `release_seal`, and so on."""

from __future__ import annotations

HELP = """See a release through: what it consists of and in which order it goes out, whether what was built is that, what each registry has of it,
and what everybody can prove of it afterwards.

checklist, plan, seal, status and verify change nothing anywhere; publish, stage and open do one step that is ready, look again, and stop.

Exit code 0: there is an order; sealed; complete; proven. 1: refused, and the report says why. 2: could not run. 3: not complete, or not all could be seen.
"""
NAMES = ("checklist", "plan", "seal", "status", "prove", "publish", "stage", "open", "verify")
