"""Findings and plans become text here, and nowhere else. One file per output, one line here.

A report is a module that makes text of findings; `text` and `data` (JSON) know packages and plans too.
"""

NAMES = ("text", "data", "github", "markdown", "review")
