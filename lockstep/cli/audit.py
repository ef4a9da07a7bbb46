"""`lockstep audit`: does a release keep its promises? One file per command: `audit_workflow`, `audit_settings`, `audit_publishers`."""

from __future__ import annotations

HELP = """Hold a release against its promises: the workflow that publishes, GitHub's settings that it rests on, and who may publish.

Exit code 0: they are kept. 1: they are not, and the report says where. 2: could not audit. 3: something could not be told, or is not visible.
"""
NAMES = ("workflow", "settings", "publishers")
