"""The runner of GitHub Actions, as far as it reads what a step has written."""

from __future__ import annotations

import re


def outputs_of(text: str) -> dict[str, str]:
    """Read the file as the runner does: https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs."""
    lines = re.split(r"\r\n|\n|\r", text)
    found, index = {}, 0
    while index < len(lines):
        line, index = lines[index], index + 1
        if not line:
            continue
        equals, fence = line.find("="), line.find("<<")
        if equals >= 0 and (fence < 0 or equals < fence):
            name, _, value = line.partition("=")
        else:
            assert fence >= 0, line
            name, _, end = line.partition("<<")
            stop = lines.index(end, index)
            value, index = "\n".join(lines[index:stop]), stop + 1
        found[name] = value
    return found
