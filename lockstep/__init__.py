"""lockstep keeps one version true across everything a repository ships.

A guided tour, in the order in which a command works:

- `repo` and `tree`: a repository at one moment (the work tree, the index, a ref), as a `Tree`.
- `config`: what the project decided, if anything.
- `formats`: one file per kind of manifest; each finds where versions stand in a text, as `declaration.Manifest`.
- `discovery`, `grouping`, `ownership`, `project`: which packages there are, what moves together and why, and whose version each mention
  is: a `Project` of `Package`, `Group`, `Site`.
- `rules`: questions to a `Project`; the answers are `Finding`s.
- `plans`: what would change, as `Edit`s. `apply` is the only code that writes, all or nothing.
- `reports` make text of findings and plans; `cli` is the door.
"""

from __future__ import annotations

__version__ = "0.1.0"
