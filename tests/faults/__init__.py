"""Proves that a bump cannot be caught half-way: the real command, killed or failed at every call by which it changes the disk.

    python -m tests.faults                 6 crates, every point, a few seconds
    python -m tests.faults.calls           `bump --tag` with the real git, its own processes included, by strace; --help tells how to limit it,
                                           and --scenario how to fail what takes a release back, or recovers from a kill
    python -m tests.faults --crates 300    the monorepo of the issue; --help tells how to limit it

`monorepo` makes the repository, `inject` the faults, `trials` runs them and judges what stands afterwards.
"""
