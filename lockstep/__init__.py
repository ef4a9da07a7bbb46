"""lockstep keeps one version true across everything a repository ships.

A guided tour, from the ground up; each folder's own docstring says more.

- The nouns: `model` (packages, groups, sites, edits, findings), `manifest` (what one file declares), `surface` (what a package offers), `tree` (a repository
  at a moment), `config` (what the project decided).
- What reads texts: `versions`, `text`, `formats` (one file per kind of manifest), `locks`, `workflow`, `changelog`.
- `project`: which packages there are, which move together, and whose version each mention is. `surfaces`: what each package offers to its users.
- What judges and plans, and reads no disk: `comparison` and `rules` (the answers are `Finding`s), `policy`, `review`, `plans` (the answers are `Edit`s).
- The outside world: `repository` and `evidence` read it, `writing` is the only room that writes, all or nothing.
- `app`: what the commands do, without a terminal; `api` offers it to Python. `reports` make text of results, and `cli` is the command line.
"""

from __future__ import annotations

__version__ = "0.1.0"
