"""Hold the stand-in of GitHub, and what lockstep asks, against GitHub's published OpenAPI description.

    python -m tests.gate [--packages DIR] [--optional]

Needs node and npm; the two packages of tests/gate/package.json are installed into DIR, else into the virtual environment. With --optional, a
machine that cannot have them is no failure.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.gate.contract import install
from tests.gate.test_contract import PACKAGES
from tests.gate.trials import all_of_it, contract


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=Path, default=PACKAGES, metavar="DIR", help="where the npm packages are, or go")
    parser.add_argument("--optional", action="store_true", help="no failure where node or its packages cannot be had")
    wanted = parser.parse_args()
    packages: Path = wanted.packages
    if shutil.which("npm") is None:
        sys.stderr.write("npm is not installed; it comes with node: https://nodejs.org\n")
        return 0 if wanted.optional else 2
    try:
        install(packages)
    except (subprocess.SubprocessError, OSError) as error:
        sys.stderr.write(f"the npm packages cannot be had: {error}\n")
        return 0 if wanted.optional else 2
    begun = time.monotonic()
    with contract(packages) as one:
        trials = list(all_of_it(one))
    wrong = [said for _, said in trials if said]
    for said in wrong:
        sys.stdout.write(f"{said}\n")
    sys.stdout.write(f"{len(trials) - len(wrong)} of {len(trials)} trials hold against GitHub's description, in {time.monotonic() - begun:.0f} s\n")
    return 1 if wrong or not trials else 0


if __name__ == "__main__":
    raise SystemExit(main())
