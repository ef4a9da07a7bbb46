"""Where the packages of an ecosystem go."""

from __future__ import annotations

from lockstep.model import Ecosystem
from lockstep.release.candidate import Registry

REGISTRIES = {Ecosystem.CARGO: Registry.CRATES_IO, Ecosystem.PYTHON: Registry.PYPI, Ecosystem.NPM: Registry.NPM}
"""The registry of each ecosystem that lockstep knows one of."""
