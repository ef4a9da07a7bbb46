"""`python -m lockstep` is the console script.

Python puts the current folder in front of its path for `-m`. A repository may have modules that are named as some that lockstep imports: its code must not run.
"""

import os
import sys

if sys.path and not sys.flags.safe_path and os.path.dirname(os.path.dirname(os.path.abspath(__file__))) != os.path.abspath(sys.path[0]):
    del sys.path[0]

from lockstep.cli import main

main()
