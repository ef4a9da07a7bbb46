"""Findings and plans become text here, and nowhere else. One file per output, one line here.

A report is a module with `findings(findings) -> str`; `text` and `json` also know packages and plans.
"""

NAMES = ("text", "json", "github")
