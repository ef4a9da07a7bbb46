"""Do the waivers of the configuration still hold, and do they meet anything? Evidence: a Waiving."""

from __future__ import annotations

NAMES = ("waiver_expired", "waiver_unused")
