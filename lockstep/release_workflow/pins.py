"""The actions of the workflow, each pinned to the commit of a release; the tests hold the names against those that the templates use.

A workflow that is there may have newer ones, from Dependabot or Renovate: these stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

_USES = pattern(r"uses: (?P<action>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40}|pin)(?: # v(?P<version>[0-9.]+))?")


@dataclass(frozen=True, slots=True)
class Pin:
    """A commit of an action, and the release that it is of."""

    commit: str
    version: str

    @property
    def order(self) -> tuple[int, ...]:
        """How new it is."""
        return tuple(int(part) for part in self.version.split(".") if part)


PINS: Mapping[str, Pin] = {
    "actions/attest-build-provenance": Pin("a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32", "4.1.0"),
    "actions/checkout": Pin("3d3c42e5aac5ba805825da76410c181273ba90b1", "7.0.1"),
    "actions/download-artifact": Pin("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "8.0.1"),
    "actions/setup-node": Pin("820762786026740c76f36085b0efc47a31fe5020", "7.0.0"),
    "actions/setup-python": Pin("5fda3b95a4ea91299a34e894583c3862153e4b97", "7.0.0"),
    "actions/upload-artifact": Pin("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "7.0.0"),
    "PyO3/maturin-action": Pin("e83996d129638aa358a18fbd1dfb82f0b0fb5d3b", "1.51.0"),
}


def pinned(text: str, pins: Mapping[str, Pin]) -> str:
    """Give a text with each action that it names pinned."""

    def pin(found: re.Match[str]) -> str:
        one = pins[found["action"]]
        return f"uses: {found['action']}@{one.commit} # v{one.version}"

    return _USES.sub(pin, text)


def unpinned(text: str) -> str:
    """Give a text as it is without what its actions are pinned to."""
    return _USES.sub(r"uses: \g<action>@pin", text)


def newer(text: str) -> dict[str, Pin]:
    """Give the pins that count for a workflow that is there: those that it has where they are newer, else ours."""
    found = dict(PINS)
    for one in _USES.finditer(text):
        if one["action"] in found and one["version"]:
            theirs = Pin(one["commit"], one["version"])
            found[one["action"]] = max(theirs, found[one["action"]], key=lambda pin: pin.order)
    return found


def raised(before: str, after: str) -> list[str]:
    """Say of which actions a workflow that is there has older pins than it will have: whoever wants those again has to know."""
    there = {one["action"]: one for one in _USES.finditer(before)}
    said = []
    for one in dict.fromkeys((found["action"], found["commit"], found["version"]) for found in _USES.finditer(after)):
        action, commit, version = one
        old = there.get(action)
        if old is not None and old["commit"] != commit:
            said.append(f"{action} is brought from {'v' + old['version'] if old['version'] else old['commit'][:12]} to v{version}")
    return said
