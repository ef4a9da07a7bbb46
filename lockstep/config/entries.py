"""The entries of a configuration as texts, by which two of them are compared."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from lockstep.config import Config, WaiverConfig


def entries(config: Config) -> dict[str, tuple[str, ...]]:
    """Give every option as texts, one for each entry of a list or table: what two configurations are compared by, wherever they stand."""
    found = {one.name: getattr(config, one.name) for one in fields(config) if one.name not in ("path", "workflow")}
    found |= {f"workflow.{one.name}": getattr(config.workflow, one.name) for one in fields(config.workflow)}
    return {name: tuple(map(_spelled, value)) if isinstance(value, tuple) else (value,) if value else () for name, value in found.items()}


def _spelled(entry: object) -> str:
    """Spell an entry as one line; the default of an option is left out, and where the entry stands."""
    if isinstance(entry, tuple):
        return " = ".join(map(str, entry))
    if not is_dataclass(entry):
        return str(entry)
    left_out = {"line", "column"} | ({"path"} if isinstance(entry, WaiverConfig) else set())
    said = {one.name: getattr(entry, one.name) for one in fields(entry) if one.name not in left_out and getattr(entry, one.name) != one.default}
    return ", ".join(f"{name} = {' '.join(value) if isinstance(value, tuple) else value}" for name, value in said.items())
