"""What the configuration says about symbols: experimental ones may break in any release, hidden ones are promised to nobody."""

from __future__ import annotations

from lockstep.config import Config
from lockstep.dataclass import replace
from lockstep.surface import Stability, Surface
from lockstep.tree import Globs


def classify(surface: Surface, config: Config) -> Surface:
    """Give a surface with the stability of its items as the configuration has it; `SURFACE:GLOB` narrows a glob to one surface."""
    if not config.experimental and not config.hidden:
        return surface
    wanted = {
        stability: Globs(rest or name for name, _, rest in (one.partition(":") for one in patterns) if not rest or name == surface.surface)
        for stability, patterns in ((Stability.EXPERIMENTAL, config.experimental), (Stability.HIDDEN, config.hidden))
    }
    items = {
        path: next((replace(item, stability=stability) for stability, expression in wanted.items() if expression.fullmatch(path)), item)
        for path, item in surface.items.items()
    }
    return replace(surface, items=items)
