"""What the commands do, without a terminal: each function gathers, decides and gives back data. Nothing here prints, exits, or knows typer.

`session` opens a repository at a moment; `check`, `bump`, `diff`, `changelog_state`, `gate` and `audit` are the entry points that `lockstep.api` offers.
"""
