"""`python -m lockstep` is the console script."""

from lockstep.cli import main

main()
