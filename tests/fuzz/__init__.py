"""Whatever stands in a repository, lockstep answers: with findings, a plan or an error of its own, within a budget, and never with a traceback.

    python -m tests.fuzz --inputs 100000 --seed 1     every target, as many inputs; --help tells more

`seeds` gives whole repositories (the fixtures, and more of every format), `mutations` spoils them as bytes and as structures, `targets` hands them
to what reads them, and `harness` counts. What it found once is in `corpus`, and tried first.
"""
